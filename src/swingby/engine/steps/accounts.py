"""Accounts: the lines of earnings that pay in and take out, as an array step over lots."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlglot import exp

from swingby.engine.clock import Clock
from swingby.engine.lots import Book, Lot, Movement, book
from swingby.engine.nodes import AccountNode, EntriesNode
from swingby.engine.place import not_computed
from swingby.engine.plan import ArrayStep, Draft, union_all
from swingby.engine.predicates import fixed_value
from swingby.engine.sql import Column, statement
from swingby.engine.steps.members import Members
from swingby.program.blocks import PeriodUnit
from swingby.program.model import Earning, SplitPart
from swingby.values import BEGINNING

NUMBER = (
    Column("node", "whole"),
    Column("e", "whole"),
    Column("d", "day"),
    Column("value", "quantity"),
    Column("num", "quantity"),
    Column("den", "quantity"),
    Column("state", "whole"),
)
LOT = (
    Column("node", "whole"),
    Column("e", "whole"),
    Column("d", "day"),
    Column("place", "whole"),
    Column("entry", "text"),
    Column("day", "day"),
    Column("opens", "day"),
    Column("expires", "day"),
    Column("amount", "quantity"),
    Column("unspent", "quantity"),
    Column("used", "quantity"),
    Column("expired", "quantity"),
)
_PART = "\x1f"
LINES = """
SELECT p.node, p.e, p.d, s.since, p.fact_id, p.dated, p.paid, p.cancelled_on, p.amount, p.reversed, p.unsure
FROM {lines} AS p
JOIN scope AS s ON s.e = p.e
"""
Row = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the points history that may flow into an account or out of it."""

    fact: str
    dated: date
    paid: date
    amount: Decimal
    unsure: bool = False


def add_accounts(group: Members, stratum: int) -> None:
    """Add what accounts show."""
    draft = group.draft
    for number in group.numbers:
        node = draft.graph[number]
        if isinstance(node, AccountNode):
            name = f"s{stratum}_account_{number}"
            draft.steps.append(_account(draft, number, node, name, lots=False))
            draft.put([number], name)
            if node.show == "balance" and node.window is None:
                draft.steps.append(_account(draft, number, node, f"{name}_lots", lots=True))
                draft.lots[number] = f"{name}_lots"


def _account(draft: Draft, number: int, node: AccountNode, name: str, *, lots: bool) -> ArrayStep:
    """What an account shows as a number, or its lots."""
    flows = {draft.input_of(number, item): _earning(draft, item.node) for item in node.flows}
    days = tuple(draft.demand.days(number))

    def compute(tables: Mapping[str, Sequence[Row]]) -> Iterable[Row]:
        least = {(row[0], row[1], row[2]): row[3] for row in tables["least"]}
        by_partner: defaultdict[tuple[object, object], list[Row]] = defaultdict(list)
        for row in tables["lines"]:
            by_partner[row[1], row[2]].append(row)
        for (e, day), rows in sorted(by_partner.items(), key=str):
            if day in days:
                clock = draft.clock_of(rows[0][3] if draft.is_personal(number) else None)  # type: ignore[arg-type]
                minimums = {key: least.get((draft.input_of(number, item), e, day)) for key, item in node.least}
                found = _book(node, clock, flows, rows, _Day(day, minimums))  # type: ignore[arg-type]
                if lots:
                    yield from ((number, e, day, place, *_lot(lot)) for place, lot in enumerate(found.lots))
                    continue
                shown = _shown(node, clock, found, day)  # type: ignore[arg-type]
                state = 2 if any(row[10] for row in rows) else 0
                yield (number, e, day, shown, shown, Decimal(1), state)

    inputs = [draft.input_of(number, item) for _, item in node.least]
    known = draft.results_of(inputs, "node, e, d, value, state")
    minimums = statement("SELECT v.node, v.e, v.d, v.value FROM {known} AS v WHERE v.state = 0", known=known)
    return ArrayStep(name, LOT if lots else NUMBER, {"lines": _lines(draft, flows), "least": minimums}, compute)


@dataclass(frozen=True, slots=True)
class _Day:
    """The as-of day, and the minimums of parts on it by earning and the part's place."""

    on: date
    least: Mapping[object, object]


def _earning(draft: Draft, number: int) -> Earning:
    node = draft.graph[number]
    if not isinstance(node, EntriesNode):
        not_computed("an account that is paid without dated entries", draft.program)
    return node.earning


