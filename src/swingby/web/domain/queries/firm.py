"""The programs of a firm: what each of them says of it, a fixed number of statements for all together.

Each row is read from one vendor's data alone. The firm is the only place where they stand side by side.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import models

from swingby.enablement import falls
from swingby.web.domain.learning.catalogues import catalogue_of
from swingby.web.domain.learning.others import lacking, shaky
from swingby.web.domain.learning.records import holders_records, requirement_of
from swingby.web.domain.queries.review_lines import OPEN_LINES
from swingby.web.domain.stakes import newest_stakes
from swingby.web.models import (
    CertificationNeed,
    Enrolment,
    ProgramVersion,
    Prospect,
    ReviewLine,
    RhythmPeriod,
    RhythmState,
    Side,
    Stake,
    Standing,
)
from swingby.web.tenancy import current_scope

#: So far ahead it is said that a tier lacks certified people.
LAPSE_AHEAD = timedelta(days=180)


@dataclass(frozen=True, slots=True, order=True)
class ComingDay:
    """A day that matters, and what happens on it."""

    day: date
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TierRisk:
    """That the tier held may be lost: until when that can be mended, or on which day it is decided; None is not known.

    ``then`` is the tier that would be held instead, ``holds_from`` the day from which on; ``is_taken`` where it is decided.
    """

    day: date | None = None
    then: str = ""
    holds_from: date | None = None
    is_taken: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FirmProgram:
    """One program of the firm; the stake is what the firm itself said last, ``risk`` stands where the tier is at risk."""

    enrolment: Enrolment
    result: Mapping[str, Any]
    coming: ComingDay | None
    prospect: Prospect | None = None
    risk: TierRisk | None = None
    stake: Stake | None = None


def firm_enrolments(*, on: date) -> models.QuerySet[Enrolment]:
    """The programs in which one's own organizations are on a day."""
    own = Enrolment.objects.filter(partner_id__in=current_scope().partner_orgs)
    return own.exclude(ended_on__lte=on).order_by("joined_on", "id")


def firm_programs(*, on: date) -> tuple[FirmProgram, ...]:
    """All programs of the firm, the one whose day comes next first."""
    rows = list(firm_enrolments(on=on).select_related("owner", "partner", "program", "success_manager"))
    keys = [row.pk for row in rows]
    results = _results(keys)
    days: dict[str, list[ComingDay]] = {key: list(_of_result(results.get(key, {}), on=on)) for key in keys}
    prospects, stakes, lines = Prospect.objects.in_bulk(keys), newest_stakes(keys), _open_lines(keys)
    for key, day in (
        *_of_lines(lines),
        *_of_promises(keys),
        *_of_versions(rows, on=on),
        *tiers_that_lapse(rows, on=on),
    ):
        days[key].append(day)
    proposed = {(line.enrolment_id, line.before): line for line in lines if line.direction == "down"}
    found = (
        FirmProgram(
            enrolment=row,
            result=results.get(row.pk, {}),
            coming=min(days[row.pk], default=None),
            prospect=prospects.get(row.pk),
            risk=tier_risk(row.pk, results.get(row.pk, {}), prospects.get(row.pk), proposed),
            stake=stakes.get(row.pk),
        )
        for row in rows
    )
    return tuple(sorted(found, key=_order))


def _order(row: FirmProgram) -> tuple[date, str, str]:
    return (row.coming.day if row.coming else date.max, row.enrolment.owner.name, row.enrolment.pk)


def _results(keys: Iterable[str]) -> dict[str, Mapping[str, Any]]:
    latest = Standing.objects.filter(enrolment__in=list(keys)).order_by("enrolment", "-as_of", "-position", "-id")
    return dict(latest.distinct("enrolment").values_list("enrolment_id", "result"))


def _of_result(result: Mapping[str, Any], *, on: date) -> Iterator[ComingDay]:
    lacks = any(gate["state"] != "met" for gate in result.get("keeps", ()))
    kept = (
        "The tier is looked at" if result.get("kept_otherwise") else "The tier is looked at; nothing is missing today"
    )
    falls_or_not = "The tier may be lost" if lacks else kept
    words = {"promotion": "The tier may rise", "demotion": falls_or_not}
    for name, day in (result.get("reviews") or {}).items():
        if day and name in words and date.fromisoformat(day) > on:
            yield ComingDay(date.fromisoformat(day), words[name])


