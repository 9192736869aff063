"""The plan of an experiment: all that is fixed before anybody looks, with a hash that tells whether it still is the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from swingby.errors import MisusedError
from swingby.insight.effects.question import Act, EffectQuestion, Outcome
from swingby.insight.experiments.drawing import Balance, Candidate
from swingby.program import Program
from swingby.values import add_months

if TYPE_CHECKING:
    from swingby.engine import FactSource


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """What a person decides.

    Parameters
    ----------
    act
        What those who are drawn are invited to; without a kind it is a change that comes to them by itself.
    outcome
        What it should raise.
    start
        The day on which the first wave begins; it begins a month.
    waves, every
        How many waves, and how many months apart. The comparison ends when the last begins: then nobody waits any more.
    seed
        Of the lot.
    before
        For so many months before the start partners are known.
    won, lost, parts
        As in `EffectQuestion`.
    """

    act: Act
    outcome: Outcome
    start: date
    waves: int
    every: int
    seed: int
    before: int = 12
    won: str = "won"
    lost: str = "lost"
    parts: tuple[str, ...] = ()

    @property
    def months(self) -> int:
        """For how many months partners are compared."""
        return (self.waves - 1) * self.every

    @property
    def days(self) -> tuple[date, ...]:
        """The day on which each wave begins."""
        return tuple(add_months(self.start, nth * self.every) for nth in range(self.waves))

    @property
    def until(self) -> date:
        """The planned end: the day on which the last wave begins."""
        return add_months(self.start, self.months)

    @property
    def words(self) -> str:
        """The question as a person asks it."""
        return f"Does {self.act.said} raise {self.outcome}, as the lot fell?"

    def asked(self, since: date, until: date, *, known_at: int | None = None) -> EffectQuestion:
        """What is read from facts over some days."""
        act = self.act if self.act.kind else Act("", self.act.said, days={})
        return EffectQuestion(
            act, self.outcome, since, until, "month", won=self.won, lost=self.lost, parts=self.parts, known_at=known_at
        )

    def check(self, program: Program, *, planned_on: date) -> None:
        """Refuse a design that cannot be carried out.

        Raises
        ------
        MisusedError
            ``question`` with what is wrong.
        """
        self.asked(add_months(self.start, -self.before), self.until).check(program)
        wrong = [said for holds, said in self._wrong(planned_on) if holds]
        if wrong:
            raise MisusedError(code="question", message=" ".join(wrong), hint="Plan again without this.")

    def _wrong(self, planned_on: date) -> tuple[tuple[bool, str], ...]:
        return (
            (self.waves < 2, "A lot needs two waves or more."),  # noqa: PLR2004 (one has nobody to wait)
            (
                self.every < 1 or self.before < 1,
                "Waves lie a month or more apart, and a month or more is known before.",
            ),
            (
                planned_on >= self.start,
                f"The first wave begins on {self.start}, which is not after {planned_on}: a plan is made before anybody looks.",
            ),
        )


@dataclass(frozen=True, slots=True)
class Drawn:
    """A partner of the lot, and the wave that it was drawn into."""

    candidate: Candidate
    wave: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """All that is fixed before anybody looks.

    Attributes
    ----------
    program, version
        Whose partners.
    planned_on
        What was recorded by the end of this day was known.
    position
        What was known, where that is less than by the end of the day: facts that come in later on it are none of it.
    known
        A digest of each list of outcomes as it was known then.
    error
        Of the effect at the planned end, from the outcome's own past.
    smallest
        The smallest effect that will be seen in 80 of 100 such experiments.
    partners
        By name.
    """

    design: Design
    program: str
    version: str
    planned_on: date
    known: Mapping[str, str]
    error: float
    smallest: float
    partners: tuple[Drawn, ...]
    balance: tuple[Balance, ...]
    position: int | None = None

    def known_at(self, facts: FactSource) -> int:
        """The position up to which facts were known when it was planned."""
        return facts.position_at(self.planned_on) if self.position is None else self.position

    def size_of(self, wave: int) -> int:
        """How many partners were drawn into a wave."""
        return sum(one.wave == wave for one in self.partners)
