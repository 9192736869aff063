"""Hypothesis strategies: small valid programs with the facts of a few partners.

``examples(constructs)`` draws only what ``constructs`` names, so that an engine can be compared on the part
of the language that it supports. Counting facts in a ``last`` window, ``all`` groups, ``at_least`` and a
ladder that follows the day are always drawn.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from . import drawing, drawing_more, drawing_numbers, drawing_rules
from .drawing import AS_OF_DAYS, Sketch
from .evaluate import evaluate
from .literals import add_months
from .tree import Node, Result, World, read_yaml
from .writing import write_yaml

FACT_CONSTRUCTS = frozenset(
    "branch late reversal cancelled leaver several_links credit_person credit_customer credit_deal coverage known_at".split()
)
WINDOW_CONSTRUCTS = frozenset(
    "last previous current ever from_through window_ago not_before length_list fiscal membership state_over state_when".split()
)
FILTER_CONSTRUCTS = frozenset(
    "where where_list where_is_not where_bounds where_any where_exists where_table where_link where_reference".split()
)
NUMBER_CONSTRUCTS = frozenset(
    (
        "count_facts count_person count_thing sum average median least greatest pick roll_up ratio difference sum_list product "
        "growth average_list weights least_list greatest_list base reference_ago undefined_value number_cap round each_period "
        "each_thing each_cell each_enrolment each_day rank of_time dated_value by_value table_value"
    ).split()
)
EARNING_CONSTRUCTS = frozenset(
    (
        "based_on for_each_event for_each_state entries_per_period full steps bands per whole rate_of cap_total cap_per_fact "
        "cap_at_least cap_per_column cap_per_period cap_per_list cap_number scale_sum gate times earning_round expires awarded cancel_rule entries_over "
        "entries_pick entries_when score_cap score_greatest"
    ).split()
)
REQUIREMENT_CONSTRUCTS = frozenset(
    (
        "at_most above below at_least_all any_group count_group none_group named_requirement requirement_ago decision decision_over "
        "column_requirement track by_line dated_line number_line sustained_each_day"
    ).split()
)
LADDER_CONSTRUCTS = frozenset(
    (
        "walk_monthly walk_dates_grace walk_daily_up review_cut_off start promote_effective demote_effective hold one_step keeps protect "
        "demote_once"
    ).split()
)
MORE_CONSTRUCTS = frozenset(
    (
        "assign subset subset_pick credit_through credit_several credit_at credit_any credit_any_named only peers count_list number_times currency "
        "incentive own_currency dated_entry benefit account account_expires account_opens split ladder_line ladder_each"
    ).split()
)
CONSTRUCTS = (
    FACT_CONSTRUCTS
    | WINDOW_CONSTRUCTS
    | FILTER_CONSTRUCTS
    | NUMBER_CONSTRUCTS
    | EARNING_CONSTRUCTS
    | REQUIREMENT_CONSTRUCTS
    | LADDER_CONSTRUCTS
    | MORE_CONSTRUCTS
)


@dataclass(frozen=True)
class Example:
    """A program as text and tree with a world of facts, a day, and a position at which it is known (or None)."""

    text: str
    world: World
    as_of: date
    known_at: int | None
    constructs: frozenset[str]

    @property
    def program(self) -> Node:
        return self.world.program

    @property
    def enrolments(self) -> list[str]:
        return [row["enrolment"] for row in self.world.facts["enrolments"]]

    def results(self) -> dict[str, Result]:
        """What the oracle says of every enrolment."""
        return {name: evaluate(self.world, name, self.as_of, self.known_at) for name in self.enrolments}


@st.composite
def examples(draw: Any, constructs: frozenset[str] = CONSTRUCTS) -> Example:
    """Programs that use only these constructs, with 1 to 3 enrolments and up to 25 facts of each kind."""
    unknown = constructs - CONSTRUCTS
    if unknown:
        raise ValueError(f"no such constructs: {sorted(unknown)}")
    sketch = Sketch(draw, constructs, draw(st.sampled_from(AS_OF_DAYS)))
    _header(sketch)
    drawing.draw_partners(sketch)
    for trait in ("late", "reversal", "cancelled", "leaver", "several_links"):
        sketch.may(trait, 3)
    drawing_numbers.draw_measures(sketch)
    drawing_more.draw_more_measures(sketch)
    drawing_rules.draw_points(sketch)
    _facts(sketch)
    drawing_rules.draw_ladder(sketch, _seen(sketch))
    drawing_more.draw_second_ladder(sketch)
    drawing_more.draw_incentives(sketch)
    known_at = draw(st.integers(1, 30)) if sketch.may("known_at", 5) else None
    text = write_yaml(_without_unused_calendars(sketch.program))
    world = World(read_yaml(text), sketch.facts)
    return Example(text, world, sketch.as_of, known_at, _occurring(sketch))


def _header(sketch: Sketch) -> None:
    effective = add_months(sketch.as_of.replace(day=1), sketch.one_of([-6, -13, -1]))
    sketch.program["program"] = {
        "id": "drawn",
        "label": "Drawn",
        "language": "1",
        "version": "v1",
        "effective": effective.isoformat(),
        "currency": "USD",
        "time_zone": "UTC",
    }
    sketch.program["calendars"] = {
        "fiscal": {"starts": sketch.one_of(["02-01", "07-01"])},
        "membership": {"starts": "joined"},
    }


def _without_unused_calendars(program: Node) -> Node:
    """The program with only the calendars that a rule names."""
    rules = write_yaml({name: section for name, section in program.items() if name != "calendars"})
    used = {name: spec for name, spec in program["calendars"].items() if f"{name} " in rules}
    return {
        name: used if name == "calendars" else section
        for name, section in program.items()
        if used or name != "calendars"
    }


def _facts(sketch: Sketch) -> None:
    """Facts of every kind that a rule reads, their links, and the tables they refer to."""
    kinds = sorted(_kinds_read(sketch.program) | drawing_more.more_facts(sketch))
    drawing.draw_links(sketch, set(kinds), through="credit_through" in sketch.used)
    for kind in kinds:
        drawing.draw_rows(sketch, kind)
    sketch.facts["customers"] = drawing_more.customer_rows()
    drawing_more.draw_currencies(sketch)
    if sketch.may("coverage", 4):
        drawing.draw_coverage(sketch, set(kinds))


def _kinds_read(node: Any) -> set[str]:
    if isinstance(node, list):
        return {kind for part in node for kind in _kinds_read(part)}
    if not isinstance(node, dict):
        return set()
    own = {node[key] for key in ("of", "for_each") if isinstance(node.get(key), str) and node[key] in drawing.WORDS}
    return own | {kind for part in node.values() for kind in _kinds_read(part)}


def _seen(sketch: Sketch) -> dict[str, list[Fraction]]:
    """Values that the numbers take for some enrolment today or three months ago; lines are drawn near them."""
    world = World(read_yaml(write_yaml(sketch.program)), sketch.facts)
    seen: dict[str, list[Fraction]] = {}
    for place in range(len(sketch.joined)):
        for as_of in (sketch.as_of, add_months(sketch.as_of, -3)):
            for name, number in evaluate(world, f"e{place + 1}", as_of).numbers.items():
                if isinstance(number, Fraction):
                    seen.setdefault(name, []).append(number)
    return {name: sorted(set(values)) for name, values in seen.items()}


def _occurring(sketch: Sketch) -> frozenset[str]:
    """What was drawn, without the traits of facts that no fact came to have."""
    rows = [row for kind, rows in sketch.facts.items() for row in rows if "fact_id" in row]
    marks = {
        "late": any("recorded_at" in row and "reverses" not in row for row in rows),
        "reversal": any("reverses" in row for row in rows),
        "cancelled": any(row.get("cancelled_on") for row in rows),
        "leaver": any(row.get("ends_on") for row in sketch.facts.get("employments", [])),
    }
    return frozenset(sketch.used - {name for name, found in marks.items() if not found})


@dataclass
class Tally:
    """In what share of examples a construct occurred, and in what share the tier was not the lowest then."""

    examples: int = 0
    higher: int = 0
    occurred: Counter[str] = field(default_factory=Counter)
    occurred_higher: Counter[str] = field(default_factory=Counter)

    def add(self, example: Example, results: dict[str, Result]) -> None:
        """Count an example with its results."""
        lowest = {name: spec["tiers"][0]["id"] for name, spec in example.program.get("ladders", {}).items()}
        higher = any(
            tier not in (None, lowest[name.split("[")[0]])
            for result in results.values()
            for name, tier in result.tiers.items()
        )
        self.examples += 1
        self.higher += higher
        self.occurred.update(example.constructs)
        self.occurred_higher.update(example.constructs if higher else ())

    def shares(self) -> dict[str, float]:
        """In what share of the examples each construct occurred."""
        return {name: self.occurred[name] / max(self.examples, 1) for name in CONSTRUCTS | set(self.occurred)}

    def lines(self) -> list[str]:
        """One line per construct: share of examples, share of these with a tier above the lowest."""
        total = max(self.examples, 1)
        first = f"{self.examples} examples, a tier above the lowest in {self.higher / total:.0%}"
        rest = [
            f"{name:22} {self.occurred[name] / total:6.1%} {self.occurred_higher[name] / max(self.occurred[name], 1):6.0%}"
            for name in sorted(CONSTRUCTS | set(self.occurred), key=lambda name: (self.occurred[name], name))
        ]
        return [first, *rest]
