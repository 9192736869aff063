"""``swingby evidence anyway``: whether deals with a partner would have been won without one."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from swingby.cli.asking import ONE_DAY, Given, give_out, question_options, span_options, won_option
from swingby.cli.inputs import read_facts, read_program
from swingby.cli.progress import progress
from swingby.insight import AnywayQuestion, answer_anyway


@click.command("anyway")
@question_options
@span_options
@click.option(
    "--origin",
    default="",
    metavar="COLUMN",
    help="The column of deals that says where a deal came from; without it nothing is more than not shown.",
)
@click.option(
    "--within",
    type=click.IntRange(0),
    default=7,
    metavar="DAYS",
    help="A partner that came in later than so many days after the opening does not count; seven if left out.",
)
@click.option("--lost", default="lost", metavar="WORD", help="The stage of deals that were lost; lost if left out.")
@won_option
def anyway(
    program_path: Path,
    facts_path: str,
    mapping: Path | None,
    known_at: int | None,
    seed: int,  # noqa: ARG001 (nothing is drawn; every question takes it)
    page: Path | None,
    paper: Path | None,
    width: int,
    as_json: bool,
    first: date,
    last: date,
    origin: str,
    within: int,
    lost: str,
    won: str,
    parts: tuple[str, ...],
) -> None:
    """Say whether deals with a partner would have been won without one: against direct deals that were like them.

    Alike is what was known on the day a deal opened: worth, segment and country of the customer, product, where it came from,
    the quarter. It is a difference after matching, and no proof.
    """
    program = read_program(program_path)
    question = AnywayQuestion(
        first, last + ONE_DAY, origin=origin, within=within, won=won, lost=lost, parts=parts, known_at=known_at
    )
    question.check(program)
    facts = read_facts(facts_path, program, mapping=mapping)
    with progress("Comparing deals"):
        card = answer_anyway(question, facts, program)
    give_out(card, program, facts_path, Given(page, paper, width, as_json))
