"""What may happen to a deal registration: one table of transitions, and the functions that make them.

Whether a deal is protected is not how it goes: the vendor says the first, the partner the second.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils.timezone import localdate

from swingby.web.clock import now, today
from swingby.web.domain.answer_clock import due_after, holidays_of
from swingby.web.domain.audit import record_act
from swingby.web.domain.customer_names import comparable_name, domain_of
from swingby.web.domain.errors import ChangedMeanwhileError, NotAllowedError, RefusedError
from swingby.web.domain.queries.registrations import currencies_of, protected_alike, registered_before
from swingby.web.domain.registration_facts import record_registration
from swingby.web.domain.registration_news import registration_answered, registration_came_in
from swingby.web.domain.words import kept_words
from swingby.web.models import (
    DealOutcome,
    DealProgress,
    DealRegistration,
    DeclineReason,
    Enrolment,
    RegistrationState,
    Side,
)
from swingby.web.models.loads import new_key
from swingby.web.permissions import can_answer_registrations, can_register_deals
from swingby.web.visibility import Actor

S = RegistrationState
LONGEST_NAME, LONGEST_WORDS = 200, 2000
#: Working hours until an answer: three days.
HOURS_TO_ANSWER = 24
#: For how long an approval protects unless somebody says another day, and at most.
PROTECTION, MOST_PROTECTION = timedelta(days=90), timedelta(days=366)
MOST_WAITING = 50
MOST_AMOUNT = Decimal(10) ** 12
LONGEST_WAIT = timedelta(days=5 * 366)
_NOT_YOURS = "Your role does not register deals. Ask your partner admin."


@dataclass(frozen=True, slots=True, kw_only=True)
class DealSaid:
    """What a partner says of a deal."""

    customer: str
    words: str
    website: str = ""
    products: str = ""
    amount: Decimal | None = None
    currency: str = ""
    closes_on: date | None = None


def _may_answer(actor: Actor, registration: DealRegistration) -> bool:
    return can_answer_registrations(actor, owner=registration.owner_id)


def _may_register(actor: Actor, registration: DealRegistration) -> bool:
    return can_register_deals(actor, lineage=registration.partner.lineage)


def is_protected(registration: DealRegistration) -> bool:
    """Whether nobody else may have the customer today: approved, in time, and still under way."""
    until = registration.protected_until
    is_approved = registration.state == S.APPROVED and until is not None and until >= today()
    return is_approved and registration.progress.outcome == DealOutcome.OPEN


def is_asked(registration: DealRegistration) -> bool:
    """Whether longer protection was asked for and nobody has answered."""
    return is_protected(registration) and registration.progress.asks > registration.answered_asks


def _is_under_way(registration: DealRegistration) -> bool:
    return registration.progress.outcome == DealOutcome.OPEN


def _may_ask(registration: DealRegistration) -> bool:
    return is_protected(registration) and not is_asked(registration)


def _always(_registration: DealRegistration) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Transition:
    """From which states an act leads where, whose it is, when it is open, and whether it needs words."""

    before: frozenset[RegistrationState]
    after: RegistrationState
    side: Side
    when: Callable[[DealRegistration], bool] = _always
    needs_words: bool = False

    def may(self, actor: Actor, registration: DealRegistration) -> bool:
        """Whether the act is this actor's."""
        return (_may_answer if self.side == Side.VENDOR else _may_register)(actor, registration)


def _ours(before: RegistrationState, after: RegistrationState, **more: Any) -> Transition:
    return Transition(frozenset({before}), after, Side.VENDOR, **more)


def _theirs(before: frozenset[RegistrationState], after: RegistrationState, **more: Any) -> Transition:
    return Transition(before, after, Side.PARTNER, **more)


_APPROVED = frozenset({S.APPROVED})
TRANSITIONS: Mapping[str, Transition] = {
    "approve": _ours(S.WAITING, S.APPROVED),
    "return": _ours(S.WAITING, S.RETURNED, needs_words=True),
    "decline": _ours(S.WAITING, S.DECLINED, needs_words=True),
    "end": _ours(S.APPROVED, S.ENDED, when=is_protected, needs_words=True),
    "grant": _ours(S.APPROVED, S.APPROVED, when=is_asked),
    "refuse": _ours(S.APPROVED, S.APPROVED, when=is_asked, needs_words=True),
    "resubmit": _theirs(frozenset({S.RETURNED}), S.WAITING),
    "withdraw": _theirs(frozenset({S.WAITING, S.RETURNED}), S.WITHDRAWN),
    "ask": _theirs(_APPROVED, S.APPROVED, when=_may_ask, needs_words=True),
    "won": _theirs(_APPROVED, S.APPROVED, when=_is_under_way),
    "lost": _theirs(_APPROVED, S.APPROVED, when=_is_under_way),
}


