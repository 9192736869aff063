"""Many scenarios in one run: each keeps its facts under names of its own, so that none sees those of another.

What a run costs is mostly the same for one partner and for a hundred. Scenarios share one unless something in the
program or in a scenario reaches beyond its own partners; those are run by themselves.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from swingby.engine.assessing import Compiled, compile_program
from swingby.engine.assessment import assess
from swingby.engine.nodes import AnyoneNode, RankNode
from swingby.engine.scenarios.benefits import AskedBenefits, ask_benefits
from swingby.engine.scenarios.reading import Scenario
from swingby.engine.scenarios.running import (
    MakeFacts,
    Outcome,
    check_names,
    given_values,
    outcome_of,
    position_asked,
    run_scenario,
    stopped_by,
    with_ids,
    worlds_of,
)
from swingby.engine.scenarios.worlds import Row, Rows
from swingby.engine.standing import AccountStanding, Standing
from swingby.errors import SwingbyError
from swingby.program import Program
from swingby.program.blocks import ByCase, Condition, Constant, Value
from swingby.program.kinds import OWNER_COLUMN, REFERENCE_TABLES
from swingby.program.model import Track
from swingby.program.numbers import Credit
from swingby.program.reading import literals
from swingby.program.walk import rules

#: Reference tables of which each partner has rows of its own; the others say the same to everybody.
OWN_TABLES = ("organizations", "enrolments", "people", "customers")
#: As many scenarios answer about as fast together as one by one when their days are all different.
MOST = 60
#: The topic on which each partner of a joint run says which numbers are set by hand for it. No program can name it.
BY_HAND = "set by hand"
LONG_AGO = date(1950, 1, 1)
#: What stands where every cell has its own value.
NEVER = Constant(value=Decimal(0))
Told = Callable[[int], object]
#: Says of a failure that nobody foresaw what to tell of it; None where it concerns more than one scenario.
Excuse = Callable[[Exception], SwingbyError | None]


def run_scenarios(
    program: Program,
    scenarios: Sequence[Scenario],
    make_facts: MakeFacts,
    *,
    told: Told | None = None,
    excuse: Excuse | None = None,
) -> list[Outcome]:
    """Run scenarios together where that gives the same as one by one, and compare.

    Parameters
    ----------
    told
        Called with a number of scenarios whenever so many more are done.
    excuse
        Asked about every exception that is no `SwingbyError`: what it says stands in ``error`` of the one scenario that
        failed. Without it, and where it says nothing, the exception is raised.

    Returns
    -------
    list[Outcome]
        In the order of the scenarios; what `run_scenario` would raise stands in ``error``.
    """
    found: dict[int, Outcome] = {}
    for place, outcome in outcomes(program, scenarios, make_facts, excuse=excuse):
        found[place] = outcome
        if told:
            told(1)
    return [found[place] for place in range(len(scenarios))]


def outcomes(
    program: Program, scenarios: Sequence[Scenario], make_facts: MakeFacts, *, excuse: Excuse | None = None
) -> Iterator[tuple[int, Outcome]]:
    """The outcomes one after the other as they are found, each with its place among the scenarios."""
    running = _Running(program, make_facts, excuse or _no_excuse)
    for group in _groups(program, scenarios):
        yield from _answered(running, group)


def _no_excuse(_: Exception) -> None:
    return None


# --- who can share a run --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class World:
    """The facts of a scenario on some of its days, and what tells their names from those of the others."""

    tag: str
    days: tuple[date, ...]
    rows: Rows

    def own(self, name: str) -> str:
        """The name in the joint run of what the scenario calls by a name."""
        return f"{self.tag}/{name}"


@dataclass(frozen=True, slots=True)
class Member:
    """A scenario that takes part in a joint run; ``place`` is where it stands among all."""

    place: int
    scenario: Scenario
    worlds: tuple[World, ...]
    given: Mapping[str, Value]


Group = Sequence[Member]


def _groups(program: Program, scenarios: Sequence[Scenario]) -> Iterator[Group]:
    """Scenarios that one run can answer; those that cannot share one stand alone."""
    shares = is_shareable(program)
    found: defaultdict[object, list[Member]] = defaultdict(list)
    for place, scenario in enumerate(scenarios):
        member = _member(program, place, scenario)
        alone = not shares or not member.worlds or _reaches_beyond(member)
        found[("alone", place) if alone else _common(program, member)].append(member)
    for members in sorted(found.values(), key=len, reverse=True):
        ordered = sorted(members, key=lambda member: min(member.scenario.expected, default=LONG_AGO))
        yield from (ordered[start : start + MOST] for start in range(0, len(ordered), MOST))


def is_shareable(program: Program) -> bool:
    """False for a program in which a partner's standing depends on others, or on what somebody is called."""
    graph = compile_program(program).builder.graph
    if any(graph.of(RankNode)) or any(graph.of(AnyoneNode)):
        return False
    if any(fact.pick for fact in program.facts.values()):
        return False
    parts = [part for rule in rules(program) for part in rule.parts]
    if _leading_ids(parts) & _words(program):
        return False
    ids = {name for table in (*program.kinds, *OWN_TABLES) for name in _id_columns(program, table)}
    named = {part.column for part in parts if isinstance(part, Condition) and part.values}
    named |= {part.by for part in parts if isinstance(part, ByCase)}
    named |= {name for name, table in program.tables.items() if table.items}
    return not ids & {name.rpartition(".")[2] for name in named}


