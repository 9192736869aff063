"""Count boards anew, and tell whom it concerns what changed on them since they were counted before.

Everybody hears of the own office, team, region and year of joining, who leads also of the office that moved most, and a
vendor's people of the partner that moved most. What no board shows is in no line: a part below the base, or anybody who
did not ask to be shown. Who is shown by a pseudonym hears nothing: the line would betray whose it is to those who read
the organization's mails.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from swingby.enablement import MINIMUM_BASE, Board, BoardLine, By, Part, RankChange, board_of, rank_changes
from swingby.web.clock import today
from swingby.web.domain.learning.board_choices import shown_choices
from swingby.web.domain.learning.board_reading import (
    OF_A_VENDOR,
    firm_parts,
    partner_parts,
    person_part,
    whole_offices,
)
from swingby.web.domain.learning.board_words import part_words, why
from swingby.web.domain.learning.boards import Parts, count_boards, count_partner_boards
from swingby.web.domain.learning.projects import places_of
from swingby.web.domain.learning.records import office_stays, people_of, team_stays
from swingby.web.domain.notification_kinds import RULES
from swingby.web.domain.notifications import About, News, tell_partner, tell_vendor
from swingby.web.models import (
    BoardCount,
    BoardPeriod,
    Enrolment,
    Grouping,
    Membership,
    NotificationKind,
    PartnerBoardCount,
    Role,
    ShownAs,
)
from swingby.web.tenancy import Scope, act_for_owner, open_scope
from swingby.web.visibility import actor_of, visible_to

#: Of which boards everybody hears where the own part stands.
OWN: Final = (Grouping.OFFICE, Grouping.TEAM, Grouping.REGION, Grouping.JOINED)
#: What is told is the board that is seen first.
BY: Final[By] = "head"
_LEADS: Final = (Role.PARTNER_ADMIN, Role.PARTNER_MANAGER)


def recount_boards(firm: str) -> int:
    """Count a firm's boards and tell what changed; returns how many rows they have. It may run twice: then nothing changed."""
    own = frozenset({firm})
    with transaction.atomic(), open_scope(Scope(owner_orgs=own, partner_orgs=own)):
        before = _firm_rows(firm)
        counted = count_boards(firm)
        if before and counted:
            _FirmNews(firm, before, _firm_rows(firm)).tell()
    return counted


def recount_partner_boards(owner: str) -> int:
    """Count a vendor's boards and tell its people what changed; returns of how many partners. It may run twice."""
    with act_for_owner(owner):
        before = _partner_rows(owner)
        counted = count_partner_boards(owner)
        if before and counted:
            _VendorNews(owner, before, _partner_rows(owner)).tell()
    return counted


@dataclass(frozen=True, slots=True)
class Move:
    """A line of a board that stands at another place than when it was counted before."""

    grouping: Grouping
    line: BoardLine
    change: RankChange | None
    total: int
    since: date

    @property
    def places(self) -> int:
        """By how many places it went up or down; 0 for what was on no board before."""
        return abs(self.change.before - self.change.after) if self.change else 0

    @property
    def key(self) -> str:
        """The same move of one day is told once."""
        before = self.change.before if self.change else ""
        return f"{self.grouping}:{self.line.part.key}:{today()}:{before}:{self.line.rank}"

    def words(self, label: str) -> str:
        """Place, place before and reason in one line."""
        told = {
            "label": label,
            "rank": self.line.rank,
            "total": self.total,
            "among": str(_AMONG[self.grouping]()),
            "before": self.change.before if self.change else "",
            "since": f"{self.since:%-d %B}",
            "why": why(self.change),
        }
        if self.change is None:
            return _("%(label)s: place %(rank)s of %(total)s %(among)s. %(why)s") % told
        return _("%(label)s: place %(rank)s of %(total)s %(among)s, %(before)s on %(since)s. %(why)s") % told


