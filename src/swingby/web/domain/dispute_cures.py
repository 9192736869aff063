"""Put right what was upheld: through the doors that records come in and go out by, never by editing a number."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation

from django.db import transaction

from swingby.web.clock import now, today
from swingby.web.domain.audit import record_act
from swingby.web.domain.disputes import tell_partner
from swingby.web.domain.errors import ChangedMeanwhileError, NotAllowedError, RefusedError
from swingby.web.domain.queries.records import record_of
from swingby.web.domain.sent_facts import Delivery, SentFact, send_facts
from swingby.web.models import TO_CURE, Dispute, Enrolment, Side
from swingby.web.permissions import can_load_facts
from swingby.web.visibility import Actor

#: Under this source stand the records that disputes add.
DISPUTES_SOURCE = "disputes"
_ASKED = "Say the day as year-month-day, and a number if one is needed."


def may_cure(actor: Actor, *, dispute: Dispute) -> bool:
    """Whether something is to be put right, and this actor brings records in."""
    waits = dispute.state in TO_CURE and dispute.cured_at is None
    return waits and can_load_facts(actor, owner=dispute.owner_id)


def cure_by_removing(dispute: Dispute, *, actor: Actor) -> None:
    """Take out the record that the line rests on."""
    with transaction.atomic():
        _claim(dispute, actor, cure="removed", kind=dispute.record_kind, record=dispute.record)
        found = record_of(_enrolment(dispute), kind=dispute.record_kind, key=dispute.record) if dispute.record else None
        if found is None:
            raise RefusedError("This case is about no record that could be taken out.")
        if not found.source:
            raise RefusedError(
                "The record names no source. Undo the file it came with, and load it without the record."
            )
        sent = SentFact(kind=found.kind, source=found.source, id=found.key, withdrawn=True)
        if _send(dispute, actor, sent).outcomes != ("withdrawn",):
            raise RefusedError("The record was not there to be taken out. Look at it again.")
    _tell(dispute, actor, "The record was taken out. Your numbers are worked out anew.")


def cure_by_adding(dispute: Dispute, *, actor: Actor, kind: str, day: str, quantity: str = "") -> None:
    """Add the activity that was missing."""
    happened_on, number = _said(day, quantity)
    if happened_on > today():
        raise RefusedError("This day is still to come.")
    key = f"dispute-{dispute.pk}"
    with transaction.atomic():
        _claim(dispute, actor, cure="added", kind="activities", record=key)
        values = {
            "organization": dispute.partner_id,
            "kind": kind.strip(),
            "happened_on": happened_on,
            "status": "accepted",
        }
        sent = SentFact(
            kind="activities",
            source=DISPUTES_SOURCE,
            id=key,
            values={**values, **({"quantity": number} if number else {})},
        )
        delivery = _send(dispute, actor, sent)
        if delivery.outcomes != ("new",):
            reasons = "; ".join(issue.reason for issue in delivery.issues if issue.level == "error")
            raise RefusedError(f"The record could not be added. {reasons}".strip())
    _tell(dispute, actor, f"A record of {happened_on:%-d %B %Y} was added. Your numbers are worked out anew.")


def _said(day: str, quantity: str) -> tuple[date, Decimal | None]:
    try:
        number = Decimal(quantity) if quantity.strip() else None
        if number is not None and not number.is_finite():
            raise RefusedError(_ASKED)
        return date.fromisoformat(day.strip()), number
    except (ValueError, InvalidOperation) as error:
        raise RefusedError(_ASKED) from error


def cure_by_record(dispute: Dispute, *, actor: Actor, kind: str, record: str) -> None:
    """Name the record that put it right: one about this partner that came in after the case was opened."""
    found = record_of(_enrolment(dispute), kind=kind.strip(), key=record.strip())
    if found is None:
        raise RefusedError("There is no such record about this partner. Look up its kind and its id.")
    if max(found.position, found.removed_at or 0) <= dispute.position:
        raise RefusedError("This record was there before the case was opened, and has not changed since.")
    with transaction.atomic():
        _claim(dispute, actor, cure="loaded", kind=found.kind, record=found.key)
    _tell(dispute, actor, "The records were brought up to date. Your numbers are worked out anew.")


def _claim(dispute: Dispute, actor: Actor, *, cure: str, kind: str, record: str) -> None:
    """Note the cure before it is done, so that of two people one does it; what fails takes the note back."""
    if not can_load_facts(actor, owner=dispute.owner_id):
        raise NotAllowedError("Your role does not bring records in. Operations or a program manager puts it right.")
    waiting = Dispute.objects.filter(pk=dispute.pk, state__in=TO_CURE, cured_at=None)
    done = {"cure": cure, "cure_kind": kind, "cure_record": record, "cured_by_id": actor.person, "cured_at": now()}
    if waiting.update(**done) != 1:
        raise ChangedMeanwhileError("Nothing is left to be put right in this case. Look at it again.")
    record_act(dispute, side=Side.VENDOR, actor=actor.person, action="dispute.cure", subject=dispute.pk, cure=cure)


def _send(dispute: Dispute, actor: Actor, sent: SentFact) -> Delivery:
    return send_facts(_enrolment(dispute).program, actor=actor, facts=[sent])


def _enrolment(dispute: Dispute) -> Enrolment:
    return Enrolment.objects.select_related("program").get(pk=dispute.enrolment_id)


def _tell(dispute: Dispute, actor: Actor, words: str) -> None:
    dispute.refresh_from_db()
    tell_partner(dispute, event="cured", subject=f"{dispute.number_label}: put right", text=words, by=actor.person)
