"""The state machine behind a life: what each event does on its day, and what the days in between do by themselves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from swingby.enablement.catalogue import Certification, ExamVersion
from swingby.enablement.events import Event, EventKind
from swingby.enablement.life import HOLDING, TAKEN_AWAY, Beginning, Refusal, State
from swingby.values import END_OF_TIME, add_length, subtract_length

Change = tuple[date, State]


@dataclass(frozen=True, slots=True)
class Terms:
    """On which terms somebody holds: until when, and by which version of the exam."""

    expires_on: date | None
    version: ExamVersion | None


@dataclass(slots=True)
class Preparing:
    """What somebody does towards an exam."""

    changes: list[Change] = field(default_factory=list)
    is_wanted: bool = False
    is_agreed: bool = False
    is_started: bool = False
    exam_on: date | None = None

    @property
    def state(self) -> State:
        """The state as it is now."""
        if self.exam_on is not None:
            return State.BOOKED
        if self.is_started:
            return State.IN_PROGRESS
        if self.is_wanted and self.is_agreed:
            return State.PLANNED
        return State.PROPOSED if self.is_wanted or self.is_agreed else State.NOTHING

    def advance(self, day: date) -> None:
        """Let days pass up to the beginning of a day: the day of the exam ends its booking."""
        if self.exam_on is not None and self.exam_on <= day:
            sat_on, self.exam_on = self.exam_on, None
            self.note(sat_on)

    def clear(self) -> None:
        """Nothing is prepared any longer."""
        self.is_wanted = self.is_agreed = self.is_started = False
        self.exam_on = None

    def note(self, day: date) -> None:
        """Keep the state from a day on."""
        self.changes.append((day, self.state))


@dataclass(slots=True)
class Holding:
    """What somebody holds, and what time will make of it."""

    changes: list[Change] = field(default_factory=list)
    ahead: list[Change] = field(default_factory=list)
    beginnings: dict[date, Beginning] = field(default_factory=dict)
    state: State = State.NOTHING
    terms: Terms | None = None
    told_on: date | None = None

    @property
    def expires_on(self) -> date | None:
        """When what is held, or was held last, expires."""
        return self.terms.expires_on if self.terms else None

    def advance(self, day: date) -> None:
        """Let days pass up to the beginning of a day."""
        while self.ahead and self.ahead[0][0] <= day:
            self.become(*self.ahead.pop(0))

    def become(self, day: date, state: State) -> None:
        """Be in a state from a day on."""
        self.state = state
        self.changes.append((day, state))


class Machine:
    """Takes events in order of day; the days between them pass by themselves."""

    def __init__(self, certification: Certification) -> None:
        self.certification = certification
        self.preparing = Preparing()
        self.holding = Holding()
        self.refused: list[Refusal] = []

    def advance(self, day: date) -> None:
        """Let days pass up to the beginning of a day."""
        self.preparing.advance(day)
        self.holding.advance(day)

    def take(self, event: Event) -> None:
        """Take one event: what its day begins with comes first."""
        self.advance(event.day)
        code = _TAKERS[event.kind](self, event)
        if code:
            self.refused.append(Refusal(event, code, REASONS[code]))

    # --- preparing ---

    def prepare(self, event: Event) -> str:
        """Wanted by the person, agreed by the lead, or started without much talk."""
        preparing = self.preparing
        preparing.is_wanted |= event.kind is EventKind.WANTED
        preparing.is_agreed |= event.kind is EventKind.AGREED
        preparing.is_started |= event.kind is EventKind.STARTED
        preparing.note(event.day)
        return ""

    def book(self, event: Event) -> str:
        """An exam is booked; a later booking takes the place of an earlier one."""
        if event.exam_on is None or event.exam_on < event.day:
            return "exam-before-booking"
        if not self.certification.is_offered(event.exam_on):
            return "not-offered"
        self.preparing.is_started = True
        self.preparing.exam_on = event.exam_on
        self.preparing.note(event.day)
        self.preparing.advance(event.day)
        return ""

    def cancel(self, event: Event) -> str:
        """A booking is off; the learning goes on."""
        if self.preparing.exam_on is None:
            return "nothing-booked"
        self.preparing.exam_on = None
        self.preparing.note(event.day)
        return ""

    def fail(self, event: Event) -> str:
        """An exam was failed: the learning goes on, what is held stays held, and an exam of a later day stays booked."""
        self.preparing.is_started = True
        self.preparing.note(event.day)
        return ""

    def withdraw(self, event: Event) -> str:
        """The plan is off."""
        if self.preparing.state is State.NOTHING:
            return "nothing-planned"
        self.preparing.clear()
        self.preparing.note(event.day)
        return ""

    # --- holding ---

    def earn(self, event: Event) -> str:
        """An exam was passed: earned, earned again, or what is held goes on."""
        if self.holding.told_on == event.day:
            return "told-already"
        if not self.certification.is_offered(event.day):
            return "not-offered"
        if self.holding.state in HOLDING:
            return self._go_on(event, self._expiry_of_pass(event))
        return self._begin_anew(event, self._expiry_from(event.day))

    def renew(self, event: Event) -> str:
        """What is held goes on from its old expiry; an expiry that the vendor names is believed, whatever our terms say."""
        if self.holding.told_on == event.day:
            return "told-already"
        if event.expires_on is not None:
            return self._believe(event, event.expires_on)
        return self._not_renewable(event.day) or self._go_on(event, self._expiry_of_pass(event))

    def _not_renewable(self, day: date) -> str:
        if not self.certification.is_offered(day):
            return "not-offered"
        extended = self._renewed_expiry()
        if self.holding.state not in HOLDING or (extended is not None and extended <= day):
            return "renewed-too-late"
        return "" if self._is_renewable(day) else "renewed-too-early"

    def _believe(self, event: Event, expires_on: date) -> str:
        if self.holding.state in HOLDING:
            return self._go_on(event, expires_on)
        if self.holding.state in TAKEN_AWAY:
            return "renewed-too-late"
        return self._begin_anew(event, expires_on)

    def _begin_anew(self, event: Event, expires_on: date | None) -> str:
        began: Beginning = "earned" if self.holding.state is State.NOTHING else "re-earned"
        return self._told(event, self._begin(event, self._new_terms(event, expires_on), began))

    def revoke(self, event: Event) -> str:
        """The vendor takes it back."""
        if self.holding.state not in HOLDING:
            return "nothing-held"
        self.holding.ahead.clear()
        self.holding.become(event.day, State.REVOKED)
        return ""

    def reaward(self, event: Event) -> str:
        """The vendor gives it back, on the terms of before unless it says others."""
        terms = self.holding.terms
        if self.holding.state is not State.REVOKED or terms is None:
            return "nothing-revoked"
        return self._begin(event, Terms(event.expires_on or terms.expires_on, terms.version), "re-awarded")

    def _begin(self, event: Event, terms: Terms, began: Beginning) -> str:
        if self._end(terms)[0] <= event.day:
            return "over-already"
        self.holding.beginnings[event.day] = began
        self._hold(event.day, terms)
        return ""

    def _go_on(self, event: Event, expires_on: date | None) -> str:
        terms = self._new_terms(event, expires_on)
        if self._end(terms)[0] <= event.day:
            return "over-already"
        self._hold(event.day, terms)
        return self._told(event, "")

    def _told(self, event: Event, code: str) -> str:
        """Of one day one pass or renewal counts."""
        if not code:
            self.holding.told_on = event.day
        return code

    def _hold(self, day: date, terms: Terms) -> None:
        """Hold from a day on, with everything that time will do to it."""
        self.preparing.clear()
        self.preparing.note(day)
        self.holding.terms = terms
        stages = [(day, State.HELD), *self._stages(terms)]
        begun = [stage for stage in stages if stage[0] <= day]
        self.holding.become(day, begun[-1][1])
        self.holding.ahead = [stage for stage in stages if stage[0] > day]

    def _stages(self, terms: Terms) -> list[Change]:
        """The renewal window, the grace and the end, as far as they come."""
        end = self._end(terms)
        stages: list[Change] = []
        if terms.expires_on is not None and self.certification.renewal:
            stages.append((subtract_length(terms.expires_on, self.certification.renewal.parts), State.RENEWAL))
        if terms.expires_on is not None:
            stages.append((terms.expires_on, State.GRACE))
        stages = [stage for stage in stages if stage[0] < end[0]]
        return stages if end[0] == END_OF_TIME else [*stages, end]

    def _end(self, terms: Terms) -> Change:
        """The first day on which it is no longer held, and what it is from then on."""
        ends: list[Change] = [(END_OF_TIME, State.LAPSED)]
        if self.certification.retirement:
            ends.append((self.certification.retirement.counts_until, State.RETIRED))
        if terms.version and terms.version.counts_until:
            ends.append((terms.version.counts_until, State.SUPERSEDED))
        if terms.expires_on is not None:
            grace = self.certification.grace
            lapses_on = add_length(terms.expires_on, grace.parts) if grace else terms.expires_on
            ends.append((lapses_on, State.LAPSED))
        # Of ends on one day the first named is told: what a person could not have helped comes before a lapse.
        return min(ends, key=lambda end: end[0])

    def _new_terms(self, event: Event, expires_on: date | None) -> Terms:
        certification = self.certification
        named = certification.version(event.version) if event.version else None
        return Terms(event.expires_on or expires_on, named or certification.version_on(event.day))

    def _expiry_from(self, day: date) -> date | None:
        valid = self.certification.valid
        return add_length(day, valid.parts) if valid else None

    def _expiry_of_pass(self, event: Event) -> date | None:
        """From the old expiry where it can be renewed; before, and where that is over, from the day of the exam."""
        old, from_today, extended = self.holding.expires_on, self._expiry_from(event.day), self._renewed_expiry()
        if old is None or from_today is None or extended is None:
            return from_today or old
        if self._is_renewable(event.day) and extended > event.day:
            return extended
        return max(old, from_today)

    def _renewed_expiry(self) -> date | None:
        """A term more, from the old expiry on."""
        old = self.holding.expires_on
        return self._expiry_from(old) if old else None

    def _is_renewable(self, day: date) -> bool:
        """Whether the renewal window is open, or was and the grace runs."""
        expires_on = self.holding.expires_on
        renewal = self.certification.renewal
        return expires_on is None or renewal is None or day >= subtract_length(expires_on, renewal.parts)


_TAKERS: Final[Mapping[EventKind, Callable[[Machine, Event], str]]] = {
    EventKind.WANTED: Machine.prepare,
    EventKind.AGREED: Machine.prepare,
    EventKind.STARTED: Machine.prepare,
    EventKind.BOOKED: Machine.book,
    EventKind.CANCELLED: Machine.cancel,
    EventKind.FAILED: Machine.fail,
    EventKind.WITHDRAWN: Machine.withdraw,
    EventKind.PASSED: Machine.earn,
    EventKind.RENEWED: Machine.renew,
    EventKind.REVOKED: Machine.revoke,
    EventKind.REAWARDED: Machine.reaward,
}
REASONS: Final[Mapping[str, str]] = {
    "exam-before-booking": "The exam is booked for a day before the booking.",
    "not-offered": "There is no exam on that day: it has not begun, or it is retired.",
    "nothing-booked": "No exam is booked.",
    "nothing-planned": "Nothing is planned.",
    "nothing-held": "Nothing is held that could be revoked.",
    "nothing-revoked": "Nothing is revoked that could be given back.",
    "renewed-too-early": "The renewal window is not open yet.",
    "renewed-too-late": "Nothing is held that could be renewed; it has to be earned again.",
    "told-already": "A pass or a renewal of this day is told already.",
    "over-already": "On these terms it no longer counts on that day.",
}