def acts_open_to(actor: Actor, *, registration: DealRegistration) -> tuple[str, ...]:
    """What the actor may do with the registration as it stands."""
    return tuple(
        act
        for act, step in TRANSITIONS.items()
        if registration.state in step.before and step.when(registration) and step.may(actor, registration)
    )


# --- the partner's acts -----------------------------------------------------------------------------------------------


def register_deal(enrolment: Enrolment, *, actor: Actor, said: DealSaid, key: str | None = None) -> DealRegistration:
    """Register a deal, which waits for an answer; the same ``key`` a second time is the same registration."""
    if not can_register_deals(actor, lineage=enrolment.partner.lineage):
        raise NotAllowedError(_NOT_YOURS)
    kept = _kept(enrolment, said)
    whose = {"owner_id": enrolment.owner_id, "partner_id": enrolment.partner_id}
    made = {"registered_by_id": actor.person, "registered_at": now(), "answer_due": _answer_due(enrolment)}
    registration = DealRegistration(id=key or new_key(), enrolment=enrolment, **whose, **made, **kept)
    with transaction.atomic():
        if not _is_new(registration):
            return _sent_before(registration)
        _refuse_twice(registration)
        _refuse_too_many(enrolment)
        DealProgress.objects.create(registration=registration, **whose)
        record_act(
            registration, side=Side.PARTNER, actor=actor.person, action="registration.send", subject=registration.pk
        )
        registration_came_in(registration, by=actor.person)
    return registration


def _is_new(registration: DealRegistration) -> bool:
    try:
        with transaction.atomic():
            registration.save(force_insert=True)
    except IntegrityError:
        return False
    return True


def _sent_before(registration: DealRegistration) -> DealRegistration:
    mine = {"enrolment_id": registration.enrolment_id, "registered_by_id": registration.registered_by_id}
    known = DealRegistration.objects.filter(pk=registration.pk, **mine).first()
    if known is None:
        raise RefusedError("This registration could not be kept. Open the form again and send it once more.")
    return known


def _refuse_twice(registration: DealRegistration) -> None:
    """Refuse a customer whom the partner registered already; of two colleagues at the same moment, the second waits for the first."""
    with connection.cursor() as cursor:
        whose = f"registrations:{registration.enrolment_id}"
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [whose])
    before = registered_before(registration)
    if before is not None:
        raise RefusedError(
            f"{before.customer} is registered by you already, on {before.registered_at:%-d %B %Y}."
            " Go on with that registration."
        )


def _refuse_too_many(enrolment: Enrolment) -> None:
    waiting = DealRegistration.objects.filter(enrolment=enrolment, state__in=(S.WAITING, S.RETURNED)).count()
    if waiting > MOST_WAITING:
        raise RefusedError(f"{MOST_WAITING} of your registrations are open. Withdraw one, or wait for the answers.")


def _kept(enrolment: Enrolment, said: DealSaid) -> dict[str, Any]:
    """What was said as it is kept, checked."""
    customer = " ".join(kept_words(said.customer, longest=LONGEST_NAME).split())
    words = kept_words(said.words, longest=LONGEST_WORDS)
    if not customer:
        raise RefusedError("Say who the customer is.")
    if not words:
        raise RefusedError("Say in a sentence what the customer needs and what you did there so far.")
    return {
        **asdict(said),
        "customer": customer,
        "words": words,
        "alike": comparable_name(customer),
        "website": domain_of(said.website),
        "products": kept_words(said.products, longest=LONGEST_NAME),
        **_kept_amount(enrolment, said),
        "closes_on": _kept_day(said.closes_on),
    }


