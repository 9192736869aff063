"""What is asked: which act, which outcome, when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Literal

from swingby.errors import MisusedError
from swingby.program import Program

Unit = Literal["month", "quarter"]


class Outcome(StrEnum):
    """What should have been raised."""

    DEAL_SIZE = "deal size"
    WIN_RATE = "win rate"
    REVENUE = "revenue"
    ANY_SALE = "months with a sale"


@dataclass(frozen=True, slots=True)
class Act:
    """The first day on which a fact of a kind with these words reached a partner.

    Parameters
    ----------
    kind
        Such as ``credentials`` or ``activities``.
    said
        How a sentence says it: "the first advanced engineer".
    where
        Column -> the words that count.
    days
        Organization -> its day, where the day follows from something else than facts; in place of the kind. A day before the
        window leaves a partner out.
    """

    kind: str
    said: str
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    days: Mapping[str, date] | None = None


@dataclass(frozen=True, slots=True)
class Lots:
    """Who was invited by lot, and who waits: facts of a kind that a partner owns, one column of which says which.

    Parameters
    ----------
    kind
        Such as ``decisions``.
    column
        The column that says how the lot fell.
    invited, waiting
        The words in it.
    where
        Column -> the words that count, to tell this lot from others.
    """

    kind: str
    column: str
    invited: tuple[str, ...]
    waiting: tuple[str, ...]
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EffectQuestion:
    """Whether an act raised an outcome.

    Parameters
    ----------
    act, outcome
        What was done, and what it should have raised.
    since, until
        The days that are looked at, the second no longer; ``since`` begins a month.
    unit
        Months, or quarters of three months counted from each partner's act (by lot, from ``since``); None takes months if
        partners have an outcome in most of them.
    anticipation
        For how many of these periods before its day the act may already work.
    adjusted
        Whether partners are compared with those of the same size, number of deals, tenure and region.
    won, lost
        The stages of a deal that ended either way.
    parts
        The parts in a deal for which it counts, such as ``seller``; with none it counts for everybody in it.
    known_at
        The position up to which facts are looked at; None all.
    lots
        How partners were invited to the act by lot; then these are compared, as the lot fell.
    usual
        Revenue is told against what was usual in so many months before the act; None takes a year.
    over
        For so many months from the act on its effect is looked at; None looks at six months or four quarters.
    """

    act: Act
    outcome: Outcome
    since: date
    until: date
    unit: Unit | None = None
    anticipation: int = 0
    adjusted: bool = False
    won: str = "won"
    lost: str = "lost"
    parts: tuple[str, ...] = ()
    known_at: int | None = None
    lots: Lots | None = None
    usual: int | None = None
    over: int | None = None

    @property
    def words(self) -> str:
        """The question as a person asks it."""
        return f"Did {self.act.said} raise {self.outcome}?"

    def check(self, program: Program) -> None:
        """Refuse a question that cannot be asked of a program's facts.

        Raises
        ------
        MisusedError
            ``question`` with everything that is wrong.
        """
        wrong = list(self._wrong(program))
        if wrong:
            raise MisusedError(code="question", message=" ".join(wrong), hint="Ask again without these.")

    def _wrong(self, program: Program) -> Iterator[str]:
        if self.act.days is None:
            yield from wrong_columns(program, self.act.kind, list(self.act.where))
        if self.lots is not None:
            yield from wrong_columns(program, self.lots.kind, [self.lots.column, *self.lots.where])
            kind = program.kinds.get(self.lots.kind)
            if kind is not None and kind.owner != "organization":
                yield f"A lot is about partners; {kind.name} are about a {kind.owner}."
        if self.since.day != 1:
            yield f"{self.since} is not the first day of a month."
        if self.until <= self.since:
            yield f"{self.until} is not after {self.since}."
        if self.anticipation < 0:
            yield "An act cannot be anticipated by less than no period."
        if self.over is not None and self.over < 1:
            yield "An effect is looked at for a month or more."


def wrong_columns(program: Program, name: str, columns: list[str]) -> Iterator[str]:
    """What is wrong with a kind of fact and columns of words that somebody asks for."""
    kind = program.kinds.get(name)
    if kind is None:
        yield f'There is no kind of fact "{name}"; there are: {", ".join(sorted(program.kinds))}.'
        return
    words = [column.name for column in kind.columns if column.type in ("word", "text", "id")]
    for column in columns:
        if column not in words:
            yield f'{name} has no column of words "{column}"; it has: {", ".join(words)}.'
