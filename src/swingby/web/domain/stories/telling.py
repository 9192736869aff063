"""Tell the story of a certification that one holds, keep it as a draft, take it back."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from swingby.enablement import MINIMUM_BASE, Catalogue, Certification
from swingby.web.clock import now, today
from swingby.web.domain.errors import RefusedError
from swingby.web.domain.learning.records import held_records, learner_of, office_stays
from swingby.web.domain.notifications import About, News, tell_partner
from swingby.web.models import (
    BoardCount,
    BoardPeriod,
    Enrolment,
    Grouping,
    NotificationKind,
    ShownTo,
    Story,
    StoryState,
    StoryTeller,
    StudySharing,
)
from swingby.web.tenancy import Scope, open_scope
from swingby.web.visibility import Actor

LONGEST_PART = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What somebody says, and to whom.

    Attributes
    ----------
    stays
        With the firm alone, when its teller leaves.
    """

    why: str
    learned: str
    plan: str
    shown_to: str
    is_named: bool
    stays: bool

    def cleaned(self) -> dict[str, str]:
        """The three texts; each is short."""
        texts = {name: _line(getattr(self, name)) for name in ("why", "learned", "plan")}
        if any(len(text) > LONGEST_PART for text in texts.values()):
            raise RefusedError(_("Each answer has room for %(most)s letters. Shorten it.") % {"most": LONGEST_PART})
        return texts


def keep_story(firm: str, code: str, *, actor: Actor, told: Told, catalogue: Catalogue, is_sent: bool) -> Story:
    """Keep a story as a draft, or send it to those who answer; written anew it leaves the wall until then.

    Raises
    ------
    RefusedError
        If the person does not hold the certification, says nothing, chose readers that are not offered, or wrote it
        elsewhere meanwhile.
    """
    certification = held_certification(firm, code, actor=actor, catalogue=catalogue)
    texts = told.cleaned()
    if is_sent and not all(texts.values()):
        raise RefusedError(_("Answer all three questions, or keep the story as a draft."))
    if told.shown_to not in audiences_of(firm, certification):
        raise RefusedError(_("Choose who may read it."))
    try:
        with transaction.atomic():
            row = story_of(firm, code, actor=actor) or _begun(firm, certification, actor=actor)
            row.owner_id = _owner_of(firm, certification)
            _write(row, texts, told, actor=actor, is_sent=is_sent)
    except IntegrityError as error:
        raise _written_elsewhere() from error
    if is_sent:
        _tell_moderators(row, by=actor.person)
    return row


def withdraw_story(story: Story, *, actor: Actor) -> None:
    """Delete an own story for ever, with the thanks for it."""
    mine = StoryTeller.objects.filter(story_id=story.pk, person_id=actor.person)
    if not mine.exists():
        raise RefusedError(_("Only who told a story takes it back."))
    delete_story(story.pk)


def delete_story(key: str) -> None:
    """Delete a story; whose it was goes last, because the database lets only its teller delete it."""
    with transaction.atomic():
        Story.objects.filter(pk=key).delete()
        StoryTeller.objects.filter(story_id=key).delete()


def let_stories_go(person: str, firm: str) -> None:
    """Somebody leaves a firm: their stories go, but for those that they let it keep; these nobody else reads any more."""
    with transaction.atomic(), open_scope(Scope(partner_orgs=frozenset({firm}))):
        told = StoryTeller.objects.filter(organization_id=firm, person_id=person).values_list("story_id", flat=True)
        for story in list(Story.objects.filter(pk__in=told)):
            if story.stays and story.state == StoryState.ACCEPTED:
                Story.objects.filter(pk=story.pk).update(shown_to=ShownTo.FIRM, is_welcome=False)
            else:
                delete_story(story.pk)


def stop_sharing_stories(firm: str, vendor: str) -> None:
    """A firm ends sharing with others of a vendor: its stories are read by itself and the vendor from now on."""
    with transaction.atomic(), open_scope(Scope(partner_orgs=frozenset({firm}))):
        wide = Story.objects.filter(partner_id=firm, owner_id=vendor, shown_to=ShownTo.PROGRAM)
        wide.update(shown_to=ShownTo.VENDOR, is_welcome=False)


def story_of(firm: str, code: str, *, actor: Actor) -> Story | None:
    """What somebody told about a certification."""
    mine = StoryTeller.objects.filter(organization_id=firm, person_id=actor.person, code=code)
    return Story.objects.filter(pk__in=mine.values("story_id")).first()


