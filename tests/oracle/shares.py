"""Compares the engine with the oracle on generated programs and facts.

What the engine refuses as not computed yet is counted and bounded, so that refusing everything fails; the report of
constructs is printed. The examples are shared among processes, each with a seed of its own, so that they are the same
every time.
"""

from __future__ import annotations

import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context

from hypothesis import HealthCheck, Phase, given, seed, settings

from swingby.engine import Standing, assess
from swingby.errors import SwingbyError
from swingby.facts import from_rows
from swingby.program import Program, load_text
from tests.oracle.comparing import differences
from tests.oracle.strategies import CONSTRUCTS, Example, Tally, examples
from tools.measured import record

#: How many of the drawn programs must load and be computed.
LEAST_COMPUTED = 0.9
LEAST_HIGHER = 0.3
#: In what share of many examples each construct must occur.
LEAST_OCCURRED, MANY = 0.02, 1_000
SHARES = 2
#: Ten thousand are drawn by hand, in parts (parts.py).
EXAMPLES = {"quick": 100, "proof": 1_000}


@dataclass
class Run:
    """What one run of comparisons saw."""

    tally: Tally = field(default_factory=Tally)
    compared: int = 0
    refusals: Counter[str] = field(default_factory=Counter)

    def compare(self, example: Example) -> None:
        """Compare one example, or note why the engine refuses it."""
        program = loaded(example)
        if program is None:
            self.refusals["does not load"] += 1
            return
        try:
            found = standings(program, example)
        except SwingbyError as error:
            if error.code != "not-computed":
                raise
            self.refusals[error.message.split(": ", 1)[1]] += 1
            return
        self.compared += 1
        results = example.results()
        self.tally.add(example, results)
        told = {name: list(differences(found[name], result)) for name, result in results.items() if name in found}
        assert not any(told.values()), f"{told}\n{example.text}\nas of {example.as_of}, known at {example.known_at}"

    def add(self, other: Run) -> None:
        """Take in what another run saw."""
        self.compared += other.compared
        self.refusals += other.refusals
        self.tally.examples += other.tally.examples
        self.tally.higher += other.tally.higher
        self.tally.occurred += other.tally.occurred
        self.tally.occurred_higher += other.tally.occurred_higher

    def report(self) -> str:
        """One line per construct, and what was refused."""
        refused = [f"{count:5d} refused: {what}" for what, count in self.refusals.most_common()]
        return "\n".join([f"{self.compared} compared", *self.tally.lines(), *refused])


def loaded(example: Example) -> Program | None:
    """The program as the product reads it; a drawn rule may be one that the checks call out of reach."""
    found = load_text(example.text)
    errors = [issue for issue in found.issues if issue.level == "error"]
    assert all(issue.code == "line-out-of-reach" for issue in errors), errors
    return None if errors else found.program


def standings(program: Program, example: Example) -> dict[str, Standing]:
    """What the engine says of every enrolment."""
    with from_rows(example.world.facts, program) as facts:
        assert not facts.errors, facts.errors
        found = assess(program, facts, as_of=example.as_of, known_at=example.known_at)
        found.close()
    return {standing.enrolment: standing for standing in found}


def run_share(count: int, number: int) -> Run:
    """Compare so many examples, drawn with the seed of this share."""
    seen = Run()

    @seed(number)
    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(examples(CONSTRUCTS))
    def compare(example: Example) -> None:
        seen.compare(example)

    compare()
    return seen


def run(count: int, part: int = 0) -> Run:
    """Compare so many examples in all; another part draws others."""
    seen, seeds = Run(), range(part * SHARES, (part + 1) * SHARES)
    with ProcessPoolExecutor(SHARES, mp_context=get_context("spawn")) as processes:
        for share in processes.map(run_share, [count // SHARES] * SHARES, seeds):
            seen.add(share)
    return seen


def hold(count: int, *, part: int = 0, records: bool = False) -> None:
    """Run, print the report, and hold the bounds that keep the comparison honest."""
    seen = run(count, part)
    print(seen.report())  # noqa: T201 (the report is what the run is for)
    if records:
        keep(count, seen)
    assert seen.compared >= LEAST_COMPUTED * count
    assert seen.tally.higher >= LEAST_HIGHER * seen.tally.examples
    rare = [name for name, share in seen.tally.shares().items() if share < LEAST_OCCURRED]
    assert count < MANY or not rare, rare


def keep(count: int, seen: Run) -> None:
    """Record what was compared, what the engine refuses, and how often each construct occurred."""
    shares = seen.tally.shares()
    record(
        "oracle",
        what="Drawn programs and facts on which the engine and the oracle agree in every tier, number, row and account",
        command=f"python -m tests.oracle.shares {count}",
        figures={
            "examples": count,
            "compared": seen.compared,
            "refused": dict(seen.refusals),
            "higher_tier_percent": f"{100 * seen.tally.higher / seen.tally.examples:.0f}",
            "constructs": len(shares),
            "rarest_construct_percent": f"{100 * min(shares.values()):.1f}",
            "construct_percent": {name: f"{100 * share:.1f}" for name, share in sorted(shares.items())},
        },
    )


if __name__ == "__main__":
    hold(int(sys.argv[1]), records=True)
