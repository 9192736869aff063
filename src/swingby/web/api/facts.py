"""What happened, sent by other systems: one fact, a batch, or CloudEvents."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Literal

from ninja import Router, Schema, Status
from pydantic import Field

from swingby.web.api.events import facts_of_events
from swingby.web.api.guard import Token, bearer_in
from swingby.web.api.problems import Issue, ProblemError
from swingby.web.api.programs import find_program
from swingby.web.api.values import Key
from swingby.web.domain.sent_facts import MOST_FACTS, Delivery, SentFact, SentIssue, send_facts
from swingby.web.middleware import ActingRequest
from swingby.web.models import TokenScope

router = Router(tags=["facts"], auth=Token(TokenScope.FACTS_WRITE))
Outcome = Literal["new", "changed", "same", "withdrawn", "wrong"]
_VALUE: dict[str, Any] = {"type": ["string", "number", "boolean", "null"]}


class FactBody(Schema):
    """One fact: its kind, the system it comes from, its id there, and its columns."""

    kind: Key = Field(description="Such as activities, credentials, transactions.")
    source: Key
    id: Key
    values: dict[str, Any] = Field(
        default_factory=dict,
        description="Columns of the kind by name, as on the reference page of facts.",
        json_schema_extra={"additionalProperties": _VALUE},
    )
    withdrawn: bool = Field(False, description="Take the fact away instead; needs no columns.")


class BatchBody(Schema):
    """Many facts at once; they share one ledger position."""

    facts: list[FactBody] = Field(min_length=1, max_length=MOST_FACTS)


class FactAnswer(Schema):
    """What became of one fact; no position when nothing changed."""

    kind: str
    source: str
    id: str
    outcome: Outcome
    position: int | None
    warnings: list[Issue]


class Counts(Schema):
    """What became of how many facts."""

    new: int
    changed: int
    same: int
    withdrawn: int
    wrong: int


class BatchAnswer(Schema):
    """What became of many facts, in their order. Those that are wrong were left out; the others count."""

    position: int | None
    counts: Counts
    outcomes: list[Outcome]
    issues: list[Issue]


@router.post("/programs/{program}/facts", response={200: FactAnswer, 201: FactAnswer})
def send_fact(request: ActingRequest, program: Key, body: FactBody) -> Status[FactAnswer]:
    """Send one fact. The same source and id again changes nothing; with other content it replaces what stood."""
    found = _delivered(request, program, [_fact(body)])
    _refuse_wrong(found, prefix="body")
    answer = FactAnswer(
        kind=body.kind,
        source=body.source,
        id=body.id,
        outcome=found.outcomes[0],
        position=found.position,
        warnings=[_issue(each, "body") for each in found.issues],
    )
    return Status(HTTPStatus.OK if found.outcomes[0] == "same" else HTTPStatus.CREATED, answer)


@router.post("/programs/{program}/facts/batch", response=BatchAnswer)
def send_batch(request: ActingRequest, program: Key, body: BatchBody) -> BatchAnswer:
    """Send up to 1000 facts at one ledger position. Wrong ones are told and left out; the others count."""
    return _batch(_delivered(request, program, [_fact(each) for each in body.facts]), "body.facts")


@router.post("/programs/{program}/events", response=BatchAnswer, openapi_extra={"x-cloudevents": True})
def send_events(request: ActingRequest, program: Key) -> BatchAnswer:
    """Send CloudEvents 1.0: one structured, a batch, or one in binary mode.

    The type says the kind: `swingby.fact.activities`, or `swingby.fact.activities.withdrawn` to take one away; `data`
    holds the columns. Source and id name the fact, as CloudEvents says.
    """
    find_program(program)
    return _batch(_delivered(request, program, facts_of_events(request)), "body")


def _delivered(request: ActingRequest, program: str, facts: list[SentFact]) -> Delivery:
    token = bearer_in(request).token.pk
    return send_facts(find_program(program), actor=request.actor, facts=facts, token=token)


def _fact(body: FactBody) -> SentFact:
    return SentFact(kind=body.kind, source=body.source, id=body.id, values=body.values, withdrawn=body.withdrawn)


def _batch(found: Delivery, prefix: str) -> BatchAnswer:
    if all(outcome == "wrong" for outcome in found.outcomes):
        _refuse_wrong(found, prefix=prefix, many=True)
    counts = {name: sum(each == name for each in found.outcomes) for name in Counts.model_fields}
    return BatchAnswer(
        position=found.position,
        counts=Counts(**counts),
        outcomes=list(found.outcomes),
        issues=[_issue(each, f"{prefix}[{each.index}]") for each in found.issues],
    )


def _refuse_wrong(found: Delivery, *, prefix: str, many: bool = False) -> None:
    if all(outcome == "wrong" for outcome in found.outcomes):
        issues = [_issue(each, f"{prefix}[{each.index}]" if many else prefix) for each in found.issues]
        raise ProblemError(
            HTTPStatus.UNPROCESSABLE_ENTITY, "Nothing was written. Mend what the issues name.", issues=issues
        )


def _issue(issue: SentIssue, prefix: str) -> Issue:
    inside = issue.column in {"kind", "id", "source"} and issue.code in {"table-unknown", "id-version"}
    place = f"{prefix}.{issue.column}" if inside else f"{prefix}.values.{issue.column}"
    return Issue(location=place, code=issue.code, message=issue.reason, hint=issue.hint)
