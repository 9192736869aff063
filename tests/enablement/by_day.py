"""The life of a certification walked day by day: slow, obvious, and written without the machine."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from swingby.enablement import Certification, Event, EventKind, ExamVersion
from swingby.values import add_length, subtract_length

HELD = ("held", "renewal window", "grace")


@dataclass
class Walk:
    """What is true this evening, and a diary of all evenings."""

    terms: Certification
    state: str = "nothing"
    expires: date | None = None
    version: ExamVersion | None = None
    wanted: bool = False
    agreed: bool = False
    started: bool = False
    exam: date | None = None
    diary: list[tuple[str, str]] = field(default_factory=list)
    refused: list[Event] = field(default_factory=list)
    begun: dict[date, str] = field(default_factory=dict)
    told: date | None = None

    def preparing(self) -> str:
        if self.exam:
            return "exam booked"
        if self.started:
            return "in progress"
        if self.wanted and self.agreed:
            return "planned"
        return "proposed" if self.wanted or self.agreed else "nothing"

    def held_as(self, today: date, expires: date | None, version: ExamVersion | None) -> str:
        """What a certificate on these terms is today."""
        if self.terms.retirement and today >= self.terms.retirement.counts_until:
            return "retired"
        if version and version.counts_until and today >= version.counts_until:
            return "superseded"
        if expires is None:
            return "held"
        if today >= (add_length(expires, self.terms.grace.parts) if self.terms.grace else expires):
            return "lapsed"
        if today >= expires:
            return "grace"
        return "renewal window" if self.terms.renewal and self.is_open(today) else "held"

    def is_open(self, today: date, expires: date | None = None) -> bool:
        """Whether the window for a renewal is open."""
        expires = expires or self.expires
        if expires is None or self.terms.renewal is None:
            return True
        return today >= subtract_length(expires, self.terms.renewal.parts)

    def offered(self, today: date) -> bool:
        begun = not self.terms.versions or self.terms.versions[0].starts_on <= today
        return begun and not (self.terms.retirement and today >= self.terms.retirement.exams_until)

    def morning(self, today: date) -> None:
        if self.exam and today >= self.exam:
            self.exam = None
        if self.state in HELD:
            self.state = self.held_as(today, self.expires, self.version)

    def happen(self, event: Event) -> None:
        if not getattr(self, event.kind.name.lower())(event, event.day):
            self.refused.append(event)

    def wanted_(self, name: str) -> bool:
        setattr(self, name, True)
        return True

    def booked(self, event: Event, today: date) -> bool:
        if event.exam_on is None or event.exam_on < today or not self.offered(event.exam_on):
            return False
        self.started = True
        self.exam = event.exam_on if event.exam_on > today else None
        return True

    def cancelled(self, *_: object) -> bool:
        had, self.exam = self.exam, None
        return had is not None

    def failed(self, *_: object) -> bool:
        self.started = True
        return True

    def withdrawn(self, *_: object) -> bool:
        had = self.preparing() != "nothing"
        self.forget()
        return had

    def forget(self) -> None:
        self.wanted = self.agreed = self.started = False
        self.exam = None

    def passed(self, event: Event, today: date) -> bool:
        if self.told == today or not self.offered(today):
            return False
        new = add_length(today, self.terms.valid.parts) if self.terms.valid else None
        if self.state in HELD:
            new = self.later(today, new)
        return self.say(today, event.expires_on or new, event)

    def renewed(self, event: Event, today: date) -> bool:
        if self.told == today:
            return False
        if event.expires_on:
            gone = self.state in {"revoked", "superseded", "retired"}
            return not gone and self.say(today, event.expires_on, event)
        if self.state not in HELD or not self.offered(today) or not self.is_open(today):
            return False
        if self.expires and self.terms.valid and add_length(self.expires, self.terms.valid.parts) <= today:
            return False
        new = add_length(today, self.terms.valid.parts) if self.terms.valid else None
        return self.say(today, self.later(today, new), event)

    def say(self, today: date, expires: date | None, event: Event) -> bool:
        """Hold from today on; only one word of a day is believed."""
        word = None if self.state in HELD else "earned" if self.state == "nothing" else "re-earned"
        if not self.hold(today, expires, self.named(event, today)):
            return False
        self.told = today
        if word:
            self.begun[today] = word
        return True

    def later(self, today: date, new: date | None) -> date | None:
        if self.expires is None or self.terms.valid is None:
            return new or self.expires
        longer = add_length(self.expires, self.terms.valid.parts)
        if self.is_open(today) and longer > today:
            return longer
        return max(self.expires, add_length(today, self.terms.valid.parts))

    def named(self, event: Event, today: date) -> ExamVersion | None:
        by_name = {version.name: version for version in self.terms.versions}
        if event.version in by_name:
            return by_name[event.version]
        return max((v for v in by_name.values() if v.starts_on <= today), key=lambda v: v.starts_on, default=None)

    def hold(self, today: date, expires: date | None, version: ExamVersion | None) -> bool:
        before, self.expires = self.expires, expires
        state = self.held_as(today, expires, version)
        if state not in HELD:
            self.expires = before
            return False
        self.state, self.version = state, version
        self.forget()
        return True

    def revoked(self, *_: object) -> bool:
        if self.state not in HELD:
            return False
        self.state = "revoked"
        return True

    def reawarded(self, event: Event, today: date) -> bool:
        if self.state != "revoked" or not self.hold(today, event.expires_on or self.expires, self.version):
            return False
        self.begun[today] = "re-awarded"
        return True


ORDER = list(EventKind)


def walk(certification: Certification, events: set[Event], days: list[date]) -> Walk:
    """Walk through days; what happens on a day is taken in the order that kinds have."""
    walker = Walk(certification)
    for today in days:
        walker.morning(today)
        for event in sorted((event for event in events if event.day == today), key=lambda event: event.place):
            if event.kind in {EventKind.WANTED, EventKind.AGREED, EventKind.STARTED}:
                walker.wanted_(event.kind.value)
            else:
                walker.happen(event)
        walker.diary.append((walker.preparing(), walker.state))
    return walker
