"""Fill the pages of money from what is kept of partners, and write them as a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final, cast
from urllib.parse import urlencode

from django.db.models import Count, Q, Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from swingby.program import Program
from swingby.web.clock import today
from swingby.web.console.money_parts import (
    BudgetMoney,
    FigurePage,
    MoneyLine,
    MoneyPage,
    PartnerMoney,
    ProgramMoney,
    WaitingMoney,
)
from swingby.web.console.version_pages import guarded
from swingby.web.domain.enrolled import not_ended
from swingby.web.domain.errors import RefusedError
from swingby.web.domain.learning.vendors import vendor_catalogue
from swingby.web.domain.programs import loaded, version_in_force
from swingby.web.domain.queries.money import (
    Figure,
    Holding,
    Sort,
    Subject,
    assessed,
    cost_holdings,
    figures_of,
    kept_holdings,
)
from swingby.web.domain.queries.review_lines import OPEN_LINES
from swingby.web.domain.results import period_start
from swingby.web.enablement.voucher_pages import label_of
from swingby.web.models import (
    ActivityReport,
    ExceptionState,
    ReportState,
    ReviewLine,
    TierException,
    Voucher,
    VoucherBudget,
    VoucherState,
)
from swingby.web.models import Program as StoredProgram
from swingby.web.permissions import can_read_reports
from swingby.web.visibility import Actor

PAGE_ROWS: Final = 50
SORTS: Final[Mapping[str, str]] = {"account": "Account", "incentive": "Incentive", "benefit": "Benefit", "cost": "Cost"}
HEAD: Final = (
    "Program", "What", "Sort", "In", "Granted", "Partner", "Earned", "Used or paid", "Expired", "Expires within 90 days", "Left",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Told:
    """Everything that can be told of an owner's money on a day."""

    names: Mapping[str, str]
    holdings: tuple[Holding, ...]
    since: date


def _told(owner: str) -> _Told:
    day, rows = today(), StoredProgram.objects.filter(owner_id=owner).order_by("name", "id")
    names = dict(rows.values_list("pk", "name"))
    programs = {key: program for key in names if (program := _in_force(key, day))}
    first = next(iter(programs.values()), None)
    since = period_start(first, on=day) if first else day.replace(month=1, day=1)
    currencies = {program.header.currency for program in programs.values()}
    currency = currencies.pop() if len(currencies) == 1 else ""
    costs = cost_holdings(owner, since=since, currency=currency)
    return _Told(names, (*kept_holdings(owner, programs, on=day), *costs), since)


def _in_force(program: str, day: date) -> Program | None:
    try:
        return loaded(version_in_force(program, on=day))
    except RefusedError:
        return None


def money_page(owner: str, *, actor: Actor) -> MoneyPage:
    """Everything on one page."""
    told = _told(owner)
    figures = figures_of(told.holdings)
    known = assessed(owner, on=today())
    return MoneyPage(
        programs=tuple(
            ProgramMoney(
                name=name,
                oldest=known.get(key, (None, 0))[0],
                unknown=known.get(key, (None, 0))[1],
                paid=_lines(owner, figures, key, ("account", "incentive")),
                granted=_lines(owner, figures, key, ("benefit",)),
            )
            for key, name in told.names.items()
        ),
        costs=_lines(owner, figures, "", ("cost",)),
        costs_since=told.since,
        budgets=tuple(_budgets(owner)),
        waiting=tuple(row for row in _waiting(owner, actor) if row.count),
        file_url=reverse("console:money_file", args=[owner]),
        vouchers_url=reverse("console:vouchers", args=[owner]),
        versions_url=reverse("console:versions", args=[owner]),
    )


def _lines(owner: str, figures: Iterable[Figure], program: str, sorts: tuple[Sort, ...]) -> tuple[MoneyLine, ...]:
    asked = [row for row in figures if row.subject.program == program and row.subject.sort in sorts]
    return tuple(
        MoneyLine(
            label=row.label,
            partners=row.partners,
            url=_url(owner, row.subject),
            unit=row.subject.unit,
            words=row.subject.words,
            amounts=row.amounts,
            unplaced=row.unplaced,
        )
        for row in sorted(asked, key=lambda row: (row.label, row.subject.unit, -row.partners))
    )


def _url(owner: str, subject: Subject, *, page: int = 1, name: str = "console:money_partners") -> str:
    asked = {key: word for key, word in subject._asdict().items() if word} | ({"page": page} if page > 1 else {})
    return f"{reverse(name, args=[owner])}?{urlencode(asked)}"


