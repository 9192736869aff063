"""Benefits: what the tier grants and the next would, what changes by itself, what accounts hold; for both sides."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from swingby.web.models import Organization, ReviewLine, Standing
from swingby.web.portal.benefit_parts import AccountCard, BenefitLine, BenefitsPage, EarnedLine, LotLine
from swingby.web.tenancy import act_for_owner
from tests.permissions.world import PROGRAM_TEXT
from tests.web.acting import ENROLMENT, signed_in
from tests.web.publishing import add_fact, assess_now, publish

pytestmark = pytest.mark.django_db
PAGE = f"/partner/{ENROLMENT}/benefits/"
BENEFITS = """\
benefits:
  discount: {label: Discount, value: {by: level, member: 5%, select: 10%, gold: 20%}}
  seats: {label: Seats, unit: seat, value: {by: level, select: {initially: 2, 2026-06-01: 3}, otherwise: 0}}
  reach: {label: Reach, value: {by: [level, organization.region], member: {emea: {initially: 1, 2026-05-01: 2}, apac: 7}}}
  news: {label: Newsletter, value: weekly}
"""
WITH_BENEFITS = PROGRAM_TEXT + BENEFITS
WITH_ACCOUNTS = (
    PROGRAM_TEXT
    + """\
accounts:
  coop: {label: Co-op funds, unit: USD, expires: {after: 6 months}}
incentives:
  share: {for_each: transactions, where: {kind: sale}, earn: {rate: 10%, of: amount}, into: coop}
  spent: {for_each: claims, where: {activity: event}, earn: {rate: 1, of: amount}, out_of: coop}
  reward: {label: Reward, for_each: transactions, where: {kind: sale}, earn: {rate: 1%, of: amount}}
"""
)


def _page(person: str = "partner-member", address: str = PAGE) -> BenefitsPage:
    page = signed_in(person).get(address).context["page"]
    assert isinstance(page, BenefitsPage)
    return page


def test_what_the_tier_grants_and_what_the_next_one_would() -> None:
    publish("2", "2026-02-01", WITH_BENEFITS)
    with act_for_owner("harbor"):
        Organization.objects.filter(pk="tarn").update(region="emea")
    assess_now()

    assert _page().lines == (
        BenefitLine(label="Discount", words="5 %", next_words="10 %"),
        BenefitLine(label="Seats", words="", next_words="2 seats"),
        BenefitLine(label="Reach", words="1", next_words="nothing", later=((date(2026, 5, 1), "2"),)),
        BenefitLine(label="Newsletter", words="weekly"),
    )


def test_a_version_to_come_changes_benefits_from_its_day() -> None:
    publish("2", "2026-02-01", WITH_BENEFITS)
    publish(
        "3",
        "2026-04-15",
        WITH_BENEFITS.replace("member: 5%", "member: 6%").replace("news: {label: Newsletter", "letter: {label: Letter"),
    )
    assess_now()
    found = {line.label: (line.words, line.later) for line in _page().lines if line.later}

    assert found["Discount"] == ("5 %", ((date(2026, 4, 15), "6 %"),))
    assert found["Newsletter"] == ("weekly", ((date(2026, 4, 15), "nothing"),))
    assert found["Letter"] == ("", ((date(2026, 4, 15), "weekly"),))


#: The next tier can be given on the first of May.
IN_MAY = WITH_BENEFITS.replace("    tiers:", "    start: member\n    promote: {dates: [05-01]}\n    tiers:")


@pytest.mark.parametrize(
    ("first", "said", "told"),
    [
        ("2026-05-02", ("10 %", "2 seats", ""), ("Select", "", None)),
        ("2026-05-01", ("12 %", "4 seats", "Bronze gets it"), ("Bronze", "3", date(2026, 5, 1))),
    ],
)
def test_the_next_tier_grants_what_the_rules_say_on_the_day_on_which_it_can_be_reached(
    first: str, said: tuple[str, ...], told: tuple[str, str, date | None]
) -> None:
    """The page showed what today's rules give, although a version is announced that holds by then."""
    publish("2", "2026-02-01", IN_MAY)
    newer = IN_MAY.replace("select: 10%", "bronze: 12%, select: 13%")
    newer = newer.replace("select: {initially: 2, 2026-06-01: 3}", "bronze: 4").replace("member: 5%", "member: 6%")
    newer = newer.replace("- {id: select,", "- {id: bronze, label: Bronze}\n      - {id: select,")
    newer = newer.replace(
        "news: {label: Newsletter, value: weekly}", "day: {label: Day, value: {by: level, bronze: Bronze gets it}}"
    )
    publish("3", first, newer)
    assess_now()
    page = _page()
    lines = {line.label: line.next_words for line in page.lines}

    assert (page.next_tier, page.next_version, page.next_on) == told
    assert tuple(lines.get(label, "") for label in ("Discount", "Seats", "Day")) == said
    assert [line.later for line in page.lines if line.label == "Newsletter"] == [
        ((date.fromisoformat(first), "nothing"),)
    ]


