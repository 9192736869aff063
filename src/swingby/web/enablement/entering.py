"""The door of a firm's learning, for all of its pages."""

from __future__ import annotations

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from swingby.web.domain.errors import RefusedError
from swingby.web.domain.learning.catalogues import KeptCatalogue, catalogue_of
from swingby.web.middleware import ActingRequest
from swingby.web.models import PARTNER_ROLES, Organization


def enter(request: ActingRequest, firm: str) -> tuple[Organization, KeptCatalogue | None]:
    """Let in who works for the firm; to all others there is no such page."""
    if firm not in request.actor.organizations(PARTNER_ROLES):
        raise Http404
    return get_object_or_404(Organization.objects.all(), pk=firm), catalogue_of(firm)


def catalogue_or_refusal(kept: KeptCatalogue | None) -> KeptCatalogue:
    """The catalogue, where something cannot be done without one."""
    if kept is None:
        raise RefusedError(_("There is no catalogue yet. Ask your partner admin."))
    return kept
