"""``swingby enablement changes``: what a newer catalogue says otherwise, and who is hit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import click

from swingby.cli.enablement_inputs import read_the_catalogue, read_the_records
from swingby.cli.inputs import Day, day_or_today, json_option, mapping_option, read_program
from swingby.cli.printing import counted, print_json, print_table
from swingby.enablement import (
    Catalogue,
    CatalogueChange,
    CatalogueEnd,
    Lives,
    catalogue_changes,
    catalogue_ends,
    hit_by_change,
)


@dataclass(frozen=True, slots=True)
class HitBy:
    """A change, and the people to whom it makes a difference; null where nobody's facts were given."""

    change: CatalogueChange
    people: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class ChangedCatalogue:
    """What a newer catalogue says otherwise, and what it ends by itself on days to come."""

    as_of: date
    changes: tuple[HitBy, ...]
    ends: tuple[CatalogueEnd, ...]


@click.command("changes")
@click.argument("before_path", metavar="BEFORE", type=click.Path(path_type=Path))
@click.argument("after_path", metavar="AFTER", type=click.Path(path_type=Path))
@click.option(
    "--people",
    type=(click.Path(path_type=Path), str),
    metavar="PROGRAM FACTS",
    help="The firm's own program and what it knows of its people: who is hit is said as well.",
)
@mapping_option
@click.option("--as-of", type=Day(), help="The day asked about, as 2026-03-31; today if left out.")
@json_option
def changed(
    before_path: Path,
    after_path: Path,
    people: tuple[Path, str] | None,
    mapping: Path | None,
    as_of: date | None,
    as_json: bool,
) -> None:
    """Compare two catalogues, BEFORE and AFTER, and say what the newer one ends on days to come.

    Who is hit are people at the firm for whom something is otherwise from the day on: held longer or shorter, or not at all.
    """
    before, after = read_the_catalogue(before_path), read_the_catalogue(after_path)
    program = read_program(people[0]) if people else None
    day = day_or_today(as_of, program) if program else as_of or date.today()  # noqa: DTZ011 (the person's own day is meant)
    was: Lives | None = None
    now: Lives = {}
    if people and program:
        was, now = (read_the_records(people[1], program, mapping, one, day).present(day) for one in (before, after))
    answer = ChangedCatalogue(
        day, tuple(_hits(catalogue_changes(before, after), was, now, day)), catalogue_ends(after, now, day)
    )
    if as_json:
        print_json(answer)
    else:
        _print(answer, after, with_people=was is not None)


def _hits(changes: Iterable[CatalogueChange], was: Lives | None, now: Lives, day: date) -> Iterable[HitBy]:
    return (HitBy(one, None if was is None else hit_by_change(one.code, was, now, day)) for one in changes)


def _print(answer: ChangedCatalogue, after: Catalogue, *, with_people: bool) -> None:
    hits = [("; ".join(one.change.words), one.change.label, one.people or ()) for one in answer.changes]
    hits += [(f"{one.words} from {one.day}", after.certifications[one.code].label, one.people) for one in answer.ends]
    if not hits:
        click.echo("Nothing changes.")
        return
    if with_people:
        rows = [(label, words, len(people), ", ".join(people)) for words, label, people in hits]
        print_table(("certification", "what", "hit", "people"), rows, right=("hit",))
    else:
        print_table(("certification", "what"), [(label, words) for words, label, _ in hits])
    click.echo(f"\n{counted(len(answer.changes), 'change')}, {counted(len(answer.ends), 'end')} to come.")