def _lines(draft: Draft, flows: Mapping[int, Earning]) -> exp.Expr:
    if not flows:
        return statement("SELECT s.e FROM scope AS s WHERE s.e < 0")
    names = sorted({draft.entry_lines[number] for number in flows})
    columns = "node, e, d, fact_id, dated, paid, cancelled_on, amount, reversed, unsure"
    lines = union_all([statement(f"SELECT {columns} FROM {{name}}", name=name) for name in names])
    inside = exp.column("node", "p").isin(*sorted(flows))
    return statement(LINES + "WHERE {inside}", lines=lines, inside=inside)


def _book(node: AccountNode, clock: Clock, flows: Mapping[int, Earning], rows: Sequence[Row], day: _Day) -> Book:
    movements: list[Movement] = []
    for number, earning in flows.items():
        lines = [line for row in rows if row[0] == number for line in _of_row(clock, earning, row)]
        movements += _movements(node, clock, earning, lines, day)
    return book(movements, through=day.on)


def _shown(node: AccountNode, clock: Clock, found: Book, day: date) -> Decimal:
    start, end = None, clock.day_after(day)
    if node.window is not None:
        span = clock.span(node.window, day)
        start, end = (span.start if span.start > BEGINNING else None), span.end
    return found.show(node.show, start, end)


def _lot(lot: Lot) -> Row:
    return (lot.entry.partition(_PART)[0], lot.day, lot.opens, lot.expires, lot.amount, lot.left, lot.used, lot.expired)


def _of_row(clock: Clock, earning: Earning, row: Row) -> Iterator[Line]:
    """A line, and the line that takes it back."""
    _, _, day, _, fact, dated, paid, cancelled, amount, reversed_, unsure = row
    line = Line(str(fact), dated, paid, Decimal(str(amount)), bool(unsure))  # type: ignore[arg-type]
    yield line
    if reversed_ and isinstance(cancelled, date):
        paid_back = clock.confirmed(earning.awarded, cancelled) if earning.awarded else cancelled
        if paid_back <= day:  # type: ignore[operator]
            yield Line(line.fact, cancelled, paid_back, -line.amount)


def _movements(
    node: AccountNode, clock: Clock, earning: Earning, lines: Sequence[Line], day: _Day
) -> Iterator[Movement]:
    name = node.account.name
    if earning.into == name:
        yield from (_paid_in(node, clock, earning, line, amount=line.amount, place=0) for line in lines)
    for place, part in enumerate(earning.split, start=1):
        shares = [(line, _share(clock, part, line)) for line in lines]
        for line, share in shares:
            if _goes_to(clock, part, line, shares, day.least.get((earning.name, place))) == name:
                yield _paid_in(node, clock, earning, line, amount=share, place=place)
    if earning.out_of == name:
        for line in lines:
            yield Movement(line.paid, "out", line.amount, _entry(earning, line, 0), line.paid)


def _paid_in(node: AccountNode, clock: Clock, earning: Earning, line: Line, *, amount: Decimal, place: int) -> Movement:
    opens = clock.moment(node.account.opens, line.paid) if node.account.opens else line.paid
    expires = clock.moment(node.account.expires, line.paid) if node.account.expires else None
    return Movement(line.paid, "in", amount, _entry(earning, line, place), opens, expires)


def _entry(earning: Earning, line: Line, place: int) -> str:
    return f"{line.fact}{_PART}{earning.name}{_PART}{place:04}"


def _share(clock: Clock, part: SplitPart, line: Line) -> Decimal:
    share = fixed_value(clock.program, part.share, line.dated)
    return line.amount * (share or Decimal(0))


def _goes_to(
    clock: Clock, part: SplitPart, line: Line, shares: Sequence[tuple[Line, Decimal]], least: object
) -> str | None:
    """Where a part goes: elsewhere when all of it in the line's period is below its minimum."""
    if part.at_least is None:
        return part.into
    units = [unit for unit in part.per if isinstance(unit, PeriodUnit)]
    same = shares
    if units:
        period = clock.period(units[0], line.dated)
        same = [item for item in shares if item[0].dated in period]
    total = sum((share for _, share in same), Decimal(0))
    return part.into if not isinstance(least, Decimal) or total >= least else part.otherwise
