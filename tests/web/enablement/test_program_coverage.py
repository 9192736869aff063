"""The matrix of a vendor's whole program: each person once, of the partners that the reader sees."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import IntegerField, Q, Value
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from swingby.web.domain.learning.counting_all import count_coverage
from swingby.web.domain.learning.partner_counting import count_partners
from swingby.web.domain.learning.program_coverage import ProgramQuestion, program_covered
from swingby.web.enablement.program_parts import ProgramCoveragePage
from swingby.web.models import Enrolment, Organization, PartnerCoverage, RegionCoverage
from swingby.web.tenancy import act_for_owner
from tests.web.acting import acting, signed_in
from tests.web.api.asking import get

pytestmark = pytest.mark.django_db
OWNER = "harbor"
ADDRESS = reverse("console:program_certifications", args=[OWNER])
SINCE, LATER = date(2024, 1, 1), date(2027, 1, 1)


def seen(person: str = "manager", **asked: str) -> ProgramCoveragePage:
    answer = signed_in(person).get(ADDRESS, asked)
    page = answer.context["page"]
    assert isinstance(page, ProgramCoveragePage)
    return page


def partners() -> list[str]:
    with act_for_owner(OWNER):
        return sorted(set(Enrolment.objects.filter(owner_id=OWNER).values_list("partner_id", flat=True)))


def counts() -> dict[str, tuple[int, dict[str, int]]]:
    """By partner its people and who holds what."""
    with act_for_owner(OWNER):
        return {
            row.partner_id: (row.people, {code: n for code, n in zip(row.codes, row.held, strict=True) if n})
            for row in PartnerCoverage.objects.filter(owner_id=OWNER)
        }


def employ(person: str, partner: str, *, since: date = SINCE, until: date | None = None, position: int = 1) -> None:
    _insert(
        "employments",
        fact_id=f"emp-{person}-{partner}-{since}",
        partner_org=partner,
        organization=partner,
        person=person,
        role="engineering",
        starts_on=since,
        ends_on=until,
        position=position,
    )


def certify(person: str, code: str, partner: str, *, until: date = LATER, position: int = 1) -> None:
    _insert(
        "credentials",
        fact_id=f"cred-{person}-{code}",
        partner_org=partner,
        person=person,
        code=code,
        starts_on=date(2025, 6, 1),
        ends_on=until,
        position=position,
    )


def _insert(kind: str, **columns: Any) -> None:
    row = {"owner_org": OWNER, "source": "example", **columns}
    with act_for_owner(OWNER), connection.cursor() as cursor:
        names, places = ", ".join(row), ", ".join(["%s"] * len(row))
        cursor.execute(f"INSERT INTO fact_{kind} ({names}) VALUES ({places})", list(row.values()))


@pytest.fixture(autouse=True)
def _nothing_counted() -> None:
    """The small world has a row in every table: this one begins without."""
    with act_for_owner(OWNER), connection.cursor() as cursor:
        PartnerCoverage.objects.all().delete()
        RegionCoverage.objects.all().delete()
        cursor.execute("UPDATE fact_employments SET reversed_position = 1 WHERE owner_org = %s", [OWNER])
        cursor.execute("UPDATE fact_credentials SET reversed_position = 1 WHERE owner_org = %s", [OWNER])


def test_before_anything_was_counted_the_page_says_so() -> None:
    assert seen().counted == ""
    assert "Not counted yet" in signed_in("manager").get(ADDRESS).content.decode()


def test_each_person_is_counted_once_where_the_person_is() -> None:
    one, other, *_ = partners()
    employ("ann", one)
    employ("ben", one, until=date(2025, 1, 1))
    employ("cid", one)
    employ("cid", other, since=date(2025, 3, 1))
    for person, partner in (("ann", one), ("ben", one), ("cid", other)):
        certify(person, "basics", partner)
    assert count_partners(OWNER) is False
    found = counts()
    assert (found[one], found[other]) == ((1, {"basics": 1}), (1, {"basics": 1}))
    page = seen()
    assert (page.people, page.held, page.partners) == (2, 2, len(partners()))
    assert page.counted.startswith("Counted today at ")
    assert (page.behind, page.is_current) == ("", True)


def test_people_of_organizations_below_count_at_the_nearest_partner() -> None:
    with act_for_owner(OWNER):
        top = next(row for row in Organization.objects.filter(pk__in=partners()) if row.parent_id is None)
        Organization.objects.create(
            id="branch", name="Branch", parent=top, lineage=["branch", *top.lineage], registered_by=OWNER
        )
    employ("dot", "branch")
    certify("dot", "expert", "branch")
    count_partners(OWNER)
    assert counts()[top.pk] == (1, {"expert": 1})


def test_what_lacks_is_said_with_a_way_to_the_partners_matrix() -> None:
    count_partners(OWNER)
    page = seen()
    with act_for_owner(OWNER):
        lacking = list(
            PartnerCoverage.objects.filter(Q(to_keep__gt=0) | Q(to_reach__gt=0))
            .order_by("-to_keep", "-to_reach", "partner__name")
            .values_list("partner__name", "to_keep", "to_reach")
        )
        doors = {row.partner.name: row.pk for row in Enrolment.objects.select_related("partner").filter(owner_id=OWNER)}
    assert [(line.name, line.to_keep, line.to_reach) for line in page.lacking] == lacking
    assert {line.href for line in page.lacking} <= {
        reverse("console:certifications", args=[OWNER, door]) for door in doors.values()
    }
    assert (page.to_keep, page.to_reach) == (sum(row[1] for row in lacking), sum(row[2] for row in lacking))


def test_only_partners_of_whom_something_came_are_counted_again() -> None:
    one, other, *_ = partners()
    employ("ann", one)
    count_partners(OWNER)
    with act_for_owner(OWNER):
        before = dict(PartnerCoverage.objects.values_list("partner_id", "counted_at"))
    employ("eve", other, position=4)
    certify("eve", "basics", other, position=4)
    assert seen().behind == "Records that came since are not in it yet; they are being counted."
    count_partners(OWNER)
    with act_for_owner(OWNER):
        after = dict(PartnerCoverage.objects.values_list("partner_id", "counted_at"))
        above = set(Organization.objects.get(pk=other).lineage)
    assert {partner for partner, moment in after.items() if moment != before[partner]} == above & set(after)
    assert (seen().behind, counts()[other]) == ("", (1, {"basics": 1}))


def test_who_leaves_for_another_partner_is_counted_anew_at_both() -> None:
    one, other, *_ = partners()
    employ("ann", one)
    certify("ann", "basics", one)
    count_partners(OWNER)
    employ("ann", other, since=date(2026, 3, 1), position=7)
    count_partners(OWNER)
    assert (counts()[one][0], counts()[other]) == (0, (1, {"basics": 1}))


def test_it_counts_for_a_while_and_asks_for_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("swingby.web.domain.learning.partner_counting.AT_A_TIME", 1)
    turns = 0
    while count_partners(OWNER, seconds=0):
        turns += 1
        assert "never counted" in seen().behind
    assert turns == len(partners()) - 1
    assert seen().behind == ""


def test_the_next_day_all_are_counted_anew(settings: Any) -> None:
    count_partners(OWNER)
    settings.SWINGBY_TODAY = date(2026, 4, 1)
    assert not seen().is_current
    count_coverage(OWNER)
    assert seen().is_current


def test_a_partner_that_left_is_in_no_figure() -> None:
    one, *_ = partners()
    employ("ann", one)
    count_partners(OWNER)
    with act_for_owner(OWNER):
        Enrolment.objects.filter(owner_id=OWNER, partner_id=one).update(ended_on=date(2026, 3, 1))
    count_partners(OWNER)
    assert one not in counts()
    assert seen().people == 0


def test_a_regional_lead_and_a_book_see_their_partners_alone() -> None:
    with act_for_owner(OWNER):
        regions = dict(Organization.objects.filter(pk__in=partners()).values_list("pk", "region"))
        managers = dict(Enrolment.objects.filter(owner_id=OWNER).values_list("partner_id", "success_manager"))
    for number, partner in enumerate(regions):
        employ(f"person-{number}", partner)
    count_partners(OWNER)
    assert seen().people == len(regions)
    for region in {one for one in regions.values() if one}:
        mine = [partner for partner, each in regions.items() if each == region]
        assert (seen(region=region).partners, seen(region=region).people) == (len(mine), len(mine))
    emea = [partner for partner, each in regions.items() if each == "emea"]
    assert (seen("lead").partners, seen("lead").people) == (len(emea), len(emea))
    assert [row.label for row in seen("lead").regions] == ["EMEA"]
    assert seen("lead", region="apac").partners == 0
    assert 0 < len(emea) < len(regions)
    book = [partner for partner, manager in managers.items() if manager == "success"]
    assert seen("success", manager="me").partners == len(book)
    assert seen(region="nowhere").partners == 0
    assert seen(manager="nobody\0'").partners == 0


def test_the_api_answers_the_same() -> None:
    one, *_ = partners()
    employ("ann", one)
    certify("ann", "basics", one)
    count_partners(OWNER)
    page = seen()
    answer = get(f"/organizations/{OWNER}/certifications").json()
    assert (answer["people"], answer["partners"], answer["is_current"]) == (page.people, page.partners, True)


def added_by_hand(person: str, **asked: str) -> dict[str, list[int]]:
    """What the lists of the partners say that somebody sees, one after the other."""
    found: dict[str, list[int]] = {}
    with acting(person):
        rows = PartnerCoverage.objects.filter(owner_id=OWNER)
        if region := asked.get("region"):
            rows = rows.filter(partner__region=region)
        if asked.get("manager"):
            book = Enrolment.objects.filter(owner_id=OWNER, success_manager=person)
            rows = rows.filter(partner__in=book.values("partner"))
        for row in rows:
            lists = zip(row.held, row.lapsing, row.needed, row.missing, row.uncovered, strict=True)
            for code, numbers in zip(row.codes, lists, strict=True):
                found[code] = [one + other for one, other in zip(found.get(code, [0] * 5), numbers, strict=True)]
    return {code: numbers for code, numbers in found.items() if any(numbers)}


def told(person: str, **asked: str) -> dict[str, list[int]]:
    """The same as the page is told it."""
    with acting(person) as actor:
        found = program_covered(OWNER, ProgramQuestion(**asked), actor=actor, most=5)
    figures = {cell.code: [cell.held, cell.lapsing, cell.needed, cell.missing, cell.uncovered] for cell in found.cells}
    return {code: numbers for code, numbers in figures.items() if any(numbers)}


def kept() -> dict[str, str]:
    with act_for_owner(OWNER):
        return dict(RegionCoverage.objects.values_list("region", "content"))


def _move(partner: str, region: str) -> None:
    with act_for_owner(OWNER):
        Organization.objects.filter(pk=partner).update(region=region)


def _leave(partner: str) -> None:
    with act_for_owner(OWNER):
        Enrolment.objects.filter(owner_id=OWNER, partner_id=partner).update(ended_on=date(2026, 3, 1))


def _count_otherwise(partner: str) -> None:
    with act_for_owner(OWNER):
        PartnerCoverage.objects.filter(partner=partner).update(held=Value([7, 0], ArrayField(IntegerField())))


READERS: tuple[tuple[str, dict[str, str]], ...] = (
    ("manager", {}),
    ("manager", {"region": "emea"}),
    ("manager", {"region": "apac"}),
    ("success", {"manager": "me"}),
    ("lead", {}),
    ("lead", {"region": "apac"}),
)


def test_sums_of_regions_are_the_direct_count_after_each_change() -> None:
    one, other, *_ = partners()
    _move(one, "emea")
    _move(other, "apac")
    for person, partner in (("ann", one), ("ben", other), ("cid", other)):
        employ(person, partner)
        certify(person, "basics", partner)
        certify(person, "expert", partner, until=date(2026, 5, 1))

    def same() -> None:
        assert [told(person, **asked) for person, asked in READERS] == [
            added_by_hand(person, **asked) for person, asked in READERS
        ]

    same()
    count_partners(OWNER)
    same()
    assert told("manager")["basics"][0] == 3
    changes: tuple[Callable[[], None], ...] = (
        lambda: employ("dot", one, position=4),
        lambda: certify("dot", "basics", one, position=4),
        lambda: employ("ben", one, since=date(2026, 3, 1), position=6),
        lambda: _move(other, "emea"),
        lambda: _move(other, ""),
        lambda: _count_otherwise(one),
        lambda: _leave(other),
    )
    for change in changes:
        change()
        same()
        count_partners(OWNER)
        same()
        with act_for_owner(OWNER):
            regions = set(PartnerCoverage.objects.values_list("partner__region", flat=True))
        assert set(kept()) == regions


def test_a_sum_is_taken_only_while_it_is_of_the_same_lists() -> None:
    one, other, *_ = partners()
    _move(one, "emea")
    _move(other, "apac")
    employ("ann", one)
    certify("ann", "basics", one)
    count_partners(OWNER)
    before = kept()
    with act_for_owner(OWNER):
        # Such numbers come about in no other way: they show where the page has read.
        row = RegionCoverage.objects.get(region="emea")
        RegionCoverage.objects.filter(pk=row.pk).update(held=[900] * len(row.codes))
    assert {told(person, **asked)["basics"][0] for person, asked in READERS[:2]} == {900}
    assert told("lead")["basics"][0] == 900
    assert told("success", manager="me") == added_by_hand("success", manager="me")
    _move(other, "emea")
    assert told("manager")["basics"][0] == told("lead")["basics"][0] == 1
    count_partners(OWNER)
    assert told("manager")["basics"][0] == told("lead")["basics"][0] == 1
    assert kept()["emea"] != before["emea"]


def test_a_regional_lead_reads_no_sum_of_another_region() -> None:
    one, other, *_ = partners()
    _move(one, "emea")
    _move(other, "apac")
    count_partners(OWNER)
    assert {"emea", "apac"} <= set(kept())
    with acting("lead"), connection.cursor() as cursor:
        cursor.execute("SELECT region FROM region_coverages")
        assert cursor.fetchall() == [("emea",)]
        assert list(RegionCoverage.objects.values_list("region", flat=True)) == ["emea"]


def test_a_lead_is_told_that_something_of_the_own_region_came() -> None:
    one, other, *_ = partners()
    _move(one, "emea")
    _move(other, "apac")
    count_partners(OWNER)
    employ("eve", other, position=4)
    assert (seen("manager").is_current, seen("lead").is_current) == (False, True)
    employ("dot", one, position=5)
    assert not seen("lead").is_current


def test_statements_do_not_depend_on_how_many_partners_there_are() -> None:
    def statements() -> int:
        client = signed_in("manager")
        client.get(ADDRESS)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(ADDRESS).status_code == 200
        return len(queries)

    count_partners(OWNER)
    _more(range(1, 3))
    few = statements()
    _more(range(3, 40))
    assert statements() == few


def _more(numbers: range) -> None:
    with act_for_owner(OWNER):
        for number in numbers:
            key = f"more-{number}"
            Organization.objects.create(id=key, name=f"More {number}", lineage=[key], registered_by=OWNER)
            lists = {name: [0] for name in ("held", "lapsing", "needed", "missing", "uncovered")}
            PartnerCoverage.objects.create(
                owner_id=OWNER, partner_id=key, people=1, to_keep=number, codes=["basics"], is_due=False, **lists
            )
