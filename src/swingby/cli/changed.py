"""``swingby evidence change``: what a new version of the program did."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import click

from swingby.cli.asking import (
    ONE_DAY,
    AlsoCounted,
    Given,
    Money,
    Remark,
    give_out,
    question_options,
    span_options,
    won_option,
)
from swingby.cli.comparing import facts_of_both
from swingby.cli.inputs import PROGRAM, Day, read_program
from swingby.cli.progress import progress
from swingby.errors import MisusedError
from swingby.insight import Act, ChangeQuestion, Noted, Outcome, answer_change

OUTCOMES = {str(one).replace(" ", "-"): one for one in Outcome}


@click.command("change")
@question_options
@click.option("--against", "old_path", type=PROGRAM, required=True, help="The version before it.")
@span_options
@click.option(
    "--day",
    type=Day(),
    help="From when partners could act on it; the day it was announced, or its first day, if left out.",
)
@click.option(
    "--outcome",
    type=click.Choice(list(OUTCOMES)),
    default="revenue",
    help="What those whom it moves may have done more or less of; revenue if left out.",
)
@click.option(
    "--line",
    type=Money(),
    metavar="AMOUNT",
    help="A line of sales in a year that one of the versions draws, as 150000; no line is looked at if left out.",
)
@click.option(
    "--year-to",
    "year_last",
    type=Day(),
    help="The last day of the year that is held against the line; that of the first year from --day on if left out.",
)
@click.option(
    "--settle",
    type=click.IntRange(0),
    default=6,
    metavar="MONTHS",
    help="Whom it moves is taken from a review so many months before; six if left out.",
)
@click.option(
    "--also",
    type=AlsoCounted(),
    multiple=True,
    help="Facts to count before and after, as activities:kind=campaign; may be given several times.",
)
@click.option(
    "--noted",
    type=Remark(),
    multiple=True,
    help='What else happened, as "2025-03-01=the price list rose by 4 %"; may be given several times.',
)
@won_option
@click.option("--lost", default="lost", metavar="WORD", help="The stage of deals that were lost; lost if left out.")
def change(
    program_path: Path,
    facts_path: str,
    mapping: Path | None,
    known_at: int | None,
    seed: int,
    page: Path | None,
    paper: Path | None,
    width: int,
    as_json: bool,
    old_path: Path,
    first: date,
    last: date,
    day: date | None,
    outcome: str,
    line: Decimal | None,
    year_last: date | None,
    settle: int,
    also: tuple[Act, ...],
    noted: tuple[Noted, ...],
    won: str,
    parts: tuple[str, ...],
    lost: str,
) -> None:
    """Say what version PROGRAM did: what its rules alone would have moved, what partners did since, and what else happened.

    Those whom the rules alone would have moved are compared with those whom they leave where they are. Before and after by
    itself is called a difference, not an effect.
    """
    program, against = read_program(program_path), read_program(old_path)
    if known_at is not None:
        raise MisusedError(
            code="question", message="A change is replayed with all that is known now.", hint="Leave --known-at out."
        )
    question = ChangeQuestion(
        first,
        last + ONE_DAY,
        day=day,
        outcome=OUTCOMES[outcome],
        line=line,
        year_until=year_last and year_last + ONE_DAY,
        settle=settle,
        also=also,
        noted=noted,
        won=won,
        lost=lost,
        parts=parts,
    )
    question.check(program, against)
    facts, old_facts = facts_of_both(facts_path, against, program, mapping)
    with progress("Replaying reviews and comparing partners"):
        card = answer_change(question, facts, program, against=against, old_facts=old_facts, seed=seed)
    give_out(card, program, facts_path, Given(page, paper, width, as_json))
