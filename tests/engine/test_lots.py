"""Lots: equal to coins that are moved one by one, to the closed formula, and to the oracle's accounts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate, permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from swingby.engine.lots import Book, Lapse, Movement, Shown, SpentLine, Taking, book
from tests.oracle import accounts, windows
from tests.oracle.evaluate import look_at
from tests.oracle.frame import Frame
from tests.oracle.making import Making

FIRST = date(2024, 1, 1)
LAST = 16
SHOWN: tuple[Shown, ...] = ("balance", "opened", "used", "expired")


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def paid(number: int, amount: int | str, entry: str, opens: int | None = None, expires: int | None = None) -> Movement:
    until = None if expires is None else day(expires)
    return Movement(day(number), "in", Decimal(amount), entry, day(number if opens is None else opens), until)


def spent(number: int, amount: int | str, entry: str) -> Movement:
    return Movement(day(number), "out", Decimal(amount), entry, day(number))


def left(account: Book) -> list[tuple[str, int]]:
    return [(lot.entry, int(lot.left)) for lot in account.lots]


def test_an_empty_account() -> None:
    account = book([])
    assert (account.lots, account.spent, account.lapsed) == ((), (), ())
    assert [account.show(what, None, day(1)) for what in SHOWN] == [0, 0, 0, 0]


def test_the_oldest_goes_first_whatever_the_order_of_the_rows() -> None:
    movements = [paid(0, 5, "old"), paid(2, 5, "young"), spent(3, 7, "x")]
    books = [book(order) for order in permutations(movements)]
    assert {tuple(left(account)) for account in books} == {(("old", 0), ("young", 3))}
    assert {account.spent for account in books} == {
        (SpentLine(day(3), "x", Decimal(7), Decimal(7), (Taking(0, Decimal(5)), Taking(1, Decimal(2)))),)
    }


def test_the_oldest_is_the_one_that_opened_first() -> None:
    account = book([paid(0, 5, "late", opens=3), paid(1, 5, "soon"), spent(4, 6, "x")])
    assert left(account) == [("soon", 0), ("late", 4)]


def test_on_one_day_lots_expire_then_arrive_then_are_spent() -> None:
    account = book([paid(0, 5, "old", expires=4), paid(4, 3, "new"), spent(4, 4, "x")], through=day(4))
    assert left(account) == [("old", 0), ("new", 0)]
    assert [(line.taken, line.cut) for line in account.spent] == [(3, 1)]
    assert account.lapsed == (Lapse(day(4), 0, Decimal(5)),)


def test_spending_beyond_the_balance_is_cut_and_not_made_up_later() -> None:
    account = book([paid(0, 5, "a"), spent(1, 8, "x"), paid(2, 10, "b")])
    assert ([(line.taken, line.cut) for line in account.spent], left(account)) == ([(5, 3)], [("a", 0), ("b", 10)])


def test_what_is_spent_on_one_day_goes_by_entry() -> None:
    account = book([spent(1, 4, "b"), spent(1, 4, "a"), paid(0, 5, "lot")])
    assert [(line.entry, line.taken) for line in account.spent] == [("a", 4), ("b", 1)]


def test_what_came_in_and_is_reversed_is_taken_like_spending() -> None:
    account = book([paid(0, 5, "a"), paid(1, 5, "b"), paid(2, -5, "b"), paid(3, -9, "a")])
    assert left(account) == [("a", 0), ("b", 0)]
    assert [(line.entry, line.taken, line.cut) for line in account.spent] == [("b", 5, 0), ("a", 5, 4)]
    assert account.show("opened", None, day(9)) == 10


def test_what_has_not_opened_is_not_spent_and_not_in_the_balance() -> None:
    movements = [paid(0, 5, "a", opens=4), spent(3, 2, "x"), spent(4, 2, "y")]
    assert [line.taken for line in book(movements).spent] == [0, 2]
    assert [book(movements).show("balance", None, day(end)) for end in (4, 5, 6)] == [0, 3, 3]


def test_a_lot_may_open_before_it_is_paid_and_cover_what_was_spent_since() -> None:
    movements = [spent(2, 3, "x"), paid(4, 5, "a", opens=1)]
    assert [line.taken for line in book(movements, through=day(3)).spent] == [0]
    assert [line.taken for line in book(movements, through=day(4)).spent] == [3]


def test_a_lot_that_expires_before_it_opens_is_never_usable() -> None:
    account = book([paid(0, 5, "a", opens=4, expires=4), paid(0, 7, "b", opens=6, expires=3), spent(6, 1, "x")])
    assert [(lot.left, lot.used, lot.expired) for lot in account.lots] == [(0, 0, 5), (0, 0, 7)]
    assert [account.show(what, day(4), day(7)) for what in SHOWN] == [0, 12, 0, 12]


def test_what_opens_later_is_already_seen_as_opened_but_what_is_paid_later_is_not() -> None:
    account = book([paid(0, 5, "a", opens=9), paid(8, 3, "b")], through=day(7))
    assert [account.show(what, day(8), day(12)) for what in SHOWN] == [0, 5, 0, 0]


def test_a_reversed_spending_goes_back_where_it_came_from() -> None:
    account = book([paid(0, 5, "a"), paid(1, 5, "b"), spent(2, 7, "x"), spent(3, 2, "y"), spent(4, -7, "x")])
    assert left(account) == [("a", 5), ("b", 3)]
    assert account.spent[-1].takings == (Taking(1, Decimal(-2)), Taking(0, Decimal(-5)))


def test_a_spending_that_is_reversed_in_part_keeps_the_oldest() -> None:
    assert left(book([paid(0, 5, "a"), paid(1, 5, "b"), spent(2, 7, "x"), spent(3, -3, "x")])) == [("a", 1), ("b", 5)]


def test_what_was_cut_does_not_go_back() -> None:
    account = book([paid(0, 5, "a"), spent(1, 8, "x"), paid(2, 9, "b"), spent(3, -8, "x"), spent(4, -8, "x")])
    assert left(account) == [("a", 5), ("b", 9)]
    assert [(line.taken, line.cut) for line in account.spent] == [(5, 3), (-5, -3), (0, -8)]


def test_what_goes_back_to_an_expired_lot_expires_at_once() -> None:
    account = book([paid(0, 5, "a", expires=3), spent(1, 4, "x"), spent(4, -4, "x")])
    assert account.lapsed == (Lapse(day(3), 0, Decimal(1)), Lapse(day(4), 0, Decimal(4)))
    assert [account.show(what, None, day(5)) for what in SHOWN] == [0, 5, 0, 5]


def test_a_reversal_that_is_dated_before_its_spending_still_undoes_it() -> None:
    account = book([paid(0, 5, "a"), spent(1, -4, "x"), spent(3, 4, "x")])
    assert (left(account), [(line.day, line.taken) for line in account.spent]) == (
        [("a", 5)],
        [(day(3), 4), (day(3), -4)],
    )


def test_what_comes_back_without_a_spending_of_its_own_goes_to_the_youngest_that_was_used() -> None:
    movements = [paid(0, 5, "a"), paid(1, 5, "b"), paid(1, 5, "c"), spent(2, 7, "x"), spent(3, -4, "note")]
    assert left(book(movements)) == [("a", 2), ("b", 5), ("c", 5)]
    assert left(book([*movements, spent(4, -9, "note"), spent(5, -7, "x")])) == [("a", 5), ("b", 5), ("c", 5)]


def test_amounts_beyond_the_usual_precision_are_not_rounded() -> None:
    tiny = Decimal("0.000000000001")
    large = Decimal(10) ** 24
    account = book([paid(0, str(large), "a"), paid(0, str(tiny), "b"), spent(1, str(large - 1), "x")])
    assert str(account.show("balance", None, day(2))) == "1.000000000001"


# --- coins -----------------------------------------------------------------------------------------------------------


@st.composite
def ledgers(draw: st.DrawFn) -> list[Movement]:
    """Movements of whole amounts, with reversals on either side, late openings and lots that lapse out of order."""
    movements: list[Movement] = []
    for number in range(draw(st.integers(0, 9))):
        on, amount, entry = (
            draw(st.integers(0, LAST)),
            draw(st.integers(0, 9)),
            f"e{draw(st.integers(0, 99)):02}-{number}",
        )
        if draw(st.booleans()):
            opens = on + draw(st.integers(-2, 6))
            movements.append(paid(on, amount, entry, opens, draw(st.none() | st.integers(on - 2, on + 12))))
        else:
            movements.append(spent(on, amount * draw(st.sampled_from([1, 1, -1])), entry))
        if draw(st.integers(0, 2)) == 0:
            later = day(draw(st.integers(0, LAST)))
            movements.append(
                replace(movements[-1], day=later, amount=-movements[-1].amount * draw(st.integers(0, 2)) // 2)
            )
    return draw(st.permutations(movements))


class Coins:
    """A purse of single coins: (the lot it belongs to, where it is)."""

    def __init__(self, movements: Sequence[Movement], through: date) -> None:
        known = [one for one in movements if one.day <= through]
        self.paid = sorted(
            (one for one in known if one.kind == "in" and one.amount > 0),
            key=lambda one: (one.opens, one.day, one.entry),
        )
        self.out = [one for one in known if one not in self.paid and (one.kind == "out" or one.amount < 0)]
        self.coins = [(place, number) for place, lot in enumerate(self.paid) for number in range(int(lot.amount))]
        self.where = dict.fromkeys(self.coins, "left")
        self.pockets: dict[str, Counter[int]] = {}
        self.used: Counter[date] = Counter()
        self.expired: Counter[date] = Counter()
        for number in range(-4, (through - FIRST).days + 1):
            self.live(day(number))

    def live(self, on: date) -> None:
        for coin in self.coins:
            if self.where[coin] == "left" and self.lapses(coin, on):
                self.where[coin] = "expired"
                self.expired[on] += 1
        for movement in sorted((one for one in self.out if self.acts_on(one) == on), key=self.turn):
            self.act(movement, on)

    def lapses(self, coin: tuple[int, int], on: date) -> bool:
        lot = self.paid[coin[0]]
        return lot.expires is not None and lot.expires <= on and lot.opens <= on

    def acts_on(self, movement: Movement) -> date:
        own = [one.day for one in self.out if one.entry == movement.entry and one.kind == "out" and one.amount >= 0]
        if movement.kind == "in":
            opened = [lot.opens for lot in self.paid if lot.entry == movement.entry]
            return max(movement.day, *(opened or [movement.opens]))
        return max([movement.day, *own]) if movement.amount < 0 else movement.day

    def turn(self, movement: Movement) -> tuple[bool, bool, bool, str]:
        """Taken back before it opened, spent, put back, then taken back of what came in."""
        is_early = movement.kind == "in" and movement.day < self.acts_on(movement)
        return not is_early, movement.kind == "in", movement.amount < 0, movement.entry

    def act(self, movement: Movement, on: date) -> None:
        if movement.kind == "out" and movement.amount < 0:
            self.put_back(movement, on)
            return
        usable = [coin for coin in self.coins if self.where[coin] == "left" and self.paid[coin[0]].opens <= on]
        if movement.kind == "in":
            usable.sort(key=lambda coin: self.paid[coin[0]].entry != movement.entry)
        taken = usable[: int(abs(movement.amount))]
        for coin in taken:
            self.where[coin] = "spent" if movement.kind == "out" else "taken"
            self.used[on] += 1
        if movement.kind == "out":
            self.pockets.setdefault(movement.entry, Counter()).update(place for place, _ in taken)

    def put_back(self, movement: Movement, on: date) -> None:
        """Spent coins from the youngest; an entry that has spent puts back no more into a lot than it took from it."""
        own = self.pockets.get(movement.entry)
        rest = int(-movement.amount)
        for coin in reversed(self.coins):
            if rest and self.where[coin] == "spent" and (own is None or own[coin[0]]):
                rest -= 1
                self.used[on] -= 1
                self.where[coin] = "expired" if self.lapses(coin, on) else "left"
                self.expired[on] += self.where[coin] == "expired"
                if own is not None:
                    own[coin[0]] -= 1

    def lots(self) -> list[tuple[str, int, int, int]]:
        found = Counter((coin[0], where) for coin, where in self.where.items())
        return [
            (lot.entry, found[place, "left"], found[place, "spent"] + found[place, "taken"], found[place, "expired"])
            for place, lot in enumerate(self.paid)
        ]


@settings(max_examples=400, deadline=None)
@given(ledgers(), st.integers(0, LAST + 16))
def test_a_book_equals_coins_moved_one_by_one(movements: list[Movement], last: int) -> None:
    account, coins = book(movements, through=day(last)), Coins(movements, day(last))
    assert [(lot.entry, lot.left, lot.used, lot.expired) for lot in account.lots] == coins.lots()
    days = [day(number) for number in range(-4, last + 1)]
    assert [dated(account, "used", on) for on in days] == [coins.used[on] for on in days]
    assert [dated(account, "expired", on) for on in days] == [coins.expired[on] for on in days]


def dated(account: Book, what: Shown, on: date) -> Decimal:
    return account.show(what, on, on + timedelta(days=1))


@settings(max_examples=200, deadline=None)
@given(ledgers(), st.integers(0, LAST + 16))
def test_a_book_adds_up_and_agrees_with_itself_on_every_day(movements: list[Movement], last: int) -> None:
    account = book(movements, through=day(last))
    assert [lot.left + lot.used + lot.expired for lot in account.lots] == [lot.amount for lot in account.lots]
    assert [sum(taking.amount for taking in line.takings) for line in account.spent] == [
        line.taken for line in account.spent
    ]
    usable = sum((lot.left for lot in account.lots if lot.opens <= day(last)), Decimal(0))
    assert account.show("balance", None, day(last + 1)) == usable
    assert [line for line in account.spent if not _is_within(line)] == []


def _is_within(line: SpentLine) -> bool:
    return min(line.wanted, Decimal(0)) <= line.taken <= max(line.wanted, Decimal(0))


# --- the closed formula ----------------------------------------------------------------------------------------------


def running(movements: Sequence[Movement]) -> Iterator[tuple[date, Decimal]]:
    """What was taken through each day."""
    days = sorted({one.day for one in movements})
    amounts = [sum((one.amount for one in movements if one.day == on), Decimal(0)) for on in days]
    return zip(days, accumulate(amounts), strict=True)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.integers(0, LAST), st.integers(1, 9)), max_size=8), st.data())
def test_with_one_expiry_rule_a_running_maximum_says_what_is_left(
    lots: list[tuple[int, int]], data: st.DataObject
) -> None:
    life = data.draw(st.integers(1, 9))
    movements = [paid(on, amount, f"{place}", expires=on + life) for place, (on, amount) in enumerate(sorted(lots))]
    outs: list[Movement] = []
    for number in range(LAST):
        balance = int(book([*movements, *outs], through=day(number)).show("balance", None, day(number + 1)))
        outs.append(spent(number, data.draw(st.integers(0, balance)), f"out{number}"))
    account = book([*movements, *outs], through=day(LAST))
    spent_before = dict(running(outs))
    cumulative = list(accumulate(one.amount for one in movements))
    lapsed = [
        total - spent_before.get(one.day + timedelta(days=life - 1), Decimal(0))
        for one, total in zip(movements, cumulative, strict=True)
        if one.day + timedelta(days=life) <= day(LAST)
    ]
    consumed = sum((one.amount for one in outs), Decimal(0)) + max(lapsed, default=Decimal(0)).max(0)
    expected = [
        min(max(total - consumed, Decimal(0)), one.amount) for one, total in zip(movements, cumulative, strict=True)
    ]
    assert [lot.left for lot in account.lots] == expected


# --- the oracle ------------------------------------------------------------------------------------------------------

PROGRAM = """
program: {{id: x, effective: 2023-02-01, currency: USD}}
calendars: {{fiscal: {{starts: 07-01}}}}
accounts: {{purse: {{unit: USD{opens}{expires}}}}}
incentives:
  bought: {{for_each: transactions, where: {{kind: buy}}, earn: {{rate: 1, of: amount}}, into: purse}}
  half: {{for_each: transactions, where: {{kind: sale}}, earn: {{rate: 1, of: amount}}, {awarded}split: [{{share: 50%, into: purse}}]}}
  fee: {{for_each: transactions, where: {{kind: use}}, earn: {{rate: 50%, of: amount}}, cancelled: keep, out_of: purse}}
  used: {{for_each: transactions, where: {{kind: use}}, earn: {{rate: 1, of: amount}}, {awarded}out_of: purse}}
