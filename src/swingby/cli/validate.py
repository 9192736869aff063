"""``swingby validate``: which rows of a delivery count, which do not, and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from swingby.cli.inputs import PLACE, bad_rows_option, json_option, mapping_option, program_argument, read_program
from swingby.cli.printing import print_json, print_table
from swingby.cli.progress import progress
from swingby.errors import ExitCode

if TYPE_CHECKING:
    from swingby.facts import FactSet, FileReport, RowIssue, SourceReport, Unasked, Unmatched, Unreached
    from swingby.program import Program

#: How many problems are shown before they are counted.
MOST_SHOWN = 20


@click.command("validate")
@program_argument
@click.argument("facts_path", metavar="FACTS", type=PLACE)
@mapping_option
@bad_rows_option
@json_option
def command(program_path: Path, facts_path: str, mapping: Path | None, bad_rows: Path | None, as_json: bool) -> None:
    """Read FACTS as PROGRAM would and say which rows count, which do not, and why.

    FACTS is a folder, a file, a DuckDB file or the address of a PostgreSQL database. Bad rows never stop good ones. Ends
    with 0 when every row counts, with 1 otherwise.
    """
    from swingby.facts import counted_issues, read_facts, write_bad_rows

    program = read_program(program_path)
    with progress("Reading facts"):
        facts = read_facts(facts_path, program, mapping=mapping)
    with facts:
        if bad_rows is not None:
            write_bad_rows(facts, bad_rows)
        if as_json:
            print_json(_as_data(facts, program))
        else:
            _print(facts, program, bad_rows)
        errors = counted_issues(facts)[0]
    if errors:
        raise SystemExit(ExitCode.NEGATIVE)


@dataclass(frozen=True, slots=True)
class Validated:
    """What came of reading facts: problems counted and listed, files, sources, what counts for nobody, mistyped words."""

    errors: int
    warnings: int
    files: tuple[FileReport, ...]
    sources: tuple[SourceReport, ...]
    unmatched: tuple[Unmatched, ...]
    unreached: tuple[Unreached, ...]
    unasked: tuple[Unasked, ...]
    issues: tuple[RowIssue, ...]


def _as_data(facts: FactSet, program: Program) -> Validated:
    from swingby.facts import counted_issues, file_reports, source_reports, unasked, unmatched, unreached

    errors, warnings = counted_issues(facts)
    return Validated(
        errors=errors,
        warnings=warnings,
        files=file_reports(facts),
        sources=source_reports(facts, list(program.kinds)),
        unmatched=unmatched(facts),
        unreached=unreached(facts, program),
        unasked=unasked(facts, program),
        issues=facts.issues,
    )


def _print(facts: FactSet, program: Program, bad_rows: Path | None) -> None:
    from swingby.facts import counted_issues, file_reports, first_issues, source_reports, unasked, unmatched, unreached

    errors, warnings = counted_issues(facts)
    for issue in first_issues(facts, MOST_SHOWN):
        click.secho(str(issue), fg="red" if issue.level == "error" else "yellow", err=True)
    if errors + warnings > MOST_SHOWN:
        where = "" if bad_rows else "; --bad-rows FILE writes those that cost a row"
        click.secho(f"and {errors + warnings - MOST_SHOWN:,} more{where}.", fg="yellow", err=True)
    print_table(_FILE_COLUMNS, map(_file_line, file_reports(facts)), right=_FILE_COLUMNS[2:])
    click.echo()
    print_table(_SOURCE_COLUMNS, map(_source_line, source_reports(facts, list(program.kinds))), right=("rows",))
    _print_list("Not matched:", unmatched(facts))
    _print_list("Counts for nobody:", unreached(facts, program))
    _print_list("Asked for by no rule:", unasked(facts, program))
    click.echo(f"\n{_summary(file_reports(facts))}" + (f" {bad_rows} says why." if bad_rows and errors else ""))


_FILE_COLUMNS = ("file", "table", "rows", "good", "bad", "warned", "passed over")
_SOURCE_COLUMNS = ("kind", "source", "rows", "first day", "last day", "complete from", "complete to")


def _file_line(report: FileReport) -> tuple[object, ...]:
    numbers = (report.rows, report.good, report.bad, report.warned, report.passed_over)
    return (report.file, report.table, *(f"{number:,}" for number in numbers))


def _source_line(report: SourceReport) -> tuple[object, ...]:
    complete = ("not said", "not said")
    if report.says:
        complete = (str(report.complete_from or "always"), str(report.complete_to or "now"))
    return (report.kind, report.source or "", f"{report.rows:,}", report.first_day, report.last_day, *complete)


def _print_list(title: str, items: Iterable[object]) -> None:
    listed = list(items)
    if listed:
        click.echo(f"\n{title}")
    for item in listed:
        click.echo(f"  {item}")


def _summary(reports: tuple[FileReport, ...]) -> str:
    bad = sum(report.bad for report in reports)
    left_out = "none is left out" if not bad else "1 is left out" if bad == 1 else f"{bad:,} are left out"
    good = sum(report.good for report in reports)
    return f"{good:,} row{'s count' if good != 1 else ' counts'}, {left_out}."
