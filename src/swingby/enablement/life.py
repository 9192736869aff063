"""The life of one certification with one person, worked out from dated events.

Two things go side by side: preparing (planned, in progress, exam booked) and holding (held, renewal window, grace,
lapsed). Somebody may prepare the next exam while the certificate still holds. Each day has exactly one state of either.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, Literal

from swingby.enablement.catalogue import Certification
from swingby.enablement.events import Event
from swingby.enablement.growth import merged
from swingby.values import END_OF_TIME, Period


class State(StrEnum):
    """Where somebody is with a certification on a day."""

    NOTHING = "nothing"
    PROPOSED = "proposed"
    PLANNED = "planned"
    IN_PROGRESS = "in progress"
    BOOKED = "exam booked"
    HELD = "held"
    RENEWAL = "renewal window"
    GRACE = "grace"
    LAPSED = "lapsed"
    SUPERSEDED = "superseded"
    RETIRED = "retired"
    REVOKED = "revoked"


HOLDING: Final = frozenset({State.HELD, State.RENEWAL, State.GRACE})
#: What only the vendor can give back, or a new exam.
TAKEN_AWAY: Final = frozenset({State.SUPERSEDED, State.RETIRED, State.REVOKED})
PREPARING: Final = frozenset({State.PROPOSED, State.PLANNED, State.IN_PROGRESS, State.BOOKED})
Beginning = Literal["earned", "re-earned", "re-awarded"]


@dataclass(frozen=True, slots=True)
class Span:
    """A state and the days on which it holds."""

    state: State
    period: Period


@dataclass(frozen=True, slots=True)
class Hold:
    """Days without a gap on which a certification is held.

    Attributes
    ----------
    began
        How it came.
    ended
        What ended it, once it has ended or is going to: lapsed, superseded, retired or revoked. None if it holds for ever.
    """

    period: Period
    began: Beginning
    ended: State | None


@dataclass(frozen=True, slots=True)
class Refusal:
    """An event that changes nothing, and why."""

    event: Event
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Life:
    """Everything that events make of one certification with one person.

    Attributes
    ----------
    preparing, holding
        States from the first day of the calendar to the last, without gap or overlap.
    holds
        The stretches on which it is held.
    refused
        Events that change nothing.
    """

    certification: Certification
    preparing: tuple[Span, ...]
    holding: tuple[Span, ...]
    holds: tuple[Hold, ...]
    refused: tuple[Refusal, ...]

    def held_on(self, day: date) -> bool:
        """Whether it is held on a day, its grace included."""
        return self.holding_on(day) in HOLDING

    def counts_on(self, day: date) -> bool:
        """Whether the vendor counts it on a day: held, and in grace only where the catalogue says so."""
        return self._counts_as(self.holding_on(day))

    @property
    def counted(self) -> tuple[Period, ...]:
        """The days on which the vendor counts it, in as few periods as possible."""
        return tuple(merged(span.period for span in self.holding if self._counts_as(span.state)))

    def _counts_as(self, state: State) -> bool:
        return state in HOLDING and (state is not State.GRACE or self.certification.counts_in_grace)

    def holding_on(self, day: date) -> State:
        """The state of holding on a day."""
        return state_on(self.holding, day)

    def preparing_on(self, day: date) -> State:
        """The state of preparing on a day."""
        return state_on(self.preparing, day)

    def on(self, day: date) -> State:
        """The one state to show: what is held, else what is prepared, else what was."""
        holding, preparing = self.holding_on(day), self.preparing_on(day)
        return holding if holding in HOLDING or preparing is State.NOTHING else preparing

    def expires_after(self, day: date) -> date | None:
        """The first day on which what is held on a day is no longer held; None if it is not held, or for ever."""
        held = next((hold.period for hold in self.holds if day in hold.period), None)
        return None if held is None or held.end == END_OF_TIME else held.end


def state_on(spans: Sequence[Span], day: date) -> State:
    """The state of a day; the last day of the calendar belongs to the last span."""
    return next((span.state for span in spans if day in span.period), spans[-1].state)
