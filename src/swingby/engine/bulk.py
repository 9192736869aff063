"""A run over everybody that leaves its results as Parquet: no Python object for each row.

Two folders come out. ``standings`` has a row for every enrolment, day and ladder; ``requirements`` one for every
requirement and part of a requirement of every tier, under its path (``gold.2.1``). Both say what
`swingby.engine.Standing` says in the same words; a ladder by cells stands under ``ladder[cell]``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from sqlglot import exp

from swingby.engine.assessing import Compiled, cells_on, compile_program, key_of, labelled, plan_for, run_steps
from swingby.engine.assessment import FactSource, setting_of
from swingby.engine.compiling import REQUIREMENTS, Plan
from swingby.engine.nodes import LadderNode
from swingby.engine.plan import ArrayStep, QueryStep, Step, union_all
from swingby.engine.setting import Setting
from swingby.engine.sql import Column, DuckDB, Parameters, Value, prepare, statement
from swingby.engine.trees import RESULTS, Branch
from swingby.errors import SwingbyError
from swingby.program import Program

ASKED = (Column("d", "day"),)
PLACE = (
    Column("ladder", "text"),
    Column("path", "text"),
    Column("node", "whole"),
    Column("d", "day"),
    Column("k", "text"),
    Column("measured", "truth"),
)
TIER = (
    Column("ladder", "text"),
    Column("node", "whole"),
    Column("d", "day"),
    Column("k", "text"),
    Column("ordinal", "whole"),
    Column("tier", "text"),
)
LATER = (Column("enrolment", "text"),)

#: Those enrolled on an asked day whose answer is final in this pass.
ENROLLED = """
SELECT s.e, s.enrolment, a.d
FROM scope AS s CROSS JOIN bulk_asked AS a
WHERE (s.joined_on IS NULL OR s.joined_on <= a.d) AND (s.ended_on IS NULL OR s.ended_on > a.d)
  AND s.enrolment NOT IN (SELECT l.enrolment FROM bulk_later AS l)
"""

#: Few words for very many rows: written as numbers with a dictionary, they take a fraction of the time of texts.
PLACES = """
SELECT p.node, p.d, p.k, p.measured, {ladder} AS ladder, {path} AS path
FROM bulk_place_rows AS p
"""

ANSWERS = """
SELECT s.enrolment, r.d AS as_of, p.ladder, p.path,
       CASE WHEN p.measured THEN r.value END AS value, CASE WHEN p.measured THEN r.line END AS line,
       CASE WHEN p.measured THEN r.gap END AS gap, {result} AS result
FROM {answers} AS r
JOIN bulk_places AS p ON p.node = r.node AND p.d = r.d AND {same_key}
JOIN bulk_enrolled AS s ON s.e = r.e AND {same_day}
"""

#: The same columns without a row, for ladders whose tiers ask for nothing.
NO_ANSWERS = """
SELECT s.enrolment, s.d AS as_of, p.ladder, p.path, quantity(NULL) AS value, quantity(NULL) AS line, quantity(NULL) AS gap,
       CAST(NULL AS TEXT) AS result
FROM bulk_enrolled AS s CROSS JOIN bulk_places AS p
WHERE FALSE
"""

STANDINGS = """
SELECT s.enrolment, r.d AS as_of, h.ladder, h.tier, w.tier AS earned, n.tier AS next_tier, r.since,
       r.hold AS hold_until,
       r.possible > CASE WHEN r.since IS NULL THEN GREATEST(r.earned, r.ordinal) ELSE r.earned END AS is_incomplete
