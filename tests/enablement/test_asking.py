"""What tiers ask of credentials: small programs by hand, and the eight of the example firm."""

from __future__ import annotations

import json
from datetime import date

import pytest
from click.testing import CliRunner

from swingby.cli import main
from swingby.enablement import (
    Catalogue,
    Certification,
    Event,
    EventKind,
    Life,
    Need,
    Requirement,
    TierAsk,
    ask_standings,
    by_nearest_way,
    live,
    needs_of,
    tier_asks,
)
from swingby.program import Program, load_text
from swingby.values import Period
from tests.enablement.test_catalogue import EXAMPLE
from tests.generation.firm.written import Written

DAY = date(2026, 3, 31)
PROGRAM = """
program: {id: v, label: V, language: 1, version: "1", effective: 2024-01-01, currency: USD}
measures:
  engineers: {label: Engineers, count: person, of: credentials, where: {role: engineer}}
  seniors: {label: Seniors, count: person, of: credentials, where: {role: engineer, level: high}}
  certificates: {label: Certificates, count: code, of: credentials}
  beginners: {label: Beginners in a year, count: person, of: credentials, over: {last: 12 months}}
  deals: {label: Deals, count: facts, of: deals, over: ever}
requirements:
  staffed: {label: Staffed, measure: seniors, at_least: {2026-01-01: 2, 2026-07-01: 5, initially: 1}}
ladders:
  level:
    label: Level
    tiers:
      - {id: one, label: One, requires: {all: [{measure: engineers, at_least: 3}, {measure: deals, at_least: 1}]}}
      - id: two
        label: Two
        keeps: {measure: seniors, above: 3}
        requires: {all: [{requirement: staffed}, {any: [{measure: engineers, at_least: 9}, {measure: deals, at_least: 9}]}]}
      - id: three
        label: Three
        requires: {all: [{measure: certificates, at_least: 9}, {measure: beginners, at_least: 1}, {measure: engineers, at_most: 9}]}
"""


def certification(code: str, level: str, *counts_as: str) -> Certification:
    return Certification(
        code=code, label=code, vendor="v", product="v", role="engineer", level=level, counts_as=counts_as
    )


CATALOGUE = Catalogue(
    {
        one.code: one
        for one in (certification("low", "low"), certification("high", "high"), certification("x", "other", "high"))
    },
    {"v": "V"},
    {"engineer": "Engineer"},
    {"low": "Low", "high": "High", "other": "Other"},
)


@pytest.fixture(scope="module")
def program() -> Program:
    loaded = load_text(PROGRAM)
    assert loaded.program is not None, loaded.issues
    return loaded.program


def asked(program: Program, held: str | None) -> list[tuple[str, str, tuple[str, ...], int]]:
    found = tier_asks(program, CATALOGUE, {"level": held}, DAY).asks
    return [(one.purpose, one.label, one.requirement.codes, one.requirement.people) for one in found]


ENGINEERS, SENIORS = ("high", "low", "x"), ("high", "x")


def test_without_a_tier_the_first_is_next(program: Program) -> None:
    assert asked(program, None) == [("next", "Engineers", ENGINEERS, 3)]


def test_keeping_and_reaching_are_told_apart_and_lines_are_those_of_the_day(program: Program) -> None:
    assert asked(program, "one") == [("keep", "Engineers", ENGINEERS, 3), ("next", "Staffed", SENIORS, 2)]


def test_what_keeps_a_tier_may_differ_and_above_is_one_more(program: Program) -> None:
    assert asked(program, "two") == [("keep", "Seniors", SENIORS, 4)]


def test_what_cannot_be_counted_is_told(program: Program) -> None:
    assert tier_asks(program, CATALOGUE, {"level": "one"}, DAY).unread == ("V Two: one of several ways",)
    assert tier_asks(program, CATALOGUE, {"level": "two"}, DAY).unread == (
        "V Three: Certificates",
        "V Three: Beginners in a year",
    )


def _held(code: str) -> Life:
    return live(CATALOGUE.certifications[code], [Event(date(2025, 4, 1), EventKind.PASSED)])


EITHER = """
      - id: four
        label: Four
        requires: {any: [{measure: engineers, at_least: 4}, {requirement: staffed}]}
      - id: five
        label: Five
        requires: {any: [{measure: seniors, at_least: 4}, {measure: certificates, at_least: 9}]}
"""


