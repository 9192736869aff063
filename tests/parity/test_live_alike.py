"""A standing at once on PostgreSQL is the one that DuckDB works out for everybody, for one partner and for several.

The tables are those of the application: rows have an owner, another owner has the same partners, and columns that a
program added stand in JSON.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import pytest

from swingby.engine import LiveEngine, has_reviews
from swingby.engine.assessing import Compiled, plan_for, run_plan, standings
from swingby.engine.assessment import coverage_test
from swingby.engine.probing import probed
from swingby.engine.scenarios import joint
from swingby.engine.scenarios.running import position_asked
from swingby.engine.setting import Setting
from swingby.engine.sql import Column, Connection, DuckDB, statement
from swingby.engine.sql.on_postgres import Postgres
from swingby.engine.standing import Standing
from swingby.errors import SwingbyError
from swingby.facts import FactSet, from_rows
from swingby.program import Program
from swingby.program.kinds import FACT_KINDS, OWNER_COLUMN, FactKind
from tests.parity.alike import Table, _read_by, _tables
from tests.parity.in_driver import small
from tests.parity.test_standings_alike import FOLDERS, POSTGRES
from tests.scenarios.together import program_of, scenarios_of

OWNER, OTHER = "ours", "theirs"
#: Programs that one statement about one partner cannot answer: they rank, match, keep accounts or read a tier.
WHOLE = frozenset(
    {
        *("automattic-agencies", "deriv", "deriv-other-reading", "hubspot-2023", "microsoft-azure", "microsoft-coop"),
        *("microsoft-lifecycle-other-reading", "odoo-v11", "umbraco-credits"),
    }
)
Standings = dict[tuple[date, str], Standing]
#: So many days of a group are compared each time; all of them by hand.
FEW = 2


@dataclass(frozen=True, slots=True)
class World:
    """The facts of an example as the application keeps them, and what DuckDB says of everybody."""

    engine: LiveEngine
    known_at: int
    tables: Mapping[str, Table]
    organizations: Mapping[str, list[str]]
    expected: Standings


def worlds(name: str, *, most_days: int | None) -> Iterable[World]:
    """Group by group of an example's scenarios, as of their last days."""
    program = program_of(FOLDERS[name])
    for group in joint._groups(program, scenarios_of(FOLDERS[name])):
        with from_rows(joint.joint_rows(program, group), program) as facts:
            engine = LiveEngine(program, incomplete=coverage_test(facts.coverage))
            days = sorted({day for member in group for day in member.scenario.expected})[-(most_days or 0) :]
            yield _world(engine, facts, days, position_asked(group[0].scenario, facts))


def _world(engine: LiveEngine, facts: FactSet, days: list[date], known_at: int | None) -> World:
    compiled: Compiled = engine.compiled
    known = facts.latest_position if known_at is None else known_at
    setting = Setting(asked=tuple(days), restricted=False, incomplete=coverage_test(facts.coverage))
    plan = plan_for(compiled, probed(compiled, facts, setting, known))
    session = DuckDB(facts.connection.cursor())
    found = standings(compiled, plan, run_plan(session, plan, known))
    reached = defaultdict[str, list[str]](list)
    for enrolment, organization in session.rows(
        statement("SELECT s.enrolment, r.organization FROM reach AS r JOIN scope AS s ON s.e = r.e")
    ):
        reached[str(enrolment)].append(str(organization))
    live = plan_for(compiled, Setting(asked=(days[0],), restricted=True, incomplete=setting.incomplete, replay=False))
    tables = _owned(_tables(facts, compiled.program, _read_by(live.steps)), compiled.program)
    return World(engine, known, tables, reached, {(one.as_of, one.enrolment): one for one in found})


def _owned(tables: Mapping[str, Table], program: Program) -> dict[str, Table]:
    """The rows of two owners, the other one's a year of points ahead in nothing but its name."""
    kinds = {f"fact_{kind.name}": kind for kind in program.kinds.values()}
    return {name: _of_two(table, kinds.get(name)) for name, table in tables.items()}