def _kept_amount(enrolment: Enrolment, said: DealSaid) -> dict[str, Any]:
    if said.amount is None:
        return {"amount": None, "currency": ""}
    if not 0 < said.amount <= MOST_AMOUNT:
        raise RefusedError("Say an amount above 0, or leave it empty.")
    known = currencies_of(enrolment)
    if said.currency not in known:
        raise RefusedError(f"Say the currency of the amount: one of {', '.join(known)}.")
    return {"amount": said.amount, "currency": said.currency}


def _kept_day(closes_on: date | None) -> date | None:
    if closes_on is not None and not timedelta(0) <= closes_on - today() <= LONGEST_WAIT:
        raise RefusedError("The day on which you expect the decision lies ahead, within five years.")
    return closes_on


def _answer_due(enrolment: Enrolment) -> datetime:
    moment = now()
    holidays = holidays_of(enrolment.owner_id, since=moment.date())
    return due_after(moment, hours=HOURS_TO_ANSWER, zone=settings.TIME_ZONE, holidays=holidays)


def resubmit_registration(registration: DealRegistration, *, actor: Actor, said: DealSaid) -> None:
    """Send what came back again, mended; its clock starts anew, the day of registering stays."""
    kept = _kept(registration.enrolment, said)
    with transaction.atomic():  # A customer whom another registration of the same partner names stays with that one.
        _move(registration, "resubmit", actor=actor, answer_due=_answer_due(registration.enrolment), **kept)
        _refuse_twice(registration)
    registration_came_in(registration, by=actor.person)


def withdraw_registration(registration: DealRegistration, *, actor: Actor) -> None:
    """Take back what nobody has approved."""
    _move(registration, "withdraw", actor=actor)


def ask_for_longer(registration: DealRegistration, *, actor: Actor, until: date, words: str) -> None:
    """Ask for the protection to last until another day: before it ends, and one request at a time."""
    step = TRANSITIONS["ask"]
    kept = _checked(registration, "ask", actor, words)
    last = registration.protected_until
    if last is None or until <= last:
        raise RefusedError(f"Ask for a day after {last:%-d %B %Y}." if last else "Nothing is protected.")
    _check_until(until)
    progress = registration.progress
    known = {"asks": progress.asks, "outcome": DealOutcome.OPEN}
    _go_on(registration, known, asks=progress.asks + 1, asked_until=until, asked_words=kept, asked_at=now())
    record_act(registration, side=step.side, actor=actor.person, action="registration.ask", subject=registration.pk)
    registration_came_in(registration, by=actor.person, is_ask=True)


def say_outcome(registration: DealRegistration, outcome: str, *, actor: Actor, on: date) -> None:
    """Say that the deal is won or lost: its protection ends, its registration stays approved."""
    if outcome not in {DealOutcome.WON, DealOutcome.LOST}:
        raise RefusedError("Say whether the deal is won or lost.")
    _checked(registration, outcome, actor, "")
    if not localdate(registration.registered_at) <= on <= today():
        raise RefusedError("The day lies between the day of registering and today.")
    _go_on(registration, {"outcome": DealOutcome.OPEN}, outcome=outcome, outcome_on=on)
    record_act(
        registration, side=Side.PARTNER, actor=actor.person, action=f"registration.{outcome}", subject=registration.pk
    )


def _go_on(registration: DealRegistration, known: Mapping[str, object], **changes: object) -> None:
    rows = DealProgress.objects.filter(registration=registration, **known)
    if rows.update(**changes) != 1:
        raise ChangedMeanwhileError("Somebody else of yours was faster. Look at the registration again.")
    registration.progress.refresh_from_db()


# --- the vendor's acts ------------------------------------------------------------------------------------------------


def approve_registration(
    registration: DealRegistration,
    *,
    actor: Actor,
    until: date | None = None,
    deal: str = "",
    words: str = "",
    despite: bool = False,
) -> None:
    """Approve: the deal is protected until a day, and stands among the facts as registered by the partner.

    Parameters
    ----------
    until
        The last day of the protection; ninety days from today unless it is said.
    deal
        The id of the deal in the vendor's own system, if it is there already; else the registration gives it one.
    despite
        Whether it is approved although another partner's registration of this customer is protected.
    """
    last = until or today() + PROTECTION
    _check_until(last)
    kept = _checked(registration, "approve", actor, words)
    others = protected_alike(registration)
    if others and not despite:
        raise RefusedError(
            f"{others[0].customer} is protected for {others[0].partner.name} until {others[0].protected_until:%-d %B %Y}."
            " Decline this registration, or say that both are approved."
        )
    key = kept_words(deal, longest=LONGEST_NAME) or f"registration-{registration.pk}"
    with transaction.atomic():
        _move(
            registration,
            "approve",
            actor=actor,
            protected_until=last,
            deal=key,
            answer=kept,
            reason="",
            **_decision(actor),
        )
        record_registration(registration, actor=actor)