@pytest.mark.parametrize(
    ("holding", "missing"),
    [({}, 2), ({"a": "low", "b": "low", "c": "low"}, 1), ({"a": "high"}, 1), ({"a": "high", "b": "x"}, 0)],
)
def test_where_either_will_do_the_way_is_counted_in_which_fewer_people_are_missing(
    holding: dict[str, str], missing: int
) -> None:
    """Nobody was missing where a tier asked for one thing or for another."""
    loaded = load_text(PROGRAM.rstrip() + EITHER)
    assert loaded.program is not None, loaded.issues
    asked = tier_asks(loaded.program, CATALOGUE, {"level": "three"}, DAY)
    lives = {person: {code: _held(code)} for person, code in holding.items()}
    members = {person: [Period(date(2020, 1, 1), date(2030, 1, 1))] for person in holding}
    nearest = by_nearest_way(asked, lives, members, DAY)
    found = ask_standings(nearest, lives, members, DAY, ahead=90)

    assert [one.words for one in asked.either] == ["V Four: one of several ways"]
    assert sum(one.missing for one in found if one.ask.purpose == "next") == missing


def test_each_way_says_what_else_will_do() -> None:
    loaded = load_text(PROGRAM.rstrip() + EITHER)
    assert loaded.program is not None, loaded.issues
    (either,) = tier_asks(loaded.program, CATALOGUE, {"level": "three"}, DAY).either

    assert [[ask.label for ask in way] for way in either.ways] == [
        ["Engineers (or 2 Staffed)"],
        ["Staffed (or 4 Engineers)"],
    ]


def test_a_way_that_asks_for_more_than_people_stays_unread() -> None:
    loaded = load_text(PROGRAM.rstrip() + EITHER)
    assert loaded.program is not None, loaded.issues
    found = tier_asks(loaded.program, CATALOGUE, {"level": "four"}, DAY)

    assert (found.asks, found.unread) == ((), ("V Four: one of several ways", "V Five: one of several ways"))
    assert [one.words for one in found.either] == ["V Four: one of several ways"]  # Certificates are no people.


def test_a_catalogue_of_another_vendor_answers_nothing(program: Program) -> None:
    found = tier_asks(program, CATALOGUE, {"level": None}, DAY, vendor="other")
    assert (found.asks, found.unread) == ((), ("V One: Engineers",))


def test_only_what_is_about_one_certification_is_a_need_of_its_cell() -> None:
    one = TierAsk("v", "level", "one", "keep", "Engineers", Requirement("V One", ("low",), 3))
    several = TierAsk("v", "level", "two", "next", "Engineers", Requirement("V Two", ENGINEERS, 3))
    assert needs_of([one, several]) == (Need("low", 3, "keep", "V One"),)


VENDORS = (
    "harborline",
    "orrinstack",
    "quaysign",
    "tessaline",
    "brinefield",
    "spindlehaven",
    "cobaltmere",
    "wrenlight",
)


def test_the_eight_programs_of_the_firm_ask_what_its_alliances_lead_knows(firm: Written) -> None:
    tiers = [word for vendor in VENDORS for word in ("--tier", *places(firm, vendor))]
    words = [str(EXAMPLE / "catalogue"), *places(firm, "enablement"), "--as-of", "2026-03-31", "--days", "90", *tiers]
    answer = json.loads(CliRunner().invoke(main, ["enablement", "ahead", *words, "--json"]).stdout)
    held_and_asked = {
        one["ask"]["vendor"]: (one["held"], one["ask"]["requirement"]["people"], one["missing"])
        for one in answer["asks"]
        if one["ask"]["purpose"] == "next" or one["ask"]["vendor"] in {"spindlehaven", "cobaltmere"}
    }
    assert held_and_asked == {
        "harborline": (6, 8, 2),
        "orrinstack": (12, 20, 8),
        "quaysign": (3, 4, 1),
        "tessaline": (6, 7, 1),
        "brinefield": (1, 2, 1),
        "spindlehaven": (3, 3, 0),
        "cobaltmere": (14, 10, 0),
        "wrenlight": (0, 2, 2),
    }
    fall = answer["falls"][0]
    told = (fall["requirement"]["source"], fall["day"], fall["held"], len(fall["lapsing"]), len(fall["leaving"]))
    assert (len(answer["falls"]), told) == (1, ("Orrinstack Alliance Advanced", "2026-04-30", 11, 0, 1))
    resting = [(one["ending"]["day"], one["on"]) for one in answer["endings"] if one["on"]]
    assert resting == [("2026-05-14", ["Orrinstack Alliance Advanced"])] * 2


def places(firm: Written, name: str) -> tuple[str, str]:
    return str(firm.folder / "programs" / name), str(firm.folder / "facts" / name)
