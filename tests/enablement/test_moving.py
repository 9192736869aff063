"""People who move, against days that are looked at one by one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from swingby.enablement import (
    Employment,
    Event,
    EventKind,
    Heads,
    Holder,
    Life,
    Lives,
    Membership,
    Move,
    Sparing,
    Stay,
    growth,
    heads,
    live,
    members_of,
    moves,
    sparings,
    stays,
)
from swingby.values import END_OF_TIME, Length, Period
from tests.enablement.drawn_people import all_days, employments, lives
from tests.enablement.test_coverage import CATALOGUE

Place = tuple[str, str, bool]


def place(found: Sequence[Stay], person: str, day: date) -> Place | None:
    here = [stay for stay in found if stay.person == person and day in stay.period]
    assert len(here) < 2
    return (here[0].firm, here[0].office or "", day in here[0].counted) if here else None


def walked(reported: Sequence[Employment], person: str, *, claim_needed: bool) -> list[Place | None]:
    """Where somebody is day after day: at the place begun last, while it lasts."""
    own = [one for one in reported if one.person == person and (one.ended is None or one.started < one.ended)]
    found: list[Place | None] = []
    before: Place | None = None
    for day in all_days():
        begun = [one for one in own if one.started <= day]
        now = max(begun, key=preference, default=None)
        gone = now is None or (now.ended is not None and now.ended <= day)
        before = None if now is None or gone else counted(now, before, day, claim_needed=claim_needed)
        found.append(before)
    return found


def preference(one: Employment) -> tuple[date, bool, date, str, str, date]:
    claimed = one.claimed_on or date.min
    return (one.started, one.claimed_on is not None, one.ended or END_OF_TIME, one.firm, one.office or "", claimed)


def counted(now: Employment, before: Place | None, day: date, *, claim_needed: bool) -> Place:
    carried = bool(before and before[0] == now.firm and before[2])
    claimed = now.claimed_on is not None and now.claimed_on <= day
    return (now.firm, now.office or "", not claim_needed or claimed or carried)


@settings(max_examples=150, deadline=None)
@given(reported=employments, claim_needed=st.booleans())
def test_everybody_is_where_they_began_last(*, reported: list[Employment], claim_needed: bool) -> None:
    found = stays(reported, claim_needed=claim_needed)
    for person in ("Mei", "Ola"):
        expected = walked(reported, person, claim_needed=claim_needed)
        assert [place(found, person, day) for day in all_days()] == expected


@settings(max_examples=60, deadline=None)
@given(employments.flatmap(lambda some: st.tuples(st.just(some), st.permutations(some))))
def test_the_order_of_reports_changes_nothing(orders: tuple[list[Employment], list[Employment]]) -> None:
    assert stays(orders[0], claim_needed=True) == stays(orders[1], claim_needed=True)


@settings(max_examples=60, deadline=None)
@given(reported=employments, held=lives, claim_needed=st.booleans())
def test_nothing_counts_twice(*, reported: list[Employment], held: Lives, claim_needed: bool) -> None:
    found = stays(reported, claim_needed=claim_needed)
    offices = sorted({(one.firm, one.office or "") for one in reported})
    groups = [members_of(found, firm, {office}) for firm, office in offices]
    for one, other in combinations(groups, 2):
        pairs = [(first, second) for who in one.keys() & other.keys() for first in one[who] for second in other[who]]
        assert not any(first.overlaps(second) for first, second in pairs)
    for day in all_days()[::7]:
        for code in ("A", "B"):
            holders = sum(by_code[code].counts_on(day) for by_code in held.values() if code in by_code)
            assert sum(heads(held, code, group, (), day).held for group in groups) <= holders


@settings(max_examples=100, deadline=None)
@given(employments, lives, st.integers(1, 40))
def test_a_firm_is_spared_day_by_day(reported: list[Employment], held: Lives, length: int) -> None:
    found = stays(reported, claim_needed=True)
    spared = sparings(held, found, [(length, "day")])
    for person, by_code in held.items():
        for code, life in by_code.items():
            for firm in ("Thornquay", "Fallowgate"):
                own = [one.period for one in spared if (one.firm, one.person, one.code) == (firm, person, code)]
                days = [any(day in period for period in own) for day in all_days()]
                assert days == spared_day_by_day(life, members_of(found, firm).get(person, ()), length)


def spared_day_by_day(life: Life, periods: Sequence[Period], length: int) -> list[bool]:
    left, found = 0, []
    was_counted = False
    for day in all_days():
        here, holds = any(day in period for period in periods), life.counts_on(day)
        if was_counted and not here:
            left = length
        left = 0 if here or not holds else left
        found.append(left > 0)
        left, was_counted = max(left - 1, 0), here and holds
    return found


@settings(max_examples=100, deadline=None)
@given(employments, lives, st.integers(0, 30), st.integers(1, 30))
def test_moves_account_for_what_growth_counts(reported: list[Employment], held: Lives, first: int, length: int) -> None:
    own = [stay for stay in stays(reported) if stay.firm == "Thornquay"]
    holders = [
        Holder(person, code, hold.period)
        for person, by_code in held.items()
        for code, life in by_code.items()
        for hold in life.holds
    ]
    start = all_days()[first]
    period = Period(start, start + timedelta(days=length))
    grown = growth(holders, [Membership(stay.person, stay.counted) for stay in own], period)
    found = moves(holders, own, period)
    brought = sum(len(one.brought) for one in found if one.left is None)
    taken = sum(len(one.taken) for one in found if one.joined is None)
    assert (brought, taken) == (grown.moved_in, grown.moved_out)


A = CATALOGUE.certifications["a"]
HELD = {"Ola": {"a": live(A, [Event(date(2025, 1, 8), EventKind.PASSED, expires_on=date(2027, 1, 8))])}}
AT_HOME = Employment(person="Ola", firm="Thornquay", office="Chicago", started=date(2024, 1, 8))
NINETY: Length = [(90, "day")]


def at_fallowgate(claimed_on: date | None) -> Employment:
    started = date(2025, 11, 3)
    return Employment(person="Ola", firm="Fallowgate", office="Leeds", started=started, claimed_on=claimed_on)


def test_a_credential_follows_on_the_day_and_the_old_firm_is_spared() -> None:
    found = stays([AT_HOME, at_fallowgate(None)])
    spared = sparings(HELD, found, NINETY)
    assert spared == (Sparing("Thornquay", "Ola", "a", Period(date(2025, 11, 3), date(2026, 2, 1))),)
    old, new = members_of(found, "Thornquay"), members_of(found, "Fallowgate")
    days = [date(2025, 11, 2), date(2025, 11, 3), date(2026, 1, 31), date(2026, 2, 1)]
    assert [heads(HELD, "a", old, spared, day) for day in days] == [Heads(1, 0), Heads(0, 1), Heads(0, 1), Heads(0, 0)]
    assert [heads(HELD, "a", new, (), day).held for day in days] == [0, 1, 1, 1]


def test_it_counts_for_nobody_until_it_is_claimed() -> None:
    home = Employment(
        person="Ola", firm="Thornquay", office="Chicago", started=AT_HOME.started, claimed_on=AT_HOME.started
    )
    found = stays([at_fallowgate(date(2025, 12, 1)), home], claim_needed=True)
    assert [str(stay.counted) for stay in found] == ["[2024-01-08, 2025-11-03)", "[2025-12-01, 9999-12-31)"]
    assert str(found[1].unclaimed) == "[2025-11-03, 2025-12-01)"
    never = stays([at_fallowgate(None)], claim_needed=True)[0]
    assert (never.counted.empty, never.unclaimed) == (True, never.period)


def test_a_claim_stays_good_at_another_office() -> None:
    began = date(2025, 3, 1)
    first = Employment(
        person="Ola", firm="Thornquay", office="Chicago", started=date(2025, 1, 1), claimed_on=date(2025, 1, 9)
    )
    second = Employment(person="Ola", firm="Thornquay", office="Austin", started=began)
    found = stays([second, first], claim_needed=True)
    assert members_of(found, "Thornquay") == {"Ola": [Period(date(2025, 1, 9), END_OF_TIME)]}
    assert sparings(HELD, found, NINETY) == ()


def test_who_changes_office_takes_along_what_is_held() -> None:
    second = Employment(person="Ola", firm="Thornquay", office="Austin", started=date(2025, 3, 1))
    found = stays([AT_HOME, second, at_fallowgate(None)])
    own = [stay for stay in found if stay.firm == "Thornquay"]
    holders = [Holder("Ola", "a", hold.period) for hold in HELD["Ola"]["a"].holds]
    assert moves(holders, own, Period(date(2024, 1, 1), date(2026, 1, 1))) == (
        Move(date(2024, 1, 8), "Ola", None, "Chicago", (), ()),
        Move(date(2025, 3, 1), "Ola", "Chicago", "Austin", ("a",), ("a",)),
        Move(date(2025, 11, 3), "Ola", "Austin", None, ("a",), ()),
    )


def test_what_lapses_on_the_day_of_leaving_is_not_spared() -> None:
    ends = Event(date(2025, 1, 8), EventKind.PASSED, expires_on=date(2025, 11, 3))
    held = {"Ola": {"a": live(A, [ends])}}
    assert sparings(held, stays([AT_HOME, at_fallowgate(None)]), NINETY) == ()