def _of_two(table: Table, kind: FactKind | None) -> Table:
    columns, rows = table
    standard = FACT_KINDS.get(kind.name) if kind else None
    own = {column.name for column in standard.columns} if standard else {OWNER_COLUMN[kind.owner]} if kind else set()
    apart = [column.name for column in kind.columns if column.name not in own] if kind else []
    places = {column.name: place for place, column in enumerate(columns)}
    kept = [place for name, place in places.items() if name not in apart]
    shape = (*(columns[place] for place in kept), Column("owner_org", "text"), Column("attributes", "text"))
    doubled = [
        (*(row[place] for place in kept), owner, json.dumps({name: _text(row[places[name]]) for name in apart}))
        for row in rows
        for owner in (OWNER, OTHER)
    ]
    return shape, doubled


def _text(value: object) -> str | None:
    if value is None:
        return None
    return str(value).lower() if isinstance(value, bool) else str(value)


def put(connection: Postgres, tables: Mapping[str, Table]) -> None:
    """Keep the tables as the application does."""
    for name, (columns, rows) in tables.items():
        connection.store(name, columns, rows)  # type: ignore[arg-type]
        connection.raw.execute(f'ALTER TABLE "{name}" ALTER COLUMN attributes TYPE jsonb USING attributes::jsonb')


BY_TURNS = [(POSTGRES[place % 2], name) for place, name in enumerate(sorted(FOLDERS))]


@pytest.mark.slow
@pytest.mark.proof
@pytest.mark.parametrize(("connection", "name"), BY_TURNS, indirect=["connection"], scope="session")
def test_a_standing_at_once_is_the_one_of_the_run_over_all(connection: Connection, name: str) -> None:
    if name in WHOLE:
        with pytest.raises(SwingbyError) as caught:
            LiveEngine(program_of(FOLDERS[name]))
        assert caught.value.code == "not-computed"
        return
    assert _compared(connection, name, most_days=FEW)


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.parametrize(
    ("connection", "name"),
    [pytest.param(*pair) for pair in BY_TURNS if pair[1] not in WHOLE],
    indirect=["connection"],
    scope="session",
)
def test_it_is_so_on_every_day_of_every_scenario(connection: Connection, name: str) -> None:
    assert _compared(connection, name, most_days=None)


def _compared(connection: Connection, name: str, *, most_days: int | None) -> int:
    compared = 0
    for one in worlds(name, most_days=most_days):
        with small(connection) as quick:
            assert isinstance(quick, Postgres)
            put(quick, one.tables)
            compared += _compare(quick, one)
    return compared


def _compare(connection: Postgres, one: World) -> int:
    program, by_day = one.engine.compiled.program, defaultdict[date, dict[str, Standing]](dict)
    for (day, enrolment), standing in one.expected.items():
        by_day[day][enrolment] = standing
    for day, expected in by_day.items():
        held = {key: _held(program, standing) for key, standing in expected.items()}
        asked = {"owner_org": OWNER, "as_of": day, "known_at": one.known_at}
        partners = {key: one.organizations[key] for key in expected}
        found = one.engine.assess_many(connection.raw, partners=partners, held=held, **asked)  # type: ignore[arg-type]
        assert {key: _told(each) for key, each in found.items()} == {key: _told(each) for key, each in expected.items()}
        for key in sorted(expected)[:3]:
            alone = one.engine.assess(
                connection.raw,
                enrolment=key,
                organizations=partners[key],
                held=held[key],
                **asked,  # type: ignore[arg-type]
            )
            assert alone == found[key]
    return len(one.expected)


def _held(program: Program, standing: Standing) -> dict[str, str | None]:
    return {label: tier.tier for label, tier in standing.tiers.items() if has_reviews(program.ladders[tier.ladder])}


def _told(standing: Standing) -> object:
    """What the application stores and shows; when a tier began is known by the reviews that it keeps."""
    tiers = {label: (tier.tier, tier.next_tier, tier.rows) for label, tier in standing.tiers.items()}
    return standing.numbers, standing.requirements, standing.tracks, tiers
