"""Read boards as they were counted: of a firm's parts, of its people who asked for it, and of a vendor's partners.

Screens, the API and the daily mail read the same: who is shown, in which order, and why a rank is another one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from swingby.enablement import Board, By, Part, RankChange, Stay, board_of, board_of_people, rank_changes
from swingby.web.clock import today
from swingby.web.domain.learning.board_choices import shown_choices
from swingby.web.domain.learning.boards import part_of
from swingby.web.domain.learning.records import learner_of, office_stays, team_stays
from swingby.web.models import BoardChoice, BoardCount, BoardPeriod, Grouping, PartnerBoardCount, ShownAs

OF_A_FIRM: Final = (Grouping.OFFICE, Grouping.TEAM, Grouping.REGION, Grouping.JOINED, Grouping.PERSON)
OF_A_VENDOR: Final = (Grouping.PARTNER, Grouping.REGION, Grouping.JOINED)
_ONE_DAY: Final = timedelta(days=1)
_NOBODY: Final = Board(())
#: Of which boards somebody has a part of the own, and where the records say which.
STAYS: Final[Mapping[Grouping, Callable[[str, list[str]], tuple[Stay, ...]]]] = {
    Grouping.OFFICE: office_stays,
    Grouping.TEAM: team_stays,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadBoard:
    """A board with the changes of its ranks by key, and the days that it is about; None while nothing was counted."""

    board: Board = _NOBODY
    changes: Mapping[str, RankChange]
    first: date | None = None
    last: date | None = None
    counted_on: date | None = None


def firm_board(firm: str, grouping: Grouping, period: BoardPeriod, by: By) -> ReadBoard:
    """The parts of a firm; not its people."""
    rows = list(BoardCount.objects.filter(organization_id=firm, grouping=grouping, period=period))
    now, before = (firm_parts(row for row in rows if row.is_before is past) for past in (False, True))
    return _read(rows, now, before, by)


def firm_groupings(firm: str) -> tuple[Grouping, ...]:
    """The boards of a firm; that of teams only where they say something else than that of offices."""
    teams = set(BoardCount.objects.filter(organization_id=firm, grouping=Grouping.TEAM).values_list("key", flat=True))
    if teams and teams == whole_offices(teams):
        return tuple(one for one in OF_A_FIRM if one is not Grouping.TEAM)
    return OF_A_FIRM


def whole_offices(teams: Iterable[str]) -> set[str]:
    """Teams that are the whole of their office: nobody there is in another one."""
    by_office = defaultdict[str, set[str]](set)
    for team in teams:
        by_office[team.partition("/")[0]].add(team)
    return {team for listed in by_office.values() if len(listed) == 1 for team in listed}


def partner_board(owner: str, grouping: Grouping, period: BoardPeriod, by: By) -> tuple[ReadBoard, Mapping[str, str]]:
    """The partners that the reader sees, or what they come to together; and the names of partners by key."""
    rows = list(PartnerBoardCount.objects.select_related("partner").filter(owner_id=owner, period=period))
    now, before = (partner_parts(grouping, [row for row in rows if row.is_before is past]) for past in (False, True))
    return _read(rows, now, before, by), {row.partner_id: row.partner.name for row in rows}


def people_board(firm: str, period: BoardPeriod) -> tuple[ReadBoard, Mapping[str, BoardChoice]]:
    """The people of a firm who may be shown, and how each asked to be; of fewer than the minimum nobody is ranked."""
    choices = {one.learner: one for one in shown_choices(firm)}
    rows = BoardCount.objects.filter(organization_id=firm, grouping=Grouping.PERSON, period=period, is_before=False)
    now = [row for row in rows if row.key in choices]
    board = board_of_people([person_part(row) for row in now], draw=str(now[0].starts_on) if now else "")
    return replace(_dated(now), board=board), choices


def own_parts(firm: str, grouping: Grouping, person: str) -> set[str]:
    """Somebody's own office or team today."""
    learner = learner_of(firm, person)
    if learner is None or grouping not in STAYS:
        return set()
    return {stay.office or "" for stay in STAYS[grouping](firm, [learner.key]) if today() in stay.period}


def firm_parts(rows: Iterable[BoardCount]) -> list[Part]:
    """What was counted of a firm's parts."""
    return [part_of(row, key=row.key, within=row.within) for row in rows]


def partner_parts(grouping: Grouping, rows: Iterable[PartnerBoardCount]) -> list[Part]:
    """Partners, or what they come to together by region and by year."""
    if grouping is Grouping.PARTNER:
        return [part_of(row, key=row.partner_id, within=row.partner.region) for row in rows]
    together = defaultdict[str, list[Part]](list)
    for row in rows:
        key = row.partner.region if grouping is Grouping.REGION else str(row.joined)
        together[key].append(part_of(row, key=key))
    return [_added(parts) for parts in together.values()]


def person_part(row: BoardCount) -> Part:
    """Of a person only what was earned is ranked: nobody is put on a board for what lapsed."""
    part = part_of(row, key=row.key)
    return replace(part, heads=1, growth=replace(part.growth, lapsed=0, moved_in=0, moved_out=0))


def shown_name(choice: BoardChoice) -> str:
    """What a board calls somebody who asked to be on it."""
    return choice.person.name if choice.shown_as == ShownAs.NAME else choice.pseudonym


def _read(
    rows: Sequence[BoardCount] | Sequence[PartnerBoardCount], now: Sequence[Part], before: Sequence[Part], by: By
) -> ReadBoard:
    dated = _dated([row for row in rows if not row.is_before])
    return replace(dated, board=board_of(now, by=by, draw=str(dated.first)), changes=rank_changes(before, now, by=by))


def _dated(rows: Sequence[BoardCount | PartnerBoardCount]) -> ReadBoard:
    if not rows:
        return ReadBoard(changes={})
    row = rows[0]
    return ReadBoard(changes={}, first=row.starts_on, last=row.ends_on - _ONE_DAY, counted_on=row.counted_on)


def _added(parts: Sequence[Part]) -> Part:
    first, *rest = parts
    for part in rest:
        first = replace(first, heads=first.heads + part.heads, growth=first.growth + part.growth)
    return first
