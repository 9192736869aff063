"""What may happen to an activity report: one table of transitions, and the functions that make them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction

from swingby.web.clock import now, today
from swingby.web.domain.answer_clock import due_after, holidays_of
from swingby.web.domain.audit import record_act
from swingby.web.domain.errors import ChangedMeanwhileError, NotAllowedError, RefusedError
from swingby.web.domain.evidence import attach_evidence, check_evidence
from swingby.web.domain.facts import record_activity, take_back_activity
from swingby.web.domain.programs import loaded, version_in_force
from swingby.web.domain.standings import reassess_after_commit
from swingby.web.domain.telling import report_answered, report_came_in
from swingby.web.domain.words import kept_words
from swingby.web.models import ActivityReport, Enrolment, ReportState, Side
from swingby.web.models.reports import new_report_key
from swingby.web.permissions import can_decide_reports, can_report_activity
from swingby.web.visibility import Actor

LONGEST_WAIT_DAYS = 366
LONGEST_WORDS = 2000
MOST_QUANTITY = 1_000_000


def _may_decide(actor: Actor, report: ActivityReport) -> bool:
    return can_decide_reports(actor, owner=report.owner_id)


def _may_look(actor: Actor, report: ActivityReport) -> bool:
    """A second look at what was drawn is somebody else's than the one who accepted."""
    waits = report.sampled and report.looked_at is None and report.decided_by_id != actor.person
    return waits and can_decide_reports(actor, owner=report.owner_id)


def _may_report(actor: Actor, report: ActivityReport) -> bool:
    return can_report_activity(actor, lineage=report.partner.lineage)


@dataclass(frozen=True, slots=True)
class Transition:
    """From which state an act leads where, whose it is, and whether it needs words."""

    before: ReportState
    after: ReportState
    side: Side
    may: Callable[[Actor, ActivityReport], bool]
    needs_answer: bool = False


TRANSITIONS: Mapping[str, Transition] = {
    "accept": Transition(ReportState.SUBMITTED, ReportState.ACCEPTED, Side.VENDOR, _may_decide),
    "return": Transition(ReportState.SUBMITTED, ReportState.RETURNED, Side.VENDOR, _may_decide, needs_answer=True),
    "decline": Transition(ReportState.SUBMITTED, ReportState.DECLINED, Side.VENDOR, _may_decide, needs_answer=True),
    "resubmit": Transition(ReportState.RETURNED, ReportState.SUBMITTED, Side.PARTNER, _may_report),
    "take_back": Transition(ReportState.ACCEPTED, ReportState.DECLINED, Side.VENDOR, _may_look, needs_answer=True),
    "withdraw": Transition(ReportState.SUBMITTED, ReportState.WITHDRAWN, Side.PARTNER, _may_report),
}


def acts_open_to(actor: Actor, *, report: ActivityReport) -> tuple[str, ...]:
    """What the actor may do with the report as it stands."""
    return tuple(act for act, step in TRANSITIONS.items() if step.before == report.state and step.may(actor, report))


def check_day(happened_on: date, *, enrolment: Enrolment) -> None:
    """Refuse a day to come, one before joining, and one longer than a year ago."""
    if happened_on > today():
        raise RefusedError("This day is still to come. Report the activity once it has happened.")
    if happened_on < enrolment.joined_on:
        raise RefusedError(f"You joined the program on {enrolment.joined_on:%-d %B %Y}. Choose a day from then on.")
    if (today() - happened_on).days > LONGEST_WAIT_DAYS:
        raise RefusedError("This is more than a year ago. Ask your partner success manager to record it.")


