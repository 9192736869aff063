"""How much there is of everything, how it is spread, and how messy it is: the figures of the specification."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from tests.generation.company import Example

pytestmark = pytest.mark.slow

#: What is counted -> the figure that is asked for.
VOLUMES = {
    "SELECT count(*) FROM fact_activities": 118_000,
    "SELECT count(*) FROM fact_touches": 21_000,
    "SELECT count(*) FROM fact_surveys": 3_900,
    "SELECT count(*) FROM fact_costs": 9_600,
    "SELECT count(*) FROM fact_point_of_sale": 9_200,
    "SELECT count(*) FROM fact_credentials": 7_400,
    "SELECT count(*) FROM ref_customers WHERE won_on IS NOT NULL": 5_400,
    "SELECT count(*) FROM fact_usage WHERE metric = 'seats_in_use'": 190_000,
    "SELECT (SELECT count(DISTINCT deal) FROM fact_deal_parties) + (SELECT count(DISTINCT invoice) FROM"
    " fact_point_of_sale)": 42_000,
    "SELECT (SELECT count(DISTINCT deal) FROM fact_deals JOIN fact_deal_parties USING (deal) WHERE stage = 'won')"
    " + (SELECT count(DISTINCT invoice) FROM fact_point_of_sale)": 15_000,
    "SELECT count(DISTINCT deal) * 12 / 38 FROM fact_deals WHERE stage = 'won' AND deal NOT IN (SELECT deal FROM"
    " fact_deal_parties)": 1_400,
    "SELECT count(DISTINCT person) FROM fact_employments JOIN ref_enrolments USING (organization)"
    " WHERE coalesce(ends_on, '2100-01-01') > '2026-03-31'": 5_900,
    "SELECT count(DISTINCT person) FROM fact_employments WHERE role = 'engineering' AND ends_on IS NULL": 3_690,
}
NEAR = 0.1


def test_volumes(company: Example) -> None:
    found = {query: company.one(query) for query in VOLUMES}
    assert {query: count for query, count in found.items() if abs(count / VOLUMES[query] - 1) > NEAR} == {}


def test_partners_by_archetype_track_and_region(company: Example) -> None:
    block, figures = company.block, company.figures
    names = list(figures.archetypes)
    found = Counter(zip(block.archetype.tolist(), block.track.tolist(), strict=True))
    assert {names[code]: [found[code, track] for track in range(4)] for code in range(len(names))} == {
        name: kind["tracks"] for name, kind in figures.archetypes.items()
    }
    regions = Counter(zip(block.track.tolist(), block.region.tolist(), strict=True))
    assert [tuple(regions[track, region] for region in range(3)) for track in range(4)] == list(figures.tracks.values())


def test_every_partner_is_organized_and_enrolled(company: Example) -> None:
    assert company.one("SELECT count(*) FROM ref_enrolments") == 400
    assert company.one("SELECT count(*) FROM ref_organizations WHERE merged_on IS NOT NULL") == 6
    assert company.one("SELECT count(*) FROM ref_organizations") == 400 + 3 + 4 + 2


def test_bookings_are_concentrated(company: Example) -> None:
    """About 121 million in the second fiscal year; the top 40 make nine tenths of it, the largest an eighth."""
    booked = sorted(bookings(company, 2024).values(), reverse=True)
    total = sum(booked)
    assert 105e6 < total < 137e6
    assert 0.84 < sum(booked[:40]) / total < 0.93
    assert 0.10 < booked[0] / total < 0.16


def bookings(company: Example, year: int) -> dict[str, float]:
    """Won in the fiscal year that begins in February of a year, in USD, by partner."""
    first, end = date(year, 2, 1), date(year + 1, 2, 1)
    rows = company.rows(
        "WITH won AS (SELECT DISTINCT ON (deal) deal, happened_on, amount, currency FROM fact_deals WHERE stage = 'won'"
        " AND reversed_position IS NULL),"
        " sold AS (SELECT organization, happened_on, amount, currency FROM won JOIN fact_deal_parties USING (deal)"
        " WHERE role = 'seller' AND share > 0.5 UNION ALL"
        " SELECT organization, happened_on, amount, currency FROM fact_point_of_sale)"
        " SELECT organization, sum(amount * coalesce(rate, 1)) FROM sold ASOF LEFT JOIN ref_exchange_rates AS r"
        " ON r.currency = sold.currency AND r.valued_on <= sold.happened_on"
        " WHERE happened_on >= ? AND happened_on < ? AND organization IS NOT NULL GROUP BY 1",
        first,
        end,
    )
    return {str(partner): float(str(amount)) for partner, amount in rows}


def test_currencies_and_lines_have_their_shares(company: Example) -> None:
    found = company.rows(
        "SELECT currency, count(*) / sum(count(*)) OVER () FROM fact_deals WHERE stage = 'won' AND deal IN (SELECT deal"
        " FROM fact_deal_parties) GROUP BY 1"
    )
    shares = {str(currency): float(str(share)) for currency, share in found}
    expected = company.figures["money"]["shares"]
    assert {name for name in expected if abs(shares[name] - expected[name]) > 0.03} == set()
    sold = dict(company.rows("SELECT product, count(*) / sum(count(*)) OVER () FROM fact_deal_lines GROUP BY 1"))
    lines = {name: line["share"] for name, line in company.figures["lines"].items()}
    assert {name for name in lines if abs(float(str(sold[name])) - lines[name]) > 0.02} == set()


def test_yen_have_no_hundredths(company: Example) -> None:
    assert company.one("SELECT count(*) FROM fact_deals WHERE currency = 'JPY' AND amount <> floor(amount)") == 0


def test_only_the_planned_mess_is_told(company: Example) -> None:
    found = Counter(issue.code for issue in company.facts.issues)
    assert set(found) == {"date-impossible", "reseller-unknown", "formula-text"}
    rows = company.summary.rows["activities"] + company.summary.rows["deals"]
    assert 0.0025 < found["date-impossible"] / rows < 0.0035


#: A share of rows -> what is asked for.
MESS = {
    "SELECT avg((reversed_position IS NOT NULL)::INT) FROM fact_activities": 0.031,
    "SELECT avg((reversed_position IS NOT NULL)::INT) FROM fact_deals": 0.031,
    "SELECT avg((recorded_at::DATE - happened_on > 30)::INT) FROM fact_touches JOIN ref_positions USING (position)": 0.04,
    "SELECT avg((kinds > 1)::INT) FROM (SELECT count(DISTINCT currency) AS kinds FROM fact_deals WHERE reversed_position"
    " IS NULL GROUP BY deal HAVING count(*) > 1)": 0.019,
    "SELECT 1 - count(DISTINCT (organization, kind, person, rating, happened_on, recorded_at)) / count(*) FROM"
    " fact_activities JOIN ref_positions USING (position) WHERE reversed_position IS NULL AND person IS NOT NULL": 0.008,
    "SELECT avg((organization IS NULL)::INT) FROM fact_point_of_sale": 0.06,
}


def test_mess_has_its_shares(company: Example) -> None:
    found = {query: company.one(query) for query in MESS}
    assert {query: share for query, share in found.items() if not 0.7 < share / MESS[query] < 1.3} == {}


def test_certificates_come_under_private_mails_and_still_count(company: Example) -> None:
    lines = (company.summary.folder / "learning" / "completions.csv").read_text(encoding="utf-8").splitlines()[1:]
    private = sum("@post.example" in line for line in lines)
    assert 0.018 < private / len(lines) < 0.032
    assert company.one("SELECT count(*) FROM fact_credentials") == len(lines)


def test_files_have_the_formats_of_their_systems(company: Example) -> None:
    folder = company.summary.folder
    accounts = (folder / "crm" / "accounts.csv").read_bytes()
    assert "ö".encode("cp1252") in accounts
    with pytest.raises(UnicodeDecodeError):
        accounts.decode("utf-8")
    days = {
        name: (folder / "point-of-sale" / f"{name}.csv").read_text(encoding="cp1252").splitlines()[1]
        for name in ("calderwyn", "nordvane", "kestrand")
    }
    assert [(name, next(mark for mark in "./" if mark in line)) for name, line in days.items() if ";" in line] == [
        ("nordvane", ".")
    ]
    stamped = (folder / "activities.stamped.csv").read_text(encoding="utf-8").splitlines()
    assert 0.012 < len(stamped) / company.summary.rows["activities"] < 0.028


def test_five_partners_have_nobody_who_administers(company: Example) -> None:
    lost = company.one(
        "SELECT count(*) FROM ref_enrolments WHERE organization NOT IN (SELECT organization FROM fact_employments"
        " WHERE role = 'administration' AND ends_on IS NULL)"
    )
    assert lost == 5


def test_pipeline_reviews_begin_when_they_began(company: Example) -> None:
    first = company.rows(
        "SELECT min(happened_on) FROM fact_activities WHERE kind = 'pipeline_reviewed' AND reversed_position IS NULL"
    )
    assert first == [(date(2025, 2, 1),)]
