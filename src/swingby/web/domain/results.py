"""Put a standing as the engine gives it into the form that is stored and shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Protocol, TypeGuard

from swingby.engine import LOW_TESTS, HistoryLine, RequirementRow, Standing, bearings, next_reviews
from swingby.program.blocks import Constant, DayOfYear
from swingby.program.model import DeclaredNumber, Earning, Ladder, Program
from swingby.program.numbers import FactNumber, ListNumber, NumberReference
from swingby.web.domain.holdings import holdings
from swingby.web.domain.queries.kinds import reportable_kinds
from swingby.web.domain.standings import ComputedRequirement, ComputedStanding
from swingby.web.rounding import short_gap

PERCENT = "%"
MOST_ACTIONS = 3
MOST_LINES = 12
NO_POINTS = "No points: what this rule gives is used up for now."
#: What is said of a number that stands on a line which it must pass.
_ON_THE_LINE = {"above": "a little more is asked", "below": "less is asked"}
_COMPARISONS = {name: name for name in ("above", "at_most", "below", "is")}


class _ConstantNumber(Protocol):
    @property
    def value(self) -> Decimal: ...


@dataclass(frozen=True, slots=True)
class KeptLines:
    """The newest stored lines of a points history, and how many there are in all."""

    newest: Sequence[Mapping[str, Any]]
    total: int


def computed(
    standing: Standing,
    program: Program,
    *,
    history: Sequence[HistoryLine] = (),
    kept: KeptLines | None = None,
    joined_on: date | None = None,
) -> ComputedStanding:
    """What is stored of a standing.

    Parameters
    ----------
    history
        The line items of the score shown, from a run that keeps them.
    kept
        Lines that were stored before and still stand, when there is no such run.
    joined_on
        When the partner joined, for reviews that depend on it.
    """
    ladder = shown_ladder(program)
    held = standing.tiers.get(ladder.name) if ladder else None
    return ComputedStanding(
        enrolment=standing.enrolment,
        tier=(held.tier or "") if held else "",
        requirements=tuple(_requirement_rows(standing)),
        result={
            **(_on_ladder(standing, ladder, program) if ladder and held else {}),
            **(_reviews(standing, ladder.name, program, joined_on) if ladder and held else {}),
            "worth": _worth(standing, program),
            **holdings(standing, program),
            "held": {name: tier.tier for name, tier in standing.tiers.items()},
            "score": _score(standing, program),
            "kinds": {row.kind: row.label for row in reportable_kinds(program)},
            "period_start": period_start(program, on=standing.as_of).isoformat(),
            "history": _newest(history) if kept is None else list(kept.newest)[:MOST_LINES],
            "history_total": len(_dated(history)) if kept is None else kept.total,
        },
    )


def shown_ladder(program: Program) -> Ladder | None:
    """The ladder on the home page: the first one."""
    return next(iter(program.ladders.values()), None)


def shown_score(program: Program) -> str | None:
    """The score on the home page: the last declared one, which sums up the others."""
    return next(reversed(list(program.scores)), None)


def period_start(program: Program, *, on: date) -> date:
    """The first day of the program's own year, else of the civil one."""
    starts = next((item.starts for item in program.calendars.values() if isinstance(item.starts, DayOfYear)), None)
    first = date(on.year, starts.month, starts.day) if starts else date(on.year, 1, 1)
    return first if first <= on else first.replace(year=on.year - 1)


def _requirement_rows(standing: Standing) -> Iterator[ComputedRequirement]:
    for ladder, held in standing.tiers.items():
        for tier, rows in held.rows.items():
            for row in rows:
                yield ComputedRequirement(
                    ladder=ladder,
                    tier=tier,
                    requirement=row.path,
                    state=row.result,
                    value=row.value,
                    threshold=row.line,
                    gap=row.gap,
                )


def _score(standing: Standing, program: Program) -> dict[str, Any] | None:
    name = shown_score(program)
    if name is None:
        return None
    number = standing.numbers.get(name)
    return {
        "name": name,
        "label": program.scores[name].text.label or name,
        "value": _text(number.value) if number else None,
    }


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value.normalize():f}"


# --- the ladder -----------------------------------------------------------------------------------------------------


def _on_ladder(standing: Standing, ladder: Ladder, program: Program) -> dict[str, Any]:
    held = standing.tiers[ladder.name]
    tiers = [
        {"id": tier.id, "label": tier.label or tier.id.capitalize(), "rank": rank}
        for rank, tier in enumerate(ladder.tiers)
    ]
    by_id = {tier["id"]: tier for tier in tiers}
    rows = held.rows.get(held.next_tier, ()) if held.next_tier else ()
    gates = [_gate(row, rows, program) for row in _gate_rows(rows)]
    following = by_id.get(held.next_tier) if held.next_tier else None
    unlocks = str(following["label"]) if following else ""
    return {
        "tiers": tiers,
        "tier": by_id.get(held.tier) if held.tier else None,
        "next": following,
        "gates": gates,
        "actions": _actions(standing, rows, program, unlocks=unlocks),
    }