def test_since_when_a_tier_is_held_comes_from_reviews_and_else_from_standings() -> None:
    by_review = _page()
    with act_for_owner("harbor"):
        newest = Standing.objects.filter(enrolment=ENROLMENT).latest("id")
        Standing.objects.create(
            owner_id="harbor",
            partner_id="tarn",
            enrolment_id=ENROLMENT,
            as_of=date(2026, 3, 31),
            position=1_000,
            program_version_id=newest.program_version_id,
            program_hash=newest.program_hash,
            engine_version="0",
            tier="select",
            result={"tier": {"id": "select", "label": "Select", "rank": 1}, "reviews": {"demotion": "2026-08-01"}},
        )
    by_standings = _page()

    assert (by_review.tier, by_review.since, by_review.since_at_least) == ("Member", date(2026, 2, 1), False)
    assert (by_standings.tier, by_standings.since, by_standings.since_at_least) == ("Select", date(2026, 3, 31), False)
    # A review proposes a fall and waits: nothing is safe until it is decided.
    assert (by_standings.safe_until, by_standings.fall_of is not None) == (None, True)
    with act_for_owner("harbor"):
        ReviewLine.objects.filter(enrolment=ENROLMENT).update(direction="up")
    assert (_page().safe_until, _page().fall_of) == (date(2026, 8, 1), None)


def test_accounts_show_what_came_in_was_used_and_lapses() -> None:
    publish("2", "2026-02-01", WITH_ACCOUNTS)
    for key, day, amount in (("s-1", "2025-08-01", 5000), ("s-2", "2026-02-10", 9000)):
        add_fact("transactions", key, happened_on=day, kind="sale", amount=amount, currency="USD", organization="tarn")
    add_fact(
        "claims", "c-1", happened_on="2026-03-01", activity="event", amount=300, currency="USD", organization="tarn"
    )
    assess_now()
    page = _page()

    assert page.accounts == (
        AccountCard(
            key="coop",
            label="Co-op funds",
            unit="USD",
            balance=Decimal(600),
            opened=Decimal(1400),
            used=Decimal(300),
            expired=Decimal(500),
            lots=(
                LotLine(
                    opens=date(2026, 2, 10),
                    expires=date(2026, 8, 10),
                    amount=Decimal(900),
                    left=Decimal(600),
                    used=Decimal(300),
                    expired=Decimal(0),
                ),
                LotLine(
                    opens=date(2025, 8, 1),
                    expires=date(2026, 2, 1),
                    amount=Decimal(500),
                    left=Decimal(0),
                    used=Decimal(0),
                    expired=Decimal(500),
                ),
            ),
            lots_total=2,
            lapses_next=date(2026, 8, 10),
            lapsing=Decimal(600),
        ),
    )
    assert page.earned == (EarnedLine(label="Reward", unit="USD", value=Decimal(140)),)


def test_the_vendor_reads_the_same() -> None:
    publish("2", "2026-02-01", WITH_BENEFITS)
    assess_now()
    theirs, ours = _page(), _page("manager", f"/console/harbor/partners/{ENROLMENT}/benefits/")

    assert theirs.lines == ours.lines
    assert ours.back_url == f"/console/harbor/partners/{ENROLMENT}/"


def test_a_long_past_costs_no_statement_more() -> None:
    publish("2", "2026-02-01", WITH_BENEFITS)
    client = signed_in("partner-member")
    client.get(PAGE)
    with CaptureQueriesContext(connection) as few:
        client.get(PAGE)
    for _ in range(5):
        assess_now()
    with CaptureQueriesContext(connection) as many:
        page = client.get(PAGE)

    assert len(many) == len(few)
    assert len(page.content) < 150_000
