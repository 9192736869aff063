"""Answers what partners are worth: reads what they brought, tries each way to forecast, and takes the nearest."""

from __future__ import annotations

import numpy as np

from swingby.engine import FactSource, coverage_test
from swingby.insight.cards import Card, Count, refused_card
from swingby.insight.numerics.likelihood import NoTopError
from swingby.insight.settings import SETTINGS, Settings
from swingby.insight.value.contracts import read_contracts
from swingby.insight.value.forecasting import total_range, try_ways
from swingby.insight.value.question import ValueQuestion
from swingby.insight.value.reading import MONTH, WEEK, Purchases, days_until, read_purchases
from swingby.insight.value.telling import Case, Told, told_card
from swingby.insight.value.ways import purchase_ways
from swingby.insight.wording import counted
from swingby.program import Program


def answer_value(
    question: ValueQuestion, facts: FactSource, program: Program, *, settings: Settings = SETTINGS, seed: int = 0
) -> Card:
    """Answer what partners are worth.

    Parameters
    ----------
    question
        The days, how far to look ahead, how the buying happens, margin and discount.
    facts, program
        As for `swingby.engine.assess`.
    settings
        How many partners are needed, and how far a forecast may have been off.
    seed
        The same seed gives the same range.

    Raises
    ------
    MisusedError
        ``question`` when it cannot be asked.
    """
    question.check()
    missing = _missing(question, facts)
    if missing:
        words = f"Not complete from {question.since} until {question.until}: {', '.join(missing)}."
        return refused_card(question.words, words)
    case, known = (_contracts if question.manner == "contract" else _purchases)(question, facts, program, settings)
    if known < settings.fewest_spells:
        words = counted(
            known,
            *(
                ("contract ran", "contracts ran")
                if case.related is None
                else ("partner won a deal", "partners won a deal")
            ),
        )
        return refused_card(question.words, f"{words} before {question.cut}; {settings.fewest_spells} are needed.")
    try:
        return told_card(_told(case, seed))
    except NoTopError as error:
        return refused_card(question.words, f"No model fits: {error}.")


def _missing(question: ValueQuestion, facts: FactSource) -> list[str]:
    test = coverage_test(facts.coverage)
    read = ("subscriptions",) if question.manner == "contract" else ("deals", "deal_parties")
    return [kind for kind in read if test(kind, question.since, question.until)]


def _purchases(question: ValueQuestion, facts: FactSource, program: Program, settings: Settings) -> tuple[Case, int]:
    """Partners that buy without a contract, and how many did before the cut."""
    purchases = read_purchases(facts, program, question)
    cut, today = days_until(question, question.cut), days_until(question, question.until)
    who = len(purchases.history(today).who)
    counts = (
        Count("partners that won a deal", who),
        Count("days with a won deal", len(purchases.day)),
        Count("partners that never did", len(purchases.names) - who),
    )
    known = len(purchases.history(cut).who)
    ways = purchase_ways(purchases, cut, settings) if known else ()
    return Case(question, purchases, ways, counts, _related(purchases, today), program.header.currency, settings), known


def _contracts(question: ValueQuestion, facts: FactSource, program: Program, settings: Settings) -> tuple[Case, int]:
    """Partners whose customers have contracts, and how many of these ran on the day of the cut."""
    contracts = read_contracts(facts, program, question)
    cut, today = days_until(question, question.cut), days_until(question, question.until)
    counts = (
        Count("partners with contracts that run", len(contracts.who(today))),
        Count("contracts that run", int(contracts.running(today).sum())),
        Count("contracts that ended", int((contracts.ended <= today).sum())),
    )
    case = Case(question, contracts, (contracts.way(),), counts, None, program.header.currency, settings)
    return case, int(contracts.running(cut).sum())


def _related(purchases: Purchases, today: float) -> float:
    """How far how often and how much go together; 0 where one of them never varies."""
    history = purchases.history(today)
    known = history.buyers.repeats > 0
    often, much = history.buyers.repeats[known], history.amounts[known]
    if len(often) < 3 or not often.std() or not much.std():  # noqa: PLR2004 (two points always lie on a line)
        return 0.0
    return float(np.corrcoef(often, much)[0, 1])


def _told(case: Case, seed: int) -> Told:
    question, settings = case.question, case.settings
    cut, today = days_until(question, question.cut), days_until(question, question.until)
    tried = try_ways(case.past, case.ways, cut, (today - cut) / WEEK)
    weeks = question.months * MONTH
    way = tried.ways[0]
    ahead = way.fit(today, None)(weeks, question.discount)
    total = total_range(way, ahead, today, weeks, discount=question.discount, settings=settings, seed=seed)
    return Told(case, tried, way, ahead, total)
