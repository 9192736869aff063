"""Checking a program: one small class per rule, all of them run, all issues at once."""

from __future__ import annotations

from typing import Final

from swingby.program.checks.cells import CellsAreListed, CellsAreRead
from swingby.program.checks.clocks import (
    AccountExpiresOnce,
    CapsFitSource,
    EntriesNeedPeriods,
    NumbersHaveNoEntries,
    TiersCanBeHeld,
    TiersOrder,
    Unused,
    ValuesHoldFromStart,
    WindowsHaveDays,
)
from swingby.program.checks.columns import ColumnsExist, EnrolmentColumns, KeysExist, NumericColumns
from swingby.program.checks.cycles import NoCycles
from swingby.program.checks.earnings import SplitsAreShares, StepsGiveThemselves
from swingby.program.checks.figures import (
    AllNeedsCount,
    AnybodysColumns,
    AnyCreditInsideEach,
    CountsCertificates,
    EachPeriodNeedsWindow,
    EventsNeedWindow,
    LineInReach,
    PeersNeedEnrolments,
    PickBeforeWhere,
    PreviousInEach,
    RanksHaveTop,
    SubsetPicksEvents,
    WhenNeedsStates,
)
from swingby.program.checks.fitting import KeysFit, ValuesFit
from swingby.program.checks.links import CellsAreColumns, LinksFit, LinksLead
from swingby.program.checks.names import (
    CalendarsExist,
    CasesExist,
    KindsExist,
    NamesExist,
    NumbersExist,
    SubsetsEnd,
    TiersExist,
    TrackWordsExist,
)
from swingby.program.checks.subject import Check, Subject
from swingby.program.issues import Issue
from swingby.program.model import Program

CHECKS: Final[tuple[Check, ...]] = (
    NumbersExist(),
    NamesExist(),
    KindsExist(),
    SubsetsEnd(),
    TiersExist(),
    CasesExist(),
    TrackWordsExist(),
    CalendarsExist(),
    NoCycles(),
    ColumnsExist(),
    KeysExist(),
    EnrolmentColumns(),
    CellsAreListed(),
    CellsAreColumns(),
    CellsAreRead(),
    LinksFit(),
    LinksLead(),
    NumericColumns(),
    ValuesFit(),
    KeysFit(),
    EventsNeedWindow(),
    EachPeriodNeedsWindow(),
    WhenNeedsStates(),
    PeersNeedEnrolments(),
    PreviousInEach(),
    CountsCertificates(),
    PickBeforeWhere(),
    SubsetPicksEvents(),
    AnyCreditInsideEach(),
    AnybodysColumns(),
    RanksHaveTop(),
    AllNeedsCount(),
    LineInReach(),
    ValuesHoldFromStart(),
    WindowsHaveDays(),
    AccountExpiresOnce(),
    CapsFitSource(),
    StepsGiveThemselves(),
    SplitsAreShares(),
    EntriesNeedPeriods(),
    NumbersHaveNoEntries(),
    TiersOrder(),
    TiersCanBeHeld(),
    Unused(),
)


def run(program: Program, unread: frozenset[tuple[str, str]] = frozenset()) -> tuple[Issue, ...]:
    """Run every check.

    Parameters
    ----------
    program
        What was read.
    unread
        (section, name) of declarations that could not be read; references to them are not reported again.

    Returns
    -------
    tuple
        The issues in order of place.
    """
    subject = Subject.of(program, unread)
    found = {issue for check in CHECKS for issue in check.run(subject)}
    return tuple(sorted(found, key=lambda issue: (issue.location, issue.code, issue.message)))


__all__ = ["CHECKS", "Check", "Subject", "run"]
