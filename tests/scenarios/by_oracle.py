"""Scenarios answered by the oracle: proof of what they expect that owes nothing to the engine.

Only the reading of the YAML is shared: which facts a scenario means, and what it expects on which day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

from swingby.engine.scenarios import Scenario
from swingby.engine.scenarios.reading import SECTIONS
from swingby.engine.scenarios.worlds import PARTNER, Rows, rows_of
from swingby.program import Program
from swingby.program.blocks import Location
from swingby.program.reading.nodes import ListNode, MapNode, Node, ScalarNode
from tests.oracle import World, accounts, ladders, numbers, read_program, requirements, tracks, values
from tests.oracle.frame import EVERYTHING, Frame, Num, Run
from tests.oracle.ledger import Ledger
from tests.oracle.tree import Node as Tree

NUMBERS = ("measures", "points", "scores", "incentives")
GROUPS = ("all", "any", "none")
#: What a leaf of a requirement may be about; its row has that name.
ABOUT = ("measure", "points", "score", "incentive", "decision", "track", "ladder", "column")
CELLS = ("value", "threshold", "gap", "result")


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One expectation that the oracle does not confirm."""

    scenario: str
    location: Location
    day: date
    what: str
    expected: str
    found: str

    def __str__(self) -> str:
        place = f"{self.location} ({self.scenario}, {self.day})"
        return f"{place}: {self.what}: expected {self.expected}, the oracle says {self.found}"


def rules_of(folder: Path) -> Tree:
    """The raw program of a folder, as the oracle reads it."""
    return read_program(*sorted(folder.glob("*.yaml")))


def disagreements(rules: Tree, program: Program, scenarios: Iterable[Scenario]) -> Iterator[Disagreement]:
    """Whatever the oracle does not confirm, scenario by scenario.

    Parameters
    ----------
    rules
        The raw program that the oracle evaluates.
    program
        The same program as loaded; it says only which kinds and columns there are.
    """
    for scenario in scenarios:
        for day, run in looks(rules, program, scenario):
            for name, expected in by_partner(scenario, scenario.expected[day]):
                look = Frame(run, name, day, day, known_at(run, scenario))
                yield from compared(Answers(look), scenario, expected)


def looks(rules: Tree, program: Program, scenario: Scenario) -> Iterator[tuple[date, Run]]:
    """Every day of a scenario with its world; days with the same facts share what was worked out."""
    patched = with_given(rules, scenario.given)
    for days, rows in worlds(program, scenario):
        world = World(patched, as_facts(program, rows))
        run = Run(world, "as_decided", Ledger(world))
        yield from ((day, run) for day in days)


def answers_on(rules: Tree, program: Program, scenario: Scenario, day: date) -> Answers:
    """What the oracle says about the partner under test on one of the scenario's days."""
    run = next(run for found, run in looks(rules, program, scenario) if found == day)
    return Answers(Frame(run, PARTNER, day, day, known_at(run, scenario)))


# --- from a scenario to a world -------------------------------------------------------------------------------------


def worlds(program: Program, scenario: Scenario) -> list[tuple[list[date], Rows]]:
    """The days of a scenario with their facts; days with the same facts share one world."""
    found: list[tuple[list[date], Rows]] = []
    for day in scenario.expected:
        rows = rows_of(program, scenario, as_of=day)
        if found and found[-1][1] == rows:
            found[-1][0].append(day)
        else:
            found.append(([day], rows))
    return found


def as_facts(program: Program, rows: Rows) -> dict[str, list[dict[str, Any]]]:
    """The rows with an id for each fact, every column present, and times of recording as times."""
    return {table: [_row(program, table, place, row) for place, row in enumerate(rows[table])] for table in rows}


def _row(program: Program, table: str, place: int, row: Mapping[str, Any]) -> dict[str, Any]:
    if table not in program.kinds:
        return dict(row)
    whole: dict[str, Any] = dict.fromkeys(column.name for column in program.kinds[table].all_columns)
    whole |= row
    whole["fact_id"] = row.get("fact_id") or f"{table}-{place:04}"
    if "recorded_at" in row:
        whole["recorded_at"] = datetime.fromisoformat(str(row["recorded_at"]))
    return whole


