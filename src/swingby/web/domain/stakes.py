"""Who answers at a firm for each of its programs, and what a program is worth and costs, as the firm says it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from django.utils.translation import gettext as _

from swingby.web.clock import now
from swingby.web.domain.errors import NotAllowedError, RefusedError
from swingby.web.models import PARTNER_ROLES, Enrolment, Membership, Stake
from swingby.web.permissions import can_lead_programs
from swingby.web.visibility import Actor


def say_stake(
    enrolment: Enrolment,
    *,
    actor: Actor,
    person: str,
    worth: Decimal | None,
    cost: Decimal | None,
    currency: str,
    note: str,
) -> Stake:
    """Keep what is said today, beside what was said before.

    Parameters
    ----------
    worth, cost
        Of twelve months, in the currency; None for what is not known.

    Raises
    ------
    NotAllowedError
        If the actor does not lead the firm's programs.
    RefusedError
        If the person does not work for the firm here, or an amount has no currency.
    """
    if not can_lead_programs(actor, lineage=enrolment.partner.lineage):
        raise NotAllowedError(_("Your role does not say this. Ask your partner admin."))
    if person and person not in people_who_answer(enrolment):
        raise RefusedError(_("Choose somebody who has access for your firm."))
    if not currency and (worth is not None or cost is not None):
        raise RefusedError(_("Say the currency of the amounts, such as USD."))
    return Stake.objects.create(
        organization_id=enrolment.partner_id,
        enrolment=enrolment,
        person_id=person or None,
        worth=worth,
        cost=cost,
        currency=currency,
        note=note,
        said_by_id=actor.person,
        said_at=now(),
    )


def people_who_answer(enrolment: Enrolment) -> Mapping[str, str]:
    """Who may answer for a program, by key: the firm's people who have access, also those of a parent."""
    posts = Membership.objects.filter(organization__in=enrolment.partner.lineage, role__in=PARTNER_ROLES)
    return dict(posts.order_by("person__name", "person").values_list("person_id", "person__name"))


def newest_stakes(enrolments: Iterable[str]) -> Mapping[str, Stake]:
    """What was said last of each program, by enrolment."""
    rows = Stake.objects.filter(enrolment__in=list(enrolments)).select_related("person").order_by("enrolment", "-id")
    return {row.enrolment_id: row for row in rows.distinct("enrolment")}
