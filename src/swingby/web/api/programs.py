"""Programs and their versions."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import OuterRef, Subquery
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema

from swingby.web.api.guard import Token
from swingby.web.api.paging import PageQuery, page_of
from swingby.web.api.values import Key
from swingby.web.clock import today
from swingby.web.domain.errors import RefusedError
from swingby.web.domain.programs import version_in_force
from swingby.web.middleware import ActingRequest
from swingby.web.models import Program, ProgramVersion, ProposedVersion, TokenScope

router = Router(tags=["programs"], auth=Token(TokenScope.PROGRAMS_READ))


class ProgramShape(Schema):
    """A program: whose it is, and which version holds today."""

    id: str
    name: str
    owner: str
    notice_days: int
    version: str | None


class ProgramPage(Schema):
    """Programs."""

    items: list[ProgramShape]
    next: str | None


class VersionShape(Schema):
    """A published version, which never changes."""

    program: str
    version: str
    effective: date
    hash: str
    published_at: datetime
    in_force: bool


class VersionPage(Schema):
    """Versions, the newest first."""

    items: list[VersionShape]
    next: str | None


class VersionText(VersionShape):
    """A version with the text of its files."""

    files: dict[str, str]


class ProposalShape(Schema):
    """A version on its way. A partner sees those that are shown."""

    id: str
    program: str
    version: str
    effective: date | None
    state: str
    hash: str


class ProposalPage(Schema):
    """Versions on their way, the newest first."""

    items: list[ProposalShape]
    next: str | None


class CoverageShape(Schema):
    """From when to when a source says that it is complete."""

    kind: str
    source: str | None
    complete_from: date | None
    complete_to: date | None


class CoverageList(Schema):
    """What the sources of a program say about themselves."""

    items: list[CoverageShape]


@router.get("/programs", response=ProgramPage)
def list_programs(request: ActingRequest, page: Query[PageQuery]) -> ProgramPage:  # noqa: ARG001 - ninja's signature
    """Programs that one owns or is enrolled in."""
    rows, following = page_of(_programs(), page, order=("pk",))
    return ProgramPage(items=[_program(row) for row in rows], next=following)


@router.get("/programs/{program}", response=ProgramShape)
def read_program(request: ActingRequest, program: Key) -> ProgramShape:  # noqa: ARG001 - ninja's signature
    """One program."""
    return _program(find_program(program))


@router.get("/programs/{program}/versions", response=VersionPage)
def list_versions(request: ActingRequest, program: Key, page: Query[PageQuery]) -> VersionPage:  # noqa: ARG001 - the same
    """Published versions, the newest first."""
    found = find_program(program)
    rows, following = page_of(ProgramVersion.objects.filter(program=found), page, order=("-effective", "-id"))
    held = _held(found)
    return VersionPage(items=[VersionShape(**_version(row, held)) for row in rows], next=following)


@router.get("/programs/{program}/versions/{version}", response=VersionText)
def read_version(request: ActingRequest, program: Key, version: Key) -> VersionText:  # noqa: ARG001 - the same
    """One version with its text."""
    found = find_program(program)
    row = get_object_or_404(ProgramVersion.objects.filter(program=found), version=version)
    return VersionText(**_version(row, _held(found)), files=row.files)


@router.get("/programs/{program}/proposals", response=ProposalPage)
def list_proposals(request: ActingRequest, program: Key, page: Query[PageQuery]) -> ProposalPage:  # noqa: ARG001 - the same
    """Versions on their way, the newest first."""
    rows = ProposedVersion.objects.filter(program=find_program(program))
    found, following = page_of(rows, page, order=("-drafted_at", "-id"))
    items = [
        ProposalShape(
            id=row.pk,
            program=row.program_id,
            version=row.version,
            effective=row.effective,
            state=row.state,
            hash=row.hash,
        )
        for row in found
    ]
    return ProposalPage(items=items, next=following)


@router.get("/programs/{program}/coverage", response=CoverageList, auth=Token(TokenScope.FACTS_READ))
def read_coverage(request: ActingRequest, program: Key) -> CoverageList:  # noqa: ARG001 - the same
    """From when to when the sources are complete; a kind that is not listed is complete."""
    owner = find_program(program).owner_id
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT kind, source, complete_from, complete_to FROM ref_coverage WHERE owner_org = %s ORDER BY 1, 2, 3",
            [owner],
        )
        names = ("kind", "source", "complete_from", "complete_to")
        return CoverageList(items=[CoverageShape(**dict(zip(names, row, strict=True))) for row in cursor.fetchall()])


def find_program(key: str) -> Any:
    """A program that the token may see, or 404."""
    return get_object_or_404(_programs(), pk=key)


def _held(program: Program) -> int | None:
    try:
        return version_in_force(program.pk, on=today()).pk
    except RefusedError:
        return None


def _programs() -> Any:
    versions = ProgramVersion.objects.filter(program=OuterRef("pk"), effective__lte=today())
    return Program.objects.annotate(in_force=Subquery(versions.order_by("-effective", "-id").values("version")[:1]))


def _program(row: Any) -> ProgramShape:
    return ProgramShape(
        id=row.pk,
        name=row.name,
        owner=row.owner_id,
        notice_days=row.notice_days,
        version=row.in_force,
    )


def _version(row: ProgramVersion, held: int | None) -> dict[str, Any]:
    names = ("version", "effective", "hash", "published_at")
    return {
        "program": row.program_id,
        "in_force": row.pk == held,
        **{name: getattr(row, name) for name in names},
    }
