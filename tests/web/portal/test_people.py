"""People and certificates: who counts for what, what lapses and what rests on it, who left, what belongs to nobody."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from swingby.web.clock import now
from swingby.web.domain.queries.people_counts import rests_on
from swingby.web.models import BoardChoice, Scorecard, ScorecardLine, Standing
from swingby.web.portal.people_parts import PeoplePage
from swingby.web.tenancy import Scope, act_for_owner, open_scope
from tests.permissions.learning import LEARNERS
from tests.web.acting import ENROLMENT, signed_in

pytestmark = pytest.mark.django_db
PAGE = f"/partner/{ENROLMENT}/people/"
EXPERTS = {
    "name": "experts", "label": "Experts", "section": "measure", "unit": "", "value": "2", "state": "known", "source": "",
    "note": "", "side": "partner", "rules": ["experts"], "withheld": False,
}  # fmt: skip
LADDER = {
    "name": "badge",
    "label": "Tier",
    "cell": "",
    "tiers": [
        {"id": name, "label": name.capitalize(), "rank": rank, "source": "", "rows": []}
        for rank, name in enumerate(("member", "select", "gold"))
    ],
}


def employ(person: str, until: str | None = None) -> None:
    _state("employments", f"job-{person}", person, "2024-01-01", until, organization="tarn", role="engineering")


def certify(person: str, until: str | None = None, *, key: str = "", code: str = "expert") -> None:
    _state("credentials", key or f"{code}-{person}", person, "2024-02-01", until, code=code, level="advanced")


def _state(kind: str, key: str, person: str, since: str, until: str | None, **more: str) -> None:
    columns = {
        "fact_id": key, "position": 1, "owner_org": "harbor", "partner_org": "tarn", "person": person,
        "starts_on": since, "ends_on": until, **more,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO fact_{kind} ({', '.join(columns)}) VALUES ({', '.join(['%s'] * len(columns))})",
            list(columns.values()),
        )


def counts(record: str, person: str, *, still: bool = True) -> None:
    ScorecardLine.objects.create(
        owner_id="harbor", partner_id="tarn", enrolment_id=ENROLMENT, rule="experts", kind="counted" if still else "moved",
        key=f"experts|counted|{record}", counts=still, day=date(2024, 2, 1), record_kind="credentials", record=record,
        thing=person,
    )  # fmt: skip


@pytest.fixture(autouse=True)
def nobody_yet() -> None:
    """Today is 31 March 2026. The sample rows end before it."""
    with act_for_owner("harbor"), connection.cursor() as cursor:
        for kind in ("employments", "credentials"):
            cursor.execute(f"UPDATE fact_{kind} SET reversed_position = position WHERE owner_org = 'harbor'")


def page() -> PeoplePage:
    found = signed_in("partner-admin").get(PAGE).context["page"]
    assert isinstance(found, PeoplePage)
    return found


def worked_out(*ahead: dict[str, Any]) -> None:
    Scorecard.objects.filter(pk=ENROLMENT).update(numbers=[EXPERTS], ladders=[LADDER], ahead=list(ahead))


def lost(on: str, tier: str, *records: str) -> dict[str, Any]:
    row = {"ladder": "badge", "tier": tier, "number": "experts", "value": "1", "line": "2", "records": list(records)}
    return {"on": on, "rows": [row]}


def test_people_stand_with_what_they_hold_and_what_it_counts_for() -> None:
    with act_for_owner("harbor"):
        worked_out()
        for person in ("ola", "sam"):
            employ(person)
        certify("ola", "2027-01-01")
        certify("ola", code="other")
        counts("expert-ola", "ola")
    found = page()
    assert found.total == 2
    assert [(row.name, row.role, row.since, row.last_day) for row in found.people] == [
        ("ola", "engineering", date(2024, 1, 1), None),
        ("sam", "engineering", date(2024, 1, 1), None),
    ]
    ola = found.people[0]
    assert [(held.last_day, [link.label for link in held.counts_for]) for held in ola.held] == [
        (date(2026, 12, 31), ["Experts"]),
        (None, []),
    ]
    assert ola.held[0].counts_for[0].href == f"/partner/{ENROLMENT}/scorecard/experts/"


def test_what_lapses_stands_under_its_span_once_and_what_was_renewed_does_not() -> None:
    ends = {
        "a": "2026-04-07",
        "b": "2026-04-30",
        "c": "2026-05-30",
        "d": "2026-06-29",
        "e": "2026-06-30",
        "f": "2026-04-02",
    }
    with act_for_owner("harbor"):
        for person, until in ends.items():
            employ(person)
            certify(person, until)
        certify("f", None, key="again")
        certify("nobody", "2026-04-05")
    groups = page().lapses
    assert [(group.heading, [(row.name, row.days) for row in group.rows]) for group in groups] == [
        ("Within 7 days", [("a", 7)]),
        ("Within 30 days", [("b", 30)]),
        ("Within 60 days", [("c", 60)]),
        ("Within 90 days", [("d", 90)]),
    ]
    assert groups[0].rows[0].last_day == date(2026, 4, 6)


def test_a_tier_that_is_held_or_comes_next_rests_on_a_certificate_and_a_far_one_does_not() -> None:
    with act_for_owner("harbor"):
        employ("ola")
        certify("ola", "2026-04-20")
        worked_out(
            lost("2026-04-30", "select", "expert-ola"),
            lost("2026-05-30", "select", "expert-ola"),
            lost("2026-05-30", "gold", "expert-ola"),
        )
    (row,) = page().lapses[0].rows
    assert row.rests == ("Select rests on it: Experts would be 1 of 2 on 30 April 2026",)
    assert row.tone == "bad"


def test_a_tier_that_is_kept_by_something_else_rests_on_nothing_that_earns_it() -> None:
    told = []
    for tier in ("member", "select"):
        ahead = lost("2026-04-30", tier, "expert-ola")
        ahead["rows"][0]["kept_otherwise"] = True
        with act_for_owner("harbor"):
            worked_out(ahead)
            card = Scorecard.objects.get(pk=ENROLMENT)
            standing = Standing(tier="member", result={"held": {"badge": "member"}})
            told.append([rest.tier for rest in rests_on("expert-ola", card, standing)])

    assert told == [[], ["Select"]]


def test_who_left_is_named_with_what_counted() -> None:
    with act_for_owner("harbor"):
        worked_out()
        employ("sam", "2026-02-01")
        employ("old", "2024-12-01")
        certify("sam")
        counts("expert-sam", "sam", still=False)
    found = page()
    assert [(row.name, row.last_day, [link.label for link in row.counted_for]) for row in found.gone] == [
        ("sam", date(2026, 1, 31), ["Experts"])
    ]
    assert [(row.name, row.last_day) for row in found.loose] == [("sam", None)]
    assert found.missing_url == f"/partner/{ENROLMENT}/scorecard/experts/dispute/"


def test_before_anybody_is_known_the_page_says_how_they_come() -> None:
    found = page()
    assert (found.people, found.lapses, found.gone, found.loose, found.missing_url) == ((), (), (), (), "")


def test_names_are_those_of_people_who_have_access() -> None:
    with act_for_owner("harbor"):
        employ("partner-member")
    assert [row.name for row in page().people] != ["partner-member"]


def many(count: int, *, first: int = 0) -> None:
    with act_for_owner("harbor"):
        for number in range(first, first + count):
            employ(f"p{number:04}")
            certify(f"p{number:04}", "2026-05-01")
            counts(f"expert-p{number:04}", f"p{number:04}")


def test_many_people_come_in_pages_that_cost_the_same_and_hold_each_once() -> None:
    client = signed_in("partner-admin")
    with act_for_owner("harbor"):
        worked_out()
    many(10)
    client.get(PAGE)
    with CaptureQueriesContext(connection) as few:
        client.get(PAGE)
    many(290, first=10)
    with CaptureQueriesContext(connection) as full:
        answer = client.get(PAGE)
    assert len(full) == len(few)
    assert len(answer.content) < 150_000
    seen, address = [], PAGE
    while address:
        found = client.get(address).context["page"]
        seen += [row.name for row in found.people]
        address = found.next_url
    assert len(seen) == len(set(seen)) == 300
    assert found.more_lapses == 200


@pytest.mark.parametrize("asked", ["?after=%00", "?after=zzz"])
def test_a_place_that_makes_no_sense_is_no_mistake(asked: str) -> None:
    assert signed_in("partner-admin").get(f"{PAGE}{asked}").status_code == 200


MEMBER, FINANCE = LEARNERS["partner-member"], LEARNERS["partner-finance"]


def _two_of_the_firm() -> None:
    """Two whom the firm keeps as its own people: one chose to be shown by name, the other by a pseudonym."""
    with act_for_owner("harbor"):
        for key in (MEMBER, FINANCE):
            employ(key)
            certify(key)
    for key, person, shown_as in ((MEMBER, "partner-member", "name"), (FINANCE, "partner-finance", "pseudonym")):
        with open_scope(Scope(partner_orgs=frozenset({"tarn"}), person=person)):
            BoardChoice.objects.filter(organization_id="tarn", person_id=person).delete()
            BoardChoice.objects.create(
                organization_id="tarn",
                person_id=person,
                learner=key,
                shown_as=shown_as,
                pseudonym=f"Pseudonym {key}",
                chosen_at=now(),
            )


@pytest.mark.parametrize(
    ("reader", "named"),
    [
        ("partner-admin", {"Partner-member", "Partner-finance"}),
        ("partner-member", {"Partner-member", FINANCE}),
        ("partner-finance", {"Partner-member", "Partner-finance"}),
    ],
)
def test_the_firms_own_people_are_named_to_whom_they_may_be(reader: str, named: set[str]) -> None:
    _two_of_the_firm()
    found = signed_in(reader).get(PAGE).context["page"]

    assert {row.name for row in found.people} == named
    assert found.unnamed == len(named & {FINANCE})


def test_who_is_congratulated_is_named_by_the_same_rule() -> None:
    _two_of_the_firm()
    with act_for_owner("harbor"), connection.cursor() as cursor:
        cursor.execute("UPDATE fact_credentials SET starts_on = '2026-03-20' WHERE reversed_position IS NULL")
    home = f"/partner/{ENROLMENT}/"
    said = {
        who: [each.who for each in signed_in(who).get(home).context["page"].cheers]
        for who in ("partner-admin", "partner-member")
    }

    assert said == {
        "partner-admin": ["Partner-finance, Partner-member"],
        "partner-member": ["Partner-member, one of your people"],
    }
