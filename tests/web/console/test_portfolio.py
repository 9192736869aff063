from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from swingby.web.console.daily_parts import PortfolioPage
from swingby.web.models import Enrolment, LineState, PortfolioRow, ReviewLine
from swingby.web.tenancy import act_for_owner
from tests.web.acting import signed_in
from tests.web.many import add_partners

pytestmark = pytest.mark.django_db
PAGE = "/console/harbor/"


def _page(asked: str = "", *, person: str = "manager") -> PortfolioPage:
    page = signed_in(person).get(f"{PAGE}{asked}").context["page"]
    assert isinstance(page, PortfolioPage)
    return page


def _names(asked: str, *, person: str = "manager") -> list[str]:
    return [line.partner for line in _page(asked, person=person).lines]


PLANS = {"label": "Plan reviews", "kept": 5, "asked": 8, "missed": 3}
CALLS = {"label": "Calls", "kept": 20, "asked": 24, "missed": 0}


def _various(number: int) -> dict[str, Any]:
    """Five partners, each with something to be found by."""
    rows: tuple[dict[str, Any], ...] = (
        {"score": None, "at_risk": 2, "gaps": 3},
        {"trend": Decimal(-5), "gaps": 1, "next_review": date(2026, 5, 1)},
        {"trend": Decimal(7), "rhythms": [PLANS, CALLS], "missed_kinds": 1, "missed_running": 3, "gaps": 2},
        {"last_touch": date(2026, 3, 20), "rhythms": [CALLS], "missed_kinds": 0},
        {"last_touch": date(2025, 12, 1), "next_review": date(2026, 4, 1), "tier": "Gold", "tier_rank": 2},
    )
    return rows[number]


def test_partners_stand_in_the_order_of_their_names() -> None:
    assert _names("") == ["Sedge Example", "Sedge-north Example", "Tarn Example"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("?q=many&show=at_risk", [0]),
        ("?q=many&show=one_gap", [1]),
        ("?q=many&show=late", [2]),
        ("?q=many&show=quiet&sort=-partner", [4, 2, 1, 0]),
        ("?q=many&tier=Gold", [4]),
        ("?q=many&region=emea", [0, 3]),
        ("?q=MANY+example+00002", [2]),
        ("?q=many&sort=score", [4, 3, 2, 1, 0]),
        ("?q=many&sort=-score", [1, 2, 3, 4, 0]),
        ("?q=many&sort=trend", [1, 2, 0, 3, 4]),
        ("?q=many&sort=review", [4, 1, 0, 2, 3]),
        ("?q=many&sort=rhythms", [2, 3, 0, 1, 4]),
        ("?q=many&sort=touch", [4, 3, 0, 1, 2]),
        ("?q=many&sort=risk", [0, 1, 2, 3, 4]),
        ("?q=many&sort=tier", [4, 1, 3, 0, 2]),
    ],
)
def test_filters_and_orders_find_what_they_say(asked: str, found: list[int]) -> None:
    add_partners(5, of=_various)

    assert _names(asked) == [f"Many Example {number:05}" for number in found]


def _small_and_busy(number: int) -> dict[str, Any]:
    """Twelve small partners with a high score and one large one; two of the small ones miss promises."""
    large = number == 12
    kept = 5 if number in (3, 4) else 10
    return {
        "score": Decimal(500 - number),
        "worth": Decimal(10_000 if large else 10 * number),
        "kept": kept,
        "asked": 10,
    }


def test_the_next_ten_are_small_and_keep_their_promises() -> None:
    add_partners(13, of=_small_and_busy)

    found = {number for number in range(13) if number not in (3, 4)}
    names = _names("?q=many&show=next")
    assert set(names) < {f"Many Example {number:05}" for number in found - {12}}
    assert "Many Example 00000" in names


def test_one_finds_the_partners_one_looks_after() -> None:
    add_partners(3)
    with act_for_owner("harbor"):
        Enrolment.objects.filter(pk__in=["many-0", "many-2"]).update(success_manager="success")

    assert _names("?manager=me", person="success") == ["Many Example 00000", "Many Example 00002"]
    assert _names("?manager=success") == ["Many Example 00000", "Many Example 00002"]
    assert "Many Example 00001" in _names("?manager=none")


def test_a_line_says_what_was_missed_when_it_was_last_due_and_for_how_long() -> None:
    once = {"label": "Surveys", "kept": 7, "asked": 8, "missed": 1}
    found: dict[int, dict[str, Any]] = {
        0: {"rhythms": [PLANS, once, CALLS], "missed_kinds": 2, "missed_running": 3},
        1: {"rhythms": [CALLS], "missed_kinds": 0},
        2: {"rhythms": [PLANS, PLANS, once, once], "missed_kinds": 4, "missed_running": 3},
        3: {},
    }
    add_partners(4, of=lambda number: found[number])
    page = signed_in("manager").get(f"{PAGE}?q=many")
    words = [line.missed_words for line in page.context["page"].lines]

    assert words == [
        "Plan reviews, 3 times in a row; Surveys, the last time",
        "",
        "Plan reviews, 3 times in a row; Plan reviews, 3 times in a row; and 2 more",
        "",
    ]
    told = " ".join(page.content.decode().split())
    assert [told.count(each) for each in ("<b>2 of 3 missed</b>", "<b>4 of 4 missed</b>", "All kept")] == [1, 1, 1]


