"""The pages of a firm's learning: who may read what, what is told, and what follows."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from swingby.web.domain.learning.catalogues import catalogue_of, take_catalogue
from swingby.web.enablement.parts import AheadPage, CellPage, ChangesPage, CoveragePage, MyPathPage
from swingby.web.models import Learner, LearningEvent, Person
from tests.permissions.learning import CATALOGUE
from tests.web.acting import acting, signed_in
from tests.web.enablement.firm import ADMIN, FIRM, LEAD, MEMBER, certify, employ, key_of, of_the_firm

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 31)
SOON = date(2026, 5, 30)
MEI, OLA = key_of(MEMBER), "ola"


def page(person: str, name: str, *args: str, asked: str = "") -> object:
    answer = signed_in(person).get(reverse(f"learning:{name}", args=[FIRM, *args]) + asked)
    assert answer.status_code == 200
    return answer.context["page"]


def mine(person: str = MEMBER) -> MyPathPage:
    found = page(person, "mine")
    assert isinstance(found, MyPathPage)
    return found


def cell(code: str = "expert") -> CellPage:
    found = page(LEAD, "certification", code)
    assert isinstance(found, CellPage)
    return found


def ahead(asked: str = "") -> AheadPage:
    found = page(LEAD, "ahead", asked=asked)
    assert isinstance(found, AheadPage)
    return found


def tell(word: str, code: str = "expert", *, person: str = MEMBER, **more: str) -> list[str]:
    """What the page answers when somebody says something of the own learning."""
    answer = signed_in(person).post(reverse("learning:tell", args=[FIRM]), {"word": word, "code": code, **more})
    assert answer.status_code == 302
    return [str(message) for message in get_messages(answer.wsgi_request)]


def answer(word: str, learner: str, code: str = "expert") -> list[str]:
    data = {"word": word, "learner": learner}
    found = signed_in(LEAD).post(reverse("learning:answer", args=[FIRM, code]), data)
    return [str(message) for message in get_messages(found.wsgi_request)]


def plan(code: str = "expert", person: str = MEMBER) -> tuple[str, list[str]] | None:
    return next(((one.state, [act.word for act in one.acts]) for one in mine(person).plans if one.code == code), None)


def test_a_wish_becomes_a_plan_a_booking_and_a_pass() -> None:
    employ(MEI)
    certify(MEI, "basics")
    tell("want")
    assert plan() == ("You asked for it", ["start", "drop"])
    assert [(one.name, [act.word for act in one.acts]) for one in cell().learners] == [
        ("Partner-member", ["agree", "decline"])
    ]
    answer("agree", MEI)
    assert plan() == ("Planned", ["start", "drop"])
    tell("book", exam_on=TODAY.isoformat())
    assert plan() == ("In progress", ["passed", "failed", "drop"])
    tell("book", exam_on="2026-04-20")
    assert plan() == ("Exam booked", ["passed", "failed", "cancel"])
    tell("passed")
    line = next(one for one in mine().plans if one.code == "expert")
    assert line.note == "You passed on 31 March 2026. It counts once the vendor's record arrives."
    assert [one.code for one in mine().held] == ["basics"]
    certify(MEI, "expert", since=TODAY)
    assert [(one.code, one.until) for one in mine().held] == [
        ("expert", date(2027, 3, 31)),
        ("basics", date(2027, 6, 1)),
    ]
    assert plan() is None


def test_what_a_lead_proposes_is_accepted_or_not() -> None:
    employ(MEI)
    certify(MEI, "basics")
    assert [one.key for one in cell().candidates] == [MEI]
    answer("agree", MEI)
    assert plan() == ("Proposed to you", ["want", "drop"])
    tell("drop")
    assert plan() is None
    assert [one.key for one in cell().candidates] == [MEI]


def test_a_failure_is_seen_by_the_person_alone() -> None:
    employ(MEI)
    certify(MEI, "basics")
    tell("failed")
    own = next(one for one in mine().plans if one.code == "expert")
    assert own.failures == (TODAY,)
    for person in (LEAD, ADMIN):
        with acting(person):
            rows = LearningEvent.objects.filter(organization_id=FIRM, learner=MEI, code="expert")
            assert list(rows) == []
        for name in ("coverage", "ahead"):
            answered = signed_in(person).get(reverse(f"learning:{name}", args=[FIRM]))
            assert "not passed" not in answered.content.decode()
    assert cell().learners == ()


def test_an_admin_who_looks_as_a_colleague_sees_no_failure() -> None:
    employ(MEI)
    tell("start")
    tell("failed")
    client = signed_in(ADMIN)
    client.post(reverse("users:look", args=[FIRM, MEMBER]))
    looked = client.get(reverse("learning:mine", args=[FIRM]))
    assert looked.context["looking"]
    assert [one.failures for one in looked.context["page"].plans if one.code == "expert"] == [()]
    assert [one.failures for one in mine().plans if one.code == "expert"] == [(TODAY,)]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"word": "want", "code": "no-such\0code"}, "This certification is not in the catalogue any more."),
        ({"word": "fly", "code": "expert"}, "Choose what you want to say."),
        ({"word": "book", "code": "expert", "exam_on": "tomorrow"}, "Say on which day the exam is."),
        (
            {"word": "book", "code": "expert", "exam_on": "2026-03-30"},
            "The exam is booked for a day before the booking.",
        ),
        ({"word": "cancel", "code": "expert"}, "No exam is booked."),
        ({"word": "drop", "code": "expert"}, "Nothing is planned."),
    ],
)
def test_what_cannot_be_is_told_and_not_kept(said: dict[str, str], told: str) -> None:
    with of_the_firm():
        before = LearningEvent.objects.count()
    assert tell(**said) == [told]
    with of_the_firm():
        assert LearningEvent.objects.count() == before


def test_a_lead_plans_only_with_people_and_words_that_there_are() -> None:
    assert answer("agree", "nobody\0") == ["Choose a person and what you want to say."]
    assert answer("revoke", MEI) == ["Choose a person and what you want to say."]


def test_the_matrix_counts_what_is_held_lapses_and_is_needed() -> None:
    employ(MEI, OLA)
    employ("gone", until=date(2026, 1, 1))
    certify(MEI, "basics")
    certify(OLA, "expert", until=SOON)
    certify("gone", "expert")
    tell("start")
    found = page(MEMBER, "coverage")
    assert isinstance(found, CoveragePage)
    assert found.matrix is not None
    cells = [one for slot in found.matrix.rows[0].slots for one in slot]
    assert [(one.words, one.tone, one.href) for one in cells] == [
        ("Harbor Basics: 1 held", "met", ""),
        ("Harbor Expert: 1 held, 1 on the way, 1 lapsing, 1 needed", "short", ""),
    ]
    assert (found.people, [(one.label, one.soon) for one in found.gaps]) == (2, [("Harbor Expert", 1)])
    assert [(one.source, one.held, one.asked, one.tone) for one in found.asks] == [("Harbor Gold", 1, 1, "warn")]


def test_an_office_has_its_own_people_and_no_needs() -> None:
    employ(MEI)
    employ(OLA, office="south")
    certify(OLA, "expert")
    found = page(LEAD, "coverage", asked="?office=north")
    assert isinstance(found, CoveragePage)
    assert (found.people, found.held, found.gaps, found.asks) == (1, 0, (), ())
    assert [(one.label, one.chosen) for one in found.offices] == [
        ("Whole firm", False),
        ("North", True),
        ("South", False),
    ]


def test_gold_rests_on_olas_certificate() -> None:
    employ(MEI, OLA)
    certify(OLA, "expert", until=SOON)
    found = ahead()
    told = [(one.person, one.label, one.last_day, one.days, one.rests, one.reminded) for one in found.endings]
    assert told == [("ola", "Harbor Expert", SOON - timedelta(days=1), 59, ("Harbor Gold",), 60)]
    assert [(one.source, one.day, one.words) for one in found.falls] == [
        ("Harbor Gold", SOON, "1 are asked for; there will be 0. ola lapses.")
    ]
    certify(MEI, "expert", since=date(2026, 3, 1))
    assert (ahead().falls, [one.rests for one in ahead().endings if one.person == "ola"]) == ((), [()])


def test_what_if_somebody_left() -> None:
    employ(OLA)
    certify(OLA, "expert", since=date(2026, 3, 1))
    assert (ahead().falls, [one.value for one in ahead().leavers]) == ((), [OLA])
    found = ahead("?without=ola&without=nobody")
    assert [(one.source, one.day) for one in found.falls] == [("Harbor Gold", TODAY + timedelta(days=1))]
    assert found.without == ("ola",)


def test_a_newer_catalogue_says_what_changed_and_whom_it_hits() -> None:
    employ(MEI, OLA)
    certify(MEI, "expert")
    newer = CATALOGUE["all.yaml"].replace("valid: 12 months", "valid: 9 months")
    with of_the_firm():
        take_catalogue(FIRM, {"all.yaml": newer}, on=TODAY)
        take_catalogue(FIRM, {"all.yaml": newer}, on=TODAY)
        kept = catalogue_of(FIRM)
        assert kept is not None
    found = page(LEAD, "changes")
    assert isinstance(found, ChangesPage)
    told = [(one.label, one.words, one.hit, one.people) for one in found.lines]
    assert told == [("Harbor Expert", "how long it holds: 12 months became 9 months", 1, ("Partner-member",))]
    others = page(MEMBER, "changes")
    assert isinstance(others, ChangesPage)
    assert [(one.hit, one.people) for one in others.lines] == [(1, ())]


def _statements(person: str, name: str, *args: str) -> int:
    client = signed_in(person)
    address = reverse(f"learning:{name}", args=[FIRM, *args])
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def _everything() -> list[int]:
    return [
        _statements(MEMBER, "mine"),
        _statements(LEAD, "coverage"),
        _statements(LEAD, "certification", "expert"),
        _statements(LEAD, "ahead"),
        _statements(LEAD, "helpers"),
        _statements(LEAD, "changes"),
    ]


def _hire(first: int, last: int) -> None:
    for number in range(first, last):
        key = f"person-{number:03}"
        employ(key)
        certify(key, "basics", until=SOON)
        with of_the_firm():
            person = Person.objects.create(id=f"p-{key}", email=f"{key}@tarn.test", name=key, password="!")
            Learner.objects.create(organization_id=FIRM, key=key, person=person)


def test_statements_do_not_depend_on_how_many_people_there_are() -> None:
    _hire(0, 10)
    few = _everything()
    _hire(10, 300)
    assert _everything() == few
    for name, args in (("coverage", ()), ("certification", ("expert",)), ("ahead", ())):
        answered = signed_in(LEAD).get(reverse(f"learning:{name}", args=[FIRM, *args]))
        assert len(answered.content) < 150_000


@pytest.mark.parametrize(
    ("currency", "said"),
    [("currency: USD\n", "USD\u00a01,400"), ("", "1,400 (the catalogue names no currency)")],
)
def test_what_an_exam_costs_stands_with_its_currency(currency: str, said: str) -> None:
    newer = currency + CATALOGUE["all.yaml"].replace("valid: 12 months", "valid: 12 months\n    fee: 1400")
    with of_the_firm():
        take_catalogue(FIRM, {"all.yaml": newer}, on=TODAY)

    assert cell().terms == f"40 hours, the exam costs {said}"


def test_what_a_tier_needs_stands_first_within_a_day_and_sooner_days_before() -> None:
    employ("abe", OLA, "zoe")
    certify("abe", "basics", until=SOON)
    certify(OLA, "expert", until=SOON)
    certify("zoe", "basics", until=SOON - timedelta(days=1))

    assert [(one.person, bool(one.rests)) for one in ahead().endings] == [("zoe", False), (OLA, True), ("abe", False)]


def test_what_tiers_ask_is_counted_over_the_same_days_on_both_pages() -> None:
    employ(OLA, "zoe")
    certify(OLA, "expert", until=SOON)
    certify("zoe", "expert", until=TODAY + timedelta(days=120))
    covered = page(LEAD, "coverage")
    assert isinstance(covered, CoveragePage)

    assert [one.lapsing for one in covered.asks] == [1]
    assert covered.asks == ahead().asks == ahead("?span=365").asks
    assert (covered.ahead_days, ahead().ahead_days) == (90, 90)
