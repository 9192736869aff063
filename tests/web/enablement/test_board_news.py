"""What changed on a board comes with the mail of the day: with its reason, and of nobody whom no board shows."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from pytest_django.fixtures import Settings

from swingby.enablement import Growth, Part
from swingby.web.domain.learning.board_news import (
    most_moved,
    moves,
    people_moves,
    recount_boards,
    recount_partner_boards,
)
from swingby.web.domain.learning.boards import count_boards, count_partner_boards
from swingby.web.domain.notifications import choose_ways, desk_of, digest_day, send_digest
from swingby.web.models import (
    BoardChoice,
    BoardCount,
    Enrolment,
    ForbiddenCountry,
    Grouping,
    Learner,
    Mail,
    Notification,
    NotificationKind,
    PartnerBoardCount,
    Person,
)
from tests.web.acting import ENROLMENT, acting, signed_in, the_enrolment
from tests.web.enablement.firm import ADMIN, FIRM, LEAD, MEMBER, certify, employ, key_of, of_the_firm

pytestmark = pytest.mark.django_db
K = NotificationKind
DAY, BEFORE = date(2026, 3, 31), date(2026, 3, 30)
MEI, LENA = key_of(MEMBER), key_of(LEAD)
UP = "North: place 1 of 2 among offices, 2 on 30 March. Up 1 place: what was earned here (+1)."
BACK = "\N{MINUS SIGN}1"


@pytest.fixture(autouse=True)
def nothing_counted_or_told_yet() -> None:
    with of_the_firm():
        BoardCount.objects.filter(organization_id=FIRM).delete()
    with of_the_firm("harbor"):
        PartnerBoardCount.objects.filter(owner_id="harbor").delete()
    for person in (MEMBER, LEAD, ADMIN, "partner-finance", "manager", "success", "lead", "other-lead", "finance"):
        with acting(person):
            BoardChoice.objects.filter(person_id=person).delete()
            Notification.objects.filter(person_id=person).delete()


def told(person: str) -> list[str]:
    with acting(person):
        rows = Notification.objects.filter(person_id=person, kind__in=(K.BOARD, K.PARTNER_BOARD))
        return sorted(rows.values_list("words", flat=True))


def crew(office: str, number: int = 10) -> list[str]:
    people = [f"{office}-{nth}" for nth in range(number)]
    employ(*people, office=office)
    return people


def counted_on(day: date, settings: Settings) -> None:
    settings.SWINGBY_TODAY = day
    recount_boards(FIRM)


def south_leads(settings: Settings) -> list[str]:
    """Two offices of which the second leads; the member is at the first, nobody else is known by name there."""
    north, south = crew("north"), crew("south", 11)
    employ(MEI, office="north")
    certify(south[0], "basics", since=date(2026, 2, 1))
    counted_on(BEFORE, settings)
    return north


def north_overtakes(north: list[str], settings: Settings) -> None:
    for key in north[:3]:
        certify(key, "basics", since=DAY)
    counted_on(DAY, settings)


def test_the_own_office_overtakes_and_the_reason_is_said(settings: Settings) -> None:
    north_overtakes(south_leads(settings), settings)
    assert told(MEMBER) == [UP]


def test_of_a_team_that_is_no_whole_office_its_people_hear_beside_the_office(settings: Settings) -> None:
    employ(*(f"seller-{nth}" for nth in range(10)), office="north", role="sales")
    north_overtakes(south_leads(settings), settings)
    assert [words.partition(" of ")[0] for words in told(MEMBER)] == [
        "North, Engineering: place 1",
        "North: place 1",
    ]


def test_a_lead_hears_of_the_office_that_moved_most_once(settings: Settings) -> None:
    north_overtakes(south_leads(settings), settings)
    assert told(LEAD) == [f"{UP} 1 other changed places."]
    assert told("partner-finance") == []


def test_a_lead_of_the_office_that_moved_most_hears_it_once(settings: Settings) -> None:
    employ(LENA, office="north")
    north_overtakes(south_leads(settings), settings)
    assert [words for words in told(LEAD) if "among offices" in words] == [UP]


def test_whatever_is_counted_twice_is_told_once(settings: Settings) -> None:
    north_overtakes(south_leads(settings), settings)
    before = told(MEMBER), told(LEAD)
    counted_on(DAY, settings)
    assert (told(MEMBER), told(LEAD)) == before


def test_what_was_never_counted_before_is_no_news(settings: Settings) -> None:
    crew("north"), crew("south")
    employ(MEI, office="north")
    counted_on(DAY, settings)
    assert told(MEMBER) == []


def test_an_office_below_the_base_is_in_no_line_and_comes_in_with_the_tenth(settings: Settings) -> None:
    crew("south", 11), crew("north", 8)
    employ(MEI, office="north")
    counted_on(BEFORE, settings)
    employ("late", office="north")
    counted_on(DAY, settings)
    assert [words for words in told(MEMBER) if "office" in words] == [
        "North: place 1 of 2 among offices. Not on the board before."
    ]


def test_nine_are_told_nothing_however_much_they_earn(settings: Settings) -> None:
    crew("south", 11), crew("west", 11), crew("north", 8)
    employ(MEI, office="north")
    counted_on(BEFORE, settings)
    certify(MEI, "basics", since=DAY)
    counted_on(DAY, settings)
    assert [words for person in (MEMBER, LEAD, ADMIN) for words in told(person) if "North" in words] == []


def test_it_comes_in_the_mail_of_the_day_and_can_be_turned_off(settings: Settings) -> None:
    with acting(ADMIN) as actor:
        choose_ways(actor, desk_of(the_enrolment()), {"board": "none"})
    north_overtakes(south_leads(settings), settings)
    assert [send_digest(owner=FIRM, person=one, day=DAY) for one in (LEAD, LEAD, ADMIN)] == [True, False, False]
    with of_the_firm():
        (mail,) = Mail.objects.filter(person_id=LEAD, key__startswith="digest:")
        assert (mail.subject, mail.text) == ("Tarn Example: one thing to know", f"- {UP} 1 other changed places.")
        assert not Mail.objects.filter(person_id=LEAD, key__startswith="notification:").exists()


@pytest.mark.parametrize(
    ("hour", "day"), [(0, DAY), (5, DAY), (6, DAY + timedelta(days=1)), (23, DAY + timedelta(days=1))]
)
def test_what_a_night_brings_is_in_the_mail_of_the_morning(hour: int, day: date) -> None:
    assert digest_day(datetime(2026, 3, 31, hour, 59, tzinfo=UTC)) == day


def test_what_comes_in_while_a_days_mail_goes_out_has_one_of_its_own(settings: Settings) -> None:
    north = south_leads(settings)
    north_overtakes(north, settings)
    assert send_digest(owner=FIRM, person=LEAD, day=DAY)
    south = [f"south-{nth}" for nth in range(9)]
    for key in south:
        certify(key, "expert", since=DAY)
    counted_on(DAY, settings)
    assert send_digest(owner=FIRM, person=LEAD, day=DAY)
    with of_the_firm():
        assert Mail.objects.filter(person_id=LEAD, key__startswith="digest:").count() == 2


def test_the_page_of_notifications_leads_to_the_board(settings: Settings) -> None:
    north_overtakes(south_leads(settings), settings)
    with acting(MEMBER):
        row = Notification.objects.get(person_id=MEMBER, words=UP)
    answer = signed_in(MEMBER).get(f"/partner/{ENROLMENT}/notifications/{row.pk}/", follow=True)
    assert (answer.status_code, answer.request["PATH_INFO"], answer.request["QUERY_STRING"]) == (
        200,
        f"/learning/{FIRM}/boards/",
        "of=office",
    )


# --- people -----------------------------------------------------------------------------------------------------------


def shown(number: int, settings: Settings, *, mine: str = "name") -> None:
    """So many people asked to be shown, the member the first of them; on the day after, the member passes."""
    people = crew("south", number - 1)
    employ(MEI, office="south")
    _ask(MEMBER, MEI, mine)
    for key in people:
        Person.objects.create_user(f"{key}@tarn.test", name=f"Example {key}", key=key)
        with of_the_firm():
            Learner.objects.create(organization_id=FIRM, key=key, person_id=key)
        _ask(key, key, "name")
    certify(people[0], "basics", since=date(2026, 2, 1))
    counted_on(BEFORE, settings)
    certify(MEI, "basics", since=DAY)
    certify(MEI, "expert", since=DAY)
    counted_on(DAY, settings)


def _ask(person: str, learner: str, shown_as: str) -> None:
    with of_the_firm(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('swingby.person', %s, true)", [person])
        cursor.execute(
            "INSERT INTO board_choices (organization, person, learner, shown_as, pseudonym, chosen_at)"
            " VALUES (%s, %s, %s, %s, %s, now())",
            [FIRM, person, learner, shown_as, f"Orbit {person}"],
        )


def of_people(person: str) -> list[str]:
    return [words for words in told(person) if "among people" in words]


def test_who_is_shown_by_name_hears_of_the_own_place_and_nobody_else_does(settings: Settings) -> None:
    shown(10, settings)
    assert of_people(MEMBER) == [
        "You: place 1 of 10 among people, 2 on 30 March. Up 1 place: what was earned here (+1)."
    ]
    assert [of_people(person) for person in (LEAD, ADMIN, "partner-finance")] == [[], [], []]


def test_a_pseudonym_is_betrayed_by_no_line(settings: Settings) -> None:
    shown(10, settings, mine="pseudonym")
    assert of_people(MEMBER) == []


def test_of_nine_who_asked_nobody_hears_a_place(settings: Settings) -> None:
    shown(9, settings)
    assert of_people(MEMBER) == []


def test_a_country_that_forbids_has_no_line(settings: Settings) -> None:
    with acting(ADMIN):
        ForbiddenCountry.objects.get_or_create(
            organization_id=FIRM, country="", defaults={"by_id": ADMIN, "at": datetime(2026, 3, 1, tzinfo=UTC)}
        )
    shown(10, settings)
    assert of_people(MEMBER) == []


# --- a vendor ---------------------------------------------------------------------------------------------------------


def partner_rows(day: date, **earned: int) -> None:
    """What a vendor counted of the partners, twelve people each."""
    columns = {"held_before": 0, "lapsed": 0, "moved_in": 0, "moved_out": 0, "heads": 12}
    with of_the_firm("harbor"):
        for partner, number in earned.items():
            PartnerBoardCount.objects.create(
                owner_id="harbor", partner_id=partner, joined=2025, period="weeks", is_before=False,
                starts_on=day - timedelta(days=91), ends_on=day + timedelta(days=1), counted_on=day,
                earned=number, held_after=number, **columns,
            )  # fmt: skip


def tarn_falls_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    partner_rows(BEFORE, tarn=5, sedge=4)

    def count(owner: str) -> int:
        with of_the_firm(owner):
            PartnerBoardCount.objects.filter(owner_id=owner).delete()
        partner_rows(DAY, tarn=5, sedge=8)
        return 2

    monkeypatch.setattr("swingby.web.domain.learning.board_news.count_partner_boards", count)
    assert recount_partner_boards("harbor") == 2


def test_a_vendors_people_hear_of_the_partner_that_moved_most(monkeypatch: pytest.MonkeyPatch) -> None:
    tarn_falls_behind(monkeypatch)
    words = "Sedge Example: place 1 of 2 among partners, 2 on 30 March. Up 1 place: what was earned here (+1). 1 other changed places."
    assert [one for one in told("manager") if "among partners" in one] == [words]
    assert (told("finance"), told(ADMIN)) == ([], [])


def test_who_looks_after_partners_hears_of_those(monkeypatch: pytest.MonkeyPatch) -> None:
    with acting("manager"):
        Enrolment.objects.filter(partner_id=FIRM, owner_id="harbor").update(success_manager_id="success")
    tarn_falls_behind(monkeypatch)
    (words,) = (one for one in told("success") if "among partners" in one)
    assert (
        words == f"Tarn Example: place 2 of 2 among partners, 1 on 30 March. Down 1 place: how the others did ({BACK})."
    )


def test_a_regional_lead_hears_of_the_own_region_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    tarn_falls_behind(monkeypatch)
    assert [one.partition(":")[0] for one in told("lead")] == []
    assert [one for one in told("other-lead") if "among partners" in one] == []


def test_a_vendor_that_counts_for_the_first_time_hears_nothing() -> None:
    assert recount_partner_boards("harbor") == count_partner_boards("harbor")
    assert told("manager") == []


# --- moves ------------------------------------------------------------------------------------------------------------


def part(key: str, earned: int, heads: int = 10) -> Part:
    return Part(key=key, heads=heads, growth=Growth(0, earned, 0, 0, 0, earned))


def test_what_stayed_where_it_was_is_no_move() -> None:
    same = [part("a", 3), part("b", 2), part("c", 1)]
    assert moves(Grouping.OFFICE, same, same, since=BEFORE) == []
    assert most_moved([]) is None


def test_of_equal_moves_the_one_that_stands_best_is_told() -> None:
    found = moves(
        Grouping.OFFICE,
        [part("a", 3), part("b", 2), part("c", 1)],
        [part("a", 1), part("b", 2), part("c", 3)],
        since=BEFORE,
    )
    most = most_moved(found)
    assert most is not None
    assert [(move.line.part.key, move.places) for move in found] == [("c", 2), ("a", 2)]
    assert most.line.part.key == "c"


def test_people_below_the_minimum_on_either_day_move_nowhere() -> None:
    ten = [part(f"p{nth}", nth, 1) for nth in range(10)]
    back = [part(f"p{nth}", 9 - nth, 1) for nth in range(10)]
    assert len(people_moves(ten, back, since=BEFORE)) == 10
    assert people_moves(ten[:9], back, since=BEFORE) == people_moves(ten, back[:9], since=BEFORE) == []


def test_counting_alone_tells_nothing(settings: Settings) -> None:
    south_leads(settings)
    certify(MEI, "basics", since=DAY)
    settings.SWINGBY_TODAY = DAY
    count_boards(FIRM)
    assert told(MEMBER) == []
