"""Fill the page of deals from what is stored; the number of statements is the same however many deals there are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from math import ceil
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from swingby.web.clock import today
from swingby.web.design.parts import Link
from swingby.web.domain.queries.partner_deals import (
    Customer,
    Deal,
    customers_of,
    deals_by_state,
    deals_of,
    points_by_fact,
)
from swingby.web.domain.queries.people_counts import rules_by_record
from swingby.web.domain.queries.registrations import live_registrations
from swingby.web.models import Enrolment, Scorecard
from swingby.web.portal.ahead import words_of
from swingby.web.portal.deals_parts import CustomerRow, DealRow, DealsPage
from swingby.web.portal.registration_pages import partner_rows, register_door
from swingby.web.portal.scorecard_pages import Doors, card_of, is_behind
from swingby.web.visibility import Actor

PAGE_DEALS = 16
#: So many registrations that wait or protect stand above them; all have a page of their own.
MOST_REGISTERED = 5
#: An open deal without news for longer is marked.
SILENT_DAYS = 60
STATES = ("open", "won", "lost")
KINDS = ("deals", "deal_lines", "deal_parties")
_MOST_WORDS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class DealsQuestion:
    """What somebody asked the deals for. Words that it does not know ask for nothing."""

    state: str = ""
    customer: str = ""
    page: int = 1

    def asked(self) -> dict[str, str]:
        """The question as an address says it, without its page."""
        return {name: value for name in ("state", "customer") if (value := getattr(self, name))}


@dataclass(frozen=True, slots=True)
class _Counting:
    """What the records of deals count for: the ways to numbers, and points."""

    links: Mapping[str, tuple[Link, ...]]
    points: Mapping[str, Decimal]


def question_of(asked: Mapping[str, Any]) -> DealsQuestion:
    """Read a question from an address; what makes no sense is left out."""
    state, page = (str(asked.get(name, "")) for name in ("state", "page"))
    return DealsQuestion(
        state=state if state in STATES else "",
        customer=str(asked.get("customer", "")).replace("\0", "").strip()[:_MOST_WORDS],
        page=int(page) if page.isdecimal() and len(page) < 7 and int(page) else 1,  # noqa: PLR2004 - no list is longer
    )


def deals_page(enrolment: Enrolment, question: DealsQuestion, *, actor: Actor) -> DealsPage:
    """The page of one question; a page behind the last one is the last one."""
    card, standing = card_of(enrolment)
    counts = deals_by_state(enrolment, customer=question.customer)
    found = counts.get(question.state, 0) if question.state else sum(counts.values())
    page = min(question.page, max(ceil(found / PAGE_DEALS), 1))
    start = (page - 1) * PAGE_DEALS
    deals = deals_of(enrolment, customer=question.customer, state=question.state, start=start, most=PAGE_DEALS)
    counting = _counting(enrolment, card, deals)
    customers, all_customers = customers_of(enrolment, customer=question.customer)
    return DealsPage(
        program=enrolment.program.name,
        vendor=enrolment.owner.name,
        is_behind=is_behind(card, standing),
        deals=tuple(_deal(deal, counting) for deal in deals),
        found=found,
        states=_states(counts, question.state),
        customer=question.customer,
        before_url=_address(enrolment, question, page - 1) if page > 1 else "",
        after_url=_address(enrolment, question, page + 1) if start + len(deals) < found else "",
        clear_url=Doors(enrolment).to("deals") if question.asked() else "",
        registered=partner_rows(live_registrations(enrolment, most=MOST_REGISTERED)),
        registered_url=Doors(enrolment).to("registrations"),
        register_url=register_door(enrolment, actor=actor),
        customers=tuple(map(_customer, customers)),
        more_customers=all_customers - len(customers),
    )


def _counting(enrolment: Enrolment, card: Scorecard | None, deals: Sequence[Deal]) -> _Counting:
    facts = {fact for deal in deals for fact in deal.facts}
    labels = {row["name"]: row["label"] for row in card.numbers} if card else {}
    doors = Doors(enrolment)
    rules = rules_by_record(enrolment, kinds=KINDS, records=facts)
    links = {
        fact: tuple(
            Link(label=labels[rule], href=doors.to("scorecard_number", rule)) for rule in each if rule in labels
        )
        for fact, each in rules.items()
    }
    return _Counting(links, points_by_fact(enrolment, facts))


def _deal(deal: Deal, counting: _Counting) -> DealRow:
    silent = (today() - deal.heard_on).days
    links = [link for fact in deal.facts for link in counting.links.get(fact, ())]
    points = [counting.points[fact] for fact in deal.facts if fact in counting.points]
    return DealRow(
        name=deal.customer,
        reference=deal.deal,
        state=deal.state,
        stage=words_of(deal.stage),
        since=deal.since,
        products=_listed(deal.products),
        amount=_whole(deal.amount),
        currency=deal.currency,
        roles=_listed(deal.roles),
        silent_days=silent if deal.state == "open" and silent > SILENT_DAYS else 0,
        points=sum(points, Decimal(0)) if points else None,
        counts_for=tuple({link.href: link for link in links}.values()),
    )


def _customer(row: Customer) -> CustomerRow:
    last = row.ends_on - timedelta(days=1) if row.ends_on else None
    return CustomerRow(
        name=row.customer,
        kinds=_listed(row.kinds),
        product=words_of(row.product),
        last_day=last,
        days=_days_until(last),
        amount=_whole(row.amount),
        currency=row.currency,
    )


def _days_until(day: date | None) -> int:
    return (day - today()).days if day else 0


def _listed(words: Iterable[str]) -> str:
    return ", ".join(map(words_of, words))


def _whole(amount: Decimal | None) -> Decimal | None:
    # Added to zero, a little below zero is no zero with a sign.
    return None if amount is None else amount.quantize(Decimal(1), rounding=ROUND_HALF_UP) + 0


def _states(counts: Mapping[str, int], chosen: str) -> tuple[tuple[str, str, bool], ...]:
    words = {"": _("All"), "open": _("Open"), "won": _("Won"), "lost": _("Lost or ended")}
    numbers = {**counts, "": sum(counts.values())}
    return tuple((key, f"{said} ({numbers.get(key, 0)})", key == chosen) for key, said in words.items())


def _address(enrolment: Enrolment, question: DealsQuestion, page: int) -> str:
    asked = {**question.asked(), **({"page": str(page)} if page > 1 else {})}
    address = Doors(enrolment).to("deals")
    return f"{address}?{urlencode(asked)}" if asked else address