def test_who_missed_most_kinds_and_longest_stands_first() -> None:
    counts = ((1, 2), (0, 0), (2, 1), (1, 5), (None, 0))
    add_partners(5, of=lambda number: {"missed_kinds": counts[number][0], "missed_running": counts[number][1]})

    assert _names("?q=many&sort=rhythms") == [f"Many Example {number:05}" for number in (2, 3, 0, 1, 4)]


def test_the_file_names_what_was_missed() -> None:
    add_partners(1, of=lambda _: {"rhythms": [PLANS, CALLS], "missed_kinds": 1, "missed_running": 3})
    lines = signed_in("manager").get(f"{PAGE}partners.csv?q=many").content.decode().splitlines()

    assert "Rhythms missed when last due,Of,Which" in lines[0]
    assert '1,2,"Plan reviews, 3 times in a row"' in lines[1]


@pytest.mark.parametrize(
    "asked", ["?sort=nothing&page=0", "?page=99999999999", "?page=-1&show=nothing", "?q=a%00b&tier=%00", "?page=7"]
)
def test_an_address_that_makes_no_sense_shows_the_first_page(asked: str) -> None:
    assert signed_in("manager").get(f"{PAGE}{asked}").status_code == 200


def test_pages_follow_each_other_and_keep_what_was_asked() -> None:
    add_partners(120)
    first = _page("?q=many&sort=-score")
    second = signed_in("manager").get(first.after_url).context["page"]
    last = signed_in("manager").get(second.after_url).context["page"]

    assert (first.found, first.first, first.last, first.before_url) == (120, 1, 40, "")
    assert (second.first, second.last) == (41, 80)
    assert (last.first, last.last, last.after_url) == (81, 120, "")
    shown = [line.partner for page in (first, second, last) for line in page.lines]
    assert shown == [f"Many Example {number:05}" for number in range(120)]


def test_columns_are_chosen_and_remembered_for_one_person() -> None:
    manager = signed_in("manager")
    answer = manager.post(f"{PAGE}columns/", {"column": ["worth", "tier", "unknown"], "back": f"{PAGE}?sort=score"})

    assert answer.headers["Location"] == f"{PAGE}?sort=score"
    assert [heading.key for heading in _page().headings] == ["partner", "tier", "worth"]
    assert len(_page(person="success").headings) == 8


@pytest.mark.parametrize("back", ["https://example.test/console/harbor/?", "//example.test", "/console/harbor/../"])
def test_choosing_columns_leads_nowhere_else(back: str) -> None:
    answer = signed_in("manager").post(f"{PAGE}columns/", {"column": ["tier"], "back": back})

    assert answer.headers["Location"] == PAGE


def test_the_file_holds_everybody_found_in_the_columns_that_are_shown() -> None:
    add_partners(60, of=lambda number: {"name": f"=Many {number}", "trend": Decimal("-1.50"), "score": Decimal("2.50")})
    signed_in("manager").post(f"{PAGE}columns/", {"column": ["score", "trend"]})
    answer = signed_in("manager").get(f"{PAGE}partners.csv?q=many")
    rows = list(csv.reader(io.StringIO(answer.content.decode())))

    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert rows[0] == ["Partner", "Score", "Trend", "Compared with"]
    assert len(rows) == 61
    assert rows[1] == ["'=Many 0", "2.5", "-1.5", ""]


def test_a_partner_that_left_is_not_listed() -> None:
    add_partners(2)
    with act_for_owner("harbor"):
        Enrolment.objects.filter(pk="many-0").update(ended_on=date(2026, 1, 1))

    assert _names("?q=many") == ["Many Example 00001"]


def test_a_page_asks_as_often_and_weighs_no_more_with_three_hundred_partners_as_with_ten() -> None:
    client = signed_in("executive")
    add_partners(10)
    client.get(PAGE)
    with CaptureQueriesContext(connection) as few:
        client.get(PAGE)
    add_partners(300, first=10)
    with CaptureQueriesContext(connection) as many:
        page = client.get(PAGE)

    assert len(many) == len(few)
    assert len(page.content) < 150_000


def test_a_partner_sees_no_row_of_the_portfolio() -> None:
    from tests.web.acting import acting

    with acting("partner-admin"):
        assert list(PortfolioRow.objects.all()) == []


def test_falls_that_wait_for_somebody_are_said_with_the_way_to_them() -> None:
    page = signed_in("executive").get(PAGE)
    said = " ".join(page.content.decode().partition('id="waiting-falls">')[2].partition("</p>")[0].split())

    assert said == (
        "3 of these partners keep their tier only until somebody decides their fall;"
        ' <a href="/console/harbor/reviews/">see the reviews</a>.'
    )
    with act_for_owner("harbor"):
        ReviewLine.objects.filter(enrolment="harbor-program-tarn").update(state=LineState.APPROVED)
    assert _page().waiting_falls == 2
    with act_for_owner("harbor"):
        ReviewLine.objects.update(direction="up")
    assert "waiting-falls" not in signed_in("executive").get(PAGE).content.decode()
