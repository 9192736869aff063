"""Fill boards: of a firm's parts, of its people who asked for it, and of a vendor's partners."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _

from swingby.enablement import MINIMUM_BASE, BoardLine, By, Part, RankChange
from swingby.web.design.parts import Choice
from swingby.web.domain.learning.board_choices import countries_by_person, countries_of, forbidden_countries
from swingby.web.domain.learning.board_reading import (
    OF_A_VENDOR,
    ReadBoard,
    firm_board,
    firm_groupings,
    own_parts,
    partner_board,
    people_board,
    shown_name,
)
from swingby.web.domain.learning.board_words import part_words, why
from swingby.web.domain.learning.records import learner_of
from swingby.web.enablement.board_parts import BoardRow, BoardsPage, CountrySwitch, OwnChoice, PersonRow
from swingby.web.models import BoardChoice, BoardPeriod, Enrolment, Grouping, Organization
from swingby.web.permissions import can_lead_learning, can_switch_boards
from swingby.web.visibility import Actor

WAYS: Final[Mapping[By, str]] = {"head": "Net new per head", "net": "Net new"}
MOST_ROWS = 100


@dataclass(frozen=True, slots=True)
class Asked:
    """Which board a reader wants; what there is not is the first that there is."""

    grouping: str = ""
    period: str = ""
    by: str = ""

    def within(self, groupings: Sequence[Grouping]) -> tuple[Grouping, BoardPeriod, By]:
        """The board of these that is meant."""
        grouping = Grouping(self.grouping) if self.grouping in groupings else groupings[0]
        period = BoardPeriod(self.period) if self.period in BoardPeriod.values else BoardPeriod.WEEKS
        return grouping, period, "net" if self.by == "net" else "head"


Labels = Callable[[Part], tuple[str, str]]


def boards_page(firm: Organization, asked: Asked, *, actor: Actor, is_own: bool) -> BoardsPage:
    """A board of a firm. Whoever looks as a colleague sees nothing of how that person chose to be shown."""
    groupings = firm_groupings(firm.pk)
    grouping, period, by = asked.within(groupings)
    page = _frame(firm.name, groupings, grouping, period, by)
    if grouping is Grouping.PERSON:
        return _people_page(page, firm.pk, period, actor=actor, is_own=is_own)
    leads = can_lead_learning(actor, organization=firm.pk)
    mine = own_parts(firm.pk, grouping, actor.person) if is_own else set()
    read = firm_board(firm.pk, grouping, period, by)
    return _filled(page, read, lambda part: _firm_label(firm.pk, grouping, part, leads=leads), mine=mine)


def partner_boards_page(owner: Organization, asked: Asked) -> BoardsPage:
    """A board of the partners that the reader sees."""
    grouping, period, by = asked.within(OF_A_VENDOR)
    read, names = partner_board(owner.pk, grouping, period, by)
    doors = dict(Enrolment.objects.filter(owner_id=owner.pk).order_by("-pk").values_list("partner_id", "pk"))

    def labelled(part: Part) -> tuple[str, str]:
        if grouping is not Grouping.PARTNER:
            return part_words(grouping, part.key), ""
        door = doors.get(part.key)
        return names[part.key], reverse("console:certifications", args=[owner.pk, door]) if door else ""

    return _filled(_frame(owner.name, OF_A_VENDOR, grouping, period, by), read, labelled)


def _frame(name: str, groupings: Sequence[Grouping], grouping: Grouping, period: BoardPeriod, by: By) -> BoardsPage:
    return BoardsPage(
        name=name,
        groupings=tuple(Choice(value=one, label=one.label, chosen=one is grouping) for one in groupings),
        periods=tuple(Choice(value=one, label=one.label, chosen=one is period) for one in BoardPeriod),
        ways=tuple(Choice(value=one, label=label, chosen=one == by) for one, label in WAYS.items()),
        minimum=MINIMUM_BASE,
        shows_people=grouping is Grouping.PERSON,
    )


def _dated(page: BoardsPage, read: ReadBoard) -> BoardsPage:
    return replace(page, first=read.first, last=read.last, counted_on=read.counted_on)


def _filled(page: BoardsPage, read: ReadBoard, labelled: Labels, *, mine: Collection[str] = ()) -> BoardsPage:
    board = read.board
    lines = tuple(
        replace(_line(line, read.changes, labelled), is_mine=line.part.key in mine) for line in board.lines[:MOST_ROWS]
    )
    return replace(
        _dated(page, read),
        rows=lines,
        total=len(board.lines),
        hidden=board.hidden,
        headline=_headline(lines, len(board.lines)),
    )


def _line(line: BoardLine, changes: Mapping[str, RankChange], labelled: Labels) -> BoardRow:
    change = changes.get(line.part.key)
    return replace(_row(line, *labelled(line.part)), before=change.before if change else None, why=why(change))


def _row(line: BoardLine, label: str, href: str) -> BoardRow:
    part = line.part
    return BoardRow(
        rank=line.rank,
        is_tied=line.is_tied,
        label=label,
        href=href,
        net=part.growth.net,
        per_head=part.per_head,
        heads=part.heads,
        earned=part.growth.earned,
        lapsed=part.growth.lapsed,
        moved=part.growth.moved_in - part.growth.moved_out,
    )


def _headline(lines: Sequence[BoardRow], total: int) -> str:
    """One line to say: of the reader's own part, or else of the first."""
    line = next((line for line in lines if line.is_mine), lines[0] if lines else None)
    if line is None:
        return ""
    told = {"label": line.label, "rank": line.rank, "total": total, "why": line.why}
    return _("%(label)s: place %(rank)s of %(total)s. %(why)s") % told


