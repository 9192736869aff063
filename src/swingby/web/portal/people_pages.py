"""Fill people and credentials: who is here and what they hold from records, what it counts for from the scorecard."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q

from swingby.web.clock import today
from swingby.web.design.parts import Link, Tone
from swingby.web.design.wording import number_words
from swingby.web.domain.queries.partner_facts import names_of
from swingby.web.domain.queries.people import (
    PAGE_PEOPLE,
    Held,
    Job,
    gone,
    held_by,
    lapsing,
    loose,
    people_here,
)
from swingby.web.models import Enrolment, Scorecard, ScorecardLine, Standing
from swingby.web.portal.people_parts import (
    GoneRow,
    HeldLine,
    LapseGroup,
    LapseRow,
    LooseRow,
    PeoplePage,
    PersonRow,
)
from swingby.web.portal.scorecard_pages import Doors, card_of, decimal_of, held_of, is_behind, shown

#: Within so many days, and how that looks.
WITHIN: Sequence[tuple[int, Tone]] = ((7, "bad"), (30, "warn"), (60, "plain"), (90, "plain"))
_ONE_DAY = timedelta(days=1)
MOST_LINES = 5_000
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Counting:
    """What records count for, and what counted of people who left; by record and by person the names of rules."""

    doors: Doors
    names: Mapping[str, str]
    numbers: Mapping[str, Row]
    by_record: Mapping[str, Sequence[str]] = field(default_factory=dict)
    lost_by_person: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def name(self, person: str) -> str:
        """What a person is called; only those who have access are known by name."""
        return self.names.get(person, person)

    def links(self, rules: Collection[str]) -> tuple[Link, ...]:
        """Numbers with the way to them."""
        return tuple(
            Link(label=self.numbers[rule]["label"], href=self.doors.to("scorecard_number", rule))
            for rule in rules
            if rule in self.numbers
        )


def people_page(enrolment: Enrolment, *, after: str, may_dispute: bool) -> PeoplePage:
    """Everything about the partner's people; the number of statements is the same however many they are."""
    card, standing = card_of(enrolment)
    doors = Doors(enrolment)
    here, total = people_here(enrolment, after=after.replace("\0", ""))
    page = here[:PAGE_PEOPLE]
    held = held_by((job.person for job in page), enrolment=enrolment)
    ending, all_ending = lapsing(enrolment)
    left, all_left = gone(enrolment)
    unlinked, all_unlinked = loose(enrolment)
    people = {job.person for job in (*page, *left)} | {each.person for each in (*ending, *unlinked)}
    names = names_of(people, enrolment=enrolment)
    counting = _counting(enrolment, card, names, jobs=page, held=(*held, *ending), left=left)
    address = doors.to("people")
    return PeoplePage(
        partner=enrolment.partner.name,
        vendor=enrolment.owner.name,
        is_behind=is_behind(card, standing),
        lapses=tuple(_lapses(ending, counting, card, standing)),
        more_lapses=all_ending - len(ending),
        people=tuple(_people(page, held, counting)),
        total=total,
        next_url=f"{address}?{urlencode({'after': page[-1].person})}" if len(here) > PAGE_PEOPLE else "",
        first_url=address if after else "",
        gone=tuple(_gone(job, counting) for job in left),
        more_gone=all_left - len(left),
        loose=tuple(_loose(each, counting) for each in unlinked),
        more_loose=all_unlinked - len(unlinked),
        missing_url=_missing_url(card, doors) if may_dispute else "",
    )


def _counting(
    enrolment: Enrolment,
    card: Scorecard | None,
    names: Mapping[str, str],
    *,
    jobs: Sequence[Job],
    held: Sequence[Held],
    left: Sequence[Job],
) -> Counting:
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
    numbers = {row["name"]: row for row in card.numbers} if card else {}
    return Counting(Doors(enrolment), names, numbers, by_record, lost)


def _last(ends_on: date | None) -> date | None:
    """The last day on which something holds."""
    return ends_on - _ONE_DAY if ends_on else None


def _people(jobs: Sequence[Job], held: Sequence[Held], counting: Counting) -> Iterator[PersonRow]:
    by_person: defaultdict[str, list[Held]] = defaultdict(list)
    for each in held:
        by_person[each.person].append(each)
    for job in jobs:
        yield PersonRow(
            name=counting.name(job.person),
            role=job.role.replace("_", " "),
            since=job.since,
            last_day=_last(job.ended_on),
            held=tuple(_held_line(each, counting) for each in by_person[job.person]),
            counts_for=counting.links(counting.by_record.get(job.record, ())),
        )


