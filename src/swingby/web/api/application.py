"""The API as one thing: how it answers, how it refuses, and what it says about itself."""

from __future__ import annotations

import hashlib
import json
import logging
from http import HTTPStatus
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from ninja import NinjaAPI, Schema
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation

from swingby.web.api.answers import whole_or_nothing
from swingby.web.api.description import complete_description
from swingby.web.api.parsing import ExactParser
from swingby.web.api.problems import NO_FORM, NO_ROOM, Issue, ProblemError, located_issues, problem_response
from swingby.web.domain.errors import ChangedMeanwhileError, NotAllowedError, RefusedError
from swingby.web.full_disk import is_full_disk

log = logging.getLogger(__name__)
VERSION = "1.0.0"
NOTHING_HERE = "There is nothing at this address that this token may see."


class Application(NinjaAPI):
    """Ninja, with an ETag on what is read and a description that names every refusal."""

    def create_response(
        self,
        request: HttpRequest,
        data: Any,
        *,
        status: int | None = None,
        temporal_response: HttpResponse | None = None,
    ) -> HttpResponse:
        """The answer; 304 without a body where the reader has it already."""
        answer = super().create_response(request, data, status=status, temporal_response=temporal_response)
        is_read = request.method == "GET" and answer.status_code == HTTPStatus.OK
        return marked(request, answer) if is_read else answer

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """The name of the function, which is the name of the route."""
        return operation.view_func.__name__

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        """The description, with refusals, headers and scopes."""
        schema = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        complete_description(schema, self)
        return schema


def marked(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """What is read with its ETag; 304 without a body where the reader has it already."""
    answer["ETag"] = etag_of(answer.content)
    answer["Cache-Control"] = "private, no-cache"
    return _unchanged(answer) if is_known(request.headers.get("If-None-Match", ""), answer["ETag"]) else answer


def etag_of(content: bytes) -> str:
    """The mark of an answer: another content has another one."""
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def is_known(header: str, etag: str) -> bool:
    """Whether a list of marks names this one, or all."""
    marks = [mark.strip().removeprefix("W/") for mark in header.split(",")]
    return "*" in marks or etag in marks


def _unchanged(answer: HttpResponse) -> HttpResponse:
    short = HttpResponse(status=HTTPStatus.NOT_MODIFIED)
    for name in ("ETag", "Cache-Control"):
        short[name] = answer[name]
    return short


def check_match(request: HttpRequest, shape: Schema) -> None:
    """Refuse to write over what changed since it was read, if the request says what was read."""
    header = request.headers.get("If-Match")
    if header is None:
        return
    if not is_known(header, etag_of(json.dumps(shape.model_dump(), cls=api.renderer.encoder_class).encode())):  # type: ignore[attr-defined]
        raise ProblemError(HTTPStatus.PRECONDITION_FAILED, "This changed since you read it. Read it again.")


api = Application(
    title="Swingby",
    version=VERSION,
    description="Programs, partners, standings, activity reports and what happened, for other systems.",
    docs_url=None,
    urls_namespace="api",
    parser=ExactParser(),
)
api.add_decorator(whole_or_nothing, mode="view")


@api.exception_handler(ProblemError)
def _refused(request: HttpRequest, error: ProblemError) -> HttpResponse:  # noqa: ARG001 - ninja's signature
    return error.response()


@api.exception_handler(RefusedError)
def _refused_by_rules(request: HttpRequest, error: RefusedError) -> HttpResponse:
    if isinstance(error, NotAllowedError):
        return problem_response(HTTPStatus.FORBIDDEN, str(error))
    if isinstance(error, ChangedMeanwhileError):
        return problem_response(HTTPStatus.CONFLICT, str(error))
    issues = _issues_of(error, request)
    return problem_response(HTTPStatus.UNPROCESSABLE_ENTITY, str(error), code="refused", issues=issues)


def _issues_of(error: RefusedError, request: HttpRequest) -> list[Issue]:
    """What a rule found at an argument, which came in the address or in the body."""
    if not error.place:
        return []
    asked = request.resolver_match.kwargs if request.resolver_match else {}
    where = "path" if error.place in asked else "body"
    return [Issue(location=f"{where}.{error.place}", code=error.code or "refused", message=str(error))]


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:  # noqa: ARG001 - the same
    issues = located_issues(error.errors)
    return problem_response(HTTPStatus.UNPROCESSABLE_ENTITY, "Mend what the issues name.", issues=issues)


@api.exception_handler(Http404)
def _missing(request: HttpRequest, error: Http404) -> HttpResponse:  # noqa: ARG001 - the same
    return problem_response(HTTPStatus.NOT_FOUND, NOTHING_HERE)


@api.exception_handler(HttpError)
def _unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:  # noqa: ARG001 - the same
    cause = error.__cause__  # What our own parser said.
    return cause.response() if isinstance(cause, ProblemError) else problem_response(error.status_code, str(error))


@api.exception_handler(RequestDataTooBig)
def _too_big(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:  # noqa: ARG001 - the same
    return problem_response(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "This is too much for one request. Send it in parts.")


def _no_form(request: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:  # noqa: ARG001 - the same
    return problem_response(HTTPStatus.BAD_REQUEST, NO_FORM)


for broken in (MultiPartParserError, SuspiciousOperation, UnreadablePostError):
    api.add_exception_handler(broken, _no_form)


@api.exception_handler(Exception)
def _our_mistake(request: HttpRequest, error: Exception) -> HttpResponse:
    log.error("%s %s could not be answered", request.method, request.path, exc_info=error)
    if is_full_disk(error):
        return problem_response(HTTPStatus.INSUFFICIENT_STORAGE, NO_ROOM)
    if isinstance(error, OperationalError | InterfaceError):
        return problem_response(HTTPStatus.SERVICE_UNAVAILABLE, "The database is away. Send this again in a minute.")
    return problem_response(
        HTTPStatus.INTERNAL_SERVER_ERROR, "Something went wrong that is not your mistake. Nothing was changed."
    )
