"""Running a scenario and saying what differs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Protocol

from swingby.engine.assessing import cells_of, compile_program
from swingby.engine.assessment import Assessment, FactSource, assess
from swingby.engine.declared import SHOWN
from swingby.engine.place import not_computed
from swingby.engine.scenarios.benefits import SECTION, AskedBenefits, ask_benefits, without_asked
from swingby.engine.scenarios.reading import Scenario, text_of
from swingby.engine.scenarios.worlds import PARTNER, Rows, rows_of
from swingby.engine.standing import RequirementRow, Standing
from swingby.errors import SwingbyError
from swingby.program import Program
from swingby.program.blocks import ByCase, Constant, Dated, Location, Value
from swingby.program.reading import literals
from swingby.program.reading.nodes import ListNode, MapNode, Node, ScalarNode

NUMBER_SECTIONS = ("measures", "points", "scores", "incentives")


@dataclass(frozen=True, slots=True)
class Difference:
    """One expectation that did not come out."""

    location: Location
    day: date
    what: str
    expected: str
    found: str
    because: str = ""

    def __str__(self) -> str:
        tail = f" ({self.because})" if self.because else ""
        return f"{self.location}: on {self.day}: {self.what}: expected {self.expected}, found {self.found}{tail}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a scenario came out.

    Attributes
    ----------
    checked, differences
        How many expectations there were, and those that differ.
    standings
        By partner and day, where those stand of whom something is expected.
    error
        Why it could not be run.
    """

    scenario: Scenario
    checked: int
    differences: tuple[Difference, ...]
    standings: Mapping[tuple[str, date], Standing] = field(default_factory=dict, repr=False)
    error: SwingbyError | None = None

    @property
    def passed(self) -> bool:
        """True when something was expected and all of it came out."""
        return self.checked > 0 and not self.differences


class ReadFacts(FactSource, Protocol):
    """Facts that were read and checked; `swingby.facts.FactSet`."""

    @property
    def errors(self) -> Sequence[object]:
        """What cost a row."""
        ...

    @property
    def left_out(self) -> Sequence[object]:
        """What cost a row, or an amount for want of a rate."""
        ...

    def position_at(self, moment: date) -> int:
        """The last position recorded by the end of a day."""
        ...

    def close(self) -> None:
        """Give the memory back."""
        ...


class MakeFacts(Protocol):
    """Makes facts of rows; `swingby.facts.from_rows`."""

    def __call__(self, tables: Rows, program: Program) -> ReadFacts:
        """Facts of these rows, for this program."""
        ...


def run_scenario(program: Program, scenario: Scenario, make_facts: MakeFacts) -> Outcome:
    """Compute the standing on every day of the scenario and compare.

    Raises
    ------
    SwingbyError
        ``scenario``, with the place, for rows that cannot be read; ``not-computed`` as in `assess`.
    """
    check_names(program, scenario)
    benefits = ask_benefits(program, [scenario])
    compiled = compile_program(benefits.program, given=given_values(program, scenario))
    runs: dict[date, Assessment] = {}
    for days, rows in worlds_of(program, scenario):
        with closing(make_facts(with_ids(program, rows), program)) as facts:
            _refuse_bad_rows(program, scenario, facts)
            assessment = assess(compiled, facts, as_of=days, known_at=position_asked(scenario, facts))
            assessment.close()
        runs |= dict.fromkeys(days, assessment)
    return outcome_of(scenario, lambda name, day: runs[day].standing(name, day), benefits)


def outcome_of(scenario: Scenario, standing: Callable[[str, date], Standing], benefits: AskedBenefits) -> Outcome:
    """Compare what is expected with the standing of each partner on each day."""
    wanted = {
        (name, day): node for day, found in scenario.expected.items() for name, node in _by_partner(scenario, found)
    }
    standings = {key: standing(*key) for key in wanted}
    results = [result for key, node in wanted.items() for result in _compared(standings[key], node, benefits)]
    shown = {key: without_asked(found) for key, found in standings.items()}
    return Outcome(scenario, len(results), tuple(item for item in results if item is not None), shown)


def worlds_of(program: Program, scenario: Scenario) -> list[tuple[list[date], Rows]]:
    """The days of a scenario with their facts; days with the same facts are answered by one run."""
    worlds: list[tuple[list[date], Rows]] = []
    for day in scenario.expected:
        rows = rows_of(program, scenario, as_of=day)
        if worlds and worlds[-1][1] == rows:
            worlds[-1][0].append(day)
        else:
            worlds.append(([day], rows))
    return worlds


def with_ids(program: Program, tables: Rows) -> Rows:
    """The rows with a name for every fact, so that of facts of one day the one written first comes first."""
    return {
        table: [{"fact_id": f"{table}-{place:06}", **row} for place, row in enumerate(rows)]
        if table in program.kinds
        else rows
        for table, rows in tables.items()
    }


