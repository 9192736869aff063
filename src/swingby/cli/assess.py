"""``swingby assess``: where every partner stands."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import click

from swingby.cli.inputs import (
    as_of_option,
    day_or_today,
    facts_argument,
    json_option,
    program_argument,
    read_facts,
    read_program,
)
from swingby.cli.printing import number_text, print_json, print_table
from swingby.engine import Assessment, FactSource, RequirementRow, Standing, TierStanding, assess, assess_to
from swingby.errors import MisusedError
from swingby.program import Program

#: How many missing requirements one line names.
MOST_NAMED = 3


@click.command("assess")
@program_argument
@facts_argument
@as_of_option
@click.option("--partner", "partners", multiple=True, help="Only this partner; may be given several times.")
@click.option("--known-at", type=int, default=None, help="Facts up to this ledger position; the latest if left out.")
@click.option(
    "--to",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=None,
    help="Write everybody's standings and requirement rows as Parquet into this new folder, and print nothing else.",
)
@json_option
def command(
    program_path: Path,
    facts_path: str,
    as_of: date | None,
    partners: tuple[str, ...],
    known_at: int | None,
    folder: Path | None,
    as_json: bool,
) -> None:
    """Compute where every partner stands, and what is missing to the next tier.

    PROGRAM is the folder of a program version, FACTS a folder with a file for each kind, or a database.
    """
    if folder is not None and (partners or as_json):
        message = "--to writes everybody as Parquet; it goes with neither --partner nor --json."
        raise MisusedError(code="options-exclusive", message=message, hint="Leave --to out, or the other options.")
    program = read_program(program_path)
    facts = read_facts(facts_path, program)
    day = day_or_today(as_of, program)
    if folder is not None:
        _write(program, facts, folder, day=day, known_at=known_at)
        return
    found = assess(program, facts, as_of=day, known_at=known_at, enrolments=list(partners) or None)
    for partner in partners:
        found.standing(partner)
    if as_json:
        print_json(list(found))
        return
    _print(found)


def _write(program: Program, facts: FactSource, folder: Path, *, day: date, known_at: int | None) -> None:
    written = assess_to(program, facts, folder, as_of=day, known_at=known_at)
    click.echo(f"{program.header.label} {program.header.version} on {day}\n")
    print_table(("rows of", "folder"), [("standings", written.standings), ("requirements", written.requirements)])


def _print(found: Assessment) -> None:
    header = found.program.header
    click.echo(f"{header.label} {header.version} on {found.as_of[-1]}, {len(found)} partners\n")
    for ladder in found.program.ladders:
        print_table(("partner", ladder, "earned today", "next", "missing"), (_line(item, ladder) for item in found))
        click.echo()
        print_table(("tier", "partners"), _counts(found, ladder), right=("partners",))


def _line(standing: Standing, ladder: str) -> tuple[object, ...]:
    tier = standing.tiers[ladder]
    return (standing.enrolment, tier.tier or "none", tier.earned or "none", tier.next_tier or "", missing(tier))


def missing(tier: TierStanding) -> str:
    """What keeps a partner from the next tier, in one line."""
    rows = tier.rows.get(tier.next_tier or "", ())
    parts = [in_words(row) for row in open_rows(rows)]
    more = len(parts) - MOST_NAMED
    return "; ".join(parts[:MOST_NAMED]) + (f"; and {more} more" if more > 0 else "")


def open_rows(rows: tuple[RequirementRow, ...]) -> list[RequirementRow]:
    """The outermost requirements below the tier's own that are not met."""
    depth = min((row.path.count(".") for row in rows if row.path.count(".")), default=0)
    return [row for row in rows if row.path.count(".") == depth and row.result != "met"]


def in_words(row: RequirementRow) -> str:
    """One requirement row: its label, and how far away it is."""
    if row.result == "unknown":
        return f"{row.label} (facts are missing)"
    return f"{row.label} ({number_text(row.gap)} to go)" if row.gap else row.label


def _counts(found: Assessment, ladder: str) -> list[tuple[str, int]]:
    held = Counter(item.tiers[ladder].tier for item in found)
    tiers = [tier.id for tier in reversed(found.program.ladders[ladder].tiers)]
    rows = [(tier, held[tier]) for tier in tiers]
    return [*rows, ("none", held[None])] if held[None] else rows