def _held_line(held: Held, counting: Counting) -> HeldLine:
    return HeldLine(
        label=held.label,
        url=counting.doors.to("scorecard_record", "credentials", held.record),
        since=held.since,
        last_day=_last(held.ends_on),
        counts_for=counting.links(counting.by_record.get(held.record, ())),
    )


# --- what lapses ------------------------------------------------------------------------------------------------------


def _lapses(
    ending: Sequence[Held],
    counting: Counting,
    card: Scorecard | None,
    standing: Standing | None,
) -> Iterator[LapseGroup]:
    """What ends, by how soon; each credential stands once, under the shortest span."""
    waiting = list(ending)
    for days, tone in WITHIN:
        limit = today() + timedelta(days=days)
        soon = [each for each in waiting if each.ends_on is not None and each.ends_on <= limit]
        waiting = [each for each in waiting if each not in soon]
        rows = tuple(
            _lapse(each, each.ends_on, tone, counting, rests_on(each.record, card, standing))
            for each in soon
            if each.ends_on is not None
        )
        if rows:
            yield LapseGroup(heading=f"Within {days} days", rows=rows)


def _lapse(held: Held, ends_on: date, tone: Tone, counting: Counting, rests: tuple[str, ...]) -> LapseRow:
    return LapseRow(
        name=counting.name(held.person),
        label=held.label,
        url=counting.doors.to("scorecard_record", "credentials", held.record),
        last_day=ends_on - _ONE_DAY,
        days=(ends_on - today()).days,
        tone="bad" if rests and tone == "warn" else tone,
        rests=rests,
        counts_for=counting.links(counting.by_record.get(held.record, ())),
    )


def rests_on(record: str, card: Scorecard | None, standing: Standing | None) -> tuple[str, ...]:
    """Which tier and requirement will not be met any more once a record has run out, as the engine looked ahead.

    Of tiers that are held and of the one above; where several records run out together, it rests on all of them.
    """
    if card is None or standing is None:
        return ()
    held = held_of(card, standing)
    labels = {row["name"]: row for row in card.numbers}
    found: dict[tuple[str, str, str], str] = {}
    for day in card.ahead:
        for row in day["rows"]:
            tier = _tier_that_matters(card, row, held.get(row["ladder"]))
            place = (row["ladder"], row["tier"], row["number"])
            if tier and record in row["records"] and place not in found:
                found[place] = _rests_words(tier, row, labels[row["number"]], date.fromisoformat(day["on"]))
    return tuple(found.values())


def _tier_that_matters(card: Scorecard, row: Row, held: str | None) -> str:
    """The name of a tier that is held, or of the next one; nothing for those further up."""
    tiers = next((ladder["tiers"] for ladder in card.ladders if ladder["name"] == row["ladder"]), ())
    rank = next((tier["rank"] for tier in tiers if tier["id"] == held), -1)
    return next((tier["label"] for tier in tiers if tier["id"] == row["tier"] and tier["rank"] <= rank + 1), "")


def _rests_words(tier: str, row: Row, number: Row, on: date) -> str:
    unit, factor = number["unit"], 100 if number["unit"] == "%" else 1
    value, line = (
        None if (each := decimal_of(row[name])) is None else shown(each * factor, unit) for name in ("value", "line")
    )
    words = f"{number_words(value, unit)} of {number_words(line, unit)}"
    return f"{tier} rests on it: {number['label']} would be {words} on {on:%-d %B %Y}"


# --- who left, and what belongs to nobody -----------------------------------------------------------------------------


def _gone(job: Job, counting: Counting) -> GoneRow:
    return GoneRow(
        name=counting.name(job.person),
        role=job.role.replace("_", " "),
        last_day=(job.ended_on or today()) - _ONE_DAY,
        counted_for=counting.links(counting.lost_by_person.get(job.person, ())),
    )


def _loose(held: Held, counting: Counting) -> LooseRow:
    return LooseRow(
        name=counting.name(held.person),
        label=held.label,
        url=counting.doors.to("scorecard_record", "credentials", held.record),
        since=held.since,
        last_day=_last(held.ends_on),
    )


def _missing_url(card: Scorecard | None, doors: Doors) -> str:
    """Where it is said that somebody is missing: under the first number that counts people by what they hold."""
    rules = {row["name"] for row in card.numbers} if card else set()
    lines = ScorecardLine.objects.filter(enrolment=doors.enrolment, record_kind="credentials", rule__in=rules)
    rule = lines.order_by("rule").values_list("rule", flat=True).first()
    return doors.to("dispute_line", rule) if rule else ""
