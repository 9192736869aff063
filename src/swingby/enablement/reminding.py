"""Words that are due to holders: some days before a credential ceases to count, and when it can be renewed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from swingby.enablement.ahead import REMINDED_BEFORE, Ending
from swingby.enablement.coverage import Lives
from swingby.enablement.life import Life, State
from swingby.values import add_days


@dataclass(frozen=True, slots=True)
class DueWord:
    """A word to a holder.

    Attributes
    ----------
    due
        The day on which it fell due. A person hears of one credential once for each such day.
    before
        How many days before the end that is; None where it is said because the renewal window opened.
    renewable
        Whether a renewal can be taken on the day that is looked at.
    """

    ending: Ending
    due: date
    before: int | None
    renewable: bool


def due_words(
    found: Iterable[Ending], lives: Lives, today: date, before: Sequence[int] = REMINDED_BEFORE
) -> tuple[DueWord, ...]:
    """Say for each ending the newest word that fell due by today; those of which none did are left out.

    It depends on no earlier run: who asks twice gets the same words, and who left days out one word for each credential.

    Parameters
    ----------
    found
        From `endings`, as far ahead as a renewal window may open.
    """
    words = (_newest(one, lives[one.person][one.code], today, before) for one in found)
    return tuple(word for word in words if word)


def _newest(ending: Ending, life: Life, today: date, before: Sequence[int]) -> DueWord | None:
    opened = _opened(life, today)
    due = [(day, days) for day, days in _days(ending, before) if day <= today]
    newest = max(due, default=None, key=lambda one: one[0])
    if opened and (newest is None or newest[0] < opened):
        newest = (opened, None)
    return DueWord(ending, newest[0], newest[1], opened is not None) if newest else None


def _days(ending: Ending, before: Sequence[int]) -> Iterator[tuple[date, int | None]]:
    return ((add_days(ending.day, -days), days) for days in before)


def _opened(life: Life, today: date) -> date | None:
    """When the renewal window opened that is open today."""
    return next(
        (span.period.start for span in life.holding if span.state is State.RENEWAL and today in span.period), None
    )
