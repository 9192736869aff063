"""From facts to lives: credentials, exams and hours of study of the people of a firm."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from swingby.enablement.catalogue import Catalogue
from swingby.enablement.coverage import Lives, Need
from swingby.enablement.events import Event, EventKind, without_failures
from swingby.enablement.growth import Holder, Membership, merged
from swingby.enablement.life import Life, Refusal
from swingby.enablement.living import live
from swingby.enablement.moving import Employment, Stay, stays
from swingby.facts import FactSet
from swingby.values import BEGINNING, Period


@dataclass(frozen=True, slots=True)
class Records:
    """What facts say of the people of a firm.

    Attributes
    ----------
    stays
        Who works where, from when to when; nobody at two places on a day.
    lives
        By person and code; of people who left as well.
    needs
        What open deals ask for on the day.
    unknown
        Codes of credentials that the catalogue lacks, with the number of their rows.
    """

    stays: tuple[Stay, ...]
    lives: Lives
    needs: tuple[Need, ...]
    unknown: Mapping[str, int]

    @property
    def refused(self) -> tuple[tuple[str, str, Refusal], ...]:
        """What changes nothing, with its person and code."""
        return tuple(
            (person, code, refusal)
            for person, by_code in self.lives.items()
            for code, life in by_code.items()
            for refusal in life.refused
        )

    def present(self, day: date, *, office: str | None = None) -> Lives:
        """The lives of those who are here on a day, everybody with nothing included."""
        here = {stay.person for stay in self.stays if day in stay.counted and office in {None, stay.office}}
        return {person: self.lives.get(person, {}) for person in sorted(here)}

    def holders(self) -> tuple[Holder, ...]:
        """Who holds what, from when to when, in grace as well."""
        return tuple(holder for person in self.lives for holder in self.holders_of(person))

    def holders_of(self, person: str) -> Iterator[Holder]:
        """What one person holds and held."""
        return (
            Holder(person, code, hold.period)
            for code, life in self.lives.get(person, {}).items()
            for hold in life.holds
        )

    def members(self, *, office: str | None = None) -> tuple[Membership, ...]:
        """Who belongs to an office, or to the firm, and when."""
        return tuple(Membership(stay.person, stay.counted) for stay in self.stays if office in {None, stay.office})

    def belonging(self, *, office: str | None = None) -> dict[str, list[Period]]:
        """By person the days with an office, or with the firm, with the ends that are known."""
        found: dict[str, list[Period]] = defaultdict(list)
        for member in self.members(office=office):
            found[member.person].append(member.period)
        return {person: merged(periods) for person, periods in found.items()}


_CREDENTIALS: Final = "SELECT person, code, starts_on, ends_on FROM fact_credentials"
_BOOKED: Final = "SELECT person, code, starts_on, ends_on FROM fact_exams_booked"
_ATTEMPTS: Final = "SELECT person, code, happened_on, outcome FROM fact_attempts"
_STUDY: Final = "SELECT person, code, happened_on, hours FROM fact_study_hours"
_STANDING: Final = " WHERE reversed_position IS NULL"


def read_records(facts: FactSet, catalogue: Catalogue, as_of: date, *, failures: bool = True) -> Records:
    """Read what facts say of people and certifications, as known at the latest position.

    Parameters
    ----------
    facts
        Of kinds beyond ``credentials`` and ``employments`` those are read that the program declares: ``exams_booked``,
        ``attempts``, ``study_hours`` and ``deal_demands``, with the columns of a firm's own program.
    catalogue
        The terms. Where a credential names its end, that is what holds.
    as_of
        The day for which open deals ask.
    failures
        Whether failed exams are read; without them it is what others than the person may know.
    """
    return make_records(_events(facts), _employments(facts), catalogue, needs=_needs(facts, as_of), failures=failures)


def make_records(
    events: Iterable[tuple[str, str, Event]],
    employments: Iterable[Employment],
    catalogue: Catalogue,
    *,
    needs: Iterable[Need] = (),
    failures: bool = True,
) -> Records:
    """Make records of what happened to whom, wherever it was read.

    Parameters
    ----------
    events
        With their person and code, in any order.
    failures
        Whether failed exams are taken; without them it is what others than the person may know.
    """
    told: dict[tuple[str, str], list[Event]] = defaultdict(list)
    for person, code, event in events:
        told[person, code].append(event)
    lives: dict[str, dict[str, Life]] = defaultdict(dict)
    unknown: Counter[str] = Counter()
    worked_out: dict[tuple[str, tuple[Event, ...]], Life] = {}
    for (person, code), own in sorted(told.items()):
        if certification := catalogue.certifications.get(code):
            # Of many people the same happened on the same days: what one life is, is what each of them is.
            same = code, tuple(own) if failures else without_failures(own)
            if same not in worked_out:
                worked_out[same] = live(certification, same[1])
            lives[person][code] = worked_out[same]
        else:
            unknown[code] += len(own)
    return Records(stays(employments), lives, tuple(needs), unknown)


def _events(facts: FactSet) -> Iterator[tuple[str, str, Event]]:
    for kind, statement, event_of in _SOURCES:
        if _has(facts, kind):
            for person, code, day, more in facts.connection.cursor().execute(statement + _STANDING).fetchall():
                event = event_of(day, more)
                if code is not None and event is not None:
                    yield person, code, event


def _passed(day: date | None, end: date | None) -> Event | None:
    return Event(day, EventKind.PASSED, expires_on=end) if day else None


def _booked(day: date | None, end: date | None) -> Event | None:
    return Event(day, EventKind.BOOKED, exam_on=end) if day and end else None


def _failed(day: date, outcome: object) -> Event | None:
    return Event(day, EventKind.FAILED) if outcome == "failed" else None


def _studied(day: date, _hours: object) -> Event:
    return Event(day, EventKind.STARTED)


#: What is held comes from credentials alone: an attempt that was passed is the same thing, told by another source.
_SOURCES: Final[tuple[tuple[str, str, Callable[[Any, Any], Event | None]], ...]] = (
    ("credentials", _CREDENTIALS, _passed),
    ("exams_booked", _BOOKED, _booked),
    ("attempts", _ATTEMPTS, _failed),
    ("study_hours", _STUDY, _studied),
)


def _has(facts: FactSet, kind: str) -> bool:
    query = "SELECT 1 FROM duckdb_tables() WHERE table_name = $1"
    return facts.connection.cursor().execute(query, [f"fact_{kind}"]).fetchone() is not None


def _employments(facts: FactSet) -> tuple[Employment, ...]:
    query = f"""
    SELECT person, organization, office, role, starts_on, ends_on FROM fact_employments{_STANDING} ORDER BY ALL
    """
    rows = facts.connection.cursor().execute(query).fetchall()
    return tuple(
        Employment(person=person, firm=firm or "", office=office, role=role, started=start or BEGINNING, ended=end)
        for person, firm, office, role, start, end in rows
    )


def _needs(facts: FactSet, as_of: date) -> tuple[Need, ...]:
    if not _has(facts, "deal_demands"):
        return ()
    query = f"""
    SELECT code, CAST(people AS INTEGER), deal FROM fact_deal_demands{_STANDING}
    AND coalesce(starts_on <= $1, true) AND coalesce(ends_on > $1, true) ORDER BY ALL
    """
    rows = facts.connection.cursor().execute(query, [as_of]).fetchall()
    return tuple(Need(code, people, "deal", deal) for code, people, deal in rows)