def kept_gates(standing: Standing, program: Program, *, tier: str | None = None) -> list[dict[str, Any]]:
    """The requirements of the tier that is held, or of one that is named, as a person reads them.

    None where the tier is kept by something else than what earns it: of that a standing holds no rows.
    """
    ladder = shown_ladder(program)
    held = standing.tiers.get(ladder.name) if ladder else None
    wanted = tier or (held.tier if held else None)
    if ladder is None or held is None or wanted is None or is_kept_otherwise(ladder, wanted):
        return []
    rows = held.rows.get(wanted, ())
    return [_gate(row, rows, program) for row in _gate_rows(rows)]


def is_kept_otherwise(ladder: Ladder, tier: str) -> bool:
    """Whether who holds a tier keeps it by something else than what earns it, so that it does not rest on that."""
    own = any(each.keeps for each in ladder.tiers if each.id == tier)
    return own or any(review.keeps for review in ladder.demote)


def _reviews(standing: Standing, ladder: str, program: Program, joined_on: date | None) -> dict[str, Any]:
    """When the tier can change next, and what keeps it."""
    found = next_reviews(program, standing, joined_on=joined_on)[ladder]
    days = {"promotion": found.promotion, "demotion": found.demotion}
    return {
        "reviews": {name: day.isoformat() if day else None for name, day in days.items()},
        "keeps": kept_gates(standing, program),
        **_kept_otherwise(standing, program.ladders[ladder]),
    }


def _kept_otherwise(standing: Standing, ladder: Ladder) -> dict[str, Any]:
    held = standing.tiers.get(ladder.name)
    return {"kept_otherwise": True} if held and held.tier and is_kept_otherwise(ladder, held.tier) else {}


def _worth(standing: Standing, program: Program) -> dict[str, Any] | None:
    """The last measure that the program declares in its currency: what a partner brings, put together."""
    in_money = [name for name, each in program.measures.items() if each.text.unit == program.header.currency]
    name = in_money[-1] if in_money else None
    number = standing.numbers.get(name) if name else None
    if name is None or number is None:
        return None
    declared = program.measures[name]
    return {"label": declared.text.label or name, "unit": declared.text.unit, "value": _text(number.value)}


def _gate_rows(rows: Sequence[RequirementRow]) -> list[RequirementRow]:
    """What a person reads as one requirement: the parts of the outermost "all", or the whole."""
    if not rows:
        return []
    whole = rows[0]
    if whole.kind != "all":
        return [whole]
    return [row for row in rows if _group(row) == whole.path]


@dataclass(frozen=True, slots=True)
class _Shown:
    """The words and the measuring rod of a number."""

    label: str
    unit: str
    factor: int


def _gate(row: RequirementRow, rows: Sequence[RequirementRow], program: Program) -> dict[str, Any]:
    shown = _shown(row, program)
    return {
        "key": row.path,
        "label": shown.label,
        "state": row.result,
        "value": _scaled(row.value, shown),
        "threshold": _scaled(row.line, shown),
        "comparison": _COMPARISONS.get(row.test, "at_least"),
        "unit": shown.unit,
        "words": _gap_words(row, shown, program) if row.result == "unmet" else "",
        "note": _note(row, rows, program),
        "is_score": row.kind == "number" and row.name in program.scores,
        "control": program.measures[row.name].control if row.name in program.measures else None,
    }


def _shown(row: RequirementRow, program: Program) -> _Shown:
    declared = program.measures.get(row.name) or program.scores.get(row.name)
    if row.kind != "number" or declared is None:
        return _Shown(row.label[:1].upper() + row.label[1:], "", 1)
    label = declared.text.label or row.label
    if isinstance(declared.number, ListNumber) and declared.number.operation == "ratio":
        return _Shown(label, PERCENT, 100)
    return _Shown(label, declared.text.unit or "", 1)


def unit_of(row: RequirementRow, program: Program) -> str:
    """The unit in which the number of a requirement is read; per cent of a share."""
    return _shown(row, program).unit


def _scaled(value: Decimal | None, shown: _Shown) -> str | None:
    return None if value is None else _text(value * shown.factor)


