"""What the engine says about the partner itself: its standing, with or without acts, by every review since joining."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from swingby.engine.assessing import standing_of, tiers_of
from swingby.engine.assessment import FactSource, assess
from swingby.engine.nodes import RankNode
from swingby.engine.path.partner import Aim, Partner
from swingby.engine.path.runs import Run, Runs
from swingby.engine.path.worlds import Copies, Row, Whole
from swingby.engine.standing import Standing, TierStanding


@dataclass(frozen=True, slots=True)
class Finding:
    """The standing on the day asked about, and the tier of the asked ladder on other days."""

    today: Standing
    tiers: Mapping[date, TierStanding]


class Witness:
    """Asks the engine about one partner.

    The partner and all that counts for it are enough where nobody is compared with others; else all facts are looked at.
    """

    def __init__(self, partner: Partner, aim: Aim, copies: Copies, runs: Runs) -> None:
        self.partner, self.aim, self.copies, self.runs = partner, aim, copies, runs
        self._today: Standing | None = None

    @property
    def today(self) -> Standing:
        """Where the partner stands now."""
        if self._today is None:
            self._today = self._assessed((), ()).today
        return self._today

    def notice(self, run: Run, name: str) -> None:
        """Take today's standing from a run in which a copy of that name did nothing."""
        if self.runs.walks and name not in run.undecided:
            self._today = self._read(run, name, ()).today

    def with_acts(self, rows: Sequence[Row], days: Sequence[date]) -> Finding:
        """Where the engine finds the partner after some acts, as of today and some days that runs ask about."""
        if self.runs.walks:
            self._stage(rows)
            run = self.runs.run([self.partner.name])
            if not run.undecided:
                return self._read(run, self.partner.name, days)
        return self._assessed(rows, days)

    def _stage(self, rows: Sequence[Row]) -> None:
        self.copies.multiply([""])
        self.copies.add(rows)

    def _read(self, run: Run, name: str, days: Sequence[date]) -> Finding:
        compiled, number = self.partner.compiled, run.numbers[name]
        standing = standing_of(compiled, run.plan, run.outcome, (number, self.aim.as_of))
        tiers = {
            day: dict(tiers_of(compiled, run.outcome, self.aim.ladder.name, (number, day)))[self.aim.label]
            for day in days
        }
        return Finding(standing, tiers)

    def _assessed(self, rows: Sequence[Row], days: Sequence[date]) -> Finding:
        if any(self.partner.compiled.builder.graph.of(RankNode)):
            with Whole(self.partner.facts, self.partner.program, self.partner.position, rows) as whole:
                return self._assess(whole, days)
        self._stage(rows)
        return self._assess(self.copies, days)

    def _assess(self, facts: FactSource, days: Sequence[date]) -> Finding:
        who, asked = self.partner, sorted({self.aim.as_of, *days})
        found = assess(who.compiled, facts, as_of=asked, known_at=who.position, enrolments=[who.name])
        found.close()
        tiers = {day: found.standing(who.name, day).tiers[self.aim.label] for day in days}
        return Finding(found.standing(who.name, self.aim.as_of), tiers)
