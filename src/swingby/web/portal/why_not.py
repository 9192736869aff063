"""Say beside records and reports why they do not count."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from swingby.program import Program
from swingby.web.clock import today
from swingby.web.domain.errors import RefusedError
from swingby.web.domain.programs import loaded, version_in_force
from swingby.web.domain.queries.reasons import Asked, Reason, taken_away, why_not
from swingby.web.domain.queries.records import Record
from swingby.web.domain.queries.uncounted import uncounted
from swingby.web.models import ActivityReport, Enrolment, ReportState, Scorecard, ScorecardLine
from swingby.web.portal.scorecard_pages import Doors
from swingby.web.portal.scorecard_parts import UncountedLine, WhyNot

ACTIVITIES = "activities"
MOST_REASONS = 8


def rules_of(enrolment: Enrolment) -> Program | None:
    """The rules in force; none before the first."""
    try:
        return loaded(version_in_force(enrolment.program_id, on=today()))
    except RefusedError:
        return None


def why_lines(
    enrolment: Enrolment, record: Record, lines: Sequence[ScorecardLine], card: Scorecard | None, *, doors: Doors
) -> tuple[WhyNot, ...]:
    """What speaks against a record, and what takes from it all that it earned."""
    rules = rules_of(enrolment)
    if rules is None or card is None:
        return ()
    numbers = {row["name"]: row for row in card.numbers}
    taken = taken_away(lines)
    asked = Asked(
        kind=record.kind,
        row=record.row,
        as_of=max(card.as_of, today()),
        joined_on=enrolment.joined_on,
        counting={line.rule for line in lines if line.counts},
    )
    against = [Reason(words=words, rule=rule, label=_label(numbers, rule)) for rule, words in taken.items()]
    found = [*against, *why_not(rules, asked)][:MOST_REASONS]
    return tuple(
        WhyNot(
            label=each.label,
            url=doors.to("scorecard_number", each.rule) if each.rule in numbers else "",
            words=each.words,
        )
        for each in found
    )


def uncounted_lines(
    enrolment: Enrolment, card: Scorecard, number: Mapping[str, Any], *, doors: Doors
) -> tuple[UncountedLine, ...]:
    """The newest records that a number of records is about and that do not count for it."""
    rules = rules_of(enrolment)
    if rules is None or number["section"] == "score" or number["withheld"]:
        return ()
    names = {number["name"].partition("[")[0], *number["rules"], *number.get("parts", ())}
    return tuple(
        UncountedLine(
            day=each.day, what=each.about or each.key, why=each.why,
            url=doors.to("scorecard_record", each.kind, each.key),
        )
        for each in uncounted(enrolment, rules, names, as_of=card.as_of)
    )  # fmt: skip


def _label(numbers: Mapping[str, Mapping[str, str]], rule: str) -> str:
    return numbers[rule]["label"] if rule in numbers else rule


def why_reports(enrolment: Enrolment, reports: Iterable[ActivityReport]) -> Mapping[str, str]:
    """By accepted report that counts nowhere, or gives nothing, why; two statements for all of them."""
    accepted = {report.fact_id: report for report in reports if report.state == ReportState.ACCEPTED and report.fact_id}
    rules, card = rules_of(enrolment), Scorecard.objects.filter(pk=enrolment.pk).first()
    if not accepted or rules is None or card is None:
        return {}
    lines: defaultdict[str, list[ScorecardLine]] = defaultdict(list)
    for line in ScorecardLine.objects.filter(enrolment=enrolment, record_kind=ACTIVITIES, record__in=list(accepted)):
        lines[line.record].append(line)
    found = {report.pk: _why_report(rules, card, report, lines[fact]) for fact, report in accepted.items()}
    return {key: words for key, words in found.items() if words}


def _why_report(rules: Program, card: Scorecard, report: ActivityReport, lines: Sequence[ScorecardLine]) -> str:
    counting, taken = {line.rule for line in lines if line.counts}, taken_away(lines)
    if counting:
        given = any(line.amount for line in lines if line.counts and line.rule not in taken)
        return "" if given or not taken else _("It gives no points. %(why)s") % {"why": " ".join(taken.values())}
    asked = Asked(
        kind=ACTIVITIES, row=_row_of(report), as_of=max(card.as_of, today()), joined_on=report.enrolment.joined_on
    )
    reasons = why_not(rules, asked)
    said = [f"{each.label}: {each.words}" if each.label else each.words for each in reasons]
    if said:
        return _("It does not count. %(why)s") % {"why": " ".join(said[:MOST_REASONS])}
    return ""


def _row_of(report: ActivityReport) -> Mapping[str, object]:
    """The record that was made of a report: it says nothing else."""
    unsaid = dict.fromkeys(("rating", "person", "cancelled_on", "reversed_position"))
    quantity: Decimal | None = report.accepted_quantity
    return {
        **unsaid,
        "kind": report.kind,
        "happened_on": report.happened_on,
        "quantity": quantity,
        "status": "accepted",
        "organization": report.partner_id,
    }