def _open_lines(keys: Iterable[str]) -> list[ReviewLine]:
    """What reviews propose and nobody has decided, the newest last."""
    return list(ReviewLine.objects.filter(enrolment__in=list(keys), state__in=OPEN_LINES).order_by("on", "pk"))


def _of_lines(lines: Iterable[ReviewLine]) -> Iterator[tuple[str, ComingDay]]:
    for line in lines:
        if line.mend_until is not None:
            yield line.enrolment_id, ComingDay(line.mend_until, "Last day to mend what is missing")


def tier_risk(
    key: str, result: Mapping[str, Any], prospect: Prospect | None, proposed: Mapping[tuple[str, str], ReviewLine]
) -> TierRisk | None:
    """Whether the tier held may be lost, by what is known most surely: a proposed fall, what is missed, what will be."""
    if not result.get("tier"):
        return None
    if fall := proposed.get((key, result["tier"]["id"])):
        return TierRisk(day=fall.mend_until, then=fall.after_label, holds_from=fall.holds_from)
    mending: Mapping[str, Any] = (prospect.path.get("mending") if prospect else None) or {}
    if mending and mending["tier"] == result["tier"]["id"]:
        return _mended(mending)
    review = (result.get("reviews") or {}).get("demotion")
    if any(gate["state"] == "unmet" for gate in result.get("keeps", ())):
        return TierRisk(day=_day(review))
    is_lapsing = prospect is not None and prospect.closing and prospect.loses_on
    return TierRisk(day=prospect.loses_on) if prospect and is_lapsing else None


def _mended(mending: Mapping[str, Any]) -> TierRisk:
    """What was worked out of a keep that is missed: until when it can be mended, else that a review took the tier."""
    until, lost = _day(mending["mend_until"]), _day(mending["lost_on"])
    taken = until is None and lost is not None
    return TierRisk(day=until, then=mending["then"], holds_from=_day(mending["holds_from"]), is_taken=taken)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _of_promises(keys: Iterable[str]) -> Iterator[tuple[str, ComingDay]]:
    """What the firm promised and has not done; its day may be over."""
    rows = RhythmPeriod.objects.filter(enrolment__in=list(keys), side=Side.PARTNER, state=RhythmState.OPEN)
    for key, label, last in rows.values_list("enrolment_id", "label", "last_day"):
        yield key, ComingDay(last, f"{label} is due")


def _of_versions(rows: Iterable[Enrolment], *, on: date) -> Iterator[tuple[str, ComingDay]]:
    programs: dict[str, list[str]] = {}
    for row in rows:
        programs.setdefault(row.program_id, []).append(row.pk)
    versions = ProgramVersion.objects.filter(program__in=list(programs), effective__gt=on)
    for program, version, day in versions.values_list("program_id", "version", "effective"):
        for key in programs[program]:
            yield key, ComingDay(day, f"Version {version} of the rules holds")


def tiers_that_lapse(rows: Iterable[Enrolment], *, on: date) -> Iterator[tuple[str, ComingDay]]:
    """Where credentials that lapse, or people who leave, carry a tier: from the firm's own records, where it keeps some."""
    own = {(row.partner_id, row.owner_id): row.pk for row in rows}
    asking = CertificationNeed.objects.filter(organization__in={firm for firm, _ in own}, kind="keep")
    needs: dict[str, list[CertificationNeed]] = {}
    for need in asking.filter(starts_on__lte=on).exclude(ends_on__lte=on):
        needs.setdefault(need.organization_id, []).append(need)
    for firm, rows_of_firm in needs.items():
        stored = catalogue_of(firm)
        if stored is None:
            continue
        asked = shaky(firm, [requirement_of(need) for need in rows_of_firm])
        short = lacking(firm, asked)
        asked = [one for one in asked if one not in short]
        records = holders_records(firm, stored.catalogue, on, sorted({code for one in asked for code in one.codes}))
        vendors = {need.source: need.vendor for need in rows_of_firm}
        for fall in falls(asked, records.lives, records.belonging(), on, on + LAPSE_AHEAD):
            if key := own.get((firm, vendors[fall.requirement.source])):
                people = fall.requirement.people
                words = f"{fall.requirement.source} needs {people} certified people, and will have {fall.held}"
                yield key, ComingDay(fall.day, words)
