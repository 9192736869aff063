"""Fill the pages of the stage. What they hold is what the database lets the reader see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final, Literal
from urllib.parse import urlencode

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _

from swingby.enablement import Catalogue
from swingby.web.design.parts import Choice, Tone
from swingby.web.domain.learning.catalogues import KeptCatalogue
from swingby.web.domain.learning.projects import office_words
from swingby.web.domain.stories.answering import is_told_by
from swingby.web.domain.stories.telling import (
    LONGEST_PART,
    Told,
    audiences_of,
    held_certification,
    held_certifications,
    office_shown,
    own_stories,
    story_of,
)
from swingby.web.enablement.story_parts import Invited, StoryForm, StoryLine, StoryPage, WallPage
from swingby.web.models import Enrolment, Organization, ShownTo, Story, StoryState, StoryTeller, StudySharing, Thanks
from swingby.web.permissions import can_answer_stories, can_welcome_stories
from swingby.web.visibility import Actor

MOST_STORIES, MOST_WAITING, MOST_NEWEST = 10, 5, 2
_TONES: Final[Mapping[str, Tone]] = {
    StoryState.DRAFT: "plain",
    StoryState.WAITING: "pending",
    StoryState.RETURNED: "warn",
    StoryState.ACCEPTED: "good",
}


@dataclass(frozen=True, slots=True)
class Sought:
    """Which stories a reader wants; nothing said is all."""

    office: str = ""
    code: str = ""
    page: int = 1

    def beside(self, step: int) -> str:
        """The query of a page before or after this one."""
        return urlencode({"office": self.office, "code": self.code, "page": self.page + step})

    def of(self, rows: models.QuerySet[Story]) -> models.QuerySet[Story]:
        """Those that are meant."""
        wanted = {name: word for name, word in (("office", self.office), ("code", self.code)) if word}
        return rows.filter(**wanted)


def wall_page(
    firm: Organization, kept: KeptCatalogue | None, sought: Sought, *, actor: Actor, is_own: bool
) -> WallPage:
    """The wall of a firm. Whoever looks as a colleague sees what hangs there and nothing else."""
    # Of stories of other firms the office is not told, and so is not asked for.
    rows = _on_the_wall(firm.pk)
    placed = rows.filter(partner_id=firm.pk)
    reader = _Reader(actor, firm, is_own=is_own)
    page = _frame(WallPage(name=firm.name), placed if sought.office else rows, placed, sought, reader)
    if not is_own:
        return page
    mine = own_stories(firm.pk, actor=actor)
    return replace(
        page,
        mine=tuple(_own_line(row) for row in mine),
        invited=_invited(firm.pk, kept.catalogue, mine, actor=actor) if kept else (),
        waiting=tuple(reader.line(row) for row in _waiting(firm.pk, actor=actor)[:MOST_WAITING]),
    )


def vendor_wall(owner: Organization, sought: Sought, *, actor: Actor) -> WallPage:
    """What people of its partners let a vendor read, and what asks to be read in its whole program."""
    rows = vendor_stories(owner.pk)
    reader = _Reader(actor, owner, is_vendor=True)
    page = _frame(WallPage(name=owner.name, is_vendor=True), rows, rows, sought, reader)
    if not can_welcome_stories(actor, owner=owner.pk):
        return page
    asking = rows.filter(shown_to=ShownTo.PROGRAM, is_welcome=False).order_by("accepted_at", "pk")
    return replace(page, waiting=tuple(reader.line(row) for row in asking[:MOST_WAITING]))


def newest_stories(enrolment: Enrolment, *, actor: Actor) -> tuple[StoryLine, ...]:
    """The last one or two of a firm, for its home page."""
    rows = _on_the_wall(enrolment.partner_id).filter(partner_id=enrolment.partner_id)
    reader = _Reader(actor, enrolment.partner)
    lines = (reader.line(row) for row in rows[:MOST_NEWEST])
    works_there = any(post.organization == enrolment.partner_id for post in actor.posts)
    return tuple(line if works_there else replace(line, href="") for line in lines)


def story_page(row: Story, firm: Organization, *, actor: Actor, is_own: bool) -> StoryPage:
    """One story, with what the reader may do."""
    is_mine = is_own and is_told_by(row, actor)
    answers = is_own and row.partner_id == firm.pk and can_answer_stories(actor, organization=firm.pk)
    thanked = Thanks.objects.filter(story=row).values_list("person__name", flat=True) if is_mine else ()
    line = _Reader(actor, firm, is_own=is_own).line(row)
    return StoryPage(
        line=_stated(line, row) if is_mine or answers else line,
        back_url=reverse("learning:wall", args=[firm.pk]),
        form_url=reverse("learning:story_tell", args=[firm.pk, row.code]) if is_mine else "",
        answer=row.answer if is_mine or answers else "",
        thanked_by=tuple(thanked),
        is_mine=is_mine,
        may_accept=answers and row.state == StoryState.WAITING,
        may_return=answers and row.state in {StoryState.WAITING, StoryState.ACCEPTED},
    )


def story_form(firm: Organization, code: str, catalogue: Catalogue, *, actor: Actor) -> StoryForm:
    """What somebody tells of a certification, with what was told before."""
    certification = held_certification(firm.pk, code, actor=actor, catalogue=catalogue)
    row = story_of(firm.pk, code, actor=actor)
    chosen = row.shown_to if row else ShownTo.FIRM
    office = office_shown(firm.pk, actor=actor, is_named=False)
    return StoryForm(
        label=certification.label,
        post_url=reverse("learning:story_tell", args=[firm.pk, code]),
        back_url=reverse("learning:wall", args=[firm.pk]),
        unnamed=_someone(office_words(office) or firm.name),
        audiences=tuple(
            Choice(value=one, label=_audience_words(one), chosen=one == chosen)
            for one in audiences_of(firm.pk, certification)
        ),
        why=row.why if row else "",
        learned=row.learned if row else "",
        plan=row.plan if row else "",
        is_named=row.person_id is not None if row else True,
        stays=row.stays if row else False,
        is_accepted=row is not None and row.state == StoryState.ACCEPTED,
        answer=row.answer if row else "",
        most=LONGEST_PART,
    )


def said_again(form: StoryForm, told: Told) -> StoryForm:
    """The form with what was said and refused, so that nobody writes it twice."""
    audiences = tuple(replace(one, chosen=one.value == told.shown_to) for one in form.audiences)
    return replace(
        form,
        why=told.why,
        learned=told.learned,
        plan=told.plan,
        audiences=audiences,
        is_named=told.is_named,
        stays=told.stays,
    )


def firm_stories(firm: str) -> models.QuerySet[Story]:
    """What somebody may read at a firm: of its own people, and of those of other firms that the whole program reads."""
    allowed = StudySharing.objects.filter(organization_id=firm).values("vendor")
    program = models.Q(shown_to=ShownTo.PROGRAM, is_welcome=True, state=StoryState.ACCEPTED, owner_id__in=allowed)
    # Never joined with the firm: readers of another do not see that row, and would lose the story with it.
    return Story.objects.select_related("person").filter(models.Q(partner_id=firm) | program)


def vendor_stories(owner: str) -> models.QuerySet[Story]:
    """What somebody may read at a vendor."""
    rows = Story.objects.filter(owner_id=owner, state=StoryState.ACCEPTED).exclude(shown_to=ShownTo.FIRM)
    return rows.select_related("person", "partner").order_by("-accepted_at", "pk")


def _on_the_wall(firm: str) -> models.QuerySet[Story]:
    return firm_stories(firm).filter(state=StoryState.ACCEPTED).order_by("-accepted_at", "pk")


def _waiting(firm: str, *, actor: Actor) -> models.QuerySet[Story]:
    rows = firm_stories(firm).filter(partner_id=firm, state=StoryState.WAITING)
    return rows.order_by("told_at", "pk") if can_answer_stories(actor, organization=firm) else rows.none()


def _invited(firm: str, catalogue: Catalogue, mine: Iterable[Story], *, actor: Actor) -> tuple[Invited, ...]:
    told = {row.code for row in mine}
    held = held_certifications(firm, actor=actor, catalogue=catalogue)
    return tuple(
        Invited(label=one.label, href=reverse("learning:story_tell", args=[firm, one.code]))
        for one in held
        if one.code not in told
    )


def _own_line(row: Story) -> StoryLine:
    line = StoryLine(
        label=row.label,
        who="",
        day=row.told_at.date(),
        readers=ShownTo(row.shown_to).label,
        href=reverse("learning:story", args=[row.partner_id, row.pk]),
    )
    return _stated(line, row)


def _stated(line: StoryLine, row: Story) -> StoryLine:
    return replace(line, state=StoryState(row.state).label, tone=_TONES[row.state])


@dataclass(frozen=True)
class _Reader:
    """Who reads, and at which organization."""

    actor: Actor
    organization: Organization
    is_vendor: bool = False
    is_own: bool = True

    @cached_property
    def told(self) -> set[str]:
        """The reader's own stories."""
        return set(StoryTeller.objects.filter(person_id=self.actor.person).values_list("story_id", flat=True))

    @cached_property
    def thanked(self) -> set[str]:
        """What the reader thanked for."""
        return set(Thanks.objects.filter(person_id=self.actor.person).values_list("story_id", flat=True))

    def line(self, row: Story) -> StoryLine:
        """A story as this reader reads it."""
        room = "console" if self.is_vendor else "learning"
        return StoryLine(
            label=row.label,
            who=self._who(row),
            why=row.why,
            learned=row.learned,
            plan=row.plan,
            day=row.accepted_at.date() if row.accepted_at else None,
            readers=self._readers(row),
            href="" if self.is_vendor else reverse("learning:story", args=[self.organization.pk, row.pk]),
            act_url=reverse(f"{room}:story_act", args=[self.organization.pk, row.pk]),
            edition=row.edition,
            thanking=self._thanking(row),
            asks=self._asks(row),
        )

    def _who(self, row: Story) -> str:
        """Readers of other firms read neither firm nor office."""
        if self.is_vendor:
            where = ", ".join(filter(None, [office_words(row.office), row.partner.name]))
        elif row.partner_id == self.organization.pk:
            where = office_words(row.office) or self.organization.name
        else:
            where = _("another partner")
        return f"{row.person.name}, {where}" if row.person else _someone(where)

    def _readers(self, row: Story) -> str:
        """Who else may read it, to those who know of it."""
        if self.is_vendor:
            return _("the whole program") if row.is_welcome else ""
        return ShownTo(row.shown_to).label if row.partner_id == self.organization.pk else ""

    def _thanking(self, row: Story) -> Literal["", "thank", "unthank"]:
        if not self.is_own or row.state != StoryState.ACCEPTED or row.pk in self.told:
            return ""
        return "unthank" if row.pk in self.thanked else "thank"

    def _asks(self, row: Story) -> Literal["", "welcome", "unwelcome"]:
        may = self.is_vendor and can_welcome_stories(self.actor, owner=self.organization.pk)
        if not may or row.shown_to != ShownTo.PROGRAM:
            return ""
        return "unwelcome" if row.is_welcome else "welcome"


