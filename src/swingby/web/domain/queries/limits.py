"""What a partner has left for a kind of activity: by the caps of the program, its kept lines, and its accounts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Min, Sum

from swingby.engine import Limit, counts_on, limits_on
from swingby.program import Program
from swingby.program.describing import limit_words, speaker_of
from swingby.program.model import Earning
from swingby.web.domain.benefits import known_of
from swingby.web.domain.holdings import stored_holdings
from swingby.web.domain.queries.kinds import rules_for
from swingby.web.models import Enrolment, ReportState, Scorecard, ScorecardLine, Standing

#: Lines that fill a limit: what was entered, less what a condition or the limit itself took from it.
_FILLING = ("entry", "gate", "cap")
NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleLeft:
    """What one rule still gives.

    ``left`` is None where nobody knows; ``own_limits`` says those that every fact, person or customer has by itself.
    ``account`` is whose money is gone, where that is the reason; ``frees_on`` the day on which the first points that
    fill the limit stop counting, where it never begins anew.
    """

    label: str
    unit: str = ""
    at_most: Decimal | None = None
    left: Decimal | None = None
    anew_on: date | None = None
    frees_on: date | None = None
    account: str = ""
    own_limits: tuple[str, ...] = ()

    @property
    def is_used_up(self) -> bool:
        """Whether nothing is left."""
        return self.left is not None and self.left <= 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityLeft:
    """What all rules that reward a kind of activity still give for one more on a day."""

    kind: str
    on: date
    rules: tuple[RuleLeft, ...]
    waiting: int = 0

    @property
    def is_used_up(self) -> bool:
        """Whether one more earns nothing at all."""
        return bool(self.rules) and all(rule.is_used_up for rule in self.rules)

    @property
    def says_something(self) -> bool:
        """Whether some rule has a limit."""
        return any(rule.left is not None or rule.own_limits for rule in self.rules)


#: By rule its days: how much was filled on each, and when the first of it stops counting.
Filled = Mapping[str, Sequence[tuple[date, Decimal, date | None]]]


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of a partner that tells what is left: no engine is asked."""

    enrolment: Enrolment
    card: Scorecard | None
    result: Mapping[str, Any]
    filled: Filled
    waiting: Mapping[str, int]


def kept_of(enrolment: Enrolment, *, card: Scorecard | None, standing: Standing | None) -> Kept:
    """All that is needed for every kind of activity, in two statements."""
    submitted = enrolment.reports.filter(state=ReportState.SUBMITTED).order_by()
    waiting = dict(submitted.values_list("kind").annotate(Count("pk")))
    return Kept(enrolment, card, standing.result if standing else {}, _filled(enrolment), waiting)


def _filled(enrolment: Enrolment) -> Filled:
    lines = ScorecardLine.objects.filter(enrolment=enrolment, counts=True, kind__in=_FILLING).order_by()
    found: dict[str, list[tuple[date, Decimal, date | None]]] = {}
    for rule, *line in lines.values_list("rule", "day").annotate(Sum("amount"), Min("until")):
        found.setdefault(rule, []).append((line[0], line[1] or NOTHING, line[2]))
    return found


def activity_left(kept: Kept, program: Program, kind: str, *, on: date) -> ActivityLeft:
    """What is left for an activity of a day, as far as the scorecard knows."""
    joined_on = kept.enrolment.joined_on
    rules = [rule for rule in rules_for(program, kind) if counts_on(program, rule, on, joined_on=joined_on)]
    lefts = tuple(rule_left(kept, program, rule, on=on) for rule in rules)
    return ActivityLeft(kind=kind, on=on, rules=lefts, waiting=kept.waiting.get(kind, 0))


def rule_left(kept: Kept, program: Program, rule: Earning, *, on: date) -> RuleLeft:
    """What is left of one rule for an activity of a day: by the limit that leaves the least, or its account."""
    known = known_of(kept.enrolment, kept.result)
    limits = limits_on(program, rule, on, joined_on=kept.enrolment.joined_on, known=known)
    label = rule.text.label or rule.name.replace("_", " ").capitalize()
    found = RuleLeft(label=label, unit=_unit(rule, program), own_limits=_own_limits(program, rule, limits))
    if rule.own_currency or rule.by:
        return found  # Its limits are of several currencies or cells, which nothing adds up.
    lefts = [each for limit in limits if (each := _under(kept, rule, limit, found)) is not None]
    return _of_account(kept, rule, min(lefts, key=_scarcity, default=found))


def _scarcity(found: RuleLeft) -> Decimal:
    return NOTHING if found.left is None else found.left


def _unit(rule: Earning, program: Program) -> str:
    return "" if rule.section == "points" else rule.text.unit or program.header.currency


def _own_limits(program: Program, rule: Earning, limits: Sequence[Limit]) -> tuple[str, ...]:
    own = [limit.cap for limit in limits if not limit.is_shared]
    speaker = speaker_of(program) if own else None
    return tuple(limit_words(rule, cap, speaker) for cap in own) if speaker else ()


def _under(kept: Kept, rule: Earning, limit: Limit, found: RuleLeft) -> RuleLeft | None:
    """What one limit leaves; None where it is not for all together, or where nobody knows."""
    if kept.card is None or limit.at_most is None or not limit.is_shared:
        return None
    used = _used(kept, rule, limit)
    return replace(
        found,
        at_most=limit.at_most,
        left=max(limit.at_most - used, NOTHING),
        anew_on=limit.anew_on,
        frees_on=None if limit.anew_on or used < limit.at_most else _frees_on(kept, rule),
    )


def _used(kept: Kept, rule: Earning, limit: Limit) -> Decimal:
    """What fills a limit: the lines of its days, else all that is in force."""
    if limit.period is None:
        rows = kept.card.numbers if kept.card else []
        return Decimal(next((row["value"] for row in rows if row["name"] == rule.name), None) or 0)
    return sum((amount for day, amount, _ in kept.filled.get(rule.name, ()) if day in limit.period), NOTHING)


def _frees_on(kept: Kept, rule: Earning) -> date | None:
    return min((until for *_, until in kept.filled.get(rule.name, ()) if until), default=None)


def _of_account(kept: Kept, rule: Earning, found: RuleLeft) -> RuleLeft:
    """The same, where the account that pays for it holds less."""
    rows = (row for row in stored_holdings(kept.result, "accounts") if row["name"] == rule.out_of)
    row = next(rows, None)
    balance = Decimal(row["balance"]) if row else NOTHING
    if row is None or (found.left is not None and found.left <= balance):
        return found
    return replace(
        found, unit=row["unit"], at_most=None, left=max(balance, NOTHING), account=row["label"], anew_on=None
    )