_AMONG: Final = {
    Grouping.OFFICE: lambda: _("among offices"),
    Grouping.TEAM: lambda: _("among teams"),
    Grouping.REGION: lambda: _("among regions"),
    Grouping.JOINED: lambda: _("by year of joining"),
    Grouping.PERSON: lambda: _("among people"),
    Grouping.PARTNER: lambda: _("among partners"),
}


def moves(grouping: Grouping, before: Sequence[Part], after: Sequence[Part], *, since: date) -> list[Move]:
    """The lines of a board at another place than before, in the order of the board; parts that are not shown are in none."""
    board = board_of(after, by=BY, draw="")
    return list(_moves(grouping, board, rank_changes(before, after, by=BY), since))


def people_moves(before: Sequence[Part], after: Sequence[Part], *, since: date) -> list[Move]:
    """The same of single people; where fewer than the minimum are shown on either day there are none."""
    if min(len(before), len(after)) < MINIMUM_BASE:
        return []
    board = board_of(after, by="net", draw="", minimum=1)
    return list(_moves(Grouping.PERSON, board, rank_changes(before, after, by="net", minimum=1), since))


def _moves(grouping: Grouping, board: Board, changes: Mapping[str, RankChange], since: date) -> Iterator[Move]:
    for line in board.lines:
        change = changes.get(line.part.key)
        if change is None or change.before != change.after:
            yield Move(grouping, line, change, len(board.lines), since)


def most_moved(found: Iterable[Move]) -> Move | None:
    """The one that moved by most places; of several the one that stands best."""
    return max(found, key=lambda move: (move.places, -move.line.rank), default=None)


def _with_others(words: str, others: int) -> str:
    if not others:
        return words
    more = ngettext("%(others)s other changed places.", "%(others)s others changed places.", others)
    return f"{words} {more % {'others': others}}"


# --- a firm -----------------------------------------------------------------------------------------------------------


def _firm_rows(firm: str) -> list[BoardCount]:
    return list(BoardCount.objects.filter(organization_id=firm, period=BoardPeriod.WEEKS, is_before=False))


@dataclass(frozen=True, slots=True)
class _FirmNews:
    firm: str
    before: Sequence[BoardCount]
    after: Sequence[BoardCount]

    def tell(self) -> None:
        """Everybody of the own parts, who leads of the offices, and who is shown by name of the own place.

        A team that is the whole of its office is told of as the office alone.
        """
        members = _members(self.firm)
        told = whole_offices(row.key for row in self.after if row.grouping == Grouping.TEAM)
        for grouping in OWN:
            moved = (
                move for move in self._moves(grouping) if grouping != Grouping.TEAM or move.line.part.key not in told
            )
            for move in moved:
                self._tell(move, part_words(grouping, move.line.part.key), members[grouping, move.line.part.key])
        self._tell_leads(members)
        self._tell_people()

    def _moves(self, grouping: Grouping) -> list[Move]:
        parts = (firm_parts(row for row in rows if row.grouping == grouping) for rows in (self.before, self.after))
        return moves(grouping, *parts, since=self.before[0].counted_on)

    def _tell(self, move: Move, label: str, people: Collection[str], *, others: int = 0) -> None:
        news = News(
            kind=NotificationKind.BOARD,
            key=f"board:{self.firm}:{move.key}",
            words=_with_others(move.words(label), others),
            path=f"{reverse('learning:boards', args=[self.firm])}?of={move.grouping}",
        )
        if people:
            tell_partner(About(self.firm, self.firm), news, only=people)

    def _tell_leads(self, members: Mapping[tuple[Grouping, str], Collection[str]]) -> None:
        """Who works at the office that moved most has heard of it."""
        found = self._moves(Grouping.OFFICE)
        if most := most_moved(found):
            key = most.line.part.key
            posts = Membership.objects.filter(organization_id=self.firm, role__in=_LEADS)
            leads = set(posts.values_list("person_id", flat=True)) - set(members[Grouping.OFFICE, key])
            self._tell(most, part_words(Grouping.OFFICE, key), leads, others=len(found) - 1)

    def _tell_people(self) -> None:
        choices = {one.learner: one for one in shown_choices(self.firm)}
        rows = ([row for row in rows if row.grouping == Grouping.PERSON] for rows in (self.before, self.after))
        parts = ([person_part(row) for row in shown if row.key in choices] for shown in rows)
        for move in people_moves(*parts, since=self.before[0].counted_on):
            choice = choices[move.line.part.key]
            if choice.shown_as == ShownAs.NAME:
                self._tell(move, _("You"), [choice.person_id])


