"""What a firm or a vendor has in vouchers: sums, what expires unused, and what it would cost to cover what is missing."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

from swingby.enablement import Catalogue, Cell, State
from swingby.web.clock import today
from swingby.web.domain.learning.others import others_of
from swingby.web.domain.learning.records import told_records
from swingby.web.domain.learning.steps import Learning, learning_of
from swingby.web.domain.vouchers.budgets import money_words
from swingby.web.models import Enrolment, Learner, Person, Voucher, VoucherBudget, VoucherCode, VoucherState

SOON: Final = timedelta(days=90)
#: Where somebody is who may need a voucher next.
WAITING: Final = (State.BOOKED, State.IN_PROGRESS, State.PLANNED)


@dataclass(frozen=True, slots=True)
class Cover:
    """What the exams cost that are missing. ``free`` of them are paid for by vouchers that nobody has yet."""

    exams: int
    free: int
    cost: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class FirmVouchers:
    """Everything of a firm on a day, the codes of those who may be read included.

    ``counted_at`` says when it was counted what is missing, in a firm so large that a job counts it.
    """

    day: date
    rows: tuple[VoucherCode, ...]
    waiting: tuple[Learning, ...]
    cover: Cover
    counted_at: datetime | None = None

    def expiring(self) -> list[Voucher]:
        """Not used, and on the way to expire."""
        return [row.voucher for row in self.rows if _is_open(row.voucher) and _ends(row.voucher, self.day, SOON)]

    def expired(self) -> list[Voucher]:
        """Not used, and expired this year."""
        rows = (row.voucher for row in self.rows if _is_open(row.voucher))
        return [row for row in rows if row.expires_on < self.day and row.expires_on.year == self.day.year]


@dataclass(frozen=True, slots=True)
class PartnerGifts:
    """What a vendor gave one partner: how many are free, given and used, never by whom."""

    partner: str
    name: str
    rows: tuple[Voucher, ...]
    free: int
    given: int
    used: int
    expired: int


def gifts_to_partners(owner: str) -> tuple[PartnerGifts, ...]:
    """What a vendor gave each of its partners, by their names."""
    names = dict(Enrolment.objects.filter(owner_id=owner).values_list("partner_id", "partner__name"))
    found: defaultdict[str, list[Voucher]] = defaultdict(list)
    for row in Voucher.objects.filter(owner_id=owner).exclude(partner_id=owner):
        found[row.partner_id].append(row)
    gifts = (_gifts(key, names.get(key, key), rows) for key, rows in found.items())
    return tuple(sorted(gifts, key=lambda one: one.name))


def budgets_of(organization: str) -> tuple[VoucherBudget, ...]:
    """Budgets of this year and the next."""
    rows = VoucherBudget.objects.filter(organization_id=organization, year__gte=today().year)
    return tuple(rows.order_by("year", "vendor", "code"))


def holder_of(row: VoucherCode) -> Person | None:
    """Who has it or used it; nobody once it was given back."""
    return row.person if row.voucher.state in {VoucherState.GIVEN, VoucherState.USED} else None


def firm_vouchers(firm: str, catalogue: Catalogue) -> FirmVouchers:
    """What those who give vouchers see of their firm."""
    day, others = today(), others_of(firm, catalogue)
    records = told_records(firm, catalogue, day, linked=True)
    rows = tuple(
        VoucherCode.objects.select_related("voucher", "voucher__owner", "person")
        .filter(partner_id=firm)
        .order_by("voucher__expires_on", "voucher_id")
    )
    free = [row.voucher for row in rows if is_free(row.voucher, day)]
    return FirmVouchers(
        day=day,
        rows=rows,
        waiting=_without(learning_of(records, firm, day), rows, firm),
        cover=cover_of(others.cells.values(), catalogue, free),
        counted_at=others.counted_at,
    )


def cover_of(cells: Iterable[Cell], catalogue: Catalogue, free: Sequence[Voucher]) -> Cover:
    """What it costs to cover what is missing, by the fees of the catalogue; a free voucher covers one exam."""
    left, exams, covered, cost = list(free), 0, 0, Decimal(0)
    for cell in cells:
        good = [row for row in left if cell.code in row.codes][: cell.uncovered]
        left = [row for row in left if row not in good]
        exams, covered = exams + cell.uncovered, covered + len(good)
        cost += (cell.uncovered - len(good)) * catalogue.certifications[cell.code].fee
    return Cover(exams, covered, cost, catalogue.currency)


def is_free(row: Voucher, day: date) -> bool:
    """Whether it may be given on a day."""
    return row.state in {VoucherState.FREE, VoucherState.RETURNED} and row.expires_on >= day


def is_lost(row: Voucher, day: date) -> bool:
    """Whether it expired before anybody used it."""
    return _is_open(row) and row.expires_on < day


def sums_of(rows: Iterable[Voucher]) -> str:
    """What vouchers cost, by currency; nothing is converted."""
    sums: Mapping[str, Decimal] = _sums(rows)
    return ", ".join(money_words(amount, currency) for currency, amount in sorted(sums.items()))


def _gifts(partner: str, name: str, rows: Sequence[Voucher]) -> PartnerGifts:
    day = today()
    counted = Counter(row.state for row in rows if not is_lost(row, day))
    return PartnerGifts(
        partner=partner,
        name=name,
        rows=tuple(rows),
        free=sum(is_free(row, day) for row in rows),
        given=counted[VoucherState.GIVEN],
        used=counted[VoucherState.USED],
        expired=sum(is_lost(row, day) for row in rows),
    )


def _sums(rows: Iterable[Voucher]) -> Mapping[str, Decimal]:
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    for row in rows:
        sums[row.currency] += row.price
    return sums


def _is_open(row: Voucher) -> bool:
    return row.state != VoucherState.USED


def _ends(row: Voucher, day: date, span: timedelta) -> bool:
    return day <= row.expires_on <= day + span


def _without(found: Iterable[Learning], rows: Iterable[VoucherCode], firm: str) -> tuple[Learning, ...]:
    """Who is on the way to an exam and has no voucher for it; who has booked it comes first.

    It looks at what anybody in the firm may know, so that nobody reads out of it how an exam ended.
    """
    people = dict(Learner.objects.filter(organization_id=firm).values_list("key", "person_id"))
    given = {(row.person_id, row.given_for) for row in rows if row.voucher.state == VoucherState.GIVEN}
    booked = {(row.person_id, row.given_for) for row in rows if row.booking_id}
    waiting = [one for one in found if one.state in WAITING and one.person in people]
    lacking = [
        one
        for one in waiting
        if (who := (people[one.person], one.code)) not in given and (one.state is not State.BOOKED or who not in booked)
    ]
    return tuple(sorted(lacking, key=lambda one: (WAITING.index(one.state), one.code, one.person)))
