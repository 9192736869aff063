"""Checks of numbers and requirements: windows, counts, picks, credit and lines."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

from swingby.program.anybody import askers, credits_anyone
from swingby.program.blocks import Located, PeriodUnit, Window
from swingby.program.checks.bounds import Bounds, constant, is_share, resolve
from swingby.program.checks.columns import uses_in
from swingby.program.checks.subject import Check, Subject, error, warning
from swingby.program.issues import Issue
from swingby.program.model import FactSource
from swingby.program.numbers import (
    AssignNumber,
    Compare,
    EachNumber,
    FactNumber,
    Group,
    ListNumber,
    Number,
    NumberReference,
    RankLine,
    RankNumber,
    RequirementReference,
)
from swingby.program.walk import walk


class EventsNeedWindow(Check):
    """A number of events says over which days; only states have a default, the as-of day."""

    def run(self, subject: Subject) -> Iterator[Issue]:
        for _, number in subject.parts(FactNumber):
            kind = subject.kind(number.of)
            if kind and kind.shape == "event" and number.over is None:
                message = f"{number.of} are events; the rule must say over which days."
                yield error(number, "window-missing", message, "Add over: {last: 12 months} or over: ever.")


class EachPeriodNeedsWindow(Check):
    """A number of each period says which periods."""

    def run(self, subject: Subject) -> Iterator[Issue]:
        for _, number in subject.parts(EachNumber):
            if isinstance(number.each, PeriodUnit) and number.over is None:
                hint = f"Add over: {{previous: 4 {number.each.unit}s}}."
                yield error(number, "window-missing", "A number of each period must say over which.", hint)


class WhenNeedsStates(Check):
    """``when`` belongs to states; started and ended need a window; seats are filled from states."""

    def run(self, subject: Subject) -> Iterator[Issue]:
        for rule in subject.rules:
            for part in rule.parts:
                if isinstance(part, FactNumber | FactSource):
                    yield from _check_when(part, subject)
                elif isinstance(part, AssignNumber):
                    yield from _check_seats(part, subject)


def _check_when(part: FactNumber | FactSource, subject: Subject) -> Iterator[Issue]:
    kind = subject.kind(part.of)
    if kind is None or part.when == "held":
        return
    if kind.shape == "event":
        yield error(part, "when-state", f"{part.of} are events; when belongs to states.", "Leave when out.")
    elif part.over is None and isinstance(part, FactNumber):
        yield error(part, "window-missing", f"when: {part.when} needs a window.", "Add over: {last: 12 months}.")


def _check_seats(part: AssignNumber, subject: Subject) -> Iterator[Issue]:
    kind = subject.kind(part.of)
    if kind and kind.shape == "event":
        yield error(part, "when-state", f"{part.of} are events; seats are filled from states.", "Name a state kind.")


class PeersNeedEnrolments(Check):
    """``peers`` belongs to ``each: enrolment``."""

    def run(self, subject: Subject) -> Iterator[Issue]:
        for _, number in subject.parts(EachNumber):
            if number.peers and number.each != "enrolment":
                yield error(number, "peers-place", "peers belongs to each: enrolment and to rank.", "Leave peers out.")


class PreviousInEach(Check):
    """Inside ``each: month`` the window ``{previous: month}`` is the month itself."""

    def run(self, subject: Subject) -> Iterator[Issue]:
        for _, number in subject.parts(EachNumber):
            if isinstance(number.each, PeriodUnit):
                yield from _previous_inside(number, number.each, subject)


def _previous_inside(number: EachNumber, each: PeriodUnit, subject: Subject) -> Iterator[Issue]:
    word = f"{each.calendar} {each.unit}" if each.calendar else each.unit
    for window in _windows_inside(number.item, subject):
        if window.kind == "previous" and window.unit == each and window.ago is None:
            message = f'inside "each: {word}" this is the {each.unit} itself;'
            hint = f"write {{current: {word}}}, or {{current: {word}, ago: 1 {each.unit}}} for the one before."
            yield warning(window, "window-previous-in-each", message, hint)


def _windows_inside(item: Any, subject: Subject) -> Iterator[Window]:
    """The windows that are read on the day of each period; those of another ``each`` are read on its own days."""
    for part in _inside(item, subject):
        if isinstance(part, FactNumber) and part.over:
            yield part.over


def _inside(item: Any, subject: Subject) -> Iterator[Any]:
    seen: set[str] = set()
    waiting = [item]
    while waiting:
        for part in walk(waiting.pop()):
            yield part
            name = getattr(part, "name", "") if isinstance(part, NumberReference | RequirementReference) else ""
            if name and name not in seen:
                seen.add(name)
                waiting.append(_behind(part, subject))


def _behind(part: Any, subject: Subject) -> Any:
    if isinstance(part, NumberReference):
        return subject.number(part)
    return subject.program.requirements.get(part.name)


class CountsCertificates(Check):
    """Counting facts of credentials counts certificates, which is rarely meant."""

    def run(self, subject: Subject) -> Iterator[Issue]:
        for _, number in subject.parts(FactNumber):
            kind = subject.kind(number.of)
            if (
                number.aggregate == "count"
                and number.column == "facts"
                and kind
                and _holds_credentials(number.of, subject)
            ):
                message = "counts certificates, not people;"
                yield warning(number, "counts-certificates", message, "write count: person if a person counts once.")


def _holds_credentials(name: str, subject: Subject) -> bool:
    fact = subject.program.facts.get(name)
    return name == "credentials" or bool(fact and fact.subset_of == "credentials")


class PickBeforeWhere(Check):
    """``pick`` chooses before ``where`` does; without ``among`` it chooses among everything."""

    def run(self, subject: Subject) -> Iterator[Issue]:
        for rule in subject.rules:
            for part in rule.parts:
                if isinstance(part, FactNumber | FactSource) and part.pick and part.where and part.pick.among is None:
                    message = f"picks among all credited {part.of}, then filters;"
                    yield warning(
                        part, "pick-before-where", message, "put under pick.among what says which may be picked."
                    )


class SubsetPicksEvents(Check):
    """A pick in a subset is for events only."""

    def run(self, subject: Subject) -> Iterator[Issue]:
        for fact in subject.program.facts.values():
            kind = subject.kind(fact.subset_of) if fact.subset_of else None
            if fact.pick and kind and kind.shape == "state":
                message = f"{kind.name} are states; a subset picks events only."
                yield error(fact, "pick-state", message, "Put pick into the number that reads them.")


class AnyCreditInsideEach(Check):
    """``credit: any`` reads everybody's facts, and only about the thing that ``each`` looks at."""

    def run(self, subject: Subject) -> Iterator[Issue]:
        if not credits_anyone(subject.program):
            return
        inside = {id(part) for part in _looked_at_by_thing(subject)}
        for rule in subject.rules:
            said = getattr(rule.body, "number", None) or getattr(rule.body, "requirement", None)
            for part in () if id(said) in inside else askers(subject.program, rule.body):
                message = "credit: any reads everybody's facts and needs each: a thing around it."
                yield error(part, "credit-any", message, "Put the number inside each: customer, or drop credit.")


