"""What happens to one person and one certification: dated events, in an order of their own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from swingby.values import BEGINNING


class EventKind(StrEnum):
    """What happened, in the order in which events of one day are taken."""

    WANTED = "wanted"
    AGREED = "agreed"
    STARTED = "started"
    CANCELLED = "cancelled"
    FAILED = "failed"
    BOOKED = "booked"
    WITHDRAWN = "withdrawn"
    PASSED = "passed"
    RENEWED = "renewed"
    REVOKED = "revoked"
    REAWARDED = "re-awarded"


_ORDER = {kind: place for place, kind in enumerate(EventKind)}
#: Passing and renewing are one thing that several sources may tell of one day.
_TAKEN_AS = {EventKind.RENEWED: EventKind.PASSED}


@dataclass(frozen=True, slots=True)
class Event:
    """One event.

    Attributes
    ----------
    exam_on
        Of a booking: the day of the exam.
    expires_on
        Of passed, renewed and re-awarded: the vendor's own word on the first day on which it no longer holds; None
        lets the terms of the catalogue say it.
    version
        Of passed and renewed: the version of the exam; None is the one that is sat on the day.
    """

    day: date
    kind: EventKind
    exam_on: date | None = None
    expires_on: date | None = None
    version: str | None = None

    @property
    def place(self) -> tuple[date, int, int, date, str, int]:
        """Where it stands among others, whatever the order in which they are told; the latest named expiry comes first."""
        return (
            self.day,
            _ORDER[_TAKEN_AS.get(self.kind, self.kind)],
            -self.expires_on.toordinal() if self.expires_on else 0,
            self.exam_on or BEGINNING,
            self.version or "",
            _ORDER[self.kind],
        )


def without_failures(events: Iterable[Event]) -> tuple[Event, ...]:
    """What others may know: a failure is the person's own.

    It is left out before anything is worked out, so that an exam that was failed looks like one of which nothing has
    been heard.
    """
    return tuple(event for event in events if event.kind is not EventKind.FAILED)
