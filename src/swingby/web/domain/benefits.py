"""What a partner is granted: by which tier, since when and until when, and what the next tier would add."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from swingby.program import Grant, days_of_change, grants
from swingby.program.model import Ladder, Program
from swingby.web.domain.guides import Coming, coming_version
from swingby.web.domain.programs import loaded, version_in_force
from swingby.web.domain.queries.review_lines import OPEN_LINES
from swingby.web.domain.results import shown_ladder
from swingby.web.models import Enrolment, ExceptionState, LineState, ReviewLine, Standing, TierException

_DECIDED = (LineState.AT_ONCE, LineState.APPROVED)


@dataclass(frozen=True, slots=True, kw_only=True)
class LaterGrant:
    """What a benefit will be from a day on, as far as the rules are known today."""

    day: date
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Granted:
    """One benefit of a partner. ``next_words`` is what the next tier gives, where that is something else."""

    grant: Grant
    next_words: str = ""
    later: tuple[LaterGrant, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Since:
    """Since when a tier is held; ``at_least`` where what was before is not known."""

    day: date
    at_least: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Benefits:
    """All that the rules grant to a partner on a day.

    ``safe_until`` is the first day on which the tier may be lost; ``exception_until`` the first on which a tier that is
    held by exception ends; ``fall_of`` the day of a review that proposes to take it and is not decided, so that nothing is safe.
    """

    tier: str
    tier_rank: int
    next_tier: str
    since: Since | None
    safe_until: date | None
    exception_until: date | None
    fall_of: date | None
    rows: tuple[Granted, ...]


def benefits_of(enrolment: Enrolment, standing: Standing | None, *, on: date) -> Benefits:
    """What the partner is granted on a day, by the version in force and the tiers of its standing.

    Raises
    ------
    RefusedError
        When no version is in force.
    """
    version = version_in_force(enrolment.program_id, on=on)
    program, result = loaded(version), standing.result if standing else {}
    tier, following = result.get("tier") or {}, result.get("next") or {}
    fall_of = _waiting_fall(enrolment)
    return Benefits(
        tier=tier.get("label", ""),
        tier_rank=int(tier.get("rank", -1)),
        next_tier=following.get("label", ""),
        since=_since(enrolment, standing) if standing and standing.tier else None,
        safe_until=None if fall_of else _day((result.get("reviews") or {}).get("demotion")),
        exception_until=_exception(enrolment, standing, shown_ladder(program), on=on),
        fall_of=fall_of,
        rows=_rows(program, known_of(enrolment, result), result, on=on, coming=coming_version(version, on=on)),
    )


def _waiting_fall(enrolment: Enrolment) -> date | None:
    """The day of the newest review that proposes a fall and waits for a decision."""
    lines = ReviewLine.objects.filter(enrolment=enrolment, state__in=OPEN_LINES, direction="down")
    return lines.order_by("-on").values_list("on", flat=True).first()


def known_of(enrolment: Enrolment, result: Mapping[str, Any]) -> dict[str, str]:
    """What benefits may go by, as far as it is known of the partner."""
    region = {"organization.region": enrolment.partner.region} if enrolment.partner.region else {}
    held = {name: tier or "" for name, tier in (result.get("held") or {}).items()}
    return {**region, **(result.get("tracks") or {}), **held}


def _rows(
    program: Program, known: Mapping[str, str], result: Mapping[str, Any], *, on: date, coming: Coming | None
) -> tuple[Granted, ...]:
    ladder, following = shown_ladder(program), result.get("next")
    above = {**known, ladder.name: following["id"]} if ladder and following else known
    now, then = grants(program, known, on=on), grants(program, above, on=on)
    later = _later(program, known, on=on, coming=coming)
    rows = (
        Granted(
            grant=grant,
            next_words=(raised.words or "nothing") if raised.words != grant.words else "",
            later=later.get(grant.benefit, ()),
        )
        for grant, raised in zip(now, then, strict=True)
    )
    return tuple(row for row in rows if row.grant.words or row.next_words or row.later)


def _later(
    program: Program, known: Mapping[str, str], *, on: date, coming: Coming | None
) -> Mapping[str, tuple[LaterGrant, ...]]:
    """By benefit what it will be, if the partner keeps its tier: on days of these rules, and of those announced."""
    ends = coming.version.effective if coming else date.max
    moments = [(day, program) for day in days_of_change(program) if on < day < ends]
    if coming:
        newer = loaded(coming.version)
        moments += [(day, newer) for day in (ends, *(day for day in days_of_change(newer) if day > ends))]
    found: dict[str, list[LaterGrant]] = {}
    last = {grant.benefit: grant.words for grant in grants(program, known, on=on)}
    for day, rules in moments:
        words = {grant.benefit: grant.words for grant in grants(rules, known, on=day)}
        for benefit in last.keys() | words.keys():
            if words.get(benefit, "") != last.get(benefit, ""):
                found.setdefault(benefit, []).append(LaterGrant(day=day, words=words.get(benefit, "") or "nothing"))
        last = words
    return {benefit: tuple(steps) for benefit, steps in found.items()}


def _since(enrolment: Enrolment, standing: Standing) -> Since:
    """By what reviews decided, else by the standings that are stored."""
    lines = ReviewLine.objects.filter(enrolment=enrolment, state__in=_DECIDED, holds_from__lte=standing.as_of)
    line = lines.order_by("-holds_from", "-on").first()
    if line is not None and line.after == standing.tier:
        return Since(day=line.holds_from, at_least=False)
    other = enrolment.standings.exclude(tier=standing.tier).order_by("-as_of", "-position").first()
    same = enrolment.standings.filter(tier=standing.tier)
    if other is not None:
        same = same.filter(as_of__gt=other.as_of)
    first = same.order_by("as_of").values_list("as_of", flat=True).first() or standing.as_of
    return Since(day=first, at_least=other is None and first > enrolment.joined_on)


def _exception(enrolment: Enrolment, standing: Standing | None, ladder: Ladder | None, *, on: date) -> date | None:
    """The end of an exception that gives the tier that is held."""
    if standing is None or ladder is None:
        return None
    granted = TierException.objects.filter(enrolment=enrolment, state=ExceptionState.GRANTED)
    rows = granted.filter(ladder=ladder.name, tier=standing.tier, first__lte=on, until__gt=on)
    return rows.order_by("-until").values_list("until", flat=True).first()


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
