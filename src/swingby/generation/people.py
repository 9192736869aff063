"""Technical staff: who works where from when to when, and which certificates they hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from swingby.generation.archetypes import Company
from swingby.generation.drawing import chance, day_between, poisson, stream
from swingby.generation.partners import Partner

Row = dict[str, object]
VALID = {"fundamentals": 730, "intermediate": 730, "advanced": 548}
LEVELS = tuple(VALID)
PRODUCTS = ("keep", "beacon", "chart", "slipway")
ENGINEERING_SHARE = 0.85


@dataclass(frozen=True, slots=True)
class Person:
    """One person at one partner; ``left_on`` is the first day no longer there."""

    key: str
    partner: str
    role: str
    since: date
    left_on: date | None


def draw_people(company: Company, seed: str, partner: Partner) -> list[Person]:
    """Technical staff at the end of the company's days, those who left before, and sales staff."""
    random = stream(seed, "people", partner.key)
    staff = [_person(partner, f"t{nth}", "engineering", partner.joined_on, None) for nth in range(partner.staff)]
    leavers = poisson(random, partner.archetype.leavers * partner.staff * _years(company, partner))
    gone = [
        _person(partner, f"x{nth}", "engineering", partner.joined_on, _leaving_day(random, company, partner))
        for nth in range(leavers if partner.story is None else 0)
    ]
    sellers = [_person(partner, f"s{nth}", "sales", partner.joined_on, None) for nth in range(1 + partner.staff // 3)]
    return [*staff, *gone, *sellers, *_told_leavers(partner)]


def _years(company: Company, partner: Partner) -> float:
    return max(0, (company.last - max(company.first, partner.joined_on)).days) / 365


def _leaving_day(random: Random, company: Company, partner: Partner) -> date:
    return day_between(random, max(company.first, partner.joined_on) + timedelta(days=30), company.last)


def _told_leavers(partner: Partner) -> list[Person]:
    leave = partner.story.leave if partner.story else None
    if not leave:
        return []
    return [
        _person(partner, f"l{nth}", "engineering", partner.joined_on, leave["left_on"])
        for nth in range(leave["engineers"])
    ]


def _person(partner: Partner, nth: str, role: str, since: date, left_on: date | None) -> Person:
    return Person(f"{partner.key}.{nth}", partner.key, role, since, left_on)


def employments(people: list[Person]) -> Iterator[Row]:
    """One interval for each person at each partner."""
    for person in people:
        yield {
            "fact_id": f"emp-{person.key}",
            "organization": person.partner,
            "person": person.key,
            "kind": "employee",
            "role": person.role,
            "starts_on": person.since,
            "ends_on": person.left_on,
        }


def credentials(company: Company, seed: str, partner: Partner, people: list[Person]) -> Iterator[Row]:
    """Certificates: those held at the end, and earlier ones of the people who left."""
    random = stream(seed, "credentials", partner.key)
    staff = [person for person in people if person.role == "engineering" and person.left_on is None]
    for level in LEVELS:
        for nth in range(_held(random, partner, level)):
            person = staff[nth % len(staff)]
            role = _role(random, partner, level)
            start = _certified_on(random, company, partner, person, level=level)
            yield _credential(person, start, level=level, role=role, nth=nth)
    for person in people:
        if person.role == "engineering" and person.left_on is not None:
            level = "advanced" if _is_told(person) else "intermediate"
            start = _certified_on(random, company, partner, person, level=level)
            yield _credential(person, start, level=level, role="engineering", nth=0)


def _is_told(person: Person) -> bool:
    return person.key.rsplit(".", 1)[1].startswith("l")


def _held(random: Random, partner: Partner, level: str) -> int:
    """How many hold a level: as the story says, else by the archetype, no more than there are people."""
    drawn = poisson(random, partner.archetype.held[level] * partner.level)
    told = partner.story.engineers if partner.story and level == "advanced" else None
    return min(partner.staff * 3, drawn) if told is None else min(partner.staff, told - _leaving(partner))


def _leaving(partner: Partner) -> int:
    leave = partner.story.leave if partner.story else None
    return int(leave["engineers"]) if leave else 0


def _role(random: Random, partner: Partner, level: str) -> str:
    if partner.story and level == "advanced":
        return "engineering"
    return "engineering" if chance(random, ENGINEERING_SHARE) else "support"


def _credential(person: Person, start: date, *, level: str, role: str, nth: int) -> Row:
    return {
        "fact_id": f"cred-{person.key}-{level}-{nth}",
        "person": person.key,
        "code": f"{PRODUCTS[nth % 4]}_{role}_{level}",
        "family": "certification",
        "role": role,
        "level": level,
        "product": PRODUCTS[nth % 4],
        "starts_on": start,
        "ends_on": start + timedelta(days=VALID[level]),
    }


def _certified_on(random: Random, company: Company, partner: Partner, person: Person, *, level: str) -> date:
    """A day that leaves the certificate valid at the end; a story's engineers passed before its rules began."""
    if partner.story is not None and level == "advanced":
        return company.last - timedelta(days=random.randrange(425, 541))
    last = person.left_on or company.last
    first = max(person.since, last - timedelta(days=VALID[level] - 120))
    return day_between(random, first, max(last, first + timedelta(days=1)))
