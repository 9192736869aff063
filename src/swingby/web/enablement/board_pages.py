"""Fill boards: of a firm's parts, of its people who asked for it, and of a vendor's partners."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _

from swingby.enablement import MINIMUM_BASE, BoardLine, By, Part, RankChange, board_of, board_of_people, rank_changes
from swingby.web.clock import today
from swingby.web.design.parts import Choice
from swingby.web.domain.learning.board_choices import (
    countries_by_person,
    countries_of,
    forbidden_countries,
    shown_choices,
)
from swingby.web.domain.learning.boards import part_of
from swingby.web.domain.learning.records import learner_of, office_stays, team_stays
from swingby.web.enablement.board_parts import BoardRow, BoardsPage, CountrySwitch, OwnChoice, PersonRow
from swingby.web.enablement.board_words import why
from swingby.web.enablement.coverage_pages import office_words
from swingby.web.models import (
    BoardChoice,
    BoardCount,
    BoardPeriod,
    Enrolment,
    Grouping,
    Organization,
    PartnerBoardCount,
    ShownAs,
)
from swingby.web.permissions import can_lead_learning, can_switch_boards
from swingby.web.visibility import Actor

_ONE_DAY: Final = timedelta(days=1)
OF_A_FIRM: Final = (Grouping.OFFICE, Grouping.TEAM, Grouping.REGION, Grouping.JOINED, Grouping.PERSON)
OF_A_VENDOR: Final = (Grouping.PARTNER, Grouping.REGION, Grouping.JOINED)
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
    grouping, period, by = asked.within(OF_A_FIRM)
    page = _frame(firm.name, OF_A_FIRM, grouping, period, by)
    rows = list(BoardCount.objects.filter(organization_id=firm.pk, grouping=grouping, period=period))
    if grouping is Grouping.PERSON:
        return _people_page(page, firm.pk, rows, actor=actor, is_own=is_own)
    leads = can_lead_learning(actor, organization=firm.pk)
    mine = _mine(firm.pk, grouping, actor) if is_own else set()
    ranked = _Ranked(_firm_parts(rows, is_before=False), _firm_parts(rows, is_before=True), by)
    return _filled(
        _dated(page, rows), ranked, lambda part: _firm_label(firm.pk, grouping, part, leads=leads), mine=mine
    )


def partner_boards_page(owner: Organization, asked: Asked) -> BoardsPage:
    """A board of the partners that the reader sees."""
    grouping, period, by = asked.within(OF_A_VENDOR)
    page = _frame(owner.name, OF_A_VENDOR, grouping, period, by)
    rows = list(PartnerBoardCount.objects.select_related("partner").filter(owner_id=owner.pk, period=period))
    names = {row.partner_id: row.partner.name for row in rows}
    doors = dict(Enrolment.objects.filter(owner_id=owner.pk).order_by("-pk").values_list("partner_id", "pk"))

    def labelled(part: Part) -> tuple[str, str]:
        if grouping is not Grouping.PARTNER:
            return _label(grouping, part), ""
        door = doors.get(part.key)
        return names[part.key], reverse("console:certifications", args=[owner.pk, door]) if door else ""

    now, before = ([row for row in rows if row.is_before is past] for past in (False, True))
    ranked = _Ranked(_partner_parts(grouping, now), _partner_parts(grouping, before), by)
    return _filled(_dated(page, rows), ranked, labelled)


def _frame(name: str, groupings: Sequence[Grouping], grouping: Grouping, period: BoardPeriod, by: By) -> BoardsPage:
    return BoardsPage(
        name=name,
        groupings=tuple(Choice(value=one, label=one.label, chosen=one is grouping) for one in groupings),
        periods=tuple(Choice(value=one, label=one.label, chosen=one is period) for one in BoardPeriod),
        ways=tuple(Choice(value=one, label=label, chosen=one == by) for one, label in WAYS.items()),
        minimum=MINIMUM_BASE,
        shows_people=grouping is Grouping.PERSON,
    )


def _dated(page: BoardsPage, rows: Sequence[BoardCount] | Sequence[PartnerBoardCount]) -> BoardsPage:
    """The days of what was counted; as it is where nothing was."""
    row = next((row for row in rows if not row.is_before), None)
    if row is None:
        return page
    return replace(page, first=row.starts_on, last=row.ends_on - _ONE_DAY, counted_on=row.counted_on)


@dataclass(frozen=True, slots=True)
class _Ranked:
    """What is ranked, in the period and in the one before, and how."""

    now: Sequence[Part]
    before: Sequence[Part]
    by: By


def _filled(page: BoardsPage, ranked: _Ranked, labelled: Labels, *, mine: Collection[str] = ()) -> BoardsPage:
    board = board_of(ranked.now, by=ranked.by, draw=str(page.first))
    changes = rank_changes(ranked.before, ranked.now, by=ranked.by)
    lines = tuple(
        replace(_line(line, changes, labelled), is_mine=line.part.key in mine) for line in board.lines[:MOST_ROWS]
    )
    return replace(
        page, rows=lines, total=len(board.lines), hidden=board.hidden, headline=_headline(lines, len(board.lines))
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


# --- a firm -----------------------------------------------------------------------------------------------------------


def _firm_parts(rows: Sequence[BoardCount], *, is_before: bool) -> list[Part]:
    return [part_of(row, key=row.key, within=row.within) for row in rows if row.is_before is is_before]


def _firm_label(firm: str, grouping: Grouping, part: Part, *, leads: bool) -> tuple[str, str]:
    href = f"{reverse('learning:coverage', args=[firm])}?office={part.key}"
    return _label(grouping, part), href if leads and grouping is Grouping.OFFICE else ""


def _label(grouping: Grouping, part: Part) -> str:
    if grouping is Grouping.TEAM:
        office, _slash, team = part.key.partition("/")
        named = office_words(team) or _("no team")
        return named if team.startswith(office) else f"{office_words(office)}, {named}"
    if grouping is Grouping.JOINED:
        return _("Joined in %(year)s") % {"year": part.key}
    if grouping is Grouping.REGION:
        return part.key.upper() if part.key in {"emea", "apac"} else office_words(part.key) or _("No region")
    return office_words(part.key)


def _mine(firm: str, grouping: Grouping, actor: Actor) -> set[str]:
    """The reader's own office or team today."""
    learner = learner_of(firm, actor.person)
    reads = {Grouping.OFFICE: office_stays, Grouping.TEAM: team_stays}
    if learner is None or grouping not in reads:
        return set()
    return {stay.office or "" for stay in reads[grouping](firm, [learner.key]) if today() in stay.period}


