"""``swingby compare``: who stands elsewhere under another version, or on another day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import click

from swingby.cli.comparing import facts_of_both, form_options, price_option, print_comparison
from swingby.cli.inputs import PLACE, Day, day_or_today, known_at_option, mapping_option, read_facts, read_program
from swingby.cli.progress import progress
from swingby.engine.replaying import Comparison, Price, compare_days, compare_versions
from swingby.errors import MisusedError

_TWO_DAYS = 2


@click.command("compare")
@click.argument("places", metavar="OLD [NEW] FACTS", nargs=-1, required=True, type=PLACE)
@mapping_option
@click.option(
    "--as-of",
    "days",
    type=Day(),
    multiple=True,
    help="The day on which two versions are compared, today if left out; given twice, the days of one version.",
)
@known_at_option
@price_option
@form_options
def command(
    places: tuple[str, ...],
    mapping: Path | None,
    days: tuple[date, ...],
    known_at: int | None,
    prices: tuple[Price, ...],
    form: str | None,
    as_json: bool,
) -> None:
    """Say who stands elsewhere and why: under the version NEW instead of OLD, or of one version on two days.

    Two versions need OLD, NEW and FACTS; two days need a version, FACTS and --as-of twice. Both versions are taken as if
    they had begun on the first day of the earlier one. `swingby backtest` replays the reviews of a longer time.
    """
    if len(places) == _TWO_DAYS and len(days) == _TWO_DAYS:
        found = _of_days(_Asked(places, mapping, known_at, prices), (days[0], days[1]))
    elif len(places) == _TWO_DAYS + 1 and len(days) < _TWO_DAYS:
        found = _of_versions(_Asked(places, mapping, known_at, prices), days[0] if days else None)
    else:
        raise MisusedError(
            code="compare-what",
            message="Compare two versions on one day, or one version on two days.",
            hint="Write `compare OLD NEW FACTS`, or `compare PROGRAM FACTS --as-of DAY --as-of DAY`.",
        )
    print_comparison(found, form, as_json=as_json, every_review=False)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What both ways of comparing need: programs and facts by their places, how they translate, and what is known."""

    places: tuple[str, ...]
    mapping: Path | None
    known_at: int | None
    prices: tuple[Price, ...]


def _of_days(asked: _Asked, days: tuple[date, date]) -> Comparison:
    program = read_program(Path(asked.places[0]))
    facts = read_facts(asked.places[1], program, mapping=asked.mapping)
    with progress("Comparing") as told:
        return compare_days(
            program,
            facts,
            days=(min(days), max(days)),
            known_at=asked.known_at,
            prices=asked.prices,
            progress=told.at,
        )


def _of_versions(asked: _Asked, day: date | None) -> Comparison:
    old, new = (read_program(Path(place)) for place in asked.places[:2])
    facts, old_facts = facts_of_both(asked.places[2], old, new, asked.mapping)
    as_of = day_or_today(day, old)
    with progress("Comparing") as told:
        return compare_versions(
            old,
            new,
            facts,
            as_of=as_of,
            known_at=asked.known_at,
            prices=asked.prices,
            old_facts=old_facts,
            progress=told.at,
        )
