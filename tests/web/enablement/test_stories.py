"""The stage: invited once, told to whom the teller chose, answered, thanked for, taken back; who leaves takes it along."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.db import ProgrammingError, connection, transaction
from django.urls import reverse
from pytest_django.fixtures import Settings

from swingby.web.domain.learning.reminders import remind_learners
from swingby.web.domain.stories.news import tell_of_stories
from swingby.web.domain.study.sharing import share_study
from swingby.web.domain.users import set_roles
from swingby.web.enablement.story_parts import StoryForm, StoryPage, WallPage
from swingby.web.models import (
    AuditEntry,
    Mail,
    Notification,
    NotificationKind,
    Person,
    Story,
    StoryState,
    StoryTeller,
    Thanks,
)
from swingby.web.tenancy import Scope, open_scope
from tests.web.acting import ENROLMENT, acting, signed_in
from tests.web.enablement.firm import ADMIN, FIRM, LEAD, MEMBER, certify, employ, key_of, of_the_firm

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 31)
K = NotificationKind
SAID = {
    "why": "A customer asked.",
    "learned": "To read a design\nbefore  drawing one.",
    "plan": "In the next review.",
    "shown_to": "firm",
    "named": "yes",
    "act": "send",
}


@pytest.fixture(autouse=True)
def empty_stage() -> None:
    """The stories of the small world are others' business; the member works in the north and holds one certification."""
    with of_the_firm():
        for row in list(StoryTeller.objects.filter(organization_id=FIRM)):
            Story.objects.filter(pk=row.story_id).delete()
            row.delete()
    employ(key_of(MEMBER), key_of(ADMIN))
    certify(key_of(MEMBER), "basics", since=date(2026, 3, 20))


def post(name: str, *args: str, person: str, at: str = FIRM, room: str = "learning", **said: Any) -> list[str]:
    answer = signed_in(person).post(reverse(f"{room}:{name}", args=[at, *args]), said)
    if answer.status_code == 200:  # Refused, with the form again.
        return [str(message) for message in answer.context["messages"]]
    assert answer.status_code == 302
    return [str(message) for message in get_messages(answer.wsgi_request)]


def tell(person: str = MEMBER, code: str = "basics", **change: Any) -> list[str]:
    return post("story_tell", code, person=person, **{**SAID, **change})


def act(act: str, *, person: str, at: str = FIRM, room: str = "learning", **said: Any) -> list[str]:
    row = the_story()
    edition = said.pop("edition", row.edition)
    return post("story_act", row.pk, person=person, at=at, room=room, act=act, edition=edition, **said)


def the_story() -> Story:
    with of_the_firm():
        return Story.objects.get(pk__in=StoryTeller.objects.filter(organization_id=FIRM).values("story_id"))


def wall(person: str, firm: str = FIRM, **query: str) -> WallPage:
    page = signed_in(person).get(reverse("learning:wall", args=[firm]), query).context["page"]
    assert isinstance(page, WallPage)
    return page


def vendor_wall(person: str = "manager") -> WallPage:
    page = signed_in(person).get(reverse("console:stories", args=["harbor"])).context["page"]
    assert isinstance(page, WallPage)
    return page


def from_tarn(page: WallPage) -> list[str]:
    return [line.why for line in page.lines if line.why == SAID["why"]]


def story(person: str, firm: str = FIRM) -> StoryPage | None:
    answer = signed_in(person).get(reverse("learning:story", args=[firm, the_story().pk]))
    return answer.context["page"] if answer.status_code == 200 else None


def seen(person: str) -> StoryPage:
    page = story(person)
    assert page is not None
    return page


def news(person: str, kind: NotificationKind = K.STORY) -> list[str]:
    with acting(person):
        rows = Notification.objects.filter(person_id=person, kind=kind).order_by("words")
        return list(rows.values_list("words", flat=True))


def accepted(**change: Any) -> None:
    tell(**change)
    assert act("accept", person=ADMIN) == ["It is on the wall."]


# --- invited and told ---------------------------------------------------------------------------------------------------


