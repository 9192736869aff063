"""The partner a path is for, and what is asked for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from swingby.engine.assessing import Compiled, cells_on, labelled
from swingby.engine.assessment import FactSource
from swingby.engine.clock import Clock
from swingby.engine.path.answer import Least
from swingby.errors import SwingbyError
from swingby.program.model import Ladder


@dataclass(frozen=True, slots=True)
class Aim:
    """What is asked for: a tier of a ladder (perhaps of one of its cells), by when, and how effort is weighed."""

    label: str
    ladder: Ladder
    cells: Mapping[str, str]
    tier: str
    as_of: date
    by: date
    least: Least

    def is_held(self, held: str | None) -> bool:
        """True where what is held is the tier or a higher one."""
        order = [tier.id for tier in self.ladder.tiers]
        return held is not None and order.index(held) >= order.index(self.tier)


class Partner:
    """One enrolment with the facts that are known about it.

    Raises
    ------
    SwingbyError
        ``partner-unknown`` when it was not enrolled on the day.
    """

    def __init__(self, compiled: Compiled, facts: FactSource, position: int, name: str, as_of: date) -> None:
        self.compiled, self.facts, self.position, self.name, self.as_of = compiled, facts, position, name, as_of
        self.program = compiled.program
        self.organization, joined = self._enrolled()
        self.clock = Clock(self.program, holidays=self._holidays()).of_those_who_joined(joined)

    def _enrolled(self) -> tuple[str, date | None]:
        rows = self.facts.connection.execute(
            "SELECT organization, joined_on, ended_on FROM ref_enrolments WHERE enrolment = ?", [self.name]
        ).fetchall()
        for organization, joined, ended in rows:
            if (joined is None or joined <= self.as_of) and (ended is None or ended > self.as_of):
                return str(organization), joined
        raise SwingbyError(
            code="partner-unknown",
            message=f"{self.name} was not enrolled on {self.as_of}.",
            hint="Check the name against the enrolments.",
        )

    def _holidays(self) -> frozenset[date]:
        return frozenset(day for (day,) in self.facts.connection.execute("SELECT day FROM ref_holidays").fetchall())

    # --- what is asked for ------------------------------------------------------------------------------------------

    def aim(
        self,
        to: str | None,
        ladder: str | None,
        by: date,
        least: Least,
        next_tier: Callable[[str], str | None],
    ) -> Aim | None:
        """The tier that is meant, ``next_tier`` of a ladder where none is named; None where the partner holds the highest.

        Raises
        ------
        SwingbyError
            ``ladder-unknown``, ``tier-unknown``.
        """
        labels = self._ladders()
        if ladder is not None and ladder not in labels:
            message = f'The program has no ladder "{ladder}".'
            raise SwingbyError(code="ladder-unknown", message=message, hint=f"It has: {', '.join(labels)}.")
        chosen = {label: found for label, found in labels.items() if ladder in (None, label)}
        tiers = dict.fromkeys(tier.id for declared, _ in chosen.values() for tier in declared.tiers)
        if to is not None and to not in tiers:
            message = f'There is no tier "{to}".'
            raise SwingbyError(code="tier-unknown", message=message, hint=f"There are: {', '.join(tiers)}.")
        for label, (declared, cells) in chosen.items():
            tier = to if to is not None else next_tier(label)
            if tier is not None and any(each.id == tier for each in declared.tiers):
                return Aim(label, declared, cells, tier, self.as_of, by, least)
        return None

    def first_ladder(self, ladder: str | None) -> str:
        """The ladder that is meant where no tier is left to reach."""
        return ladder or next(iter(self._ladders()), "")

    def _ladders(self) -> dict[str, tuple[Ladder, Mapping[str, str]]]:
        """By what it is called, every ladder, and where tiers are by cell each of its cells."""
        return {
            labelled(name, cells): (ladder, dict(zip(ladder.by, cells, strict=True)))
            for name, ladder in self.program.ladders.items()
            for cells in cells_on(self.program, ladder.by, self.as_of)
        }
