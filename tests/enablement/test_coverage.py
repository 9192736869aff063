"""Coverage: small cases by hand, and the example firm beside what its files say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest

from swingby.enablement import (
    Catalogue,
    Cell,
    Certification,
    Event,
    EventKind,
    Life,
    Need,
    PathStep,
    Records,
    Tally,
    cells_of,
    coverage,
    gaps,
    growth,
    live,
    load_catalogue,
    read_records,
    tallies,
)
from swingby.facts import read_facts
from swingby.program import load
from swingby.program.blocks import Length
from swingby.values import Period
from tests.enablement.test_catalogue import EXAMPLE
from tests.generation.firm.written import TODAY, Written, flows, held, total

TODAY_HERE = date(2025, 6, 1)


def certification(code: str, *, hours: int = 10, counts_as: tuple[str, ...] = ()) -> Certification:
    return Certification(
        code=code,
        label=code,
        vendor="v",
        product="v",
        role="r",
        level="l",
        valid=Length(((12, "month"),)),
        grace=Length(((30, "day"),)),
        counts_as=counts_as,
        steps=(PathStep(label="course", hours=Decimal(hours)),),
    )


CATALOGUE = Catalogue(
    {one.code: one for one in (certification("a"), certification("b", hours=40, counts_as=("a",)), certification("c"))},
    {"v": "V"},
    {"r": "R"},
    {"l": "L"},
)


def life(code: str, kind: str, day: str, exam: str | None = None) -> Life:
    event = Event(date.fromisoformat(day), EventKind(kind), exam_on=date.fromisoformat(exam) if exam else None)
    return live(CATALOGUE.certifications[code], [event])


LIVES = {
    "holds": {"a": life("a", "passed", "2025-05-01")},
    "lapses soon": {"a": life("a", "passed", "2024-08-01")},
    "lapses soon, holds what stands for it": {
        "a": life("a", "passed", "2024-08-01"),
        "b": life("b", "passed", "2025-05-01"),
    },
    "in grace": {"a": life("a", "passed", "2024-05-20")},
    "learns": {"a": life("a", "started", "2025-05-01"), "c": life("c", "booked", "2025-05-01", "2025-06-02")},
    "sat today": {"c": life("c", "booked", "2025-05-01", "2025-06-01")},
    "only plans": {"c": life("c", "wanted", "2025-05-01")},
    "nothing": {},
}
NEEDS = [
    Need("a", 2, "deal", "k"),
    Need("a", 3, "deal", "m"),
    Need("a", 4, "tier", "gold"),
    Need("c", 2, "tier", "gold"),
]


def cell(code: str, *counts: int, hours: int) -> Cell:
    return Cell(code, "v", "r", "l", *counts, Decimal(hours))  # type: ignore[call-arg, arg-type]


def test_cells_by_hand() -> None:
    cells = coverage(CATALOGUE, LIVES, NEEDS, TODAY_HERE)
    assert cells == (
        cell("a", 3, 1, 1, 5, 2, hours=20),
        cell("b", 1, 0, 0, 0, 0, hours=0),
        cell("c", 0, 0, 2, 2, 2, hours=20),
    )
    assert [(gap.code, gap.uncovered) for gap in gaps(cells)] == [("a", 3), ("c", 2)]


def test_needs_of_a_kind_add_up_and_the_largest_kind_decides() -> None:
    only_tier = [Need("a", 9, "tier", "gold"), *NEEDS]
    assert [one.needed for one in coverage(CATALOGUE, {}, only_tier, TODAY_HERE)] == [13, 0, 2]
    assert [one.needed for one in coverage(CATALOGUE, {}, NEEDS, TODAY_HERE)] == [5, 0, 2]


def test_without_people_everything_needed_is_missing() -> None:
    cells = coverage(CATALOGUE, {}, NEEDS, TODAY_HERE)
    assert [(one.held, one.missing, one.hours) for one in cells] == [(0, 5, 50), (0, 0, 0), (0, 2, 20)]


# --- the example firm -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    found = load_catalogue(EXAMPLE / "catalogue").catalogue
    assert found is not None
    return found


@pytest.fixture(scope="module")
def records(firm: Written, catalogue: Catalogue) -> Iterator[Records]:
    program = load(firm.folder / "programs/enablement").program
    assert program is not None
    with read_facts(firm.folder / "facts/enablement", program) as facts:
        yield read_records(facts, catalogue, TODAY)


def test_the_firm_holds_what_its_files_say(firm: Written, records: Records, catalogue: Catalogue) -> None:
    cells = coverage(catalogue, records.present(TODAY), records.needs, TODAY)
    by_code = Counter(span.of for span in held(firm, TODAY))
    assert {one.code: one.held for one in cells if one.held} == by_code
    assert (len(cells), sum(one.held for one in cells), sum(not one.held for one in cells)) == (72, 812, 21)
    assert sum(one.needed > 0 and not one.held for one in cells) == 9
    assert (records.unknown, records.refused) == ({}, ())


def test_offices_add_up_to_the_firm(records: Records, catalogue: Catalogue) -> None:
    offices = sorted({stay.office for stay in records.stays if stay.office})
    parts = [coverage(catalogue, records.present(TODAY, office=office), (), TODAY) for office in offices]
    whole = coverage(catalogue, records.present(TODAY), (), TODAY)
    sums = [tuple(sum(getattr(part[nth], name) for part in parts) for name in COUNTS) for nth in range(len(whole))]
    assert sums == [tuple(getattr(one, name) for name in COUNTS) for one in whole]


COUNTS = ("held", "lapsing", "in_progress")


@pytest.mark.parametrize("year", [2024, 2025])
def test_net_new_is_what_the_files_say(firm: Written, records: Records, year: int) -> None:
    period = Period(date(year, 1, 1), date(year + 1, 1, 1))
    found = growth(records.holders(), records.members(), period)
    flow = total(flows(firm, year))
    assert (found.earned, found.lapsed, found.moved_in, found.moved_out) == (
        flow.earned,
        flow.lapsed,
        flow.moved_in,
        flow.moved_out,
    )
    assert found.net == {2024: 112, 2025: 277}[year]


def test_what_is_counted_of_parts_adds_up_to_what_is_counted_of_all() -> None:
    people = {
        "p": {"a": live(CATALOGUE.certifications["a"], [Event(date(2025, 1, 1), EventKind.PASSED)])},
        "q": {"b": live(CATALOGUE.certifications["b"], [Event(date(2024, 6, 20), EventKind.PASSED)])},
        "r": {"c": live(CATALOGUE.certifications["c"], [Event(date(2025, 5, 1), EventKind.STARTED)])},
        "s": {},
    }
    parts = [tallies(CATALOGUE, [lives], TODAY_HERE) for lives in people.values()]
    added = {code: sum((part.get(code, Tally()) for part in parts), Tally()) for code in "abc"}
    assert added == {"a": Tally(2, 1, 0), "b": Tally(1, 1, 0), "c": Tally(0, 0, 1)}
    needs = [Need("a", 3, "deal", "d"), Need("c", 1, "keep", "t")]
    assert cells_of(CATALOGUE, added, needs) == coverage(CATALOGUE, people, needs, TODAY_HERE)
    assert tallies(CATALOGUE, people.values(), TODAY_HERE) == added
