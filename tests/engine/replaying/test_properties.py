"""What holds for every comparison: nobody moves between equals, sides can be exchanged, and assessments say the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from swingby.engine import assess
from swingby.engine.replaying import Comparison, GroupCount, Move, backtest, compare_days, compare_versions
from swingby.engine.replaying.versions import begun_together, compiled_together
from swingby.engine.steps import credited
from swingby.facts import FactSet, read_folder
from swingby.generation import generate_example
from swingby.program import Program, load
from tests.soundness.worlds import World, on, program_text, read
from tools.places import ROOT

EXAMPLES = {
    "lanternbay": ("2025-03-01", "2025-12-31"),
    "loyalty": ("2025-01-01", "2025-12-31"),
    "google-partners-2022": ("2022-01-01", "2022-12-31"),
}


@contextmanager
def example(name: str) -> Iterator[tuple[Program, FactSet]]:
    program = load(ROOT / "examples" / name / "program.yaml").program
    assert program is not None
    with read_folder(ROOT / "examples" / name / "facts", program) as facts:
        yield program, facts


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_version_against_itself_moves_nobody(name: str) -> None:
    first, last = EXAMPLES[name]
    with example(name) as (program, facts):
        found = backtest(program, facts, against=program, first=on(first), last=on(last))
    assert [review.moves for review in found.reviews] == [() for _ in found.reviews]
    assert found.last.compared + found.last.unknown > 0
    assert [replace(item, side="old") for item in found.stopping if item.side == "new"] == [
        item for item in found.stopping if item.side == "old"
    ]


@pytest.mark.parametrize("name", EXAMPLES)
def test_facts_in_the_order_of_partners_say_the_same(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    first, last = EXAMPLES[name]
    found = []
    for many in (1, 1_000_000):
        monkeypatch.setattr(credited, "MANY_DAYS", many)
        with example(name) as (program, facts):
            found.append(backtest(program, facts, against=program, first=on(first), last=on(last)))

    assert found[0] == found[1]
    assert len(found[0].reviews) > 1


@contextmanager
def harborline(folder: Path) -> Iterator[tuple[Program, Program, FactSet]]:
    """The example with its version and a stricter one."""
    made = generate_example(folder / "example", partners=60)
    old = load(made.folder / "program").program
    for path in (made.folder / "program").glob("*.yaml"):
        text = (
            path.read_text(encoding="utf-8")
            .replace('"2.1"', '"3"')
            .replace("effective: 2025-02-01", "effective: 2026-08-01")
        )
        path.write_text(text.replace("total, at_least: 250", "total, at_least: 320"), encoding="utf-8")
    new = load(made.folder / "program").program
    assert old is not None
    assert new is not None
    with read_folder(made.folder, old) as facts:
        yield old, new, facts


SPAN = (date(2025, 7, 15), date(2025, 10, 31))


@pytest.mark.proof
@pytest.mark.slow
def test_harborline_replayed(tmp_path: Path) -> None:
    with harborline(tmp_path) as (old, new, facts):
        found = backtest(new, facts, against=old, first=SPAN[0], last=SPAN[1])
        assert any(review.moves for review in found.reviews), "nothing moves: the rest says nothing"
        swapped = backtest(old, facts, against=new, first=SPAN[0], last=SPAN[1])
        apart = backtest(new, facts, against=old, first=SPAN[0], last=SPAN[1], old_facts=facts)
        then = backtest(new, facts, against=old, first=SPAN[0], last=SPAN[1], known="then")
        expected = [
            assessed_moves(old, new, facts, review.holds_from, facts.position_at(review.looks_at))
            for review in then.reviews
        ]
    assert apart == found
    assert [unreasoned(review.moves) for review in swapped.reviews] == [
        sorted(map(exchanged, unreasoned(review.moves)), key=lambda move: move.enrolment) for review in found.reviews
    ]
    assert [[(item.enrolment, item.old, item.new) for item in review.moves] for review in then.reviews] == expected


def unreasoned(moves: tuple[Move, ...]) -> list[Move]:
    return [replace(move, reasons=(), cause="timing") for move in moves]


def exchanged(move: Move) -> Move:
    way = {"up": "down", "down": "up", "aside": "aside"}
    return replace(move, old=move.new, new=move.old, direction=way[move.direction])  # type: ignore[arg-type]


def assessed_moves(
    old: Program, new: Program, facts: FactSet, day: date, known_at: int
) -> list[tuple[str, str | None, str | None]]:
    """Who stands elsewhere by two assessments."""
    runs = [assess(side, facts, as_of=day, known_at=known_at) for side in begun_together(old, new)]
    held = [{item.enrolment: item.tiers["level"].tier for item in run} for run in runs]
    for run in runs:
        run.close()
    return [(name, tier, held[1][name]) for name, tier in sorted(held[0].items()) if tier != held[1][name]]


# --- compare --------------------------------------------------------------------------------------------------------

BODY = """
measures: {visits: {label: Visits, count: facts, of: activities, over: ever}}
ladders:
  level: {tiers: [{id: low}, {id: high, requires: {measure: visits, at_least: 2}}], start: low, promote: {each: month}}
