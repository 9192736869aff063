"""``swingby evidence forecast``: what partners will win in the next months."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from swingby.cli.asking import ONE_DAY, Given, give_out, question_options, span_options, won_option
from swingby.cli.inputs import read_facts, read_program
from swingby.cli.progress import progress
from swingby.insight import ForecastQuestion, answer_forecast


@click.command("forecast")
@question_options
@span_options
@click.option(
    "--months", type=click.IntRange(1, 12), default=3, help="How many months are forecast together; three if left out."
)
@won_option
def forecast(
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
    months: int,
    won: str,
    parts: tuple[str, ...],
) -> None:
    """Say what partners will win in the next months: a range, how far it was off before, and the year before beside it.

    It is tried on the past from one month after the other, and not shown where the same months a year before would have
    been as good.
    """
    program = read_program(program_path)
    question = ForecastQuestion(first, last + ONE_DAY, months=months, won=won, parts=parts, known_at=known_at)
    question.check()
    facts = read_facts(facts_path, program, mapping=mapping)
    with progress("Trying forecasts"):
        card = answer_forecast(question, facts, program)
    give_out(card, program, facts_path, Given(page, paper, width, as_json))
