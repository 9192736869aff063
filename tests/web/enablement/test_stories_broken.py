"""What somebody tried in order to break the stage, vouchers and hours of study, and what holds."""

from __future__ import annotations

from copy import copy
from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.db.models import QuerySet
from django.urls import reverse
from pytest_django.fixtures import Settings

from swingby.web.domain.errors import RefusedError
from swingby.web.domain.stories import telling
from swingby.web.domain.stories.answering import accept_story, thank_for
from swingby.web.domain.stories.news import tell_of_stories
from swingby.web.domain.users import set_roles
from swingby.web.models import AuditEntry, Notification, Person, Story, StoryState, StoryTeller, Thanks
from tests.web.acting import ENROLMENT, acting, signed_in
from tests.web.enablement.firm import ADMIN, FIRM, LEAD, MEMBER, of_the_firm
from tests.web.enablement.test_stories import (
    SAID,
    TODAY,
    accepted,
    act,
    empty_stage,
    tell,
    the_story,
    vendor_wall,
    wall,
)

__all__ = ["empty_stage"]
pytestmark = pytest.mark.django_db
CHANGED = "It was changed or answered meanwhile. Read it again."
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