def _looked_at_by_thing(subject: Subject) -> Iterator[Any]:
    for _, number in subject.parts(EachNumber):
        if isinstance(number.each, str) and number.each != "enrolment":
            yield from _inside((number.item, number.only), subject)


class AnybodysColumns(Check):
    """Everybody's facts have no enrolment, and an organization only where they name one themselves."""

    def run(self, subject: Subject) -> Iterator[Issue]:
        if not credits_anyone(subject.program):
            return
        for _, number in subject.parts(FactNumber):
            if number.credit and number.credit.anyone:
                uses = [(use.at, use.column) for use in uses_in(number)]
                uses += [(number, column) for column in _columns_of_subsets(number.of, subject)]
                for at, column in uses:
                    yield from _check_whose(at, column, number, subject)
        for _, each in subject.parts(EachNumber):
            if isinstance(each.each, str) and "." in each.each:
                for number in _anybodys_inside(each, subject):
                    yield from _check_whose(each, each.each, number, subject)


def _columns_of_subsets(name: str, subject: Subject) -> Iterator[str]:
    """The columns that a subset, and those that it stands on, choose their facts by."""
    seen = set[str]()
    while name not in seen and (fact := subject.program.facts.get(name)) and fact.subset_of:
        seen.add(name)
        yield from (use.column for use in uses_in(fact))
        name = fact.subset_of


