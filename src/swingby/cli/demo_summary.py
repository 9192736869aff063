"""What `swingby demo` says about its example on the terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from swingby.cli.assess import missing, open_rows
from swingby.cli.inputs import read_facts, read_program
from swingby.engine import Assessment, Standing, TierStanding, assess
from swingby.facts import FactSet

_SHOWN = 5


def describe_example(example: Path, *, today: date) -> Iterator[str]:
    """Say how many partners hold each tier, and who is closest to the next."""
    program = read_program(example / "program")
    with read_facts(example, program) as facts:
        found = assess(program, facts, as_of=today)
        names = _names(facts)
    yield f"  {program.header.label}, an invented program: {len(found)} partners on {today}"
    for ladder in program.ladders:
        yield from _ladder(found, ladder, names)


def _names(facts: FactSet) -> dict[str, str]:
    return dict(facts.connection.execute("SELECT organization, name FROM ref_organizations").fetchall())


def _ladder(found: Assessment, ladder: str, names: dict[str, str]) -> Iterator[str]:
    held = Counter(standing.tiers[ladder].tier for standing in found)
    for tier in reversed(found.program.ladders[ladder].tiers):
        yield f"    {tier.id:<12}{held[tier.id]:>5}"
    yield "  Closest to the next tier:"
    for standing in _closest(found, ladder):
        tier_standing = standing.tiers[ladder]
        name = names.get(standing.enrolment, standing.enrolment)
        yield f"    {name}, to {tier_standing.next_tier}: {missing(tier_standing)}"


def _closest(found: Assessment, ladder: str) -> list[Standing]:
    """Those who lack the fewest requirements, the highest tiers first."""
    order = [tier.id for tier in found.program.ladders[ladder].tiers]

    def distance(standing: Standing) -> tuple[int, int, str]:
        tier = standing.tiers[ladder]
        return (_lacking(tier), -order.index(tier.next_tier or ""), standing.enrolment)

    return sorted((standing for standing in found if _lacking(standing.tiers[ladder])), key=distance)[:_SHOWN]


def _lacking(tier: TierStanding) -> int:
    return len(open_rows(tier.rows.get(tier.next_tier or "", ())))
