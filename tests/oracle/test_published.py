"""The oracle against the worked cases of the other published programs."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from . import evaluate
from .making import Making, day_after, on
from .tree import Result

GATE = """
program: {id: gate, effective: 2023-01-01}
measures:
  one: {count: person, of: credentials, where: {code: one}}
  two: {count: person, of: credentials, where: {code: two}}
  three: {count: person, of: credentials, where: {code: three}}
points: {people: {based_on: {measure: three}, earn: {rate: 4}, cap: 40, requires: {measure: [one, two], at_least: 2}}}
"""


@pytest.mark.parametrize(
    ("one", "two", "three", "points"),
    [("AB", "CD", "EFG", 12), ("AB", "AB", "AB", 8), ("AB", "", "AB", 0), ("A", "BC", "BC", 0), ("AB", "BC", "BC", 8)],
)
def test_gate_of_people(one: str, two: str, three: str, points: int) -> None:
    made = Making(GATE).employ("ABCDEFG").certify(one, code="one").certify(two, code="two").certify(three, code="three")
    assert evaluate(made.world(), "e1", on("2024-06-30")).numbers["people"] == points


def azure(
    now: int, before: int, architects: str, growth: int = 118, services: int = 4, data_people: str = ""
) -> Making:
    """A partner as of 15 June 2024: customers, people, a growth in percent, services."""
    made = Making("microsoft-azure").employ("ABCDEFGH")
    for customer in range(20):
        made.state("associations", "2020-01-01", customer=f"c{customer}", kind="admin_link")
    # Year before: 12 months to May 2023; the year: to May 2024. Twelve service and month slots carry the rest.
    _revenue(made, "2023-05-10", before, 100000, services)
    _revenue(made, "2024-05-10", now, 1000 * growth, services)
    made.certify("AB", code="administrator_associate").certify(architects, code="solutions_architect_expert")
    made.certify("BCD", code="network_engineer").certify("CE", code="sap_workloads_specialty")
    made.certify("C", code="virtual_desktop_specialty").certify(data_people, code="data_engineer")
    return made


def _revenue(made: Making, day: str, customers: int, total: int, services: int) -> None:
    for customer in range(customers):
        columns = {"customer": f"c{customer}", "service": f"s{customer % services}", "offer": "paid"}
        made.row("usage", happened_on=on(day), revenue=1000, **columns)
    rest = total - 1000 * customers
    made.row("usage", happened_on=on(day), customer="c0", service="virtual_machines", offer="paid", revenue=rest)
    made.row("usage", happened_on=on(day), customer="c19", service="hidden", offer="trial", revenue=99999)


@pytest.mark.parametrize(
    ("made", "points", "total", "met"),
    [
        (azure(14, 12, "AC"), (20, 12, 8, 18, 8), 66, "unmet"),
        (azure(15, 12, "AC"), (30, 12, 8, 18, 8), 76, "met"),
        (azure(15, 12, "A"), (30, 12, 0, 18, 8), 68, "unmet"),
    ],
    ids=["MS-AZ-1", "MS-AZ-2", "MS-AZ-3"],
)
def test_azure_infrastructure(made: Making, points: tuple[int, ...], total: int, met: str) -> None:
    result = evaluate(made.world(), "e1", on("2024-06-15"))
    names = ["net_adds", "infrastructure_intermediate", "infrastructure_advanced", "growth", "deployments"]
    assert tuple(result.numbers[name] for name in names) == points
    assert (result.numbers["infrastructure"], result.requirements["infrastructure_pass"]) == (total, met)


def test_azure_data_and_ai() -> None:
    made = azure(15, 12, "AC", growth=112, services=3, data_people="ABCDEF")
    result = evaluate(made.world(), "e1", on("2024-06-15"))
    assert (result.numbers["data_ai"], result.requirements["data_ai_pass"]) == (72, "met")


def modern_work(**users: int) -> Making:
    """A partner as of 15 June 2024 with growth of users, by association and size."""
    made = Making("microsoft-modern-work").employ("abc")
    made.certify("abc", level="intermediate").certify("a", level="advanced")
    for place, (name, growth) in enumerate(users.items()):
        size, kind = name.split("_")
        seats = 100000 if size == "large" else 300
        customer = f"growing{place}"
        made.state("associations", "2023-01-01", customer=customer, kind=kind)
        _reading(made, customer, "2023-05-20", seats, 0)
        _reading(made, customer, "2024-05-20", seats, growth)
    return made


def _reading(made: Making, customer: str, day: str, seats: int, users: int, workload: str = "mail") -> None:
    made.row("usage", happened_on=on(day), customer=customer, workload=workload, paid_seats=seats, active_users=users)


def deployed(made: Making, count: int, seats: int, kind: str) -> Making:
    """Tenants that reach 40 % since a year ago, without users to speak of."""
    for place in range(count):
        customer = f"{kind}{seats}-{place}"
        made.state("associations", "2023-01-01", customer=customer, kind=kind)
        _reading(made, customer, "2023-05-20", seats, 0)
        _reading(made, customer, "2024-05-20", seats, 0, workload="mail")
        made.facts["usage"][-1]["active_users"] = Decimal(2 * seats) / 5
    return made


MODERN = ["e_best_growth", "s_best_growth"]


@pytest.mark.parametrize(
    ("users", "points"),
    [({"large_digital": 2000, "large_claimed": 1500}, 30), ({"large_digital": 1000, "large_claimed": 600}, 18)],
    ids=["MS-MW-1", "MS-MW-4 growth"],
)
def test_modern_work_growth_takes_the_better_association(users: dict[str, int], points: int) -> None:
    numbers = evaluate(modern_work(**users).world(), "e1", on("2024-06-15")).numbers
    assert numbers["e_best_growth"] == points


def test_modern_work_deployments_take_the_better_association() -> None:
    made = deployed(deployed(modern_work(), 4, 400, "digital"), 3, 400, "claimed")
    numbers = evaluate(made.world(), "e1", on("2024-06-15")).numbers
    assert (numbers["e_deployed[digital]"], numbers["e_deployed[claimed]"], numbers["e_best_deployed"]) == (10, 15, 15)


def test_modern_work_paths() -> None:
    made = deployed(deployed(modern_work(), 6, 250, "reseller"), 1, 250, "claimed")
    numbers = evaluate(made.world(), "e1", on("2024-06-15")).numbers
    # Growth: reseller 6 x 100 of 2,000, claimed 100 of 500; deployments: reseller 6 of 10, claimed 1 of 5.
    assert (numbers["s_best_growth"], numbers["s_best_deployed"]) == (9, 15)
    assert (numbers["s_intermediate"], numbers["s_advanced"], numbers["e_intermediate"]) == (10, 15, Fraction(15, 2))
    assert numbers["modern_work"] == 49


LIFE = """
program: {id: life, effective: 2023-01-01}
calendars: {membership: {starts: joined}}
measures:
  score: {greatest: quantity, of: activities, over: {last: 1 day}, undefined: 0}
  days: {count: {requirement: pass}, each: day, over: {current: 6 months}}
