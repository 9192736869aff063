"""What commands read: programs, facts and days, with their options."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from swingby.cli.printing import print_issues
from swingby.errors import SwingbyError
from swingby.program import Program, load

if TYPE_CHECKING:
    from swingby.facts import FactSet

Command = TypeVar("Command", bound=Callable[..., Any])


class Day(click.ParamType[date]):
    """A day, written 2026-03-31."""

    name = "day"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Read the day or say how it is written."""
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is not a day; write it as 2026-03-31.", param, ctx)


def program_argument(command: Command) -> Command:
    """The folder (or file) of a program version."""
    return click.argument("program_path", metavar="PROGRAM", type=click.Path(path_type=Path))(command)


def facts_argument(command: Command) -> Command:
    """The folder with a file for each fact kind."""
    return click.argument("facts_path", metavar="FACTS", type=click.Path(path_type=Path))(command)


def as_of_option(command: Command) -> Command:
    """The day that is asked about."""
    return click.option("--as-of", type=Day(), default=None, help="The day asked about; today if left out.")(command)


def json_option(command: Command) -> Command:
    """JSON in place of text."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON.")(command)


def read_program(path: Path) -> Program:
    """The program, or all that is wrong with it.

    Raises
    ------
    SwingbyError
        ``program-errors`` after printing every problem with its place.
    """
    loaded = load(path)
    print_issues(loaded.issues)
    errors = [issue for issue in loaded.issues if issue.level == "error"]
    if loaded.program is None or errors:
        raise SwingbyError(
            code="program-errors",
            message=f"{path} has {len(errors)} error{'s' if len(errors) != 1 else ''}; nothing was computed.",
            hint="Mend them and run the command again.",
        )
    return loaded.program


def read_facts(path: Path, program: Program) -> FactSet:
    """The facts of a folder; rows that are wrong are counted on the terminal and left out."""
    from swingby.facts import read_folder

    facts = read_folder(path, program)
    left_out, notes = len(facts.errors), len(facts.issues) - len(facts.errors)
    if facts.issues:
        rows = "1 row" if left_out == 1 else f"{left_out:,} rows"
        said = f"{rows} left out" + (f", {notes:,} noted" if notes else "")
        click.secho(f"{path}: {said}; the first: {(facts.errors or facts.issues)[0]}", fg="yellow", err=True)
    return facts


def day_or_today(day: date | None) -> date:
    """The day asked about."""
    return day or date.today()  # noqa: DTZ011 (the person's own day is meant)
