"""Accounts: ledgers of lots."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from . import earnings, schedules, windows
from .earnings import Line
from .frame import Frame, Num, known
from .periods import containing, moment, read_period
from .tree import Node


@dataclass
class Lot:
    """One entry paid in: usable from ``opens`` until the midnight ``expires``."""

    fact_id: str
    arrives: date
    opens: date
    expires: date | None
    amount: Fraction
    left: Fraction


@dataclass
class Book:
    """An account on a day: its lots, and dated amounts spent and expired."""

    lots: list[Lot] = field(default_factory=list)
    spent: list[tuple[date, str, Fraction]] = field(default_factory=list)
    lapsed: list[tuple[date, str, Fraction]] = field(default_factory=list)


def shown(frame: Frame, spec: Node) -> Num:
    """What a reference to an account shows: its balance, or what opened, was used or expired in a window."""
    name, show = spec["account"], spec.get("show", "balance")
    span = windows.window(frame, spec.get("over", "ever"))
    if show == "opened":
        opened = [lot for lot in inflow(frame, name) if windows.inside(span, lot.opens)]
        return known(sum((lot.amount for lot in opened), Fraction(0)))
    account = book(frame, name)
    if show == "balance":
        usable = [lot for lot in account.lots if lot.opens <= frame.day]
        return known(sum((lot.left for lot in usable), Fraction(0)))
    moved = account.spent if show == "used" else account.lapsed
    return known(sum((amount for on, _, amount in moved if windows.inside(span, on)), Fraction(0)))


def inflow(frame: Frame, name: str) -> list[Lot]:
    """One lot per entry paid into the account, in order of arrival and fact id; opened or not."""
    return [_lot(frame, name, payment) for payment in _paid(frame, name) if payment.amount > 0]


@dataclass(frozen=True)
class Payment:
    """A part of an entry that flows into an account, and the day its run pays it."""

    arrives: date
    fact_id: str
    amount: Fraction


def _paid(frame: Frame, name: str) -> list[Payment]:
    """Every line that flows into the account, with its part; only earnings that pay into it are worked out."""
    paid: list[Payment] = []
    for earning in _earnings(frame):
        spec = earnings.section(frame, earning)
        parts = spec.get("split", [])
        if spec.get("into") != name and not any(name in (part["into"], part.get("otherwise")) for part in parts):
            continue
        lines = _entries(frame, earning)
        if spec.get("into") == name:
            paid += [Payment(_arrival(frame, spec, line), line.fact_id, line.after) for line in lines]
        for part in parts:
            shares = [pair for pair in _parts(frame, part, lines) if _account(frame, part, pair[0], lines) == name]
            paid += [Payment(_arrival(frame, spec, line), line.fact_id, share) for line, share in shares]
    return sorted(paid, key=lambda payment: (payment.arrives, payment.fact_id))


def _entries(frame: Frame, earning: str) -> list[Line]:
    """The lines that count: confirmed by their run."""
    return [line for line in earnings.lines(frame, earning) if line.in_force]


def _earnings(frame: Frame) -> list[str]:
    return [*frame.world.section("points"), *frame.world.section("incentives")]


def _parts(frame: Frame, part: Node, lines: list[Line]) -> list[tuple[Line, Fraction]]:
    from .values import fraction

    return [(line, line.after * (fraction(line.look, part["share"]) or Fraction(0))) for line in lines]


def _account(frame: Frame, part: Node, line: Line, lines: list[Line]) -> str:
    """Where a part goes: elsewhere when all of it in the line's period is below its minimum."""
    if "at_least" not in part:
        return str(part["into"])
    from .values import fraction

    period = read_period(part["per"])
    assert period is not None
    span = containing(frame.calendars(period.calendar), period, line.dated)
    same = [share for other, share in _parts(frame, part, lines) if span[0] <= other.dated < span[1]]
    least = fraction(frame, part["at_least"])
    enough = least is None or sum(same, Fraction(0)) >= least
    return str(part["into"] if enough else part["otherwise"])


def _arrival(frame: Frame, spec: Node, line: Line) -> date:
    """The day an entry is paid: when its run confirms it, else its own day."""
    return schedules.awarded(frame, spec["awarded"], line.dated) if "awarded" in spec else line.dated


def _lot(frame: Frame, name: str, payment: Payment) -> Lot:
    spec: dict[str, Any] = frame.world.section("accounts")[name]
    opens = moment(spec["opens"], payment.arrives, frame.calendars) if "opens" in spec else payment.arrives
    expires = moment(spec["expires"], payment.arrives, frame.calendars) if "expires" in spec else None
    return Lot(payment.fact_id, payment.arrives, opens, expires, payment.amount, payment.amount)


def book(frame: Frame, name: str) -> Book:
    """The account on the frame's day: on each day lots expire, then arrive, then are spent, oldest first."""
    waiting, spends = inflow(frame, name), _spends(frame, name)
    account = Book()
    days = {lot.opens for lot in waiting} | {on for on, _, _ in spends}
    days |= {lot.expires for lot in waiting if lot.expires}
    for on in sorted(day for day in days if day <= frame.day):
        _expire(account, on)
        account.lots += [lot for lot in waiting if lot.opens == on]
        for spent_on, fact_id, amount in spends:
            if spent_on == on:
                _spend(account, on, fact_id, amount)
    account.lots += [lot for lot in waiting if lot.opens > frame.day]
    return account


def _spends(frame: Frame, name: str) -> list[tuple[date, str, Fraction]]:
    """What is taken out: entries of the account, and what was paid in and reversed."""
    taken = [(paid.arrives, paid.fact_id, -paid.amount) for paid in _paid(frame, name) if paid.amount < 0]
    for earning in _earnings(frame):
        spec = earnings.section(frame, earning)
        if spec.get("out_of") == name:
            taken += [(_arrival(frame, spec, line), line.fact_id, line.after) for line in _entries(frame, earning)]
    return sorted(taken, key=lambda spend: (spend[0], spend[1]))


def _expire(account: Book, on: date) -> None:
    for lot in account.lots:
        if lot.expires is not None and lot.expires <= on and lot.left > 0:
            account.lapsed.append((lot.expires, lot.fact_id, lot.left))
            lot.left = Fraction(0)


def _spend(account: Book, on: date, fact_id: str, amount: Fraction) -> None:
    """Take from the oldest lots first; what goes beyond the balance is cut."""
    taken = Fraction(0)
    for lot in account.lots:
        part = min(lot.left, amount - taken)
        lot.left -= part
        taken += part
    account.spent.append((on, fact_id, taken))
