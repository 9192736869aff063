"""The card of a line and its last days: three signs, partners that stand out, and what luck would do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from swingby.engine import FactSource, coverage_test
from swingby.insight.cards import Card, Check, Count, Figure, Mark, Picture, Result, Series, refused_card
from swingby.insight.effects.reading import words_of
from swingby.insight.gaming.question import GamingQuestion
from swingby.insight.gaming.reading import Late, Year, read_year
from swingby.insight.gaming.signs import LOOKS, Signs, find_signs, judge
from swingby.insight.numerics.odds import needed_above
from swingby.insight.settings import SETTINGS, Settings
from swingby.insight.verdicts import Verdict
from swingby.insight.wording import counted, luck, money, percent, said_of_parts
from swingby.program import Program

METHOD = (
    "The line: a binomial test of partners within {width} above it against those as near below (Cattaneo, Frandsen and Titiunik 2015). The last "
    "days: how many partners have a deal of them that is taken back, against the share of all other deals. By partner: how likely so many "
    "of its deals fall into them and so many of those are taken back; both must be unlikely (Berger 1982), among as many partners as were "
    "looked at (Benjamini and Hochberg 1995). Certificates likewise, with people who leave. Each of these {looks} looks has its part of {alarm}."
)
BINS = 8


@dataclass(frozen=True, slots=True)
class _Told:
    """All that the card is written from."""

    question: GamingQuestion
    year: Year
    signs: Signs
    parts: frozenset[str]
    currency: str
    settings: Settings

    @property
    def is_over(self) -> bool:
        """Whether all the days have passed in which something could be taken back."""
        last, needed = self.year.last_known, self.question.until + timedelta(days=self.question.within)
        return last is not None and last >= needed


def answer_gaming(
    question: GamingQuestion, facts: FactSource, program: Program, *, settings: Settings = SETTINGS
) -> Card:
    """Answer whether a line was reached by its last days.

    Parameters
    ----------
    question
        The line, the year, and which days are its last.
    facts, program
        As for `swingby.engine.assess`.
    settings
        The alarm.

    Raises
    ------
    MisusedError
        ``question`` when it cannot be asked.
    """
    question.check()
    test = coverage_test(facts.coverage)
    missing = [kind for kind in ("deals", "deal_parties") if test(kind, question.since, question.until)]
    if missing:
        return refused_card(
            question.words, f"Not complete from {question.since} until {question.until}: {', '.join(missing)}."
        )
    year = read_year(facts, program, question)
    if not year.deals.number.any():
        return refused_card(question.words, f"Nobody won anything from {question.since} until {question.until}.")
    told = _Told(
        question=question,
        year=year,
        signs=find_signs(year, question, settings),
        parts=frozenset(words_of(facts, "deal_parties", "role")),
        currency=program.header.currency,
        settings=settings,
    )
    return _card(told)


def _card(told: _Told) -> Card:
    question = told.question
    verdict = judge(told.signs, told.settings)
    return Card(
        question=question.words,
        verdict=verdict,
        sentence=_sentence(told, verdict),
        figures=tuple(_figures(told)),
        picture=_picture(told),
        checks=tuple(_checks(told)),
        counts=(
            Count("partners that won anything in the year", int((told.year.deals.number > 0).sum())),
            Count("won deals, by partner", int(told.year.deals.number.sum())),
            Count("of them taken back soon", int(told.year.deals.gone.sum())),
            Count("people that were certified, by partner", int(told.year.people.number.sum())),
            Count("of them gone soon", int(told.year.people.gone.sum())),
        ),
        about=f"Partners in the year from {question.since} until {question.until}, with what was taken back since. For our own eyes: a sign is no proof.",
        method=METHOD.format(width=percent(question.width), alarm=percent(told.settings.alarm), looks=LOOKS),
        mind=(
            "A reason that the partner can name: a customer's budget that ends with the year, a class that ended then.",
            "Deals that are recorded late, on the last day of a year.",
        ),
        decision=_decision(verdict),
        notes=(*_names(told), *said_of_parts(question.parts, set(told.parts))),
    )


def _sentence(told: _Told, verdict: Verdict) -> str:
    near, line = told.signs.near, money(float(told.question.line), told.currency)
    around = f"{near.above} ended just above {line} and {near.below} just below"
    back = int((told.year.deals.late_gone > 0).sum())
    standing = counted(told.signs.partners, "partner stands", "partners stand")
    if verdict is Verdict.NOT_SHOWN:
        return f"It is not shown that the line was reached by its last days: of partners near it {around}, and none stands out by its last days."
    return (
        f"Of partners near the line {around}; {counted(back, 'partner', 'partners')} had deals of the last {told.question.late} days taken back, and"
        f" {standing} out by last days of which little lasted."
    )


def _figures(told: _Told) -> Iterator[Figure]:
    near, width = told.signs.near, percent(told.question.width)
    deals, people = told.year.deals, told.year.people
    yield Figure(f"Partners within {width} above the line", near.above, "count")
    yield Figure("Partners as near below it", near.below, "count")
    yield Figure("How often luck alone puts as many above", near.chance, "share")
    needed = needed_above(near.above + near.below, told.settings.alarm / LOOKS)
    if needed is not None:
        yield Figure("So many above would have been seen", needed, "count")
    line = float(told.question.line)
    yield Figure(
        "Reached the line, and would not without what was taken back",
        float(((told.year.money >= line) & (told.year.kept < line)).sum()),
        "count",
    )
    for what, late in (("deals", deals), ("people certified", people)):
        if late.number.any():
            yield Figure(f"Share of {what} in the last days", float(late.late.sum() / late.number.sum()), "share")
            yield Figure(f"Of these, taken back or gone soon: {what}", _part(late.late_gone, late.late), "share")
            yield Figure(
                f"Of all others, taken back or gone soon: {what}",
                _part(late.gone - late.late_gone, late.number - late.late),
                "share",
            )


def _part(some: np.ndarray, of: np.ndarray) -> float:
    return float(some.sum() / of.sum()) if of.sum() else 0.0


def _picture(told: _Told) -> Picture:
    """Partners by how far from the line the year ended, in steps as wide as near is."""
    width = told.question.width
    edges = float(told.question.line) * (1 + width) ** np.arange(-BINS, BINS + 1.0)
    numbers, _ = np.histogram(told.year.money, edges)
    places = [step if step < 0 else step + 1 for step in range(-BINS, BINS)]
    return Picture(
        title="Partners by what they won in the year, around the line",
        x=f"steps of {percent(width)} from the line; 1 is just above it",
        y="partners",
        series=(Series("", tuple(Mark(x, y, y, y) for x, y in zip(places, numbers.tolist(), strict=True))),),
        unit="count",
        band="counts, without a range",
        form="line",
        begins_at=0,
    )


def _checks(told: _Told) -> Iterator[Check]:
    near, settings = told.signs.near, told.settings
    number = near.above + near.below
    words = f"{near.above} above and {near.below} below; luck does that or more in {luck(near.chance)} of years."
    if needed_above(number, settings.alarm / LOOKS) is None:
        yield Check(
            "around the line",
            Result.NOT_RUN,
            f"{counted(number, 'partner is', 'partners are')} near the line, too few to tell.",
        )
    else:
        yield _check("around the line", near.chance >= settings.alarm / LOOKS, words)
    signs = told.signs
    yield _late_check(told, "deals of the last days", told.year.deals, signs.spikes, signs.deals)
    yield _late_check(told, "certificates of the last days", told.year.people, signs.crammed, signs.people)
    yield _check(
        "days enough since",
        told.is_over,
        f"Facts are known until {told.year.last_known}; {told.question.within} days after the year are needed to see what is taken back.",
    )


def _late_check(told: _Told, name: str, late: Late, found: np.ndarray, chance: float) -> Check:
    if not late.number.any():
        return Check(name, Result.NOT_RUN, "There are none in the year.")
    some, of = int((late.late_gone > 0).sum()), int((late.late > 0).sum())
    words = (
        f"{some} of {counted(of, 'partner', 'partners')} with any in the last days have some that did not last; luck does that or more in"
        f" {luck(chance)} of years. By themselves stand out: {len(found)} of {int((late.number > 0).sum())}."
    )
    return _check(name, not len(found) and chance >= told.settings.alarm / LOOKS, words)


def _check(name: str, has_passed: bool, words: str) -> Check:  # noqa: FBT001 (what the check found)
    return Check(name, Result.PASSED if has_passed else Result.FAILED, words)


def _names(told: _Told) -> Iterator[str]:
    """Each partner that stands out, with its counts; the order is that of what it won."""
    year, line = told.year, float(told.question.line)
    both = set(told.signs.spikes.tolist()) | set(told.signs.crammed.tolist())
    for who in sorted(both, key=lambda one: (-year.money[one], year.names[one])):
        said = [f"won {money(float(year.money[who]), told.currency)}"]
        if year.kept[who] < line <= year.money[who]:
            said.append(f"below the line without what was taken back: {money(float(year.kept[who]), told.currency)}")
        if who in told.signs.spikes:
            said.append(f"{_of(year.deals, who)} deals in the last days, {year.deals.late_gone[who]} taken back")
        if who in told.signs.crammed:
            said.append(
                f"{_of(year.people, who)} people certified in the last days, {year.people.late_gone[who]} gone soon"
            )
        yield f"{year.names[who]}: {'; '.join(said)}."


def _of(late: Late, who: int) -> str:
    return f"{late.late[who]} of {late.number[who]}"


def _decision(verdict: Verdict) -> str:
    if verdict is Verdict.NOT_SHOWN:
        return "Leave the line as it is."
    return (
        "Ask, do not accuse: open a case for each with an owner, and take no tier away by this. Test a line that counts what lasted, or that rises by"
        " steps, against this one."
    )
