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
    line: tuple[str, int, str] = ("", 0, "")


@dataclass(frozen=True)
class Spend:
    """A line that takes out, or puts back when it is below 0; ``earning`` is empty for what came in and is reversed."""

    on: date
    fact_id: str
    amount: Fraction
    earning: str = ""
    own: tuple[str, int, str] = ("", 0, "")
    early: bool = False

    @property
    def turn(self) -> int:
        """Its turn on its day: taken back before it opened, spent, given back, taken back of what came in."""
        if self.early:
            return -1
        return (1 if self.amount < 0 else 0) if self.earning else 2

    @property
    def line(self) -> tuple[str, str]:
        """What it shares with its own reversal."""
        return self.earning, self.fact_id


@dataclass
class Book:
    """An account on a day: its lots, and dated amounts spent and expired."""

    lots: list[Lot] = field(default_factory=list)
    spent: list[tuple[date, str, Fraction]] = field(default_factory=list)
    lapsed: list[tuple[date, str, Fraction]] = field(default_factory=list)
    taken: list[tuple[Spend, Lot, Fraction]] = field(default_factory=list)
    spenders: set[tuple[str, str]] = field(default_factory=set)


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
    line: tuple[str, int, str]


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
            paid += [
                Payment(_arrival(frame, spec, line), line.fact_id, line.after, (earning, 0, line.fact_id))
                for line in lines
            ]
        for place, part in enumerate(parts, start=1):
            shares = [pair for pair in _parts(frame, part, lines) if _account(frame, part, pair[0], lines) == name]
            paid += [
                Payment(_arrival(frame, spec, line), line.fact_id, share, (earning, place, line.fact_id))
                for line, share in shares
            ]
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
    return Lot(payment.fact_id, payment.arrives, opens, expires, payment.amount, payment.amount, payment.line)


def book(frame: Frame, name: str) -> Book:
    """The account on the frame's day: on each day lots expire, arrive, are spent (oldest first), go back, and are taken back."""
    waiting, spends = inflow(frame, name), _spends(frame, name)
    account = Book()
    days = {lot.opens for lot in waiting} | {spend.on for spend in spends}
    days |= {lot.expires for lot in waiting if lot.expires}
    for on in sorted(day for day in days if day <= frame.day):
        _expire(account, on)
        account.lots += [lot for lot in waiting if lot.opens == on]
        _expire(account, on)
        for spend in spends:
            if spend.on == on:
                _put_back(account, spend) if spend.amount < 0 else _spend(account, spend)
    account.lots += [lot for lot in waiting if lot.opens > frame.day]
    return account


def _spends(frame: Frame, name: str) -> list[Spend]:
    """What is taken out: entries of the account, and what was paid in and reversed. Nothing is put back before that."""
    opened = {lot.line: lot.opens for lot in inflow(frame, name)}
    spends = []
    for paid in _paid(frame, name):
        if paid.amount < 0:
            opens = opened.get(paid.line) or _lot(frame, name, paid).opens
            on, early = max(paid.arrives, opens), paid.arrives < opens
            spends.append(Spend(on, paid.fact_id, -paid.amount, own=paid.line, early=early))
    for earning in _earnings(frame):
        spec = earnings.section(frame, earning)
        if spec.get("out_of") != name:
            continue
        first = date.min
        for line in _entries(frame, earning):
            arrives = _arrival(frame, spec, line)
            first = max(arrives, first) if line.reverses and line.after < 0 else arrives
            spends.append(Spend(first, line.fact_id, line.after, earning))
    return sorted(spends, key=lambda spend: (spend.on, spend.turn, spend.fact_id))


def _expire(account: Book, on: date) -> None:
    for lot in account.lots:
        if lot.expires is not None and lot.expires <= on and lot.left > 0:
            account.lapsed.append((on, lot.fact_id, lot.left))
            lot.left = Fraction(0)


def _spend(account: Book, spend: Spend) -> None:
    """Take from the lot that is taken back, else from the oldest lots first; what goes beyond the balance is cut."""
    account.spenders.add(spend.line)
    taken = Fraction(0)
    for lot in sorted(account.lots, key=lambda lot: spend.earning != "" or lot.line != spend.own):
        part = min(lot.left, spend.amount - taken)
        lot.left -= part
        taken += part
        account.taken.append((spend, lot, part))
    account.spent.append((spend.on, spend.fact_id, taken))


def _put_back(account: Book, spend: Spend) -> None:
    """Give back to the youngest lots first what the line took, or what any did when it has taken nothing itself."""
    back = Fraction(0)
    for lot in reversed(account.lots):
        used = sum((part for other, at, part in account.taken if at is lot and other.earning), Fraction(0))
        own = sum((part for other, at, part in account.taken if at is lot and other.line == spend.line), Fraction(0))
        part = min(used, own if spend.line in account.spenders else used, -spend.amount - back)
        lot.left += part
        back += part
        account.taken.append((spend, lot, -part))
    _expire(account, spend.on)
    account.spent.append((spend.on, spend.fact_id, -back))