def own_stories(firm: str, *, actor: Actor) -> list[Story]:
    """Everything that somebody told at a firm."""
    mine = StoryTeller.objects.filter(organization_id=firm, person_id=actor.person)
    return list(Story.objects.filter(pk__in=mine.values("story_id")).order_by("label", "pk"))


def held_certifications(firm: str, *, actor: Actor, catalogue: Catalogue) -> list[Certification]:
    """What somebody holds today, by label."""
    learner = learner_of(firm, actor.person)
    if learner is None:
        return []
    lives = held_records(firm, catalogue, [learner.key]).lives.get(learner.key, {})
    return sorted((life.certification for life in lives.values() if life.held_on(today())), key=lambda one: one.label)


def held_certification(firm: str, code: str, *, actor: Actor, catalogue: Catalogue) -> Certification:
    """The certification of a story, which its teller holds."""
    held = held_certifications(firm, actor=actor, catalogue=catalogue)
    found = next((one for one in held if one.code == code), None)
    if found is None:
        raise RefusedError(
            _("You can tell the story of a certification that you hold. See what you hold on your path.")
        )
    return found


def audiences_of(firm: str, certification: Certification) -> list[ShownTo]:
    """Who may be offered a story: beyond the firm only where it is in a program of the vendor."""
    if not _is_enrolled(firm, certification.vendor):
        return [ShownTo.FIRM]
    shares = StudySharing.objects.filter(organization_id=firm, vendor=certification.vendor).exists()
    return [ShownTo.FIRM, ShownTo.VENDOR, *([ShownTo.PROGRAM] if shares else [])]


def office_shown(firm: str, *, actor: Actor, is_named: bool) -> str:
    """The office that a story names: none where it names no person and too few work there to hide among."""
    learner = learner_of(firm, actor.person)
    stays = office_stays(firm, [learner.key]) if learner else ()
    office = next((stay.office or "" for stay in stays if today() in stay.period), "")
    counted = BoardCount.objects.filter(
        organization_id=firm, grouping=Grouping.OFFICE, period=BoardPeriod.WEEKS, is_before=False, key=office
    )
    heads = counted.values_list("heads", flat=True).first() or 0
    return office if is_named or heads >= MINIMUM_BASE else ""


def _begun(firm: str, certification: Certification, *, actor: Actor) -> Story:
    """A row that is not stored yet. Whose it is comes first: the database lets nobody else write it."""
    row = Story(partner_id=firm, code=certification.code, label=certification.label)
    StoryTeller.objects.create(organization_id=firm, story_id=row.pk, person_id=actor.person, code=certification.code)
    return row


def _write(row: Story, texts: dict[str, str], told: Told, *, actor: Actor, is_sent: bool) -> None:
    row.why, row.learned, row.plan = texts["why"], texts["learned"], texts["plan"]
    row.person_id = actor.person if told.is_named else None
    row.office = office_shown(row.partner_id, actor=actor, is_named=told.is_named)
    row.shown_to, row.stays, row.is_welcome = told.shown_to, told.stays, False
    row.state = StoryState.WAITING if is_sent else StoryState.DRAFT
    row.told_at, row.accepted_at, row.answer = now(), None, ""
    row.edition += 1
    if row._state.adding:  # noqa: SLF001 - Django's own word
        row.save(force_insert=True)
    elif Story.objects.filter(pk=row.pk, edition=row.edition - 1).update(**_written(row)) != 1:
        raise _written_elsewhere()


def _written(row: Story) -> dict[str, object]:
    """What writing anew changes."""
    names = ("owner_id", "person_id", "office", "why", "learned", "plan", "shown_to", "stays", "state")
    more = ("edition", "is_welcome", "answer", "told_at", "accepted_at")
    return {name: getattr(row, name) for name in (*names, *more)}


def _written_elsewhere() -> RefusedError:
    return RefusedError(_("You wrote this story in another window meanwhile. Open it again."))


def _owner_of(firm: str, certification: Certification) -> str:
    return certification.vendor if _is_enrolled(firm, certification.vendor) else firm


def _is_enrolled(firm: str, vendor: str) -> bool:
    return Enrolment.objects.filter(owner_id=vendor, partner_id=firm).exists()


def _tell_moderators(row: Story, *, by: str) -> None:
    news = News(
        kind=NotificationKind.STORY_WAITS,
        key=f"story waits:{row.pk}:{row.edition}",
        words=_("A story about %(label)s waits for your yes.") % {"label": row.label},
        path=reverse("learning:story", args=[row.partner_id, row.pk]),
        by=by if row.person_id else "",
    )
    tell_partner(About(row.partner_id, row.partner_id), news)


def _line(text: str) -> str:
    return " ".join(text.replace("\0", "").split())