def test_who_is_certified_is_invited_once_for_each_certification(settings: Settings) -> None:
    words = ["You are certified: Harbor Basics. Tell the others why, in three short answers, if you like."]
    remind_learners(FIRM)
    settings.SWINGBY_TODAY = TODAY + timedelta(days=1)
    remind_learners(FIRM)
    assert (news(MEMBER), news(ADMIN)) == (words, [])


def test_a_renewal_and_what_is_long_held_invite_nobody(settings: Settings) -> None:
    settings.SWINGBY_TODAY = TODAY + timedelta(days=40)
    certify(key_of(MEMBER), "basics", since=TODAY + timedelta(days=30))
    remind_learners(FIRM)
    assert news(MEMBER) == []


def test_who_told_already_is_not_invited() -> None:
    tell(act="keep")
    remind_learners(FIRM)
    assert news(MEMBER) == []


def test_the_wall_offers_what_one_holds_and_told_nothing_of() -> None:
    assert [one.label for one in wall(MEMBER).invited] == ["Harbor Basics"]
    tell(act="keep")
    page = wall(MEMBER)
    assert (page.invited, [line.state for line in page.mine]) == ((), ["Draft"])
    assert wall(ADMIN).invited == ()


def test_a_draft_is_seen_by_its_teller_alone_and_goes_on() -> None:
    assert tell(act="keep", plan="", named="no") == ["Kept. Only you see it."]
    assert [story(person) is None for person in (MEMBER, LEAD, ADMIN)] == [False, True, True]
    form = signed_in(MEMBER).get(reverse("learning:story_tell", args=[FIRM, "basics"])).context["page"]
    assert isinstance(form, StoryForm)
    assert (form.why, form.plan, form.is_named) == (SAID["why"], "", False)
    assert tell() == ["Sent. You hear of it once somebody has read it."]
    assert the_story().edition == 2


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"plan": " \n"}, "Answer all three questions, or keep the story as a draft."),
        ({"why": "x" * 301}, "Each answer has room for 300 letters. Shorten it."),
        ({"shown_to": "everybody"}, "Choose who may read it."),
        ({"shown_to": ""}, "Choose who may read it."),
        (
            {"code": "expert"},
            "You can tell the story of a certification that you hold. See what you hold on your path.",
        ),
        ({"code": "none"}, "You can tell the story of a certification that you hold. See what you hold on your path."),
    ],
)
def test_what_no_story_can_be_is_refused_in_words(change: dict[str, str], words: str) -> None:
    assert tell(**change) == [words]
    assert [line.label for line in wall(MEMBER).mine] == []


def test_what_was_refused_stands_in_the_form_again() -> None:
    said = {**SAID, "plan": "", "named": "no", "stays": "yes"}
    page = signed_in(MEMBER).post(reverse("learning:story_tell", args=[FIRM, "basics"]), said).context["page"]
    assert (page.why, page.is_named, page.stays) == (SAID["why"], False, True)


# --- answered -----------------------------------------------------------------------------------------------------------


def test_moderators_read_what_waits_and_with_whom_it_is_shared() -> None:
    tell(shown_to="vendor")
    (line,) = wall(LEAD).waiting
    assert (line.who, line.learned) == ("Partner-member, North", "To read a design before drawing one.")
    assert line.readers == "Our firm and the vendor"
    assert wall("partner-finance").waiting == ()
    assert story("partner-finance") is None
    assert (news(ADMIN, K.STORY_WAITS), news(MEMBER, K.STORY_WAITS)) == (
        ["A story about Harbor Basics waits for your yes."],
        [],
    )


def test_accepted_it_hangs_on_the_wall_and_its_teller_is_told() -> None:
    accepted()
    assert [from_tarn(wall(person)) for person in (MEMBER, "partner-finance", ADMIN)] == [[SAID["why"]]] * 3
    assert news(MEMBER) == ["Your story about Harbor Basics is on the wall."]
    assert from_tarn(vendor_wall()) == []