def _gap_words(row: RequirementRow, shown: _Shown, program: Program) -> str:
    """What is missing or too much, to stand beside the label: "one more", "USD 12,000 more", "2 too many"."""
    if row.gap is None or row.kind != "number":
        return ""
    if not row.gap and row.test in _ON_THE_LINE:
        return _ON_THE_LINE[row.test]
    gap = f"{short_gap(row.gap * shown.factor).normalize():,f}"
    if row.is_place:
        return "one place to go" if row.gap == 1 else f"{gap} places to go"
    words = _excess_words if row.test in LOW_TESTS else _lack_words
    return words(row.gap, gap, shown, is_score=row.name in program.scores)


def _lack_words(gap: Decimal, said: str, shown: _Shown, *, is_score: bool) -> str:
    if is_score:
        return f"{said} more {_points(said)}"
    if shown.unit:
        return f"{said} percentage {_points(said)} more" if shown.unit == PERCENT else f"{shown.unit} {said} more"
    return "one more" if gap == 1 else f"{said} more"


def _points(said: str) -> str:
    return "point" if said == "1" else "points"


def _excess_words(gap: Decimal, said: str, shown: _Shown, *, is_score: bool) -> str:
    """What is too much of a number that must stay low."""
    if is_score:
        return f"{said} {_points(said)} too many"
    if shown.unit:
        number = f"{said} percentage {_points(said)}" if shown.unit == PERCENT else f"{shown.unit} {said}"
        return f"{number} too much"
    if gap != gap.to_integral_value():
        return f"{said} too much"
    return "one too many" if gap == 1 else f"{said} too many"


def _missing(row: RequirementRow, program: Program) -> str:
    shown = _shown(row, program)
    return f"{shown.label}: {_gap_words(row, shown, program)}"


def _distance(row: RequirementRow) -> Decimal:
    """The gap as a share of the line, so that people and per cent can be compared."""
    gap, line = row.gap or Decimal(0), row.line or Decimal(0)
    return gap / line if line else gap


def _note(row: RequirementRow, rows: Sequence[RequirementRow], program: Program) -> str:
    """For alternatives: the one that is nearest, in words."""
    if row.kind == "number" or row.result == "met":
        return ""
    inside = [item for item in _within_reach(rows, program) if item.path.startswith(f"{row.path}.") and item.gap]
    nearest = min(inside, key=_distance, default=None)
    return "" if nearest is None else f"Nearest: {_missing(nearest, program)}"


# --- worth doing next -----------------------------------------------------------------------------------------------


def _actions(
    standing: Standing, rows: Sequence[RequirementRow], program: Program, *, unlocks: str
) -> list[dict[str, Any]]:
    """What the partner itself controls: closed gates first, then promises of this period, then points."""
    closed = _within_reach(rows, program)
    own = [row for row in closed if _is_own(row.name, program) and row.test not in LOW_TESTS]
    found = {row.name: _gate_action(row, standing, program, unlocks) for row in own}
    too_many = {row.name for row in closed if row.test in LOW_TESTS}
    for name in program.measures:
        if name not in {*found, *too_many} and _is_due(name, standing, program):
            found[name] = _action(program.measures[name], standing, title="{}: not done yet")
    if any(row.name in program.scores for row in closed):
        found |= {name: action for name, action in _earnings(standing, program) if name not in found}
    return list(found.values())[:MOST_ACTIONS]


def _within_reach(rows: Sequence[RequirementRow], program: Program) -> list[RequirementRow]:
    """Numbers that are missing: not where another way is met or they must not be, and not on the way of another track."""
    met = [row.path for row in rows if row.result == "met"]
    elsewhere = [_group(row) for row in rows if _is_other_track(row, program)]
    others = [row.path for row in rows if row.kind == "all" and row.path in elsewhere]
    borne = bearings((row.path, row.kind, row.result) for row in rows)
    return [
        row
        for row in rows
        if row.kind == "number"
        and row.result == "unmet"
        and borne[row.path] == "asked"
        and not any(row.path.startswith(f"{path}.") for path in (*met, *others))
    ]


def _group(row: RequirementRow) -> str:
    return row.path.rpartition(".")[0]


def _is_other_track(row: RequirementRow, program: Program) -> bool:
    return row.kind == "status" and row.result == "unmet" and row.name in program.tracks


def _is_own(name: str, program: Program) -> bool:
    declared = program.measures.get(name)
    return declared is not None and declared.control == "controllable"


def _is_due(name: str, standing: Standing, program: Program) -> bool:
    """Whether it is an effort the partner controls, counted in the period that runs, and not begun."""
    declared, found = program.measures[name], standing.numbers.get(name)
    number = declared.number
    counts_now = isinstance(number, FactNumber) and number.over is not None and number.over.kind == "current"
    return _is_own(name, program) and bool(declared.effort) and counts_now and found is not None and found.value == 0


