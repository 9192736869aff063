"""``swingby check``: what is wrong with a program."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from swingby.cli.inputs import PLACE, json_option, mapping_option, program_argument
from swingby.cli.printing import print_issues, print_json
from swingby.cli.progress import progress
from swingby.errors import ExitCode, SwingbyError
from swingby.program import Issue, Loaded, Program, load

if TYPE_CHECKING:
    from swingby.facts import RowIssue, Unreached


@click.command("check")
@program_argument
@click.argument("facts_path", metavar="[FACTS]", required=False, type=PLACE)
@mapping_option
@json_option
def command(program_path: Path, facts_path: str | None, mapping: Path | None, as_json: bool) -> None:
    """Read PROGRAM, and FACTS if given, and report every problem with its place.

    Ends with 0 when there is no error, with 1 otherwise. Rules that this version reads but cannot compute yet are
    named too, and facts that reach no partner.
    """
    loaded = load(program_path)
    refused = _not_computed(loaded.program)
    rows = _checked_rows(facts_path, loaded.program, mapping) if facts_path and loaded.program else Rows()
    errors = sum(issue.level == "error" for issue in loaded.issues)
    if as_json:
        print_json(Checked(loaded.issues, refused, rows))
    else:
        print_issues(loaded.issues)
        if refused:
            click.secho(refused, fg="yellow", err=True)
        click.echo(_summary(loaded, errors))
        _print_rows(rows)
    if errors or loaded.program is None or any(issue.level == "error" for issue in rows.issues):
        raise SystemExit(ExitCode.NEGATIVE)


@dataclass(frozen=True, slots=True)
class Rows:
    """What is wrong with the rows of a folder, and which rows count for nobody."""

    issues: tuple[RowIssue, ...] = ()
    unreached: tuple[Unreached, ...] = ()
    read: int | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """What is wrong with a program, a rule that cannot be computed yet, and what is wrong with facts."""

    issues: tuple[Issue, ...]
    not_computed: str | None
    rows: Rows


def _checked_rows(path: str, program: Program, mapping: Path | None) -> Rows:
    from swingby.facts import read_facts, unreached

    with progress("Reading facts"):
        found = read_facts(path, program, mapping=mapping)
    with found as facts:
        return Rows(facts.issues, unreached(facts, program), sum(facts.count(f"fact_{kind}") for kind in program.kinds))


def _print_rows(rows: Rows) -> None:
    for issue in rows.issues:
        click.secho(str(issue), fg="red" if issue.level == "error" else "yellow", err=True)
    for found in rows.unreached:
        click.secho(f"{found}.", fg="yellow", err=True)
    if rows.read is not None:
        errors = sum(issue.level == "error" for issue in rows.issues)
        click.echo(f"{rows.read:,} facts read; {errors:,} errors, {len(rows.issues) - errors:,} warnings.")


def _not_computed(program: Program | None) -> str | None:
    from swingby.engine import compile_program

    try:
        if program is not None:
            compile_program(program)
    except SwingbyError as error:
        return str(error)
    return None


def _summary(loaded: Loaded, errors: int) -> str:
    warnings = len(loaded.issues) - errors
    found = f"{errors} error{'s' * (errors != 1)}, {warnings} warning{'s' * (warnings != 1)}"
    if loaded.program is None:
        return f"No program could be read: {found}."
    program = loaded.program
    rules = len(program.measures) + len(program.points) + len(program.scores) + len(program.incentives)
    tiers = sum(len(ladder.tiers) for ladder in program.ladders.values())
    header = program.header
    return f"{header.label} {header.version}, effective {header.effective}: {rules} numbers, {tiers} tiers; {found}."
