"""Accounts: the lots that came in, what was spent from which of them, and what lapsed.

Plain Python over small rows that SQL prepared; the same after every backend.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Context, Decimal, localcontext
from operator import attrgetter
from typing import Literal

Shown = Literal["balance", "opened", "used", "expired"]

NOTHING = Decimal(0)
_EXACT = Context(prec=76)  # Amounts have up to 38 digits: with the usual 28, a large sum would be rounded.
_BY_AGE = attrgetter("opens", "day", "entry")


@dataclass(frozen=True, slots=True)
class Movement:
    """An amount that one line of the points history pays into an account or takes out of it.

    Parameters
    ----------
    day
        When it is paid: the run that confirms the line, else the line's own day.
    kind
        ``in`` or ``out``. A negative amount reverses: what came in is taken back once it is open, from its own lot first
        and then like spending; what was taken goes back to the lots that it came from (to the youngest that were used,
        when it has no spending of its own).
    amount
        In the unit of the account.
    entry
        The line, under a name that its own reversal shares and no other line of the account does.
    opens, expires
        For what comes in: usable from the first until before the second; None is never. What takes back what came in
        does so from the day on which its own lot opens, or its own amount would.
    """

    day: date
    kind: Literal["in", "out"]
    amount: Decimal
    entry: str
    opens: date
    expires: date | None = None
    is_early: bool = False


@dataclass(frozen=True, slots=True)
class Lot:
    """What came in with one entry, and what became of it: ``left``, ``used`` and ``expired`` add up to ``amount``."""

    entry: str
    day: date
    opens: date
    expires: date | None
    amount: Decimal
    left: Decimal
    used: Decimal
    expired: Decimal


@dataclass(frozen=True, slots=True)
class Taking:
    """What one line took from one lot (its place in the book); below 0 when it gives back."""

    lot: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class SpentLine:
    """What an entry wanted to take, what it got, and from where."""

    day: date
    entry: str
    wanted: Decimal
    taken: Decimal
    takings: tuple[Taking, ...]

    @property
    def cut(self) -> Decimal:
        """What went beyond the balance; below 0 for what a reversal could not give back, because it was cut before."""
        return self.wanted - self.taken


@dataclass(frozen=True, slots=True)
class Lapse:
    """What a lot (its place in the book) lost when it expired, or afterwards when a spending was reversed."""

    day: date
    lot: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Book:
    """An account at the end of a day: its lots from the oldest, and its dated lines."""

    through: date
    lots: tuple[Lot, ...]
    spent: tuple[SpentLine, ...]
    lapsed: tuple[Lapse, ...]

    def show(self, what: Shown, start: date | None, end: date) -> Decimal:
        """Give what the account shows in a window.

        Parameters
        ----------
        what
            What ``opened``, was ``used`` or ``expired`` in the window, or the ``balance`` with which it ends. Lots that
            open after the book's day are seen already; what will be used or expire after it is not.
        start, end
            The first day of the window, None for all that went before, and the first day after it.

        Returns
        -------
        Decimal
            In the unit of the account. The balance is always what opened, less what was used and what expired.
        """
        with localcontext(_EXACT):
            if what == "balance":
                opened = (lot.amount for lot in self.lots if lot.opens < end and lot.opens <= self.through)
                return sum(opened, NOTHING) - self._between("used", None, end) - self._between("expired", None, end)
            return self._between(what, start, end)

    def _between(self, what: Shown, start: date | None, end: date) -> Decimal:
        amounts = (amount for day, amount in self._dated(what) if day < end and (start is None or start <= day))
        return sum(amounts, NOTHING)

    def _dated(self, what: Shown) -> Iterator[tuple[date, Decimal]]:
        if what == "opened":
            return ((lot.opens, lot.amount) for lot in self.lots)
        if what == "used":
            return ((line.day, line.taken) for line in self.spent)
        return ((lapse.day, lapse.amount) for lapse in self.lapsed)


def _in_turn(movement: Movement) -> tuple[date, int, str]:
    """On one day what was taken back before it opened; what is spent, what goes back, then what came in and is taken back."""
    if movement.kind == "in":
        return movement.day, -1 if movement.is_early else 2, movement.entry
    return movement.day, 1 if movement.amount < 0 else 0, movement.entry


def book(movements: Iterable[Movement], *, through: date = date.max) -> Book:
    """Keep an account: on each day lots expire, arrive, are spent (the oldest first), go back, and are taken back.

    Parameters
    ----------
    movements
        Those of one account of one partner, in any order. What is alike on one day goes by entry.
    through
        The last day that is looked at; a movement that is paid later does not exist.

    Returns
    -------
    Book
        Spending beyond the balance is cut. A lot that would expire before it opens expires as it opens. What goes back
        to a lot that has expired expires at once; what was cut does not go back.
    """
    known = [movement for movement in movements if movement.day <= through]
    paid = [movement for movement in known if movement.kind == "in" and movement.amount > 0]
    taken = [movement for movement in known if movement.kind == "out"]
    taken += _taken_back(paid, [movement for movement in known if movement.kind == "in" and movement.amount < 0])
    taken = [movement for movement in taken if movement.day <= through]
    if any(_gives_back(movement) for movement in taken):
        taken = _taken_before_returned(taken)
    with localcontext(_EXACT):
        account = _Account(sorted(paid, key=_BY_AGE))
        for movement in sorted(taken, key=_in_turn):
            account.spend(movement)
        return account.closed(through)


def _taken_back(paid: Sequence[Movement], reversals: Sequence[Movement]) -> list[Movement]:
    """What takes back what came in, on the day on which that is open at the earliest."""
    if not reversals:
        return []
    opened = {lot.entry: lot.opens for lot in paid}
    found = []
    for movement in reversals:
        opens = opened.get(movement.entry, movement.opens)
        found.append(replace(movement, day=max(movement.day, opens), is_early=movement.day < opens))
    return found


def _gives_back(movement: Movement) -> bool:
    return movement.kind == "out" and movement.amount < 0


def _taken_before_returned(taken: Sequence[Movement]) -> list[Movement]:
    """The same movements, but what goes back does so on the day it was taken at the earliest, and after that."""
    ordered, first = [], dict[str, date]()
    for movement in sorted(taken, key=_gives_back):
        if _gives_back(movement):
            ordered.append(replace(movement, day=max(movement.day, first.get(movement.entry, movement.day))))
            continue
        ordered.append(movement)
        if movement.kind == "out":
            first[movement.entry] = min(movement.day, first.get(movement.entry, movement.day))
    return ordered


class _Account:
    """Lots by age while their money goes; those before ``head`` have nothing more to give."""

    __slots__ = ("ends", "head", "lapsed", "left", "own", "paid", "spent", "takings", "used")

    def __init__(self, paid: list[Movement]) -> None:
        self.paid = paid
        self.left = [lot.amount for lot in paid]
        self.ends = [max(lot.opens, lot.expires) if lot.expires else None for lot in paid]
        self.own: dict[str, list[int]] = {}
        for place, lot in enumerate(paid):
            self.own.setdefault(lot.entry, []).append(place)
        self.head = 0
        self.spent: list[SpentLine] = []
        self.lapsed: list[Lapse] = []
        self.takings: dict[str, list[Taking]] = {}
        self.used: dict[int, Decimal] = {}

    def spend(self, movement: Movement) -> None:
        """Take what a movement wants as far as it is there, or let it go back."""
        wanted = movement.amount if movement.kind == "out" else -movement.amount
        takings = self._return(movement) if wanted < 0 else self._take(movement, wanted)
        if movement.kind == "out":
            self._remember(movement, takings)
        taken = sum([taking.amount for taking in takings], NOTHING)
        self.spent.append(SpentLine(movement.day, movement.entry, wanted, taken, tuple(takings)))

    def _remember(self, movement: Movement, takings: list[Taking]) -> None:
        """Note what may go back: by entry that has spent, and in all."""
        for taking in takings:
            self.used[taking.lot] = self.used.get(taking.lot, NOTHING) + taking.amount
        if movement.amount >= 0 or movement.entry in self.takings:
            self.takings.setdefault(movement.entry, []).extend(takings)

    def _take(self, movement: Movement, wanted: Decimal) -> list[Taking]:
        takings = self._take_own(movement, wanted) if movement.kind == "in" else []
        rest = wanted - sum([taking.amount for taking in takings], NOTHING)
        return takings + self._take_oldest(movement.day, rest)

    def _take_own(self, movement: Movement, wanted: Decimal) -> list[Taking]:
        """What is taken back comes from its own lot as far as that is there."""
        takings = []
        for place in self.own.get(movement.entry, ()):
            part = min(self.left[place], wanted)
            if part and not self._is_over(place, movement.day):
                self.left[place] -= part
                wanted -= part
                takings.append(Taking(place, part))
        return takings

    def _take_oldest(self, on: date, wanted: Decimal) -> list[Taking]:
        paid, left, ends = self.paid, self.left, self.ends
        takings: list[Taking] = []
        place = self.head
        while wanted and place < len(paid) and paid[place].opens <= on:
            end = ends[place]
            if left[place] and (end is None or on < end):
                part = min(left[place], wanted)
                left[place] -= part
                wanted -= part
                takings.append(Taking(place, part))
            place += 1
        self._advance(on)
        return takings

    def _advance(self, on: date) -> None:
        while self.head < len(self.paid) and (self._is_over(self.head, on) or not self.left[self.head]):
            self.head += 1

    def _is_over(self, place: int, on: date) -> bool:
        end = self.ends[place]
        return end is not None and end <= on

    def _return(self, movement: Movement) -> list[Taking]:
        """Undo what was taken, the youngest lot first, so that what stays is what a smaller spending would have taken."""
        room, rest = self._returnable(movement.entry), -movement.amount
        back = []
        for place in sorted(room, reverse=True):
            part = min(room[place], rest)
            if part:
                rest -= part
                back.append(Taking(place, -part))
                self._put_back(place, part, movement.day)
        return back

    def _returnable(self, entry: str) -> dict[int, Decimal]:
        """What may go back to each lot: what the entry took and, when it has not spent, what anything took."""
        if entry not in self.takings:
            return self.used
        own: dict[int, Decimal] = {}
        for taking in self.takings[entry]:
            own[taking.lot] = own.get(taking.lot, NOTHING) + taking.amount
        return {place: min(amount, self.used[place]) for place, amount in own.items()}

    def _put_back(self, place: int, part: Decimal, on: date) -> None:
        if self._is_over(place, on):
            self.lapsed.append(Lapse(on, place, part))
        else:
            self.left[place] += part
            self.head = min(self.head, place)

    def closed(self, through: date) -> Book:
        """Let the lots expire that have something left, and give the book."""
        expired: dict[int, Decimal] = {}
        for place, end in enumerate(self.ends):
            if end is not None and end <= through and self.left[place]:
                self.lapsed.append(Lapse(end, place, self.left[place]))
                self.left[place] = NOTHING
        for lapse in self.lapsed:
            expired[lapse.lot] = expired.get(lapse.lot, NOTHING) + lapse.amount
        lots = tuple(self._lot(place, expired.get(place, NOTHING)) for place in range(len(self.paid)))
        lapsed = sorted(self.lapsed, key=attrgetter("day", "lot"))
        return Book(through, lots, tuple(self.spent), tuple(lapsed))

    def _lot(self, place: int, expired: Decimal) -> Lot:
        came, left = self.paid[place], self.left[place]
        used = came.amount - left - expired
        return Lot(came.entry, came.day, came.opens, came.expires, came.amount, left, used, expired)
