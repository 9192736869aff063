"""What partners do: plan reviews, campaigns, training, surveys, customers, decisions about them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from swingby.generation.archetypes import Company
from swingby.generation.drawing import chance, day_between, one_of, poisson, stream
from swingby.generation.partners import Partner, yearly
from swingby.generation.people import Person
from swingby.values import Calendar, Period

Row = dict[str, object]
FISCAL = Calendar.starting(2, 1)
ADVOCACY = (
    "feedback_accepted",
    "feedback_accepted",
    "community_answer",
    "community_answer",
    "talk",
    "merchandise_photo",
)
POINTS_PER_ADVOCACY = 3.7
BY_PEOPLE = ("training_completed", "talk", "community_answer", "campaign")


def activities(company: Company, seed: str, partner: Partner, people: list[Person]) -> Iterator[Row]:
    """Every activity of one partner, in order of kind."""
    random = stream(seed, "work", partner.key)
    staff = [person for person in people if person.left_on is None]
    days = [*_rhythm(random, company, partner), *_monthly(random, company, partner), *_value(random, company, partner)]
    for nth, (kind, day) in enumerate(days):
        yield {
            "fact_id": f"act-{partner.key}-{nth}",
            "organization": partner.key,
            "kind": kind,
            "person": one_of(random, staff).key if kind in BY_PEOPLE else None,
            "rating": (5 if chance(random, 0.5) else 4 if chance(random, 0.7) else 3)
            if kind == "service_delivered"
            else None,
            "happened_on": day,
        }


def _rhythm(random: Random, company: Company, partner: Partner) -> Iterator[tuple[str, date]]:
    for quarter in _periods(company, partner, "quarter"):
        if quarter.last_day <= company.last and chance(random, _plan_chance(partner, quarter.start)):
            yield "plan_reviewed", day_between(random, quarter.start, quarter.end)
    for half in _periods(company, partner, "half"):
        for _ in range(_campaigns(random, partner, half.start)):
            yield "campaign", day_between(random, half.start, half.end)


def _plan_chance(partner: Partner, day: date) -> float:
    archetype, told = partner.archetype, partner.story.plan if partner.story else None
    if told is not None:
        return told
    quiet = archetype.quiet_from is not None and day >= archetype.quiet_from and archetype.quiet_plan is not None
    return (archetype.quiet_plan or 0.0) if quiet else archetype.plan


def _campaigns(random: Random, partner: Partner, day: date) -> int:
    archetype, told = partner.archetype, partner.story.campaigns_each_half if partner.story else None
    if told is not None:
        return told
    quiet = archetype.quiet_from is not None and day >= archetype.quiet_from
    rate = archetype.quiet_campaigns if quiet and archetype.quiet_campaigns is not None else archetype.campaigns
    return poisson(random, rate * partner.level)


def _monthly(random: Random, company: Company, partner: Partner) -> Iterator[tuple[str, date]]:
    archetype = partner.archetype
    for month in _periods(company, partner, "month"):
        if month.start >= date(2025, 2, 1) and chance(random, archetype.pipeline):
            yield "pipeline_reviewed", day_between(random, month.start, month.end)
        for _ in range(poisson(random, archetype.advocacy * partner.level / POINTS_PER_ADVOCACY / 12)):
            yield one_of(random, ADVOCACY), day_between(random, month.start, month.end)


def _value(random: Random, company: Company, partner: Partner) -> Iterator[tuple[str, date]]:
    first = max(company.first, partner.joined_on)
    years = (company.last - first).days / 365
    for kind, rate in yearly(partner).items():
        told = partner.story is not None and partner.story.activities is not None
        count = round(rate * years) if told else poisson(random, rate * years)
        for _ in range(count):
            yield kind, day_between(random, first, company.last + timedelta(days=1))


def _periods(company: Company, partner: Partner, unit: str) -> Iterator[Period]:
    first = max(company.first, partner.joined_on)
    for period in FISCAL.periods_between(first, company.last + timedelta(days=1), unit):  # type: ignore[arg-type]
        start = max(first, period.start)
        end = min(company.last + timedelta(days=1), period.end)
        if start < end:
            yield Period(start, end)


def surveys(company: Company, seed: str, partner: Partner) -> Iterator[Row]:
    """One answer a quarter, or none."""
    random = stream(seed, "surveys", partner.key)
    for nth, quarter in enumerate(_periods(company, partner, "quarter")):
        if chance(random, partner.archetype.survey):
            yield {
                "fact_id": f"sur-{partner.key}-{nth}",
                "organization": partner.key,
                "topic": "partner_pulse",
                "score": 5 + poisson(random, 3) % 6,
                "happened_on": day_between(random, quarter.start, quarter.end),
            }


def decisions(company: Company, seed: str, partner: Partner) -> Iterator[Row]:
    """Track chosen, specialisations granted, executive reviews, certified integrations."""
    random = stream(seed, "decisions", partner.key)
    yield _decision(partner, "business_model", partner.track, partner.joined_on)
    for _ in range(min(3, poisson(random, partner.archetype.specialisations * min(partner.level, 1.2)))):
        day = day_between(random, max(company.first, partner.joined_on), company.last)
        yield _decision(partner, "specialisation", "granted", day)
    if chance(random, partner.archetype.review * 0.85):
        yield _decision(partner, "executive_review", "approved", day_between(random, partner.joined_on, company.last))
    if partner.track == "build" and chance(random, 0.32):
        yield _decision(partner, "integration", "certified", day_between(random, partner.joined_on, company.last))


def _decision(partner: Partner, topic: str, outcome: str, day: date) -> Row:
    return {
        "fact_id": f"dec-{partner.key}-{topic}-{day}",
        "organization": partner.key,
        "topic": topic,
        "outcome": outcome,
        "starts_on": day,
        "ends_on": None,
    }
