"""What `swingby demo` says about its example on the terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

from swingby.cli.assess import missing, open_rows
from swingby.cli.inputs import read_facts, read_program
from swingby.engine import Assessment, ReviewDay, Standing, TierStanding, assess, proposal_of, review_days
from swingby.facts import FactSet
from swingby.program import Program

_SHOWN = 5
#: A fall is looked for in the last review of so many days.
_FIRST_LOOK = timedelta(days=366)


def describe_example(example: Path, *, today: date) -> Iterator[str]:
    """Say how many partners hold each tier, and who is closest to the next."""
    program = read_program(example / "program")
    reviews = _last_that_lower(program, today)
    with read_facts(example, program) as facts:
        found = assess(program, facts, as_of=sorted({today, *(day for each in reviews for day in each.days)}))
        names = _names(facts)
    standings = [standing for standing in found if standing.as_of == today]
    yield f"  {program.header.label}, an invented program: {len(standings)} partners on {today}"
    for ladder in program.ladders:
        yield from _ladder(program, standings, ladder)
        yield from _falls_that_wait(found, standings, [each for each in reviews if each.ladder == ladder])
        yield from _closest(program, standings, ladder, names)


def _last_that_lower(program: Program, today: date) -> list[ReviewDay]:
    """Of each ladder the last review at which tiers could be lost."""
    days = review_days(program, after=today - _FIRST_LOOK, until=today)
    return list({day.ladder: day for day in days if day.lowers}.values())


def _names(facts: FactSet) -> dict[str, str]:
    return dict(facts.connection.execute("SELECT organization, name FROM ref_organizations").fetchall())


def _ladder(program: Program, standings: Sequence[Standing], ladder: str) -> Iterator[str]:
    held = Counter(standing.tiers[ladder].tier for standing in standings)
    for tier in reversed(program.ladders[ladder].tiers):
        yield f"    {tier.id:<12}{held[tier.id]:>5}"


def _falls_that_wait(found: Assessment, standings: Sequence[Standing], reviews: Sequence[ReviewDay]) -> Iterator[str]:
    """Why the application counts more partners on higher tiers: there a fall is decided by somebody."""
    for review in reviews:
        order = [tier.id for tier in found.program.ladders[review.ladder].tiers]
        today = {standing.enrolment: standing.tiers[review.ladder].tier for standing in standings}
        falls = [
            move
            for move in proposal_of(found.program, review, found.by_key, known_at=found.known_at).moves
            if not move.goes_up and _rank(order, today[move.enrolment]) < _rank(order, move.before)
        ]
        if falls:
            keep = "1 partner keeps its" if len(falls) == 1 else f"{len(falls)} partners keep their"
            yield (
                f"  These are the rules alone. In the application {keep} higher tier"
                f" until somebody decides the review of {review.on}."
            )


def _rank(order: Sequence[str], tier: str | None) -> int:
    return order.index(tier) if tier else -1


def _closest(program: Program, standings: Sequence[Standing], ladder: str, names: dict[str, str]) -> Iterator[str]:
    yield "  Closest to the next tier:"
    for standing in _fewest_missing(program, standings, ladder):
        tier = standing.tiers[ladder]
        name = names.get(standing.enrolment, standing.enrolment)
        yield f"    {name}, to {tier.next_tier}: {missing(tier)}"


def _fewest_missing(program: Program, standings: Sequence[Standing], ladder: str) -> list[Standing]:
    """Those who lack the fewest requirements, the highest tiers first."""
    order = [tier.id for tier in program.ladders[ladder].tiers]

    def distance(standing: Standing) -> tuple[int, int, str]:
        tier = standing.tiers[ladder]
        return (_lacking(tier), -order.index(tier.next_tier or ""), standing.enrolment)

    return sorted((each for each in standings if _lacking(each.tiers[ladder])), key=distance)[:_SHOWN]


def _lacking(tier: TierStanding) -> int:
    return len(open_rows(tier.rows.get(tier.next_tier or "", ())))
