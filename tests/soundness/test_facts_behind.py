"""The facts behind a number make it up again, on drawn programs and facts: as many as it counts, as much as it sums."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from swingby.engine import Assessment, CountedFact, LineItems, assess
from swingby.engine.nodes import NOW, FactsNode
from swingby.engine.standing import NumberResult
from swingby.errors import SwingbyError
from swingby.facts import from_rows
from tests.oracle.shares import loaded
from tests.oracle.strategies import CONSTRUCTS, Example, examples


def plain_numbers(run: Assessment) -> Iterator[tuple[str, FactsNode]]:
    """The declared numbers that are a count or a sum of facts, without cells."""
    for name, item in run.plan.graph.numbers.items():
        node = run.plan.graph[item.node]
        declared = run.program.measures.get(name)
        plain = isinstance(node, FactsNode) and not node.split and item.shift == NOW and declared is not None
        if isinstance(node, FactsNode) and plain and node.aggregate in ("count", "sum"):
            yield name, node


def made_up(node: FactsNode, lines: Sequence[CountedFact]) -> Decimal:
    """The number out of its facts."""
    if node.aggregate == "sum":
        return sum((line.amount or Decimal(0) for line in lines), Decimal(0))
    if node.column == "facts":
        return Decimal(len(lines))
    return Decimal(len({line.thing or line.fact for line in lines}))


def differing(run: Assessment, items: LineItems, found: dict[str, NumberResult], day: date) -> Iterator[object]:
    for name, node in plain_numbers(run):
        value, lines = found[name].value, items.facts(name, day)
        if value is not None and made_up(node, lines) != value:
            yield name, value, made_up(node, lines), lines


def compare(count: int) -> int:
    """Compare the numbers of so many drawn examples; gives how many numbers were more than nothing."""
    seen = 0

    @seed(11)
    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(examples(CONSTRUCTS))
    def one(example: Example) -> None:
        nonlocal seen
        program = loaded(example)
        if program is None:
            return
        with from_rows(example.world.facts, program) as facts:
            try:
                run = assess(program, facts, as_of=example.as_of, known_at=example.known_at, keep_facts=True)
            except SwingbyError as error:
                if error.code != "not-computed":
                    raise
                return
            with closing(run):
                for standing in run:
                    items, numbers = run.line_items(standing.enrolment), dict(standing.numbers)
                    assert not list(differing(run, items, numbers, run.as_of[-1])), example.text
                    seen += sum(bool(numbers[name].value) for name, _ in plain_numbers(run))

    one()
    return seen


@pytest.mark.slow
def test_facts_make_their_numbers_up_in_ten_examples() -> None:
    assert compare(10) > 5


@pytest.mark.slow
@pytest.mark.proof
def test_facts_make_their_numbers_up_in_thirty_examples() -> None:
    assert compare(30) > 10


@pytest.mark.slow
@pytest.mark.long
def test_facts_make_their_numbers_up_in_eighty_examples() -> None:
    assert compare(80) > 50
