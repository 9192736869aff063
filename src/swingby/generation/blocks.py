"""Every table of one block of partners, drawn one after the other and recorded."""

from __future__ import annotations

from collections.abc import Iterator

from swingby.generation.certificates import credential_table, draw_certificates, gone_with_advanced
from swingby.generation.columns import Table, texts
from swingby.generation.customers import customer_tables
from swingby.generation.deal_tables import (
    in_crm,
    line_table,
    party_table,
    point_of_sale_table,
    stage_table,
    through_distributors,
)
from swingby.generation.deals import bookings_by_quarter, bookings_by_year, draw_deals, growth_by_quarter
from swingby.generation.decisions import decision_table
from swingby.generation.mess import IDS, recorded
from swingby.generation.money import Rates
from swingby.generation.organizations import draw_changes, organization_tables
from swingby.generation.partners import Block
from swingby.generation.people import draw_people, people_tables
from swingby.generation.vendor_side import (
    agreement_table,
    assignment_table,
    cost_table,
    target_table,
    touch_table,
)
from swingby.generation.work import activity_table, survey_table
from swingby.generation.yearly_check import check_years, discounts, tier_decisions


def draw_tables(block: Block, rates: Rates) -> Iterator[Table]:
    """Every table of a block; those of facts with ids, sources and times of recording."""
    for table in _tables(block, rates):
        if table.name in IDS:
            yield from recorded(block, table)
        else:
            yield table


def _tables(block: Block, rates: Rates) -> Iterator[Table]:
    people = draw_people(block)
    found = draw_certificates(block, people)
    deals = draw_deals(block, rates)
    checked = check_years(block, people, found, deals)
    yield from organization_tables(block, draw_changes(block))
    yield from people_tables(block, people, gone_with_advanced(block, people, found))
    yield _mails(block, people.count, people.partner.tolist())
    yield credential_table(block, people, found)
    yield assignment_table(block, people, found)
    yield activity_table(block, people)
    yield survey_table(block)
    yield tier_decisions(block, checked).followed_by(decision_table(block))
    booked = bookings_by_quarter(block, deals)
    yield touch_table(block, growth_by_quarter(booked))
    yield cost_table(block, checked, booked)
    yield target_table(block, bookings_by_year(block, deals))
    yield agreement_table(block)
    yield point_of_sale_table(block, rates, through_distributors(block, deals))
    known = in_crm(block, deals)
    yield stage_table(block, rates, known)
    yield party_table(block, known)
    yield line_table(block, rates, known, discounts(block, checked, known))
    yield from customer_tables(block, rates, known)


def _mails(block: Block, count: int, partner: list[int]) -> Table:
    """Two addresses of everybody: at work, and a private one."""
    work = [f"p{block.prefix}{nth}@{block.keys[place]}.example" for nth, place in enumerate(partner)]
    private = [f"p{block.prefix}{nth}@post.example" for nth in range(count)]
    ids = [f"p{block.prefix}{nth}" for nth in range(count)]
    return Table("mails", {"mail": texts([*work, *private]), "person": texts([*ids, *ids])})
