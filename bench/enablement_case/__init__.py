"""What `./run bench enablement` fills in and draws: a catalogue of 72 certifications, facts as SQL, people and places."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_matrix

from swingby.enablement import (
    Candidate,
    Catalogue,
    Cell,
    Event,
    EventKind,
    Life,
    Need,
    Suggestion,
    coverage,
    live,
    load_catalogue_texts,
    ways_for,
)

VENDORS, ROLES = 8, ("engineering", "sales", "support")
LEVELS = ("fundamentals", "intermediate", "advanced")
HOURS = {"fundamentals": 8, "intermediate": 24, "advanced": 60}
TODAY = date(2026, 3, 31)


def _catalogue() -> str:
    """Eight vendors, three roles, three levels each; a level asks for the one below it."""
    vendors = ", ".join(f"vendor{n}: Vendor Example {n}" for n in range(VENDORS))
    lines = [
        f"vendors: {{harbor: Harbor Example, {vendors}}}",
        f"roles: {{{', '.join(f'{role}: {role.capitalize()}' for role in ROLES)}}}",
        f"levels: {{{', '.join(f'{level}: {level.capitalize()}' for level in LEVELS)}}}",
        "certifications:",
    ]
    for vendor in range(VENDORS):
        for role in ROLES:
            for place, level in enumerate(LEVELS):
                before = f"prerequisites: [v{vendor}_{role}_{LEVELS[place - 1]}], " if place else ""
                lines.append(
                    f"  v{vendor}_{role}_{level}: {{label: 'Example {vendor} {role} {level}', vendor: vendor{vendor},"
                    f" role: {role}, level: {level}, {before}valid: 24 months, renewal: 90 days,"
                    f" path: [{{label: Course, hours: {HOURS[level] + vendor}}}]}}"
                )
    return "\n".join(lines) + "\n"


FILES: Mapping[str, str] = {"all.yaml": _catalogue()}
CODES: Sequence[str] = tuple(f"v{v}_{role}_{level}" for v in range(VENDORS) for role in ROLES for level in LEVELS)

#: What tiers of the vendors ask of a firm so large: one certification, or any of several.
NEEDS: Sequence[Mapping[str, Any]] = tuple(
    {
        "vendor": f"vendor{n % VENDORS}",
        "kind": "keep" if n % 3 else "next",
        "source": f"Example {n % VENDORS} {'Gold' if n % 3 else 'Elite'}",
        "label": f"Example {n}",
        "codes": [CODES[n * 4 % 72]] if n % 2 else [CODES[n * 4 % 72], CODES[(n * 4 + 1) % 72]],
        "people": (20, 400, 20_000)[n % 3],
    }
    for n in range(16)
)

EMPLOYED = """
INSERT INTO fact_employments (owner_org, partner_org, organization, fact_id, position, source, person, role, office, starts_on)
SELECT %(firm)s, %(firm)s, %(firm)s, 'many-' || n, 1, 'bench', CASE WHEN n = 1 THEN %(member)s ELSE 'many-' || n END,
       (ARRAY['engineering', 'sales', 'support'])[1 + n %% 3], 'office-' || n %% 50, date '2020-01-01' + n %% 1800
FROM generate_series(1, %(people)s) n
"""
CREDENTIALS = """
INSERT INTO fact_credentials (owner_org, partner_org, fact_id, position, source, person, code, starts_on, ends_on)
SELECT %(firm)s, %(firm)s, 'many-' || n || '-' || k, 1, 'bench', CASE WHEN n = 1 THEN %(member)s ELSE 'many-' || n END,
       (%(codes)s::text[])[1 + ((n %% 3) * 3 + (n * 5 + k * 7) %% 8 * 9 + k %% 3) %% 72],
       date '2022-01-01' + (n * 7 + k * 151) %% 1540, date '2022-01-01' + (n * 7 + k * 151) %% 1540 + 730
FROM generate_series(1, %(people)s) n, generate_series(1, %(each)s) k
"""
#: One in ten told something of the own learning.
EVENTS = """
INSERT INTO learning_events (organization, learner, code, kind, day, told_at)
SELECT %(firm)s, 'many-' || n, (%(codes)s::text[])[1 + (n / 10) %% 72], 'started', date '2026-03-01', now()
FROM generate_series(10, %(people)s, 10) n
"""
#: A third of the partners in each region.
PARTNER_REGIONS = """
UPDATE organizations SET region = (ARRAY['emea', 'apac', 'americas'])[1 + substr(id, 6)::int %% 3]
WHERE id LIKE 'many-%%' AND registered_by = %(owner)s
"""
PARTNER_EMPLOYED = """
INSERT INTO fact_employments (owner_org, partner_org, organization, fact_id, position, source, person, role, starts_on)
SELECT %(owner)s, 'many-' || n %% %(partners)s, 'many-' || n %% %(partners)s, 'staff-' || n, 1, 'bench', 'staff-' || n,
       (ARRAY['engineering', 'sales', 'support'])[1 + n %% 3], date '2024-01-01'
