"""Registrations in words, for both sides."""

from __future__ import annotations

from collections.abc import Mapping

from swingby.web.clock import now, today
from swingby.web.design.parts import Tone
from swingby.web.domain.registrations import is_asked, is_protected
from swingby.web.models import DealOutcome, DealRegistration, RegistrationState
from swingby.web.portal.registration_parts import RegistrationRow

S = RegistrationState
_TONES: Mapping[str, Tone] = {
    S.WAITING: "pending",
    S.RETURNED: "warn",
    S.APPROVED: "good",
    S.DECLINED: "bad",
    S.WITHDRAWN: "plain",
    S.ENDED: "plain",
}


def state_words(registration: DealRegistration) -> tuple[str, Tone]:
    """Where a registration stands, and how that looks: how the deal went says more than that it was approved."""
    if registration.state == S.WAITING and registration.answer_due < now():
        return "Answer is late", "bad"
    if registration.state == S.APPROVED and registration.progress.outcome != DealOutcome.OPEN:
        won = registration.progress.outcome == DealOutcome.WON
        return DealOutcome(registration.progress.outcome).label, "good" if won else "plain"
    if registration.state == S.APPROVED:
        return ("Protected", "good") if is_protected(registration) else ("Protection has ended", "warn")
    return S(registration.state).label, _TONES[registration.state]


def detail_words(registration: DealRegistration) -> str:
    """What to know first about it."""
    until = registration.protected_until
    if registration.state == S.WAITING:
        return f"answer by {registration.answer_due:%-d %B}"
    if registration.state != S.APPROVED or until is None or registration.progress.outcome != DealOutcome.OPEN:
        return ""
    said = f"until {until:%-d %B %Y}"
    return f"{said}, longer asked for" if is_asked(registration) else said


def days_left(registration: DealRegistration) -> int:
    """How many days a protection still holds, the last one included."""
    until = registration.protected_until
    return (until - today()).days + 1 if until and is_protected(registration) else 0


def registration_row(registration: DealRegistration, *, url: str) -> RegistrationRow:
    """A registration as both sides read it."""
    words, tone = state_words(registration)
    return RegistrationRow(
        url=url,
        customer=registration.customer,
        partner=registration.partner.name,
        registered_by=registration.registered_by.name,
        registered_at=registration.registered_at,
        state=words,
        tone=tone,
        detail=detail_words(registration),
        amount=None if registration.amount is None else registration.amount.normalize(),
        currency=registration.currency,
    )
