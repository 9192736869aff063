"""``swingby enablement ahead`` and ``moves``: what ceases to count and what rests on it; who came and went."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import click

from swingby.cli.enablement_inputs import (
    check_office,
    office_option,
    people_options,
    read_the_catalogue,
    read_the_records,
)
from swingby.cli.enablement_tiers import asked_by_tiers, print_asks, tier_option
from swingby.cli.inputs import Day, as_of_option, day_or_today, read_program
from swingby.cli.printing import counted, print_json, print_table
from swingby.enablement import (
    AskedByTiers,
    AskStanding,
    Fall,
    Move,
    Records,
    Reminder,
    Resting,
    Sparing,
    ask_standings,
    due_reminders,
    endings,
    falls,
    moves,
    resting,
    sparings,
    without,
)
from swingby.errors import MisusedError
from swingby.values import Period, add_days

#: How far ahead is looked if nobody says: two quarters, so that there is time to learn.
AHEAD_DAYS = 180


@dataclass(frozen=True, slots=True)
class Coming:
    """What ceases to count within some days, which words to holders fell due, and what rests on it.

    ``unread`` says what tiers ask of credentials in a way that cannot be counted here.
    """

    as_of: date
    until: date
    office: str | None
    endings: tuple[Resting, ...]
    reminders: tuple[Reminder, ...]
    asks: tuple[AskStanding, ...]
    falls: tuple[Fall, ...]
    unread: tuple[str, ...]


@click.command("ahead")
@people_options
@as_of_option
@office_option
@click.option(
    "--days", type=click.IntRange(1), default=AHEAD_DAYS, help="How many days to look ahead; 180 if left out."
)
@tier_option
@click.option(
    "--without",
    "leaving",
    multiple=True,
    metavar="PERSON",
    help="What if this person left tomorrow; may be given several times.",
)
@click.option("--reminded", type=Day(), help="The day of the last reminders; the day before if left out.")
def ahead(
    catalogue_path: Path,
    program_path: Path,
    facts_path: str,
    mapping: Path | None,
    as_json: bool,
    as_of: date | None,
    office: str | None,
    days: int,
    tiers: tuple[tuple[Path, str], ...],
    leaving: tuple[str, ...],
    reminded: date | None,
) -> None:
    """Say which credentials cease to count, whom to remind, and which tiers rest on it.

    PROGRAM is the firm's own, FACTS what it knows of its people. With --tier it says what keeping each vendor's tier and
    reaching the next ask of credentials, and on which day and because of whom that is no longer met.
    """
    catalogue, program = read_the_catalogue(catalogue_path), read_program(program_path)
    day = day_or_today(as_of, program)
    records = read_the_records(facts_path, program, mapping, catalogue, day)
    check_office(records, office)
    coming = _coming(
        records, asked_by_tiers(catalogue, tiers, day), Period(day, add_days(day, days)), office, leaving, reminded
    )
    if as_json:
        print_json(coming)
    else:
        _print_coming(coming)


def _coming(
    records: Records,
    asked: AskedByTiers,
    span: Period,
    office: str | None,
    leaving: Sequence[str],
    reminded: date | None,
) -> Coming:
    day, lives = span.start, records.lives
    _check_people(records, leaving, day)
    whole = without(records.belonging(), leaving, day)
    kept = [ask.requirement for ask in asked.asks if ask.purpose == "keep"]
    shown = endings(lives, records.belonging(office=office) if office else whole, day, span.end)
    return Coming(
        day,
        span.end,
        office,
        resting(shown, kept, lives, whole),
        due_reminders(shown, day, reminded or add_days(day, -1)),
        ask_standings(asked.asks, lives, whole, day, ahead=span.days),
        falls(kept, lives, whole, day, span.end),
        asked.unread,
    )


def _check_people(records: Records, people: Iterable[str], day: date) -> None:
    here = records.present(day)
    for person in people:
        if person not in here:
            message = f'"{person}" does not work here on {day}.'
            raise MisusedError(code="person-unknown", message=message, hint="Give the key that facts have.")


def _print_coming(coming: Coming) -> None:
    where = f" at {coming.office}" if coming.office else ""
    click.echo(f"{counted(len(coming.endings), 'credential')}{where} cease to count before {coming.until}.\n")
    rows = (
        (one.ending.day, one.ending.person, one.ending.code, one.ending.becomes, "; ".join(one.on))
        for one in coming.endings
    )
    if coming.endings:
        print_table(("day", "person", "certification", "becomes", "what rests on it"), rows)
    if coming.reminders:
        click.echo("\nTo remind:\n")
        reminded = ((one.ending.person, one.ending.code, one.before, one.ending.day) for one in coming.reminders)
        print_table(("person", "certification", "days", "before"), reminded, right=("days",))
    print_asks(coming.asks, coming.unread)
    for fall in coming.falls:
        click.echo(f"\n{fall_sentence(fall)}")


def fall_sentence(fall: Fall) -> str:
    """What falls, when, and because of whom, in one sentence."""
    because = [f"{person} lapses" for person in fall.lapsing] + [f"{person} leaves" for person in fall.leaving]
    return (
        f"{fall.requirement.source} asks for {fall.requirement.people}; "
        f"from {fall.day} there are {fall.held}: {', '.join(because)}."
    )


# --- who came and went ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Moved:
    """Who came, left and went from office to office in a period, with their credentials; and what the firm is spared."""

    first_day: date
    last_day: date
    moves: tuple[Move, ...]
    spared: tuple[Sparing, ...]


@click.command("moves")
@people_options
@click.option("--from", "first_day", type=Day(), required=True, help="The first day of the period.")
@click.option("--to", "last_day", type=Day(), required=True, help="Its last day.")
@click.option(
    "--spared",
    type=click.IntRange(1),
    metavar="DAYS",
    help="For how many days a vendor goes on counting what leavers held; none if left out.",
)
def moved(
    catalogue_path: Path,
    program_path: Path,
    facts_path: str,
    mapping: Path | None,
    as_json: bool,
    first_day: date,
    last_day: date,
    spared: int | None,
) -> None:
    """Give account of who came, left and changed office in a period, and with which credentials.

    What came from outside and went outside are moved in and moved out of `swingby enablement growth`.
    """
    check_period(first_day, last_day)
    catalogue, program = read_the_catalogue(catalogue_path), read_program(program_path)
    records = read_the_records(facts_path, program, mapping, catalogue, last_day)
    period = Period(first_day, add_days(last_day, 1))
    found = moves(records.holders(), records.stays, period)
    kept = sparings(records.lives, records.stays, [(spared, "day")]) if spared else ()
    answer = Moved(first_day, last_day, found, tuple(one for one in kept if one.period.overlaps(period)))
    if as_json:
        print_json(answer)
    else:
        _print_moved(answer)


def check_period(first_day: date, last_day: date) -> None:
    """Refuse a period that ends before it begins."""
    if last_day < first_day:
        raise MisusedError(
            code="period-order", message="The period ends before it begins.", hint="Swap --from and --to."
        )


def _print_moved(answer: Moved) -> None:
    rows = (
        (one.day, one.person, _place(one.left), _place(one.joined), len(one.taken), len(one.brought))
        for one in answer.moves
    )
    columns = ("day", "person", "from", "to", "taken", "brought")
    print_table(columns, rows, right=columns[4:])
    brought = sum(len(one.brought) for one in answer.moves if one.left is None)
    taken = sum(len(one.taken) for one in answer.moves if one.joined is None)
    click.echo(f"\n{counted(len(answer.moves), 'move')}: {brought} credentials came to the firm, {taken} went.")
    if answer.spared:
        click.echo(f"{counted(len(answer.spared), 'credential')} of leavers spared in the period.")


def _place(office: str | None) -> str:
    return "outside" if office is None else office or "no office"