def _leading_ids(parts: Sequence[object]) -> set[str]:
    """The columns that lead from one row to another, which must never be one of another scenario."""
    matching = {part.matching for part in parts if isinstance(part, Credit) and part.matching}
    own = {column.name for table in OWN_TABLES for column in REFERENCE_TABLES[table] if column.type == "id"}
    return matching | own | set(OWNER_COLUMN.values())


def _words(program: Program) -> set[str]:
    """The columns that are no id everywhere, or are one of a table that everybody shares: they keep what they hold."""
    columns = (column for kind in program.kinds.values() for column in kind.columns)
    shared = (REFERENCE_TABLES[name] for name in REFERENCE_TABLES if name not in OWN_TABLES)
    keys = {column.name for table in shared for column in table if column.type == "id"}
    return {column.name for column in columns if column.type != "id"} | keys - {"organization"}


def _member(program: Program, place: int, scenario: Scenario) -> Member:
    """A scenario with its worlds; without any when something in it cannot be read."""
    try:
        check_names(program, scenario)
        made = enumerate(worlds_of(program, scenario))
        worlds = tuple(World(f"{place:04}-{nth:02}", tuple(days), rows) for nth, (days, rows) in made)
        return Member(place, scenario, worlds, given_values(program, scenario))
    except SwingbyError:
        return Member(place, scenario, (), {})


def _reaches_beyond(member: Member) -> bool:
    """True for positions by number, which count everybody's facts, and for what sources say about their completeness."""
    known = member.scenario.known_at
    return (known is not None and literals.day(known) is None) or any(
        world.rows.get("coverage") for world in member.worlds
    )


def _common(program: Program, member: Member) -> object:
    """What scenarios of one run have in common."""
    tables = [name for name in REFERENCE_TABLES if name not in OWN_TABLES]
    common = {repr([world.rows.get(name, ()) for name in tables]) for world in member.worlds}
    late = any(_is_late(row) for world in member.worlds for rows in world.rows.values() for row in rows)
    shapes = tuple(sorted((name, _shape(program, value)) for name, value in member.given.items()))
    return member.scenario.known_at, tuple(sorted(common)), late, shapes, len(common) > 1 and member.place


def _is_late(row: Row) -> bool:
    return row.get("recorded_at") is not None or row.get("reverses") is not None


def _shape(program: Program, value: Value) -> str:
    """Numbers that are set in one piece or in all their cells may differ between scenarios; in some cells, they may not."""
    if not isinstance(value, ByCase):
        return ""
    is_whole = {str(item.value) for item in program.tables[value.by].items} <= {cell for cell, _ in value.cases}
    return " ".join((value.by, *(cell for cell, _ in value.cases))) if is_whole else repr(value)


# --- running --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Running:
    """What the scenarios of a program are run with."""

    program: Program
    make_facts: MakeFacts
    excuse: Excuse

    def told(self, failure: Exception) -> SwingbyError:
        """What to say of a failure; one that concerns more than a scenario goes on its way."""
        found = failure if isinstance(failure, SwingbyError) else self.excuse(failure)
        if found is None:
            raise failure
        return found


