"""What lies ahead of a partner, kept for both sides: what it stands to lose, and the way to the next tier."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import closing
from datetime import date
from decimal import Decimal
from typing import Any

from swingby.engine import Mending, Promotion, assess, decided_promotions, mendings
from swingby.engine import Standing as EngineStanding
from swingby.engine.path import Condition, Path, PathStep, find_path
from swingby.errors import SwingbyError
from swingby.program import Program
from swingby.program.model import Ladder
from swingby.web.clock import today
from swingby.web.domain.owner_facts import bring_facts
from swingby.web.domain.points import keep_points, month_ends, worked_out
from swingby.web.domain.programs import loaded, version_in_force
from swingby.web.domain.results import shown_ladder
from swingby.web.domain.scorecards import days_ahead, keep_scorecard, scorecard_of
from swingby.web.domain.standings import latest_standing
from swingby.web.jobs import enqueue_path
from swingby.web.models import Enrolment, PointsHistory, PortfolioRow, Prospect, Scorecard, Standing
from swingby.web.tenancy import act_for_owner

BATCH = 2_000
MOST_STEPS = 12


def keep_risks(rows: Iterable[PortfolioRow]) -> None:
    """Tell partners what their outlook says: the requirements that will be closed when the tier can be lost next."""
    Prospect.objects.bulk_create(
        (
            Prospect(
                owner_id=row.owner_id,
                partner_id=row.partner_id,
                enrolment_id=row.enrolment_id,
                loses_on=row.loses_on,
                closing=row.outlook,
            )
            for row in rows
        ),
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["enrolment"],
        update_fields=["loses_on", "closing"],
    )


def ask_for_path(enrolment: Enrolment, *, standing: Standing | None) -> Prospect | None:
    """What is known of the way ahead; where it is older than the standing, a newer one is asked for."""
    known: Prospect | None = getattr(enrolment, "prospect", None)
    if standing is not None and not _is_current(known, standing):
        enqueue_path(owner=enrolment.owner_id, enrolment=enrolment.pk)
    return known


def _is_current(known: Prospect | None, standing: Standing) -> bool:
    return (
        known is not None
        and known.path_position >= standing.position
        and known.path_on == standing.as_of
        and known.path_hash == standing.program_hash
    )


def _is_told(enrolment: Enrolment, standing: Standing) -> bool:
    """Whether the points history and the scorecard know what the standing knows."""
    known = {"pk": enrolment.pk, "as_of": standing.as_of, "position__gte": standing.position}
    cards = Scorecard.objects.filter(**known, program_hash=standing.program_hash)
    return PointsHistory.objects.filter(**known).exists() and cards.exists()


def find_prospect(enrolment: str, *, owner: str) -> None:
    """Find the way to the next tier and keep it, unless it is known; seconds of work, so it belongs into a job."""
    with act_for_owner(owner):
        row = Enrolment.objects.get(pk=enrolment)
        standing = latest_standing(row)
        known = Prospect.objects.filter(pk=row.pk).first()
        if standing is None or (_is_current(known, standing) and _is_told(row, standing)):
            return
        version = version_in_force(row.program_id, on=today())
        rules = loaded(version)
        facts = bring_facts(owner, rules)
    with closing(facts):
        position = facts.latest_position
        try:
            found = kept_path(find_path(rules, facts, partner=enrolment, as_of=today(), known_at=position))
        except SwingbyError as error:
            found = {"refused": error.code}
        day = today()
        days = [*month_ends(day), *days_ahead(day)]
        run = assess(rules, facts, as_of=days, known_at=position, enrolments=[enrolment], keep_facts=True)
        with closing(run):
            counted = worked_out(run, enrolment=enrolment, day=day)
            card = scorecard_of(run, facts, enrolment=enrolment, day=day)
            found["mending"] = kept_mending(rules, mendings(run, facts, enrolment, day))
            found["promotion"] = kept_promotion(
                rules, decided_promotions(run, facts, enrolment, day), held=run.standing(enrolment, day)
            )
    with act_for_owner(owner):
        keep_points(row, counted, day=today(), position=max(position, standing.position))
        keep_scorecard(row, card, version=version, day=today(), position=max(position, standing.position))
        Prospect.objects.update_or_create(
            enrolment_id=enrolment,
            defaults={
                "owner_id": row.owner_id,
                "partner_id": row.partner_id,
                "path": found,
                "path_position": max(position, standing.position),
                "path_on": today(),
                "path_hash": version.hash,
            },
        )


def kept_path(path: Path) -> dict[str, Any]:
    """A path as it is stored; what the engine did not verify is no advice."""
    labels = {row.path: row.label for row in path.rows}
    steps = path.steps[:MOST_STEPS] if path.verified else ()
    return {
        "tier": path.tier,
        "outlook": path.outlook,
        "verified": path.verified,
        "steps": [_step(step, labels) for step in steps],
        "hours": _text(path.effort.hours),
        "review_on": path.review_on.isoformat() if path.review_on else None,
        "depends_on": [_needed(each) for each in path.depends_on if not each.is_met],
        "blocked_by": [each.label for each in path.blocked_by],
        "earliest": path.earliest.isoformat() if path.earliest else None,
    }


def kept_mending(program: Program, found: Mapping[str, Mending]) -> dict[str, Any] | None:
    """What is to be mended on the ladder that is shown, as it is stored; None where the tier is kept."""
    ladder = shown_ladder(program)
    told = found.get(ladder.name) if ladder else None
    if ladder is None or told is None:
        return None
    labels = _tier_labels(ladder)
    days = ("missed_since", "last_met", "kept_on", "mend_until", "lost_on", "holds_from")
    shown: dict[str, date | None] = {name: getattr(told, name) for name in days}
    return {
        "tier": told.tier,
        "then": labels.get(told.then or "", ""),
        "has_grace": told.has_grace,
        "is_met": told.is_met,
        **{name: on.isoformat() if on else None for name, on in shown.items()},
    }


def kept_promotion(program: Program, found: Mapping[str, Promotion], *, held: EngineStanding) -> dict[str, str] | None:
    """What a review has given on the ladder that is shown, beside where it stands, as it is stored."""
    ladder = shown_ladder(program)
    given = found.get(ladder.name) if ladder else None
    if ladder is None or given is None:
        return None
    return {
        "tier": _tier_labels(ladder)[given.tier],
        "held": held.tiers[ladder.name].tier or "",
        "decided_on": given.decided_on.isoformat(),
        "holds_from": given.holds_from.isoformat(),
    }


def _tier_labels(ladder: Ladder) -> Mapping[str, str]:
    return {tier.id: tier.label or tier.id.capitalize() for tier in ladder.tiers}


def _needed(condition: Condition) -> str:
    """A condition in words; where its line differs by partner, with the line of this one."""
    if condition.line is None or any(character.isdecimal() for character in condition.label):
        return condition.label
    return f"{condition.label} {condition.line.normalize():,f}"


def _step(step: PathStep, labels: Mapping[str, str]) -> dict[str, Any]:
    points = sum((gain.points for gain in step.gains[:1]), Decimal(0))
    return {
        "label": step.label,
        "word": step.word,
        "count": step.count,
        "people": list(step.people),
        "hours": _text(step.effort.hours) if step.is_costed else None,
        "start_on": step.start_on.isoformat(),
        "ready_on": step.ready_on.isoformat(),
        "unlocks": [labels[path] for path in step.unlocks if path in labels],
        "points": _text(points) if points else None,
    }


def _text(value: Decimal) -> str:
    return f"{value.normalize():f}"
