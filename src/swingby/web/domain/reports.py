"""What may happen to an activity report: one table of transitions, and the functions that make them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction

from swingby.web.clock import now, today
from swingby.web.domain.audit import record_act
from swingby.web.domain.errors import ChangedMeanwhileError, NotAllowedError, RefusedError
from swingby.web.domain.facts import record_activity
from swingby.web.domain.standings import reassess_after_commit
from swingby.web.domain.words import kept_words
from swingby.web.models import ActivityReport, Enrolment, ReportState, Side
from swingby.web.models.reports import new_report_key
from swingby.web.permissions import can_decide_reports, can_report_activity
from swingby.web.visibility import Actor

LONGEST_WAIT_DAYS = 366
LONGEST_WORDS = 2000


def _may_decide(actor: Actor, report: ActivityReport) -> bool:
    return can_decide_reports(actor, owner=report.owner_id)


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
    enrolment: Enrolment, *, actor: Actor, kind: str, happened_on: date, details: str = "", key: str | None = None
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
        submitted_by_id=actor.person,
        submitted_at=now(),
    )
    try:
        with transaction.atomic():
            report.save(force_insert=True)
    except IntegrityError:
        return _sent_before(report)
    record_act(report, side=Side.PARTNER, actor=actor.person, action="report.submit", subject=report.id)
    return report


def _sent_before(report: ActivityReport) -> ActivityReport:
    mine = {"enrolment_id": report.enrolment_id, "submitted_by_id": report.submitted_by_id}
    known = ActivityReport.objects.filter(pk=report.pk, **mine).first()
    if known is None:
        raise RefusedError("This report could not be kept. Open the form again and send it once more.")
    return known


def resubmit_report(report: ActivityReport, *, actor: Actor, kind: str, happened_on: date, details: str) -> None:
    """Send a returned report again, corrected."""
    check_day(happened_on, enrolment=report.enrolment)
    _move(
        report,
        "resubmit",
        actor=actor,
        kind=kind,
        happened_on=happened_on,
        details=kept_words(details, longest=LONGEST_WORDS),
        submitted_at=now(),
        submitted_by_id=actor.person,
    )


def withdraw_report(report: ActivityReport, *, actor: Actor) -> None:
    """Take back a report that nobody has decided yet."""
    _move(report, "withdraw", actor=actor)


def accept_report(report: ActivityReport, *, actor: Actor) -> int:
    """Accept: write the fact at the next ledger position and bring the standing up to date.

    The report, the fact, its position and the job stand in one transaction. Returns the position.
    """
    _move(report, "accept", actor=actor, fact_id=f"report-{report.id}", **_decision(actor))
    position = record_activity(report)
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


def _move(report: ActivityReport, act: str, *, actor: Actor, **changes: object) -> None:
    step = TRANSITIONS[act]
    if not step.may(actor, report):
        raise NotAllowedError(f"Your role cannot {act} this report.")
    if step.needs_answer and not changes.get("answer"):
        raise RefusedError("Say in a sentence what is missing, so that the partner can act on it.")
    # A conditional update that must touch one row: of two who decide at once, one is told.
    waiting = ActivityReport.objects.filter(pk=report.pk, state=step.before)
    if waiting.update(state=step.after, **changes) != 1:
        raise ChangedMeanwhileError("Somebody has already decided on this report. Look at it again.")
    report.refresh_from_db()
    record_act(report, side=step.side, actor=actor.person, action=f"report.{act}", subject=report.id)