def _members(firm: str) -> Mapping[tuple[Grouping, str], Collection[str]]:
    """Who of the people known here belongs to which part today."""
    people = people_of(firm)
    keys, found = sorted(people), defaultdict[tuple[Grouping, str], set[str]](set)
    parts = Parts(places_of(firm), ()).of(office_stays(firm, keys), team_stays(firm, keys))
    for where, members in parts.items():
        here = (member.person for member in members if today() in member.period)
        found[where.grouping, where.key].update(people[one] for one in here)
    return found


# --- a vendor ---------------------------------------------------------------------------------------------------------


def _partner_rows(owner: str) -> list[PartnerBoardCount]:
    rows = PartnerBoardCount.objects.select_related("partner")
    return list(rows.filter(owner_id=owner, period=BoardPeriod.WEEKS, is_before=False))


@dataclass(frozen=True, slots=True)
class _VendorNews:
    owner: str
    before: Sequence[PartnerBoardCount]
    after: Sequence[PartnerBoardCount]

    def tell(self) -> None:
        """One line of each board, of what its reader sees; of partners those that the reader looks after, if there are any."""
        found: dict[frozenset[str] | None, list[list[Move]]] = {}
        for person in _readers(self.owner):
            seen = _seen_by(person, self.owner)
            if seen not in found:
                found[seen] = [self._moves(grouping, seen) for grouping in OF_A_VENDOR]
            for board in found[seen]:
                self._tell_one(person, board)

    def _moves(self, grouping: Grouping, seen: frozenset[str] | None) -> list[Move]:
        rows = ([row for row in rows if seen is None or row.partner_id in seen] for rows in (self.before, self.after))
        return moves(grouping, *(partner_parts(grouping, some) for some in rows), since=self.before[0].counted_on)

    def _tell_one(self, person: str, board: Sequence[Move]) -> None:
        book = set(Enrolment.objects.filter(success_manager_id=person).values_list("partner_id", flat=True))
        mine = [move for move in board if not book or move.grouping != Grouping.PARTNER or move.line.part.key in book]
        if most := most_moved(mine):
            news = News(
                kind=NotificationKind.PARTNER_BOARD,
                key=f"board:{self.owner}:{most.key}",
                words=_with_others(most.words(self._label(most)), len(mine) - 1),
                path=f"{reverse('console:boards', args=[self.owner])}?of={most.grouping}",
            )
            tell_vendor(About(self.owner, self.owner), news, only=[person])

    def _label(self, move: Move) -> str:
        key = move.line.part.key
        if move.grouping is not Grouping.PARTNER:
            return part_words(move.grouping, key)
        return next(row.partner.name for row in self.after if row.partner_id == key)


def _readers(owner: str) -> list[str]:
    roles = RULES[NotificationKind.PARTNER_BOARD].roles
    posts = Membership.objects.filter(organization_id=owner, role__in=roles, person__is_active=True)
    return sorted(set(posts.values_list("person_id", flat=True)))


def _seen_by(person: str, owner: str) -> frozenset[str] | None:
    """The partners that somebody sees on the board; None for all."""
    scope = visible_to(actor_of(person, name=""))
    return scope.region_partners if owner in scope.limited_owners else None
