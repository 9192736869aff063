"""What partners were promised, earned and used in money and credits, told from what is kept of each of them.

Nothing is summed over programs or currencies, and what cannot be told is None, never zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any, Final, Literal, NamedTuple

from django.db import connection
from django.db.models import Count, F, Min, Q
from django.db.models.fields.json import KeyTransform
from django.utils.translation import gettext as _

from swingby.program import Grant, grants
from swingby.program.model import Program
from swingby.web.clock import today
from swingby.web.domain.amounts import Amounts, summed
from swingby.web.domain.benefits import known_of
from swingby.web.domain.enrolled import not_ended
from swingby.web.domain.holdings import stored_holdings
from swingby.web.models import Enrolment, Organization, Standing

Sort = Literal["account", "incentive", "benefit", "cost"]
LAPSES_SOON: Final = timedelta(days=90)
#: The parts of a standing that are read; the whole of many is large.
_KEPT: Final = ("accounts", "incentives", "held", "tracks")


class Subject(NamedTuple):
    """What a figure is of: an account, an incentive, a benefit as it is granted, or a kind of cost."""

    program: str
    sort: Sort
    name: str
    unit: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Holding:
    """What one partner has of one subject; ``is_placed`` is false for what names no partner that is known."""

    subject: Subject
    label: str
    enrolment: str
    partner: str
    amounts: Amounts
    is_placed: bool = True


@dataclass(frozen=True, slots=True)
class Figure:
    """One subject of all partners that have it; ``unplaced`` is what of it names no partner that is known."""

    subject: Subject
    label: str
    partners: int
    amounts: Amounts
    unplaced: Amounts | None = None


def kept_holdings(owner: str, programs: Mapping[str, Program], *, on: date) -> Iterator[Holding]:
    """What each partner has by its newest standing, of those that are in a program now."""
    rows = (
        Standing.objects.filter(not_ended(on, at="enrolment"), owner_id=owner)
        .filter(enrolment__portfolio__as_of=F("as_of"), enrolment__portfolio__position=F("position"))
        .select_related("enrolment__partner")
        .defer("result")
        .annotate(**{f"kept_{name}": KeyTransform(name, "result") for name in _KEPT})
        .order_by("enrolment", "-id")
        .distinct("enrolment")
    )
    grant = _granting(programs, on)
    for row in rows.iterator(chunk_size=500):
        yield from _holdings(row, grant, on)


def assessed(owner: str, *, on: date) -> Mapping[str, tuple[date | None, int]]:
    """By program the earliest day of the newest standings of all who are in it, and how many have none yet."""
    here = Enrolment.objects.filter(not_ended(on), owner_id=owner).order_by()
    unknown = Count("pk", filter=Q(portfolio__as_of=None))
    rows = here.values_list("program").annotate(oldest=Min("portfolio__as_of"), unknown=unknown)
    return {program: (oldest, count) for program, oldest, count in rows}


def _granting(programs: Mapping[str, Program], on: date) -> Any:
    """The grants of a program for what is known of a partner; each asked once."""

    @cache
    def granted(program: str, known: tuple[tuple[str, str], ...]) -> tuple[Grant, ...]:
        return grants(programs[program], dict(known), on=on) if program in programs else ()

    return granted


def _holdings(row: Any, grant: Any, on: date) -> Iterator[Holding]:
    result = {name: getattr(row, f"kept_{name}") for name in _KEPT}
    program, who = row.enrolment.program_id, (row.enrolment_id, row.enrolment.partner.name)
    for account in stored_holdings(result, "accounts"):
        subject = Subject(program, "account", account["name"], account["unit"])
        yield Holding(subject, account["label"], *who, _account(account, on))
    for earned in stored_holdings(result, "incentives"):
        # Without a unit each record has a currency of its own, and the sum of them says nothing.
        value = Decimal(earned["value"]) if earned["unit"] else None
        subject = Subject(program, "incentive", earned["name"], earned["unit"])
        yield Holding(subject, earned["label"], *who, Amounts(earned=value))
    known = tuple(sorted(known_of(row.enrolment, result).items()))
    for each in grant(program, known):
        if each.words:
            yield Holding(Subject(program, "benefit", each.benefit, words=each.words), each.label, *who, Amounts())


def _account(row: Mapping[str, Any], on: date) -> Amounts:
    lots = row["lots"] if row["lots_total"] == len(row["lots"]) else None
    ends = [each for each in lots or () if each["expires"] and date.fromisoformat(each["expires"]) <= on + LAPSES_SOON]
    return Amounts(
        earned=Decimal(row["opened"]),
        used=Decimal(row["used"]),
        expired=Decimal(row["expired"]),
        lapsing=None if lots is None else sum((Decimal(each["left"]) for each in ends), Decimal(0)),
        left=Decimal(row["balance"]),
    )


def cost_holdings(owner: str, *, since: date, currency: str) -> Iterator[Holding]:
    """What was booked as spent since a day, by partner, kind and currency; None where a record has no amount.

    Parameters
    ----------
    currency
        Of records that say none: the program's. Nothing where programs have several; then these have no sum.
    """
    with connection.cursor() as cursor:
        cursor.execute(_COSTS, {"owner": owner, "since": since, "today": today(), "currency": currency})
        rows = cursor.fetchall()
    names = dict(Organization.objects.filter(pk__in={row[0] for row in rows}).values_list("pk", "name"))
    for partner, enrolment, kind, unit, amount in rows:
        label = kind.replace("_", " ").capitalize() or _("No kind is said")
        name = names.get(partner, partner) if partner else _("No partner that is known")
        used = Amounts(used=amount if unit else None)
        yield Holding(Subject("", "cost", kind, unit), label, enrolment, name, used, is_placed=partner is not None)


_COSTS = """
SELECT c.partner_org, coalesce(min(e.id), ''), c.kind, c.unit, CASE WHEN count(*) = count(c.amount) THEN sum(c.amount) END
FROM (SELECT partner_org, coalesce(kind, '') AS kind, coalesce(NULLIF(currency, ''), %(currency)s) AS unit,
        CASE WHEN count(*) = count(amount) THEN sum(amount) END AS amount FROM fact_costs
      WHERE owner_org = %(owner)s AND happened_on BETWEEN %(since)s AND %(today)s
        AND (cancelled_on IS NULL OR cancelled_on > %(today)s) AND reversed_position IS NULL GROUP BY 1, 2, 3) AS c
LEFT JOIN (SELECT partner_org, min(id) AS id FROM enrolments WHERE owner_org = %(owner)s GROUP BY 1) AS e USING (partner_org)
GROUP BY 1, 3, 4 ORDER BY 1 NULLS LAST, 3, 4
"""


def figures_of(holdings: Iterable[Holding]) -> tuple[Figure, ...]:
    """One figure for each subject, in the order in which subjects come first."""
    found: dict[Subject, list[Holding]] = {}
    for holding in holdings:
        found.setdefault(holding.subject, []).append(holding)
    return tuple(
        Figure(
            subject,
            rows[0].label,
            sum(row.is_placed for row in rows),
            summed(row.amounts for row in rows),
            next((row.amounts for row in rows if not row.is_placed), None),
        )
        for subject, rows in found.items()
    )
