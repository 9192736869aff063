"""Checks that columns exist and are of the type that a rule needs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from swingby.program.blocks import ByCase, ColumnValue, Filter, Located
from swingby.program.checks.subject import Check, Subject, columns_of, error
from swingby.program.issues import Issue
from swingby.program.kinds import REFERENCE_TABLES, Column, ColumnType, FactKind
from swingby.program.model import Earning, FactDeclaration, FactSource
from swingby.program.numbers import (
    AssignNumber,
    ColumnTest,
    Compare,
    EachNumber,
    FactNumber,
    NumberReference,
    Pick,
    RankNumber,
    RequirementReference,
)
from swingby.program.reading.reader import did_you_mean
from swingby.program.walk import Rule, walk

# What may stand before the point in a column of another table, and the table it means.
LINKED: Final = {
    "organization": "organizations",
    "enrolment": "enrolments",
    "customer": "customers",
    "product": "products",
    "person": "people",
    "office": "offices",
    "association": "associations",
    "employment": "employments",
    "deal_party": "deal_parties",
}
# The columns that people write in the plural, as the table is called: count: people.
_ONE_OF: Final = {table: column for column, table in LINKED.items()} | {"persons": "person", "deals": "deal"}
_SHORT_LIST: Final = 8
_NUMERIC: Final[tuple[ColumnType, ...]] = ("number", "percent", "amount")


@dataclass(frozen=True, slots=True)
class Use:
    """A column that a rule reads from a kind."""

    at: Located
    kind: str
    column: str


class ColumnsExist(Check):
    """Every column that a rule reads is one of its kind, of a linked table, or a joint id."""

    def run(self, subject: Subject) -> Iterator[Issue]:
        for rule in subject.rules:
            for part in rule.parts:
                for use in uses_in(part):
                    yield from check_use(use, subject)


def check_use(use: Use, subject: Subject) -> Iterator[Issue]:
    """The issue of a column that is not there."""
    kind = subject.kind(use.kind)
    if kind is None or find_column(subject, kind, use.column) is not None:
        return
    if "." in use.column:
        yield _unknown_linked(use, subject)
        return
    own = [column.name for column in kind.columns if column.name != "organization"] + sorted(subject.joints(kind.name))
    own += ["facts"] if isinstance(use.at, FactNumber) and use.at.aggregate == "count" else []
    yield error(use.at, "column-unknown", f'{kind.name} has no column "{use.column}".', _columns_hint(use.column, own))


def _columns_hint(name: str, known: list[str]) -> str:
    """All columns; the one meant by its plural, and in a long list the closest one, is named too."""
    one = _ONE_OF.get(name)
    close = did_you_mean(name, known) if len(known) > _SHORT_LIST else ""
    meant = f'Did you mean "{one}"?' if one in known else close
    return f"It has: {', '.join(known)}. {meant}".strip()


def _unknown_linked(use: Use, subject: Subject) -> Issue:
    prefix, _, name = use.column.partition(".")
    columns = linked_columns(prefix, subject)
    if columns is None:
        hint = did_you_mean(prefix, LINKED) or f"Linked tables are {', '.join(LINKED)}."
        return error(use.at, "column-unknown", f'There is no linked table "{prefix}".', hint)
    names = [column.name for column in columns]
    return error(use.at, "column-unknown", f'{prefix} has no column "{name}".', _columns_hint(name, names))


def linked_columns(prefix: str, subject: Subject) -> tuple[Column, ...] | None:
    """The columns of a reference table or of a link, by what stands before the point."""
    table = LINKED.get(prefix, f"{prefix}s")
    if table in REFERENCE_TABLES:
        extra = (Column("root", "id"),) if table == "organizations" else ()
        return (*REFERENCE_TABLES[table], *extra)
    kind = subject.kind(table)
    return kind.all_columns if kind and kind.shape == "state" else None


def find_column(subject: Subject, kind: FactKind, name: str) -> Column | None:
    """A column of a kind or of a table linked to it."""
    prefix, point, inner = name.partition(".")
    if not point:
        return subject.column(kind, name)
    columns = linked_columns(prefix, subject) or ()
    return next((column for column in columns if column.name == inner), None)


def uses_in(part: Any) -> Iterator[Use]:
    """The columns that a part reads from the kind that it names."""
    match part:
        case FactNumber():
            yield from _of_number(part)
        case FactSource():
            yield from _of_selection(part.of, (part.where,), part.pick)
        case FactDeclaration(subset_of=str(base)):
            yield from _of_selection(base, (part.where,), part.pick)
        case AssignNumber():
            yield Use(part, part.of, part.person)
            for seat in part.seats:
                yield from _of_selection(part.of, (seat.where,), None)
        case Earning(for_each=FactSource() as source):
            yield from _of_earning(part, source.of)
        case _:
            return


def _of_number(number: FactNumber) -> Iterator[Use]:
    if number.column != "facts":
        yield Use(number, number.of, number.column)
    yield from _of_selection(number.of, (number.where,), number.pick)


def _of_selection(kind: str, filters: tuple[Filter | None, ...], pick: Pick | None) -> Iterator[Use]:
    for column, condition in columns_of((*filters, pick.among if pick else None)):
        yield Use(condition, kind, column)
        for value in walk(condition.values):
            if isinstance(value, ColumnValue):
                yield Use(value, kind, value.column)
    if pick:
        per = (*pick.per, pick.column) if pick.column else pick.per
        yield from (Use(pick, kind, column) for column in per)


def _of_earning(earning: Earning, kind: str) -> Iterator[Use]:
    """What an entry reads from its fact: the column of the scale, caps per column, the day of its rates."""
    plain = [(part, part.of) for part in earning.scale.summands]
    yield from (Use(at, kind, column) for at, column in (*plain, (earning.scale, earning.rates_at)) if column)
    for cap in earning.cap:
        yield from (Use(cap, kind, name) for name in cap.per if isinstance(name, str) and name != "fact")
    for value in walk((earning.scale, earning.times, earning.dated, earning.cap)):
        if isinstance(value, ColumnValue):
            yield Use(value, kind, value.column)


class KeysExist(Check):
    """What values are looked up or shared by is a column in hand, a track, a ladder, a cell or a linked column."""

    def run(self, subject: Subject) -> Iterator[Issue]:
        reads = KindsRead(subject)
        for rule in subject.rules:
            kinds = kinds_in_hand(rule, reads, subject)
            for part in rule.parts:
                for name in _keys_of(part):
                    yield from _check_key(part, name, kinds, subject)
                if isinstance(part, EachNumber):
                    yield from _check_each(part, reads, subject)


def kinds_in_hand(rule: Rule, reads: KindsRead, subject: Subject) -> list[FactKind]:
    """The kinds of which a rule looks up columns: those that it reads, and all of them for what other rules take over."""
    is_shared = rule.section in ("tables", "benefits")
    return [*subject.program.kinds.values()] if is_shared else reads.of(rule.body)


def columns_looked_up(name: str, kinds: list[FactKind], subject: Subject) -> list[Column]:
    """The columns that a key may mean; none where it is a track, a ladder, a cell or a role."""
    if name in _named(subject) or name == "role":
        return []
    found = [column for kind in kinds if (column := find_column(subject, kind, name))]
    prefix, point, inner = name.partition(".")
    linked = linked_columns(prefix, subject) if point and not found else None
    return found or [column for column in linked or () if column.name == inner]


def _named(subject: Subject) -> frozenset[str]:
    """What a key means before any column: the tracks, ladders and cells."""
    return subject.cells() | subject.names("ladders") | subject.names("tracks")


def _keys_of(part: Any) -> tuple[str, ...]:
    """What a part is looked up by or shared by."""
    if isinstance(part, ByCase):
        return (part.by,)
    return part.peers if isinstance(part, EachNumber | RankNumber) else ()


def _check_key(at: Located, name: str, kinds: list[FactKind], subject: Subject) -> Iterator[Issue]:
    named = _named(subject)
    if name in named or name == "role":
        return
    if any(find_column(subject, kind, name) for kind in kinds) or _is_linked(name, subject):
        return
    columns = {column.name for kind in kinds for column in kind.all_columns}
    hint = did_you_mean(name, named | columns) or "Write a column, a track, a ladder, a cell or organization.…."
    yield error(at, "lookup-unknown", f'There is nothing called "{name}" to look up or share by.', hint)


def _is_linked(name: str, subject: Subject) -> bool:
    prefix, point, inner = name.partition(".")
    columns = linked_columns(prefix, subject) if point else None
    return any(column.name == inner for column in columns or ())


def _check_each(number: EachNumber, reads: KindsRead, subject: Subject) -> Iterator[Issue]:
    """A thing is a column of some kind that is read inside; a cell is a table of that name."""
    each = number.each
    if not isinstance(each, str) or each == "enrolment" or each in subject.cells():
        return
    kinds = reads.of(number)
    if not kinds or any(find_column(subject, kind, each) for kind in kinds):
        return
    columns = {column.name for kind in kinds for column in kind.all_columns}
    hint = did_you_mean(each, columns | subject.cells()) or "Write a period, a column of the facts read, or a cell."
    names = ", ".join(sorted({kind.name for kind in kinds}))
    yield error(number, "column-unknown", f'{names} have no column "{each}".', hint)


class KindsRead:
    """The kinds that parts read, references followed; each declaration is walked once."""

    def __init__(self, subject: Subject) -> None:
        self._subject = subject
        self._known: dict[str, _Reading] = {}

    def of(self, part: Any) -> list[FactKind]:
        """The kinds that a part reads."""
        found: dict[str, FactKind] = {}
        seen: set[str] = set()
        waiting = [self._direct(part)]
        while waiting:
            reading = waiting.pop()
            found.update({kind.name: kind for kind in reading.kinds})
            for path, body in reading.follows:
                if path not in seen:
                    seen.add(path)
                    waiting.append(self._named(path, body))
        return list(found.values())

    def _named(self, path: str, body: Any) -> _Reading:
        if path not in self._known:
            self._known[path] = self._direct(body)
        return self._known[path]

    def _direct(self, part: Any) -> _Reading:
        reading = _Reading([], [])
        for inner in walk(part):
            name = _kind_name(inner)
            kind = self._subject.kind(name) if name else None
            if kind:
                reading.kinds.append(kind)
            reading.follows.extend(_followed(inner, self._subject))
        return reading


@dataclass(frozen=True, slots=True)
class _Reading:
    """What one part reads itself, and the declarations that it refers to."""

    kinds: list[FactKind]
    follows: list[tuple[str, Any]]


def _kind_name(part: Any) -> str | None:
    if isinstance(part, FactNumber | FactSource | AssignNumber):
        return part.of
    return part.name if isinstance(part, FactDeclaration) else None


def _followed(part: Any, subject: Subject) -> Iterator[tuple[str, Any]]:
    program = subject.program
    if isinstance(part, NumberReference):
        tables: dict[str, Any] = {
            "measure": program.measures,
            "score": program.scores,
            "points": program.points,
            "incentive": program.incentives,
        }
        body = tables[part.section].get(part.name)
        if body:
            yield f"{part.section}.{part.name}", body
    elif isinstance(part, RequirementReference) and part.name in program.requirements:
        yield f"requirement.{part.name}", program.requirements[part.name]


class EnrolmentColumns(Check):
    """A requirement of a column reads the enrolment or its organization."""

    def run(self, subject: Subject) -> Iterator[Issue]:
        for _, test in subject.parts(ColumnTest):
            for column, condition in columns_of((test.filter,)):
                prefix = column.partition(".")[0]
                if prefix not in ("enrolment", "organization"):
                    message = f'"{column}" is no column of an enrolment.'
                    yield error(
                        condition, "column-unknown", message, "Write enrolment.joined_on or organization.country."
                    )
                elif not _is_linked(column, subject):
                    yield _unknown_linked(Use(condition, "", column), subject)


class NumericColumns(Check):
    """What is added, averaged, scaled or a line for a number is a number; what is compared is a number or a day."""

    def run(self, subject: Subject) -> Iterator[Issue]:
        for _, number in subject.parts(FactNumber):
            if number.aggregate != "count":
                yield from _check_type(number, number.of, number.column, subject)
        for _, earning in subject.parts(Earning):
            for part in earning.scale.summands if earning.for_each else ():
                if part.of and earning.for_each:
                    yield from _check_type(part, earning.for_each.of, part.of, subject)
        for _, compare in subject.parts(Compare):
            yield from _check_line(compare, subject)


def _check_line(compare: Compare, subject: Subject) -> Iterator[Issue]:
    for value in walk(compare.line) if compare.line else ():
        prefix, _, name = value.column.partition(".") if isinstance(value, ColumnValue) else ("", "", "")
        found = next((column for column in linked_columns(prefix, subject) or () if column.name == name), None)
        if found and found.type not in _NUMERIC:
            message = f"{prefix}.{name} is a {found.type}, not a number."
            hint = f"A day or a word is tested by itself: {{column: {prefix}.{name}, ...}}."
            yield error(value, "column-type", message, hint)


def _check_type(at: Located, kind: str, name: str, subject: Subject) -> Iterator[Issue]:
    found = subject.kind(kind)
    column = find_column(subject, found, name) if found else None
    if found and column and column.type not in _NUMERIC:
        numeric = [each.name for each in found.columns if each.type in _NUMERIC]
        hint = f"Numeric columns of {kind}: {', '.join(numeric)}." if numeric else f"{kind} has no numeric column."
        yield error(at, "column-type", f"{kind}.{name} is a {column.type}, not a number.", hint)
