"""``swingby check``: what is wrong with a program."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from swingby.cli.inputs import PLACE, json_option, mapping_option, program_argument
from swingby.cli.printing import counted, print_issues, print_json
from swingby.cli.progress import progress
from swingby.errors import ExitCode
from swingby.program import Issue, Loaded, Program, load

if TYPE_CHECKING:
    from swingby.facts import RowIssue, Unasked, Unreached


@click.command("check")
@program_argument
@click.argument("facts_path", metavar="[FACTS]", required=False, type=PLACE)
@mapping_option
@json_option
def command(program_path: Path, facts_path: str | None, mapping: Path | None, as_json: bool) -> None:
    """Read PROGRAM, and FACTS if given, and report every problem with its place.

    Ends with 0 when there is no error, with 1 otherwise. A rule that this version reads but cannot compute is an
    error too; facts that reach no partner are named.
    """
    loaded = load(program_path)
    refused = _refused(loaded)
    issues = (*loaded.issues, *refused)
    rows = _checked_rows(facts_path, loaded.program, mapping) if facts_path and loaded.program else Rows()
    errors = sum(issue.level == "error" for issue in issues)
    if as_json:
        print_json(Checked(issues, str(refused[0]) if refused else None, rows))
    else:
        print_issues(issues)
        click.echo(_summary(loaded, errors, warnings=len(issues) - errors))
        _print_rows(rows)
    if errors or loaded.program is None or any(issue.level == "error" for issue in rows.issues):
        raise SystemExit(ExitCode.NEGATIVE)


@dataclass(frozen=True, slots=True)
class Rows:
    """What is wrong with the rows of a folder, which rows count for nobody, and words that are probably mistyped."""

    issues: tuple[RowIssue, ...] = ()
    unreached: tuple[Unreached, ...] = ()
    unasked: tuple[Unasked, ...] = ()
    read: int | None = None
    enrolments: int | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """What is wrong with a program, the first rule that cannot be computed, and what is wrong with facts."""

    issues: tuple[Issue, ...]
    not_computed: str | None
    rows: Rows


def _checked_rows(path: str, program: Program, mapping: Path | None) -> Rows:
    from swingby.facts import read_facts, unasked, unreached

    with progress("Reading facts"):
        found = read_facts(path, program, mapping=mapping)
    with found as facts:
        read = sum(facts.count(f"fact_{kind}") for kind in program.kinds)
        enrolments = facts.count("ref_enrolments")
        return Rows(facts.issues, unreached(facts, program), unasked(facts, program), read, enrolments)


def _print_rows(rows: Rows) -> None:
    for issue in rows.issues:
        click.secho(str(issue), fg="red" if issue.level == "error" else "yellow", err=True)
    for found in rows.unreached:
        click.secho(f"{found}.", fg="yellow", err=True)
    for word in rows.unasked:
        click.secho(str(word), fg="yellow", err=True)
    if rows.read and not rows.enrolments:
        click.secho("There are no enrolments, so no partner gets any of these facts.", fg="yellow", err=True)
    if rows.read is not None:
        errors = sum(issue.level == "error" for issue in rows.issues)
        warned = counted(len(rows.issues) - errors, "warning")
        click.echo(f"{counted(rows.read, 'fact')} read; {counted(errors, 'error')}, {warned}.")


def _refused(loaded: Loaded) -> list[Issue]:
    """The rules that cannot be computed; of a program with errors nobody asks."""
    from swingby.engine import refusals

    if loaded.program is None or any(issue.level == "error" for issue in loaded.issues):
        return []
    return refusals(loaded.program)


def _summary(loaded: Loaded, errors: int, *, warnings: int) -> str:
    found = f"{counted(errors, 'error')}, {counted(warnings, 'warning')}"
    if loaded.program is None:
        return f"No program could be read: {found}."
    program = loaded.program
    rules = len(program.measures) + len(program.points) + len(program.scores) + len(program.incentives)
    tiers = sum(len(ladder.tiers) for ladder in program.ladders.values())
    header = program.header
    return f"{header.label} {header.version}, effective {header.effective}: {rules} numbers, {tiers} tiers; {found}."
