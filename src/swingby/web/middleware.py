"""One transaction and one scope for each request."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.db import transaction
from django.http import HttpRequest, HttpResponse

from swingby.web.tenancy import open_scope
from swingby.web.visibility import ANYBODY, Actor, actor_of, visible_to

Answer = Callable[[HttpRequest], HttpResponse]


class ActingRequest(HttpRequest):
    """A request after the middleware: it knows who acts."""

    actor: Actor


class TenancyMiddleware:
    """Opens the transaction, finds out who acts, opens what they may see; undoes all of it after an error."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: ActingRequest) -> HttpResponse:
        """Answer inside the actor's scope."""
        with transaction.atomic():
            request.actor = _who(request)
            with open_scope(visible_to(request.actor)):
                response = self.get_response(request)
            if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
                transaction.set_rollback(True)
        return response


def _who(request: HttpRequest) -> Actor:
    user = request.user
    if not user.is_authenticated:
        return ANYBODY
    return actor_of(user.pk, name=user.name)
