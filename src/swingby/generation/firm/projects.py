"""Who is on which project, and what open deals ask for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from swingby.generation.firm.description import LEVELS, Firm, path_code
from swingby.generation.firm.drawing import one_of, stream
from swingby.generation.firm.histories import Credential, Learning
from swingby.generation.firm.rows import Row, known
from swingby.generation.firm.staff import Person

PROJECTS = 90
SHARES = ("50%", "60%", "80%", "100%")
PLANNED_AHEAD = timedelta(days=150)
MOST_BREAK = 45
LONGEST_IDLE = 400
CLOSING = timedelta(days=160)
SECOND_WISH = 0.5


@dataclass(frozen=True, slots=True)
class Project:
    """One project at a customer, around a vendor's products."""

    key: str
    customer: str
    vendor: str


def idle_holders(firm: Firm, seed: str, learning: Learning) -> set[str]:
    """So many people with Advanced have been on no project lately; most are at the vendor where there are too many."""
    random = stream(seed, "idle")
    first: list[str] = []
    others: list[str] = []
    holders = {item.person: item for item in _advanced(firm, learning) if item.vendor != firm.idle["first"]}
    for item in _advanced(firm, learning):
        if item.person in first or item.person in others:
            continue
        is_first = item.person not in holders and item.role == "engineering"
        (first if is_first else others).append(item.person)
    random.shuffle(others)
    return set([*first, *others][: firm.idle["people"]])


def _advanced(firm: Firm, learning: Learning) -> list[Credential]:
    """Advanced credentials that are held today by people who are here today."""
    here = {person.key for person in learning.staff if person.left_on is None or person.left_on > firm.today}
    return [
        item
        for item in learning.credentials
        if item.level == LEVELS[-1] and item.person in here and item.ends_on > firm.today
    ]


def draw_projects(firm: Firm, seed: str) -> list[Project]:
    """Projects, as often with a vendor as people hold its credentials."""
    random = stream(seed, "projects")
    weights = [sum(sum(counts) for counts in vendor.held.values()) for vendor in firm.vendors.values()]
    vendors = random.choices(list(firm.vendors), weights, k=PROJECTS)
    return [Project(f"pr-{nth:03}", f"cu-{nth % 61:03}", vendor) for nth, vendor in enumerate(vendors, start=1)]


def assignments(firm: Firm, seed: str, learning: Learning) -> Iterator[Row]:
    """One project after another for everybody but sales; for idle people none since the day that the firm says."""
    idle = idle_holders(firm, seed, learning)
    projects = draw_projects(firm, seed)
    for person in learning.staff:
        if person.role != "sales":
            random = stream(seed, "assignments", person.key)
            last = firm.idle["since"] - timedelta(days=random.randrange(LONGEST_IDLE))
            until = last if person.key in idle else firm.today + PLANNED_AHEAD
            yield from _one_after_another(firm, random, person, projects, min(until, person.left_on or until))


def _one_after_another(
    firm: Firm, random: Random, person: Person, projects: list[Project], until: date
) -> Iterator[Row]:
    day, nth = max(firm.first - timedelta(days=120), person.joined_on) + timedelta(days=random.randrange(20)), 0
    while day < min(until, firm.today):
        end = min(day + timedelta(days=random.randrange(60, 240)), until)
        yield _assignment(
            person, one_of(random, projects), nth, starts_on=day, ends_on=end, share=one_of(random, SHARES)
        )
        day, nth = end + timedelta(days=random.randrange(MOST_BREAK)), nth + 1


def _assignment(person: Person, project: Project, nth: int, *, starts_on: date, ends_on: date, share: str) -> Row:
    row: Row = {
        "fact_id": f"as-{person.key}-{nth}",
        "person": person.key,
        "project": project.key,
        "customer": project.customer,
        "vendor": project.vendor,
        "share": share,
        "starts_on": starts_on,
        "ends_on": ends_on,
    }
    return known(row, starts_on, "staffing")


# --- deals ----------------------------------------------------------------------------------------------------------


def deals(firm: Firm, seed: str) -> Iterator[tuple[str, Row]]:
    """Deals, closed and open, and the learning paths that they ask for, as (table, row)."""
    random = stream(seed, "deals")
    wanted = [path_code(*path) for path in firm.deals["wanted"]]
    for nth in range(1, firm.deals["closed"] + firm.deals["open"] + 1):
        is_open = nth > firm.deals["closed"]
        vendor = _vendor(firm, random)
        first = firm.today - timedelta(days=random.randrange(5, 120) if is_open else random.randrange(170, 700))
        ends_on = None if is_open else first + timedelta(days=random.randrange(40, CLOSING.days))
        key, amount = f"de-{nth:03}", 1000 * random.randrange(20, 400)
        yield from _stages(firm, random, key, vendor=vendor, amount=amount, first=first, ends_on=ends_on)
        codes = [wanted[(nth - firm.deals["closed"] - 1) % len(wanted)]] if is_open and nth % 2 else []
        codes += [_code(firm, random, vendor) for _ in range(1 + (random.random() < SECOND_WISH))]
        for code in dict.fromkeys(codes):
            yield "deal_demands", _demand(random, key, code, first, ends_on)


def _vendor(firm: Firm, random: Random) -> str:
    return random.choice([vendor.key for vendor in firm.vendors.values() if vendor.outlook == "actual"])


def _code(firm: Firm, random: Random, vendor: str) -> str:
    """A path of the vendor that somebody has gone."""
    paths = [
        (role, level)
        for role, counts in firm.vendors[vendor].held.items()
        for level, count in zip(LEVELS, counts, strict=True)
        if count
    ]
    return path_code(vendor, *random.choice(paths))


def _stages(
    firm: Firm, random: Random, key: str, *, vendor: str, amount: int, first: date, ends_on: date | None
) -> Iterator[tuple[str, Row]]:
    reached = [("qualified", first)]
    proposed = first + timedelta(days=random.randrange(10, 39))
    reached += [("proposed", proposed)] if proposed <= firm.today else []
    reached += [(random.choice(("won", "won", "lost")), ends_on)] if ends_on else []
    customer = f"cu-{random.randrange(61):03}"
    for stage, day in reached:
        row: Row = {
            "fact_id": f"{key}-{stage}",
            "deal": key,
            "customer": customer,
            "stage": stage,
            "amount": amount,
            "currency": "USD",
            "vendor": vendor,
            "happened_on": day,
        }
        yield "deals", known(row, day, "crm")
    yield (
        "deal_parties",
        known(
            {"fact_id": f"{key}-party", "organization": firm.key, "deal": key, "role": "seller", "starts_on": first},
            first,
            "crm",
        ),
    )


def _demand(random: Random, deal: str, code: str, starts_on: date, ends_on: date | None) -> Row:
    row: Row = {
        "fact_id": f"wish-{deal}-{code}",
        "deal": deal,
        "code": code,
        "people": random.randrange(1, 4),
        "starts_on": starts_on,
        "ends_on": ends_on,
    }
    return known(row, starts_on, "crm")


def customers(firm: Firm, tables: dict[str, list[Row]]) -> Iterator[Row]:
    """Every customer whom a project or a deal names."""
    named = {str(row["customer"]) for name in ("assignments", "deals") for row in tables.get(name, ())}
    return ({"customer": customer, "country": firm.organization["country"]} for customer in sorted(named))
