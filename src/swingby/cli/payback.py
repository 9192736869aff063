"""``swingby evidence return``: whether an act pays for what it costs."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from swingby.cli.asking import (
    BETWEEN,
    ONE_DAY,
    WORDS,
    Given,
    Where,
    called,
    give_out,
    question_options,
    span_options,
    where,
    won_option,
)
from swingby.cli.inputs import read_facts, read_program
from swingby.cli.progress import progress
from swingby.insight import Act, Between, EffectQuestion, Outcome, ReturnQuestion, answer_return
from swingby.insight.effects.question import Unit

NOTHING = Between(0.0, 0.0)
OUTCOMES = {str(one).replace(" ", "-"): one for one in Outcome if one is not Outcome.ANY_SALE}


@click.command("return")
@question_options
@click.option("--act", "kind", required=True, metavar="KIND", help="What partners did: a kind of fact, as credentials.")
@click.option(
    "--where",
    "words",
    type=WORDS,
    multiple=True,
    help="Only facts with these words, as level=advanced; may be given several times.",
)
@click.option("--said", metavar="TEXT", help='How the card calls the act, as "the first advanced engineer".')
@click.option(
    "--outcome",
    type=click.Choice(list(OUTCOMES)),
    default="revenue",
    help="What it should have raised; revenue if left out.",
)
@span_options
@click.option(
    "--unit",
    type=click.Choice(["month", "quarter"]),
    help="Months, or quarters counted from each partner's act; what suits the data if left out.",
)
@click.option(
    "--over",
    type=click.IntRange(1),
    metavar="MONTHS",
    help="Gains and costs are counted for so many months from the act on; six, or four quarters, if left out.",
)
@click.option("--adjusted", is_flag=True, help="Compare partners of the same size, number of deals, tenure and region.")
@click.option(
    "--margin",
    type=BETWEEN,
    help="The share of revenue that stays, as 0.3 or 0.25..0.35; that of the lines of won deals if left out.",
)
@click.option(
    "--costs",
    multiple=True,
    metavar="WORD",
    help="A kind of costs that belongs to the act, as training; may be given several times.",
)
@click.option(
    "--claims",
    multiple=True,
    metavar="WORD",
    help="An activity for which claims were paid as an incentive; may be given several times.",
)
@click.option(
    "--hours",
    multiple=True,
    metavar="WORD",
    help="A kind of activities whose quantity is hours spent on the act; may be given several times.",
)
@click.option(
    "--hours-each",
    type=BETWEEN,
    default=NOTHING,
    help="Hours for each partner that did it, where nobody recorded them: 40 or 30..60.",
)
@click.option("--hour", type=BETWEEN, default=NOTHING, help="What an hour costs, as 80 or 60..110.")
@click.option(
    "--each", type=BETWEEN, default=NOTHING, help="What each partner that did it cost besides, as 1200 or 1000..1500."
)
@click.option(
    "--granted",
    type=BETWEEN,
    default=NOTHING,
    help="The share of what it sells that each partner that did it is given for it, as a discount or funds: 0.08 or 0.1..0.12.",
)
@click.option(
    "--lead",
    type=click.IntRange(0),
    default=6,
    metavar="MONTHS",
    help="Costs count from so many months before the act on; six if left out.",
)
@won_option
@click.option("--lost", default="lost", metavar="WORD", help="The stage of deals that were lost; lost if left out.")
def payback(
    program_path: Path,
    facts_path: str,
    mapping: Path | None,
    known_at: int | None,
    seed: int,
    page: Path | None,
    paper: Path | None,
    width: int,
    as_json: bool,
    kind: str,
    words: Where,
    said: str | None,
    outcome: str,
    first: date,
    last: date,
    unit: Unit | None,
    over: int | None,
    adjusted: bool,
    margin: Between | None,
    costs: tuple[str, ...],
    claims: tuple[str, ...],
    hours: tuple[str, ...],
    hours_each: Between,
    hour: Between,
    each: Between,
    granted: Between,
    lead: int,
    won: str,
    parts: tuple[str, ...],
    lost: str,
) -> None:
    """Say whether an act pays: the margin it adds against what it costs in training, incentives and time.

    It rests on the effect, as `evidence effect` finds it. Where no effect is shown no return is told, but how large the effect
    would have to be to pay, and whether these data exclude that.
    """
    program = read_program(program_path)
    effect = EffectQuestion(
        Act(kind, said or called(kind, words), where(words)),
        OUTCOMES[outcome],
        first,
        last + ONE_DAY,
        unit=unit,
        over=over,
        adjusted=adjusted,
        won=won,
        parts=parts,
        lost=lost,
        known_at=known_at,
    )
    question = ReturnQuestion(effect, margin, costs, claims, hours, hour, hours_each, each, granted, lead)
    question.check(program)
    facts = read_facts(facts_path, program, mapping=mapping)
    with progress("Reckoning costs and gains"):
        card = answer_return(question, facts, program, seed=seed)
    give_out(card, program, facts_path, Given(page, paper, width, as_json))
