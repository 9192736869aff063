"""The days on which partners may move down, from the program's calendar alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from swingby.engine.clock import Clock, is_daily
from swingby.program import Program

_AHEAD = timedelta(days=800)


def next_demotion(program: Program, *, after: date) -> date | None:
    """The next day after a day, and after the program's protected days, on which partners may move down.

    Ladders that follow every day, and those whose reviews depend on when a partner joined, have no such day of all.

    Parameters
    ----------
    after
        The day before the days that are looked for; about two years ahead.
    """
    return min(_demotions(program, after), default=None)


def _demotions(program: Program, after: date) -> Iterator[date]:
    clock, free = Clock(program), max(after, program.header.protected_through or after)
    for ladder in program.ladders.values():
        for review in ladder.demote:
            if is_daily(review.schedule) or clock.is_personal(review.schedule) or clock.follows_tier(review.schedule):
                continue
            yield from (day for day in clock.moments(review.schedule, free, free + _AHEAD) if day > free)