def _budgets(owner: str) -> Iterator[BudgetMoney]:
    """Budgets of vouchers with what of them was used, and what expired unused."""
    labels, day = vendor_catalogue(owner), today()
    unused = Q(expires_on__lt=day) & ~Q(state=VoucherState.USED)
    spent = {
        row["budget"]: row
        for row in Voucher.objects.filter(budget__organization_id=owner)
        .values("budget")
        .annotate(used=Sum("price", filter=Q(state=VoucherState.USED)), expired=Sum("price", filter=unused))
    }
    for row in VoucherBudget.objects.filter(organization_id=owner).order_by("-year", "vendor", "code"):
        found: Mapping[str, Any] = spent.get(row.pk, {})
        yield BudgetMoney(
            label=label_of(row.code, labels) if row.code else labels.vendors.get(row.vendor, row.vendor),
            year=row.year,
            currency=row.currency,
            amount=row.amount,
            given=row.given,
            used=found.get("used") or Decimal(0),
            expired=found.get("expired") or Decimal(0),
            left=row.amount - row.given,
        )


def _waiting(owner: str, actor: Actor) -> Iterator[WaitingMoney]:
    """What may become money once somebody decides."""
    reports = ActivityReport.objects.filter(owner_id=owner, state=ReportState.SUBMITTED)
    waiting = reports.aggregate(count=Count("pk"), partners=Count("partner", distinct=True))
    note = _("of %(partners)s partners") % waiting if waiting["partners"] > 1 else ""
    url = reverse("console:reports", args=[owner]) if can_read_reports(actor, owner=owner) else ""
    yield WaitingMoney(label=_("Activity reports"), count=waiting["count"], url=url, note=note)
    moves = ReviewLine.objects.filter(not_ended(today(), at="enrolment"), owner_id=owner, state__in=OPEN_LINES)
    reviews = reverse("console:review_list", args=[owner])
    for direction, label in (("up", _("Rises of a tier")), ("down", _("Falls of a tier"))):
        yield WaitingMoney(label=label, count=moves.filter(direction=direction).count(), url=reviews)
    exceptions = TierException.objects.filter(owner_id=owner)
    url = reverse("console:exceptions", args=[owner])
    asked = exceptions.filter(state=ExceptionState.ASKED).count()
    yield WaitingMoney(label=_("Tiers by exception that were asked for"), count=asked, url=url)
    granted = exceptions.filter(state=ExceptionState.GRANTED, first__lte=today(), until__gt=today()).count()
    note = _("They are granted; what they grant counts above.")
    yield WaitingMoney(label=_("Tiers held by exception today"), count=granted, url=url, note=note)


# --- one figure -----------------------------------------------------------------------------------------------------


def subject_of(asked: Mapping[str, str]) -> Subject | None:
    """What an address asks for; None where it asks for nothing in particular."""
    words = [asked.get(name, "").replace("\0", "") for name in Subject._fields]
    return Subject(words[0], cast("Sort", words[1]), *words[2:]) if words[1] in SORTS else None


def figure_page(owner: str, subject: Subject, *, page: int) -> FigurePage | None:
    """The partners behind a figure; a page behind the last one is the last one. None if nobody has anything of it."""
    told = _told(owner)
    holdings = sorted((row for row in told.holdings if row.subject == subject), key=_largest_first)
    if not holdings:
        return None
    figure, last = figures_of(holdings)[0], -(-len(holdings) // PAGE_ROWS)
    page = min(page, last)
    return FigurePage(
        label=figure.label,
        program=told.names.get(subject.program, ""),
        unit=subject.unit,
        words=subject.words,
        is_account=subject.sort == "account",
        is_cost=subject.sort == "cost",
        total=figure.partners,
        lines=tuple(
            PartnerMoney(partner=row.partner, url=_partner_url(owner, row), amounts=row.amounts)
            for row in holdings[(page - 1) * PAGE_ROWS : page * PAGE_ROWS]
        ),
        amounts=figure.amounts,
        money_url=reverse("console:money", args=[owner]),
        file_url=_url(owner, subject, name="console:money_file"),
        before_url=_url(owner, subject, page=page - 1) if page > 1 else "",
        after_url=_url(owner, subject, page=page + 1) if page < last else "",
    )


def _largest_first(row: Holding) -> tuple[Decimal, str]:
    amounts = row.amounts
    first = next((each for each in (amounts.left, amounts.earned, amounts.used) if each is not None), Decimal(0))
    return -first, row.partner


def _partner_url(owner: str, row: Holding) -> str:
    if not row.enrolment:
        return ""
    return reverse("console:partner" if row.subject.sort == "cost" else "console:benefits", args=[owner, row.enrolment])


# --- as a file ------------------------------------------------------------------------------------------------------


def money_file(owner: str, subject: Subject | None) -> str:
    """What each partner has, of one figure or of all, as CSV."""
    told, text = _told(owner), io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEAD)
    for row in told.holdings:
        if subject is None or row.subject == subject:
            writer.writerow([guarded(cell) for cell in _cells(row, told.names)])
    return text.getvalue()


def _cells(row: Holding, names: Mapping[str, str]) -> tuple[str, ...]:
    subject, amounts = row.subject, row.amounts
    numbers = (amounts.earned, amounts.used, amounts.expired, amounts.lapsing, amounts.left)
    said = (names.get(subject.program, ""), row.label, SORTS[subject.sort], subject.unit, subject.words, row.partner)
    return (*said, *("" if each is None else f"{each.normalize():f}" for each in numbers))