def _frame(
    page: WallPage,
    rows: models.QuerySet[Story],
    placed: models.QuerySet[Story],
    sought: Sought,
    reader: _Reader,
) -> WallPage:
    found = sought.of(rows)
    total = found.count()
    sought = replace(sought, page=min(sought.page, max(1, -(-total // MOST_STORIES))))
    first = (sought.page - 1) * MOST_STORIES
    offices = placed.exclude(office="").order_by("office").values_list("office", flat=True).distinct()
    return replace(
        page,
        offices=_choices(((one, office_words(one)) for one in offices), sought.office),
        codes=_choices(rows.order_by("code").values_list("code", "label").distinct(), sought.code),
        lines=tuple(reader.line(row) for row in found[first : first + MOST_STORIES]),
        total=total,
        newer=sought.beside(-1) if first else "",
        older=sought.beside(1) if first + MOST_STORIES < total else "",
    )


def _choices(pairs: Iterable[tuple[str, str]], chosen: str) -> tuple[Choice, ...]:
    found = sorted(dict(pairs).items(), key=lambda pair: pair[1])
    return tuple(Choice(value=value, label=label, chosen=value == chosen) for value, label in found)


def _someone(where: str) -> str:
    return _("Someone at %(where)s") % {"where": where}


def _audience_words(one: ShownTo) -> str:
    return {
        ShownTo.FIRM: _("My firm"),
        ShownTo.VENDOR: _("My firm and the vendor"),
        ShownTo.PROGRAM: _("Everybody in the vendor's program whose firm allows it, once the vendor says yes"),
    }[one]