def known_at(run: Run, scenario: Scenario) -> int:
    """The position at the end of the day that the scenario names; without one everything is known."""
    if scenario.known_at is None:
        return EVERYTHING
    return run.ledger.position_at(date.fromisoformat(scenario.known_at) + timedelta(days=1))


def by_partner(scenario: Scenario, expected: MapNode) -> Iterator[tuple[str, MapNode]]:
    """What is expected of which partner."""
    if set(expected.names) <= set(SECTIONS):
        yield PARTNER, expected
        return
    for key, node in expected.entries:
        assert isinstance(node, MapNode), key
        yield key.text, node


def with_given(rules: Tree, given: Mapping[str, Node]) -> Tree:
    """The program with numbers set by hand in place of their rules."""
    cells: dict[str, dict[str, Any]] = {}
    for label, node in given.items():
        name, *places = label.replace("]", "").split("[")
        assert len(places) <= 1, label
        cells.setdefault(name, {})["".join(places)] = _plain(node)
    found = dict(rules)
    for name, by_cell in cells.items():
        section = next(section for section in NUMBERS if name in rules.get(section, {}))
        found[section] = {**found[section], name: _set_by_hand(section, rules[section][name], by_cell)}
    return found


def _plain(node: Node) -> Any:
    if isinstance(node, MapNode):
        return {key.text: _plain(value) for key, value in node.entries}
    assert isinstance(node, ScalarNode)
    return node.text


def _set_by_hand(section: str, rule: Tree, values: Mapping[str, Any]) -> Tree:
    by = {"by": rule["by"]} if "by" in rule else {}
    number = {"sum": [{**by, **values} if by else values[""]]}
    return {**by, "based_on": number, "earn": "1"} if section in ("points", "incentives") else {**by, **number}


# --- asking ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Answers:
    """What the oracle says about one partner on one day, worked out when asked."""

    look: Frame

    def answer(self, section: str, label: str) -> Any:
        """A tier, number, requirement, track or balance by its name."""
        name, look = self._named(section, label)
        if section == "tiers":
            return ladders.tier_held(look, name) or "none"
        if section in NUMBERS:
            assert name in look.world.section(section), f"{section} has no {name}"
            return requirements.shown(numbers.named(look, name))
        if section == "requirements":
            return requirements.named(look, name).result
        if section == "benefits":
            return self._benefit(look, name)
        assert section == "tracks", section
        return tracks.track(look, name)

    def _benefit(self, look: Frame, name: str) -> Any:
        found = values.value(look, look.world.section("benefits")[name]["value"])
        if isinstance(found, Num):
            return None if found.state == "undefined" else requirements.shown(found)
        return str(found).lower() if isinstance(found, bool) else found

    def field(self, path: str) -> Any:
        """A figure by its whole path: ``scores.total``, ``rows.level.gold.total.gap``, ``accounts.coop.expired``."""
        section, _, name = path.partition(".")
        if section == "rows":
            tier, row, cell = name.rsplit(".", 2)
            return getattr(self.rows(tier)[row], cell)
        if section == "accounts":
            account, _, show = name.partition(".")
            return self.account(account, show or "balance")
        return self.answer(section, name)

    def account(self, name: str, show: str) -> Any:
        """What an account shows: ``balance``, ``opened``, ``used`` or ``expired``."""
        return requirements.shown(accounts.shown(self.look, {"account": name, "show": show}))

    def lots(self, name: str) -> Sequence[accounts.Lot]:
        """The lots of an account in their order, emptied and unopened ones as well."""
        return accounts.book(self.look, name).lots

    def rows(self, path: str) -> Mapping[str, requirements.Judgement]:
        """The rows of a tier by what they are about."""
        label, _, tier = path.rpartition(".")
        name, look = self._named("tiers", label)
        spec = next(item for item in ladders.spec_of(look, name)["tiers"] if item["id"] == tier)
        return dict(_rows(look, spec["requires"]))

    def _named(self, section: str, label: str) -> tuple[str, Frame]:
        """The name without its cells, and the look inside them."""
        name, *cells = label.replace("]", "").split("[")
        rules = self.look.world.section("ladders" if section == "tiers" else section)
        columns = rules.get(name, {}).get("by", []) if cells else []
        look = self.look
        for column, cell in zip([columns] if isinstance(columns, str) else columns, cells, strict=True):
            look = look.in_cell(column, cell)
        return name, look


