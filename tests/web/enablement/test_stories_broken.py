"""What somebody tried in order to break the stage, vouchers and hours of study, and what holds."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from copy import copy
from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.messages import get_messages
from django.db import OperationalError, connection, transaction
from django.db.models import QuerySet
from django.urls import reverse
from pytest_django.fixtures import Settings

from swingby.web.domain.errors import RefusedError
from swingby.web.domain.learning.catalogues import catalogue_of
from swingby.web.domain.notifications import choose_ways, desk_of, send_digest
from swingby.web.domain.stories import telling
from swingby.web.domain.stories.answering import accept_story, thank_for
from swingby.web.domain.stories.news import tell_of_stories
from swingby.web.domain.study.circles import join_circle, leave_circle
from swingby.web.domain.study.hours import change_hours
from swingby.web.domain.users import set_roles
from swingby.web.domain.vouchers.giving import give_voucher
from swingby.web.models import (
    AuditEntry,
    Mail,
    Notification,
    NotificationChoice,
    Person,
    Story,
    StoryState,
    StoryTeller,
    StudyCircle,
    StudyHours,
    StudySeat,
    Thanks,
    Voucher,
    VoucherBudget,
    VoucherCode,
    Way,
)
from tests.web.acting import ENROLMENT, acting, signed_in, the_enrolment
from tests.web.enablement.firm import ADMIN, FIRM, LEAD, MEMBER, key_of, of_the_firm
from tests.web.enablement.test_stories import (
    SAID,
    TODAY,
    accepted,
    act,
    empty_stage,
    post,
    tell,
    the_story,
    vendor_wall,
    wall,
)

__all__ = ["empty_stage"]
pytestmark = pytest.mark.django_db
CHANGED = "It was changed or answered meanwhile. Read it again."
TWICE_IN, CIRCLE = "This code is here already. Leave the row out.", "tarn-circle"
TWICE = "You wrote this story in another window meanwhile. Open it again."


def stories() -> list[tuple[int, str, str]]:
    with acting(MEMBER):
        rows = Story.objects.filter(pk__in=StoryTeller.objects.filter(person_id=MEMBER).values("story_id"))
        return [(row.edition, row.state, row.why) for row in rows]


# --- at once ------------------------------------------------------------------------------------------------------------


def test_a_story_that_is_sent_twice_at_once_is_one_story(monkeypatch: pytest.MonkeyPatch) -> None:
    tell()
    monkeypatch.setattr(telling, "story_of", lambda *_, **__: None)  # Both looked before one of them wrote.
    assert tell(why="Another window.") == [TWICE]
    assert stories() == [(1, "waiting", SAID["why"])]


def test_two_windows_do_not_write_two_texts_under_one_edition(monkeypatch: pytest.MonkeyPatch) -> None:
    tell()
    before = the_story()
    monkeypatch.setattr(telling, "story_of", lambda *_, **__: copy(before))
    tell(why="First window.")
    assert tell(why="Second window.") == [TWICE]
    act("accept", person=ADMIN, edition=2)
    assert stories() == [(2, "accepted", "First window.")]


def test_a_story_taken_back_in_another_window_is_not_written(monkeypatch: pytest.MonkeyPatch) -> None:
    tell()
    before = the_story()
    act("withdraw", person=MEMBER)
    monkeypatch.setattr(telling, "story_of", lambda *_, **__: copy(before))
    assert tell(why="Second window.") == [TWICE]
    assert stories() == []


def test_what_was_taken_back_is_not_accepted() -> None:
    tell()
    before = the_story()
    act("withdraw", person=MEMBER)
    with pytest.raises(RefusedError), acting(ADMIN) as actor:
        accept_story(before, edition=before.edition, actor=actor)
    assert stories() == []


def test_a_word_about_what_was_read_does_not_send_back_what_was_written_since() -> None:
    tell()
    tell(why="Something else.")
    assert act("return", person=ADMIN, edition=1, answer="Leave out the customer.") == [CHANGED]
    assert stories() == [(2, "waiting", "Something else.")]


def test_of_two_moderators_who_accept_at_once_one_is_told() -> None:
    tell()
    before = the_story()
    act("accept", person=LEAD)
    with pytest.raises(RefusedError), acting(ADMIN) as actor:
        accept_story(before, edition=before.edition, actor=actor)
    with of_the_firm():
        assert AuditEntry.objects.filter(action="story.accept", subject=before.pk).count() == 1


def test_thanks_given_twice_at_once_are_one(monkeypatch: pytest.MonkeyPatch) -> None:
    accepted()
    row = the_story()
    with acting(LEAD) as actor:
        monkeypatch.setattr(QuerySet, "exists", lambda _: False)
        for _nth in range(2):
            thank_for(row, FIRM, actor=actor)
        assert Thanks.objects.filter(story=row).count() == 1


# --- who left, who joined -------------------------------------------------------------------------------------------------


def test_who_leaves_takes_along_what_waits_also_while_it_is_accepted() -> None:
    tell(stays="yes")
    before = the_story()
    with acting(ADMIN) as actor:
        set_roles(Person.objects.get(pk=MEMBER), organization=FIRM, actor=actor, roles=[])
    with pytest.raises(RefusedError), acting(LEAD) as actor:
        accept_story(before, edition=before.edition, actor=actor)
    assert signed_in(LEAD).get(reverse("learning:story", args=[FIRM, before.pk])).status_code == 404


def test_a_story_begun_before_the_firm_joined_the_program_may_be_shown_to_its_vendor(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as before:
        before.setattr(telling, "_is_enrolled", lambda *_: False)
        tell(act="keep")
    assert the_story().owner_id == FIRM
    accepted(shown_to="vendor")
    assert [line.why for line in vendor_wall().lines if line.why == SAID["why"]] == [SAID["why"]]


# --- wrong actors -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("word", ["accept", "return", "welcome", "unwelcome"])
def test_a_teller_answers_nothing(word: str) -> None:
    tell(shown_to="program")
    where = reverse("learning:story_act", args=[FIRM, the_story().pk])
    answer = signed_in(MEMBER).post(where, {"act": word, "edition": 1, "answer": "Fine."})
    assert (answer.status_code, stories()[0][1]) == (403, "waiting")


@pytest.mark.parametrize("person", ["other-partner", "both-programs", "other-vendor", "manager"])
@pytest.mark.parametrize("word", ["accept", "return", "thank", "withdraw", "welcome"])
def test_a_guessed_key_does_nothing_from_outside(person: str, word: str) -> None:
    tell()
    key, client = the_story().pk, signed_in(person)
    doors = [
        ("learning", FIRM),
        ("learning", "loom"),
        ("learning", "sedge"),
        ("console", "harbor"),
        ("console", "quay"),
    ]
    said = {"act": word, "edition": 1, "answer": "Fine."}
    found = {client.post(reverse(f"{room}:story_act", args=[at, key]), said).status_code for room, at in doors}
    assert (found, stories()) == ({404}, [(1, "waiting", SAID["why"])])


@pytest.mark.parametrize("word", ["accept", "return", "thank", "withdraw"])
def test_an_admin_who_looks_as_a_colleague_does_nothing(word: str) -> None:
    tell()
    client, key = signed_in(ADMIN), the_story().pk
    client.post(reverse("users:look", args=[FIRM, LEAD]))
    answer = client.post(reverse("learning:story_act", args=[FIRM, key]), {"act": word, "edition": 1, "answer": "x"})
    assert (answer.status_code, stories()[0][1]) == (403, "waiting")


# --- no name of a story without one -----------------------------------------------------------------------------------------


def told_without_a_name(settings: Settings) -> None:
    """Accepted for the whole program, thanked for, and told of a day later."""
    accepted(named="no", shown_to="program")
    act("welcome", person="manager", at="harbor", room="console")
    act("thank", person=LEAD)
    settings.SWINGBY_TODAY = TODAY + timedelta(days=1)
    tell_of_stories(FIRM)


def test_whose_story_without_a_name_is_stands_in_nothing_that_others_read(settings: Settings) -> None:
    tell(named="no")
    pages = [signed_in(ADMIN).get(reverse("learning:story", args=[FIRM, the_story().pk])).content.decode()]
    act("withdraw", person=MEMBER)
    told_without_a_name(settings)
    key = the_story().pk
    own_wall, own_page = reverse("learning:wall", args=[FIRM]), reverse("learning:story", args=[FIRM, key])
    console, other_wall = reverse("console:stories", args=["harbor"]), reverse("learning:wall", args=["sedge"])
    asked = [(LEAD, own_wall), (LEAD, own_page), (ADMIN, own_page), ("manager", console), ("both-programs", other_wall)]
    pages += [signed_in(person).get(where).content.decode() for person, where in asked]
    assert [page for page in pages if "Partner-member" in page or MEMBER in page] == []
    with of_the_firm():
        actors = set(AuditEntry.objects.filter(subject=key).values_list("actor", flat=True))
    with acting(ADMIN):
        made = set(Notification.objects.filter(person=ADMIN, kind="story_waits").values_list("made_by_id", flat=True))
    assert (made, actors) == ({None}, {ADMIN})


def test_an_admin_who_looks_as_the_teller_does_not_learn_whose_it_is(settings: Settings) -> None:
    told_without_a_name(settings)
    client = signed_in(ADMIN)
    client.post(reverse("users:look", args=[FIRM, MEMBER]))
    for where in (
        reverse("learning:wall", args=[FIRM]),
        reverse("learning:story", args=[FIRM, the_story().pk]),
        reverse("portal:home", args=[ENROLMENT]),
        reverse("portal:notifications", args=[ENROLMENT]),
        reverse("learning:mine", args=[FIRM]),
    ):
        text = client.get(where).content.decode()
        assert ("Your story" in text or "thanked you" in text) is False, where


@pytest.mark.parametrize("way", [Way.MAIL, Way.DIGEST])
def test_an_admin_who_reads_the_mails_does_not_learn_whose_it_is(way: Way, settings: Settings) -> None:
    with acting(MEMBER) as actor:
        with pytest.raises(RefusedError):
            choose_ways(actor, desk_of(the_enrolment()), {"story": way})
        # As it was chosen before it was known what becomes of it.
        NotificationChoice.objects.create(owner_id="harbor", partner_id=FIRM, person_id=MEMBER, kind="story", way=way)
    told_without_a_name(settings)
    send_digest(owner=FIRM, person=MEMBER, day=TODAY + timedelta(days=1))
    with of_the_firm():
        mails = Mail.objects.filter(person_id=MEMBER).values_list("subject", "text")
        assert [words for mail in mails for words in mail if "story" in words.lower()] == []


# --- odd texts ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "=HYPERLINK(1)", "a\0b", "\u202eetis ruoy", "{{ 1 }}", "😀" * 300]
)
def test_odd_texts_are_texts(text: str) -> None:
    accepted(why=text)
    page = signed_in(LEAD).get(reverse("learning:wall", args=[FIRM])).content.decode()
    assert "<script>alert" not in page
    assert text.replace("\0", "").replace("<", "&lt;").replace(">", "&gt;") in page
    assert stories()[0][1] == StoryState.ACCEPTED


def test_filters_and_pages_of_a_wall_take_anything() -> None:
    for query in (
        {"office": "\0"},
        {"page": "9" * 5000},
        {"page": "-1"},
        {"code": "\ud800".encode("utf-8", "replace")},
    ):
        assert signed_in(LEAD).get(reverse("learning:wall", args=[FIRM]), query).status_code == 200


def test_messages_name_what_was_wrong() -> None:
    tell()
    answer = signed_in(ADMIN).post(reverse("learning:story_act", args=[FIRM, the_story().pk]), {"act": "x" * 9999})
    assert [str(one) for one in get_messages(answer.wsgi_request)] == ["Choose what you want to do."]
    assert wall(ADMIN).waiting


# --- vouchers and hours -----------------------------------------------------------------------------------------------------


def given_to(person: str) -> list[str]:
    with of_the_firm():
        rows = VoucherCode.objects.filter(person_id=person, given_for="expert", voucher__state="given")
        return sorted(rows.values_list("voucher_id", flat=True))


def give(person: str = ADMIN) -> list[str]:
    return post("voucher_give", person=LEAD, learner=key_of(person), code="expert")


def test_two_who_give_one_person_a_voucher_at_once_wait_for_each_other() -> None:
    give()
    with ThreadPoolExecutor(1) as pool:
        waited = pool.submit(_give_apart).result(timeout=20)
    # Who waits for the voucher alone looks no more at whether the person has one, and takes the next.
    assert ("lock timeout" in waited, "vouchers" in waited) == (True, False)


def _give_apart() -> str:
    """What another lead, who gives the same person one, waits for."""
    try:
        with acting(ADMIN) as actor, connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '300ms'")
            kept = catalogue_of(FIRM)
            assert kept is not None
            with pytest.raises(OperationalError) as refused, transaction.atomic():
                give_voucher(FIRM, actor=actor, learner=key_of(ADMIN), code="expert", catalogue=kept.catalogue)
            return str(refused.value)
    finally:
        connection.close()


def test_the_currency_of_a_budget_stays_also_while_one_is_given_from_it(monkeypatch: pytest.MonkeyPatch) -> None:
    said = {"what": "vendor:harbor", "year": "2026", "amount": "9000", "currency": "USD"}
    post("voucher_budget", person=LEAD, **said)
    with of_the_firm():
        before = VoucherBudget.objects.get(organization_id=FIRM)
        VoucherBudget.objects.filter(pk=before.pk).update(given=0)
        before.given = Decimal(0)  # As it was read before somebody gave one.
        VoucherBudget.objects.filter(pk=before.pk).update(given=300)
    with monkeypatch.context() as patched:
        patched.setattr(QuerySet, "get_or_create", lambda *_, **__: (before, False))
        post("voucher_budget", person=LEAD, **{**said, "currency": "EUR"})
    with of_the_firm():
        assert VoucherBudget.objects.get(pk=before.pk).currency == "USD"


def test_codes_that_come_twice_or_look_like_formulas_are_codes(caplog: pytest.LogCaptureFixture) -> None:
    rows = "".join(f"{code},expert,300,USD,2026-12-31\n" for code in ("=1+1+1", "@SUM-1", "=1+1+1", "@sum-1"))
    page = signed_in(LEAD).post(
        reverse("learning:vouchers_load", args=[FIRM]), {"rows": f"code,certifications,price,currency,expires\n{rows}"}
    )
    wrong = page.context["page"].wrong
    assert [(row.line, row.words) for row in wrong] == [(4, TWICE_IN), (5, TWICE_IN)]
    assert "SUM-1" not in caplog.text
    with of_the_firm(), connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(a)::text FROM audit_entries a")
        assert [row for (row,) in cursor.fetchall() if "SUM-1" in row.upper()] == []


@pytest.mark.parametrize(
    "text",
    [
        "code,certifications,price,currency,expires\n" + '"' + "x" * 150_000,
        "code,certifications,price,currency,expires\rEXAM-1,expert,300,USD,2026-12-31\r",
        "code,code,certifications,price,currency,expires\n=a,b,c,d,e,f,g\n",
        "\ufeffcode,certifications,price,currency,expires\nEXAM-9001,expert,1e5,usd,2026-12-31\n",
        "code,certifications,price,currency,expires\nEXAM-9001,expert,300,USD,20261231T\n\u202e,,,,\n",
    ],
    ids=["huge", "returns", "twice", "mark", "odd"],
)
def test_odd_files_of_codes_are_refused_in_words(text: str) -> None:
    with of_the_firm():
        before = Voucher.objects.count()
    answer = signed_in(LEAD).post(reverse("learning:vouchers_load", args=[FIRM]), {"rows": text})
    with of_the_firm():
        assert (answer.status_code in {200, 422}, Voucher.objects.count()) == (True, before)


@pytest.mark.parametrize(("person", "status"), [("partner-finance", 404), ("both-programs", 404), ("manager", 404)])
def test_nobody_else_gives_a_voucher_back(person: str, status: int) -> None:
    answer = signed_in(person).post(reverse("learning:voucher_act", args=[FIRM, "tarn-voucher"]))
    assert (answer.status_code, given_to(MEMBER)) == (status, ["tarn-voucher"])


def test_a_day_keeps_24_hours_while_a_note_is_changed_in_another_window() -> None:
    post("hours_note", person=MEMBER, code="basics", step="Course", day="", hours="12")
    with acting(MEMBER):
        before = StudyHours.objects.get(person_id=MEMBER, step="Course", day=TODAY)
    with acting(MEMBER):
        StudyHours.objects.filter(pk=before.pk).update(hours=2)
        StudyHours.objects.create(
            organization_id=FIRM, person_id=MEMBER, learner=key_of(MEMBER), code="expert", day=TODAY, hours=20, noted_on=TODAY
        )  # fmt: skip
    with pytest.raises(RefusedError, match="24 hours"), acting(MEMBER):
        change_hours(before, hours="13")


def test_a_note_taken_away_in_another_window_is_not_changed() -> None:
    post("hours_note", person=MEMBER, code="basics", step="Course", day="", hours="12")
    with acting(MEMBER):
        before = StudyHours.objects.get(person_id=MEMBER, step="Course", day=TODAY)
    post("hours_change", str(before.pk), person=MEMBER, hours="0")
    with pytest.raises(RefusedError), acting(MEMBER):
        change_hours(before, hours="3")


@pytest.mark.parametrize(
    "hours", ["NaN", "sNaN", "Infinity", "1e999999999", "-1", "0.1", "1" * 200, "24.25", "\u202e1"]
)
def test_odd_hours_are_refused(hours: str) -> None:
    (words,) = post("hours_note", person=MEMBER, code="basics", step="Course", day="", hours=hours)
    assert words.startswith("Write hours in quarters")


# --- study groups -----------------------------------------------------------------------------------------------------------


def size() -> tuple[int, int]:
    with of_the_firm():
        return StudyCircle.objects.get(pk=CIRCLE).size, StudySeat.objects.filter(circle=CIRCLE).count()


def test_a_place_taken_twice_at_once_is_one_place(monkeypatch: pytest.MonkeyPatch) -> None:
    post("group_act", CIRCLE, person=LEAD, act="join")
    with acting(LEAD) as actor, monkeypatch.context() as patched:
        patched.setattr(QuerySet, "exists", lambda _: False)
        with pytest.raises(RefusedError, match="already"):
            join_circle(StudyCircle.objects.get(pk=CIRCLE), FIRM, actor=actor)
    assert size() == (2, 2)


def test_a_place_given_back_twice_at_once_is_given_back_once() -> None:
    post("group_act", CIRCLE, person=LEAD, act="join")
    with acting(LEAD):
        found = StudyCircle.objects.get(pk=CIRCLE)
    post("group_act", CIRCLE, person=LEAD, act="leave")
    with acting(LEAD):
        leave_circle(found, person=LEAD)
    assert size() == (1, 1)


def test_whoever_leaves_the_firm_leaves_its_groups() -> None:
    post("group_act", CIRCLE, person=LEAD, act="join")
    with acting(ADMIN) as actor:
        set_roles(Person.objects.get(pk=MEMBER), organization=FIRM, actor=actor, roles=[])
    page = signed_in(LEAD).get(reverse("learning:group", args=[FIRM, CIRCLE])).context["page"]
    assert ([one.words for one in page.members], size()) == (["you"], (1, 1))
