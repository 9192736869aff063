"""``swingby assess``: where every partner stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import click

from swingby.cli.inputs import (
    as_of_option,
    day_or_today,
    facts_argument,
    json_option,
    known_at_option,
    mapping_option,
    partners_option,
    program_argument,
    read_facts,
    read_program,
)
from swingby.cli.printing import counted, print_json, print_table
from swingby.cli.progress import progress
from swingby.engine import (
    Assessment,
    FactSource,
    RequirementRow,
    Standing,
    TierStanding,
    assess,
    assess_to,
    gap_words,
    nested,
    spelled,
)
from swingby.errors import MisusedError
from swingby.program import Program

#: How many missing requirements one line names.
MOST_NAMED = 3
#: How many numbers of a program without tiers stand side by side.
MOST_COLUMNS = 6
_NAMED_GROUPS = {"any": "one of", "none": "none of", "count": "enough of"}


@click.command("assess")
@program_argument
@facts_argument
@mapping_option
@as_of_option
@partners_option
@known_at_option
@click.option(
    "--to",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=None,
    help="Write everybody's standings and requirement rows as Parquet into this new folder, and print only how many.",
)
@json_option
def command(
    program_path: Path,
    facts_path: str,
    mapping: Path | None,
    as_of: date | None,
    partners: tuple[str, ...],
    known_at: int | None,
    folder: Path | None,
    as_json: bool,
) -> None:
    """Compute where every partner stands, and what is missing to the next tier.

    PROGRAM is the folder of a program version, FACTS a folder with a file for each kind, or a database.
    """
    if folder is not None and partners:
        message = "--to writes everybody as Parquet; it does not go with --partner."
        raise MisusedError(code="options-exclusive", message=message, hint="Leave one of them out.")
    program = read_program(program_path)
    facts = read_facts(facts_path, program, mapping=mapping)
    day = day_or_today(as_of, program)
    if folder is not None:
        _write(program, facts, folder, day=day, known_at=known_at, as_json=as_json)
        return
    with progress("Computing standings"):
        found = assess(program, facts, as_of=day, known_at=known_at, enrolments=list(partners) or None)
    for partner in partners:
        found.standing(partner)
    if as_json:
        print_json(list(found))
        return
    _print(found)


def _write(
    program: Program, facts: FactSource, folder: Path, *, day: date, known_at: int | None, as_json: bool
) -> None:
    with progress("Computing standings"):
        written = assess_to(program, facts, folder, as_of=day, known_at=known_at)
    if as_json:
        print_json(written)
        return
    click.echo(f"{program.header.label} {program.header.version} on {day}\n")
    print_table(("rows of", "folder"), [("standings", written.standings), ("requirements", written.requirements)])


def _print(found: Assessment) -> None:
    header = found.program.header
    click.echo(f"{header.label} {header.version} on {found.as_of[-1]}, {counted(len(found), 'partner')}\n")
    if not found.program.ladders:
        _print_numbers(found)
    for ladder in next((list(item.tiers) for item in found), []):
        print_table(("partner", ladder, "earned today", "next", "missing"), (_line(item, ladder) for item in found))
        click.echo()
        print_table(("tier", "partners"), _counts(found, ladder), right=("partners",))
        incomplete = sum(item.tiers[ladder].is_incomplete for item in found)
        if incomplete:
            click.secho(f"\n{_incomplete(incomplete)}", fg="yellow")


def _print_numbers(found: Assessment) -> None:
    """What a program without tiers comes to: its scores, points and money, or its measures where it has none of these."""
    program = found.program
    declared = [*program.scores, *program.points, *program.incentives] or list(program.measures)
    known = next((list(item.numbers) for item in found), [])
    names = [name for rule in declared for name in known if name.partition("[")[0] == rule]
    print_table(
        ("partner", *names[:MOST_COLUMNS]), (_numbers(item, names[:MOST_COLUMNS]) for item in found), right=names
    )
    if len(names) > MOST_COLUMNS:
        click.echo(
            f"\n{counted(len(names) - MOST_COLUMNS, 'number')} more: --json tells all, `explain` those of one partner."
        )


def _numbers(standing: Standing, names: Sequence[str]) -> tuple[object, ...]:
    cells = (standing.numbers.get(name) for name in names)
    return (
        standing.enrolment,
        *("" if each is None else each.value if each.state == "known" else each.state for each in cells),
    )


def _line(standing: Standing, ladder: str) -> tuple[object, ...]:
    tier = standing.tiers[ladder]
    earned = f"{tier.earned or 'none'}{' or more' if tier.is_incomplete else ''}"
    return (standing.enrolment, tier.tier or "none", earned, tier.next_tier or "", missing(tier))


def _incomplete(partners: int) -> str:
    whom = "1 partner is" if partners == 1 else f"{partners:,} partners are"
    return f"{whom} incomplete: facts are missing, so nobody moves down for them; `explain` says which numbers wait."


def missing(tier: TierStanding) -> str:
    """What keeps a partner from the next tier, in one line."""
    rows = tier.rows.get(tier.next_tier or "", ())
    parts = [_outermost(row, rows) for row in open_rows(rows)]
    more = len(parts) - MOST_NAMED
    return "; ".join(parts[:MOST_NAMED]) + (f"; and {more} more" if more > 0 else "")


def open_rows(rows: Sequence[RequirementRow]) -> list[RequirementRow]:
    """What is not met: of a tier that asks for all of several the parts, of any other the whole."""
    if not rows:
        return []
    asked = _parts(rows[0], rows) if rows[0].kind == "all" else rows[:1]
    return [row for row in asked if row.result != "met"]


def _outermost(row: RequirementRow, rows: Sequence[RequirementRow]) -> str:
    """A row in words; a tier that asks for one named group says what is in it too."""
    head = "" if row.heading or row is not rows[0] else _NAMED_GROUPS.get(row.kind, "")
    said = in_words(row, rows)
    return f"{said} ({in_words(replace(row, heading=head), rows)})" if head else said


def _parts(whole: RequirementRow, rows: Sequence[RequirementRow]) -> list[RequirementRow]:
    depth = whole.path.count(".") + 1
    return [row for row in rows if row.path.startswith(f"{whole.path}.") and row.path.count(".") == depth]


def in_words(row: RequirementRow, rows: Sequence[RequirementRow]) -> str:
    """One requirement row: its label, and how far away it is; a group without words of its own is spelled out."""
    if row.heading:
        return spelled(
            _lower(row.heading), [_inside(part, rows) for part in _parts(row, rows) if _counts_in(part, row)]
        )
    if row.result == "unknown":
        return f"{row.label} (facts are missing)"
    gap = gap_words(row.gap, row.test, is_place=row.is_place) if row.result == "unmet" else ""
    return f"{row.label} ({gap})" if gap else row.label


def _counts_in(part: RequirementRow, group: RequirementRow) -> bool:
    """Whether a part has a say in what is missing: what holds already is no longer asked for."""
    if group.kind == "none":
        return part.result != "unmet"
    return part.result != "met" or _lower(group.heading) != "all of"


def _inside(part: RequirementRow, rows: Sequence[RequirementRow]) -> str:
    if part.result == "met":
        return f"{part.label} (met)"
    return nested(in_words(part, rows), is_group=bool(part.heading))


def _lower(heading: str) -> str:
    return heading[:1].lower() + heading[1:]


def _counts(found: Assessment, ladder: str) -> list[tuple[str, int]]:
    held = Counter(item.tiers[ladder].tier for item in found)
    tiers = [tier.id for tier in reversed(found.program.ladders[ladder.partition("[")[0]].tiers)]
    rows = [(tier, held[tier]) for tier in tiers]
    return [*rows, ("none", held[None])] if held[None] else rows