FROM generate_series(1, %(partners)s * 10) n
"""
PARTNER_CREDENTIALS = """
INSERT INTO fact_credentials (owner_org, partner_org, fact_id, position, source, person, code, starts_on, ends_on)
SELECT %(owner)s, 'many-' || n %% %(partners)s, 'staff-' || n || '-' || k, 1, 'bench', 'staff-' || n,
       (%(codes)s::text[])[1 + (n * 7 + k * 13) %% 72], date '2025-01-01', date '2026-04-01' + (n * 11) %% 400
FROM generate_series(1, %(partners)s * 10) n, generate_series(1, 3) k
"""


@dataclass(frozen=True)
class Case:
    """People with what they hold, and what is missing."""

    catalogue: Catalogue
    lives: Mapping[str, Mapping[str, Life]]
    candidates: Sequence[Candidate]
    cells: Sequence[Cell]
    needs: Sequence[Need]
    day: date = TODAY

    @property
    def places(self) -> int:
        return sum(self.lacking().values())

    def lacking(self) -> Mapping[str, int]:
        """By code how many places there are, as `suggest` says what a place is."""
        return {cell.code: max(0, cell.uncovered - cell.in_progress) for cell in self.cells}

    def cost_of(self, way: Suggestion) -> int:
        """Hours in hundredths; a wish is taken for half."""
        return int(way.hours * 100) // (2 if way.is_wished else 1)


def drawn_case(dice: random.Random, candidates: int) -> Case:
    """So many people in three roles, with a handful of credentials each, and places for about as many."""
    catalogue = load_catalogue_texts(FILES).catalogue
    assert catalogue is not None
    people = [f"person-{n}" for n in range(candidates)]
    roles = {person: dice.choice(ROLES) for person in people}
    lives = {person: dict(_lives(dice, catalogue, roles[person])) for person in people}
    held = {cell.code: cell.held for cell in coverage(catalogue, lives, (), TODAY)}
    needs = [
        Need(code, held[code] + dice.randrange(0, 15), dice.choice(("keep", "next", "deal")), "bench") for code in CODES
    ]
    ones = [
        Candidate(person, roles[person], dice.choice((None, Decimal(60), Decimal(120))), _wishes(dice, roles[person]))
        for person in people
    ]
    return Case(catalogue, lives, ones, coverage(catalogue, lives, needs, TODAY), needs)


def _lives(dice: random.Random, catalogue: Catalogue, role: str) -> Any:
    own = [code for code in CODES if catalogue.certifications[code].role == role]
    for code in dice.sample(own, dice.randrange(0, 7)):
        since = TODAY - timedelta(days=dice.randrange(1, 800))
        yield code, live(catalogue.certifications[code], [Event(since, EventKind.PASSED)])


def _wishes(dice: random.Random, role: str) -> frozenset[str]:
    return frozenset(dice.sample([code for code in CODES if f"_{role}_" in code], dice.randrange(0, 3)))


def optimum(case: Case) -> tuple[int, int]:
    """How many places can be filled, and at how little cost: two linear programs, whose vertices are whole numbers.

    It shares nothing with the house's solver but what one person costs for one certification.
    """
    lacking = {code: number for code, number in case.lacking().items() if number}
    pairs = [
        (row, code, case.cost_of(way))
        for row, one in enumerate(case.candidates)
        for code in lacking
        for way in ways_for(case.catalogue, case.lives[one.person], one, case.day, codes=(code,))
    ]
    columns = {code: len(case.candidates) + place for place, code in enumerate(lacking)}
    lines = [row for row, _, _ in pairs] + [columns[code] for _, code, _ in pairs]
    matrix = coo_matrix((np.ones(2 * len(pairs)), (lines, [*range(len(pairs)), *range(len(pairs))])))
    limits = [1] * len(case.candidates) + list(lacking.values())
    bounds = {"A_ub": matrix.tocsr(), "b_ub": limits[: matrix.shape[0]], "bounds": (0, 1), "method": "highs"}
    most = round(-linprog(-np.ones(len(pairs)), **bounds).fun)
    costs = np.array([cost for _, _, cost in pairs], dtype=float)
    least = linprog(costs, A_eq=np.ones((1, len(pairs))), b_eq=[most], **bounds)
    return most, round(least.fun)
