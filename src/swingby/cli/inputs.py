"""What commands read: programs, facts and days, with their options."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.shell_completion import CompletionItem

from swingby.cli import completing
from swingby.cli.printing import print_issues
from swingby.cli.progress import progress
from swingby.errors import IssuesError
from swingby.program import Program, load

if TYPE_CHECKING:
    from swingby.facts import FactSet

#: How many problems of rows a command shows before it counts the rest.
MOST_SHOWN = 5
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


class Place(click.ParamType[str]):
    """Where facts are: a folder, a DuckDB file, or the address of a database."""

    name = "place"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:  # noqa: ARG002 (click's signature)
        """Any text will do; reading it says what is wrong."""
        return str(value)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG002 (click's)
        """Files and folders."""
        return completing.places(incomplete, only_folders=False)


class ProgramPath(click.Path):
    """The folder of a program; a single file will do as well."""

    def __init__(self) -> None:
        super().__init__(path_type=Path)
        self.name = "program"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG002 (click's)
        """Folders."""
        return completing.places(incomplete, only_folders=True)


class Offered(click.ParamType[str]):
    """A name of which the tab key offers those that there are; any text will do.

    Parameters
    ----------
    name
        What it names.
    offer
        From what was typed before, and the beginning of the name.
    """

    def __init__(self, name: str, offer: Callable[[click.Context, str], list[CompletionItem]]) -> None:
        self.name, self.offer = name, offer

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:  # noqa: ARG002 (click's signature)
        """Reading facts and program says whether there is such a name."""
        return str(value)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG002 (click's)
        """The names that begin so."""
        return self.offer(ctx, incomplete)


PLACE = Place()
PROGRAM = ProgramPath()
PARTNER = Offered("partner", completing.partners)
TIER = Offered("tier", completing.tiers)
LADDER = Offered("ladder", completing.ladders)
NUMBER = Offered("number", completing.numbers)
RULE = Offered("rule", completing.rules)


def program_argument(command: Command) -> Command:
    """The folder (or file) of a program version."""
    return click.argument("program_path", metavar="PROGRAM", type=PROGRAM)(command)


def facts_argument(command: Command) -> Command:
    """The folder with a file for each fact kind, or a database."""
    return click.argument("facts_path", metavar="FACTS", type=PLACE)(command)


def mapping_option(command: Command) -> Command:
    """How a customer's own files, columns and values translate."""
    return click.option(
        "--mapping",
        type=click.Path(path_type=Path, exists=True, dir_okay=False),
        help="A mapping file; mapping.yaml beside the files if left out.",
    )(command)


def as_of_option(command: Command) -> Command:
    """The day that is asked about."""
    return click.option(
        "--as-of", type=Day(), default=None, help="The day asked about, as 2026-03-31; today if left out."
    )(command)


def partners_option(command: Command) -> Command:
    """The partners that are asked about."""
    return click.option(
        "--partner", "partners", type=PARTNER, multiple=True, help="Only this partner; may be given several times."
    )(command)


def known_at_option(command: Command) -> Command:
    """Up to where on the ledger facts are known."""
    return click.option(
        "--known-at",
        type=click.IntRange(0),
        metavar="POSITION",
        help="Facts up to this ledger position; the latest if left out.",
    )(command)


def bad_rows_option(command: Command) -> Command:
    """Where rows that do not count are written."""
    return click.option(
        "--bad-rows",
        type=click.Path(path_type=Path, dir_okay=False),
        help="Write every row that was left out to this CSV file.",
    )(command)


def width_option(command: Command) -> Command:
    """How wide text may be."""
    return click.option(
        "--width",
        type=click.IntRange(40),
        metavar="COLUMNS",
        default=100,
        help="The longest line of text; 100 if left out.",
    )(command)


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
    if loaded.program is not None:
        return loaded.program
    errors = len(loaded.errors)
    raise IssuesError(
        code="program-errors",
        message=f"{path} has {errors} error{'s' if errors != 1 else ''}; nothing was computed.",
        hint="Mend them and run the command again.",
        issues=loaded.issues,
    )


def answers_in_json() -> bool:
    """Whether the command that runs was asked for JSON."""
    context = click.get_current_context(silent=True)
    return bool(context and context.params.get("as_json"))


def read_facts(path: Path | str, program: Program, *, mapping: Path | None = None) -> FactSet:
    """The facts of a folder or a database; what is wrong with rows is listed, the whole of it by ``swingby check``."""
    from swingby import facts as reading

    with progress("Reading facts"):
        facts = reading.read_facts(path, program, mapping=mapping)
    errors, warnings = reading.counted_issues(facts)
    for issue in reading.first_issues(facts, min(errors, MOST_SHOWN) or MOST_SHOWN):
        click.secho(str(issue), fg="red" if issue.level == "error" else "yellow", err=True)
    for found in reading.unreached(facts, program):
        click.secho(f"{found}.", fg="yellow", err=True)
    if errors or warnings:
        click.secho(_counted(path, errors, errors + warnings), fg="yellow", err=True)
    return facts


def _counted(path: Path | str, errors: int, issues: int) -> str:
    left_out = "1 problem costs a row or a file" if errors == 1 else f"{errors:,} problems cost a row or a file"
    notes = f", {issues - errors:,} more are noted" if issues > errors else ""
    more = f"; `swingby check PROGRAM {path}` lists them all" if issues > MOST_SHOWN or notes else ""
    return f"{path}: {left_out}{notes}{more}."


def day_or_today(day: date | None, program: Program) -> date:
    """The day asked about; a day before the program began is answered, and said to be one."""
    chosen = day or date.today()  # noqa: DTZ011 (the person's own day is meant)
    begins = program.header.effective
    if chosen < begins:
        click.secho(
            f"{program.header.label} begins on {begins}: on {chosen} its rules were not in force.",
            fg="yellow",
            err=True,
        )
    return chosen