"""
RENAMED = BODY.replace("{id: high,", "{id: top, was: high,")
SPLIT = BODY.replace("{id: low},", "{id: low}, {id: mid, requires: {measure: visits, at_least: 1}},").replace(
    "least: 2", "least: 3"
)
OTHER = BODY.replace("{id: high,", "{id: gold,").replace("least: 2", "least: 1")
GONE = BODY.replace(", {id: high, requires: {measure: visits, at_least: 2}}", "")


def visited(body: str = BODY) -> World:
    world = World.of(body, partners=("acme", "bolt", "cora"))
    for who, times in (("acme", 2), ("bolt", 1)):
        for day in range(1, times + 1):
            world.event("activities", f"2020-01-0{day}", kind="x", organization=who)
    return world


def compared(other: str, day: str = "2020-02-01") -> Comparison:
    world = visited()
    with world.facts() as facts:
        return compare_versions(world.program, read(program_text(other)), facts, as_of=on(day))


@pytest.mark.parametrize(
    ("other", "moves"),
    [
        (BODY, []),
        (RENAMED, []),
        (SPLIT, [("acme", "high", "mid", "down", ["Visits at least 3"]), ("bolt", "low", "mid", "up", "no tier")]),
        (OTHER, [("acme", "high", "gold", "aside", "no tier"), ("bolt", "low", "gold", "up", "no tier")]),
        (GONE, [("acme", "high", "low", "down", "no tier")]),
    ],
    ids=["same", "renamed", "split", "replaced", "gone"],
)
def test_tiers_are_compared_in_one_order(other: str, moves: list[Any]) -> None:
    assert [
        (item.enrolment, item.old, item.new, item.direction, [reason.label for reason in item.reasons] or item.cause)
        for item in compared(other).last.moves
    ] == moves


def test_two_days_of_a_version() -> None:
    world = visited()
    world.enrol("dune", joined_on=date(2020, 2, 10))
    world.enrol("early", ended_on=date(2020, 2, 10))
    world.event("activities", "2020-02-03", kind="x", organization="bolt")
    with world.facts() as facts:
        found = compare_days(world.program, facts, days=(on("2020-02-01"), on("2020-03-01")))
    assert [(item.enrolment, item.old, item.new, item.direction) for item in found.last.moves] == [
        ("bolt", "low", "high", "up")
    ]
    assert [(reason.label, reason.is_missed, reason.value) for reason in found.last.moves[0].reasons] == [
        ("Visits at least 2", False, 1)
    ]
    assert (found.joined, found.left, found.last.compared, found.is_of_versions) == (("dune",), ("early",), 3, False)


CELLS = """
tables: {product: [x, y]}
measures: {sold: {by: product, sum: amount, of: transactions, over: ever}}
ladders:
  badge: {by: product, tiers: [{id: none}, {id: holder, requires: {measure: sold, at_least: 10}}]}
  other: {tiers: [{id: only}]}
"""


def test_ladders_by_cells_are_compared_cell_by_cell() -> None:
    world = World.of(CELLS)
    world.event("transactions", "2020-01-02", amount=15, currency="USD", kind="x", product="y")
    stricter = read(program_text(CELLS.replace("at_least: 10", "at_least: 20").replace("other:", "another:")))
    with world.facts() as facts:
        found = compare_versions(world.program, stricter, facts, as_of=on("2020-02-01"))
    assert [(item.ladder, item.old, item.new, item.reasons[0].gap) for item in found.last.moves] == [
        ("badge[y]", "holder", "none", 5)
    ]
    assert (found.only_old, found.only_new) == (("other",), ("another",))


TRACKS = """
tracks: {model: {chosen: model, otherwise: resell}}
measures: {visits: {count: facts, of: activities, over: ever}}
ladders:
  level:
    tiers:
      - {id: low}
      - {id: high, requires: {any: [{all: [{track: model, is: resell}, {measure: visits, at_least: 2}]}, {track: model, is: build}]}}
"""


def test_tracks_decide_on_both_sides() -> None:
    world = visited(TRACKS)
    world.state("decisions", "2020-01-01", organization="cora", topic="model", outcome="build")
    other = read(program_text(TRACKS.replace("at_least: 2", "at_least: 1")))
    with world.facts() as facts:
        found = compare_versions(world.program, other, facts, as_of=on("2020-02-01"))
    assert found.groups == (
        GroupCount("model", "build", 1, up=0, down=0, aside=0),
        GroupCount("model", "resell", 2, up=1, down=0, aside=0),
        GroupCount("region", "", 3, up=1, down=0, aside=0),
    )
    counts = [(tier.tier, tier.old, tier.new, tier.up) for tier in found.last.tiers]
    assert counts == [("high", 2, 3, 0), ("low", 1, 0, 1)]


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text,
        lambda text: text.replace("at_least: 2", "at_least: 3"),
        lambda text: text.replace("measures: {", "measures: {more: {count: facts, of: surveys, over: ever}, "),
    ],
    ids=["same", "line", "measure"],
)
def test_versions_that_agree_on_names_share_a_graph(change: Callable[[str], str]) -> None:
    old, new = compiled_together(read(program_text(BODY)), read(program_text(change(BODY))))
    assert old.builder.graph is new.builder.graph


def test_versions_whose_names_mean_something_else_are_run_apart() -> None:
    """Points by tier: the tier of one version is not that of the other."""
    text = BODY + "points: {p: {for_each: activities, earn: {rate: {by: level, high: 2, otherwise: 1}}}}\n"
    old, new = compiled_together(
        read(program_text(text)), read(program_text(text.replace("at_least: 2", "at_least: 3")))
    )
    assert old.builder.graph is not new.builder.graph