"""
OPENS = st.sampled_from(
    ["", ", opens: {after: 1 month}", ", opens: {start_of: fiscal half, shift: 1}", ", opens: {start_of: month}"]
)
EXPIRES = st.sampled_from(
    ["", ", expires: {end_of: month}", ", expires: {after: 8 months}", ", expires: {end_of: fiscal half, shift: 1}"]
)
WINDOWS = st.builds(
    lambda start, length: {"from": start.isoformat(), "through": (start + timedelta(days=length)).isoformat()},
    st.dates(FIRST, date(2026, 1, 31)),
    st.integers(0, 400),
) | st.sampled_from([{"next": "3 months"}, {"last": "6 months"}, {"previous": "fiscal half"}])
AWARDED = st.sampled_from(["", "awarded: {each: month}, "])


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Making, date]:
    """A partner that buys, sells and uses, with cancellations, and a day."""
    made = Making(PROGRAM.format(opens=draw(OPENS), expires=draw(EXPIRES), awarded=draw(AWARDED)))
    for _ in range(draw(st.integers(0, 10))):
        on = draw(st.dates(FIRST, date(2025, 3, 31)))
        kind = draw(st.sampled_from(["buy", "sale", "use"]))
        amount = draw(st.integers(0 if kind == "sale" else -3, 20))
        cancelled = draw(st.none() | st.dates(on, date(2025, 6, 30))) if amount > 0 or kind == "buy" else None
        made.event("transactions", on.isoformat(), kind=kind, amount=amount, cancelled_on=cancelled)
    return made, draw(st.dates(FIRST, date(2026, 1, 31)))


def movements_of(frame: Frame) -> list[Movement]:
    """The oracle's movements."""
    found: list[Movement] = [
        Movement(lot.arrives, "in", exact(lot.amount), str(lot.line), lot.opens, lot.expires)
        for lot in accounts.inflow(frame, "purse")
    ]
    for spend in accounts._spends(frame, "purse"):
        amount, entry = exact(spend.amount), f"{spend.fact_id} {spend.earning}"
        if spend.earning:
            found.append(Movement(spend.on, "out", amount, entry, spend.on))
        else:
            on = spend.on - timedelta(days=1) if spend.early else spend.on
            found.append(Movement(on, "in", -amount, str(spend.own), spend.on))
    return found


def exact(amount: Fraction) -> Decimal:
    """Halves, as the program makes them, are exact."""
    return Decimal(amount.numerator) / Decimal(amount.denominator)


@settings(max_examples=200, deadline=None)
@given(worlds(), WINDOWS)
def test_a_book_equals_the_account_of_the_oracle(made: tuple[Making, date], over: dict[str, str]) -> None:
    frame = look_at(made[0].world(), "e1", made[1])
    theirs, ours = accounts.book(frame, "purse"), book(movements_of(frame), through=made[1])
    assert sorted((lot.entry, lot.opens, lot.amount, lot.left) for lot in ours.lots) == sorted(
        (str(lot.line), lot.opens, lot.amount, lot.left) for lot in theirs.lots
    )
    span = windows.window(frame, over)
    for what in SHOWN[1:]:
        assert ours.show(what, *span) == accounts.shown(frame, {"account": "purse", "show": what, "over": over}).value
    balance = ours.show("balance", None, made[1] + timedelta(days=1))
    assert balance == accounts.shown(frame, {"account": "purse"}).value
