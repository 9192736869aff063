"""Whether a firm's people study with those of other firms and read their stories: vendor by vendor, off unless somebody allows it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from swingby.web.clock import now
from swingby.web.domain.errors import NotAllowedError, RefusedError
from swingby.web.domain.stories.telling import stop_sharing_stories
from swingby.web.domain.study.circles import leave_circle
from swingby.web.models import Enrolment, StudyCircle, StudyMember, StudySeat, StudySharing
from swingby.web.permissions import can_share_standing
from swingby.web.tenancy import Scope, open_scope
from swingby.web.visibility import Actor


def share_study(firm: str, vendor: str, *, actor: Actor, is_allowed: bool) -> None:
    """Allow it with one vendor whose program the firm is in, or end it.

    Raises
    ------
    NotAllowedError
        If the actor does not say who sees what of the firm.
    RefusedError
        If the firm is in no program of this vendor.
    """
    if not can_share_standing(actor, organization=firm):
        raise NotAllowedError(_("Your role does not say with whom people study. Ask your partner admin."))
    if not Enrolment.objects.filter(owner_id=vendor, partner_id=firm).exists():
        raise RefusedError(_("Your firm is in no program of this vendor."))
    rows = StudySharing.objects.filter(organization_id=firm, vendor=vendor)
    if is_allowed and not rows.exists():
        StudySharing.objects.create(organization_id=firm, vendor=vendor, allowed_by_id=actor.person, allowed_at=now())
    elif not is_allowed:
        _part(firm, vendor)
        stop_sharing_stories(firm, vendor)
        rows.delete()


def _part(firm: str, vendor: str) -> None:
    """People of the firm leave groups of others, and those of others leave groups of the firm."""
    with open_scope(Scope(partner_orgs=frozenset({firm}))):
        abroad = StudyCircle.objects.filter(vendor=vendor).exclude(organization_id=firm)
        for seat in StudySeat.objects.select_related("circle").filter(organization_id=firm, circle__in=abroad):
            leave_circle(seat.circle, person=seat.person_id)
        for circle in StudyCircle.objects.filter(organization_id=firm, vendor=vendor, is_open=True):
            _keep_own(circle)


def _keep_own(circle: StudyCircle) -> None:
    gone = StudyMember.objects.filter(circle=circle).exclude(organization_id=circle.organization_id)
    for person in list(gone.values_list("person_id", flat=True)):
        leave_circle(circle, person=person)
    StudyCircle.objects.filter(pk=circle.pk).update(is_open=False)
