"""The card of readiness: for each question, what is there, what is missing, and since when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from swingby.engine import FactSource
from swingby.insight.cards import Card, Check, Count, Result
from swingby.insight.forecast.question import months_between, months_needed
from swingby.insight.readiness.question import KnownAct, ReadinessQuestion
from swingby.insight.readiness.stock import Began, Kept, Sided, Traded, acts, kept, sided, traded
from swingby.insight.settings import SETTINGS, Settings
from swingby.insight.staying.question import StayingQuestion
from swingby.insight.staying.reading import read_stays
from swingby.insight.verdicts import Verdict
from swingby.program import Program

#: Kinds of fact that questions read, besides those of acts.
READ = ("deals", "deal_parties", "deal_lines", "costs", "agreements", "subscriptions", "usage")
#: How long customers must be looked at before it is known who stayed.
HORIZON = timedelta(days=395)
QUARTER = 3


@dataclass(frozen=True, slots=True)
class _Stock:
    """What there is."""

    kinds: dict[str, Kept]
    deals: Traded
    sides: Sided
    acts: tuple[Began, ...]
    partners_left: tuple[int, int]
    customers_left: tuple[int, int]


def answer_readiness(
    question: ReadinessQuestion, facts: FactSource, program: Program, *, settings: Settings = SETTINGS
) -> Card:
    """Answer which questions these facts can answer.

    Parameters
    ----------
    question
        The days.
    facts, program
        As for `swingby.engine.assess`.
    settings
        How many partners, months and departures questions need.

    Raises
    ------
    MisusedError
        ``question`` when the last day is not after the first.
    """
    question.check()
    stock = _stock(question, facts, program, settings)
    checks = tuple(_checks(question, stock, settings))
    ready = [check for check in checks if check.result is Result.PASSED]
    return Card(
        question=question.words,
        verdict=Verdict.SHOWN if ready else Verdict.UNANSWERABLE,
        sentence=_sentence(ready, checks),
        figures=(),
        picture=None,
        checks=checks,
        counts=tuple(Count(one.said, one.rows) for one in stock.kinds.values()),
        about=f"Facts from {question.since} until {question.until}.",
        method=f"Counts against the lines of the questions: {settings.fewest_begun} partners that began and "
        f"{settings.fewest_compared} to compare with, {settings.fewest_before} months before, "
        f"{settings.fewest_departures} that left on either side. More may be missing: whether those who began have others like "
        "them to compare with is only known once a question is asked.",
        mind=(),
        decision="Ask what can be asked; begin today to record what is missing, since nothing can be asked of days before."
        if len(ready) < len(checks)
        else "Ask.",
        notes=tuple(_acts_said(stock, settings)),
    )


def known_acts(
    question: ReadinessQuestion, facts: FactSource, program: Program, *, settings: Settings = SETTINGS
) -> tuple[KnownAct, ...]:
    """Every act that words of the usual columns name, those that can be asked about first.

    Parameters
    ----------
    question, facts, program, settings
        As for `answer_readiness`.
    """
    known = facts.latest_position if question.known_at is None else question.known_at
    found = acts(facts, program, question, known, before=settings.fewest_before)
    told = [KnownAct(one.kind, one.column, one.word, one.begun, one.never, _is_askable(one, settings)) for one in found]
    return tuple(sorted(told, key=lambda act: not act.is_askable))


def _stock(question: ReadinessQuestion, facts: FactSource, program: Program, settings: Settings) -> _Stock:
    known = facts.latest_position if question.known_at is None else question.known_at
    return _Stock(
        kinds={name: kept(facts, program.kinds[name], question, known) for name in READ if name in program.kinds},
        deals=traded(facts, question, known),
        sides=sided(facts, question, known),
        acts=tuple(acts(facts, program, question, known, before=settings.fewest_before)),
        partners_left=_left("partners", question, facts, program),
        customers_left=_left("customers", question, facts, program),
    )


def _left(of: str, question: ReadinessQuestion, facts: FactSource, program: Program) -> tuple[int, int]:
    """How many are looked at, and how many of them left."""
    asked = StayingQuestion(
        "customers" if of == "customers" else "partners", question.since, question.until, known_at=question.known_at
    )
    spells = read_stays(facts, program, asked).spells
    return len(spells.ended), int(spells.left.sum())


def _sentence(ready: list[Check], checks: tuple[Check, ...]) -> str:
    if not ready:
        return "This cannot be answered from these data. None of the questions has what it needs; what is missing stands below."
    return f"Of {len(checks)} questions {len(ready)} can be asked of these facts: {', '.join(check.name for check in ready)}."


def _checks(question: ReadinessQuestion, stock: _Stock, settings: Settings) -> Iterator[Check]:
    deals, askable = stock.deals, [one for one in stock.acts if _is_askable(one, settings)]
    complete = _gaps(stock, "deals", "deal_parties")
    acts_missing = (
        []
        if askable
        else [f"no act that {settings.fewest_begun} partners began and {settings.fewest_compared} did not"]
    )
    there = (
        f"{deals.won:,} deals won and {deals.lost:,} lost by {deals.partners:,} partners; {stock.kinds['deals'].words}"
    )
    yield _check(
        "effect on deal size", there, [*_few(deals.sized, 1, "won deals with an amount"), *acts_missing, *complete]
    )
    yield _check("effect on win rate", there, [*_few(deals.lost, 1, "lost deals"), *acts_missing, *complete])
    yield _check("effect on revenue", there, [*_few(deals.won, 1, "won deals"), *acts_missing, *complete])
    yield _return(stock, [*_few(deals.won, 1, "won deals"), *acts_missing, *complete])
    yield _anyway(stock, settings, [*_few(deals.partners, settings.fewest_begun, "partners that won deals"), *complete])
    yield _check("exposure", there, [*_few(deals.won, 1, "won deals"), *complete])
    yield _check(
        "next quarter",
        there,
        [*_few(_months(question, deals), months_needed(QUARTER, settings), "months with won deals"), *complete],
    )
    yield _staying("partners", stock.partners_left, settings, [])
    yield _staying("customers", stock.customers_left, settings, _gaps(stock, "subscriptions"))
    yield _signs(question, stock, settings)


def _return(stock: _Stock, missing: list[str]) -> Check:
    """Whether an act pays: what it costs and what stays of sales may be said where no fact tells it."""
    costs, lines = stock.kinds["costs"], stock.kinds["deal_lines"]
    untold = [
        f"{what}, unless {said}"
        for kept, what, said in (
            (costs, "costs by partner", "it is said what each partner costs"),
            (lines, "lines of deals with their margin", "it is said what stays of revenue"),
        )
        if not kept.rows
    ]
    return _check("return", f"{costs.words}; {lines.words}", [*untold, *missing, *_gaps(stock, "costs", "deal_lines")])


def _anyway(stock: _Stock, settings: Settings, missing: list[str]) -> Check:
    """Whether deals with a partner can be held against direct ones: both sides with their losses and what they opened with."""
    sides, fewest = stock.sides, settings.fewest_compared
    there = (
        f"with a partner {sides.partner_won:,} won and {sides.partner_lost:,} lost, direct {sides.direct_won:,} won and "
        f"{sides.direct_lost:,} lost, each with an amount from before it ended"
    )
    few = [
        *_few(sides.direct_won, fewest, "direct deals that were won"),
        *_few(sides.direct_lost, fewest, "direct deals that were lost"),
        *_few(sides.partner_won, fewest, "deals with a partner that were won"),
        *_few(sides.partner_lost, fewest, "deals with a partner that were lost"),
    ]
    return _check("won without a partner", there, [*few, *missing])


def _months(question: ReadinessQuestion, deals: Traded) -> int:
    """Months from the first won deal on."""
    return 0 if deals.first is None else months_between(deals.first, question.until)


def _check(name: str, there: str, missing: list[str]) -> Check:
    if missing:
        return Check(name, Result.FAILED, f"Missing: {'; '.join(missing)}. There: {there}.")
    return Check(name, Result.PASSED, f"There: {there}.")


def _few(number: int, needed: int, words: str) -> list[str]:
    return [] if number >= needed else [f"{words} ({number:,} of {needed:,})" if number else words]


def _gaps(stock: _Stock, *names: str) -> list[str]:
    return [
        f"all {stock.kinds[name].said} of these days"
        for name in names
        if name in stock.kinds and not stock.kinds[name].is_complete
    ]


def _staying(whom: str, found: tuple[int, int], settings: Settings, gaps: list[str]) -> Check:
    number, left = found
    missing = _few(number, settings.fewest_spells, f"{whom} to look at") + _few(
        left, settings.fewest_departures, f"{whom} that left"
    )
    return _check(f"how long {whom} stay", f"{number:,} looked at, of whom {left:,} left", [*missing, *gaps])


def _signs(question: ReadinessQuestion, stock: _Stock, settings: Settings) -> Check:
    usage, (number, left) = stock.kinds["usage"], stock.customers_left
    missing = _few(usage.rows, 1, usage.said) + _few(left, 4 * settings.fewest_departures, "customers that left")
    if question.until - question.since <= HORIZON:
        missing.append(f"more than {HORIZON.days} days")
    there = f"{number:,} customers, {usage.words}"
    return _check("early signs of staying", there, [*missing, *_gaps(stock, "subscriptions", "usage")])


def _is_askable(one: Began, settings: Settings) -> bool:
    """Enough began, enough did not (or later ones can be compared with), and their days are not that of an import."""
    compared = one.never >= settings.fewest_compared or one.begun >= settings.fewest_begun + settings.fewest_compared
    return one.begun >= settings.fewest_begun and compared and one.one_day <= settings.one_day


def _compared(one: Began, settings: Settings) -> str:
    """Who there is to compare with."""
    later = one.never < settings.fewest_compared and _is_askable(one, settings)
    return f"{one.never} never did{' (compared with those who begin later)' if later else ''}"


def _acts_said(stock: _Stock, settings: Settings) -> Iterator[str]:
    """Every act that can be asked about, and why the others cannot."""
    for one in sorted(stock.acts, key=lambda act: not _is_askable(act, settings)):
        can = "Can be asked" if _is_askable(one, settings) else "Cannot be asked"
        imported = one.begun >= settings.fewest_begun and one.one_day > settings.one_day
        yield (
            f"{can}: {one.kind} with {one.column} {one.word}, since {one.since}: {one.begun} began, {_compared(one, settings)}, "
            f"{one.before} began too early{'; most on one day, that of an import' if imported else ''}."
        )
