"""What reports that wait for checking could earn, where the program says that plainly: no engine is asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from swingby.engine import counts_on
from swingby.program import Program
from swingby.program.blocks import ByCase, Constant, Dated, Filter, Scale, Value
from swingby.program.model import Earning
from swingby.program.numbers import ListNumber, NumberReference
from swingby.web.clock import today
from swingby.web.domain.errors import RefusedError
from swingby.web.domain.programs import loaded, version_in_force
from swingby.web.domain.queries.kinds import rules_for
from swingby.web.domain.queries.limits import Kept, kept_of, rule_left
from swingby.web.domain.results import shown_score
from swingby.web.domain.standings import latest_standing
from swingby.web.models import ActivityReport, Enrolment, Scorecard

NOTHING = Decimal(0)


def possible_points(enrolment: Enrolment, reports: Sequence[ActivityReport]) -> Mapping[str, Decimal | None]:
    """By report the most that it adds to the score that is shown if it is accepted as it was sent; None where nobody can say.

    What a limit leaves is shared among the reports in the order of their days.
    """
    if not reports:
        return {}
    try:
        program = loaded(version_in_force(enrolment.program_id, on=today()))
    except RefusedError:
        return {}
    card = Scorecard.objects.filter(pk=enrolment.pk).first()
    kept = kept_of(enrolment, card=card, standing=latest_standing(enrolment))
    work = _Work(kept, program, frozenset(_points_in(program, shown_score(program))))
    ordered = sorted(reports, key=lambda report: (report.happened_on, report.submitted_at))
    return {report.pk: work.of(report) for report in ordered}


def _points_in(program: Program, score: str | None) -> Iterator[str]:
    """The rules whose points a score adds up as they are."""
    declared = program.scores.get(score) if score else None
    number = declared.number if declared else None
    if not isinstance(number, ListNumber) or number.operation != "sum":
        return
    for part in number.items:
        if isinstance(part.item, NumberReference) and part.weight is None:
            if part.item.section == "score":
                yield from _points_in(program, part.item.name)
            else:
                yield part.item.name


@dataclass(frozen=True, slots=True)
class _Work:
    """Takes one report after the other from what the limits leave."""

    kept: Kept
    program: Program
    adding: frozenset[str]
    taken: defaultdict[tuple[str, date | None], Decimal] = field(default_factory=lambda: defaultdict(Decimal))

    def of(self, report: ActivityReport) -> Decimal | None:
        """What all rules give for one report; None where one of them does not say it plainly."""
        day, joined = report.happened_on, self.kept.enrolment.joined_on
        rules = [
            rule
            for rule in rules_for(self.program, report.kind)
            if rule.section == "points" and counts_on(self.program, rule, day, joined_on=joined)
        ]
        if any(rule.name not in self.adding for rule in rules):
            return None
        amounts = [(rule, _amount(rule, report, self.program)) for rule in rules]
        if not amounts or any(amount is None for _, amount in amounts):
            return None
        return sum((self._under(rule, amount, day) for rule, amount in amounts if amount is not None), NOTHING)

    def _under(self, rule: Earning, amount: Decimal, day: date) -> Decimal:
        """What the limits of a rule leave of an amount, beside the reports before it."""
        left = rule_left(self.kept, self.program, rule, on=day)
        if left.left is None:
            return amount
        place = (rule.name, left.anew_on)
        given = max(min(amount, left.left - self.taken[place]), NOTHING)
        self.taken[place] += given
        return given


def _amount(rule: Earning, report: ActivityReport, program: Program) -> Decimal | None:
    """What a rule gives for one activity before its limits; None where that depends on more than the report says."""
    source = rule.for_each
    depends = rule.times or rule.requires or rule.split or rule.own_currency or rule.round or rule.scale.kind != "rate"
    if source is None or depends or source.when != "held" or source.pick or source.credit:
        return None
    declared = program.facts.get(source.of)
    if not _is_about_kind(source.where) or (declared and not _is_about_kind(declared.where)):
        return None
    rate, times = _plain(rule.scale.value, report), _units(rule.scale, report)
    return None if rate is None or times is None else rate * times


def _is_about_kind(where: Filter | None) -> bool:
    """Whether a filter asks for nothing but the kind of an activity."""
    return where is None or (
        all(condition.column == "kind" for condition in where.conditions)
        and all(_is_about_kind(branch) for branch in where.alternatives)
    )


def _units(scale: Scale, report: ActivityReport) -> Decimal | None:
    """How often the rate is given for a report: once, or for what it counts."""
    if scale.of is None and scale.per is None:
        return Decimal(1)
    return report.quantity if scale.of == "quantity" and scale.per is None and not scale.whole else None


def _plain(value: Value | None, report: ActivityReport) -> Decimal | None:
    """A number that is known from the day and the kind of a report."""
    match value:
        case Constant(value=Decimal() as number):
            return number
        case Dated():
            steps = [step for start, step in value.steps if start <= report.happened_on]
            return _plain(steps[-1] if steps else value.initially, report)
        case ByCase(by="kind"):
            return _plain(dict(value.cases).get(report.kind, value.otherwise), report)
    return None
