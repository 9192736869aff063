"""What somebody sent after their session had ended: kept until they have signed in again, for nobody else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.signals import user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse, UnreadablePostError

from swingby.web.middleware import Answer, is_api

#: A signed cookie that says who signed in last with this browser; signing out takes it away.
WRITER = "swingby_writer"
_THIRTY_DAYS = 30 * 24 * 3600
_PLACE = "held"
#: What is longer than a long report is not kept.
MOST_CHARACTERS = 50_000
#: What is written into such fields is kept nowhere.
_SECRET = ("password", "secret", "code", "token")
#: What the page adds by itself.
_OURS = frozenset({"csrfmiddlewaretoken"})


class Held(NamedTuple):
    """A form that was sent and not taken: where to, on which page it stood, its fields in order, and whether files came with it."""

    path: str
    page: str
    fields: tuple[tuple[str, str], ...]
    had_files: bool


class WriterMiddleware:
    """Notes in a signed cookie who is signed in."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer; then note the person, or that they signed out."""
        response = self.get_response(request)
        if is_api(request):
            return response
        if getattr(request, "has_signed_out", False):
            response.delete_cookie(WRITER, samesite="Lax")
        elif request.user.is_authenticated and _writer(request) != str(request.user.pk):
            response.set_signed_cookie(
                WRITER,
                str(request.user.pk),
                max_age=_THIRTY_DAYS,
                httponly=True,
                samesite="Lax",
                secure=settings.SESSION_COOKIE_SECURE,
            )
        return response


@receiver(user_logged_out)
def _note_sign_out(request: HttpRequest, **_: object) -> None:
    request.has_signed_out = True  # type: ignore[attr-defined]  # read once, on the way out


def hold(request: HttpRequest) -> bool:
    """Keep what was sent, where it is known who writes with this browser; False where nothing is kept."""
    writer = _writer(request)
    if request.method != "POST" or not writer:
        return False
    try:
        fields = [(name, str(value)) for name, values in request.POST.lists() if name not in _OURS for value in values]
        had_files = bool(request.FILES)
    except UnreadablePostError:
        return False
    length = sum(len(name) + len(value) for name, value in fields)
    if not fields or length > MOST_CHARACTERS or any(word in name for name, _ in fields for word in _SECRET):
        return False
    kept = {"writer": writer, "path": request.get_full_path(), "page": _page(request), "fields": fields}
    request.session[_PLACE] = {**kept, "had_files": had_files}
    return True


def _page(request: HttpRequest) -> str:
    """The page on which a form stood."""
    came = urlsplit(request.headers.get("Referer", ""))
    return came.path if came.netloc == request.get_host() and came.path else request.path


def held(request: HttpRequest) -> Held | None:
    """What is kept for the person who is signed in; what somebody else wrote is forgotten."""
    kept = request.session.get(_PLACE)
    if not isinstance(kept, Mapping):
        return None
    if kept["writer"] != str(request.user.pk):
        forget(request)
        return None
    fields = tuple((name, value) for name, value in kept["fields"])
    return Held(kept["path"], kept["page"], fields, kept["had_files"])


def held_words(request: HttpRequest) -> dict[str, str]:
    """What is kept of the form at this address, to be filled in again."""
    found = held(request) if request.method != "POST" else None
    return dict(found.fields) if found and urlsplit(found.path).path == request.path else {}


def forget(request: HttpRequest) -> None:
    """Keep nothing any longer."""
    request.session.pop(_PLACE, None)


def _writer(request: HttpRequest) -> str:
    return request.get_signed_cookie(WRITER, default="", max_age=_THIRTY_DAYS) or ""
