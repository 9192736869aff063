"""Boards: a firm's parts and its people who asked for it, and a vendor's partners, ranked as on the screen."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date
from typing import Literal

from django.http import Http404
from ninja import Query, Router, Schema
from pydantic import Field

from swingby.enablement import MINIMUM_BASE, BoardLine, CauseKind, Part
from swingby.web.api.firms import enter_firm
from swingby.web.api.guard import Token
from swingby.web.api.paging import PageQuery, keyed_page
from swingby.web.api.values import Key, Number
from swingby.web.domain.learning.board_reading import (
    ReadBoard,
    firm_board,
    own_parts,
    partner_board,
    people_board,
    shown_name,
)
from swingby.web.domain.learning.board_words import part_words, why
from swingby.web.middleware import ActingRequest
from swingby.web.models import BoardPeriod, Grouping, TokenScope
from swingby.web.permissions import can_read_console

router = Router(tags=["boards"], auth=Token(TokenScope.LEARNING_READ))
Days = Literal["weeks", "quarter", "year"]


class PeopleQuery(PageQuery):
    """Of which days."""

    period: Days = Field("weeks", description="The last 13 weeks, the last whole quarter, the last whole year.")


class BoardQuery(PeopleQuery):
    """Which days, and how parts are ranked."""

    by: Literal["head", "net"] = Field("head", description="Net new for each person, or net new as a whole.")


class FirmBoardQuery(BoardQuery):
    """What the lines of a firm's board stand for."""

    of: Literal["office", "team", "region", "joined"] = Field("office", description="What a line stands for.")


class PartnerBoardQuery(BoardQuery):
    """What the lines of a vendor's board stand for."""

    of: Literal["partner", "region", "joined"] = Field("partner", description="What a line stands for.")


class CauseShape(Schema):
    """Why a rank is another one, and by how many places it went up; down is below zero."""

    kind: CauseKind
    places: int


class BoardLineShape(Schema):
    """A part with its rank, the one in the period before, and what led from one to the other.

    ``before`` is null for what was not on the board before. The places of all causes add up to the difference.
    """

    key: str
    label: str
    rank: int
    is_tied: bool
    before: int | None
    causes: list[CauseShape]
    why: str
    people: int
    net: int
    per_head: Number
    earned: int
    lapsed: int
    moved: int
    is_own: bool


class BoardPage(Schema):
    """A board, best first. The days are null while nothing was counted.

    ``hidden`` parts are not shown: fewer than ``minimum`` people stand for them, or they could be found by subtracting.
    """

    of: str
    period: Days
    by: Literal["head", "net"]
    first: date | None
    last: date | None
    counted_on: date | None
    minimum: int
    total: int
    hidden: int
    items: list[BoardLineShape]
    next: str | None


class PersonLineShape(Schema):
    """Somebody who asked to be shown, by a name or a pseudonym, and how many certifications were earned."""

    rank: int
    is_tied: bool
    name: str
    earned: int


class PeopleBoardPage(Schema):
    """The people who asked to be shown, best first. Of fewer than ``minimum`` nobody is.

    ``asked`` counts those who asked, work here, and are in a country where it is not forbidden.
    """

    period: Days
    first: date | None
    last: date | None
    counted_on: date | None
    minimum: int
    asked: int
    items: list[PersonLineShape]
    next: str | None


@router.get("/firms/{firm}/boards", response=BoardPage)
def read_board(request: ActingRequest, firm: Key, query: Query[FirmBoardQuery]) -> BoardPage:
    """Offices, teams, regions or years of joining of a firm by net new, for everybody who works there."""
    enter_firm(request, firm)
    grouping = Grouping(query.of)
    own = own_parts(firm, grouping, request.actor.person)
    read = firm_board(firm, grouping, BoardPeriod(query.period), query.by)
    return _page(read, query, of=query.of, label=lambda part: part_words(grouping, part.key), own=own)


@router.get("/firms/{firm}/boards/people", response=PeopleBoardPage)
def read_people_board(request: ActingRequest, firm: Key, query: Query[PeopleQuery]) -> PeopleBoardPage:
    """The people of a firm who asked to be shown, by name or pseudonym, for everybody who works there."""
    enter_firm(request, firm)
    read, choices = people_board(firm, BoardPeriod(query.period))
    lines, following = _lines(read, query)
    items = [
        PersonLineShape(
            rank=line.rank,
            is_tied=line.is_tied,
            name=shown_name(choices[line.part.key]),
            earned=line.part.growth.earned,
        )
        for line in lines
    ]
    days = {name: getattr(read, name) for name in ("first", "last", "counted_on")}
    return PeopleBoardPage(
        period=query.period, minimum=MINIMUM_BASE, asked=len(choices), items=items, next=following, **days
    )


@router.get("/organizations/{organization}/boards", response=BoardPage)
def read_partner_board(request: ActingRequest, organization: Key, query: Query[PartnerBoardQuery]) -> BoardPage:
    """A vendor's partners, their regions or years of joining by net new. A regional lead reads those of the regions."""
    if not can_read_console(request.actor, owner=organization):
        raise Http404
    grouping = Grouping(query.of)
    read, names = partner_board(organization, grouping, BoardPeriod(query.period), query.by)
    is_partners = grouping is Grouping.PARTNER
    label = (lambda part: names[part.key]) if is_partners else (lambda part: part_words(grouping, part.key))
    return _page(read, query, of=query.of, label=label)


def _page(
    read: ReadBoard, query: BoardQuery, *, of: str, label: Callable[[Part], str], own: Collection[str] = ()
) -> BoardPage:
    lines, following = _lines(read, query)
    return BoardPage(
        of=of,
        minimum=MINIMUM_BASE,
        total=len(read.board.lines),
        hidden=read.board.hidden,
        items=[_line(read, line, label(line.part), is_own=line.part.key in own) for line in lines],
        next=following,
        **{name: getattr(query, name) for name in ("period", "by")},
        **{name: getattr(read, name) for name in ("first", "last", "counted_on")},
    )


def _lines(read: ReadBoard, query: PageQuery) -> tuple[list[BoardLine], str | None]:
    """One page in the order of the board, which is the same until it is counted anew."""
    placed = {line.part.key: f"{place:09}" for place, line in enumerate(read.board.lines)}
    return keyed_page(read.board.lines, query, key=lambda line: placed[line.part.key])


def _line(read: ReadBoard, line: BoardLine, label: str, *, is_own: bool) -> BoardLineShape:
    part, change = line.part, read.changes.get(line.part.key)
    return BoardLineShape(
        key=part.key,
        label=label,
        rank=line.rank,
        is_tied=line.is_tied,
        before=change.before if change else None,
        causes=[CauseShape(kind=cause.kind, places=cause.places) for cause in change.causes] if change else [],
        why=why(change),
        people=part.heads,
        net=part.growth.net,
        per_head=part.per_head,
        earned=part.growth.earned,
        lapsed=part.growth.lapsed,
        moved=part.growth.moved_in - part.growth.moved_out,
        is_own=is_own,
    )
