from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from pathlib import Path

import pytest

from swingby.program import Grant, Line, Program, grants, guide, load, load_text, told_changes
from swingby.program.describing import SECTIONS
from swingby.program.guiding import PARTS

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = sorted(
    path
    for path in (ROOT / "examples").rglob("*")
    if path.is_dir() and (path / "program.yaml").exists() and "scenarios" not in path.parts
)
OF_THE_MACHINE = re.compile(r"\b(enrolments?|enrolled|facts?|assessments?|known[- ]at|nodes?)\b", re.IGNORECASE)

TEXT = """\
program: {id: tern, label: Tern, language: 1, version: "VERSION", effective: 2026-02-01, currency: USD}
measures:
  clients: {count: customer, of: associations, label: Clients}
  plans: {count: facts, of: activities, over: {last: 12 months}, label: Plans}
ladders:
  level:
    tiers:
      - {id: silver, requires: {measure: clients, at_least: 1}}
      - {id: gold, requires: {measure: clients, at_least: 5}}
tracks: {market: {chosen: market, otherwise: emerging}}
tables: {shares: {by: level, silver: 1, gold: 2, otherwise: 0}}
benefits:
  discount: {label: Discount, value: {by: level, silver: 10%, gold: GOLD, otherwise: 0%}, note: On list price}
  support: {value: {by: level, gold: named_contact, otherwise: help_page}}
  seats: {unit: seat, value: {by: [level, market], gold: {emerging: 4, developed: 2}, silver: 1, otherwise: 0}}
  funds: {value: {initially: {by: level, gold: 1000, otherwise: 0}, 2026-07-01: 0}, unit: USD}
  stock: {value: {table: shares}}
  twice: {value: {product: [2, {benefit: stock}]}}
  news: {label: Newsletter, value: true}
"""


def _program(version: str = "2", gold: str = "20%") -> Program:
    found = load_text(TEXT.replace("VERSION", version).replace("GOLD", gold))
    assert found.program is not None, found.errors
    return found.program


def _granted(**known: str) -> dict[str, str]:
    return {grant.benefit: grant.words for grant in grants(_program(), known, on=date(2026, 3, 31)) if grant.words}


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        (
            "gold",
            {
                "discount": "20 %",
                "support": "named contact",
                "seats": "4 seats",
                "funds": "1,000 USD",
                "stock": "2",
                "twice": "2 times 2",
                "news": "yes",
            },
        ),
        (
            "silver",
            {
                "discount": "10 %",
                "support": "help page",
                "seats": "1 seat",
                "stock": "1",
                "twice": "2 times 1",
                "news": "yes",
            },
        ),
        ("", {"support": "help page", "news": "yes"}),
    ],
)
def test_what_is_granted_at_a_tier(level: str, expected: dict[str, str]) -> None:
    assert _granted(level=level, market="emerging") == expected


def test_what_goes_by_something_unknown_is_said_with_its_cases_and_days() -> None:
    found = {grant.benefit: grant for grant in grants(_program(), {"level": "gold"})}

    assert (
        found["seats"].words
        == "by the track “market”: 4 seats for “emerging”, 2 seats for “developed” and 0 seats otherwise"
    )
    assert found["funds"].words == "1,000 USD until 30 June 2026 and 0 USD from 1 July 2026"
    assert found["discount"] == Grant("discount", "Discount", "level", "20 %", "On list price")
    assert found["news"].ladder == ""


def test_what_is_over_on_the_day_is_not_granted() -> None:
    found = {grant.benefit: grant.words for grant in grants(_program(), {"level": "gold"}, on=date(2026, 7, 1))}

    assert found["funds"] == ""


def test_a_guide_tells_each_tier_with_what_it_asks_and_gives() -> None:
    said = guide(_program(), _program(version="1", gold="15%"))
    ladder = said.ladders[0]

    assert (said.name, said.version, said.effective, said.before) == ("Tern", "2", date(2026, 2, 1), "1")
    assert [(tier.id, tier.name, tier.asks) for tier in ladder.tiers] == [
        ("silver", "Silver", (Line("Asks for:", (Line("Clients: at least 1"),)),)),
        ("gold", "Gold", (Line("Asks for:", (Line("Clients: at least 5"),)),)),
    ]
    assert [(grant.label, grant.words) for grant in ladder.tiers[0].gives] == [
        ("Discount", "10 %"),
        ("Support", "help page"),
        ("Seats", "1 seat"),
        ("Stock", "1"),
        ("Twice", "2 times 1"),
    ]
    assert [(grant.label, grant.words) for grant in ladder.without] == [("Support", "help page")]
    assert [(grant.label, grant.words) for grant in said.gives] == [("Newsletter", "yes")]
    assert said.changes == (("Points, money and benefits", ("Discount for Gold: 20 % instead of 15 %.",)),)


def test_words_alone_are_no_change() -> None:
    assert told_changes(_program(version="1"), _program(version="2")) == ()


def test_every_section_of_a_description_has_its_place() -> None:
    placed = {"Tiers", "Benefits", *(section for _, sections in PARTS for section in sections)}

    assert placed == {section.heading for section in SECTIONS}


def _texts(part: object) -> Iterator[str]:
    if isinstance(part, str):
        yield re.sub("“[^”]*”|Source: .*|Note: .*", "", part)
    elif isinstance(part, tuple):
        for item in part:
            yield from _texts(item)
    elif is_dataclass(part):
        for field in fields(part):
            if field.name not in {"path", "place", "id", "benefit", "ladder", "heading", "name", "label"}:
                yield from _texts(getattr(part, field.name))


@pytest.mark.parametrize("folder", EXAMPLES, ids=lambda path: path.name)
def test_no_guide_speaks_the_words_of_the_machine(folder: Path) -> None:
    program = load(folder).program
    assert program is not None

    assert [text for text in _texts(guide(program)) if OF_THE_MACHINE.search(text)] == []