def test_it_comes_back_with_a_sentence_and_can_be_written_anew() -> None:
    tell()
    assert act("return", person=LEAD, answer=" ") == ["Say in a sentence what should change, in at most 300 letters."]
    assert act("return", person=LEAD, answer="Leave out the customer.") == ["It went back with your word."]
    assert (seen(MEMBER).answer, story("partner-finance")) == ("Leave out the customer.", None)
    assert news(MEMBER) == ["Your story about Harbor Basics came back with a word."]
    accepted(why="Out of curiosity.")
    assert [line.why for line in wall(LEAD).lines if line.label == "Harbor Basics"] == ["Out of curiosity."]


def test_it_can_be_taken_off_the_wall_later() -> None:
    accepted(shown_to="vendor")
    assert from_tarn(vendor_wall()) == [SAID["why"]]
    act("return", person=ADMIN, answer="The customer asked us to.")
    assert (from_tarn(wall(LEAD)), from_tarn(vendor_wall())) == ([], [])
    assert seen(MEMBER).answer == "The customer asked us to."


def test_what_was_written_anew_is_not_accepted_unread() -> None:
    tell()
    tell(why="Something else.")
    words = ["It was changed or answered meanwhile. Read it again."]
    assert act("accept", person=ADMIN, edition=1) == words
    assert the_story().state == StoryState.WAITING


def test_written_anew_it_leaves_the_wall() -> None:
    accepted()
    tell(act="keep")
    assert (from_tarn(wall(LEAD)), from_tarn(wall(MEMBER))) == ([], [])


def test_what_moderators_and_the_vendor_do_stands_in_the_record_of_acts() -> None:
    accepted(shown_to="program")
    for word in ("welcome", "unwelcome"):
        act(word, person="manager", at="harbor", room="console")
    key = the_story().pk
    act("return", person=ADMIN, answer="The customer asked us to.")
    with transaction.atomic(), open_scope(Scope(owner_orgs=frozenset({"harbor"}), partner_orgs=frozenset({FIRM}))):
        rows = AuditEntry.objects.filter(action__startswith="story.", subject=key).order_by("pk")
        acts = [(row.owner_id, row.side, row.actor, row.action) for row in rows]
    assert acts == [
        (FIRM, "partner", ADMIN, "story.accept"),
        ("harbor", "vendor", "manager", "story.welcome"),
        ("harbor", "vendor", "manager", "story.unwelcome"),
        (FIRM, "partner", ADMIN, "story.return"),
    ]


def test_only_who_leads_answers() -> None:
    tell()
    row = the_story()
    answer = signed_in(MEMBER).post(reverse("learning:story_act", args=[FIRM, row.pk]), {"act": "accept", "edition": 1})
    assert answer.status_code == 403


def test_the_database_lets_no_teller_accept_and_no_colleague_take_it_over() -> None:
    tell()
    with pytest.raises(ProgrammingError, match="row-level security"), acting(MEMBER):
        Story.objects.filter(pk=the_story().pk).update(state=StoryState.ACCEPTED)
    with pytest.raises(ProgrammingError, match="row-level security"), acting(LEAD), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO story_tellers (organization, story, person, code) VALUES ('tarn', %s, %s, 'basics')",
            [the_story().pk, MEMBER],
        )