def _answered(running: _Running, group: Group) -> Iterator[tuple[int, Outcome]]:
    """The outcomes of a group. When a run fails, its halves say whose fault it is."""
    if len(group) == 1:
        yield group[0].place, _alone(running, group[0].scenario)
        return
    try:
        benefits = ask_benefits(running.program, [member.scenario for member in group])
        standings = _standings(benefits.program, group, running.make_facts)
    except Exception as failure:  # noqa: BLE001 (what nobody foresaw is told as well)
        running.told(failure)
        for half in (group[: len(group) // 2], group[len(group) // 2 :]):
            yield from _answered(running, half)
        return
    for member in group:
        yield member.place, _outcome(running, member, standings, benefits)


def _alone(running: _Running, scenario: Scenario) -> Outcome:
    try:
        return run_scenario(running.program, scenario, running.make_facts)
    except Exception as failure:  # noqa: BLE001 (what nobody foresaw is told as well)
        return Outcome(scenario, 0, (), error=_placed(running.told(failure), scenario, failure))


def _placed(error: SwingbyError, scenario: Scenario, failure: Exception) -> SwingbyError:
    """What is said of a failure, with the scenario it came in where the failure knows of none."""
    if error is failure:
        return error
    message = f"{scenario.location}: {scenario.name}: {error.message}"
    placed = type(error)(code=error.code, message=message, hint=error.hint)
    placed.__cause__ = failure
    return placed


def _outcome(
    running: _Running, member: Member, standings: Mapping[tuple[str, date], Standing], benefits: AskedBenefits
) -> Outcome:
    worlds = {day: world for world in member.worlds for day in world.days}
    try:
        return outcome_of(member.scenario, lambda name, day: _found(worlds[day], standings, name, day), benefits)
    except LookupError:
        return _alone(running, member.scenario)


def _found(world: World, standings: Mapping[tuple[str, date], Standing], name: str, day: date) -> Standing:
    """The standing of a partner, in which nothing shows that the run was a joint one."""
    standing = standings[world.own(name), day]
    accounts = {account: _bare(world, shown) for account, shown in standing.accounts.items()}
    tracks = {track: word for track, word in standing.tracks.items() if track != BY_HAND}
    return replace(standing, enrolment=name, accounts=accounts, tracks=tracks)


def _bare(world: World, account: AccountStanding) -> AccountStanding:
    lots = (replace(lot, entry=lot.entry.replace(world.own(""), "")) for lot in account.lots)
    return replace(account, lots=tuple(lots))


def _standings(program: Program, group: Group, make_facts: MakeFacts) -> Mapping[tuple[str, date], Standing]:
    """By name in the joint run and day, where everybody stands."""
    compiled = _compiled(program, group)
    with closing(make_facts(joint_rows(program, group), program)) as facts:
        if stopping := stopped_by(program, facts):
            raise SwingbyError(code="scenario", message=f"{stopping[0]}", hint="Mend the row.")
        days = [day for member in group for day in member.scenario.expected]
        assessment = assess(compiled, facts, as_of=days, known_at=position_asked(group[0].scenario, facts))
        assessment.close()
        return assessment.by_key


def joint_rows(program: Program, group: Group) -> Rows:
    """The facts of a group, of every scenario under names of its own."""
    tables: defaultdict[str, list[Row]] = defaultdict(list)
    for member in group:
        for world in member.worlds:
            for table, rows in with_ids(program, world.rows).items():
                if table in OWN_TABLES or table in program.kinds:
                    ids = _id_columns(program, table)
                    tables[table] += [_tagged(row, ids, world) for row in rows]
            if member.given:
                tables["decisions"] += _set_by_hand(member, world)
    first = group[0].worlds[0].rows
    return {**{name: first[name] for name in REFERENCE_TABLES if name in first}, **tables}


def _id_columns(program: Program, table: str) -> frozenset[str]:
    columns = program.kinds[table].all_columns if table in program.kinds else REFERENCE_TABLES[table]
    words = _words(program) if table in program.kinds else ()
    return frozenset(
        ("reverses", *(column.name for column in columns if column.type == "id" and column.name not in words))
    )


def _tagged(row: Row, ids: frozenset[str], world: World) -> Row:
    return {name: world.own(str(value)) if name in ids and value else value for name, value in row.items()}


# --- numbers set by hand --------------------------------------------------------------------------------------------


def _set_by_hand(member: Member, world: World) -> Iterator[Row]:
    """Every partner of a scenario chooses the numbers of that scenario."""
    for name in dict.fromkeys(str(row["organization"]) for row in world.rows["enrolments"]):
        fact = {"fact_id": world.own(f"{name}/{BY_HAND}"), "organization": world.own(name)}
        yield {**fact, "topic": BY_HAND, "outcome": str(member.place), "starts_on": LONG_AGO}


def _compiled(program: Program, group: Group) -> Compiled:
    """The program with the numbers that each scenario sets by hand."""
    names = group[0].given
    if not names:
        return compile_program(program)
    track = Track(name=BY_HAND, otherwise="", chosen=BY_HAND)
    given = {name: _by_scenario({str(member.place): member.given[name] for member in group}) for name in names}
    return compile_program(replace(program, tracks={**program.tracks, BY_HAND: track}), given=given)


def _by_scenario(values: Mapping[str, Value]) -> Value:
    """One value that is each scenario's own; of a number with cells, in every cell."""
    first, *others = values.values()
    if all(value == first for value in others):
        return first
    if not isinstance(first, ByCase):
        return ByCase(by=BY_HAND, cases=tuple(values.items()))
    cells = {place: dict(value.cases) for place, value in values.items() if isinstance(value, ByCase)}
    cases = ((cell, {place: found[cell] for place, found in cells.items()}) for cell, _ in first.cases)
    return replace(first, cases=tuple((cell, _by_scenario(found)) for cell, found in cases), otherwise=NEVER)