def _refuse_bad_rows(program: Program, scenario: Scenario, facts: ReadFacts) -> None:
    stopping = stopped_by(program, facts)
    if stopping:
        raise SwingbyError(
            code="scenario",
            message=f"{scenario.location}: {scenario.name}: {stopping[0]}",
            hint="Mend the row; a scenario must not pass because a fact was left out.",
        )


def stopped_by(program: Program, facts: ReadFacts) -> Sequence[object]:
    """What a scenario stops at: rows that are wrong, and amounts without a rate where no earning takes them as they are."""
    earnings = (*program.points.values(), *program.incentives.values())
    return facts.errors if any(earning.own_currency for earning in earnings) else facts.left_out


def position_asked(scenario: Scenario, facts: ReadFacts) -> int | None:
    """The position that the scenario names, by itself or by a day; None for the latest."""
    if scenario.known_at is None:
        return None
    day = literals.day(scenario.known_at)
    return facts.position_at(day) if day else int(scenario.known_at)


def check_names(program: Program, scenario: Scenario) -> None:
    """Numbers that are set by hand must be numbers of the program, and the program the one that is meant."""
    known = {*program.measures, *program.points, *program.scores, *program.incentives}
    for name, node in scenario.given.items():
        if name.partition("[")[0] not in known:
            message = f'{node.location}: the program has no number "{name}".'
            raise SwingbyError(code="scenario", message=message, hint=f"It has: {', '.join(sorted(known))}.")
    if scenario.program not in (None, program.header.id):
        message = f"{scenario.location}: this scenario is for {scenario.program}, not for {program.header.id}."
        raise SwingbyError(
            code="scenario", message=message, hint="Run it with its own program, or leave `program` out."
        )


def _by_partner(scenario: Scenario, expected: MapNode) -> Iterator[tuple[str, MapNode]]:
    names = {PARTNER, *(name for name, _ in scenario.others)}
    if scenario.others and set(expected.names) <= names:
        for key, node in expected.entries:
            if isinstance(node, MapNode):
                yield key.text, node
    else:
        yield PARTNER, expected


def given_values(program: Program, scenario: Scenario) -> Mapping[str, Value]:
    """Numbers set by hand, as values; by date or one for all time, perhaps in one cell (``name[cell]``)."""
    found: dict[str, Value] = {}
    for name, node in scenario.given.items():
        value = _written(node)
        bare, _, cell = name.removesuffix("]").partition("[")
        if value is not None:
            found[bare] = _in_cell(program, bare, cell, value, found.get(bare)) if cell else value
    return found


def _written(node: Node) -> Value | None:
    if isinstance(node, ScalarNode):
        return _number(node)
    if not isinstance(node, MapNode):
        return None
    steps = [(literals.day(key.text), value) for key, value in node.entries]
    dated = sorted((day, _number(value)) for day, value in steps if day and isinstance(value, ScalarNode))
    return Dated(initially=None, steps=tuple(dated), location=node.location)


def _in_cell(program: Program, name: str, cell: str, value: Value, before: Value | None) -> Value:
    """A value in one cell beside those that were given before."""
    column, *rest = cells_of(program, name)
    if rest:
        not_computed("a number by several columns that is set by hand", value)
    cases = before.cases if isinstance(before, ByCase) else ()
    return ByCase(by=column, cases=(*cases, (cell, value)), location=value.location)


def _number(node: ScalarNode) -> Constant:
    return Constant(value=literals.number(node.text) or Decimal(0), location=node.location)


# --- comparing ------------------------------------------------------------------------------------------------------


def _compared(standing: Standing, expected: MapNode, benefits: AskedBenefits) -> Iterator[Difference | None]:
    for key, node in expected.entries:
        if not isinstance(node, MapNode):
            yield Difference(node.location, standing.as_of, key.text, "a mapping", "a single value")
            continue
        for name, wanted in node.entries:
            if key.text == "rows":
                yield from _rows(standing, name.text, wanted)
            elif key.text == "accounts":
                yield from _accounts(standing, name.text, wanted)
            else:
                is_benefit = key.text == SECTION
                found = benefits.answer(standing, name.text) if is_benefit else _found(standing, key.text, name.text)
                yield _one(standing, key.text, name.text, wanted, found)


def _one(standing: Standing, section: str, name: str, wanted: Node, found: str | None) -> Difference | None:
    written = text_of(wanted) or ""
    if found is not None and _same(written, found, section):
        return None
    because = _because(standing, name, written) if section == "tiers" else ""
    what = f"{section}.{name}"
    return Difference(
        wanted.location, standing.as_of, what, written, "nothing of that name" if found is None else found, because
    )


