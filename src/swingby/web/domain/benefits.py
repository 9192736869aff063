"""What a partner is granted: by which tier, since when and until when, and what the next tier would add."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from swingby.program import Grant, days_of_change, grants
from swingby.program.model import Ladder, Program
from swingby.web.domain.guides import Coming, coming_version
from swingby.web.domain.programs import loaded, version_in_force
from swingby.web.domain.queries.review_lines import OPEN_LINES
from swingby.web.domain.results import shown_ladder
from swingby.web.models import (
    Enrolment,
    ExceptionState,
    LineState,
    ProgramVersion,
    ReviewLine,
    Standing,
    TierException,
)

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
    ``next_by`` is the announced version under which the next tier is reached at the earliest, where that is not the one in force,
    ``next_on`` that day.
    """

    tier: str
    tier_rank: int
    next_tier: str
    since: Since | None
    safe_until: date | None
    exception_until: date | None
    fall_of: date | None
    rows: tuple[Granted, ...]
    next_by: ProgramVersion | None = None
    next_on: date | None = None


@dataclass(frozen=True, slots=True)
class _Next:
    """The next tier by the rules that are in force when it can be reached first; ``version`` where those are to come."""

    rules: Program
    ladder: Ladder
    tier: str
    label: str
    on: date
    version: ProgramVersion | None = None


def benefits_of(enrolment: Enrolment, standing: Standing | None, *, on: date) -> Benefits:
    """What the partner is granted on a day, by the version in force and the tiers of its standing.

    Raises
    ------
    RefusedError
        When no version is in force.
    """
    version = version_in_force(enrolment.program_id, on=on)
    program, result = loaded(version), standing.result if standing else {}
    tier, coming = result.get("tier") or {}, coming_version(version, on=on)
    following = _next(program, result, on=on, coming=coming)
    fall_of = _waiting_fall(enrolment)
    return Benefits(
        tier=tier.get("label", ""),
        tier_rank=int(tier.get("rank", -1)),
        next_tier=following.label if following else "",
        since=_since(enrolment, standing) if standing and standing.tier else None,
        safe_until=None if fall_of else _day((result.get("reviews") or {}).get("demotion")),
        exception_until=_exception(enrolment, standing, shown_ladder(program), on=on),
        fall_of=fall_of,
        rows=_rows(program, known_of(enrolment, result), following, on=on, coming=coming),
        next_by=following.version if following else None,
        next_on=following.on if following else None,
    )


def _next(program: Program, result: Mapping[str, Any], *, on: date, coming: Coming | None) -> _Next | None:
    """The tier above the one held on the first day on which it can be given, by what holds then."""
    ladder, following = shown_ladder(program), result.get("next")
    if ladder is None or not following:
        return None
    day = _day((result.get("reviews") or {}).get("promotion")) or on
    if coming is None or coming.version.effective > day:
        return _Next(program, ladder, following["id"], following["label"], day)
    newer = loaded(coming.version)
    ladder = newer.ladders.get(ladder.name) or shown_ladder(newer)
    return _above(newer, ladder, (result.get("tier") or {}).get("id", ""), day, coming.version) if ladder else None


def _above(rules: Program, ladder: Ladder, held: str, on: date, version: ProgramVersion) -> _Next | None:
    ids = [tier.id for tier in ladder.tiers]
    place = ids.index(_tier_in(ladder, held)) + 1 if _tier_in(ladder, held) in ids else 0
    if place == len(ids):
        return None
    tier = ladder.tiers[place]
    return _Next(rules, ladder, tier.id, tier.label or tier.id.capitalize(), on, version)


def _tier_in(ladder: Ladder, held: str) -> str:
    """What a tier is called by other rules, where they say what it was before."""
    return next((tier.id for tier in ladder.tiers if held and tier.was == held), held)


def _known_in(rules: Program, known: Mapping[str, str]) -> dict[str, str]:
    """What is known of a partner with its tiers as other rules call them."""
    return {
        name: _tier_in(rules.ladders[name], word) if name in rules.ladders else word for name, word in known.items()
    }


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
    program: Program, known: Mapping[str, str], following: _Next | None, *, on: date, coming: Coming | None
) -> tuple[Granted, ...]:
    """Every benefit of these rules, and those that only announced ones have."""
    now = {grant.benefit: grant for grant in grants(program, known, on=on)}
    kept, raised = _then(following, known) if following else (now, now)
    later, newer = _later(program, known, on=on, coming=coming), _coming_grants(known, coming)
    rows = []
    for benefit in dict.fromkeys((*now, *raised, *newer)):
        grant = now.get(benefit) or replace(raised.get(benefit) or newer[benefit], words="")
        words, other = (side[benefit].words if benefit in side else "" for side in (raised, kept))
        differs = words != other
        rows.append(
            Granted(grant=grant, next_words=(words or "nothing") if differs else "", later=later.get(benefit, ()))
        )
    return tuple(row for row in rows if row.grant.words or row.next_words or row.later)


_ByBenefit = Mapping[str, Grant]


def _then(following: _Next, known: Mapping[str, str]) -> tuple[_ByBenefit, _ByBenefit]:
    """What the tier held grants on the day on which the next one can be reached, and what that one does."""
    rules, ladder = following.rules, following.ladder.name
    same = _known_in(rules, known)
    found = (grants(rules, each, on=following.on) for each in (same, {**same, ladder: following.tier}))
    kept, raised = ({grant.benefit: grant for grant in listed} for listed in found)
    return kept, raised


def _coming_grants(known: Mapping[str, str], coming: Coming | None) -> _ByBenefit:
    if coming is None:
        return {}
    rules = loaded(coming.version)
    found = grants(rules, _known_in(rules, known), on=coming.version.effective)
    return {grant.benefit: grant for grant in found}


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
        words = {grant.benefit: grant.words for grant in grants(rules, _known_in(rules, known), on=day)}
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
