"""What the records of people count for, and what rests on those that end, as the engine worked it out last."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q

from swingby.web.domain.queries.people import Held, Job
from swingby.web.models import Enrolment, Scorecard, ScorecardLine, Standing

MOST_LINES = 5_000
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Counted:
    """By record what it counts for, and by person who left what they counted for: the names of rules."""

    by_record: Mapping[str, Sequence[str]] = field(default_factory=dict)
    lost_by_person: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """A requirement of a tier that is not met any more from a day on: what its number is then, and its threshold."""

    tier: str
    label: str
    unit: str
    value: Decimal | None
    threshold: Decimal | None
    on: date


def counted_for(
    enrolment: Enrolment, *, jobs: Sequence[Job] = (), held: Sequence[Held] = (), left: Sequence[Job] = ()
) -> Counted:
    """What the engine counted of these records, and what it counted once of people who left."""
    records = Q(record_kind="credentials", record__in={each.record for each in held})
    records |= Q(record_kind="employments", record__in={job.record for job in jobs})
    people = Q(thing__in={job.person for job in left}, counts=False)
    rows = ScorecardLine.objects.filter(records & Q(counts=True) | people, enrolment=enrolment).order_by("rule", "id")
    by_record: defaultdict[str, list[str]] = defaultdict(list)
    lost: defaultdict[str, list[str]] = defaultdict(list)
    for rule, record, thing, counts in rows.values_list("rule", "record", "thing", "counts")[:MOST_LINES]:
        listed = by_record[record] if counts else lost[thing]
        if rule not in listed:
            listed.append(rule)
    return Counted(by_record, lost)


def rules_by_record(
    enrolment: Enrolment, *, kinds: Iterable[str], records: Iterable[str]
) -> Mapping[str, tuple[str, ...]]:
    """For which rules records count now, as the kept scorecard says."""
    lines = ScorecardLine.objects.filter(
        enrolment=enrolment, counts=True, record_kind__in=kinds, record__in=set(records)
    )
    found: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for record, rule in lines.order_by("rule", "id").values_list("record", "rule")[:MOST_LINES]:
        found[record][rule] = None
    return {record: tuple(rules) for record, rules in found.items()}


def rests_on(record: str, card: Scorecard | None, standing: Standing | None) -> tuple[Rest, ...]:
    """Which tier and requirement will not be met any more once a record has run out, as the engine looked ahead.

    Of tiers that are held and of the one above; where several records run out together, it rests on all of them.
    """
    if card is None or standing is None:
        return ()
    held = held_of(card, standing)
    numbers = {row["name"]: row for row in card.numbers}
    found: dict[tuple[str, str, str], Rest] = {}
    for day in card.ahead:
        for row in day["rows"]:
            tier = _tier_that_matters(card, row, held.get(row["ladder"]))
            place = (row["ladder"], row["tier"], row["number"])
            if tier and record in row["records"] and place not in found:
                found[place] = _rest(tier, row, numbers[row["number"]], date.fromisoformat(day["on"]))
    return tuple(found.values())


def held_of(card: Scorecard, standing: Standing | None) -> Mapping[str, str | None]:
    """By ladder the tier that is held; the first ladder's is the one that the standing names."""
    if standing is None:
        return {}
    shown_first = {ladder["name"]: standing.tier for ladder in card.ladders[:1]}
    return {**shown_first, **(standing.result.get("held") or {})}


def number_of_people(enrolment: Enrolment, card: Scorecard | None) -> str:
    """The first number that counts people by what they hold, under which it is said that somebody is missing."""
    rules = {row["name"] for row in card.numbers} if card else set()
    lines = ScorecardLine.objects.filter(enrolment=enrolment, record_kind="credentials", rule__in=rules)
    return lines.order_by("rule").values_list("rule", flat=True).first() or ""


def _tier_that_matters(card: Scorecard, row: Row, held: str | None) -> str:
    """The name of a tier that is held, or of the next one; nothing for those further up."""
    tiers = next((ladder["tiers"] for ladder in card.ladders if ladder["name"] == row["ladder"]), ())
    rank = next((tier["rank"] for tier in tiers if tier["id"] == held), -1)
    most, least = rank + 1, rank + 1 if row.get("kept_otherwise") else 0  # Who holds it keeps it by something else.
    return next((tier["label"] for tier in tiers if tier["id"] == row["tier"] and least <= tier["rank"] <= most), "")


def _rest(tier: str, row: Row, number: Row, on: date) -> Rest:
    value, line = (None if (text := row[name]) is None else Decimal(text) for name in ("value", "line"))
    return Rest(tier=tier, label=number["label"], unit=number["unit"], value=value, threshold=line, on=on)
