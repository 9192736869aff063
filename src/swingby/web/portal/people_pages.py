"""Fill people and credentials: who is here and what they hold from records, what it counts for from the scorecard."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from swingby.web.clock import today
from swingby.web.design.parts import Gate, Link, Tone
from swingby.web.design.wording import amount_words
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
from swingby.web.domain.queries.people_counts import Counted, Rest, counted_for, number_of_people, rests_on
from swingby.web.models import Enrolment, Scorecard, Standing
from swingby.web.portal.people_parts import (
    GoneRow,
    HeldLine,
    LapseGroup,
    LapseRow,
    LooseRow,
    PeoplePage,
    PersonRow,
)
from swingby.web.portal.scorecard_pages import Doors, card_of, is_behind
from swingby.web.visibility import Actor

#: Within so many days, and how that looks.
WITHIN: Sequence[tuple[int, Tone]] = ((7, "bad"), (30, "warn"), (60, "plain"), (90, "plain"))
_ONE_DAY = timedelta(days=1)
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
        """What a person is called; whose name the reader may not know is called by the key of the records."""
        return self.names.get(person, person)

    def links(self, rules: Collection[str]) -> tuple[Link, ...]:
        """Numbers with the way to them."""
        return tuple(
            Link(label=self.numbers[rule]["label"], href=self.doors.to("scorecard_number", rule))
            for rule in rules
            if rule in self.numbers
        )


def people_page(enrolment: Enrolment, *, actor: Actor, after: str, may_dispute: bool) -> PeoplePage:
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
    names = names_of(people, enrolment=enrolment, actor=actor)
    counted = counted_for(enrolment, jobs=page, held=(*held, *ending), left=left)
    counting = _counting(enrolment, card, names, counted)
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
        unnamed=len(people - names.keys()),
    )


def _counting(enrolment: Enrolment, card: Scorecard | None, names: Mapping[str, str], counted: Counted) -> Counting:
    numbers = {row["name"]: row for row in card.numbers} if card else {}
    return Counting(Doors(enrolment), names, numbers, counted.by_record, counted.lost_by_person)


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
            _lapse(each, each.ends_on, tone, counting, tuple(map(_rests_words, rests_on(each.record, card, standing))))
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


def _rests_words(rest: Rest) -> str:
    factor = 100 if rest.unit == "%" else 1
    value, line = (None if each is None else each * factor for each in (rest.value, rest.threshold))
    words = amount_words(Gate(label="", state="unmet", value=value, threshold=line, unit=rest.unit))
    return f"{rest.tier} rests on it: {rest.label} would be {words} on {rest.on:%-d %B %Y}"


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
    """Where it is said that somebody is missing."""
    rule = number_of_people(doors.enrolment, card)
    return doors.to("dispute_line", rule) if rule else ""
