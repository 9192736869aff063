"""``swingby evidence``: one command for each question, all answered by a card."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Literal, get_args

import click

from swingby.cli.anyway import anyway
from swingby.cli.asking import (
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
from swingby.cli.changed import change
from swingby.cli.experiment import experiment
from swingby.cli.forecast import forecast
from swingby.cli.gaming import gaming
from swingby.cli.inputs import Day, read_facts, read_program
from swingby.cli.payback import payback
from swingby.cli.progress import progress
from swingby.errors import MisusedError
from swingby.insight import (
    Act,
    EffectQuestion,
    ExposureQuestion,
    Lots,
    Outcome,
    ReadinessQuestion,
    SignsQuestion,
    StayingQuestion,
    ValueQuestion,
    answer_effect,
    answer_exposure,
    answer_readiness,
    answer_signs,
    answer_staying,
    answer_value,
)
from swingby.insight.effects.question import Unit
from swingby.insight.staying.question import Apart
from swingby.insight.value.question import Manner

OUTCOMES = {str(one).replace(" ", "-"): one for one in Outcome}


@click.group("evidence")
def command() -> None:
    """Answer a question about what the program changes, as a card with a verdict and everything that it rests on.

    The verdict is one of: shown, suggested, not shown, cannot be answered from these data. Ends with 0 whatever the
    verdict, and with 1 when these data cannot answer; the card then says what is missing.
    """


@command.command("effect")
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
@click.option("--outcome", type=click.Choice(list(OUTCOMES)), required=True, help="What it should have raised.")
@span_options
@click.option(
    "--unit",
    type=click.Choice(["month", "quarter"]),
    help="Months, or quarters counted from each partner's act; what suits the data if left out.",
)
@click.option(
    "--anticipation",
    type=click.IntRange(0),
    default=0,
    metavar="PERIODS",
    help="For how many periods before its day the act may already work; none if left out.",
)
@click.option("--adjusted", is_flag=True, help="Compare partners of the same size, number of deals, tenure and region.")
@won_option
@click.option("--lost", default="lost", metavar="WORD", help="The stage of deals that were lost; lost if left out.")
@click.option(
    "--lots",
    "drawn",
    metavar="KIND",
    help="Partners were invited by lot: the kind of fact that says who, as decisions.",
)
@click.option(
    "--lots-where",
    "lot_words",
    type=WORDS,
    multiple=True,
    help="Only lots with these words, as topic=study_group; may be given several times.",
)
@click.option("--invited", type=WORDS, help="How a lot says that somebody was invited, as outcome=invited.")
@click.option("--waiting", type=WORDS, help="How a lot says that somebody waits, as outcome=waiting.")
def effect(
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
    anticipation: int,
    adjusted: bool,
    won: str,
    parts: tuple[str, ...],
    lost: str,
    drawn: str | None,
    lot_words: Where,
    invited: tuple[str, tuple[str, ...]] | None,
    waiting: tuple[str, tuple[str, ...]] | None,
) -> None:
    """Say whether an act raised an outcome: what partners gained from it, beyond what they would have done anyway.

    The act is the first fact of a kind, with the words of --where, that reaches a partner. Where partners were invited
    to it by lot, --lots compares them as the lot fell.
    """
    program = read_program(program_path)
    question = EffectQuestion(
        Act(kind, said or called(kind, words), where(words)),
        OUTCOMES[outcome],
        first,
        last + ONE_DAY,
        unit=unit,
        anticipation=anticipation,
        adjusted=adjusted,
        won=won,
        parts=parts,
        lost=lost,
        known_at=known_at,
        lots=_lots(drawn, lot_words, invited, waiting),
    )
    question.check(program)
    facts = read_facts(facts_path, program, mapping=mapping)
    with progress("Comparing partners"):
        card = answer_effect(question, facts, program, seed=seed)
    give_out(card, program, facts_path, Given(page, paper, width, as_json))


def _lots(
    kind: str | None,
    words: Where,
    invited: tuple[str, tuple[str, ...]] | None,
    waiting: tuple[str, tuple[str, ...]] | None,
) -> Lots | None:
    if kind is None and not (words or invited or waiting):
        return None
    if kind is None or invited is None or waiting is None or invited[0] != waiting[0]:
        raise MisusedError(
            code="question",
            message="A lot needs its kind of fact, and how one column of it says who is invited and who waits.",
            hint="Write --lots decisions --invited outcome=invited --waiting outcome=waiting.",
        )
    return Lots(kind, invited[0], invited[1], waiting[1], where(words))


@command.command("exposure")
@question_options
@click.option("--to", "last", type=Day(), required=True, help="The last day of the year that counts.")
@click.option("--years", type=click.IntRange(1), default=3, help="How many years are looked at; three if left out.")
@click.option(
    "--soon",
    type=click.IntRange(0),
    default=12,
    metavar="MONTHS",
    help="An agreement that ends within so many months is a warning; twelve if left out.",
)
@won_option
def exposure(
    program_path: Path,
    facts_path: str,
    mapping: Path | None,
    known_at: int | None,
    seed: int,
    page: Path | None,
    paper: Path | None,
    width: int,
    as_json: bool,
    last: date,
    years: int,
    soon: int,
    won: str,
    parts: tuple[str, ...],
) -> None:
    """Say how much hangs on a few partners: shares of the largest, and like how many equal partners they act."""
    program = read_program(program_path)
    facts = read_facts(facts_path, program, mapping=mapping)
    question = ExposureQuestion(last + ONE_DAY, years=years, soon=soon, won=won, parts=parts, known_at=known_at)
    with progress("Adding up sales"):
        card = answer_exposure(question, facts, program, seed=seed)
    give_out(card, program, facts_path, Given(page, paper, width, as_json))


@command.command("staying")
@question_options
@click.option(
    "--of",
    "whom",
    type=click.Choice(["partners", "customers"]),
    default="partners",
    help="Whether partners stay enrolled, or customers subscribed; partners if left out.",
)
@span_options
@click.option(
    "--act", "kind", metavar="KIND", help="Whether they stay longer after this: a kind of fact, as credentials."
)
@click.option(
    "--where",
    "words",
    type=WORDS,
    multiple=True,
    help="Only facts with these words, as level=advanced; may be given several times.",
)
@click.option("--said", metavar="TEXT", help='How the card calls the act, as "the first advanced engineer".')
@click.option(
    "--by",
    type=click.Choice(["region", "country", "agreement"]),
    help="Curves apart by what is known on the first day; one curve if left out.",
)
def staying(
    program_path: Path,
    facts_path: str,
    mapping: Path | None,
    known_at: int | None,
    seed: int,  # noqa: ARG001 (nothing is drawn; every question takes it)
    page: Path | None,
    paper: Path | None,
    width: int,
    as_json: bool,
    whom: Literal["partners", "customers"],
    first: date,
    last: date,
    kind: str | None,
    words: Where,
    said: str | None,
    by: Apart | None,
) -> None:
    """Say how long partners or customers stay, and whether an act goes with staying longer.

    The act counts from its day on, never before: who stays long has more time to do anything. What goes with staying is at
    most suggested.
    """
    program = read_program(program_path)
    act = None if kind is None else Act(kind, said or called(kind, words), where(words))
    question = StayingQuestion(whom, first, last + ONE_DAY, act=act, by=by, known_at=known_at)
    question.check(program)
    facts = read_facts(facts_path, program, mapping=mapping)
    with progress("Following who stays"):
        card = answer_staying(question, facts, program)
    give_out(card, program, facts_path, Given(page, paper, width, as_json))


@command.command("signs")
@question_options
@span_options
@click.option(
    "--within",
    type=click.IntRange(1),
    default=60,
    metavar="DAYS",
    help="Signs are read so many days after the beginning; 60 if left out.",
)
@click.option(
    "--horizon",
    type=click.IntRange(2),
    default=395,
    metavar="DAYS",
    help="So many days after the beginning it is known who stayed; 395 if left out, just beyond a yearly renewal.",
)
def signs(
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
    within: int,
    horizon: int,
) -> None:
    """Say which early sign tells which customers stay: chosen among earlier customers, judged on later ones.

    Signs are what `usage` has of the first days, how much was subscribed, and support cases.
    """
    program = read_program(program_path)
    question = SignsQuestion(first, last + ONE_DAY, within=within, horizon=horizon, known_at=known_at)
    question.check()
    facts = read_facts(facts_path, program, mapping=mapping)
    with progress("Trying signs"):
        card = answer_signs(question, facts)
    give_out(card, program, facts_path, Given(page, paper, width, as_json))


@command.command("readiness")
@question_options
@span_options
@click.option("--won", default="won", metavar="WORD", help="The stage of deals that were won; won if left out.")
@click.option("--lost", default="lost", metavar="WORD", help="The stage of deals that were lost; lost if left out.")
def readiness(
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
    won: str,
    lost: str,
) -> None:
    """Say which questions these facts can answer: what is there, what is missing, and since when.

    Ends with 1 when none of them has what it needs.
    """
    program = read_program(program_path)
    question = ReadinessQuestion(first, last + ONE_DAY, won=won, lost=lost, known_at=known_at)
    question.check()
    facts = read_facts(facts_path, program, mapping=mapping)
    with progress("Counting what there is"):
        card = answer_readiness(question, facts, program)
    give_out(card, program, facts_path, Given(page, paper, width, as_json))


@command.command("value")
@question_options
@span_options
@click.option(
    "--months", type=click.IntRange(1), default=12, help="How many months are looked ahead; twelve if left out."
)
@click.option(
    "--margin",
    type=float,
    metavar="SHARE",
    help="The share of revenue that stays, as 0.3; revenue is told if left out.",
)
@click.option(
    "--discount", type=float, default=0.10, metavar="SHARE", help="What a year of waiting costs; 0.1 if left out."
)
@click.option(
    "--buying",
    "manner",
    type=click.Choice(get_args(Manner)),
    default="any-day",
    help="How partners buy: any-day; monthly, quarterly or yearly, at most once in each; or contract, renewed each year.",
)
@won_option
def value(
    program_path: Path,
    facts_path: str,
    mapping: Path | None,
    known_at: int | None,
    seed: int,
    page: Path | None,
    paper: Path | None,
    width: int,
    as_json: bool,
    first: date,
    last: date,
    months: int,
    margin: float | None,
    discount: float,
    manner: Manner,
    won: str,
    parts: tuple[str, ...],
) -> None:
    """Say what partners are worth: a range, and how far such a forecast was off before.

    It is learned from their days with a won deal, or from contracts of their customers; every model that suits how they
    buy is tried on the end of the past, and the nearest is used. It does not say what the program adds.
    """
    program = read_program(program_path)
    question = ValueQuestion(
        first,
        last + ONE_DAY,
        months=months,
        margin=margin,
        discount=discount,
        manner=manner,
        won=won,
        parts=parts,
        known_at=known_at,
    )
    question.check()
    facts = read_facts(facts_path, program, mapping=mapping)
    with progress("Forecasting"):
        card = answer_value(question, facts, program, seed=seed)
    give_out(card, program, facts_path, Given(page, paper, width, as_json))


command.add_command(forecast)
command.add_command(gaming)
command.add_command(payback)
command.add_command(change)
command.add_command(experiment)
command.add_command(anyway)