def _found(standing: Standing, section: str, name: str) -> str | None:
    if section == "tiers":
        tier = standing.tiers.get(name)
        return None if tier is None else tier.tier or "none"
    if section in NUMBER_SECTIONS:
        number = standing.numbers.get(name)
        if number is None:
            return None
        return number.state if number.state != "known" else format(number.value or Decimal(0), "f")
    words: Mapping[str, Mapping[str, str]] = {"requirements": standing.requirements, "tracks": standing.tracks}
    return words.get(section, {}).get(name)


def _same(wanted: str, found: str, section: str) -> bool:
    number = literals.number(found) if section in (*NUMBER_SECTIONS, SECTION) else None
    return wanted == found if number is None else same_number(wanted, number)


def _accounts(standing: Standing, name: str, wanted: Node) -> Iterator[Difference | None]:
    """An account's balance, or what it shows by name: ``{balance: 9000, used: 3000}``."""
    account = standing.accounts.get(name)
    shown = [(key.text, cell) for key, cell in wanted.entries] if isinstance(wanted, MapNode) else [("balance", wanted)]
    for show, cell in shown:
        if show == "lots":
            yield from _lots(standing, name, cell)
            continue
        written = text_of(cell) or ""
        found = getattr(account, show, None) if show in SHOWN else None
        what = f"accounts.{name}.{show}"
        told = "nothing of that name" if found is None else format(found, "f")
        same = same_number(written, found)
        yield None if same else Difference(cell.location, standing.as_of, what, written, told)


def _lots(standing: Standing, name: str, wanted: Node) -> Iterator[Difference | None]:
    """The lots of an account from the oldest: what is left of each, or what is written of it by name."""
    account = standing.accounts.get(name)
    lots, items = account.lots if account else (), wanted.items if isinstance(wanted, ListNode) else ()
    what = f"accounts.{name}.lots"
    if len(lots) != len(items):
        yield Difference(wanted.location, standing.as_of, what, f"{len(items)} lots", f"{len(lots)} lots")
    for place, (lot, item) in enumerate(zip(lots, items, strict=False), start=1):
        cells = [(key.text, cell) for key, cell in item.entries] if isinstance(item, MapNode) else [("left", item)]
        for column, cell in cells:
            found, written = getattr(lot, column, None), text_of(cell) or ""
            same = same_number(written, found) if isinstance(found, Decimal) else written == str(found or "never")
            told = "nothing of that name" if not hasattr(lot, column) else str(found or "never")
            yield None if same else Difference(cell.location, standing.as_of, f"{what}.{place}.{column}", written, told)


def same_number(wanted: str, found: Decimal | None) -> bool:
    """Exactly equal; with ``~`` in front, equal to the digits that are written."""
    number = literals.number(wanted.removeprefix("~"))
    if number is None or found is None:
        return False
    return found.quantize(number) == number if wanted.startswith("~") else found == number


def _because(standing: Standing, ladder: str, wanted: str) -> str:
    """The first requirement of the expected tier that is not met; a group as a whole where one part would do."""
    tier = standing.tiers.get(ladder)
    rows = tier.rows.get(wanted, ()) if tier else ()
    needed = [row for row in rows if all(_group_kind(rows, path) == "all" for path in _above(row.path))]
    unmet = [row for row in needed if row.result != "met" and row.kind != "all"]
    if not unmet:
        return ""
    row = unmet[0]
    return f"{row.label}: {row.value} against {row.line}" if row.kind == "number" else row.label


def _group_kind(rows: Sequence[RequirementRow], path: str) -> str:
    return next(row.kind for row in rows if row.path == path)


def _above(path: str) -> Iterator[str]:
    """The groups that a row stands in."""
    parts = path.split(".")
    return (".".join(parts[:count]) for count in range(1, len(parts)))


def _rows(standing: Standing, path: str, wanted: Node) -> Iterator[Difference | None]:
    """Rows of a tier, written ``level.gold``: by name of the number, topic or requirement."""
    ladder, _, tier = path.partition(".")
    held = standing.tiers.get(ladder)
    rows = {row.name: row for row in (held.rows.get(tier, ()) if held else ()) if row.name}
    for name, cells in wanted.entries if isinstance(wanted, MapNode) else ():
        row = rows.get(name.text)
        for column, cell in cells.entries if isinstance(cells, MapNode) else ():
            yield _cell(standing, f"{path}.{name.text}.{column.text}", row, column.text, cell)


def _cell(standing: Standing, what: str, row: RequirementRow | None, column: str, cell: Node) -> Difference | None:
    written = text_of(cell) or ""
    if row is None:
        return Difference(cell.location, standing.as_of, what, written, "no such row")
    if column == "result":
        return None if row.result == written else Difference(cell.location, standing.as_of, what, written, row.result)
    number = {"value": row.value, "threshold": row.line, "gap": row.gap}.get(column)
    if same_number(written, number):
        return None
    return Difference(cell.location, standing.as_of, what, written, str(number))
