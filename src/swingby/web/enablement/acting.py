"""What a button of a learning page does: the act, and what its actor is told of it."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied

from swingby.web.domain.errors import NotAllowedError, RefusedError
from swingby.web.middleware import ActingRequest

LONGEST_WORD = 200


def try_act(request: ActingRequest, act: Callable[[], object], *, done: str) -> None:
    """Do it, and say that it is done or why it is not; what a role may not do is a page of its own."""
    try:
        act()
        messages.success(request, done)
    except NotAllowedError as error:
        raise PermissionDenied(str(error)) from error
    except RefusedError as error:
        messages.error(request, str(error))


def said(request: ActingRequest, name: str) -> str:
    """A short word of a form; empty where it was not said."""
    return request.POST.get(name, "").replace("\0", "")[:LONGEST_WORD]
