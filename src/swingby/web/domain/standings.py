"""Compute, store and find standings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from django.conf import settings
from django.db import connection, transaction
from django.utils.module_loading import import_string

from swingby.engine import has_reviews
from swingby.web.clock import today
from swingby.web.domain.learning.counting import standing_changed
from swingby.web.domain.portfolio.rows import keep_rows
from swingby.web.domain.programs import loaded, version_in_force
from swingby.web.domain.telling import tier_moved
from swingby.web.jobs import enqueue_assessment, enqueue_needs, enqueue_outlook
from swingby.web.models import CertificationCatalogue, Enrolment, ProgramVersion, Standing, StandingRequirement
from swingby.web.tenancy import Scope, act_for_owner, open_scope


@dataclass(frozen=True, slots=True)
class ComputedRequirement:
    """One requirement row as an engine computed it."""

    ladder: str
    tier: str
    requirement: str
    state: str
    value: Decimal | None
    threshold: Decimal | None
    gap: Decimal | None


@dataclass(frozen=True, slots=True)
class ComputedStanding:
    """One standing as an engine computed it; ``result`` can be stored as JSON."""

    enrolment: str
    tier: str
    requirements: Sequence[ComputedRequirement]
    result: Mapping[str, Any]


class StandingSource(Protocol):
    """What computes one standing on PostgreSQL, under the scope that is open."""

    engine_version: str

    def assess(self, version: ProgramVersion, *, enrolment: Enrolment, as_of: date, position: int) -> ComputedStanding:
        """The standing of one enrolment at the end of a day, knowing the facts up to a position."""
        ...

    def is_quick(self, version: ProgramVersion) -> bool:
        """Whether a standing of the version takes milliseconds, so that somebody can wait for it."""
        ...


def standing_source() -> StandingSource:
    """The configured source."""
    source: StandingSource = import_string(settings.SWINGBY_STANDING_SOURCE)()
    return source


def latest_standing(enrolment: Enrolment) -> Standing | None:
    """The standing that counts: of the latest day, at the highest position."""
    return enrolment.standings.order_by("-as_of", "-position", "-id").first()


def reassess_after_commit(enrolment: Enrolment, *, position: int) -> None:
    """Enqueue a job; what is quick is tried when the transaction commits, and the job finds nothing left to do."""
    owner, key = enrolment.owner_id, enrolment.pk
    enqueue_assessment(owner=owner, enrolment=key, position=position)
    transaction.on_commit(lambda: assess_enrolment(key, owner=owner, position=position, only_quick=True), robust=True)


def assess_enrolment(enrolment: str, *, owner: str, position: int, only_quick: bool = False) -> None:
    """Store a standing that knows at least ``position``, unless there is one; ``only_quick`` where somebody waits."""
    with act_for_owner(owner):
        row = Enrolment.objects.select_related("program").get(pk=enrolment)
        as_of = today()
        version = version_in_force(row.program_id, on=as_of)
        source = standing_source()
        if only_quick and not source.is_quick(version):
            return
        _wait_for_turn(row)
        known_at = current_position(owner)
        if _is_known(row, version=version, as_of=as_of, position=min(position, known_at)):
            return
        computed = source.assess(version, enrolment=row, as_of=as_of, position=known_at)
        store_standing(
            computed,
            enrolment=row,
            version=version,
            as_of=as_of,
            position=known_at,
            engine_version=source.engine_version,
        )


def keep_standing(
    computed: ComputedStanding, *, enrolment: Enrolment, version: ProgramVersion, as_of: date, position: int
) -> bool:
    """Add a standing that was computed with others, unless there is one for the day that knows as much."""
    _wait_for_turn(enrolment)
    if _is_known(enrolment, version=version, as_of=as_of, position=position):
        return False
    engine = standing_source().engine_version
    store_standing(
        computed, enrolment=enrolment, version=version, as_of=as_of, position=position, engine_version=engine
    )
    return True


def store_standing(
    computed: ComputedStanding,
    *,
    enrolment: Enrolment,
    version: ProgramVersion,
    as_of: date,
    position: int,
    engine_version: str,
) -> Standing:
    """Add a standing and its requirement rows."""
    whose = {"owner_id": enrolment.owner_id, "partner_id": enrolment.partner_id}
    before = latest_standing(enrolment)
    standing = Standing.objects.create(
        **whose,
        enrolment=enrolment,
        as_of=as_of,
        position=position,
        program_version=version,
        program_hash=version.hash,
        engine_version=engine_version,
        tier=computed.tier,
        result=dict(computed.result),
    )
    StandingRequirement.objects.bulk_create(
        StandingRequirement(
            **whose,
            standing=standing,
            ladder=row.ladder,
            tier=row.tier,
            requirement=row.requirement,
            state=row.state,
            value=row.value,
            threshold=row.threshold,
            gap=row.gap,
        )
        for row in computed.requirements
    )
    keep_rows([standing])
    if before is not None and before.tier != standing.tier and before.as_of <= standing.as_of:
        _tell_of_tier(enrolment, before, standing, version)
    enqueue_outlook(owner=enrolment.owner_id, enrolment=enrolment.pk)
    if before is None or _asks_otherwise(before, standing):
        _ask_for_needs(enrolment.partner_id)
        standing_changed(enrolment.owner_id, enrolment.partner_id)
    return standing


def _asks_otherwise(before: Standing, standing: Standing) -> bool:
    """Whether the tiers may ask something else of the partner's people: others are held, or other rules hold."""
    held = [row.result.get("held") for row in (before, standing)]
    return held[0] != held[1] or before.program_hash != standing.program_hash


def _ask_for_needs(partner: str) -> None:
    """Only who keeps a catalogue has needs: of most partners nothing is asked."""
    with open_scope(Scope(partner_orgs=frozenset({partner}))):
        keeps_one = CertificationCatalogue.objects.filter(organization_id=partner).exists()
    if keeps_one:
        enqueue_needs(owner=partner)


def _tell_of_tier(enrolment: Enrolment, before: Standing, standing: Standing, version: ProgramVersion) -> None:
    """Tell of a tier that moved by itself; what reviews decide is told with the review."""
    ladder = next(iter(loaded(version).ladders.values()), None)
    if ladder is None or has_reviews(ladder):
        return
    labels = [((row.result.get("tier") or {}).get("label", "")) for row in (before, standing)]
    tier_moved(enrolment, before=labels[0], after=labels[1], key=str(standing.pk))


def current_position(owner: str) -> int:
    """The highest ledger position of an owner that is committed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(position), 0) FROM ref_positions WHERE owner_org = %s", [owner])
        return int(cursor.fetchone()[0])


def _wait_for_turn(enrolment: Enrolment) -> None:
    """Two assessments of one enrolment run one after the other; the second finds the first one's standing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"standing:{enrolment.pk}"])


def _is_known(enrolment: Enrolment, *, version: ProgramVersion, as_of: date, position: int) -> bool:
    known = enrolment.standings.filter(as_of=as_of, program_hash=version.hash, position__gte=position)
    return known.exists()
