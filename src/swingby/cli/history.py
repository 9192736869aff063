"""``swingby history``: the line items behind a score."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

import click

from swingby.cli.inputs import (
    NUMBER,
    PARTNER,
    as_of_option,
    day_or_today,
    facts_argument,
    json_option,
    mapping_option,
    program_argument,
    read_facts,
    read_program,
)
from swingby.cli.printing import number_text, print_json, print_table
from swingby.cli.progress import progress
from swingby.engine import HistoryLine, NumberResult, assess
from swingby.errors import SwingbyError
from swingby.program import Program


@click.command("history")
@program_argument
@facts_argument
@click.argument("partner", type=PARTNER)
@mapping_option
@as_of_option
@click.option(
    "--number", type=NUMBER, default=None, help="The score or points to take apart; the last score if left out."
)
@json_option
def command(
    program_path: Path,
    facts_path: str,
    partner: str,
    mapping: Path | None,
    as_of: date | None,
    number: str | None,
    as_json: bool,
) -> None:
    """List the dated line items behind a number of PARTNER (the id of an enrolment); they add up to it exactly."""
    program = read_program(program_path)
    name = number or _last_score(program)
    day = day_or_today(as_of, program)
    facts = read_facts(facts_path, program, mapping=mapping)
    with progress("Computing standings"):
        found = assess(program, facts, as_of=day, enrolments=[partner])
    numbers = found.standing(partner).numbers
    _refuse_all_cells(name, numbers)
    lines = found.history(partner, name)
    result = numbers.get(name)
    if result is not None and result.state == "incomplete":
        click.secho(f"{name} is incomplete: facts are missing, and with them line items.", fg="yellow", err=True)
    if as_json:
        print_json(lines)
        return
    click.echo(f"{partner}, {name} on {day}\n")
    columns = ("day", "rule", "what", "points", "expires", "fact")
    print_table(columns, (_cells(line) for line in lines), right=("points",))
    total = sum((line.amount for line in lines), Decimal(0))
    click.echo(f"\nTogether {number_text(total)}")


def _cells(line: HistoryLine) -> tuple[object, ...]:
    return (line.dated, line.label, line.kind, number_text(line.amount), line.expires, line.fact)


def _refuse_all_cells(name: str, numbers: Mapping[str, NumberResult]) -> None:
    """A number with one value for each product, say, has no history of its own."""
    cells = sorted(each for each in numbers if each.startswith(f"{name}["))
    if cells and name not in numbers:
        shown = ", ".join(f"'{each}'" for each in cells)
        raise SwingbyError(
            code="name-unknown",
            message=f"{name} has one value for each cell.",
            hint=f"Name one of them with --number: {shown}.",
        )


def _last_score(program: Program) -> str:
    names = list(program.scores) or list(program.points)
    if not names:
        raise SwingbyError(
            code="name-unknown",
            message="This program has no scores and no points.",
            hint="Name a number with --number.",
        )
    return names[-1]