def _rows(look: Frame, spec: Tree) -> Iterator[tuple[str, requirements.Judgement]]:
    for leaf in requirements.expanded([spec]):
        group = next((name for name in (*GROUPS, "count") if isinstance(leaf.get(name), list)), None)
        if group is not None:
            for part in leaf[group]:
                yield from _rows(numbers.moved(look, leaf), part)
        elif "requirement" in leaf:
            yield leaf["requirement"], requirements.judge(look, leaf)
            yield from _rows(numbers.moved(look, leaf), look.world.section("requirements")[leaf["requirement"]])
        else:
            about = next((leaf[key] for key in ABOUT if key in leaf), "")
            yield about, requirements.judge(look, leaf)


# --- comparing ------------------------------------------------------------------------------------------------------


def compared(answers: Answers, scenario: Scenario, expected: MapNode) -> Iterator[Disagreement]:
    """Every expectation about one partner on one day that does not come out."""
    for section, node in expected.entries:
        assert section.text in SECTIONS, section
        assert isinstance(node, MapNode), section
        for name, wanted in node.entries:
            for what, written, found in _asked(answers, section.text, name.text, wanted):
                if not same(written.text, found):
                    label = f"{section.text}.{name.text}{what}"
                    yield Disagreement(
                        scenario.name, written.location, answers.look.day, label, written.text, _shown(found)
                    )


def _asked(answers: Answers, section: str, name: str, wanted: Node) -> Iterator[tuple[str, ScalarNode, Any]]:
    if section == "rows":
        yield from _asked_rows(answers.rows(name), wanted)
    elif section == "accounts":
        yield from _asked_account(answers, name, wanted)
    else:
        assert isinstance(wanted, ScalarNode), wanted
        yield "", wanted, answers.answer(section, name)


def _asked_rows(rows: Mapping[str, requirements.Judgement], wanted: Node) -> Iterator[tuple[str, ScalarNode, Any]]:
    assert isinstance(wanted, MapNode)
    for name, cells in wanted.entries:
        assert isinstance(cells, MapNode)
        for cell, written in cells.entries:
            assert isinstance(written, ScalarNode)
            assert cell.text in CELLS, cell
            row = rows.get(name.text)
            yield f".{name.text}.{cell.text}", written, getattr(row, cell.text) if row else "no such row"


def _asked_account(answers: Answers, name: str, wanted: Node) -> Iterator[tuple[str, ScalarNode, Any]]:
    """A balance; or any of balance, opened, used, expired and lots."""
    if isinstance(wanted, ScalarNode):
        yield "", wanted, answers.account(name, "balance")
        return
    assert isinstance(wanted, MapNode)
    for key, written in wanted.entries:
        if isinstance(written, ListNode):
            yield from _asked_lots(answers.lots(name), written)
        else:
            assert isinstance(written, ScalarNode)
            yield f".{key.text}", written, answers.account(name, key.text)


def _asked_lots(lots: Sequence[accounts.Lot], wanted: ListNode) -> Iterator[tuple[str, ScalarNode, Any]]:
    yield ".lots", ScalarNode(wanted.location, str(len(wanted.items))), Fraction(len(lots))
    for place, (lot, item) in enumerate(zip(lots, wanted.items, strict=False)):
        if isinstance(item, ScalarNode):
            yield f".lots.{place}", item, lot.left
            continue
        assert isinstance(item, MapNode)
        for key, written in item.entries:
            assert isinstance(written, ScalarNode)
            yield f".lots.{place}.{key.text}", written, getattr(lot, key.text)


def same(written: str, found: Any) -> bool:
    """Exactly equal; a number with ``~`` in front is equal to the digits that are written."""
    if not isinstance(found, Fraction):
        return written == _shown(found)
    text = written.removeprefix("~")
    percent = text.endswith("%")
    try:
        wanted = Fraction(text.removesuffix("%")) / (100 if percent else 1)
    except ValueError:
        return False
    if not written.startswith("~"):
        return found == wanted
    digits = len(text.removesuffix("%").partition(".")[2]) + (2 if percent else 0)
    return abs(found - wanted) <= Fraction(1, 2 * 10**digits)


def _shown(found: Any) -> str:
    """A number, word or day as a scenario writes it."""
    return "none" if found is None else found.isoformat() if isinstance(found, date) else str(found)
