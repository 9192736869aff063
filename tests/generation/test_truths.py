"""What is planted can be found in the facts, and `truth=False` takes it away."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from swingby.generation import read_company
from swingby.generation.deals import Deals, bookings_by_quarter, bookings_by_year, draw_deals, growth_by_quarter
from swingby.generation.drawing import NONE, Floats
from swingby.generation.example import EXAMPLES
from swingby.generation.money import draw_rates
from swingby.generation.partners import Block, draw_block
from swingby.generation.vendor_side import touch_table
from tests.generation.company import Example

FIGURES = EXAMPLES / "harborline" / "archetypes.yaml"
NEAR_LINE = 1.05


@dataclass(frozen=True, slots=True)
class Drawn:
    """One company's partners and deals, not written anywhere."""

    block: Block
    deals: Deals


def drawn(*, truth: bool) -> Drawn:
    company = read_company(FIGURES, truth=truth)
    block = draw_block(company, company.seed, 0, 0, [company.size])
    return Drawn(block, draw_deals(block, draw_rates(company, block.months, company.seed)))


@pytest.fixture(scope="module")
def planted() -> Drawn:
    return drawn(truth=True)


@pytest.fixture(scope="module")
def plain() -> Drawn:
    return drawn(truth=False)


def lift(found: Drawn) -> float:
    """By how much the log of deal size is larger after the first advanced engineer, beyond the ramp."""
    block, deals = found.block, found.deals
    games = block.archetype == block.company.code("year_end_gamer")
    won = deals.take((deals.partner >= 0) & deals.is_won(block.months.last))
    within = (block.adopts >= block.months.starts[0]) & ~games
    since = won.closed - block.adopts[won.partner]
    rows = within[won.partner]
    size, partner, after, before = np.log(won.usd), won.partner, rows & (since > 120), rows & (since < 0)
    counts = [np.bincount(partner[part], minlength=block.size) for part in (before, after)]
    means = [np.bincount(partner[part], size[part], block.size) for part in (before, after)]
    both = (counts[0] >= 4) & (counts[1] >= 4)
    weight = 1 / (1 / counts[0][both] + 1 / counts[1][both])
    return float(np.average(means[1][both] / counts[1][both] - means[0][both] / counts[0][both], weights=weight))


def test_the_first_advanced_engineer_makes_deals_larger(planted: Drawn, plain: Drawn) -> None:
    assert 0.10 < lift(planted) < 0.24
    assert abs(lift(plain)) < 0.07


def review_correlation(found: Drawn) -> float:
    """How business reviews held go with the growth of bookings, among those who book in all years."""
    block = found.block
    booked = bookings_by_year(block, found.deals)
    touches = touch_table(block, growth_by_quarter(bookings_by_quarter(block, found.deals)))
    reviews = touches.take(np.flatnonzero(touches.columns["kind"].values == "business_review"))
    held = dict(zip(*np.unique(reviews.columns["organization"].values, return_counts=True), strict=True))
    busy = (booked[:, :3] > 0).all(axis=1)
    count = np.array([float(held.get(key, 0)) for key in block.keys])[busy]
    growth = np.log(booked[busy, 2] / booked[busy, 0])
    base = block.figure("review")[busy]
    return float(np.corrcoef(residual(count, base), residual(growth, block.figure("growth")[busy]))[0, 1])


def residual(values: Floats, known: Floats) -> Floats:
    """What an archetype's figure does not explain."""
    found = np.zeros(len(values))
    for value in np.unique(known):
        found[known == value] = values[known == value] - values[known == value].mean()
    return found


def test_reviews_go_with_growth_and_quality(planted: Drawn, plain: Drawn) -> None:
    assert review_correlation(planted) > 0.1
    assert review_correlation(planted) > review_correlation(plain) + 0.1


def near(found: Drawn, year: int) -> tuple[int, int]:
    """Partners up to a twentieth above Gold's line of bookings, and below it."""
    booked = bookings_by_year(found.block, found.deals)[:, year]
    line = found.block.company["yearly_check"]["bookings"]["gold"]
    above = (booked >= line) & (booked < line * NEAR_LINE)
    return int(above.sum()), int(((booked < line) & (booked >= line / NEAR_LINE)).sum())


def test_gamers_end_just_above_the_line(planted: Drawn, plain: Drawn) -> None:
    games = [near(planted, year) for year in (0, 1)]
    assert [(12 <= above <= 18, below <= 4) for above, below in games] == [(True, True), (True, True)], games
    assert near(planted, 2)[0] <= 6
    assert max(near(plain, year)[0] for year in (0, 1)) <= 8


def test_a_third_of_january_is_taken_back(planted: Drawn, plain: Drawn) -> None:
    block, deals = planted.block, planted.deals
    games = deals.take(
        (deals.partner >= 0) & np.isin(block.archetype[deals.partner], [block.company.code("year_end_gamer")])
    )
    january = games.take(np.isin(block.months.of(games.closed), [11, 23]) & (games.outcome == 1))
    assert 0.22 < january.usd[january.back].sum() / january.usd.sum() < 0.40
    late = block.months.starts[block.months.of(january.closed) + 1] - january.closed <= 5
    assert january.usd[late].sum() / january.usd.sum() > 0.5
    assert (plain.deals.back.any(), (deals.back & (deals.customer == NONE)).any()) == (False, False)


@pytest.mark.slow
def test_fundamentals_are_made_for_the_year_s_end(company: Example) -> None:
    found = company.rows(
        "SELECT count(*) / 15 FROM fact_credentials JOIN fact_employments AS e USING (person) WHERE level = 'fundamentals'"
        " AND fact_credentials.starts_on BETWEEN '2025-01-22' AND '2025-01-31' AND e.role = 'sales'"
        " AND fact_credentials.starts_on - e.starts_on = 60 GROUP BY e.ends_on IS NULL ORDER BY e.ends_on IS NULL"
    )
    assert [float(str(row[0])) for row in found] == [6, 3]