def _gate_action(row: RequirementRow, standing: Standing, program: Program, unlocks: str) -> dict[str, Any]:
    title = _missing(row, program)
    action = _action(program.measures[row.name], standing, title=title, times=row.gap or Decimal(1))
    return {**action, "unlocks": f"Needed for {unlocks}"}


def _earnings(standing: Standing, program: Program) -> Iterator[tuple[str, dict[str, Any]]]:
    """Points for one more of something the partner controls, where the cap leaves room; the most first."""
    rates = {name: _rate(earning) for name, earning in program.points.items()}
    for name in sorted((name for name, rate in rates.items() if rate), key=lambda name: -rates[name]):
        source = program.points[name].based_on
        if not isinstance(source, NumberReference) or not _is_own(source.name, program):
            continue
        points = min(rates[name], _room(program.points[name], standing))
        if points > 0:
            declared = program.measures[source.name]
            yield source.name, {**_action(declared, standing, title="{}: one more"), "points": _text(points)}


def _rate(earning: Earning) -> Decimal:
    """What one more earns, if the rule says it plainly."""
    value = earning.scale.value
    plain = earning.scale.kind == "rate" and earning.scale.per is None and isinstance(value, Constant)
    return value.value if plain and isinstance(value, Constant) and isinstance(value.value, Decimal) else Decimal(0)


def _room(earning: Earning, standing: Standing) -> Decimal:
    """What the caps leave; without caps there is always room for one more."""
    limits = [cap.at_most.value for cap in earning.cap if isinstance(cap.at_most, Constant) and not cap.per]
    held = standing.numbers.get(earning.name)
    rooms = [limit - (held.value or 0) for limit in limits if held is not None and isinstance(limit, Decimal)]
    return min(rooms, default=_rate(earning))


def _action(declared: DeclaredNumber, standing: Standing, *, title: str, times: Decimal = Decimal(1)) -> dict[str, Any]:
    effort = declared.effort
    hours, days = (effort.hours, effort.lead_days) if effort else (None, None)
    ready = standing.as_of + timedelta(days=int(days.value)) if _is_number(days) else None
    return {
        "title": title.format(declared.text.label or declared.name),
        "effort": _effort_words(hours.value, times) if _is_number(hours) else "",
        "ready_by": ready.isoformat() if ready else None,
        "icon": "target",
    }


def _effort_words(hours: Decimal, times: Decimal) -> str:
    """The hours of all that is missing: a program says them for one."""
    whole = hours * times
    words = "about 1 hour" if whole == 1 else f"about {whole.normalize():,f} hours"
    return words if times <= 1 else f"{words}, {hours.normalize():,f} each"


def _is_number(value: object) -> TypeGuard[_ConstantNumber]:
    return isinstance(value, Constant) and isinstance(value.value, Decimal)


# --- lines ----------------------------------------------------------------------------------------------------------


def _newest(history: Sequence[HistoryLine]) -> list[dict[str, Any]]:
    """What earned points, what single entries earned before what was worked out from numbers, each the newest first."""
    newest = sorted(_dated(history), key=lambda line: (line.kind != "recomputed", line.dated), reverse=True)
    taken = _taken(history)
    return [_line(line, taken.pop(_entry_of(line), Decimal(0))) for line in newest[:MOST_LINES]]


def _dated(history: Sequence[HistoryLine]) -> list[HistoryLine]:
    return [line for line in history if line.kind in {"entry", "recomputed", "reversal"}]


def _taken(history: Sequence[HistoryLine]) -> dict[tuple[str, str, date], Decimal]:
    """What caps and gates took from each entry, and from what a rule works out from a number."""
    found: dict[tuple[str, str, date], Decimal] = {}
    for line in history:
        if line.kind in {"cap", "gate"}:
            found[_entry_of(line)] = found.get(_entry_of(line), Decimal(0)) + line.amount
    return found


def _entry_of(line: HistoryLine) -> tuple[str, str, date]:
    return line.earning, line.fact or "", line.dated


def _line(line: HistoryLine, taken: Decimal) -> dict[str, Any]:
    is_earned = line.kind != "reversal"
    points = line.amount + taken if is_earned else line.amount
    return {
        "day": line.dated.isoformat(),
        "what": line.label,
        "points": _text(points),
        "state": "counted" if is_earned else "reversed",
        "note": _cap_words(points) if is_earned and taken else "",
    }


def _cap_words(points: Decimal) -> str:
    return "Only what the limit of this rule left." if points else NO_POINTS
