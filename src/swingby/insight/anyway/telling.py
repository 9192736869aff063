"""The words of the card of deals with a partner."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from swingby.insight.anyway.question import AnywayQuestion
from swingby.insight.anyway.reading import Read
from swingby.insight.anyway.study import Study
from swingby.insight.cards import Card, Check, Count, Figure, Mark, Meaning, Picture, Result, Series, refused_card
from swingby.insight.numerics.estimates import Estimate, Range
from swingby.insight.settings import Settings
from swingby.insight.verdicts import Verdict
from swingby.insight.wording import counted, money, percent, points, times

METHOD = (
    "Deals that opened in these days and have ended. The effect on deals with a partner: a regression among direct deals and "
    "weights by the odds of having a partner, right if either fits (Robins, Rotnitzky and Zhao 1994); deals without one like them "
    "on the other side are left out; errors by partner. Compared: {traits}."
)
CAUTION = (
    "Partners bring deals that direct sales never sees, and may enter a deal only once it looks good. What nobody recorded "
    "when a deal opened is not compared: this is a difference after matching, and no proof."
)


@dataclass(frozen=True, slots=True)
class Told:
    """All that the card is written from."""

    question: AnywayQuestion
    study: Study
    verdict: Verdict
    read: Read
    brought: int
    counts: tuple[Count, ...]
    notes: tuple[str, ...]
    currency: str
    settings: Settings

    @property
    def number(self) -> int:
        """How many deals with a partner are compared."""
        return int(self.study.compared.with_partner.sum())

    @property
    def money(self) -> Range:
        """What partners added to all of them."""
        found = self.study.money.range
        return Range(*(one * self.number for one in (found.value, found.low, found.high)))


def is_sound(question: AnywayQuestion, open_shares: tuple[float, float], settings: Settings) -> bool:
    """Whether it is known where deals came from, and about as many are still open on either side."""
    return bool(question.origin) and _is_open_alike(open_shares, settings)


def _is_open_alike(shares: tuple[float, float], settings: Settings) -> bool:
    return abs(shares[0] - shares[1]) <= settings.most_unlike_missing


def card(told: Told) -> Card:
    """The whole card."""
    question, study = told.question, told.study
    return Card(
        question=question.words,
        verdict=told.verdict,
        sentence=_sentence(told),
        figures=tuple(_figures(told)),
        picture=_picture(study),
        checks=tuple(_checks(told)),
        counts=(
            *told.counts,
            Count("compared: deals with a partner", told.number),
            Count("compared: direct deals", len(study.compared.won) - told.number),
        ),
        about=_about(told),
        method=METHOD.format(traits=", ".join(one.name for one in study.balance)),
        mind=(
            "What nobody recorded on the day of the opening, such as whom the customer knew before.",
            "Offering the next deals of one sort to partners by lot, and keeping the others direct.",
        ),
        decision=_decision(told),
        notes=(CAUTION, *told.notes, *_balance(told)),
    )


def refused(question: AnywayQuestion, reason: str, counts: tuple[Count, ...]) -> Card:
    """The card when the data cannot answer, with what was counted."""
    return replace(refused_card(question.words, reason), counts=counts)


def _ranged(found: Range, *, signed: bool = False) -> str:
    low, high = points(found.low, signed=signed), points(found.high, signed=signed)
    return f"{points(found.value, signed=signed)} ({low.removesuffix(' points')} to {high.removesuffix(' points')})"


def _sentence(told: Told) -> str:
    study = told.study
    gap = _ranged(study.matched.range, signed=True)
    rates = (
        f"Partners won {percent(study.rate)} of these deals; direct deals that were like them when they opened were won in "
        f"{percent(study.direct_rate)}"
    )
    if told.verdict is Verdict.SUGGESTED:
        amount = f" {_of_money(told)}" if study.matched.value > 0 else ""
        return f"{rates}: {gap}.{amount} That is a difference after matching, and no proof."
    seen = points(study.matched.smallest_visible)
    if not study.matched.range.excludes_zero:
        return f"{rates}: {gap}. Chance alone can make that; a difference of {seen} or more would have been seen."
    return f"{rates}: {gap}. A check that failed leaves room for another reason, so this is not shown."


def _of_money(told: Told) -> str:
    found = told.money
    said = [money(one, told.currency) for one in (found.value, found.low, found.high)]
    if found.low <= 0:
        return f"In money it is {said[0]}, which chance alone can make ({said[1]} to {said[2]})."
    return f"About {said[0]} ({said[1]} to {said[2]}) would not have been won."


def _figures(told: Told) -> Iterator[Figure]:
    study = told.study
    gap, plain, amount = study.matched.range, study.plain.range, told.money
    yield Figure(
        "Won more often with a partner, against direct deals like them", gap.value, "points", gap.low, gap.high
    )
    yield Figure("The same in money", amount.value, "money", amount.low, amount.high, currency=told.currency)
    yield Figure("Difference, not effect: all deals with a partner against all direct ones", plain.value, "points", plain.low, plain.high)  # fmt: skip
    yield Figure("Of that, because the deals differed", plain.value - gap.value, "points")
    yield Figure("Won with a partner", study.rate, "share")
    yield Figure("Won of direct deals like them", study.direct_rate, "share")
    if study.days is not None:
        days = study.days.range
        label = "Difference, not effect: days that won deals with a partner took longer"
        yield Figure(label, days.value, "count", days.low, days.high)
    yield Figure("Smallest difference that could have been seen", study.matched.smallest_visible, "points")
    strong, near = study.unseen
    yield Figure(
        "How much likelier an unseen cause must make both a partner and a win to explain it all", strong, "times"
    )
    yield Figure("The same, to explain so much that the rest may be chance", near, "times")


def _picture(study: Study) -> Picture:
    partner, direct = study.fifths
    return Picture(
        title="Won deals by what they were worth when they opened",
        x="fifth of partners' deals, small to large",
        y="share won",
        series=(
            Series("with a partner", _marks(partner)),
            Series("direct, weighed to be like them", _marks(direct), meaning=Meaning.COMPARED),
        ),
        unit="share",
        band="each point's 95 % range",
        form="line",
        bounds=(0, 1),
    )


def _marks(shares: tuple[Range, ...]) -> tuple[Mark, ...]:
    return tuple(
        Mark(nth, one.value, one.low, one.high) for nth, one in enumerate(shares, start=1) if one.value == one.value
    )


def _checks(told: Told) -> Iterator[Check]:
    study, settings = told.study, told.settings
    yield _check(
        "where deals came from",
        told.question.origin,
        f"Compared by the column {told.question.origin}. {counted(told.brought, 'deal', 'deals')} of partners came from where direct deals never "
        "come: nothing says what would have become of them."
        if told.question.origin
        else "Not recorded in any column that was named, so deals that partners found and deals that they were given are one.",
    )
    yield _check(
        "somebody like them",
        study.alike.comparable >= settings.fewest_comparable,
        f"{percent(study.alike.comparable)} of deals with a partner have a direct deal like them; weighed to be like them, direct deals count as "
        f"{study.alike.effective:.0f} (at least {settings.fewest_effective:.0f}).",
    )
    worst = max(study.balance, key=lambda one: one.after)
    yield _check(
        "alike after weighing",
        worst.after <= settings.most_apart,
        f"Furthest apart is {worst.name}: by {worst.before:.2f} of its usual spread (standard deviation) before, by {worst.after:.2f} "
        f"after (at most {settings.most_apart}).",
    )
    shares = told.read.open_shares
    yield _check(
        "still open",
        _is_open_alike(shares, settings),
        f"{percent(shares[0])} of deals with a partner are still open, {percent(shares[1])} of direct ones.",
    )
    yield _check(
        "without the largest partner",
        study.without_largest * study.matched.value > 0,
        f"Without {told.read.names[study.largest]} it is {points(study.without_largest, signed=True)}.",
    )
    yield _unseen(study)


def _unseen(study: Study) -> Check:
    """An unseen cause as strong as the strongest known one must not be enough; this alone lowers no verdict."""
    strongest = max(study.balance, key=lambda one: one.moves)
    gap: Estimate = study.matched
    near = min(abs(gap.range.low), abs(gap.range.high)) if gap.range.excludes_zero else 0.0
    words = (
        f"To explain it all, it would have to make both a partner and a win {times(study.unseen[0])} as likely. Of what is known, "
        f"{strongest.name} matters most: left out, it moves the answer by {points(strongest.moves)}."
    )
    return _check("unseen cause as strong as the strongest known", near > strongest.moves, words)


def _check(name: str, holds: object, words: str) -> Check:
    return Check(name, Result.PASSED if holds else Result.FAILED, words)


def _balance(told: Told) -> Iterator[str]:
    said = "; ".join(f"{one.name} {one.before:.2f} and {one.after:.2f}" for one in told.study.balance)
    yield f"How far both sides are apart before and after weighing, in the usual spread of each (standard deviation): {said}."


def _about(told: Told) -> str:
    whole = int(told.study.compared.with_partner.sum()) / max(told.study.alike.comparable, 1e-9)
    share = told.number / (whole + told.brought)
    return (
        f"Deals with a partner that opened between {told.question.since} and {told.question.until} and have a direct deal like them: "
        f"{percent(share)} of those that ended. Nothing is said of the others, nor of direct deals."
    )


def _decision(told: Told) -> str:
    if told.verdict is Verdict.NOT_SHOWN:
        return "Do not pay for a higher win rate on this ground. What partners bring that you never see stands apart: count it."
    if told.study.matched.value > 0:
        return "Reckon with the nearer end of the range. Before paying more for it, give the next deals of one sort to partners by lot."
    return "Look at which deals partners win less often than you would, before you pass on more of them."