@pytest.mark.slow
def test_active_customers_renew(company: Example) -> None:
    company.facts.connection.execute(
        "CREATE OR REPLACE TEMP TABLE began AS SELECT customer, min(starts_on) AS since, max(ends_on) AS until"
        " FROM fact_subscriptions GROUP BY customer"
    )
    company.facts.connection.execute(
        "CREATE OR REPLACE TEMP TABLE use AS SELECT customer, since, until, bool_or(u.quantity >= 0.6 * s.quantity) AS active"
        " FROM began JOIN fact_subscriptions AS s USING (customer) JOIN fact_usage AS u USING (customer, product)"
        " WHERE metric = 'seats_in_use' AND u.happened_on < since + 60 GROUP BY ALL"
    )
    assert 0.50 < company.one("SELECT avg(active::INT) FROM use WHERE since + 60 <= '2026-03-31'") < 0.58
    renewed = company.rows(
        "SELECT avg((until IS NULL OR until > since + 366)::INT) FROM use WHERE since + 366 <= '2026-03-31'"
        " GROUP BY active ORDER BY active"
    )
    others, actives = (float(str(row[0])) for row in renewed)
    assert (0.60 < others < 0.70, 0.89 < actives < 0.96) == (True, True)


def test_every_open_deal_is_an_earlier_customer_s_or_a_prospect_s(planted: Drawn) -> None:
    deals, last = planted.deals, planted.block.months.last
    open_, first = deals.take(deals.is_open(last)), deals.take(deals.new)
    earlier = open_.take(open_.customer < first.count)
    theirs = first.take(earlier.customer)
    assert (open_.customer >= 0).all()
    assert (theirs.partner == earlier.partner).all()
    assert (theirs.currency == earlier.currency).all()
    assert (theirs.closed < earlier.created).all()
    assert 0.55 < earlier.count / open_.count < 0.68
    prospects = open_.take(open_.customer >= first.count)
    assert prospects.customer.tolist() == list(range(first.count, first.count + prospects.count))


@pytest.mark.slow
def test_a_prospect_has_a_name_and_nothing_else_of_a_customer(company: Example) -> None:
    prospects = "SELECT customer FROM ref_customers WHERE won_on IS NULL"
    assert company.one(f"SELECT count(*) FROM ({prospects})") > 500
    assert company.one("SELECT count(*) FROM ref_customers WHERE coalesce(name, '') = ''") == 0
    assert (
        company.one(
            "SELECT count(*) FROM fact_deals WHERE customer IS NULL AND deal NOT IN"
            " (SELECT deal FROM fact_deals WHERE stage IN ('won', 'lost'))"
        )
        == 0
    )
    told = ("fact_subscriptions", "fact_usage", "fact_cases", "fact_references")
    assert {
        table: company.one(f"SELECT count(*) FROM {table} WHERE customer IN ({prospects})") for table in told
    } == dict.fromkeys(told, 0)
    whose = f"SELECT customer, kind, starts_on, ends_on FROM fact_associations WHERE customer IN ({prospects})"
    assert company.rows(
        f"SELECT DISTINCT kind, starts_on = opened, ends_on IS NULL FROM ({whose}) JOIN"
        " (SELECT customer, min(happened_on) AS opened FROM fact_deals GROUP BY 1) USING (customer)"
    ) == [("prospect", True, True)]


@pytest.mark.slow
def test_nobody_looked_after_apac_for_half_a_year(company: Example) -> None:
    found = company.rows(
        "SELECT count(*) / (SELECT count(*) FROM ref_enrolments JOIN ref_organizations USING (organization) WHERE region ="
        " 'apac') / if(happened_on BETWEEN '2025-05-01' AND '2025-10-31', 6, 32) FROM fact_touches JOIN ref_organizations"
        " USING (organization) WHERE region = 'apac' AND kind <> 'business_review' GROUP BY happened_on BETWEEN"
        " '2025-05-01' AND '2025-10-31' ORDER BY 1"
    )
    seldom, usually = (float(str(row[0])) for row in found)
    assert (0.2 < seldom < 0.4, 1.7 < usually < 2.2) == (True, True)


@pytest.mark.slow
def test_gold_of_the_check_was_granted_eight_points_more(company: Example) -> None:
    found = company.rows(
        "SELECT outcome, avg(l.discount) FROM fact_deal_lines AS l JOIN fact_deal_parties AS p USING (deal) JOIN"
        " fact_decisions AS d ON d.organization = p.organization AND topic = 'volume_tier' AND l.happened_on >= d.starts_on"
        " AND l.happened_on < d.ends_on WHERE p.role = 'seller' AND share > 0.5 GROUP BY 1"
    )
    granted = {str(tier): round(float(str(share)), 2) for tier, share in found}
    assert granted == {"select": 0.15, "gold": 0.23, "elite": 0.27}


@pytest.mark.slow
def test_nine_of_those_who_build_have_an_integration(company: Example) -> None:
    assert company.one("SELECT count(*) FROM fact_decisions WHERE topic = 'integration'") == 9


def test_the_group_is_a_fifth_of_everything(planted: Drawn) -> None:
    block = planted.block
    booked = bookings_by_year(block, planted.deals)[:, 1]
    members = [block.index_of(name) for name in ("Ardenveil Group", "Tidewrack Systems", "Hollowmere IT")]
    share = sum(float(booked[place]) for place in members if place is not None) / booked.sum()
    assert 0.17 < share < 0.26