def _check_until(until: date) -> None:
    if not today() <= until <= today() + MOST_PROTECTION:
        raise RefusedError("A protection lasts until a day between today and a year from now.")


def return_registration(registration: DealRegistration, *, actor: Actor, words: str) -> None:
    """Send back, saying what is missing."""
    kept = _checked(registration, "return", actor, words)
    _move(registration, "return", actor=actor, answer=kept, **_decision(actor))


def decline_registration(registration: DealRegistration, *, actor: Actor, reason: str, words: str) -> None:
    """Decline for good, with one of the reasons and words."""
    kept = _checked(registration, "decline", actor, words)
    if reason not in DeclineReason.values:
        raise RefusedError("Choose one of the reasons.")
    _move(registration, "decline", actor=actor, reason=reason, answer=kept, **_decision(actor))


def end_protection(registration: DealRegistration, *, actor: Actor, words: str) -> None:
    """End a protection early, saying why: others may register the customer from now on."""
    kept = _checked(registration, "end", actor, words)
    _move(registration, "end", actor=actor, answer=kept, **_decision(actor))


def answer_ask(
    registration: DealRegistration, *, actor: Actor, granted: bool, until: date | None = None, words: str = ""
) -> None:
    """Let the protection last until the day that was asked for, or another one; or refuse, saying why."""
    act = "grant" if granted else "refuse"
    kept = _checked(registration, act, actor, words)
    progress = registration.progress
    last = (until or progress.asked_until) if granted else registration.protected_until
    if granted and last is not None:
        _check_until(last)
    answered = {"answered_asks": progress.asks, "protected_until": last, "answer": kept}
    _move(registration, act, actor=actor, known={"answered_asks": registration.answered_asks}, **answered)


def _decision(actor: Actor) -> dict[str, Any]:
    return {"decided_by_id": actor.person, "decided_at": now()}


def _checked(registration: DealRegistration, act: str, actor: Actor, words: str) -> str:
    """The words of an act that is open to the actor."""
    step = TRANSITIONS[act]
    if not step.may(actor, registration):
        raise NotAllowedError(_NOT_YOURS if step.side == Side.PARTNER else "Your role does not answer registrations.")
    if registration.state not in step.before or not step.when(registration):
        raise ChangedMeanwhileError(_where_it_stands(registration))
    kept = kept_words(words, longest=LONGEST_WORDS)
    if step.needs_words and not kept:
        raise RefusedError("Say why in a sentence: the other side reads it.")
    return kept


def _where_it_stands(registration: DealRegistration) -> str:
    row = DealRegistration.objects.select_related("decided_by").get(pk=registration.pk)
    who = f"{row.decided_by.name} was faster" if row.decided_by and row.state != S.WITHDRAWN else "It changed meanwhile"
    return f"{who}: {row.get_state_display().lower()}. Look at the registration again."


def _move(
    registration: DealRegistration, act: str, *, actor: Actor, known: Mapping[str, object] | None = None, **changes: Any
) -> None:
    step = TRANSITIONS[act]
    if not step.may(actor, registration):
        raise NotAllowedError(_NOT_YOURS if step.side == Side.PARTNER else "Your role does not answer registrations.")
    # A conditional update that must touch one row: of two who decide at once, one is told.
    rows = DealRegistration.objects.filter(pk=registration.pk, state__in=step.before, **(known or {}))
    if rows.update(state=step.after, **changes) != 1:
        raise ChangedMeanwhileError(_where_it_stands(registration))
    registration.refresh_from_db()
    record_act(registration, side=step.side, actor=actor.person, action=f"registration.{act}", subject=registration.pk)
    if step.side == Side.VENDOR:
        registration_answered(registration, act, by=actor.person)
