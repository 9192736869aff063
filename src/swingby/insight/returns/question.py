"""What is asked: which act, what it costs, and what stays of revenue."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite

from swingby.errors import MisusedError
from swingby.insight.effects.question import EffectQuestion, Outcome
from swingby.program import Program


@dataclass(frozen=True, slots=True)
class Between:
    """A number that nobody knows exactly; any from ``low`` to ``high`` is as likely."""

    low: float
    high: float

    @property
    def middle(self) -> float:
        """The number to reckon with."""
        return (self.low + self.high) / 2


NOTHING = Between(0.0, 0.0)


@dataclass(frozen=True, slots=True)
class ReturnQuestion:
    """Whether an act pays: what it adds to margin against what it costs.

    Parameters
    ----------
    effect
        What the act should have raised, and for how many months; without lots.
    margin
        The share of revenue that stays; None takes the margin on the lines of won deals.
    costs
        The kinds of ``costs`` that belong to the act, as ``training``.
    claims
        The activities of ``claims`` that were paid for the act: incentives.
    hours
        The kinds of ``activities`` whose quantity is hours spent on the act.
    hour
        What an hour costs.
    hours_each
        Hours that each partner with the act spent on it, where nobody recorded them.
    each
        What each partner with the act cost besides, such as fees.
    granted
        The share of what it sells that each partner with the act is given for it, such as a discount or funds.
    lead
        From so many months before the act on costs are counted.
    """

    effect: EffectQuestion
    margin: Between | None = None
    costs: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()
    hours: tuple[str, ...] = ()
    hour: Between = NOTHING
    hours_each: Between = NOTHING
    each: Between = NOTHING
    granted: Between = NOTHING
    lead: int = 6

    @property
    def words(self) -> str:
        """The question as a person asks it."""
        return f"Does {self.effect.act.said} pay?"

    @property
    def asked_of(self) -> dict[str, tuple[str, tuple[str, ...]]]:
        """Kind of fact -> the column that says what a cost was for, and the words that count; only what is asked."""
        asked = {
            "costs": ("kind", self.costs),
            "claims": ("activity", self.claims),
            "activities": ("kind", self.hours),
        }
        return {kind: one for kind, one in asked.items() if one[1]}

    def check(self, program: Program) -> None:
        """Refuse a question that cannot be asked.

        Raises
        ------
        MisusedError
            ``question`` with everything that is wrong.
        """
        self.effect.check(program)
        wrong = list(self._wrong())
        if wrong:
            raise MisusedError(code="question", message=" ".join(wrong), hint="Ask again without these.")

    def _wrong(self) -> Iterator[str]:
        if self.effect.outcome is Outcome.ANY_SALE:
            yield "Money does not follow from months with a sale; ask about revenue."
        if self.effect.lots is not None:
            yield "A return is not told from a lot yet."
        if self.margin is not None and not 0 < self.margin.low <= self.margin.high < 1:
            yield "A margin is a share above 0 and below 1: revenue itself is no return."
        if self.lead < 0:
            yield "Costs before the act are counted for no month or more."
        yield from self._wrong_costs()

    def _wrong_costs(self) -> Iterator[str]:
        if not (self.asked_of or any(one.high > 0 for one in (self.each, self.hours_each, self.granted))):
            yield "Nothing is said of what the act costs: name costs, claims, hours, what each partner costs or is granted."
        if (self.hours or self.hours_each.high > 0) and not self.hour.low > 0:
            yield "Hours need what an hour costs, above zero."
        if self.hour.high > 0 and not (self.hours or self.hours_each.high > 0):
            yield "There is a cost of an hour, but nothing says how many hours."
        if self.granted.high >= 1:
            yield "What is granted is a share of sales, below 1."
        for one in (self.hour, self.hours_each, self.each, self.granted):
            if not (0 <= one.low <= one.high and isfinite(one.high)):
                yield f"{one.low:g}..{one.high:g} is no range of costs."
