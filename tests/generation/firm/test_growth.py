"""Growth to the digit, for the firm and for each office, by hand and by the engine."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from swingby.engine import assess
from swingby.facts import read_folder
from swingby.program import load
from tests.generation.firm.written import TODAY, Flow, Written, flows, held, total, write

OFFICES = {"chicago": 86, "toronto": 72, "austin": 58, "seattle": 49, "monterrey": 35}


@pytest.mark.parametrize(
    ("year", "expected", "net"), [(2024, Flow(171, 38, 9, 30), 112), (2025, Flow(344, 47, 14, 34), 277)]
)
def test_what_each_year_did(firm: Written, year: int, expected: Flow, net: int) -> None:
    found = total(flows(firm, year))
    grown = len(held(firm, date(year, 12, 31))) - len(held(firm, date(year - 1, 12, 31)))
    assert (found, found.net, grown) == (expected, net, net)


def test_growth_was_147_percent() -> None:
    assert round(Fraction(277 - 112, 112) * 100) == 147


def test_net_growth_by_office(firm: Written) -> None:
    net = {office: flow.net for office, flow in flows(firm, 2025).items()}
    assert net == {"chicago": 82, "toronto": 76, "austin": 52, "seattle": 22, "monterrey": 45}
    heads = {office: round(Fraction(count, OFFICES[office]), 2) for office, count in net.items()}
    assert (max(net, key=net.__getitem__), max(heads, key=heads.__getitem__)) == ("chicago", "monterrey")
    assert heads["monterrey"] == Fraction("1.29")


def test_who_moved_office_earned_for_the_old_one(firm: Written) -> None:
    """Whoever counts a year by the office of today gets other figures than the office board."""
    today = {stint.person: stint.of for stint in firm.stints() if stint.holds(TODAY)}
    earned = [item for item in firm.credentials() if item.starts_on.year == 2025 and item.person in today]
    moved = Counter(stint.person for stint in firm.stints())
    assert [item for item in earned if moved[item.person] > 1] != []


@pytest.mark.proof
@pytest.mark.parametrize("seed", ["one", "two", "three"])
@pytest.mark.slow
def test_another_seed_meets_the_same_figures_with_other_people(firm: Written, tmp_path: Path, seed: str) -> None:
    other = write(tmp_path, seed)
    assert [total(flows(other, year)) for year in (2024, 2025)] == [Flow(171, 38, 9, 30), Flow(344, 47, 14, 34)]
    assert [flows(other, year) for year in (2024, 2025)] == [flows(firm, year) for year in (2024, 2025)]
    assert len(held(other, TODAY)) == 812
    assert other.own("employments") != firm.own("employments")


@pytest.mark.slow
def test_the_engine_says_the_same(firm: Written) -> None:
    days = [date(2024, 12, 31), date(2025, 12, 31), TODAY]
    program = load(firm.folder / "programs/enablement").program
    assert program is not None
    with read_folder(firm.folder / "facts/enablement", program) as facts:
        assert list(facts.issues) == []
        found = assess(program, facts, as_of=days)
        numbers = {item.as_of: {name: number.value for name, number in item.numbers.items()} for item in found}
        found.close()
    names = ("held", "earned", "lapsed", "net", "moved", "people")
    assert {day: [numbers[day][name] for name in names] for day in days} == {
        days[0]: [494, 171, 38, 112, -21, 284],
        days[1]: [771, 344, 47, 277, -20, 298],
        days[2]: [812, 58, 12, numbers[TODAY]["net"], numbers[TODAY]["moved"], 300],
    }
    growth = numbers[days[1]]["growth"]
    assert growth is not None
    assert round(growth, 2) == Decimal("1.47")
    by_office = {office: numbers[days[1]][f"net_by_office[{office}]"] for office in OFFICES}
    assert by_office == {"chicago": 82, "toronto": 76, "austin": 52, "seattle": 22, "monterrey": 45}
    now = numbers[TODAY]
    assert {office: now[f"people_by_office[{office}]"] for office in OFFICES} == OFFICES
    asked = ("paths", "paths_held", "paths_empty", "paths_wanted", "idle_holders", "booked", "vouchers_left")
    assert [now[name] for name in asked] == [72, 51, 21, 9, 31, 38, 26]
