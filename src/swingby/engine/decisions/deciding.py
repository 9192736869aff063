"""Settling a review: standings with everything that they rest on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from swingby import __version__
from swingby.engine.assessment import FactSource, assess
from swingby.engine.decisions.rows import DecidedRows, rows_of
from swingby.engine.standing import Standing
from swingby.errors import SwingbyError
from swingby.facts import KnownTable, known_tables, recorded_at
from swingby.program import Program, rules_hash


@dataclass(frozen=True, slots=True)
class ProgramMark:
    """Which program a decision was taken by.

    Attributes
    ----------
    rules, text
        The hash of what may change a result, and of the texts with their comments.
    """

    id: str
    label: str
    version: str
    effective: date
    rules: str
    text: str


@dataclass(frozen=True, slots=True)
class KnownAt:
    """What was known: a place on the ledger, and the time by which it is found again. Both are empty before any fact."""

    position: int
    recorded_at: datetime | None


@dataclass(frozen=True, slots=True)
class Basis:
    """What a decision rests on.

    Attributes
    ----------
    partners
        The enrolments that were asked for; None for everybody.
    facts
        What each table held at the position, as digests.
    """

    program: ProgramMark
    engine: str
    as_of: date
    partners: tuple[str, ...] | None
    known_at: KnownAt
    facts: tuple[KnownTable, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """A review as it was settled. It never changes; what comes later changes the next one."""

    basis: Basis
    rows: DecidedRows


def decide(
    program: Program,
    facts: FactSource,
    *,
    as_of: date,
    known_at: int | None = None,
    partners: Sequence[str] | None = None,
    now: datetime | None = None,
) -> Decision:
    """Settle a review.

    Parameters
    ----------
    program
        The version of the rules that is in force on the day.
    facts
        What happened.
    as_of
        The day of the review.
    known_at
        The ledger position; without one, what was recorded by ``now`` or by the end of the day, whichever is later.
    partners
        Only these enrolments; everybody by default.
    now
        The present; the clock's by default.

    Raises
    ------
    SwingbyError
        ``position-unknown`` for a position that the ledger has not reached; ``partner-unknown``; as in `assess`.
    """
    position = _known_by(facts, as_of, now or datetime.now(UTC), program) if known_at is None else known_at
    if not 0 <= position <= facts.latest_position:
        message = f"The ledger has no position {position}; the latest is {facts.latest_position}."
        raise SwingbyError(code="position-unknown", message=message, hint="Leave it out for what is known now.")
    asked = None if partners is None else tuple(sorted(set(partners)))
    basis = Basis(
        program=mark_of(program),
        engine=__version__,
        as_of=as_of,
        partners=asked,
        known_at=KnownAt(position, recorded_at(facts.connection, position)),
        facts=known_tables(facts.connection, program.kinds, known_at=position),
    )
    rows = rows_at(program, facts, basis, known_at=position)
    _refuse_unknown(basis, rows)
    return Decision(basis, rows)


def decision_of(
    program: Program, facts: FactSource, standings: Iterable[Standing], *, as_of: date, known_at: int
) -> Decision:
    """Settle what was computed already: the standings of some partners on a day, as known at a position."""
    listed = sorted(standings, key=lambda standing: standing.enrolment)
    basis = Basis(
        program=mark_of(program),
        engine=__version__,
        as_of=as_of,
        partners=tuple(standing.enrolment for standing in listed),
        known_at=KnownAt(known_at, recorded_at(facts.connection, known_at)),
        facts=known_tables(facts.connection, program.kinds, known_at=known_at),
    )
    return Decision(basis, rows_of(listed))


def _refuse_unknown(basis: Basis, rows: DecidedRows) -> None:
    unknown = sorted(set(basis.partners or ()) - rows.partners)
    if unknown:
        message = f"{', '.join(unknown)} {'was' if len(unknown) == 1 else 'were'} not enrolled on {basis.as_of}."
        raise SwingbyError(code="partner-unknown", message=message, hint="Check the names against the enrolments.")


def rows_at(program: Program, facts: FactSource, basis: Basis, *, known_at: int) -> DecidedRows:
    """The rows of a day as known at a position; partners who were not enrolled have none."""
    found = assess(program, facts, as_of=basis.as_of, known_at=known_at, enrolments=basis.partners)
    with closing(found):
        return rows_of(found)


def mark_of(program: Program) -> ProgramMark:
    """What tells this program from others."""
    header = program.header
    return ProgramMark(
        id=header.id,
        label=header.label,
        version=header.version,
        effective=header.effective,
        rules=rules_hash(program),
        text=program.hash,
    )


def position_of(facts: FactSource, known_at: KnownAt) -> int:
    """The position that a decision's place on the ledger has now: the last one recorded by its time.

    Positions of files are numbered anew when a file with earlier rows is added; those of a ledger stay.
    """
    return 0 if known_at.recorded_at is None else facts.position_at(known_at.recorded_at)


def _known_by(facts: FactSource, as_of: date, now: datetime, program: Program) -> int:
    """Facts that are dated ahead are not known yet: what is loaded before their day would otherwise seem to rewrite it."""
    zone = ZoneInfo(program.header.time_zone)
    end = datetime.combine(as_of + timedelta(days=1), time(), zone)
    return facts.position_at(max(now, end))
