"""Exams that were sat and are booked, vouchers, and hours of study."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from random import Random

from swingby.generation.firm.description import LEVELS, Firm, path_code
from swingby.generation.firm.drawing import chance, day_between, stream
from swingby.generation.firm.histories import Credential, Learning
from swingby.generation.firm.rows import Row, known
from swingby.generation.firm.staff import Person
from swingby.generation.firm.trials import Seat

BOOKED_BEFORE = timedelta(days=21)
VOUCHER_DAYS = timedelta(days=180)
WITH_VOUCHER = 0.3
FAILED_SEATS = 0.55
STUDY_WEEKS = 10


@dataclass(frozen=True, slots=True)
class Attempt:
    """One exam that somebody sat."""

    person: str
    vendor: str
    role: str
    level: str
    sat_on: date
    has_passed: bool

    @property
    def code(self) -> str:
        """The learning path."""
        return path_code(self.vendor, self.role, self.level)


def draw_attempts(firm: Firm, seed: str, learning: Learning) -> list[Attempt]:
    """Every exam since the first day: those passed, and as many failed ones as the pass rates say."""
    random = stream(seed, "attempts")
    people = {person.key: person for person in learning.staff}
    earned = [item for item in learning.credentials if item.origin.year and not item.origin.is_brought]
    passed = [_attempt(item, item.starts_on, has_passed=True) for item in earned]
    seats = [_of_seat(random, seat, people[seat.person]) for seat in learning.trials.seats if not seat.passed]
    failed = []
    for level in LEVELS:
        missing = _failures(sum(item.level == level for item in earned), firm.levels[level].pass_rate)
        at_seats = [item for item in seats if item.level == level and chance(random, FAILED_SEATS)][:missing]
        failed += at_seats
        failed += _before_passing(firm, random, earned, people, level=level, count=missing - len(at_seats))
    return sorted([*passed, *failed], key=lambda item: (item.sat_on, item.person, item.code))


def _failures(passed: int, rate: Decimal) -> int:
    """How many failed beside those who passed."""
    return int((passed / rate).quantize(Decimal(1), ROUND_HALF_UP)) - passed


def _attempt(item: Credential, on: date, *, has_passed: bool) -> Attempt:
    return Attempt(item.person, item.vendor, item.role, item.level, on, has_passed)


def _of_seat(random: Random, seat: Seat, person: Person) -> Attempt:
    """An exam that was failed in the time of the study groups."""
    first = seat.round.drawn_on + timedelta(days=30)
    day = _weekday(day_between(random, first, seat.round.drawn_on + timedelta(days=88)))
    return Attempt(seat.person, seat.vendor, person.role, seat.level, day, has_passed=False)


def _before_passing(
    firm: Firm, random: Random, earned: Sequence[Credential], people: dict[str, Person], *, level: str, count: int
) -> list[Attempt]:
    """Exams that were failed some weeks before they were passed."""
    found: list[Attempt] = []
    able = [item for item in earned if item.level == level]
    while len(found) < count:
        item = random.choice(able)
        day = _weekday(item.starts_on - timedelta(days=random.randrange(15, 60)))
        if day >= max(firm.first, people[item.person].joined_on):
            found.append(_attempt(item, day, has_passed=False))
    return found


def _weekday(day: date) -> date:
    return day - timedelta(days=max(0, day.weekday() - 4))


def attempts(firm: Firm, seed: str, sat: Sequence[Attempt]) -> Iterator[tuple[str, Row]]:
    """Each exam with its booking, and the voucher that some were paid with, as (table, row)."""
    random = stream(seed, "bookings")
    for nth, item in enumerate(sat, start=1):
        voucher = f"v{nth:04}" if firm.levels[item.level].fee and chance(random, WITH_VOUCHER) else None
        booked_on = item.sat_on - BOOKED_BEFORE
        yield (
            "exams_booked",
            _booking(f"b{nth:04}", item.person, item.code, starts_on=booked_on, ends_on=item.sat_on, voucher=voucher),
        )
        row: Row = {
            "fact_id": f"exam-{nth:04}",
            "person": item.person,
            "code": item.code,
            "outcome": "passed" if item.has_passed else "failed",
            "voucher": voucher,
            "happened_on": item.sat_on,
        }
        yield "attempts", known(row, item.sat_on, "academy")
        if voucher:
            yield from _voucher(
                firm, voucher, item.vendor, item.level, given_on=booked_on - timedelta(days=20), used_on=item.sat_on
            )


def _booking(key: str, person: str, code: str, *, starts_on: date, ends_on: date, voucher: str | None = None) -> Row:
    row: Row = {
        "fact_id": key,
        "person": person,
        "code": code,
        "voucher": voucher,
        "starts_on": starts_on,
        "ends_on": ends_on,
    }
    return known(row, starts_on, "academy")


def _voucher(
    firm: Firm, key: str, vendor: str, level: str, *, given_on: date, used_on: date | None = None
) -> Iterator[tuple[str, Row]]:
    """A voucher that lapses after half a year; used ones end on the day of the exam."""
    row: Row = {
        "fact_id": f"voucher-{key}",
        "organization": firm.key,
        "voucher": key,
        "vendor": vendor,
        "level": level,
        "fee": firm.levels[level].fee,
        "currency": "USD",
        "outcome": None,
        "starts_on": given_on,
        "ends_on": given_on + VOUCHER_DAYS,
    }
    yield "vouchers", known(row, given_on, "vendors")
    if used_on:
        used = {**row, "fact_id": f"voucher-{key}-used", "outcome": "used", "ends_on": used_on}
        yield "vouchers", known(used, used_on, "academy", f"voucher-{key}")


def ahead(firm: Firm, seed: str, learning: Learning) -> Iterator[tuple[str, Row]]:
    """Exams that are booked for after today, and vouchers that nobody has used, as (table, row)."""
    random = stream(seed, "ahead")
    people = {person.key: person for person in learning.staff}
    held = {(item.person, item.vendor, item.level) for item in learning.credentials}
    seats = [seat for seat in learning.trials.seats if people[seat.person].left_on is None]
    open_ = [seat for seat in seats if (seat.person, seat.vendor, seat.level) not in held]
    for nth, seat in enumerate(random.sample(open_, firm.exams["booked"]), start=1):
        code = path_code(seat.vendor, people[seat.person].role, seat.level)
        booked_on = _weekday(firm.today - timedelta(days=random.randrange(1, 30)))
        sits_on = _weekday(firm.today + timedelta(days=random.randrange(4, 75)))
        yield "exams_booked", _booking(f"n{nth:03}", seat.person, code, starts_on=booked_on, ends_on=sits_on)
    for nth in range(firm.exams["vouchers_left"] + firm.exams["vouchers_lapsed"]):
        is_left = nth < firm.exams["vouchers_left"]
        age = random.randrange(5, 150) if is_left else random.randrange(200, 500)
        vendor = random.choice([vendor.key for vendor in firm.vendors.values() if vendor.outlook == "actual"])
        given_on = firm.today - timedelta(days=age)
        yield from _voucher(firm, f"u{nth:03}", vendor, random.choice(LEVELS[1:]), given_on=given_on)


def study_hours(firm: Firm, seed: str, learning: Learning) -> Iterator[Row]:
    """Hours in the weeks before an exam was passed: about what the path takes, in halves of an hour."""
    random = stream(seed, "study")
    people = {person.key: person for person in learning.staff}
    for item in learning.credentials:
        if not item.origin.year or item.origin.is_brought:
            continue
        level, code = firm.levels[item.level], path_code(item.vendor, item.role, item.level)
        hours = level.hours * firm.roles[item.role] * firm.vendors[item.vendor].factor
        parts = random.randrange(3, 7)
        for nth in range(parts):
            back = random.randrange(7 * STUDY_WEEKS * nth // parts, 7 * STUDY_WEEKS * (nth + 1) // parts) + 1
            day = max(item.starts_on - timedelta(days=back), people[item.person].joined_on)
            row: Row = {
                "fact_id": f"study-{item.person}-{code}-{nth}",
                "person": item.person,
                "code": code,
                "hours": _halves(hours / parts * Decimal(random.randrange(80, 121)) / 100),
                "happened_on": day,
            }
            yield known(row, day, "timesheets")


def _halves(hours: Decimal) -> Decimal:
    return max(Decimal("0.5"), (hours * 2).quantize(Decimal(1), ROUND_HALF_UP) / 2)
