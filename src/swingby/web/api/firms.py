"""Who is let in where a firm keeps its own: its people, and to all others there is nothing."""

from __future__ import annotations

from http import HTTPStatus

from django.http import Http404

from swingby.web.api.problems import ProblemError
from swingby.web.domain.learning.catalogues import KeptCatalogue, catalogue_of
from swingby.web.middleware import ActingRequest
from swingby.web.models import PARTNER_ROLES


def enter_firm(request: ActingRequest, firm: str) -> None:
    """Let in who works for the firm."""
    if firm not in request.actor.organizations(PARTNER_ROLES):
        raise Http404


def catalogue_at(request: ActingRequest, firm: str) -> KeptCatalogue:
    """What the firm's people learn, for one of them."""
    enter_firm(request, firm)
    kept = catalogue_of(firm)
    if kept is None:
        raise ProblemError(HTTPStatus.CONFLICT, "There is no catalogue yet. Ask your partner admin.")
    return kept