def submit_report(
    enrolment: Enrolment,
    *,
    actor: Actor,
    kind: str,
    happened_on: date,
    details: str = "",
    quantity: Decimal | None = None,
    files: Sequence[UploadedFile[Any]] = (),
    key: str | None = None,
) -> ActivityReport:
    """Store a report that waits for checking; the same ``key`` a second time is the same report."""
    if not can_report_activity(actor, lineage=enrolment.partner.lineage):
        raise NotAllowedError("Your role cannot report activities. Ask your partner admin.")
    check_day(happened_on, enrolment=enrolment)
    report = ActivityReport(
        id=key or new_report_key(),
        owner_id=enrolment.owner_id,
        partner_id=enrolment.partner_id,
        enrolment=enrolment,
        kind=kind,
        happened_on=happened_on,
        details=kept_words(details, longest=LONGEST_WORDS),
        quantity=_checked_quantity(quantity),
        submitted_by_id=actor.person,
        submitted_at=now(),
        answer_due=_answer_due(enrolment),
    )
    check_evidence(files)
    with transaction.atomic():  # A file that has no room takes its report along.
        if not _is_new(report):
            return _sent_before(report)
        attach_evidence(report, files=files, by=actor.person)
        record_act(report, side=Side.PARTNER, actor=actor.person, action="report.submit", subject=report.id)
        report_came_in(report, by=actor.person)
    return report


def _is_new(report: ActivityReport) -> bool:
    try:
        with transaction.atomic():
            report.save(force_insert=True)
    except IntegrityError:
        return False
    return True


def _checked_quantity(quantity: Decimal | None) -> Decimal | None:
    if quantity is not None and not 0 < quantity <= MOST_QUANTITY:
        raise RefusedError(f"Say a number above 0 and up to {MOST_QUANTITY:,}, or leave it empty.")
    return quantity


def _answer_due(enrolment: Enrolment) -> datetime:
    """By when the vendor answers, by the working days of the program's time zone."""
    moment = now()
    try:
        zone = loaded(version_in_force(enrolment.program_id, on=today())).header.time_zone
    except RefusedError:
        zone = "UTC"
    holidays = holidays_of(enrolment.owner_id, since=moment.date())
    return due_after(moment, hours=settings.SWINGBY_ANSWER_HOURS, zone=zone, holidays=holidays)


def _sent_before(report: ActivityReport) -> ActivityReport:
    mine = {"enrolment_id": report.enrolment_id, "submitted_by_id": report.submitted_by_id}
    known = ActivityReport.objects.filter(pk=report.pk, **mine).first()
    if known is None:
        raise RefusedError("This report could not be kept. Open the form again and send it once more.")
    return known


def resubmit_report(
    report: ActivityReport,
    *,
    actor: Actor,
    kind: str,
    happened_on: date,
    details: str,
    quantity: Decimal | None = None,
    files: Sequence[UploadedFile[Any]] = (),
) -> None:
    """Send a returned report again, corrected; its clock starts anew, its files stay."""
    check_day(happened_on, enrolment=report.enrolment)
    check_evidence(files, already=report.files.count())
    with transaction.atomic():  # The same.
        _move(
            report,
            "resubmit",
            actor=actor,
            kind=kind,
            happened_on=happened_on,
            details=kept_words(details, longest=LONGEST_WORDS),
            quantity=_checked_quantity(quantity),
            answer_due=_answer_due(report.enrolment),
            submitted_at=now(),
            submitted_by_id=actor.person,
        )
        attach_evidence(report, files=files, by=actor.person)


def withdraw_report(report: ActivityReport, *, actor: Actor) -> None:
    """Take back a report that nobody has decided yet."""
    _move(report, "withdraw", actor=actor)


def accept_report(report: ActivityReport, *, actor: Actor, quantity: Decimal | None = None, answer: str = "") -> int:
    """Accept: write the fact at the next ledger position and bring the standing up to date.

    With a ``quantity`` below the one reported it is accepted in part, and the partner is told why. The report, the
    fact, its position and the job stand in one transaction. Returns the position.
    """
    counted = _counted_quantity(report, quantity)
    words = kept_words(answer, longest=LONGEST_WORDS)
    if counted != report.quantity and not words:
        raise RefusedError("Say why only a part counts, so that the partner understands it.")
    _move(
        report,
        "accept",
        actor=actor,
        fact_id=f"report-{report.id}",
        accepted_quantity=counted,
        answer=words,
        sampled=is_drawn(report.id),
        **_decision(actor),
    )
    position = record_activity(report)
    reassess_after_commit(report.enrolment, position=position)
    return position


