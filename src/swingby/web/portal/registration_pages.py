"""Fill the pages of deal registrations from what is stored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from django.db.models import F, Q
from django.urls import reverse

from swingby.web.clock import now, today
from swingby.web.domain.queries.registrations import (
    LIVE,
    alike_registrations,
    known_deals,
    protected_alike,
    protected_now,
)
from swingby.web.domain.registrations import MOST_PROTECTION, PROTECTION, acts_open_to, is_asked, is_protected
from swingby.web.models import DealOutcome, DealRegistration, DeclineReason, Enrolment, RegistrationState
from swingby.web.permissions import can_register_deals
from swingby.web.portal.ahead import words_of
from swingby.web.portal.registration_parts import AlikeRow, Ask, KnownDeals, RegistrationPage, RegistrationRow
from swingby.web.portal.registration_words import days_left, detail_words, registration_row, state_words
from swingby.web.visibility import Actor

S = RegistrationState
MOST_ROWS, MOST_WAITING, MOST_PROTECTED, MOST_DONE = 50, 40, 20, 10


def register_door(enrolment: Enrolment, *, actor: Actor) -> str:
    """Where the actor registers a deal; nothing where its role does not."""
    allowed = can_register_deals(actor, lineage=enrolment.partner.lineage)
    return reverse("portal:new_registration", args=[enrolment.pk]) if allowed else ""


def partner_rows(registrations: Iterable[DealRegistration]) -> tuple[RegistrationRow, ...]:
    """Registrations in the partner's lists."""
    return tuple(
        registration_row(each, url=reverse("portal:registration", args=[each.enrolment_id, each.pk]))
        for each in registrations
    )


def vendor_queue(owner: str) -> Mapping[str, object]:
    """What waits for an answer, requests for longer, what is protected, what was answered lately; and how many there are."""
    rows = DealRegistration.objects.select_related("partner", "registered_by", "progress").filter(owner_id=owner)
    protected = rows.filter(protected_now())
    asked = Q(progress__asks__gt=F("answered_asks"))
    done = rows.exclude(Q(state__in=LIVE) | protected_now()).order_by(F("decided_at").desc(nulls_last=True), "id")
    return {
        "waiting": _vendor_rows(rows.filter(state=S.WAITING).order_by("answer_due", "id")[:MOST_WAITING]),
        "waiting_total": rows.filter(state=S.WAITING).count(),
        "asked": _vendor_rows(protected.filter(asked).order_by("protected_until", "id")[:MOST_WAITING]),
        "protected": _vendor_rows(protected.exclude(asked).order_by("protected_until", "id")[:MOST_PROTECTED]),
        "protected_total": protected.exclude(asked).count(),
        "done": _vendor_rows(done[:MOST_DONE]),
    }


def _vendor_rows(registrations: Iterable[DealRegistration]) -> tuple[RegistrationRow, ...]:
    return tuple(registration_row(each, url=_vendor_url(each)) for each in registrations)


def _vendor_url(registration: DealRegistration) -> str:
    return reverse("console:registration", args=[registration.owner_id, registration.pk])


def partner_page(registration: DealRegistration, *, actor: Actor) -> RegistrationPage:
    """One registration as its partner reads it."""
    address = [registration.enrolment_id, registration.pk]
    acts = acts_open_to(actor, registration=registration)
    edit_url = reverse("portal:edit_registration", args=address) if "resubmit" in acts else ""
    return _page(registration, acts=acts, act_url=reverse("portal:registration_act", args=address), edit_url=edit_url)


def vendor_page(registration: DealRegistration, *, actor: Actor) -> RegistrationPage:
    """One registration as the vendor reads it, beside what else is known of the customer."""
    return _page(
        registration,
        acts=acts_open_to(actor, registration=registration),
        act_url=reverse("console:registration_act", args=[registration.owner_id, registration.pk]),
        alike=_alike(registration),
        known=_known(registration),
        must_say_both=bool(protected_alike(registration)),
    )


def _page(
    registration: DealRegistration,
    *,
    acts: tuple[str, ...],
    act_url: str,
    edit_url: str = "",
    alike: tuple[AlikeRow, ...] = (),
    known: KnownDeals | None = None,
    must_say_both: bool = False,
) -> RegistrationPage:
    progress, is_waiting = registration.progress, registration.state == S.WAITING
    went = progress.outcome != DealOutcome.OPEN
    return RegistrationPage(
        row=registration_row(registration, url=""),
        words=registration.words,
        website=registration.website,
        products=registration.products,
        closes_on=registration.closes_on,
        due=registration.answer_due if is_waiting else None,
        is_late=is_waiting and registration.answer_due < now(),
        reason=registration.get_reason_display() if registration.reason else "",
        answer=registration.answer,
        answered_by=registration.decided_by.name if registration.decided_by else "",
        answered_at=registration.decided_at,
        protected_until=registration.protected_until,
        days_left=days_left(registration),
        is_protected=is_protected(registration),
        deal="" if registration.pk in registration.deal else registration.deal,
        outcome=DealOutcome(progress.outcome).label if went else "",
        outcome_on=progress.outcome_on,
        ask=_ask(registration),
        acts=acts,
        act_url=act_url,
        edit_url=edit_url,
        reasons=tuple((value, str(label)) for value, label in DeclineReason.choices),
        usual_until=_usual_until(registration),
        last_until=today() + MOST_PROTECTION,
        today=today(),
        alike=alike,
        known=known,
        must_say_both=must_say_both,
    )


def _ask(registration: DealRegistration) -> Ask | None:
    progress = registration.progress
    if not is_asked(registration) or progress.asked_until is None or progress.asked_at is None:
        return None
    return Ask(until=progress.asked_until, words=progress.asked_words, at=progress.asked_at)


def _usual_until(registration: DealRegistration) -> date:
    """What a form for a protection begins with: a quarter from today, or from the end of what is protected."""
    last = registration.protected_until if is_protected(registration) else None
    return min((last or today()) + PROTECTION, today() + MOST_PROTECTION - timedelta(days=1))


def _alike(registration: DealRegistration) -> tuple[AlikeRow, ...]:
    return tuple(
        AlikeRow(
            url=_vendor_url(each),
            customer=each.customer,
            partner=each.partner.name,
            registered_at=each.registered_at,
            state=state_words(each)[0],
            tone=state_words(each)[1],
            detail=detail_words(each),
            is_first=each.registered_at < registration.registered_at,
        )
        for each in alike_registrations(registration)
    )


def _known(registration: DealRegistration) -> KnownDeals | None:
    found = known_deals(registration)
    if found is None:
        return None
    return KnownDeals(customer=found.name, deals=found.deals, stage=words_of(found.stage), day=found.day)
