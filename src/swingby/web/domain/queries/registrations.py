"""Registrations beside each other: who else registered the same customer, and what the vendor knows of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from django.db import connection
from django.db.models import F, Q, QuerySet

from swingby.web.clock import today
from swingby.web.domain.customer_names import comparable_name, is_same_domain
from swingby.web.domain.programs import loaded, version_in_force
from swingby.web.models import DealOutcome, DealRegistration, Enrolment, RegistrationState

S = RegistrationState
MOST_ALIKE = 20
LIVE = (S.WAITING, S.RETURNED)
#: Registrations that no longer say anything about a customer.
_OVER = (S.WITHDRAWN, S.RETURNED)


def protected_now() -> Q:
    """Approved, in time, and still under way."""
    return Q(state=S.APPROVED, protected_until__gte=today(), progress__outcome=DealOutcome.OPEN)


def registrations_of(enrolment: Enrolment) -> QuerySet[DealRegistration]:
    """A partner's registrations with what a page shows of each, the newest first."""
    rows = DealRegistration.objects.select_related("partner", "registered_by", "progress")
    return rows.filter(enrolment=enrolment).order_by("-registered_at", "id")


def live_registrations(enrolment: Enrolment, *, most: int) -> tuple[DealRegistration, ...]:
    """Those that wait for somebody, and those that protect, the next end first."""
    rows = registrations_of(enrolment).filter(Q(state__in=LIVE) | protected_now())
    return tuple(rows.order_by(F("protected_until").asc(nulls_first=True), "answer_due", "id")[:most])


def alike_registrations(registration: DealRegistration) -> tuple[DealRegistration, ...]:
    """Other partners' registrations of the same customer by name or domain, as the open scope sees them; the first first."""
    others = (
        DealRegistration.objects.select_related("partner", "progress")
        .filter(owner_id=registration.owner_id)
        .exclude(Q(pk=registration.pk) | Q(enrolment=registration.enrolment_id) | Q(state__in=_OVER))
    )
    same = Q(alike=registration.alike)
    for domain in _domains(registration.website):
        same |= Q(website=domain) | Q(website__endswith=f".{domain}")
    found = others.filter(same).order_by("registered_at", "id")[:MOST_ALIKE]
    return tuple(each for each in found if _is_alike(registration, each))


def _domains(website: str) -> Sequence[str]:
    """The domain and those above it, down to two parts."""
    parts = website.split(".") if website else []
    return [".".join(parts[start:]) for start in range(max(len(parts) - 1, 0))]


def _is_alike(one: DealRegistration, other: DealRegistration) -> bool:
    return one.alike == other.alike or is_same_domain(one.website, other.website)


def protected_alike(registration: DealRegistration) -> tuple[DealRegistration, ...]:
    """Those among them that are protected today."""
    found = alike_registrations(registration)
    protected = DealRegistration.objects.filter(protected_now(), pk__in=[each.pk for each in found])
    keys = set(protected.values_list("pk", flat=True))
    return tuple(each for each in found if each.pk in keys)


def registered_before(registration: DealRegistration) -> DealRegistration | None:
    """The partner's own registration of the same customer that is not over."""
    live = Q(state__in=LIVE) | protected_now()
    mine = DealRegistration.objects.filter(live, enrolment=registration.enrolment_id).exclude(pk=registration.pk)
    return mine.filter(alike=registration.alike).order_by("registered_at").first()


class Known(NamedTuple):
    """A customer on the vendor's list, how many deals the records hold of it, and the newest news of them."""

    name: str
    deals: int
    stage: str
    day: date | None


def known_deals(registration: DealRegistration) -> Known | None:
    """What the vendor's records hold of the customer of a registration, if its name is on the list once."""
    key = known_customer(registration.owner_id, registration.customer)
    if not key:
        return None
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN, {"owner": registration.owner_id, "customer": key, "today": today()})
        return Known(*cursor.fetchone())


_KNOWN = """
SELECT c.name, count(DISTINCT f.deal), coalesce((array_agg(f.stage ORDER BY f.happened_on DESC, f.position DESC))[1], ''),
  max(f.happened_on)
FROM ref_customers AS c LEFT JOIN fact_deals AS f ON f.owner_org = c.owner_org AND f.customer = c.customer
  AND f.reversed_position IS NULL AND f.happened_on <= %(today)s
WHERE c.owner_org = %(owner)s AND c.customer = %(customer)s GROUP BY c.name
"""


def known_customer(owner: str, name: str) -> str:
    """The key of the one customer on the owner's list that is called so; nothing if none or several are."""
    wanted = comparable_name(name)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT customer, name FROM ref_customers WHERE owner_org = %s AND lower(name) LIKE %s",
            [owner, f"{_first_letters(name)}%"],
        )
        found = {key for key, known in cursor.fetchall() if comparable_name(known or "") == wanted}
    return found.pop() if len(found) == 1 else ""


def _first_letters(name: str) -> str:
    """Enough of a name to find it by without reading every customer; marks of patterns stand for themselves."""
    return name.strip().lower()[:2].replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def currencies_of(enrolment: Enrolment) -> tuple[str, ...]:
    """The program's currency first, then those that the owner's rates know."""
    own = loaded(version_in_force(enrolment.program_id, on=today())).header.currency
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT currency FROM ref_exchange_rates WHERE owner_org = %s ORDER BY 1", [enrolment.owner_id]
        )
        known = [row[0] for row in cursor.fetchall()]
    return tuple(dict.fromkeys([*([own] if own else []), *known]))