FROM {ladders} AS r
JOIN bulk_tiers AS h ON h.node = r.node AND h.d = r.d AND h.k = r.k AND h.ordinal = r.ordinal
JOIN bulk_tiers AS w ON w.node = r.node AND w.d = r.d AND w.k = r.k AND w.ordinal = r.earned
LEFT JOIN bulk_tiers AS n ON n.node = r.node AND n.d = r.d AND n.k = r.k AND n.ordinal = r.ordinal + 1
JOIN bulk_enrolled AS s ON s.e = r.e AND s.d = r.d
"""

UNDECIDED = """
SELECT DISTINCT s.enrolment FROM {ladders} AS w JOIN scope AS s ON s.e = w.e WHERE w.undecided = 1
"""


@dataclass(frozen=True, slots=True)
class Written:
    """The folders in which a run over everybody left its results."""

    standings: Path
    requirements: Path


def assess_to(
    program: Program | Compiled,
    facts: FactSource,
    folder: Path,
    *,
    as_of: date | Sequence[date],
    known_at: int | None = None,
) -> Written:
    """Assess every enrolled partner on one or several days and write standings and requirement rows.

    Parameters
    ----------
    folder
        Gets ``standings`` and ``requirements``, each a folder of Parquet files. It must be empty or new. A program
        without ladders leaves both empty.
    known_at
        The ledger position up to which facts are known; the latest by default.

    Raises
    ------
    SwingbyError
        ``folder-in-use`` when the folder holds something; ``not-computed`` for a construct that this version does
        not compute.
    """
    written = Written(*_empty_folders(folder))
    compiled = program if isinstance(program, Compiled) else compile_program(program)
    days = tuple(sorted({as_of} if isinstance(as_of, date) else set(as_of)))
    position = facts.latest_position if known_at is None else known_at
    setting = replace(setting_of(compiled, facts, days, position), in_bulk=True)
    later = _pass(compiled, facts, setting, position, written, part=1)
    if later:
        _pass(compiled, facts, replace(setting, chosen=later, grace=True), position, written, part=2)
    return written


def _empty_folders(folder: Path) -> tuple[Path, Path]:
    str(folder).encode("utf-8")  # DuckDB writes under no other names.
    found = folder / "standings", folder / "requirements"
    if folder.is_dir() and not set(folder.iterdir()) <= set(found):
        raise _in_use(folder)
    for each in found:
        each.mkdir(parents=True, exist_ok=True)
        if any(each.iterdir()):
            raise _in_use(each)
    return found


def _in_use(folder: Path) -> SwingbyError:
    hint = "Name a new folder, or empty this one first."
    return SwingbyError(code="folder-in-use", message=f"{folder} is not empty.", hint=hint)


def _pass(
    compiled: Compiled, facts: FactSource, setting: Setting, position: int, written: Written, *, part: int
) -> tuple[str, ...]:
    """Run a plan and write its results; gives the enrolments that need the days of grace, which are left out."""
    plan = plan_for(compiled, setting)
    connection = DuckDB(facts.connection.cursor())
    parameters: Parameters = {
        "known_at": position,
        "first_day": setting.asked[0],
        "last_day": setting.asked[-1],
    }
    run_forgetting(connection, plan, parameters)
    later = undecided(connection, plan)
    connection.store("bulk_later", LATER, [(name,) for name in later])
    connection.store("bulk_asked", ASKED, [(day,) for day in setting.asked])
    connection.keep("bulk_enrolled", statement(ENROLLED))
    _keep_places(connection, list(_places(compiled, plan)))
    connection.store("bulk_tiers", TIER, _tiers(compiled, plan))
    if plan.graph.ladders:
        _write(connection, _answers(plan), written.requirements / f"{part}.parquet")
        _write(connection, statement(STANDINGS, ladders=ladder_rows(plan)), written.standings / f"{part}.parquet")
    connection.close()
    return later


def run_forgetting(connection: DuckDB, plan: Plan, parameters: Parameters, *, also_kept: Collection[str] = ()) -> None:
    """Run the steps and forget every relation after the last step that reads it, unless results stand in it."""
    kept = {"scope", *plan.places_of(*REQUIREMENTS, LadderNode), *also_kept}
    kept |= {table.name for shown in plan.shown.values() for table in shown.find_all(exp.Table)}
    last = {name: place for place, step in enumerate(plan.steps) for name in (step.name, *_read_by(step))}
    for place, step in enumerate(plan.steps):
        run_steps(connection, [step], parameters)
        for name in (name for name, until in last.items() if until == place and name not in kept):
            connection.drop(name)


def _read_by(step: Step) -> Iterator[str]:
    queries = (
        step.reads.values() if isinstance(step, ArrayStep) else (step.query,) if isinstance(step, QueryStep) else ()
    )
    for query in queries:
        yield from (table.name for table in query.find_all(exp.Table))


def undecided(connection: DuckDB, plan: Plan) -> tuple[str, ...]:
    if plan.setting.grace or not plan.graph.ladders:
        return ()
    return tuple(sorted(str(name) for (name,) in connection.rows(statement(UNDECIDED, ladders=ladder_rows(plan)))))


def ladder_rows(plan: Plan) -> exp.Expr:
    columns = "node, e, d, ordinal, possible, earned, since, hold, undecided"
    return results_union(plan, plan.places_of(LadderNode), columns, keyed=True)


def results_union(plan: Plan, places: Sequence[str], columns: str, *, keyed: bool) -> exp.Expr:
    """The rows of several relations; with their keys, which are empty where nothing is split by cells."""
    keys = {name: ("k" if plan.is_keyed(name) else "'' AS k") if keyed else "" for name in places}
    return union_all(
        [
            statement(f"SELECT {columns}{key and ', ' + key} FROM {{step}}", step=plan.shown.get(name, name))
            for name, key in keys.items()
        ]
    )


def _answers(plan: Plan) -> exp.Expr:
    places = [name for name in plan.places_of(*REQUIREMENTS) if not plan.has_things(name)]
    if not places:
        return statement(NO_ANSWERS)
    keyed = any(plan.is_keyed(name) for name in places)
    one_day = len(plan.setting.asked) == 1
    return statement(
        ANSWERS,
        answers=results_union(plan, places, "node, e, d, value, line, gap, result", keyed=keyed),
        result=_result(),
        same_key=statement("p.k = r.k") if keyed else exp.true(),
        same_day=exp.true() if one_day else statement("s.d = r.d"),
    )


def _result() -> exp.Expr:
    kind, found = _one_of(RESULTS.values()), exp.Case()
    for number, word in RESULTS.items():
        found = found.when(exp.column("result", "r").eq(number), exp.cast(exp.Literal.string(word), kind))
    return found


def _one_of(words: Iterable[str]) -> exp.DataType:
    """The type of a column that holds one of some words."""
    listed = [exp.Literal.string(word) for word in dict.fromkeys(words)]
    return exp.DataType(this=exp.DataType.Type.ENUM, expressions=listed)


def _keep_places(connection: DuckDB, rows: Sequence[tuple[Value, ...]]) -> None:
    connection.store("bulk_place_rows", PLACE, rows)
    kinds = {column.name: _one_of([str(row[nth]) for row in rows] or [""]) for nth, column in enumerate(PLACE[:2])}
    words = {name: exp.cast(exp.column(name, "p"), kind) for name, kind in kinds.items()}
    connection.keep("bulk_places", statement(PLACES, **words))


def _places(compiled: Compiled, plan: Plan) -> Iterator[tuple[Value, ...]]:
    """Under which node and key a requirement's result of an asked day stands."""
    for day, ladder, label, cells in _shown(compiled, plan):
        for tier, tree in compiled.trees[ladder].items():
            for path, branch in branches(tree, tier):
                key = key_of(cells, plan.graph.dims_of(branch.node))
                yield (label, path, plan.number_on(branch.node, day), day, key, branch.kind == "number")


