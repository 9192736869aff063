"""What happens to one person and one certification: dated events, in an order of their own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from swingby.values import BEGINNING


class EventKind(StrEnum):
    """What happened, in the order in which events of one day are taken."""

    WANTED = "wanted"
    AGREED = "agreed"
    STARTED = "started"
    BOOKED = "booked"
    CANCELLED = "cancelled"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"
    PASSED = "passed"
    RENEWED = "renewed"
    REVOKED = "revoked"
    REAWARDED = "re-awarded"


_ORDER = {kind: place for place, kind in enumerate(EventKind)}


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
    def place(self) -> tuple[date, int, date, date, str]:
        """Where it stands among others, whatever the order in which they are told."""
        return (
            self.day,
            _ORDER[self.kind],
            self.exam_on or BEGINNING,
            self.expires_on or BEGINNING,
            self.version or "",
        )
