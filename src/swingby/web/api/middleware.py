"""Every refusal below ``/api/`` speaks the same way, also those that no route of ours has made."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse

from swingby.web.api.problems import MEDIA_TYPE, NO_ROOM, problem_response
from swingby.web.middleware import Answer, is_api

_WORDS = {
    HTTPStatus.SERVICE_UNAVAILABLE: "The database is away. Send this again in a minute.",
    HTTPStatus.INSUFFICIENT_STORAGE: NO_ROOM,
    HTTPStatus.NOT_FOUND: "There is nothing at this address that this token may see.",
    HTTPStatus.METHOD_NOT_ALLOWED: "This address does not take this method.",
}


class ProblemMiddleware:
    """Puts a problem in the place of a page that refuses."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, in words for machines where it is a refusal."""
        answer = self.get_response(request)
        if not is_api(request) or answer.status_code < HTTPStatus.BAD_REQUEST:
            return answer
        if answer.headers.get("Content-Type", "").startswith(MEDIA_TYPE):
            return answer
        status = HTTPStatus(answer.status_code)
        problem = problem_response(status, _WORDS.get(status, status.phrase))
        for name in ("Allow", "Retry-After"):
            if answer.has_header(name):
                problem[name] = answer[name]
        return problem