def _shown(compiled: Compiled, plan: Plan) -> Iterator[tuple[date, str, str, Mapping[str, str]]]:
    """The ladders of each asked day, those by cells once for each cell: the day, the ladder, its label, its cells."""
    for day in plan.setting.asked:
        for name, ladder in compiled.program.ladders.items():
            for cells in cells_on(compiled.program, ladder.by, day):
                yield day, name, labelled(name, cells), dict(zip(ladder.by, cells, strict=True))


def branches(tree: Branch | None, path: str) -> Iterator[tuple[str, Branch]]:
    if tree is not None:
        yield path, tree
        for index, part in enumerate(tree.parts, start=1):
            yield from branches(part, f"{path}.{index}")


def _tiers(compiled: Compiled, plan: Plan) -> Iterator[tuple[Value, ...]]:
    """The name of each place on a ladder; -1 is no tier."""
    for day, ladder, label, cells in _shown(compiled, plan):
        number = plan.graph.ladders[ladder]
        names = (None, *(tier.id for tier in compiled.program.ladders[ladder].tiers))
        for ordinal, name in enumerate(names, start=-1):
            yield (label, plan.number_on(number, day), day, key_of(cells, plan.graph.dims_of(number)), ordinal, name)


def _write(connection: DuckDB, query: exp.Expr, target: Path) -> None:
    connection.raw.sql(prepare(query, "duckdb").text).write_parquet(str(target))
