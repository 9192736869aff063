"""What a decision keeps of standings: rows, each with its partner, in an order of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import ClassVar

from swingby.engine.standing import RequirementRow, Result, Standing, State
from swingby.program import plain_number


@dataclass(frozen=True, slots=True)
class DecidedTier:
    """Where a partner stands on a ladder; columns as in `TierStanding`."""

    KEY: ClassVar[tuple[str, ...]] = ("enrolment", "ladder")
    WORDS: ClassVar[tuple[str, ...]] = ()
    enrolment: str
    ladder: str
    tier: str | None
    earned: str | None
    next_tier: str | None
    since: date | None
    hold_until: date | None
    is_incomplete: bool


@dataclass(frozen=True, slots=True)
class DecidedRequirement:
    """A requirement of a tier or a part of it; columns as in `RequirementRow`. ``label`` says it in words."""

    KEY: ClassVar[tuple[str, ...]] = ("enrolment", "ladder", "path")
    WORDS: ClassVar[tuple[str, ...]] = ("label",)
    enrolment: str
    ladder: str
    path: str
    kind: str
    name: str
    label: str
    result: Result
    value: Decimal | None
    line: Decimal | None
    gap: Decimal | None


@dataclass(frozen=True, slots=True)
class DecidedNumber:
    """A measure, points, a score or an incentive; by cell where it has cells."""

    KEY: ClassVar[tuple[str, ...]] = ("enrolment", "number")
    WORDS: ClassVar[tuple[str, ...]] = ()
    enrolment: str
    number: str
    value: Decimal | None
    state: State


@dataclass(frozen=True, slots=True)
class DecidedTrack:
    """The word of a track that held for a partner."""

    KEY: ClassVar[tuple[str, ...]] = ("enrolment", "track")
    WORDS: ClassVar[tuple[str, ...]] = ()
    enrolment: str
    track: str
    word: str


@dataclass(frozen=True, slots=True)
class DecidedAccount:
    """What an account showed; columns as in `AccountStanding`."""

    KEY: ClassVar[tuple[str, ...]] = ("enrolment", "account")
    WORDS: ClassVar[tuple[str, ...]] = ()
    enrolment: str
    account: str
    balance: Decimal
    opened: Decimal
    used: Decimal
    expired: Decimal


Row = DecidedTier | DecidedRequirement | DecidedNumber | DecidedTrack | DecidedAccount


@dataclass(frozen=True, slots=True)
class DecidedRows:
    """Everything that a decision says about its partners, in order of partner and name, paths in order of the program."""

    tiers: tuple[DecidedTier, ...]
    requirements: tuple[DecidedRequirement, ...]
    numbers: tuple[DecidedNumber, ...]
    tracks: tuple[DecidedTrack, ...]
    accounts: tuple[DecidedAccount, ...]

    @property
    def partners(self) -> frozenset[str]:
        """The enrolments that have rows."""
        return frozenset(row.enrolment for section in self.sections.values() for row in section)

    @property
    def sections(self) -> Mapping[str, tuple[Row, ...]]:
        """The rows of each kind by name."""
        return {item.name: getattr(self, item.name) for item in fields(self)}


def rows_of(standings: Iterable[Standing]) -> DecidedRows:
    """The rows of the standings of one day."""
    ordered = sorted(standings, key=lambda standing: standing.enrolment)
    return DecidedRows(
        tiers=tuple(row for item in ordered for row in _tiers(item)),
        requirements=tuple(row for item in ordered for row in _requirements(item)),
        numbers=tuple(
            DecidedNumber(item.enrolment, name, plain(found.value), found.state)
            for item in ordered
            for name, found in sorted(item.numbers.items())
        ),
        tracks=tuple(
            DecidedTrack(item.enrolment, name, word) for item in ordered for name, word in sorted(item.tracks.items())
        ),
        accounts=tuple(row for item in ordered for row in _accounts(item)),
    )


def _tiers(item: Standing) -> Iterator[DecidedTier]:
    for ladder, found in sorted(item.tiers.items()):
        yield DecidedTier(
            enrolment=item.enrolment,
            ladder=ladder,
            tier=found.tier,
            earned=found.earned,
            next_tier=found.next_tier,
            since=found.since,
            hold_until=found.hold_until,
            is_incomplete=found.is_incomplete,
        )


def _requirements(item: Standing) -> Iterator[DecidedRequirement]:
    for ladder, found in sorted(item.tiers.items()):
        for rows in found.rows.values():
            for row in rows:
                yield _requirement(item.enrolment, ladder, row)


def _requirement(enrolment: str, ladder: str, row: RequirementRow) -> DecidedRequirement:
    return DecidedRequirement(
        enrolment=enrolment,
        ladder=ladder,
        path=row.path,
        kind=row.kind,
        name=row.name,
        label=row.label,
        result=row.result,
        value=plain(row.value),
        line=plain(row.line),
        gap=plain(row.gap),
    )


def _accounts(item: Standing) -> Iterator[DecidedAccount]:
    for name, found in sorted(item.accounts.items()):
        amounts = (plain(value) or Decimal(0) for value in (found.balance, found.opened, found.used, found.expired))
        yield DecidedAccount(item.enrolment, name, *amounts)


def plain(value: Decimal | None) -> Decimal | None:
    """The number without zeros that say nothing, so that two equal ones are written alike."""
    return None if value is None else Decimal(plain_number(value))