def _anybodys_inside(each: EachNumber, subject: Subject) -> Iterator[FactNumber]:
    for part in _inside((each.item, each.only), subject):
        if isinstance(part, FactNumber) and part.credit and part.credit.anyone:
            yield part


def _check_whose(at: Located, column: str, number: FactNumber, subject: Subject) -> Iterator[Issue]:
    """Refuse a column that only a partner could have."""
    kind, head = subject.kind(number.of), column.partition(".")[0] if "." in column else ""
    if head == "enrolment" or (head == "organization" and kind and kind.column("organization") is None):
        message = f"credit: any reads everybody's {number.of}, and {column} would be that of no one."
        yield error(at, "credit-any", message, "Leave it out, or drop credit.")


class RanksHaveTop(Check):
    """``top`` asks for a place, so its number is a rank."""

    def run(self, subject: Subject) -> Iterator[Issue]:
        for _, line in subject.parts(RankLine):
            number = resolve(line.number, subject)
            if number is not None and not isinstance(number, RankNumber | NumberReference):
                yield error(line, "rank-line", "top needs a rank.", "Write {rank: {measure: …}} under measures.")


_COUNTED: Final = (EachNumber, ListNumber, AssignNumber)


class AllNeedsCount(Check):
    """``at_least: all`` is the number of things counted, so something must be counted."""

    def run(self, subject: Subject) -> Iterator[Issue]:
        for _, row in subject.parts(Compare):
            number = resolve(row.number, subject)
            if row.line is None and number is not None and not _is_counted(number):
                message = "all is the number of things counted, but this number counts nothing."
                yield error(row, "line-all", message, "Write a number, or count with each, a list or assign.")


def _is_counted(number: Number) -> bool:
    if isinstance(number, EachNumber):
        return number.aggregate == "count"
    return isinstance(number, AssignNumber) or (isinstance(number, ListNumber) and number.operation == "count")


class LineInReach(Check):
    """A line can be reached: a share stays below 1, a capped score below its cap, a count below what there is."""

    def run(self, subject: Subject) -> Iterator[Issue]:
        bounds = Bounds(subject)
        for _, row in subject.parts(Compare):
            line = constant(row.line)
            if line is not None and row.test in ("at_least", "above", "is"):
                yield from self._check(row, line, bounds.upper(row.number), subject)
        for _, group in subject.parts(Group):
            line = constant(group.at_least)
            if line is not None and line > len(group.items):
                message = f"{len(group.items)} are listed; {_show(line)} can never be reached."
                yield error(group, "line-out-of-reach", message, "Lower at_least or write all.")

    def _check(self, row: Compare, line: Decimal, bound: Decimal | None, subject: Subject) -> Iterator[Issue]:
        name = getattr(row.number, "name", "this number")
        if bound is not None and (line > bound or (row.test == "above" and line == bound)):
            yield _out_of_reach(row, name, line, bound, subject)
        elif bound is None and line >= _SUSPICIOUS and _is_ratio(row, subject):
            message = f"{name} is a ratio; {_show(line)} means {_show(line)} to 1."
            yield warning(row, "line-out-of-reach", message, f"Write {_show(line)}% if a share is meant.")


_SUSPICIOUS: Final = Decimal(10)


def _out_of_reach(row: Compare, name: str, line: Decimal, bound: Decimal, subject: Subject) -> Issue:
    if is_share(row.number, subject):
        message = f"{name} is a share between 0 and 1; {_show(line)} can never be reached."
        return error(row, "line-out-of-reach", message, f"Write {_show(line)}%.")
    message = f"{name} is at most {_show(bound)}; {_show(line)} can never be reached."
    return error(row, "line-out-of-reach", message, "Lower the line or raise the limit.")


def _is_ratio(row: Compare, subject: Subject) -> bool:
    number = resolve(row.number, subject)
    return isinstance(number, ListNumber) and number.operation == "ratio"


def _show(number: Decimal) -> str:
    return f"{number.normalize():f}"
