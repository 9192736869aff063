"""Drawing facts: organizations, people, links, and facts on awkward days."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, TypeVar

from hypothesis import strategies as st

from .literals import add_months
from .tree import Node

T = TypeVar("T")

AS_OF_DAYS = [
    date(2025, 6, 30),
    date(2025, 1, 31),
    date(2025, 2, 1),
    date(2025, 2, 28),
    date(2025, 3, 1),
    date(2024, 12, 31),
    date(2025, 7, 31),
    date(2025, 8, 1),
    date(2025, 10, 31),
    date(2024, 2, 29),
    date(2025, 5, 15),
]
QUANTITIES = [
    Decimal(text) for text in "1 2 3 5 10 0 100 7 0.29 33.33 33.34 29 -2 -10 1000 0.01 12.5 -0.01 66.67".split()
]
RATINGS = [Decimal(text) for text in "5 4 3 1 4.5 0".split()]
ONE_DAY = timedelta(days=1)


class Dice:
    """Picks made from a few bytes: a fact shrinks towards the first choice of everything."""

    def __init__(self, data: bytes) -> None:
        self.rest = int.from_bytes(data, "big")

    def pick(self, options: Sequence[T]) -> T:
        self.rest, place = divmod(self.rest, len(options))
        return options[place]

    def one_in(self, chances: int) -> bool:
        """True once in so many throws; false when shrunk."""
        return self.pick(range(chances)) == chances - 1


@dataclass
class Sketch:
    """A world while it is being drawn: what may be used, what was, and the parts so far."""

    draw: Callable[[st.SearchStrategy[Any]], Any]
    allowed: frozenset[str]
    as_of: date
    used: set[str] = field(default_factory=set)
    program: Node = field(default_factory=dict)
    facts: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    joined: list[date] = field(default_factory=list)
    serial: int = 0
    #: Measures that ask about everybody's facts, and are read inside `each` of a thing only.
    of_everybody: set[str] = field(default_factory=set)

    def may(self, construct: str, chances: int = 2) -> bool:
        """Whether to use a construct here: allowed, and drawn once in so many times."""
        if construct not in self.allowed or self.draw(st.integers(1, chances)) != chances:
            return False
        self.used.add(construct)
        return True

    def one_of(self, options: Sequence[T]) -> T:
        """One of the options; shrinks towards the first."""
        found: T = self.draw(st.sampled_from(options))
        return found

    def choose(self, options: dict[str, T], default: T) -> T:
        """One of the named options that are allowed, or the default when none is."""
        names = [name for name in options if name in self.allowed]
        if not names:
            return default
        name = self.one_of(names)
        self.used.add(name)
        return options[name]

    def declare(self, section: str, spec: Any) -> str:
        """Declare something in a section under a new name."""
        self.serial += 1
        name = f"{section[0]}{self.serial}"
        self.program.setdefault(section, {})[name] = spec
        return name

    @property
    def enrolled(self) -> list[str]:
        return [f"o{place + 1}" for place in range(len(self.joined))]

    @property
    def organizations(self) -> list[str]:
        """Organizations that facts may belong to; a branch of the first when rolling up is drawn."""
        return [*self.enrolled, "o1b"] if "branch" in self.used else self.enrolled

    def awkward_days(self) -> list[date]:
        """Days near boundaries: of the as-of day, months, fiscal quarters, joining, leap day."""
        days = [self.as_of, self.as_of - ONE_DAY, self.as_of + ONE_DAY, date(2024, 2, 29), date(2024, 3, 1)]
        for months in (1, 3, 6, 12, 13):
            back = add_months(self.as_of, -months)
            days += [back, back + ONE_DAY, back - ONE_DAY]
        for months in range(26):
            first = add_months(self.as_of.replace(day=1), -months)
            days += [first, first - ONE_DAY]
        return days + [joined + step for joined in self.joined for step in (ONE_DAY, -ONE_DAY, timedelta())]

    def some_day(self, dice: Dice) -> date:
        """Most often a day of the last year, otherwise an awkward one or any of two years."""
        kind = dice.pick(range(4))
        if kind == 0:
            return self.as_of - timedelta(days=dice.pick(range(360)))
        if kind == 3:
            return self.as_of + timedelta(days=30 - dice.pick(range(800)))
        return dice.pick(self.awkward_days())


WORDS: dict[str, dict[str, list[str | None]]] = {
    "activities": {"kind": ["training", "campaign", "plan"], "status": ["accepted", "returned", None]},
    "transactions": {"kind": ["new", "upsell", "churn"], "product": ["red", "blue", "green", None]},
    "deals": {"stage": ["won", "lost", "launched"]},
    "credentials": {"code": ["a1", "a2", "b1"], "level": ["advanced", "basic", None], "role": ["sales", "technical"]},
    "subscriptions": {"product": ["red", "blue", "green"], "plan": ["pro", "free", None]},
    "usage": {"product": ["red", "blue"], "metric": ["seats", "active"]},
    "surveys": {"topic": ["support", "sales"]},
}
NUMBERS: dict[str, list[str]] = {
    "activities": ["quantity", "rating"],
    "transactions": ["amount", "quantity", "margin"],
    "deals": ["amount"],
    "credentials": [],
    "subscriptions": ["quantity", "amount"],
    "usage": ["quantity", "amount"],
    "surveys": ["score"],
}
THINGS = {
    "activities": ["person", "kind"],
    "transactions": ["customer", "product"],
    "deals": ["deal", "customer"],
    "credentials": ["person", "code"],
    "subscriptions": ["customer", "product"],
    "usage": ["customer", "product"],
    "surveys": ["topic"],
}
STATES = {"credentials", "subscriptions"}
OWNERS = {"credentials": "person", "deals": "deal", "usage": "customer"}
IDS = {
    "person": ["p1", "p2", "p3", "p4"],
    "customer": ["c1", "c2", "c3", "c4"],
    "deal": ["d1", "d2", "d3", "d4", "d5"],
}


def draw_partners(sketch: Sketch) -> None:
    """One to three enrolments that joined on awkward days, and their organizations."""
    start = sketch.as_of
    options = [add_months(start, -26), add_months(start, -12), add_months(start, -3), start - ONE_DAY, start]
    count = sketch.draw(st.integers(1, 3))
    sketch.joined = [sketch.one_of(options) for _ in range(count)]
    sketch.may("branch", 3)
    organizations: list[dict[str, Any]] = [
        {"organization": name, "parent": None, "name": name.upper(), "country": country, "region": region}
        for name, country, region in [("o1", "NO", "emea"), ("o2", "US", "americas"), ("o3", "IN", "apac")][:count]
    ]
    if "branch" in sketch.used:
        branch = {"organization": "o1b", "parent": "o1", "name": "O1B", "country": "US", "region": "americas"}
        organizations.append(branch)
    sketch.facts["organizations"] = organizations
    sketch.facts["enrolments"] = [
        {"enrolment": f"e{place + 1}", "organization": f"o{place + 1}", "joined_on": joined, "ended_on": None}
        for place, joined in enumerate(sketch.joined)
    ]


def draw_rows(sketch: Sketch, kind: str, most: int = 25) -> None:
    """Up to so many facts of a kind, each from a few bytes."""
    if kind in sketch.facts:
        return
    few = st.lists(st.binary(min_size=16, max_size=16), min_size=0, max_size=most // 4)
    many = st.lists(st.binary(min_size=16, max_size=16), min_size=most // 3, max_size=most)
    rows: list[dict[str, Any]] = []
    for place, data in enumerate(sketch.draw(st.one_of(few, many))):
        rows += _versions(sketch, kind, f"{kind[:3]}{place:03}", Dice(data))
    sketch.facts[kind] = rows


def _versions(sketch: Sketch, kind: str, fact_id: str, dice: Dice) -> list[dict[str, Any]]:
    """A fact, perhaps recorded late, corrected or taken back."""
    row = {"fact_id": fact_id, **_days(sketch, kind, dice), **_columns(sketch, kind, dice)}
    begun = row.get("happened_on") or row["starts_on"]
    late = "late" in sketch.used and dice.one_in(5)
    if late:
        row["recorded_at"] = _noon(begun + timedelta(days=dice.pick([20, 40, 90])))
    if "reversal" not in sketch.used or not dice.one_in(6):
        return [row]
    recorded = (row["recorded_at"].date() if late else begun) + timedelta(days=dice.pick([1, 30, 100]))
    taken_back = {"fact_id": f"{fact_id}-r", "reverses": fact_id, "recorded_at": _noon(recorded)}
    if dice.one_in(2):
        return [row, {**row, **taken_back, **_columns(sketch, kind, dice)}]
    return [row, taken_back]


def _noon(on: date) -> datetime:
    return datetime.combine(on, time(12))


def _days(sketch: Sketch, kind: str, dice: Dice) -> dict[str, Any]:
    begun = sketch.some_day(dice)
    if kind in STATES:
        lasts = dice.pick([None, None, None, 365, 90, 30, 1, 500])
        ends = begun + timedelta(days=lasts) if lasts else None
        return {"starts_on": begun, "ends_on": ends}
    cancelled = "cancelled" in sketch.used and dice.one_in(6)
    days = {"happened_on": begun}
    return {**days, "cancelled_on": begun + timedelta(days=dice.pick([1, 0, 30, 90]))} if cancelled else days


def _columns(sketch: Sketch, kind: str, dice: Dice) -> dict[str, Any]:
    owner = OWNERS.get(kind, "organization")
    options = {**IDS, "organization": sketch.organizations}
    columns: dict[str, Any] = {owner: dice.pick(options[owner])}
    for name, words in WORDS[kind].items():
        columns[name] = dice.pick(words)
    for name in THINGS[kind]:
        if name in IDS and name not in columns:
            columns[name] = dice.pick([*IDS[name], None])
    for name in NUMBERS[kind]:
        columns[name] = dice.pick(RATINGS if name in ("rating", "score") else QUANTITIES)
    return columns


def draw_links(sketch: Sketch, kinds: set[str], *, through: bool = False) -> None:
    """Employments, associations and deal parties for the owners of the kinds used."""
    links = {"person": "employments", "customer": "associations", "deal": "deal_parties"}
    owners = {OWNERS[kind] for kind in kinds if kind in OWNERS} | ({"customer"} if through else set())
    for owner in sorted(owners):
        rows = [row for name in IDS[owner] for row in _links_of(sketch, links[owner], owner, name)]
        sketch.facts[links[owner]] = rows


def _links_of(sketch: Sketch, kind: str, owner: str, name: str) -> list[dict[str, Any]]:
    """Where one person, customer or deal belongs: somewhere, perhaps until it leaves, perhaps to two."""
    dice = Dice(sketch.draw(st.binary(min_size=8, max_size=8)))
    count = 2 if "several_links" in sketch.used and dice.one_in(3) else 1
    rows = []
    for place in range(count):
        starts = sketch.as_of - timedelta(days=dice.pick([1200, 700, 300, 100]))
        leaves = "leaver" in sketch.used and dice.one_in(3)
        ends = sketch.as_of - timedelta(days=dice.pick([0, 1, 30, 89, 90, 91, -1])) if leaves else None
        word = {"deal_parties": "role"}.get(kind, "kind")
        words = {"employments": ["employee", "contractor"], "associations": ["claimed", "digital"]}
        rows.append(
            {
                "fact_id": f"{kind[:3]}-{name}-{place}",
                "starts_on": starts,
                "ends_on": ends if ends is None or ends > starts else None,
                "organization": dice.pick(sketch.organizations),
                owner: name,
                word: dice.pick(words.get(kind, ["source", "seller"])),
            }
        )
    return rows


def draw_decisions(sketch: Sketch, topic: str, outcomes: list[str]) -> None:
    """Decisions on a topic, some with an end."""
    rows = sketch.facts.setdefault("decisions", [])
    for data in sketch.draw(st.lists(st.binary(min_size=8, max_size=8), max_size=4)):
        dice = Dice(data)
        starts = sketch.some_day(dice)
        rows.append(
            {
                "fact_id": f"dec{len(rows):03}",
                "starts_on": starts,
                "ends_on": starts + timedelta(days=dice.pick([365, 100, 30])) if dice.one_in(2) else None,
                "organization": dice.pick(sketch.enrolled),
                "topic": topic,
                "outcome": dice.pick(outcomes),
            }
        )


def draw_coverage(sketch: Sketch, kinds: set[str]) -> None:
    """For some kinds a source that is not complete for all days."""
    rows = []
    for kind in sorted(kinds):
        choice = sketch.one_of(["none", "live", "behind", "young"])
        begins = add_months(sketch.as_of, -3) if choice == "young" else date(2020, 1, 1)
        ends = sketch.as_of - timedelta(days=10) if choice == "behind" else None
        if choice != "none":
            rows.append({"kind": kind, "source": "crm", "complete_from": begins, "complete_to": ends})
    sketch.facts["coverage"] = rows
