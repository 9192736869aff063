"""Sending again what was sent back: what the form and the page say of it, for reports and registrations alike."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.forms import Form

from swingby.web.domain.errors import ChangedMeanwhileError, NotAllowedError, RefusedError
from swingby.web.middleware import ActingRequest


def is_resubmitted(request: ActingRequest, form: Form, act: Callable[[], object], *, waits_for: str) -> bool:
    """Whether the form is done with; what another one answered meanwhile is said on the page that follows."""
    try:
        act()
    except NotAllowedError:
        raise
    except ChangedMeanwhileError as error:
        messages.error(request, str(error))
        return True
    except RefusedError as error:
        form.add_error(None, str(error))
        return False
    messages.success(request, f"Sent again. It waits for {waits_for}.")
    return True
