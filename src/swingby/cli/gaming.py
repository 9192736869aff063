"""``swingby evidence gaming``: whether a line was reached by its last days."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import click

from swingby.cli.asking import ONE_DAY, Given, Money, give_out, question_options, won_option
from swingby.cli.inputs import Day, read_facts, read_program
from swingby.cli.progress import progress
from swingby.insight import GamingQuestion, answer_gaming


@click.command("gaming")
@question_options
@click.option(
    "--line", type=Money(), required=True, metavar="AMOUNT", help="What had to be won in the year, as 150000."
)
@click.option("--to", "last", type=Day(), required=True, help="The last day of the year.")
@click.option("--last-days", "late", type=click.IntRange(1), default=5, help="Last days for deals; five if left out.")
@click.option(
    "--last-days-certified",
    "crammed",
    type=click.IntRange(1),
    default=10,
    help="Last days for certificates; ten if left out.",
)
@click.option(
    "--within",
    type=click.IntRange(1),
    default=90,
    metavar="DAYS",
    help="Deals taken back, and people who leave, within so many days; 90 if left out.",
)
@click.option("--lost", default="lost", metavar="WORD", help="The stage of deals that were lost; lost if left out.")
@won_option
def gaming(
    program_path: Path,
    facts_path: str,
    mapping: Path | None,
    known_at: int | None,
    seed: int,  # noqa: ARG001 (nothing is drawn; every question takes it)
    page: Path | None,
    paper: Path | None,
    width: int,
    as_json: bool,
    line: Decimal,
    last: date,
    late: int,
    crammed: int,
    within: int,
    lost: str,
    won: str,
    parts: tuple[str, ...],
) -> None:
    """Say whether partners reached a line by its last days: who ended just above, and what of the last days did not last.

    Names are for your own eyes: a sign is a reason to ask, and no proof.
    """
    program = read_program(program_path)
    question = GamingQuestion(
        line,
        last + ONE_DAY,
        late=late,
        crammed=crammed,
        within=within,
        won=won,
        lost=lost,
        parts=parts,
        known_at=known_at,
    )
    question.check()
    facts = read_facts(facts_path, program, mapping=mapping)
    with progress("Looking at last days"):
        card = answer_gaming(question, facts, program)
    give_out(card, program, facts_path, Given(page, paper, width, as_json))
