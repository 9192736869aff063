"""``swingby compare``: who stands elsewhere under another version, or on another day."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from swingby.cli.comparing import facts_of_both, form_options, price_option, print_comparison
from swingby.cli.inputs import Day, day_or_today, read_facts, read_program
from swingby.engine.replaying import Comparison, Price, compare_days, compare_versions
from swingby.errors import MisusedError

_TWO_DAYS = 2


@click.command("compare")
@click.argument("places", metavar="OLD [NEW] FACTS", nargs=-1, required=True)
@click.option(
    "--as-of",
    "days",
    type=Day(),
    multiple=True,
    help="The day on which two versions are compared, today if left out; given twice, the days of one version.",
)
@click.option("--known-at", type=int, default=None, help="Facts up to this ledger position; the latest if left out.")
@price_option
@form_options
def command(
    places: tuple[str, ...],
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
        found = _of_days(places, (days[0], days[1]), known_at, prices)
    elif len(places) == _TWO_DAYS + 1 and len(days) < _TWO_DAYS:
        found = _of_versions(places, days[0] if days else None, known_at, prices)
    else:
        raise MisusedError(
            code="compare-what",
            message="Compare two versions on one day, or one version on two days.",
            hint="Write `compare OLD NEW FACTS`, or `compare PROGRAM FACTS --as-of DAY --as-of DAY`.",
        )
    print_comparison(found, form, as_json=as_json, every_review=False)


def _of_days(
    places: tuple[str, ...], days: tuple[date, date], known_at: int | None, prices: tuple[Price, ...]
) -> Comparison:
    program = read_program(Path(places[0]))
    facts = read_facts(places[1], program)
    return compare_days(program, facts, days=(min(days), max(days)), known_at=known_at, prices=prices)


def _of_versions(
    places: tuple[str, ...], day: date | None, known_at: int | None, prices: tuple[Price, ...]
) -> Comparison:
    old, new = (read_program(Path(place)) for place in places[:2])
    facts, old_facts = facts_of_both(places[2], old, new)
    as_of = day_or_today(day, old)
    return compare_versions(old, new, facts, as_of=as_of, known_at=known_at, prices=prices, old_facts=old_facts)