def _people_page(page: BoardsPage, firm: str, rows: Sequence[BoardCount], *, actor: Actor, is_own: bool) -> BoardsPage:
    choices = {one.learner: one for one in shown_choices(firm)}
    now = [row for row in rows if not row.is_before and row.key in choices]
    earned = [_person_part(row) for row in now]
    board = board_of_people(earned, draw=str(now[0].starts_on) if now else "")
    lines = tuple(_person_row(line, choices, actor if is_own else None) for line in board.lines[:MOST_ROWS])
    return replace(
        _dated(page, now),
        people=lines,
        people_total=len(choices),
        own=_own(firm, actor) if is_own else None,
        countries=_switches(firm, actor),
        country_url=reverse("learning:board_country", args=[firm]),
    )


def _person_part(row: BoardCount) -> Part:
    """Of a person only what was earned is ranked: nobody is put on a board for what lapsed."""
    part = part_of(row, key=row.key)
    return replace(part, heads=1, growth=replace(part.growth, lapsed=0, moved_in=0, moved_out=0))


def _person_row(line: BoardLine, choices: Mapping[str, BoardChoice], reader: Actor | None) -> PersonRow:
    choice = choices[line.part.key]
    is_mine = reader is not None and choice.person_id == reader.person
    return PersonRow(
        rank=line.rank,
        is_tied=line.is_tied,
        label=choice.person.name if choice.shown_as == ShownAs.NAME else choice.pseudonym,
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


# --- a vendor ---------------------------------------------------------------------------------------------------------


def _partner_parts(grouping: Grouping, rows: Iterable[PartnerBoardCount]) -> list[Part]:
    """Partners, or what they come to together by region and by year."""
    if grouping is Grouping.PARTNER:
        return [part_of(row, key=row.partner_id, within=row.partner.region) for row in rows]
    together = defaultdict[str, list[Part]](list)
    for row in rows:
        key = row.partner.region if grouping is Grouping.REGION else str(row.joined)
        together[key].append(part_of(row, key=key))
    return [_added(parts) for parts in together.values()]


def _added(parts: Sequence[Part]) -> Part:
    first, *rest = parts
    for part in rest:
        first = replace(first, heads=first.heads + part.heads, growth=first.growth + part.growth)
    return first
