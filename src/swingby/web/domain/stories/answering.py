"""Answer a story: accept it or send it back with a sentence; the vendor lets its program read it. And thank for it."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from swingby.web.clock import now
from swingby.web.domain.audit import OwnChain, record_act
from swingby.web.domain.errors import NotAllowedError, RefusedError
from swingby.web.domain.notifications import About, News, about, tell_partner, tell_vendor
from swingby.web.models import NotificationKind, ShownTo, Side, Story, StoryState, StoryTeller, Thanks
from swingby.web.permissions import can_answer_stories, can_welcome_stories
from swingby.web.tenancy import Scope, open_scope
from swingby.web.visibility import Actor

LONGEST_ANSWER = 300


def accept_story(story: Story, *, edition: int, actor: Actor) -> None:
    """Put a story on the wall; the vendor is asked where its whole program may read it.

    Raises
    ------
    RefusedError
        If it was written anew since it was read, or does not wait.
    """
    _require_moderator(story, actor)
    rows = Story.objects.filter(pk=story.pk, state=StoryState.WAITING, edition=edition)
    if not rows.update(state=StoryState.ACCEPTED, accepted_at=now(), is_welcome=False, answer=""):
        raise RefusedError(_("It was changed or answered meanwhile. Read it again."))
    _record(story, "accept", actor)
    _tell_teller(story, _("Your story about %(label)s is on the wall.") % {"label": story.label}, "accepted")
    if story.shown_to == ShownTo.PROGRAM:
        _ask_vendor(story)


def return_story(story: Story, *, edition: int, answer: str, actor: Actor) -> None:
    """Send a story back with a sentence, also one that was accepted: it leaves the wall.

    Raises
    ------
    RefusedError
        If nothing is said, or it was written anew since it was read, or neither waits nor is on the wall.
    """
    _require_moderator(story, actor)
    said = " ".join(answer.replace("\0", "").split())
    if not said or len(said) > LONGEST_ANSWER:
        raise RefusedError(
            _("Say in a sentence what should change, in at most %(most)s letters.") % {"most": LONGEST_ANSWER}
        )
    answerable = (StoryState.WAITING, StoryState.ACCEPTED)
    rows = Story.objects.filter(pk=story.pk, state__in=answerable, edition=edition)
    if not rows.update(state=StoryState.RETURNED, is_welcome=False, accepted_at=None, answer=said):
        raise RefusedError(_("It was changed or answered meanwhile. Read it again."))
    _record(story, "return", actor)
    _tell_teller(story, _("Your story about %(label)s came back with a word.") % {"label": story.label}, "returned")


def welcome_story(story: Story, *, edition: int, is_welcome: bool, actor: Actor) -> None:
    """The vendor lets its whole program read a story, or no longer.

    Raises
    ------
    RefusedError
        If it was written anew since it was read, or its teller did not choose the program.
    """
    if not can_welcome_stories(actor, owner=story.owner_id):
        raise NotAllowedError(_("Your role does not say what the whole program reads. Ask a program manager."))
    rows = Story.objects.filter(pk=story.pk, state=StoryState.ACCEPTED, shown_to=ShownTo.PROGRAM, edition=edition)
    if not rows.update(is_welcome=is_welcome):
        raise RefusedError(_("It was changed or answered meanwhile. Read it again."))
    act = "story.welcome" if is_welcome else "story.unwelcome"
    record_act(story, side=Side.VENDOR, actor=actor.person, action=act, subject=story.pk, edition=edition)


def thank_for(story: Story, organization: str, *, actor: Actor) -> None:
    """Thank for a story that is on the wall, once.

    Raises
    ------
    RefusedError
        If it is one's own, or not on the wall.
    """
    if story.state != StoryState.ACCEPTED or is_told_by(story, actor):
        raise RefusedError(_("You can thank for a story of somebody else that is on the wall."))
    given = {"organization_id": organization, "at": now()}
    Thanks.objects.get_or_create(story=story, person_id=actor.person, defaults=given)


def take_thanks_back(story: Story, *, actor: Actor) -> None:
    """Thank no longer."""
    Thanks.objects.filter(story=story, person_id=actor.person).delete()


def is_told_by(story: Story, actor: Actor) -> bool:
    """Whether it is one's own."""
    return StoryTeller.objects.filter(story_id=story.pk, person_id=actor.person).exists()


def _require_moderator(story: Story, actor: Actor) -> None:
    if not can_answer_stories(actor, organization=story.partner_id):
        raise NotAllowedError(_("Your role does not answer stories. Ask your partner admin."))


def _record(story: Story, act: str, actor: Actor) -> None:
    """In the firm's own chain: a story that is the firm's alone stands in none that a vendor reads."""
    chain = OwnChain(story.partner_id)
    detail = {"edition": story.edition}
    record_act(chain, side=Side.PARTNER, actor=actor.person, action=f"story.{act}", subject=story.pk, **detail)


def _tell_teller(story: Story, words: str, word: str) -> None:
    """Who that is only a job may know, and who answers does not learn it."""
    with open_scope(Scope(partner_orgs=frozenset({story.partner_id}))):
        tellers = list(StoryTeller.objects.filter(story_id=story.pk).values_list("person_id", flat=True))
    news = News(
        kind=NotificationKind.STORY,
        key=f"story {word}:{story.pk}:{story.edition}",
        words=words,
        path=reverse("learning:story", args=[story.partner_id, story.pk]),
    )
    tell_partner(About(story.partner_id, story.partner_id), news, only=tellers)


def _ask_vendor(story: Story) -> None:
    news = News(
        kind=NotificationKind.STORY_WAITS,
        key=f"story asks:{story.pk}:{story.edition}",
        words=_("A story about %(label)s asks to be read in the whole program.") % {"label": story.label},
        path=reverse("console:stories", args=[story.owner_id]),
    )
    tell_vendor(about(story), news)
