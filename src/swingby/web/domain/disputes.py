"""A partner disputes a line or something missing; the vendor answers with a reason, and records put it right.

No number is ever edited: what is upheld is cured by adding a record, by taking one out, or by one that was loaded.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from swingby.web.clock import now
from swingby.web.domain.answer_clock import due_after, holidays_of
from swingby.web.domain.audit import record_act
from swingby.web.domain.errors import ChangedMeanwhileError, NotAllowedError, RefusedError
from swingby.web.domain.evidence import check_evidence, media_type_of
from swingby.web.domain.files import store_file
from swingby.web.domain.mails import SENDER, post_mail
from swingby.web.domain.standings import current_position
from swingby.web.domain.words import kept_words
from swingby.web.models import Dispute, DisputeState, Enrolment, ScorecardLine, Side, StoredFile
from swingby.web.permissions import can_answer_disputes, can_dispute
from swingby.web.visibility import Actor

LONGEST_WORDS = 4000
#: Working hours until an answer: five days.
HOURS_TO_ANSWER = 40
MOST_OPEN = 50


def _may_answer(actor: Actor, dispute: Dispute) -> bool:
    return can_answer_disputes(actor, owner=dispute.owner_id)


def _may_dispute(actor: Actor, dispute: Dispute) -> bool:
    return can_dispute(actor, lineage=dispute.partner.lineage)


@dataclass(frozen=True, slots=True)
class Transition:
    """From which state an act leads where, whose it is, and what the partner is told."""

    before: DisputeState
    after: DisputeState
    side: Side
    may: Callable[[Actor, Dispute], bool]
    told: str = ""


TRANSITIONS: Mapping[str, Transition] = {
    "uphold": Transition(DisputeState.OPEN, DisputeState.UPHELD, Side.VENDOR, _may_answer, "you are right"),
    "change": Transition(DisputeState.OPEN, DisputeState.CHANGED, Side.VENDOR, _may_answer, "put right in another way"),
    "decline": Transition(DisputeState.OPEN, DisputeState.DECLINED, Side.VENDOR, _may_answer, "it stays as it is"),
    "withdraw": Transition(DisputeState.OPEN, DisputeState.WITHDRAWN, Side.PARTNER, _may_dispute),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """What a dispute is about: a number, and one of its lines unless something is missing."""

    number: str
    number_label: str
    line: ScorecardLine | None = None
    line_words: str = ""


def acts_open_to(actor: Actor, *, dispute: Dispute) -> tuple[str, ...]:
    """What the actor may do with the dispute as it stands."""
    return tuple(act for act, step in TRANSITIONS.items() if step.before == dispute.state and step.may(actor, dispute))


def open_dispute(
    enrolment: Enrolment, *, actor: Actor, matter: Matter, words: str, file: UploadedFile[Any] | None = None
) -> Dispute:
    """Open a case; of one line there is one open case at a time."""
    if not can_dispute(actor, lineage=enrolment.partner.lineage):
        raise NotAllowedError("Your role cannot dispute a line. Ask your partner admin.")
    kept = kept_words(words, longest=LONGEST_WORDS)
    if not kept:
        raise RefusedError("Say in a sentence what is wrong, so that it can be looked at.")
    if Dispute.objects.filter(enrolment=enrolment, state=DisputeState.OPEN).count() >= MOST_OPEN:
        raise RefusedError(f"{MOST_OPEN} of your cases wait for an answer. Withdraw one, or wait for the answers.")
    check_evidence([file] if file else [])
    dispute = _opened(enrolment, actor, matter, kept, _stored(enrolment, actor, file) if file else None)
    record_act(dispute, side=Side.PARTNER, actor=actor.person, action="dispute.open", subject=dispute.pk)
    return dispute


def _opened(enrolment: Enrolment, actor: Actor, matter: Matter, words: str, file: StoredFile | None) -> Dispute:
    moment, line = now(), matter.line
    holidays = holidays_of(enrolment.owner_id, since=moment.date())
    try:
        with transaction.atomic():
            return Dispute.objects.create(
                owner_id=enrolment.owner_id,
                partner_id=enrolment.partner_id,
                enrolment=enrolment,
                number=matter.number,
                number_label=matter.number_label,
                line=line.key if line else "",
                line_words=matter.line_words,
                record_kind=line.record_kind if line else "",
                record=line.record if line else "",
                position=current_position(enrolment.owner_id),
                words=words,
                file=file,
                opened_by_id=actor.person,
                opened_at=moment,
                answer_due=due_after(moment, hours=HOURS_TO_ANSWER, zone=settings.TIME_ZONE, holidays=holidays),
            )
    except IntegrityError as error:
        raise ChangedMeanwhileError("There is an open case about this line already.") from error


def _stored(enrolment: Enrolment, actor: Actor, file: UploadedFile[Any]) -> StoredFile:
    file.seek(0)
    beginning: bytes = file.read(16)
    file.seek(0)
    return store_file(
        file.chunks(),
        owner=enrolment.owner_id,
        partner=enrolment.partner_id,
        by=actor.person,
        name=file.name or "file",
        media_type=media_type_of(beginning) or "",
        most_bytes=settings.SWINGBY_MOST_EVIDENCE,
    )


def withdraw_dispute(dispute: Dispute, *, actor: Actor) -> None:
    """Take back a case that nobody has answered."""
    _move(dispute, "withdraw", actor=actor)


def answer_dispute(dispute: Dispute, answer: str, *, actor: Actor, words: str) -> None:
    """Uphold, change or decline, with a reason that the partner reads; of two who answer at once, one is told."""
    step = TRANSITIONS.get(answer)
    if step is None or step.side != Side.VENDOR:
        raise RefusedError("Choose one of the answers.")
    kept = kept_words(words, longest=LONGEST_WORDS)
    if _may_answer(actor, dispute) and not kept:
        raise RefusedError("Say why: the partner reads these words.")
    _move(dispute, answer, actor=actor, answer=kept, answered_by_id=actor.person, answered_at=now())
    tell_partner(dispute, event=answer, subject=f"{dispute.number_label}: {step.told}", text=kept, by=actor.person)


def _who_was_faster(dispute: Dispute) -> str:
    row = Dispute.objects.select_related("answered_by").get(pk=dispute.pk)
    who = row.answered_by.name if row.answered_by else "The partner"
    return f"This case is not open any more: {who} was faster, and it is {row.state}. Look at it again."


def _move(dispute: Dispute, act: str, *, actor: Actor, **changes: object) -> None:
    step = TRANSITIONS[act]
    if not step.may(actor, dispute):
        raise NotAllowedError("Your role does not decide this case.")
    # A conditional update that must touch one row: of two who decide at once, one is told.
    waiting = Dispute.objects.filter(pk=dispute.pk, state=step.before)
    if waiting.update(state=step.after, **changes) != 1:
        raise ChangedMeanwhileError(_who_was_faster(dispute))
    dispute.refresh_from_db()
    record_act(dispute, side=step.side, actor=actor.person, action=f"dispute.{act}", subject=dispute.pk)


def tell_partner(dispute: Dispute, *, event: str, subject: str, text: str, by: str) -> None:
    """Write to who opened the case, once for each thing that happened with it."""
    post_mail(
        dispute.opened_by,
        organization=dispute.owner_id,
        key=f"dispute:{dispute.pk}:{event}",
        subject=subject,
        text=f"{SENDER} answers:\n\n{text}",
        path=reverse("portal:dispute", args=[dispute.enrolment_id, dispute.pk]),
        sent_by=by,
    )
