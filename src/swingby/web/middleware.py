"""One transaction and one scope for each request."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from http import HTTPStatus

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict, UnreadablePostError
from django.utils.cache import patch_cache_control

from swingby.web.domain.tokens import Bearer, bearer_of
from swingby.web.looking import READING, Looking, looking_in, note_page
from swingby.web.tenancy import open_scope
from swingby.web.visibility import ANYBODY, Actor, actor_of, visible_to

API_PATH = "/api/"
Answer = Callable[[HttpRequest], HttpResponse]


class ActingRequest(HttpRequest):
    """A request after the middleware: it knows who acts."""

    actor: Actor
    #: Who presents a token of the API; None on pages, which know people by their session.
    bearer: Bearer | None
    #: Whom an admin looks as; None when everybody is themselves.
    looking: Looking | None


class TenancyMiddleware:
    """Opens the transaction, finds out who acts, opens what they may see; undoes all of it after an error."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: ActingRequest) -> HttpResponse:
        """Answer inside the actor's scope."""
        if "\0" in request.path:
            raise Http404  # PostgreSQL knows no such text, so there is no such key.
        _leave_out_zeros(request)
        with transaction.atomic():
            request.bearer = _bearer(request)
            request.actor = request.bearer.actor if request.bearer else _who(request)
            _look(request)
            with open_scope(visible_to(request.actor)):
                response = self.get_response(request)
            if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR or request.looking:
                transaction.set_rollback(True)
        if request.looking:
            note_page(request.looking, path=request.path)
        # Nobody finds a page in a cache after signing out, nor one that a link of an invitation opened.
        _keep_private(response)
        return response


def _leave_out_zeros(request: HttpRequest) -> None:
    """Take zero characters out of a form: no keyboard writes one, and PostgreSQL knows no text with one."""
    if is_api(request):
        return
    try:
        form = request.POST
    except UnreadablePostError:
        return  # Whoever sent it is gone; what reads it next says so.
    if not any("\0" in each for each in _said(form)):
        return
    cleaned = form.copy()
    for name, values in form.lists():
        cleaned.setlist(name, [str(value).replace("\0", "") for value in values])
    request.POST = cleaned  # type: ignore[assignment]  # the stubs know the read-only kind alone


def _said(form: QueryDict) -> Iterator[str]:
    return (str(value) for _, values in form.lists() for value in values)


def _look(request: ActingRequest) -> None:
    """Let an admin act as the colleague whom the session names, to read only."""
    request.looking = None if is_api(request) else looking_in(request, own=request.actor)
    if request.looking is None:
        return
    if request.method not in READING:
        raise PermissionDenied("You look as somebody else: nothing can be changed meanwhile. Stop looking first.")
    request.actor = request.looking.actor


def _keep_private(response: HttpResponse) -> None:
    if not response.has_header("Cache-Control"):
        patch_cache_control(response, private=True, no_store=True)


def is_api(request: HttpRequest) -> bool:
    """Whether a request is for the API, where tokens count and sessions do not."""
    return request.path.startswith(API_PATH)


def _bearer(request: HttpRequest) -> Bearer | None:
    scheme, _, text = request.headers.get("Authorization", "").partition(" ")
    if not is_api(request) or scheme.lower() != "bearer":
        return None
    return bearer_of(text.strip())


def _who(request: HttpRequest) -> Actor:
    if is_api(request):
        return ANYBODY  # A session opens no door here, so no page of another site can use it.
    user = request.user
    if not user.is_authenticated:
        return ANYBODY
    return actor_of(user.pk, name=user.name)
