"""CloudEvents 1.0 as facts: structured, in batches, and in binary mode."""

from __future__ import annotations

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import unquote

from django.utils.dateparse import parse_datetime

from swingby.web.api.parsing import read_json
from swingby.web.api.problems import Issue, ProblemError
from swingby.web.domain.sent_facts import MOST_FACTS, SentFact
from swingby.web.middleware import ActingRequest

STRUCTURED: Final = "application/cloudevents+json"
BATCH: Final = "application/cloudevents-batch+json"
TYPE_PREFIX: Final = "swingby.fact."
WITHDRAWN: Final = ".withdrawn"
TYPE: Final = re.compile(r"^swingby\.fact\.[a-z][a-z0-9_]*(\.withdrawn)?$")
_ATTRIBUTES: Final = ("specversion", "type", "source", "id", "time", "datacontenttype", "dataschema", "subject")
_LONGEST: Final = 200


def facts_of_events(request: ActingRequest) -> list[SentFact]:
    """The facts that the events of a request say, or every problem with them."""
    media_type = (request.content_type or "").lower()
    if media_type == BATCH:
        events = read_json(request.body)
        if not isinstance(events, list) or not 1 <= len(events) <= MOST_FACTS:
            raise _refused([Issue(location="body", code="batch", message=f"Send a list of 1 to {MOST_FACTS} events.")])
    elif media_type == STRUCTURED:
        events = [read_json(request.body)]
    elif "ce-specversion" in request.headers:
        events = [_from_headers(request, media_type)]
    else:
        raise ProblemError(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"Send {STRUCTURED}, {BATCH}, or JSON with the headers ce-*."
        )
    issues: list[Issue] = []
    facts = [_fact(event, f"body[{place}]", issues) for place, event in enumerate(events)]
    if issues:
        raise _refused(issues)
    return [fact for fact in facts if fact is not None]


def _from_headers(request: ActingRequest, media_type: str) -> dict[str, Any]:
    if media_type != "application/json" and not media_type.endswith("+json"):
        raise ProblemError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Send the data of an event as application/json.")
    said = {name: request.headers.get(f"ce-{name}") for name in _ATTRIBUTES}
    event: dict[str, Any] = {name: unquote(value) for name, value in said.items() if value is not None}
    return {**event, "data": read_json(request.body) if request.body else {}}


def _fact(event: object, place: str, issues: list[Issue]) -> SentFact | None:
    if not isinstance(event, Mapping):
        issues.append(Issue(location=place, code="event", message="An event is an object."))
        return None
    before = len(issues)
    for name in ("specversion", "type", "source", "id"):
        if not _is_word(event.get(name)):
            words = f"An event says its {name} in 1 to {_LONGEST} characters."
            issues.append(Issue(location=f"{place}.{name}", code="value-missing", message=words))
    if len(issues) > before:
        return None
    _check(event, place, issues)
    kind = str(event["type"]).removeprefix(TYPE_PREFIX)
    data = event.get("data", {})
    if len(issues) > before:
        return None
    return SentFact(
        kind=kind.removesuffix(WITHDRAWN),
        source=str(event["source"]),
        id=str(event["id"]),
        values=data or {},
        withdrawn=kind.endswith(WITHDRAWN),
    )


def _check(event: Mapping[str, Any], place: str, issues: list[Issue]) -> None:
    if event["specversion"] != "1.0":
        issues.append(Issue(location=f"{place}.specversion", code="specversion", message="Send CloudEvents 1.0."))
    if not TYPE.fullmatch(str(event["type"])):
        words = f"The type begins with {TYPE_PREFIX}, followed by the kind."
        issues.append(Issue(location=f"{place}.type", code="type", message=words, hint=f"{TYPE_PREFIX}activities"))
    if "data_base64" in event or not isinstance(event.get("data", {}), Mapping | None):
        issues.append(Issue(location=f"{place}.data", code="data", message="The data is an object of columns."))
    time = event.get("time")
    if time is not None and not _is_moment(time):
        words = "Write a time with its offset: 2025-01-31T23:30:00Z."
        issues.append(Issue(location=f"{place}.time", code="date-shape", message=words))


def _is_word(value: object) -> bool:
    if not isinstance(value, str) or not 1 <= len(value) <= _LONGEST:
        return False
    return "\0" not in value and not any("\ud800" <= letter <= "\udfff" for letter in value)


def _is_moment(value: object) -> bool:
    try:
        moment = parse_datetime(value) if isinstance(value, str) else None
    except ValueError:
        return False
    return moment is not None and moment.tzinfo is not None


def _refused(issues: list[Issue]) -> ProblemError:
    return ProblemError(
        HTTPStatus.UNPROCESSABLE_ENTITY, "Nothing was written. Mend what the issues name.", issues=issues
    )
