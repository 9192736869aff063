"""From events to a life."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from swingby.enablement.catalogue import Certification
from swingby.enablement.events import Event
from swingby.enablement.life import HOLDING, Beginning, Hold, Life, Span, State
from swingby.enablement.machine import Machine
from swingby.values import BEGINNING, END_OF_TIME, Period


def live(certification: Certification, events: Iterable[Event]) -> Life:
    """Work out a life.

    Parameters
    ----------
    certification
        What it is about, with its terms.
    events
        What happened, in any order; an event that is told twice happened once.

    Returns
    -------
    Life
        The same for every order of the events.
    """
    machine = Machine(certification)
    for event in sorted(set(events), key=lambda event: event.place):
        machine.take(event)
    machine.advance(END_OF_TIME)
    holding = spans_of(machine.holding.changes)
    return Life(
        certification,
        spans_of(machine.preparing.changes),
        holding,
        _holds(holding, machine.holding.beginnings),
        tuple(machine.refused),
    )


def spans_of(changes: Iterable[tuple[date, State]]) -> tuple[Span, ...]:
    """Days between changes; of several changes on one day the last is what the day has."""
    by_day = {BEGINNING: State.NOTHING, **dict(changes)}
    starts: list[tuple[date, State]] = []
    for day, state in by_day.items():
        if not starts or starts[-1][1] is not state:
            starts.append((day, state))
    ends = [*(day for day, _ in starts[1:]), END_OF_TIME]
    return tuple(Span(state, Period(day, end)) for (day, state), end in zip(starts, ends, strict=True))


def _holds(spans: Sequence[Span], beginnings: Mapping[date, Beginning]) -> tuple[Hold, ...]:
    holds: list[Hold] = []
    for span, after in zip(spans, [*spans[1:], None], strict=True):
        if span.state not in HOLDING:
            continue
        ended = None if after is None or after.state in HOLDING else after.state
        if holds and holds[-1].period.end == span.period.start:
            before = holds.pop()
            holds.append(Hold(Period(before.period.start, span.period.end), before.began, ended))
        else:
            holds.append(Hold(span.period, beginnings[span.period.start], ended))
    return tuple(holds)
