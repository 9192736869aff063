"""A few deals of the example that partners registered, plainly examples: one that is protected, two for one customer."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from swingby.web.clock import today
from swingby.web.demo.people import Cast, RegisteredDeal
from swingby.web.domain.registrations import DealSaid, approve_registration, register_deal
from swingby.web.models import DealRegistration, Enrolment
from swingby.web.tenancy import open_scope
from swingby.web.visibility import actor_of, visible_to


def register_example_deals(cast: Cast) -> None:
    """Let the people of the example register their deals, and approve those that say by whom."""
    for deal in cast.deals:
        key = _registered(cast, deal)
        if deal.approved_by:
            _approved(cast, deal, key)


def _registered(cast: Cast, deal: RegisteredDeal) -> str:
    login = cast.login(deal.by)
    actor = actor_of(login.key, name=login.name)
    said = DealSaid(
        customer=deal.customer,
        words=deal.words,
        website=deal.website,
        amount=None if deal.amount is None else Decimal(deal.amount),
        currency=deal.currency,
    )
    with open_scope(visible_to(actor)):
        enrolment = Enrolment.objects.select_related("partner").get()
        return register_deal(enrolment, actor=actor, said=said).pk


def _approved(cast: Cast, deal: RegisteredDeal, key: str) -> None:
    login = cast.login(deal.approved_by)
    actor = actor_of(login.key, name=login.name)
    with open_scope(visible_to(actor)):
        rows = DealRegistration.objects.select_related("partner", "enrolment__program", "progress")
        until = today() + timedelta(days=deal.protected_days)
        approve_registration(rows.get(pk=key), actor=actor, until=until, words="Good luck. Tell me when you want help.")
