"""What a newer catalogue says otherwise, and who is hit."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import given, settings

from swingby.enablement import (
    Catalogue,
    CatalogueChange,
    CatalogueEnd,
    Certification,
    Event,
    EventKind,
    ExamVersion,
    Retirement,
    State,
    catalogue_changes,
    catalogue_ends,
    hit_by_change,
    live,
)
from swingby.program.blocks import Length
from tests.enablement.drawn import certifications

TODAY = date(2026, 3, 31)
YEAR = Certification(
    code="a", label="A", vendor="v", product="p", role="r", level="l", valid=Length(((1, "year"),)), pass_rate=None
)


def catalogue(*found: Certification) -> Catalogue:
    return Catalogue({one.code: one for one in found}, {"v": "V"}, {"r": "R"}, {"l": "L"})


def changed(**terms: Any) -> tuple[str, ...]:
    (change,) = catalogue_changes(catalogue(YEAR), catalogue(replace(YEAR, **terms)))
    return change.words


@settings(max_examples=50, deadline=None)
@given(certifications())
def test_the_same_catalogue_changes_nothing(one: Certification) -> None:
    assert catalogue_changes(catalogue(one), catalogue(one)) == ()


def test_what_is_new_and_what_is_gone_is_told() -> None:
    other = replace(YEAR, code="b", label="B")
    assert catalogue_changes(catalogue(YEAR), catalogue(other)) == (
        CatalogueChange("b", "B", ("new",)),
        CatalogueChange("a", "A", ("taken out",)),
    )


def test_terms_are_told_as_they_were_and_are() -> None:
    assert changed(valid=Length(((18, "month"),))) == ("how long it holds: 1 year became 18 months",)
    assert changed(valid=None) == ("how long it holds: 1 year became nothing",)
    assert changed(counts_in_grace=True) == ("whether it counts in grace: no became yes",)
    assert changed(prerequisites=(("b",),)) == ("what it asks for first changed",)
    assert changed(retirement=Retirement(exams_until=TODAY, counts_until=date(2026, 7, 1))) == (
        "retired: no exam from 2026-03-31, counts until 2026-07-01",
    )
    assert changed(versions=(ExamVersion(name="2", starts_on=TODAY),)) == ("version 2 from 2026-03-31",)


def test_only_those_are_hit_to_whom_it_makes_a_difference() -> None:
    shorter = replace(YEAR, valid=Length(((9, "month"),)))
    events = {
        "holds": [Event(date(2025, 9, 1), EventKind.PASSED)],
        "held long ago": [Event(date(2020, 9, 1), EventKind.PASSED)],
        "by the vendor's word": [Event(date(2025, 9, 1), EventKind.PASSED, expires_on=date(2027, 1, 1))],
        "learns": [Event(date(2026, 3, 1), EventKind.STARTED)],
    }
    before = {person: {"a": live(YEAR, told)} for person, told in events.items()}
    after = {person: {"a": live(shorter, told)} for person, told in events.items()}
    assert hit_by_change("a", before, after, TODAY) == ("holds",)
    assert hit_by_change("a", before, {}, TODAY) == ("by the vendor's word", "held long ago", "holds", "learns")


def test_a_version_and_a_retirement_end_what_people_hold() -> None:
    old = ExamVersion(name="2023", starts_on=date(2023, 1, 1), counts_until=date(2026, 6, 1))
    new = ExamVersion(name="2025", starts_on=date(2025, 9, 1))
    versioned = replace(YEAR, code="b", valid=None, versions=(old, new))
    retired = replace(YEAR, valid=None, retirement=Retirement(exams_until=TODAY, counts_until=date(2026, 5, 1)))
    passed = [Event(date(2025, 8, 1), EventKind.PASSED)]
    later = [Event(date(2025, 10, 1), EventKind.PASSED)]
    lives = {"Mei": {"a": live(retired, passed), "b": live(versioned, passed)}, "Ola": {"b": live(versioned, later)}}
    assert catalogue_ends(catalogue(retired, versioned), lives, TODAY) == (
        CatalogueEnd(date(2026, 5, 1), "a", State.RETIRED, "retired", ("Mei",)),
        CatalogueEnd(date(2026, 6, 1), "b", State.SUPERSEDED, "version 2023 no longer counts", ("Mei",)),
    )
    assert catalogue_ends(catalogue(retired, versioned), lives, date(2026, 6, 1)) == ()
