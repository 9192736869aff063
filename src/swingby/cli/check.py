"""``swingby check``: what is wrong with a program."""

from __future__ import annotations

from pathlib import Path

import click

from swingby.cli.inputs import json_option, program_argument
from swingby.cli.printing import print_issues, print_json
from swingby.errors import ExitCode, SwingbyError
from swingby.program import Loaded, Program, load


@click.command("check")
@program_argument
@json_option
def command(program_path: Path, as_json: bool) -> None:
    """Read PROGRAM and report every problem with its place.

    Ends with 0 when there is no error, with 1 otherwise. Rules that this version reads but cannot compute yet are
    named too.
    """
    loaded = load(program_path)
    refused = _not_computed(loaded.program)
    errors = sum(issue.level == "error" for issue in loaded.issues)
    if as_json:
        print_json({"issues": list(loaded.issues), "not_computed": refused})
    else:
        print_issues(loaded.issues)
        if refused:
            click.secho(refused, fg="yellow", err=True)
        click.echo(_summary(loaded, errors))
    if errors or loaded.program is None:
        raise SystemExit(ExitCode.NEGATIVE)


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