def _firm_label(firm: str, grouping: Grouping, part: Part, *, leads: bool) -> tuple[str, str]:
    href = f"{reverse('learning:coverage', args=[firm])}?office={part.key}"
    return part_words(grouping, part.key), href if leads and grouping is Grouping.OFFICE else ""


# --- people -----------------------------------------------------------------------------------------------------------


def _people_page(page: BoardsPage, firm: str, period: BoardPeriod, *, actor: Actor, is_own: bool) -> BoardsPage:
    read, choices = people_board(firm, period)
    lines = tuple(_person_row(line, choices, actor if is_own else None) for line in read.board.lines[:MOST_ROWS])
    return replace(
        _dated(page, read),
        people=lines,
        people_total=len(choices),
        own=_own(firm, actor) if is_own else None,
        countries=_switches(firm, actor),
        country_url=reverse("learning:board_country", args=[firm]),
    )


def _person_row(line: BoardLine, choices: Mapping[str, BoardChoice], reader: Actor | None) -> PersonRow:
    choice = choices[line.part.key]
    is_mine = reader is not None and choice.person_id == reader.person
    return PersonRow(
        rank=line.rank,
        is_tied=line.is_tied,
        label=shown_name(choice),
        earned=line.part.growth.earned,
        is_mine=is_mine,
    )


def _own(firm: str, actor: Actor) -> OwnChoice | None:
    learner = learner_of(firm, actor.person)
    if learner is None:
        return None
    choice = BoardChoice.objects.filter(organization_id=firm, person_id=actor.person).first()
    country = countries_by_person(firm, [learner.key]).get(learner.key, "")
    return OwnChoice(
        shown_as=choice.shown_as if choice else "",
        pseudonym=choice.pseudonym if choice else "",
        is_forbidden=country in forbidden_countries(firm),
        post_url=reverse("learning:board_choice", args=[firm]),
    )


def _switches(firm: str, actor: Actor) -> tuple[CountrySwitch, ...]:
    if not can_switch_boards(actor, organization=firm):
        return ()
    forbidden = forbidden_countries(firm)
    return tuple(
        CountrySwitch(country=one, label=one.upper() or _("No country known"), is_forbidden=one in forbidden)
        for one in countries_of(firm)
    )
