"""The same plan gives the same standings, numbers and entries, to the digit, on every backend.

A step of a plan takes Spark as long as a hundred take the others. It runs a few programs of many constructs in few
steps every time, and the rest of the corpus and of the examples by hand, as ``long``. Examples take turns between the
oldest and the newest PostgreSQL; by hand each runs on both.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from functools import cache

import pytest

from swingby.engine.assessment import assess
from swingby.engine.scenarios import joint
from swingby.engine.scenarios.running import position_asked
from swingby.engine.sql import Connection
from swingby.facts import from_rows
from swingby.program import Program
from tests.oracle.strategies import CONSTRUCTS
from tests.parity import corpus
from tests.parity.alike import Case, case, said_on
from tests.parity.conftest import SPARK
from tests.parity.in_driver import small
from tests.scenarios.together import EXAMPLES, program_of, scenarios_of

POSTGRES = ("postgres-newest", "postgres-oldest")
FOLDERS = {path.parent.name: path.parent for path in sorted(EXAMPLES.glob("published/*/scenarios"))} | {
    "lanternbay": EXAMPLES / "lanternbay",
    "harborline": EXAMPLES / "harborline/program",
}
BY_TURNS = {backend: sorted(FOLDERS)[turn::2] for turn, backend in enumerate(POSTGRES)}
CORPUS = {kept.name: kept for kept in corpus.kept()}
#: The first of the corpus, which have every construct between them.
COVER = sorted(CORPUS)[:13]
#: Those of the cover that have the most constructs for their steps, half of all between them; Spark runs them every time.
COVER_ON_SPARK = [COVER[3], COVER[6], COVER[11]]
#: A published program that Spark runs every time, beside these.
PUBLISHED_ON_SPARK = ("umbraco-credits",)
AT_MOST = 3


def pairs(names: Sequence[str], *, often: Mapping[str, Sequence[str]], on_spark: Sequence[str]) -> Iterator[object]:
    """Names with the backends that run them, the rare ones marked."""
    for backend in POSTGRES:
        for name in names:
            rare = pytest.mark.proof if name in often[backend] else pytest.mark.long
            yield pytest.param(backend, name, marks=(pytest.mark.slow, rare))
    for name in names:
        rare = pytest.mark.proof if name in on_spark else pytest.mark.long
        yield pytest.param("spark", name, marks=(*SPARK, pytest.mark.slow, rare))


@cache
def drawn(name: str) -> Case:
    """A case of the corpus."""
    return CORPUS[name].case()


@cache
def published(name: str) -> Case:
    """The first scenarios of an example that one run can answer."""
    program = program_of(FOLDERS[name])
    return _together(program, next(joint._groups(program, scenarios_of(FOLDERS[name])))[:AT_MOST])


def _together(program: Program, group: Sequence[joint.Member]) -> Case:
    compiled = joint._compiled(program, group)
    with from_rows(joint.joint_rows(program, group), program) as facts:
        assert not facts.errors, facts.errors
        days = [day for member in group for day in member.scenario.expected]
        found = case(compiled, facts, days, position_asked(group[0].scenario, facts))
        with closing(assess(compiled, facts, as_of=days, known_at=found.known_at)) as assessed:
            assert found.expected.standings == list(assessed)
        return found


def test_the_corpus_has_every_construct() -> None:
    assert frozenset().union(*(CORPUS[name].constructs for name in COVER)) == CONSTRUCTS


@pytest.mark.parametrize(
    ("connection", "name"),
    list(pairs(sorted(CORPUS), often=dict.fromkeys(POSTGRES, COVER), on_spark=COVER_ON_SPARK)),
    indirect=["connection"],
    scope="session",
)
def test_drawn_programs_come_out_alike(connection: Connection, name: str) -> None:
    with small(connection) as quick:
        assert said_on(quick, drawn(name)) == drawn(name).expected


@pytest.mark.parametrize(
    ("connection", "name"),
    list(pairs(sorted(FOLDERS), often=BY_TURNS, on_spark=PUBLISHED_ON_SPARK)),
    indirect=["connection"],
    scope="session",
)
def test_examples_come_out_alike(connection: Connection, name: str) -> None:
    with small(connection) as quick:
        assert said_on(quick, published(name)) == published(name).expected


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.parametrize("connection", [pytest.param("spark", marks=SPARK)], indirect=True, scope="session")
def test_checkpoints_and_compiled_expressions_give_the_same(connection: Connection) -> None:
    """As `assess` would run it on Spark, without the ways of `small`."""
    assert said_on(connection, drawn(COVER[-1])) == drawn(COVER[-1]).expected


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.parametrize(
    ("connection", "name"),
    [("postgres-newest", name) for name in sorted(FOLDERS)],
    indirect=["connection"],
    scope="session",
)
def test_all_scenarios_of_the_examples_come_out_alike(connection: Connection, name: str) -> None:
    program = program_of(FOLDERS[name])
    for group in joint._groups(program, scenarios_of(FOLDERS[name])):
        found = _together(program, group)
        assert said_on(connection, found) == found.expected
