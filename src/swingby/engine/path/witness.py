"""What the engine says about the partner itself, by every review since joining."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from swingby.engine.assessment import FactSource, assess
from swingby.engine.nodes import RankNode
from swingby.engine.path.days import ReviewDay
from swingby.engine.path.partner import Aim, Partner
from swingby.engine.path.worlds import Copies, Row, Whole
from swingby.engine.standing import RequirementRow, Standing


@dataclass(frozen=True, slots=True)
class Found:
    """What a review brings: the tier that is held then, and the requirement rows of the tier that is asked for."""

    tier: str | None
    rows: tuple[RequirementRow, ...]


class Witness:
    """Asks the engine about one partner, from its first review on.

    The partner and all that counts for it are enough where nobody is compared with others; else all facts are looked at.
    """

    def __init__(self, partner: Partner, copies: Copies) -> None:
        self.partner, self.copies = partner, copies
        self.is_compared = any(partner.compiled.builder.graph.of(RankNode))
        self._today: Standing | None = None

    @property
    def today(self) -> Standing:
        """Where the partner stands now."""
        if self._today is None:
            self._today = self._assessed((), (self.partner.as_of,))[self.partner.as_of]
        return self._today

    def with_acts(self, rows: Sequence[Row], aim: Aim, review: ReviewDay) -> Found:
        """Where the engine finds the partner at a review after some acts."""
        found = self._assessed(rows, (review.looks_at, review.held_on))
        looked = found[review.looks_at].tiers[aim.label]
        return Found(found[review.held_on].tiers[aim.label].tier, looked.rows[aim.tier])

    def _assessed(self, rows: Sequence[Row], days: Sequence[date]) -> Mapping[date, Standing]:
        if self.is_compared:
            with Whole(self.partner.facts, self.partner.program, self.partner.position, rows) as whole:
                return self._assess(whole, days)
        self.copies.only_with(rows)
        return self._assess(self.copies, days)

    def _assess(self, facts: FactSource, days: Sequence[date]) -> Mapping[date, Standing]:
        who, asked = self.partner, sorted(set(days))
        found = assess(who.compiled, facts, as_of=asked, known_at=who.position, enrolments=[who.name])
        found.close()
        return {day: found.standing(who.name, day) for day in asked}
