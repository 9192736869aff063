"""What the API refuses, as ``application/problem+json`` (RFC 9457), with every problem of a request at once."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse
from ninja import Schema

MEDIA_TYPE = "application/problem+json"
_URN = "urn:swingby:problem:"

NO_ROOM = "The disk of this server is full. Nothing was kept; tell whoever runs it, then send this again."
NO_FORM = "The body is no form that can be read. Send multipart/form-data."
#: Status -> the code of a problem that needs no further word.
CODES: Mapping[int, str] = {
    400: "bad-request",
    401: "not-signed-in",
    403: "not-allowed",
    404: "not-found",
    405: "method-not-allowed",
    409: "conflict",
    412: "changed-meanwhile",
    413: "too-large",
    415: "media-type",
    422: "invalid",
    429: "too-many-requests",
    500: "our-mistake",
    503: "away",
    507: "disk-full",
}


class Issue(Schema):
    """One thing that is wrong with a request, and where."""

    location: str
    code: str
    message: str
    hint: str = ""


class Problem(Schema):
    """Why a request was refused."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    issues: list[Issue]


class ProblemError(Exception):
    """A request is refused; the message says what to do."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        code: str = "",
        issues: Iterable[Issue] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status, self.detail, self.code = status, detail, code or code_of(status)
        self.issues, self.headers = list(issues), dict(headers or {})

    def response(self) -> HttpResponse:
        """The answer."""
        answer = problem_response(self.status, self.detail, code=self.code, issues=self.issues)
        for name, value in self.headers.items():
            answer[name] = value
        return answer


def code_of(status: int) -> str:
    """The code of a problem that needs no further word."""
    return CODES.get(status, "bad-request" if status < HTTPStatus.INTERNAL_SERVER_ERROR else "our-mistake")


def problem_response(status: int, detail: str, *, code: str = "", issues: Iterable[Issue] = ()) -> HttpResponse:
    """An answer that says why a request was refused."""
    code = code or code_of(status)
    problem = Problem(
        type=f"{_URN}{code}",
        title=HTTPStatus(status).phrase,
        status=status,
        code=code,
        detail=detail,
        issues=list(issues),
    )
    return HttpResponse(json.dumps(problem.model_dump()), status=status, content_type=MEDIA_TYPE)


def located_issues(errors: Iterable[Mapping[str, Any]]) -> list[Issue]:
    """What a check of types found, each at its place: ``body.items[3].quantity``."""
    return [
        Issue(location=place_of(error["loc"]), code=str(error["type"]), message=f"{error['msg']}.") for error in errors
    ]


def place_of(parts: Iterable[str | int]) -> str:
    """A place as words with dots, and numbers in brackets."""
    words, listed = "", list(parts)
    for part in listed[1:] if listed[:2] == ["body", "body"] else listed:  # The body and the name it has with us.
        words += f"[{part}]" if isinstance(part, int) else f".{part}" if words else part
    return words
