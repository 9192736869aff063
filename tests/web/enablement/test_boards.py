"""Boards: counted at night, nobody below ten, people only by choice, and what each side sees."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.fixtures import Settings

from swingby.web.domain.learning.boards import AT_A_TIME, count_boards, count_partner_boards, spans_of
from swingby.web.domain.learning.reminders import remind_learners
from swingby.web.enablement.board_parts import BoardsPage
from swingby.web.models import BoardChoice, BoardCount, BoardPeriod, Learner, Mail, Person
from tests.web.acting import ENROLMENT, acting, signed_in
from tests.web.enablement.firm import ADMIN, FIRM, LEAD, MEMBER, certify, employ, key_of, of_the_firm

pytestmark = pytest.mark.django_db
RECENT, LONG_AGO = date(2026, 2, 1), date(2025, 1, 20)
MEI = key_of(MEMBER)


@pytest.fixture(autouse=True)
def nothing_counted_yet() -> None:
    with of_the_firm():
        BoardCount.objects.filter(organization_id=FIRM).delete()
    for person in (MEMBER, LEAD, ADMIN, "partner-finance"):
        with acting(person):
            BoardChoice.objects.filter(organization_id=FIRM, person_id=person).delete()


def many(office: str, number: int) -> list[str]:
    people = [f"{office}-{nth}" for nth in range(number)]
    employ(*people, office=office)
    return people


def page(person: str = MEMBER, **asked: str) -> BoardsPage:
    found = signed_in(person).get(reverse("learning:boards", args=[FIRM]), asked).context["page"]
    assert isinstance(found, BoardsPage)
    return found


def post(name: str, person: str = MEMBER, **said: str) -> list[str]:
    answer = signed_in(person).post(reverse(f"learning:{name}", args=[FIRM]), said)
    assert answer.status_code == 302
    return [str(message) for message in get_messages(answer.wsgi_request)]


def ten_shown() -> list[str]:
    """Ten people of the firm who are shown by name, the member not among them; each certified once."""
    people = many("south", 10)
    for key in people:
        Person.objects.create_user(f"{key}@tarn.test", name=f"Example {key}", key=key)
        certify(key, "basics", since=RECENT)
    with of_the_firm():
        Learner.objects.bulk_create(Learner(organization_id=FIRM, key=key, person_id=key) for key in people)
    for key in people:
        with acting(MEMBER):
            connection.cursor().execute("SELECT set_config('swingby.person', %s, true)", [key])
            choice = {"organization": FIRM, "person": key, "learner": key, "pseudonym": f"Orbit {key}"}
            connection.cursor().execute(
                "INSERT INTO board_choices (organization, person, learner, shown_as, pseudonym, chosen_at)"
                " VALUES (%(organization)s, %(person)s, %(learner)s, 'name', %(pseudonym)s, now())",
                choice,
            )
    return people


def labels(found: BoardsPage) -> Sequence[tuple[int, str]]:
    return [(row.rank, row.label) for row in found.rows]


def test_the_days_of_a_board() -> None:
    spans = {(span.period, span.is_before): str(span.days) for span in spans_of(date(2026, 3, 31))}
    assert spans == {
        (BoardPeriod.WEEKS, False): "[2025-12-31, 2026-04-01)",
        (BoardPeriod.WEEKS, True): "[2025-10-01, 2025-12-31)",
        (BoardPeriod.QUARTER, False): "[2025-10-01, 2026-01-01)",
        (BoardPeriod.QUARTER, True): "[2025-07-01, 2025-10-01)",
        (BoardPeriod.YEAR, False): "[2025-01-01, 2026-01-01)",
        (BoardPeriod.YEAR, True): "[2024-01-01, 2025-01-01)",
    }


def test_offices_are_ranked_per_head_and_the_own_is_marked() -> None:
    north, south = many("north", 12), many("south", 20)
    employ(MEI, office="north")
    for key in (*north[:3], *south[:4]):
        certify(key, "basics", since=RECENT)
    count_boards(FIRM)
    found = page()
    assert labels(found) == [(1, "North"), (2, "South")]
    assert labels(page(by="net")) == [(1, "South"), (2, "North")]
    assert [(row.net, row.heads, row.is_mine) for row in found.rows] == [(3, 13, True), (4, 20, False)]
    assert found.headline == ("North: place 1 of 2. Place kept.")


def test_an_office_of_nine_is_not_shown_and_not_left_over() -> None:
    many("north", 12), many("south", 15), many("east", 9)
    count_boards(FIRM)
    assert (labels(page()), page().hidden) == ([(1, "South")], 2)


def test_a_rank_change_has_its_reason() -> None:
    north, south = many("north", 10), many("south", 10)
    for key in north[:2]:
        certify(key, "basics", since=date(2025, 11, 3))
    for key in south[:5]:
        certify(key, "basics", since=RECENT)
    count_boards(FIRM)
    assert [(row.label, row.before, row.why) for row in page().rows] == [
        ("South", 2, "Up 1 place: what was earned here (+1)."),
        ("North", 1, "Down 1 place: how the others did (\N{MINUS SIGN}1)."),
    ]


def test_only_leads_go_on_from_an_office_to_its_people() -> None:
    many("north", 10)
    count_boards(FIRM)
    assert [row.href for row in page(MEMBER).rows] == [""]
    assert [row.href for row in page(LEAD).rows] == [f"{reverse('learning:coverage', args=[FIRM])}?office=north"]


def test_counting_in_portions_is_counting_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    people = many("north", 12)
    for nth, key in enumerate(people):
        certify(key, "basics", since=RECENT if nth % 2 else LONG_AGO)
    count_boards(FIRM)
    whole = page().rows
    monkeypatch.setattr("swingby.web.domain.learning.boards.AT_A_TIME", 5)
    count_boards(FIRM)
    assert (page().rows, AT_A_TIME > 5) == (whole, True)


def test_nobody_is_among_people_without_asking() -> None:
    people = ten_shown()
    employ(MEI, office="south")
    certify(MEI, "basics", since=RECENT)
    count_boards(FIRM)
    assert [row.label for row in page(of="person").people] == [row.label for row in page(LEAD, of="person").people]
    assert {row.label for row in page(of="person").people} == {f"Example {key}" for key in people}


def test_by_a_pseudonym_only_the_person_knows_and_taking_it_back_is_at_once() -> None:
    ten_shown()
    employ(MEI, office="south")
    certify(MEI, "basics", since=RECENT)
    certify(MEI, "expert", since=RECENT)
    count_boards(FIRM)
    assert post("board_choice", shown_as="pseudonym") == ["Noted."]
    own = page(of="person").own
    assert own is not None
    first = page(of="person").people[0]
    assert (first.rank, first.label, first.earned, first.is_mine) == (1, own.pseudonym, 2, True)
    seen = page(LEAD, of="person").people[0]
    assert (seen.label, seen.is_mine) == (own.pseudonym, False)
    post("board_choice", shown_as="pseudonym")
    again = page(of="person").own
    assert again is not None
    assert again.pseudonym != own.pseudonym
    assert post("board_choice", shown_as="none") == ["Noted. You are on no board of people any more."]
    assert len(page(LEAD, of="person").people) == 10


def test_nine_who_asked_show_nobody() -> None:
    people = ten_shown()
    count_boards(FIRM)
    assert len(page(of="person").people) == 10
    with of_the_firm(), connection.cursor() as cursor:
        cursor.execute("UPDATE fact_employments SET ends_on = %s WHERE person = %s", [date(2026, 3, 1), people[0]])
    found = page(of="person")
    assert (found.people, found.people_total) == ((), 9)


def test_a_country_that_forbids_shows_nobody_at_once() -> None:
    ten_shown()
    employ(MEI, office="south")
    count_boards(FIRM)
    assert len(page(of="person").people) == 10
    assert post("board_country", ADMIN, country="", word="forbid") == ["Nobody there is shown one by one."]
    assert page(of="person").people == ()
    own = page(of="person").own
    assert own is not None
    assert own.is_forbidden
    refusal = "Your firm shows nobody one by one in your country. The boards of teams go on."
    assert post("board_choice", shown_as="name") == [refusal]
    post("board_country", ADMIN, country="", word="allow")
    assert len(page(of="person").people) == 10


def test_a_country_without_an_office_is_refused() -> None:
    assert post("board_country", ADMIN, country="zz", word="forbid") == [
        "Choose a country in which the firm has an office."
    ]
    assert page(MEMBER, of="person").countries == ()


def test_an_admin_who_looks_as_somebody_does_not_learn_the_pseudonym() -> None:
    employ(MEI)
    post("board_choice", shown_as="pseudonym")
    client = signed_in(ADMIN)
    client.post(reverse("users:look", args=[FIRM, MEMBER]))
    found = client.get(reverse("learning:boards", args=[FIRM]), {"of": "person"}).context["page"]
    assert found.own is None


@pytest.mark.parametrize("asked", [{"of": "nonsense"}, {"of": "partner", "period": "\0", "by": "x"}, {}])
def test_a_board_that_there_is_not_is_the_first(asked: dict[str, str]) -> None:
    many("north", 10)
    count_boards(FIRM)
    assert labels(page(**asked)) == [(1, "North")]


def test_a_page_takes_no_more_statements_for_more_offices() -> None:
    many("north", 10)
    count_boards(FIRM)
    few = statements()
    for number in range(6):
        many(f"more{number}", 11)
    count_boards(FIRM)
    assert len(page().rows) == 7
    assert statements() == few


def statements() -> int:
    client = signed_in(MEMBER)
    with CaptureQueriesContext(connection) as captured:
        client.get(reverse("learning:boards", args=[FIRM]))
    return len(captured)


def partner_page(person: str = "manager", **asked: str) -> BoardsPage:
    found = signed_in(person).get(reverse("console:boards", args=["harbor"]), asked).context["page"]
    assert isinstance(found, BoardsPage)
    return found


def test_a_vendor_sees_partners_of_ten_and_no_names() -> None:
    people = [f"out-{nth}" for nth in range(11)]
    employ(*people, owner="harbor")
    certify(people[0], "basics", since=RECENT, owner="harbor")
    assert count_partner_boards("harbor") > 1
    (row,) = partner_page().rows
    assert row.href == reverse("console:certifications", args=["harbor", ENROLMENT])
    assert row.heads >= 11
    body = signed_in("manager").get(reverse("console:boards", args=["harbor"])).content.decode()
    assert [key for key in people if key in body] == []


def test_a_lead_of_another_region_does_not_see_the_partner() -> None:
    employ(*(f"out-{nth}" for nth in range(11)), owner="harbor")
    count_partner_boards("harbor")
    assert len(partner_page("lead").rows) == 1
    assert len(partner_page("other-lead").rows) == 0


def test_looking_ahead_does_not_change_a_count_that_was_made(settings: Settings) -> None:
    many("north", 10)
    count_boards(FIRM)
    settings.SWINGBY_TODAY = date(2026, 4, 10)
    assert page().counted_on == date(2026, 3, 31)


def test_the_mail_of_the_week_has_the_board_in_one_line() -> None:
    north, south = many("north", 10), many("south", 12)
    for key in (*north[:5], *south[:3]):
        certify(key, "basics", since=RECENT)
    certify(north[0], "expert", until=date(2026, 4, 20))
    count_boards(FIRM)
    remind_learners(FIRM)
    with of_the_firm():
        texts = Mail.objects.filter(person_id=LEAD, text__contains="per head").values_list("text", flat=True)
        assert [text.splitlines()[-3:] for text in texts] == [
            [
                "Net new per head in the last 13 weeks: North (0.50), South (0.25).",
                "",
                "Stories on the wall since last week: 0. Waiting for your yes: 1.",
            ]
        ]


def test_teams_are_a_board_only_where_they_are_no_whole_offices() -> None:
    many("north", 12), many("south", 20)
    count_boards(FIRM)
    same = page(of="team")
    employ("seller", office="north", role="sales")
    count_boards(FIRM)
    other = page(of="team")

    assert [choice.label for choice in same.groupings if choice.chosen] == ["Offices"]
    assert "Teams" not in [choice.label for choice in same.groupings]
    assert [choice.label for choice in other.groupings if choice.chosen] == ["Teams"]
