"""``swingby replay``: whether a decision comes out again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from swingby.cli.decide import known
from swingby.cli.decision_files import place_from, read
from swingby.cli.inputs import PLACE, PROGRAM, json_option, read_facts, read_program
from swingby.cli.printing import counted, print_issues, print_json, print_table
from swingby.cli.progress import progress
from swingby.engine.decisions import Cause, ReadDecision, Replay, RowDifference, replay, with_late_facts
from swingby.errors import ExitCode, IssuesError, SwingbyError
from swingby.program import Likeness, Program, likeness, load, load_copy

if TYPE_CHECKING:
    from swingby.facts import FactSet

#: How many rows are shown before they are counted.
MOST_SHOWN = 20
ProgramNow = Likeness | Literal["missing", "unreadable"]


@click.command("replay")
@click.argument("file", metavar="DECISION", type=click.Path(path_type=Path))
@click.option(
    "--program",
    "program_path",
    type=PROGRAM,
    help="Hold it against this program, in place of the copy in DECISION.",
)
@click.option("--facts", "facts_path", type=PLACE, help="Where the facts are now; where they were if left out.")
@click.option(
    "--mapping",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A mapping file; the one that `decide` was given if left out.",
)
@click.option("--late", is_flag=True, help="Also say what would differ with the facts that came since.")
@click.option("--strict", is_flag=True, help="End with 1 as well when something else than a row is not as it was.")
@json_option
def command(
    file: Path,
    program_path: Path | None,
    facts_path: str | None,
    mapping: Path | None,
    late: bool,
    strict: bool,
    as_json: bool,
) -> None:
    """Work DECISION out again, with its program and with what was known then, and compare every row to the digit.

    Says "same", or "changed, because" with what is no longer as it was, and the rows that differ. Facts that came since
    do not change it; they count from the next review on. Ends with 0 when it is the same, with 1 when it changed.
    """
    found = read(file)
    program = _copy(found) if program_path is None else read_program(program_path)
    facts = _facts(_place(found, file, "facts", facts_path), _place(found, file, "mapping", mapping), program)
    with progress("Computing standings"):
        own = None if program_path is None else load_copy(found.texts).program
        result = replay(found.decision, program, facts, own=own, altered=found.is_altered)
        restated = with_late_facts(found.decision, program, facts) if late else ()
    replayed = Replayed(
        decision=file,
        hash=found.hash,
        same=result.same,
        causes=result.causes,
        program=_program_now(found, file, program_path),
        differences=result.differences,
        position=result.position,
        late=result.late,
        late_differences=restated if late else None,
    )
    if as_json:
        print_json(replayed)
    else:
        _print(replayed, found)
    _end(replayed, result, strict=strict)


@dataclass(frozen=True, slots=True)
class Replayed:
    """What replaying a file said.

    Attributes
    ----------
    program
        How the program that stands at its place now is like the copy of then: the same ``text``, the same ``meaning``
        (comments, order, layout), the same ``rules`` (other words), ``nothing`` when a rule differs, ``missing`` or
        ``unreadable``.
    late
        How many facts came or were taken back since, by kind.
    late_differences
        What they would change; null unless asked for.
    """

    decision: Path
    hash: str
    same: bool
    causes: tuple[Cause, ...]
    program: ProgramNow
    differences: tuple[RowDifference, ...]
    position: int
    late: Mapping[str, int]
    late_differences: tuple[RowDifference, ...] | None


def _copy(found: ReadDecision) -> Program:
    loaded = load_copy(found.texts)
    if loaded.program is not None:
        return loaded.program
    print_issues(loaded.issues)
    raise IssuesError(
        code="program-errors",
        message="This version of Swingby cannot read the copy of the program in the decision.",
        hint="Name a program with --program, or use the version that wrote the decision.",
        issues=loaded.issues,
    )


def _place(found: ReadDecision, file: Path, name: str, given: str | Path | None) -> str | None:
    """Where something is now: where the caller says, else where it was, if it was named."""
    if given is not None:
        return str(given)
    if name not in found.places:
        return None
    place = place_from(file.parent, found.places[name])
    if "://" not in place and not Path(place).exists():
        message = f"The {name} {'is' if name == 'mapping' else 'are'} no longer at {place}."
        raise SwingbyError(code=f"{name}-moved", message=message, hint=f"Say where with --{name}.")
    return place


def _facts(place: str | None, mapping: str | None, program: Program) -> FactSet:
    if place is None:
        message = "The decision does not say where its facts are."
        raise SwingbyError(code="facts-moved", message=message, hint="Say where with --facts.")
    return read_facts(place, program, mapping=Path(mapping) if mapping else None)


def _program_now(found: ReadDecision, file: Path, given: Path | None) -> ProgramNow:
    place = given or Path(place_from(file.parent, found.places.get("program", "")))
    if not place.exists():
        return "missing"
    then, now = load_copy(found.texts).program, load(place).program
    return "unreadable" if then is None or now is None else likeness(then, now)


def _end(replayed: Replayed, result: Replay, *, strict: bool) -> None:
    if any(cause.code == "unexplained" for cause in result.causes):
        raise SystemExit(ExitCode.BROKEN)
    if not replayed.same or (strict and (replayed.causes or replayed.program in _OTHER_PROGRAM)):
        raise SystemExit(ExitCode.NEGATIVE)


_OTHER_PROGRAM = ("nothing", "missing", "unreadable")
_PROGRAM_NOTES: Mapping[ProgramNow, str] = {
    "meaning": "The program's text was edited since, and says the same: comments, order or layout.",
    "rules": "The program's words were edited since; no rule was.",
    "nothing": "The program that stands at its place now has other rules; see `swingby difference`.",
    "missing": "The program is no longer at its place; the copy in the decision was used.",
    "unreadable": "The program that stands at its place now cannot be read; the copy in the decision was used.",
}


def _print(replayed: Replayed, found: ReadDecision) -> None:
    made = found.decision
    mark, rows = made.basis.program, sum(map(len, made.rows.sections.values()))
    partners = counted(len(made.rows.partners), "partner")
    click.echo(f"{mark.label} {mark.version} on {made.basis.as_of}: {partners}, {counted(rows, 'row')}, {known(made)}")
    if replayed.same:
        click.echo("same")
        notes = [cause.message for cause in replayed.causes]
    else:
        click.echo("changed, because")
        notes = []
        for cause in replayed.causes:
            click.echo(f"  {cause.message}")
    for note in (*notes, *_notes(replayed)):
        click.echo(f"  note: {note}")
    _print_rows(replayed.differences, "\nRow by row:")
    if replayed.late_differences is not None:
        _print_rows(replayed.late_differences, "\nWith everything that is known now:", "\nLate facts change nothing.")


def _notes(replayed: Replayed) -> list[str]:
    is_told = any(cause.code == "program" for cause in replayed.causes)
    notes = [_PROGRAM_NOTES[replayed.program]] if replayed.program in _PROGRAM_NOTES and not is_told else []
    if replayed.late:
        kinds = ", ".join(f"{number:,} of {kind}" for kind, number in sorted(replayed.late.items()))
        notes.append(f"Facts that came or were taken back since ({kinds}) count from the next review on.")
    return notes


def _print_rows(rows: Sequence[RowDifference], title: str, nothing: str = "") -> None:
    if not rows:
        if nothing:
            click.echo(nothing)
        return
    click.echo(title)
    cells = [
        (row.enrolment, row.what, row.label or row.name, row.was or "", row.now or "") for row in rows[:MOST_SHOWN]
    ]
    print_table(("partner", "what", "which", "was", "is"), cells)
    if len(rows) > MOST_SHOWN:
        click.echo(f"and {len(rows) - MOST_SHOWN:,} more; --json lists them all.")