# --- who reads it as whose ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("heads", "who"), [(10, "Someone at North"), (9, "Someone at Tarn Example")])
def test_a_story_without_a_name_names_only_an_office_to_hide_in(heads: int, who: str) -> None:
    with of_the_firm(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM board_counts WHERE organization = 'tarn'")
        cursor.execute(
            "INSERT INTO board_counts (organization, grouping, key, within, period, is_before, starts_on, ends_on, heads,"
            " held_before, earned, lapsed, moved_in, moved_out, held_after, counted_on) VALUES ('tarn', 'office', 'north',"
            " '', 'weeks', false, '2026-01-01', '2026-04-01', %s, 0, 0, 0, 0, 0, 0, '2026-03-31')",
            [heads],
        )
    accepted(named="no")
    for person in (ADMIN, "partner-finance", MEMBER):
        assert [line.who for line in wall(person).lines if line.label == "Harbor Basics"] == [who]
        assert seen(person).line.who == who
    assert the_story().person_id is None


def test_a_moderator_does_not_learn_whose_it_is() -> None:
    tell(named="no")
    with acting(ADMIN):
        assert list(StoryTeller.objects.filter(story_id=the_story().pk)) == []


def test_another_firm_reads_it_only_once_everybody_said_yes() -> None:
    read = []

    def look() -> None:
        read.append((len(from_tarn(wall("both-programs", "sedge"))), len(from_tarn(vendor_wall()))))

    tell(shown_to="program")
    look()
    act("accept", person=ADMIN)
    look()
    assert news("manager", K.STORY_WAITS) == ["A story about Harbor Basics asks to be read in the whole program."]
    assert act("welcome", person="manager", at="harbor", room="console") == ["The whole program reads it."]
    look()
    (line,) = (one for one in wall("both-programs", "sedge").lines if one.why == SAID["why"])
    assert line.who == "Partner-member, another partner"
    act("unwelcome", person="manager", at="harbor", room="console")
    look()
    assert read == [(0, 0), (0, 1), (1, 1), (0, 1)]


def test_sharing_that_ends_takes_stories_back_from_other_firms() -> None:
    accepted(shown_to="program")
    act("welcome", person="manager", at="harbor", room="console")
    with acting(ADMIN) as actor:
        share_study(FIRM, "harbor", actor=actor, is_allowed=False)
    assert (from_tarn(wall("both-programs", "sedge")), len(from_tarn(vendor_wall()))) == ([], 1)
    assert tell(shown_to="program") == ["Choose who may read it."]


def test_a_firm_that_is_in_none_of_the_program_sees_nothing() -> None:
    accepted(shown_to="program")
    act("welcome", person="manager", at="harbor", room="console")
    assert from_tarn(wall("other-partner", "loom")) == []
    assert signed_in("other-partner").get(reverse("learning:story", args=["loom", the_story().pk])).status_code == 404


def test_filters_find_offices_and_certifications() -> None:
    accepted()
    assert len(from_tarn(wall(LEAD, office="north"))) == 1
    assert from_tarn(wall(LEAD, office="south")) == []
    assert len(from_tarn(wall(LEAD, code="basics"))) == 1
    assert from_tarn(wall(LEAD, code="expert")) == []


def hang(nth: int) -> None:
    """A story of one more colleague on the wall, newer than those before."""
    own, key, moment = frozenset({FIRM}), f"c{nth}", datetime(2026, 3, 1, nth, tzinfo=UTC)
    Person.objects.create_user(f"{key}@tarn.test", name=key, key=key)
    with transaction.atomic():
        with open_scope(Scope(partner_orgs=own, person=key)):
            StoryTeller.objects.create(organization_id=FIRM, story_id=key, person_id=key, code="basics")
            Story(
                id=key,
                owner_id=FIRM,
                partner_id=FIRM,
                code="basics",
                label="Harbor Basics",
                why=key,
                shown_to="firm",
                state=StoryState.DRAFT,
                told_at=moment,
            ).save(force_insert=True)
        with open_scope(Scope(partner_orgs=own)):
            Story.objects.filter(pk=key).update(state=StoryState.ACCEPTED, accepted_at=moment)


def test_older_stories_are_on_further_pages() -> None:
    for nth in range(11):
        hang(nth)
    first, second = wall(LEAD), wall(LEAD, page="9")
    assert ([line.why for line in first.lines], [line.why for line in second.lines]) == (
        [f"c{nth}" for nth in range(10, 0, -1)],
        ["c0"],
    )
    assert (first.newer, first.older, second.newer, second.older, first.total) == (
        "",
        "office=&code=&page=2",
        "office=&code=&page=1",
        "",
        11,
    )


# --- thanks -------------------------------------------------------------------------------------------------------------


def test_thanks_are_given_once_seen_by_the_teller_and_taken_back() -> None:
    accepted()
    for _nth in range(2):
        assert act("thank", person=LEAD) == ["You thanked. Whose story it is reads your name."]
    assert seen(MEMBER).thanked_by == ("Partner-manager",)
    assert (seen(LEAD).line.thanking, seen(ADMIN).line.thanking, seen(ADMIN).thanked_by) == ("unthank", "thank", ())
    act("unthank", person=LEAD)
    assert seen(MEMBER).thanked_by == ()


def test_nobody_thanks_themselves_nor_for_what_waits() -> None:
    words = ["You can thank for a story of somebody else that is on the wall."]
    tell()
    assert act("thank", person=ADMIN) == words
    act("accept", person=ADMIN)
    assert act("thank", person=MEMBER) == words


def test_thanks_are_told_in_one_line_a_day(settings: Settings) -> None:
    accepted()
    for person in (LEAD, ADMIN):
        act("thank", person=person)
    tell_of_stories(FIRM)
    settings.SWINGBY_TODAY = TODAY + timedelta(days=1)
    for _nth in range(2):
        tell_of_stories(FIRM)
    settings.SWINGBY_TODAY = TODAY + timedelta(days=2)
    tell_of_stories(FIRM)
    assert [words for words in news(MEMBER) if "thanked" in words] == [
        "Yesterday 2 people thanked you for your stories."
    ]
    assert [words for words in news(LEAD) if "thanked" in words] == []


def test_the_wall_is_told_of_once_a_week_and_in_the_mail_of_those_who_lead(settings: Settings) -> None:
    certify(key_of(ADMIN), "basics", since=date(2025, 5, 1), until=TODAY + timedelta(days=20))
    accepted()
    for days in (1, 2):
        settings.SWINGBY_TODAY = TODAY + timedelta(days=days)
        tell_of_stories(FIRM)
    remind_learners(FIRM)
    assert news("partner-finance") == ["New on the wall: 1 story."]
    with of_the_firm():
        texts = list(Mail.objects.filter(organization_id=FIRM).values_list("text", flat=True))
    assert any("Stories on the wall since last week: 1. Waiting for your yes: 0." in text for text in texts)


def test_the_home_page_shows_the_newest() -> None:
    accepted()
    text = signed_in(LEAD).get(reverse("portal:home", args=[ENROLMENT])).content.decode()
    assert "To read a design before drawing one." in text


# --- taken back, left behind ----------------------------------------------------------------------------------------------


def test_a_story_taken_back_is_gone_with_its_thanks() -> None:
    accepted()
    act("thank", person=LEAD)
    assert act("withdraw", person=LEAD) == ["Only who told a story takes it back."]
    assert act("withdraw", person=MEMBER) == ["Your story is deleted, and the thanks for it."]
    with of_the_firm():
        assert not Story.objects.filter(partner_id=FIRM).exists()
        assert not StoryTeller.objects.filter(organization_id=FIRM).exists()
        assert not Thanks.objects.exclude(story__partner_id="loom").exists()
    assert [one.label for one in wall(MEMBER).invited] == ["Harbor Basics"]


@pytest.mark.parametrize(("stays", "left"), [("no", []), ("yes", [SAID["why"]])])
def test_who_leaves_takes_the_story_along_unless_it_may_stay(stays: str, left: list[str]) -> None:
    accepted(shown_to="vendor", stays=stays)
    with acting(ADMIN) as actor:
        set_roles(Person.objects.get(pk=MEMBER), organization=FIRM, actor=actor, roles=[])
    assert (from_tarn(wall(LEAD)), from_tarn(vendor_wall())) == (left, [])


def test_who_looks_as_a_colleague_sees_the_wall_and_nothing_that_is_theirs() -> None:
    accepted()
    client = signed_in(ADMIN)
    client.post(reverse("users:look", args=[FIRM, MEMBER]))
    page = client.get(reverse("learning:wall", args=[FIRM])).context["page"]
    one = client.get(reverse("learning:story", args=[FIRM, the_story().pk])).context["page"]
    assert (page.mine, page.invited, one.is_mine, one.line.thanking) == ((), (), False, "")
    assert client.get(reverse("learning:story_tell", args=[FIRM, "basics"])).status_code == 404