def _counted_quantity(report: ActivityReport, quantity: Decimal | None) -> Decimal | None:
    if quantity is None:
        return report.quantity
    if report.quantity is None:
        raise RefusedError("The partner named no number, so there is no part of it to accept.")
    if not 0 < quantity <= report.quantity:
        raise RefusedError(f"Accept more than 0 and up to {report.quantity.normalize():f}, or decline the report.")
    return quantity


def is_drawn(key: str) -> bool:
    """Whether an accepted report is looked at again: decided by its key, so that nobody can choose."""
    one_of = settings.SWINGBY_SAMPLE_ONE_OF
    return one_of > 0 and int(hashlib.sha256(key.encode()).hexdigest(), 16) % one_of == 0


def confirm_sample(report: ActivityReport, *, actor: Actor) -> None:
    """After a second look: it was right to accept this report."""
    if not _may_look(actor, report):
        raise NotAllowedError("Somebody else than the one who accepted this report looks at it again, once.")
    waiting = ActivityReport.objects.filter(pk=report.pk, sampled=True, looked_at=None, state=ReportState.ACCEPTED)
    if waiting.update(looked_at_by_id=actor.person, looked_at=now()) != 1:
        raise ChangedMeanwhileError("Somebody has already looked at this report.")
    record_act(report, side=Side.VENDOR, actor=actor.person, action="report.confirm", subject=report.id)


def take_back_report(report: ActivityReport, *, actor: Actor, answer: str) -> int:
    """After a second look: it was wrong to accept. The fact is reversed; what a review decided with it stays."""
    words = kept_words(answer, longest=LONGEST_WORDS)
    _move(report, "take_back", actor=actor, answer=words, looked_at_by_id=actor.person, looked_at=now())
    position = take_back_activity(report)
    reassess_after_commit(report.enrolment, position=position)
    return position


def return_report(report: ActivityReport, *, actor: Actor, answer: str) -> None:
    """Send back for correction, saying what is missing."""
    _move(report, "return", actor=actor, answer=kept_words(answer, longest=LONGEST_WORDS), **_decision(actor))


def decline_report(report: ActivityReport, *, actor: Actor, answer: str) -> None:
    """Decline for good, saying why."""
    _move(report, "decline", actor=actor, answer=kept_words(answer, longest=LONGEST_WORDS), **_decision(actor))


def _decision(actor: Actor) -> dict[str, object]:
    return {"decided_by_id": actor.person, "decided_at": now()}


def _who_was_faster(report: ActivityReport) -> str:
    row = ActivityReport.objects.select_related("decided_by").get(pk=report.pk)
    who = row.decided_by.name if row.decided_by and row.state != ReportState.WITHDRAWN else "Somebody"
    return f"{who} was faster with this report: {row.get_state_display().lower()}. Look at it again."


def _move(report: ActivityReport, act: str, *, actor: Actor, **changes: object) -> None:
    step = TRANSITIONS[act]
    if not step.may(actor, report):
        raise NotAllowedError(f"Your role cannot {act} this report.")
    if step.needs_answer and not changes.get("answer"):
        raise RefusedError("Say in a sentence what is missing, so that the partner can act on it.")
    # A conditional update that must touch one row: of two who decide at once, one is told; and it is still this text.
    waiting = ActivityReport.objects.filter(pk=report.pk, state=step.before, submitted_at=report.submitted_at)
    if waiting.update(state=step.after, **changes) != 1:
        raise ChangedMeanwhileError(_who_was_faster(report))
    report.refresh_from_db()
    record_act(report, side=step.side, actor=actor.person, action=f"report.{act}", subject=report.id)
    if step.side == Side.VENDOR:
        report_answered(report, act, by=actor.person)
    elif act == "resubmit":
        report_came_in(report, by=actor.person)
