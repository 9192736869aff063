"""Where the firm stands in eight programs, by running the engine on what it holds in each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

import pytest

from swingby.engine import Standing, assess
from swingby.engine.clock import Clock
from swingby.facts import FactSet, read_folder
from swingby.program import Program, load
from tests.generation.firm.written import DESCRIBED, TODAY, Written, rows

FIRM = "thornquay-consulting"
EXAMPLES = DESCRIBED.parents[1]
LOOK_AHEAD = date(2028, 12, 31)
pytestmark = pytest.mark.slow


@dataclass(frozen=True, slots=True)
class Place:
    """What is told of one program: the tier held and the one that engineers are counted for, and the next review."""

    tier: str | None
    asked_by: str
    held: int
    needed: int
    next_review: date | None


PLACES = {
    "harborline": Place("gold", "elite", 6, 8, date(2026, 8, 1)),
    "orrinstack": Place("advanced", "advanced", 12, 12, date(2026, 6, 15)),
    "quaysign": Place("silver", "gold", 3, 4, date(2026, 7, 1)),
    "tessaline": Place("established", "leading", 6, 7, date(2026, 4, 30)),
    "brinefield": Place("base", "plus", 1, 2, None),
    "spindlehaven": Place("assured", "assured", 3, 3, None),
    "cobaltmere": Place("inner", "inner", 14, 10, None),
    "wrenlight": Place(None, "member", 0, 2, None),
}
#: How a program calls its measure of engineers with Advanced.
ENGINEERS = {"harborline": "engineers"}


@contextmanager
def enrolled(firm: Written, vendor: str) -> Iterator[tuple[Program, FactSet]]:
    """The program of a vendor with the firm's facts there; every row of them is good."""
    program = load(firm.folder / "programs" / vendor).program
    assert program is not None
    with read_folder(firm.folder / "facts" / vendor, program) as facts:
        assert list(facts.issues) == []
        yield program, facts


def standings(program: Program, facts: FactSet, days: Sequence[date]) -> dict[date, Standing]:
    found = assess(program, facts, as_of=days, enrolments=[FIRM])
    found.close()
    return {item.as_of: item for item in found}


def next_review(program: Program, firm: Written, vendor: str) -> date | None:
    """The next day after today on which a tier can be lost by the calendar; None where no calendar takes it."""
    [ladder] = program.ladders.values()
    joined = date.fromisoformat(rows(firm.folder / "facts" / vendor, "enrolments")[0]["joined_on"])
    clock = Clock(program, joined=joined)
    schedules = [review.schedule for review in ladder.demote]
    dated = [item for item in schedules if item.unit is None or item.unit.unit != "day"]
    days = [day for item in dated for day in clock.review_moments(item, TODAY, LOOK_AHEAD)]
    return min(days, default=None)


@pytest.mark.parametrize("vendor", PLACES)
def test_place_in_each_program(firm: Written, vendor: str) -> None:
    told = PLACES[vendor]
    with enrolled(firm, vendor) as (program, facts):
        [tier] = standings(program, facts, [TODAY])[TODAY].tiers.values()
        [row] = [row for row in tier.rows[told.asked_by] if row.name == ENGINEERS.get(vendor, "advanced_engineers")]
        assert row.value is not None
        assert row.line is not None
        review = next_review(program, firm, vendor) if tier.tier is not None else None
        assert Place(tier.tier, told.asked_by, int(row.value), int(row.line), review) == told


def engineers_and_tiers(firm: Written, vendor: str, *days: date) -> dict[str, tuple[int, str | None]]:
    with enrolled(firm, vendor) as (program, facts):
        found = standings(program, facts, days)
    return {
        day.isoformat(): (int(item.numbers["advanced_engineers"].value or 0), next(iter(item.tiers.values())).tier)
        for day, item in found.items()
    }


def test_orrinstack_loses_three_engineers_before_its_anniversary(firm: Written) -> None:
    days = (date(2026, 4, 29), date(2026, 4, 30), date(2026, 5, 13), date(2026, 5, 14), date(2026, 6, 14))
    assert engineers_and_tiers(firm, "orrinstack", *days, date(2026, 6, 15)) == {
        "2026-04-29": (12, "advanced"),
        "2026-04-30": (11, "advanced"),
        "2026-05-13": (11, "advanced"),
        "2026-05-14": (9, "advanced"),
        "2026-06-14": (9, "advanced"),
        "2026-06-15": (9, "select"),
    }


def test_the_audit_of_spindlehaven_ends_after_two_years(firm: Written) -> None:
    assert engineers_and_tiers(firm, "spindlehaven", date(2026, 9, 19), date(2026, 9, 20)) == {
        "2026-09-19": (3, "assured"),
        "2026-09-20": (3, None),
    }


def test_the_index_of_tessaline(firm: Written) -> None:
    with enrolled(firm, "tessaline") as (program, facts):
        standing = standings(program, facts, [TODAY])[TODAY]
    [row] = [row for row in standing.tiers["class"].rows["leading"] if row.name == "index"]
    assert (str(row.value), str(row.line), str(row.gap)) == ("6.8", "7.5", "0.7")


def test_spindlehaven_has_three_references_and_wrenlight_no_invitation(firm: Written) -> None:
    with enrolled(firm, "spindlehaven") as (program, facts):
        standing = standings(program, facts, [TODAY])[TODAY]
        assert (standing.numbers["reference_customers"].value, standing.requirements["audited"]) == (3, "met")
    with enrolled(firm, "wrenlight") as (program, facts):
        assert standings(program, facts, [TODAY])[TODAY].requirements["invited"] == "unmet"


def test_what_each_program_is_worth_and_costs(firm: Written) -> None:
    program = load(firm.folder / "programs/enablement").program
    assert program is not None
    with read_folder(firm.folder / "facts/enablement", program) as facts:
        numbers = standings(program, facts, [TODAY])[TODAY].numbers
    found = {
        vendor: [numbers[f"{name}[{vendor}]"].value for name in ("worth_of_year", "cost_of_year", "gain")]
        for vendor in PLACES
    }
    assert found == {
        "harborline": [640_000, 148_000, 492_000],
        "orrinstack": [1_310_000, 236_000, 1_074_000],
        "quaysign": [210_000, 61_000, 149_000],
        "tessaline": [480_000, 112_000, 368_000],
        "brinefield": [38_000, 54_000, -16_000],
        "spindlehaven": [165_000, 47_000, 118_000],
        "cobaltmere": [290_000, 171_000, 119_000],
        "wrenlight": [0, 0, 0],
    }
    expected = {
        table: sum(int(row["amount"]) for row in firm.own(table) if row["outlook"] == "expected")
        for table in ("worth", "costs")
    }
    assert expected == {"worth": 220_000, "costs": 22_000}


def test_every_program_sees_the_firms_own_people_and_credentials(firm: Written) -> None:
    own = firm.own("credentials")
    for vendor in PLACES:
        folder = firm.folder / "facts" / vendor
        assert rows(folder, "credentials") == [row for row in own if row["family"] == vendor]
        assert [row["fact_id"] for row in rows(folder, "employments")] == [
            row["fact_id"] for row in firm.own("employments")
        ]


def test_the_program_of_the_other_example_is_used_as_it_is(firm: Written) -> None:
    files = ("program.yaml", "measures.yaml", "points.yaml", "tiers.yaml")
    used = {name: (firm.folder / "programs/harborline" / name).read_bytes() for name in files}
    assert used == {name: (EXAMPLES / "harborline/program" / name).read_bytes() for name in files}
