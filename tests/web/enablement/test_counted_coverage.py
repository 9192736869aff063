"""The matrix of a large firm from what a job counted: the same figures, said when, counted anew after every change."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from swingby.web.domain.learning import counting, portions
from swingby.web.domain.learning.catalogues import KeptCatalogue, catalogue_of, take_catalogue
from swingby.web.domain.learning.counting import word_told
from swingby.web.domain.learning.counting_all import count_coverage
from swingby.web.domain.learning.covering import Covered, NotCountedError, firm_covered
from swingby.web.domain.learning.portions import count_firm
from swingby.web.enablement.parts import CoveragePage, MyPathPage
from swingby.web.models import CertificationNeed, CoverageCount, CoveragePortion
from tests.permissions.learning import CATALOGUE
from tests.web.acting import signed_in
from tests.web.api.asking import get
from tests.web.enablement.firm import FIRM, LEAD, MEMBER, certify, employ, key_of, of_the_firm

pytestmark = pytest.mark.django_db
ADDRESS = reverse("learning:coverage", args=[FIRM])
LATER = date(2027, 1, 1)


@pytest.fixture
def _large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every firm with two records is large, and its portions are of few people."""
    monkeypatch.setattr(counting, "MOST_AT_ONCE", 1)
    monkeypatch.setattr(portions, "AT_A_TIME", 3)
    with of_the_firm():  # The small world has a row in every table.
        CoverageCount.objects.all().delete()
        CoveragePortion.objects.all().delete()


@pytest.fixture
def _many(_large: None) -> None:
    for number in range(12):
        employ(f"person-{number:02}", office=("north", "south")[number % 2])
        certify(f"person-{number:02}", "basics", until=date(2026, 5, 1 + number) if number % 3 else LATER)
    certify("person-01", "expert")
    employ("gone", until=date(2026, 2, 1))
    certify("gone", "expert")
    employ(key_of(MEMBER))
    signed_in(MEMBER).post(reverse("learning:tell", args=[FIRM]), {"word": "start", "code": "expert"})


def counted(office: str = "") -> Covered:
    with of_the_firm():
        return firm_covered(FIRM, kept(), office=office)


def kept() -> KeptCatalogue:
    found = catalogue_of(FIRM)
    assert found is not None
    return found


def page(person: str = LEAD, **asked: str) -> CoveragePage:
    found = signed_in(person).get(ADDRESS, asked).context["page"]
    assert isinstance(found, CoveragePage)
    return found


def jobs() -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT args FROM procrastinate_jobs WHERE task_name = 'count_coverage' AND status = 'todo'")
        return [args for (args,) in cursor.fetchall()]