requirements: {pass: {measure: score, at_least: 70}}
ladders:
  area:
    tiers: [{id: designated, requires: {all: [{measure: days, at_least: 1}, {decision: fee}]}, keeps: {measure: days, at_least: 1}}]
    demote: {each: membership year, then: {end_of: month}}
"""


def life(*days: str, fee: str | None = None) -> Making:
    """A partner that joined on 15 August 2023 and passes on some days only."""
    made = Making(LIFE, joined=on("2023-08-15"))
    for day in days:
        made.event("activities", day, kind="score", quantity=72)
    return made.state("decisions", fee, topic="fee", outcome="approved") if fee else made


def test_eligible_while_one_day_of_six_months_passes() -> None:
    made = life("2024-04-09").world()
    assert [evaluate(made, "e1", on(day)).numbers["days"] for day in ("2024-08-12", "2024-10-02")] == [1, 0]


@pytest.mark.parametrize(
    ("day", "tier"), [("2024-03-03", "designated"), ("2024-02-27", None)], ids=["MS-LIFE-3", "MS-LIFE-4"]
)
def test_renewal_at_the_anniversary(day: str, tier: str | None) -> None:
    made = life("2023-09-01", day, fee="2023-09-01").world()
    asked = ("2024-08-31", "2024-09-01")
    assert [evaluate(made, "e1", on(day)).tiers["area"] for day in asked] == ["designated", tier]


def coop(earned: int) -> Making:
    return Making("microsoft-coop", joined=on("2023-07-01")).event("transactions", "2023-10-10", amount=earned)


def claim(made: Making, activity: str, amount: int, day: str = "2024-03-01", event: str | None = None) -> Making:
    return made.event("claims", day, activity=activity, amount=amount, event=event, submitted_on=on(day_after(day, 20)))


def opened(result: Result) -> list[Any]:
    return [(lot[1], lot[3]) for lot in result.lots["coop"]]


def test_coop_split_and_opening() -> None:
    result = evaluate(coop(30000).world(), "e1", on("2024-01-01"))
    assert result.accounts == {"rebate": 18000, "coop": 12000}
    assert opened(result) == [(on("2024-01-01"), 12000)]
    assert evaluate(coop(30000).world(), "e1", on("2023-12-31")).accounts["coop"] == 0


def test_coop_below_the_minimum_is_rebate() -> None:
    assert evaluate(coop(20000).world(), "e1", on("2024-01-01")).accounts == {"rebate": 20000, "coop": 0}


def test_coop_caps() -> None:
    staff = evaluate(claim(coop(30000), "staff_incentive", 4000).world(), "e1", on("2024-06-30"))
    assert (staff.numbers["staff"], staff.accounts["coop"]) == (3000, 9000)
    seeding = claim(claim(coop(30000), "product_seeding", 2800), "product_seeding", 400)
    assert evaluate(seeding.world(), "e1", on("2024-06-30")).numbers["seeding"] == 3000
    conference = coop(300000)
    for _ in range(4):
        claim(conference, "conference", 6000, event="summit")
    assert evaluate(conference.world(), "e1", on("2024-06-30")).numbers["conference"] == 15000


def test_coop_unused_is_forfeited_and_late_claims_do_not_count() -> None:
    world = claim(coop(30000), "event", 9000).world()
    assert [evaluate(world, "e1", on(day)).accounts["coop"] for day in ("2024-06-30", "2024-07-01")] == [3000, 0]
    for day, counted in [("2024-08-15", 100), ("2024-08-16", 0)]:
        made = coop(30000).event("claims", "2024-06-30", activity="event", amount=100, submitted_on=on(day))
        assert evaluate(made.world(), "e1", on("2024-08-31")).numbers["other"] == counted


def odoo(users: dict[str, int], people: int, active: int, acquired: int = 40) -> Making:
    made = Making("odoo-v11", joined=on("2023-05-19"))
    for kind, count in users.items():
        made.event("transactions", "2024-03-01", kind=kind, users=count)
    letters = "abcdefgh"[:people]
    made.employ(letters).certify(letters, version="v16")
    for customer in range(acquired):
        made.state("subscriptions", "2023-06-01", None if customer < active else "2024-02-01", customer=f"c{customer}")
    return made


@pytest.mark.parametrize(
    ("made", "tier"),
    [
        (odoo({"new": 220, "upsell": 60, "downsell": 15, "churn": 40}, 5, 33), "silver"),
        (odoo({"new": 320}, 6, 31), "silver"),
        (odoo({"new": 320}, 6, 32), "gold"),
        (odoo({"new": 90}, 3, 0, 0), "ready"),
    ],
    ids=["ODOO-1", "ODOO-2", "ODOO-3", "ODOO-7"],
)
@pytest.mark.slow
def test_odoo_levels(made: Making, tier: str) -> None:
    assert evaluate(made.world(), "e1", on("2024-06-30")).tiers == {"level": tier}


@pytest.mark.slow
def test_odoo_commissions() -> None:
    made = odoo({"new": 220}, 5, 33)
    made.event("transactions", "2024-05-10", product="enterprise", amount=12000)
    made.event(
        "transactions",
        "2024-05-10",
        product="hosting",
        amount=400,
        subscription="s1",
        billing="monthly",
        currency="USD",
    )
    numbers = evaluate(made.world(), "e1", on("2024-06-30")).numbers
    assert (numbers["enterprise"], numbers["hosting"]) == (1800, 180)
    assert evaluate(made.world(), "e1", on("2024-05-31")).numbers["enterprise"] == 0


def test_odoo_maintenance_while_the_customer_stays() -> None:
    made = Making("odoo-v11").state("associations", "2023-01-01", "2024-05-15", customer="c1")
    for day in ("2024-05-14", "2024-05-15"):
        made.event("transactions", day, product="maintenance", amount=100, customer="c1")
    assert evaluate(made.world(), "e1", on("2024-06-30")).numbers["maintenance"] == 82


def hubspot(usage: str, *, certified: bool = True, half: bool = False) -> Making:
    made = Making("hubspot-2018", country="IN" if half else "US").employ("a")
    if half:
        made.program.append("tables:\n  country_share: {by: organization.country, IN: 50%, otherwise: 100%}\n")
    if certified:
        made.certify("a", code="partner")
    for portal, score in enumerate(usage.split()):
        made.event("portal_usage", "2024-06-01", portal=f"p{portal}", score=int(score))
        made.event("portal_usage", "2024-05-01", portal=f"p{portal}", score=9)
        mrr = {"managed": 15000, "sold": 0} if portal == 0 else {"managed": 0}
        for role, amount in mrr.items():
            made.state(
                "subscriptions", "2024-01-01", role=role, portal=f"p{portal}", mrr=amount, sold_on=on("2024-01-01")
            )
    made.state("subscriptions", "2024-01-01", role="sold", portal="p1", mrr=4000, sold_on=on("2024-01-01"))
    return made.state("subscriptions", "2020-01-01", role="sold", portal="p2", mrr=9000, sold_on=on("2023-06-30"))


@pytest.mark.parametrize(
    ("made", "tier"),
    [
        (hubspot("2 3 5 4 1 3 6"), "gold"),
        (hubspot("2 2 5 4 1 2 6"), None),
        (hubspot("2 3 5 4 1 3 6", half=True), "platinum"),
        (hubspot("2 3 5 4 1 3 6", certified=False), None),
    ],
    ids=["HS-1", "HS-2", "HS-3", "HS-4"],
)
def test_hubspot_tiers(made: Making, tier: str | None) -> None:
    assert evaluate(made.world(), "e1", on("2024-06-30")).tiers == {"level": tier}


def atlassian(gross: int, cloud: int, *, bounty: str = "all", paid_cloud: bool = True) -> Making:
    made = Making("atlassian-marketplace")
    made.event("transactions", "2024-03-01", amount=gross - cloud, hosting="data_center")
    made.event("transactions", "2024-03-01", amount=cloud, hosting="cloud")
    for app, installs in [("small", 50), ("large", 500), ("top", 900)] if paid_cloud else []:
        covered = bounty == "all" or (bounty == "large" and installs > 100)
        common = {"paid": True, "public": True, "hosting": "cloud", "through_vendor": True, "approved": True}
        made.state("listings", "2023-01-01", app=app, installs=installs, bounty=covered, **common)
    return made


def test_atlassian_truths_stay_truths() -> None:
    assert atlassian(1, 1).facts["listings"][0]["paid"] is True


@pytest.mark.parametrize(
    ("made", "tier"),
    [
        (atlassian(3200000, 576000), "gold"),
        (atlassian(5000000, 2100000), "platinum"),
        (atlassian(900000, 540000), "gold"),
        (atlassian(5000000, 2100000, bounty="large"), "gold"),
        (atlassian(400000, 100000, paid_cloud=False), None),
    ],
    ids=["ATM-1", "ATM-2", "ATM-3", "ATM-4", "ATM-5"],
)
def test_atlassian_tiers(made: Making, tier: str | None) -> None:
    assert evaluate(made.world(), "e1", on("2024-06-30")).tiers == {"level": tier}


def automattic(first: int, second: int, *invitations: str) -> Making:
    made = Making("automattic-agencies", joined=on("2026-01-01"))
    made.event("transactions", "2026-03-10", amount=first)
    made.event("transactions", "2027-06-01", amount=second)
    for topic in invitations:
        made.state("decisions", "2026-01-01", topic=topic, outcome="approved")
    return made


@pytest.mark.parametrize(
    ("made", "days"),
    [
        (
            automattic(5200, 900),
            {"2026-03-09": None, "2026-03-10": "pro", "2027-12-31": "pro", "2028-01-01": "activated"},
        ),
        (automattic(5200, 1250), {"2027-12-31": "pro", "2028-01-01": "agency"}),
        (automattic(260000, 0), {"2026-12-31": "pro"}),
        (automattic(140000, 0, "vip_pro_invitation"), {"2026-12-31": "vip_pro"}),
    ],
    ids=["A4A-1 and 2", "A4A-3", "A4A-4", "A4A-5"],
)
def test_automattic_levels(made: Making, days: dict[str, str | None]) -> None:
    world = made.world()
    assert {day: evaluate(world, "e1", on(day)).tiers["level"] for day in days} == days


def deriv(months: list[int], *, joined: str = "2025-01-01", first: int = 1) -> Making:
    made = Making("deriv", joined=on(joined))
    for place, amount in enumerate(months):
        made.event("commissions", f"2025-{first + place:02}-15", amount=amount)
    return made


def test_deriv_average_of_three_months() -> None:
    made = deriv([500, 1000, 1500], joined="2024-01-01").world()
    result = evaluate(made, "e1", on("2025-04-01"))
    assert (result.numbers["average_commission"], result.tiers["level"]) == (1000, "gold")
    assert [entry[3] for entry in result.entries["reward"]][-1] == 90


def test_deriv_new_partner() -> None:
    made = deriv([300, 900, 600]).world()
    days = ("2025-02-01", "2025-03-01", "2025-04-01")
    assert [evaluate(made, "e1", on(day)).numbers["average_commission"] for day in days] == [300, 600, 600]
    assert [evaluate(made, "e1", on(day)).tiers["level"] for day in days] == ["bronze", "silver", "silver"]
    assert [entry[3] for entry in evaluate(made, "e1", on("2025-04-01")).entries["reward"]] == [0, 36, 24]


def test_deriv_bands() -> None:
    made = deriv([]).event("revenues", "2025-01-10", amount=26000).world()
    assert [entry[2] for entry in evaluate(made, "e1", on("2025-01-31")).entries["revenue_share"]] == [8700]


@pytest.mark.parametrize(
    ("months", "bonus"), [([5000, 6000, 7000], 1800), ([9000, 0, 9000], 0)], ids=["DER-4", "DER-5"]
)
def test_deriv_quarterly_bonus(months: list[int], bonus: int) -> None:
    made = deriv([*months], first=4)
    for day in ("2025-01-15", "2025-02-15", "2025-03-15"):
        made.event("commissions", day, amount=9000)
    result = evaluate(made.world(), "e1", on("2025-07-02"))
    assert {entry[1]: entry[3] for entry in result.entries["bonus"]}[on("2025-06-30")] == bonus


def test_deriv_network() -> None:
    made = deriv([]).reference("organizations", organization="sub", parent=None)
    made.reference("enrolments", enrolment="e2", organization="sub", joined_on=on("2025-01-01"), ended_on=None)
    made.state("sub_partners", "2025-01-01", member="sub")
    world = made.event("commissions", "2025-01-10", organization="sub", amount=2000).world()
    numbers = [evaluate(world, name, on("2025-01-31")).numbers for name in ("e1", "e2")]
    assert [found["network"] for found in numbers] == [400, 0]
    assert [found["month_commission"] for found in numbers] == [400, 2000]


def sap(revenue: int, competencies: int, marketing: int, line: str = "main") -> Making:
    made = Making("sap-2010", joined=on("2010-01-27")).employ("a", "2009-01-01")
    made.state("decisions", "2010-01-27", topic="product_line", outcome=line)
    made.event("transactions", "2010-02-15", amount=revenue * 1000)
    for _ in range(competencies // 10):
        made.certify("a", "2010-02-01")
    for _ in range(marketing // 5):
        made.event("activities", "2010-02-10", kind="marketing")
    return made


@pytest.mark.parametrize(
    ("line", "score", "tier"), [("main", 520, "gold"), ("third", 460, "silver")], ids=["SAP-1", "SAP-2"]
)
def test_sap_levels(line: str, score: int, tier: str) -> None:
    result = evaluate(sap(260, 230, 60, line).world(), "e1", on("2010-03-01"))
    assert (result.numbers["value"], result.tiers["level"]) == (score, tier)


def test_sap_down_only_in_january_and_july() -> None:
    world = sap(320, 100, 100).event("transactions", "2010-03-05", amount=-100000).world()
    days = {"2010-02-28": None, "2010-03-01": "gold", "2010-07-14": "gold", "2010-07-15": "silver"}
    assert {day: evaluate(world, "e1", on(day)).tiers["level"] for day in days} == days


def test_sap_up_at_the_next_month() -> None:
    world = sap(320, 100, 0).event("transactions", "2010-03-12", amount=85000).world()
    days = {"2010-03-01": "silver", "2010-03-31": "silver", "2010-04-01": "gold"}
    assert {day: evaluate(world, "e1", on(day)).tiers["level"] for day in days} == days


def umbraco(spent: int) -> Making:
    made = Making("umbraco-credits", joined=on("2024-01-01"))
    for day in ("2024-01-10", "2025-01-10"):
        made.event("transactions", day, kind="credit_purchase", quantity=1000)
    return made.event("transactions", "2025-06-01", kind="credit_spend", quantity=spent)


@pytest.mark.parametrize(
    ("spent", "day", "left", "balance"),
    [(700, "2025-06-01", [300, 1000], 1300), (700, "2026-01-10", [0, 1000], 1000), (1200, "2026-01-10", [0, 800], 800)],
    ids=["UMB-1", "UMB-2", "UMB-3"],
)
def test_umbraco_lots(spent: int, day: str, left: list[int], balance: int) -> None:
    result = evaluate(umbraco(spent).world(), "e1", on(day))
    assert ([lot[4] for lot in result.lots["credits"]], result.accounts["credits"]) == (left, balance)
