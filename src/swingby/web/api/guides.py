"""The guide of a program: a published version in sentences, with what each tier asks and gives."""

from __future__ import annotations

from datetime import date
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from swingby.program import GuideLadder, GuideTier
from swingby.web.api.guard import Token
from swingby.web.api.programs import find_program
from swingby.web.api.values import Day, Key
from swingby.web.clock import today
from swingby.web.domain.errors import RefusedError
from swingby.web.domain.guides import Coming, GuideInForce, guide_in_force
from swingby.web.domain.programs import loaded
from swingby.web.domain.queries.differences import Sections
from swingby.web.middleware import ActingRequest
from swingby.web.models import TokenScope
from swingby.web.sending import kept_paper

router = Router(tags=["program guide"], auth=Token(TokenScope.PROGRAMS_READ))


class GuideQuery(Schema):
    """Which day."""

    on: Day | None = Field(None, description="The guide of the version that holds on this day; today if left out.")


class SentenceShape(Schema):
    """A sentence, or an item of a list, with the items of its own list."""

    text: str
    items: list[SentenceShape]


class PassageShape(Schema):
    """Sentences under a heading, with the rule that they are about, and passages below it."""

    heading: str
    path: str
    lines: list[SentenceShape]
    passages: list[PassageShape]


class GrantShape(Schema):
    """A benefit, in words."""

    benefit: str
    label: str
    words: str
    note: str


class GuideTierShape(Schema):
    """One tier: what it asks for, requirement by requirement, and what it gives."""

    id: str
    name: str
    asks: list[SentenceShape]
    gives: list[GrantShape]


class GuideLadderShape(Schema):
    """A ladder: its tiers from the lowest, how partners move, and what who holds none of them gets."""

    id: str
    name: str
    opening: list[SentenceShape]
    tiers: list[GuideTierShape]
    moving: list[SentenceShape]
    without: list[GrantShape]


class ChangesShape(Schema):
    """What a version says otherwise, under a heading."""

    heading: str
    sentences: list[str]


class ComingShape(Schema):
    """The next version that is announced, with what it says otherwise."""

    version: str
    effective: date
    proposal: str | None
    changes: list[ChangesShape]


class GuideShape(Schema):
    """A version as its partners read it; ``before`` is the version that it replaced, null for the first."""

    program: str
    name: str
    version: str
    effective: date
    announced: date | None
    hash: str
    opening: list[str]
    ladders: list[GuideLadderShape]
    gives: list[GrantShape]
    parts: list[PassageShape]
    defaults: list[SentenceShape]
    before: str | None
    changes: list[ChangesShape]
    coming: ComingShape | None


@router.get("/programs/{program}/guide", response=GuideShape)
def read_guide(request: ActingRequest, program: Key, query: Query[GuideQuery]) -> GuideShape:  # noqa: ARG001 - ninja's signature
    """The version in force in sentences: tiers with what they ask and give, how points come, what changes."""
    found = _guide(program, query)
    said = found.guide
    return GuideShape(
        program=found.version.program_id,
        hash=found.version.hash,
        announced=loaded(found.version).header.announced,
        ladders=[_ladder(ladder) for ladder in said.ladders],
        gives=_shapes(GrantShape, said.gives),
        parts=_shapes(PassageShape, said.parts),
        defaults=_shapes(SentenceShape, said.defaults),
        before=said.before or None,
        changes=_changes(said.changes),
        coming=_coming(found.coming) if found.coming else None,
        **{name: getattr(said, name) for name in ("name", "version", "effective", "opening")},
    )


@router.get(
    "/programs/{program}/guide/paper",
    response={HTTPStatus.OK: bytes},
    openapi_extra={"x-media-type": "application/pdf"},
)
def read_guide_paper(request: ActingRequest, program: Key, query: Query[GuideQuery]) -> HttpResponse:
    """The guide as PDF, without anybody's standing."""
    return kept_paper(request, _guide(program, query))


def _guide(program: str, query: GuideQuery) -> GuideInForce:
    try:
        return guide_in_force(find_program(program), on=query.on or today())
    except RefusedError as error:
        raise Http404 from error


def _ladder(ladder: GuideLadder) -> GuideLadderShape:
    return GuideLadderShape(
        id=ladder.id,
        name=ladder.name,
        opening=_shapes(SentenceShape, ladder.opening),
        tiers=[_tier(tier) for tier in ladder.tiers],
        moving=_shapes(SentenceShape, ladder.moving),
        without=_shapes(GrantShape, ladder.without),
    )


def _tier(tier: GuideTier) -> GuideTierShape:
    gives = _shapes(GrantShape, tier.gives)
    return GuideTierShape(id=tier.id, name=tier.name, asks=_shapes(SentenceShape, tier.asks), gives=gives)


def _shapes(shape: type[Any], found: Any) -> list[Any]:
    """Values of the core as they travel, those inside them as well."""
    return [shape.model_validate(each) for each in found]


def _changes(sections: Sections) -> list[ChangesShape]:
    return [ChangesShape(heading=heading, sentences=list(sentences)) for heading, sentences in sections]


def _coming(coming: Coming) -> ComingShape:
    return ComingShape(
        version=coming.version.version,
        effective=coming.version.effective,
        proposal=coming.proposed or None,
        changes=_changes(coming.changes),
    )