@pytest.mark.usefixtures("_many")
@pytest.mark.parametrize("office", ["", "north", "south"])
def test_what_was_counted_is_what_a_request_would_count(office: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert count_firm(FIRM) is False
    found = counted(office)
    assert (found.is_current, found.counted_at is None) == (True, False)
    monkeypatch.setattr(counting, "MOST_AT_ONCE", 10_000)
    exact = counted(office)
    assert exact.counted_at is None
    names = ("day", "cells", "people", "unknown", "needs", "standings", "office", "offices")
    assert {name: getattr(found, name) for name in names} == {name: getattr(exact, name) for name in names}


@pytest.mark.usefixtures("_many")
def test_before_anything_was_counted_the_page_says_so() -> None:
    with pytest.raises(NotCountedError), of_the_firm():
        firm_covered(FIRM, kept())
    found = page()
    assert (found.is_waiting, found.matrix) == (True, None)
    assert "Being counted" in signed_in(LEAD).get(ADDRESS).content.decode()


@pytest.mark.usefixtures("_many")
def test_the_page_says_when_it_was_counted_and_what_came_since() -> None:
    count_firm(FIRM)
    assert page().is_current
    assert page().counted.startswith("Counted today at ")
    assert "Records that came since" not in signed_in(LEAD).get(ADDRESS).content.decode()
    _at(7, "late")
    assert not page().is_current
    assert "Records that came since" in signed_in(LEAD).get(ADDRESS).content.decode()
    count_firm(FIRM)
    assert (page().is_current, page().held) == (True, page().held)


def _at(position: int, person: str) -> None:
    """Somebody new, at a later position of the ledger."""
    employ(person)
    certify(person, "expert")
    with of_the_firm(), connection.cursor() as cursor:
        for kind in ("employments", "credentials"):
            cursor.execute(f"UPDATE fact_{kind} SET position = %s WHERE person = %s", [position, person])


@pytest.mark.usefixtures("_many")
def test_only_portions_of_whom_something_came_are_counted_again(monkeypatch: pytest.MonkeyPatch) -> None:
    count_firm(FIRM)
    done: list[int] = []
    real = portions._count_portion

    def noted(firm: str, number: int, people: list[str], mark: portions.Mark) -> None:
        done.append(number)
        real(firm, number, people, mark)

    monkeypatch.setattr(portions, "_count_portion", noted)
    count_firm(FIRM)
    assert done == []
    before = counted()
    _at(9, "person-20")
    count_firm(FIRM)
    with of_the_firm():
        number = CoveragePortion.objects.count()
    assert done == [counting.portion_of("person-20", number)]
    after = counted()
    assert after.people == before.people + 1
    assert [cell.held for cell in after.cells] == [before.cells[0].held, before.cells[1].held + 1]


@pytest.mark.usefixtures("_many")
def test_a_word_told_is_counted() -> None:
    count_firm(FIRM)
    assert [cell.in_progress for cell in counted().cells] == [1, 1]
    before = len(jobs())
    signed_in(MEMBER).post(reverse("learning:tell", args=[FIRM]), {"word": "drop", "code": "expert"})
    assert (len(jobs()), counted().is_current) == (before + 1, False)
    count_firm(FIRM)
    assert ([cell.in_progress for cell in counted().cells], counted().is_current) == ([1, 0], True)


@pytest.mark.usefixtures("_many")
def test_what_is_taken_back_is_counted() -> None:
    count_firm(FIRM)
    with of_the_firm(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE fact_credentials SET reversed_position = 5 WHERE person = 'person-01' AND code = 'expert'"
        )
    assert not counted().is_current
    count_firm(FIRM)
    assert (counted().cells[1].held, counted().is_current) == (0, True)


@pytest.mark.usefixtures("_many")
def test_the_next_day_everybody_is_counted_anew(settings: Any) -> None:
    count_firm(FIRM)
    settings.SWINGBY_TODAY = date(2026, 8, 1)
    found = counted()
    assert (found.is_current, found.day, found.cells[0].held) == (False, date(2026, 3, 31), 12)
    count_firm(FIRM)
    assert (counted().day, counted().is_current, counted().cells[0].held) == (date(2026, 8, 1), True, 4)


@pytest.mark.usefixtures("_many")
def test_a_new_catalogue_and_what_is_newly_asked_are_counted() -> None:
    count_firm(FIRM)
    before = len(jobs())
    with of_the_firm():
        take_catalogue(
            FIRM, {"all.yaml": CATALOGUE["all.yaml"].replace("Harbor Expert", "Expert")}, on=date(2026, 3, 1)
        )
    assert (len(jobs()), counted().is_current) == (before + 1, False)
    count_firm(FIRM)
    assert counted().is_current
    with of_the_firm():
        CertificationNeed.objects.create(
            organization_id=FIRM, vendor="harbor", kind="keep", source="Harbor Top", label="Any", codes=["basics", "expert"],
            people=2, starts_on=date(2026, 1, 1),
        )  # fmt: skip
    found = counted()
    assert ([one.label for one in found.uncounted], found.is_current) == (["Any"], False)
    assert page().uncounted == ("Harbor Top: Any",)
    count_firm(FIRM)
    assert [(one.ask.label, one.held) for one in counted().standings] == [("Experts", 1), ("Any", 12)]


@pytest.mark.usefixtures("_many")
def test_it_counts_for_a_while_and_asks_for_the_rest() -> None:
    waiting = len(jobs())
    turns = 0
    while count_firm(FIRM, seconds=0):
        turns += 1
    assert turns >= 3
    assert len(jobs()) == waiting
    assert counted().is_current


@pytest.mark.usefixtures("_many")
def test_the_job_does_nothing_where_nothing_is_due(monkeypatch: pytest.MonkeyPatch) -> None:
    assert count_coverage(FIRM) is False
    with of_the_firm():
        rows = list(CoverageCount.objects.order_by("office").values_list("office", "people"))
    assert count_coverage(FIRM) is False
    with of_the_firm():
        assert list(CoverageCount.objects.order_by("office").values_list("office", "people")) == rows
    monkeypatch.setattr(counting, "MOST_AT_ONCE", 10_000)
    assert count_coverage("nobody") is False


def test_a_small_firm_asks_for_no_job() -> None:
    employ(key_of(MEMBER))
    before = len(jobs())
    with of_the_firm():
        word_told(FIRM, key_of(MEMBER))
    signed_in(MEMBER).post(reverse("learning:tell", args=[FIRM]), {"word": "start", "code": "expert"})
    assert (len(jobs()), page().counted, page().is_current) == (before, "", True)


@pytest.mark.usefixtures("_many")
def test_my_path_reads_what_was_counted_and_says_when(monkeypatch: pytest.MonkeyPatch) -> None:
    path = reverse("learning:mine", args=[FIRM])
    count_firm(FIRM)
    found = signed_in(MEMBER).get(path).context["page"]
    assert isinstance(found, MyPathPage)
    assert found.counted.startswith("Counted today at ")
    monkeypatch.setattr(counting, "MOST_AT_ONCE", 10_000)
    exact = signed_in(MEMBER).get(path).context["page"]
    assert exact.counted == ""
    assert (found.nexts, found.held, found.plans) == (exact.nexts, exact.held, exact.plans)


@pytest.mark.usefixtures("_many")
@pytest.mark.parametrize("people", [1, 5])
def test_a_tier_that_rests_on_somebody_is_named_in_a_large_firm(people: int) -> None:
    with of_the_firm():
        CertificationNeed.objects.update(people=people)
    certify(key_of(MEMBER), "expert", since=date(2025, 6, 1), until=date(2026, 5, 20))
    with of_the_firm(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE fact_credentials SET reversed_position = 5 WHERE person = 'person-01' AND code = 'expert'"
        )
    count_firm(FIRM)
    found = signed_in(MEMBER).get(reverse("learning:mine", args=[FIRM])).context["page"]
    assert [(line.code, line.rests) for line in found.held] == [("expert", ("Harbor Gold",))]


@pytest.mark.usefixtures("_many")
def test_yesterdays_count_says_yesterday(settings: Any) -> None:
    count_firm(FIRM)
    settings.SWINGBY_TODAY = date(2026, 4, 1)
    assert page().counted.startswith("Counted yesterday at ")
    settings.SWINGBY_TODAY = date(2026, 4, 9)
    assert page().counted.startswith("Counted on 31 March 2026 at ")


@pytest.mark.usefixtures("_many")
def test_what_lapses_is_shown_office_by_office(monkeypatch: pytest.MonkeyPatch) -> None:
    count_firm(FIRM)
    address = reverse("learning:ahead", args=[FIRM])
    names = ("endings", "endings_total", "falls", "resting", "asks", "leavers")
    for office in ("north", "south"):
        found = signed_in(LEAD).get(address, {"office": office}).context["page"]
        assert (found.is_by_office, [each.value for each in found.offices]) == (True, ["north", "south"])
        with monkeypatch.context() as patched:
            patched.setattr(counting, "MOST_AT_ONCE", 10_000)
            exact = signed_in(LEAD).get(address, {"office": office}).context["page"]
        assert {name: getattr(found, name) for name in names} == {name: getattr(exact, name) for name in names}
    first = signed_in(LEAD).get(address).context["page"]
    assert [each.value for each in first.offices if each.chosen] == ["north"]
    assert [each.value for each in first.spans] == ["30", "90", "180"]


@pytest.mark.usefixtures("_many")
def test_what_if_somebody_left_is_worked_out_in_a_large_firm() -> None:
    certify("gone-soon", "expert")
    count_firm(FIRM)
    found = signed_in(LEAD).get(reverse("learning:ahead", args=[FIRM]), {"without": "person-01"}).context["page"]
    assert ([line.source for line in found.falls], found.without) == (["Harbor Gold"], ("person-01",))


@pytest.mark.usefixtures("_many")
def test_helpers_are_sought_more_closely_where_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    count_firm(FIRM)
    address = reverse("learning:helpers", args=[FIRM])
    usual = signed_in(LEAD).get(address, {"code": "basics", "place": "north"}).context["page"]
    assert (usual.total, usual.is_too_many) == (6, False)
    monkeypatch.setattr("swingby.web.enablement.finding_pages.MOST_READ", 8)
    many = signed_in(LEAD).get(address)
    assert (many.context["page"].lines, many.context["page"].is_too_many) == ((), True)
    assert "More than can be listed" in many.content.decode()
    near = signed_in(LEAD).get(address, {"code": "basics", "place": "north"}).context["page"]
    assert (near.total, near.is_too_many, near.lines) == (6, False, usual.lines)


@pytest.mark.usefixtures("_many")
def test_one_certification_is_the_same_however_large_the_firm_is(monkeypatch: pytest.MonkeyPatch) -> None:
    address = reverse("learning:certification", args=[FIRM, "expert"])
    large = signed_in(LEAD).get(address).context["page"]
    monkeypatch.setattr(counting, "MOST_AT_ONCE", 10_000)
    assert signed_in(LEAD).get(address).context["page"] == large
    assert (large.held, large.holders_total, large.candidates_total) == (1, 1, 11)


@pytest.mark.usefixtures("_many")
def test_the_api_says_when_it_was_counted_and_what_came_since() -> None:
    address = f"/firms/{FIRM}/certifications"
    before = get(address, person=MEMBER)
    assert (before.status_code, "counted by a job" in before.json()["detail"]) == (409, True)
    count_firm(FIRM)
    found = get(address, person=MEMBER).json()
    assert (found["is_current"], found["counted_at"][:10], found["people"]) == (True, "2026-03-31", 13)
    _at(8, "person-30")
    assert not get(address, person=MEMBER).json()["is_current"]
