"""What the page of the ladder says of notice, and the page of common rules of newcomers, is what reviews do."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from tests.soundness.worlds import World

DOCS = Path(__file__).resolve().parents[2] / "docs"
ROW = re.compile(r"^\| (\d+ days) \| (\d+ \w+) \| (\d+ \w+) \| (kept|lost) \|$", re.MULTILINE)
RULES = """
measures: {people: {count: person, of: credentials}}
requirements: {newcomer: {column: enrolment.joined_on, within: %s}}
ladders:
  level:
    tiers: [{id: low}, {id: high, requires: {measure: people, at_least: 1}, keeps: %s}]
    start: low
    promote: {each: month}
    demote: %s
"""
PLAIN = "{measure: people, at_least: 1}"
SPARED = "{any: [{requirement: newcomer}, {measure: people, at_least: 1}]}"


def day_of(text: str) -> date:
    """A day of the winter before 1 February 2027."""
    found = datetime.strptime(f"{text} 2026", "%d %B %Y").date()
    return found if found.month > 1 else found.replace(year=2027)


def test_every_row_of_the_table_of_notice_comes_true() -> None:
    rows = ROW.findall((DOCS / "reference/language/ladder.md").read_text(encoding="utf-8"))
    assert len(rows) == 6
    for grace, met, missed, result in rows:
        assert day_of(missed) == day_of(met) + timedelta(days=1)
        made = World.of(RULES % ("{last: 12 months}", PLAIN, f"{{dates: [02-01], grace: {grace}}}"))
        made.state("employments", "2020-01-01", person="ann")
        made.state("credentials", "2024-01-01", day_of(missed).isoformat(), person="ann")
        held = made.held("level", "2027-01-31", "2027-02-01")
        assert held == ["high", "high" if result == "kept" else "low"], (grace, met)


def last_day_held(joined: str, window: str, demote: str) -> date:
    """The last day of the tier of a partner that met what it asks for in its second month only."""
    made = World.of(RULES % (window, SPARED, demote), partners=())
    began = date.fromisoformat(joined)
    made.enrol("acme", joined_on=began)
    made.state("employments", "2020-01-01", person="ann")
    made.state("credentials", joined, (began + timedelta(days=45)).isoformat(), person="ann")
    days = [began + timedelta(days=number) for number in range(40, 900)]
    held = made.held("level", *(day.isoformat() for day in days))
    return max(day for day, tier in zip(days, held, strict=True) if tier == "high")


@pytest.mark.slow
def test_twelve_months_beside_grace_spare_twice_and_the_periods_of_the_page_do_not() -> None:
    yearly = "{dates: [01-01], grace: 90 days}"
    assert last_day_held("2022-11-15", "{last: 12 months}", yearly) == date(2024, 12, 31)
    assert last_day_held("2022-11-15", "{current: year}", yearly) == date(2023, 12, 31)


@pytest.mark.slow
def test_with_reviews_each_month_the_grace_is_taken_off_the_twelve_months() -> None:
    monthly = "{each: month, grace: 3 months}"
    assert last_day_held("2022-11-15", "{last: 12 months}", monthly) == date(2024, 2, 29)
    assert last_day_held("2022-11-15", "{last: 9 months}", monthly) == date(2023, 11, 30)
