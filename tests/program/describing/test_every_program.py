"""Every program that can be written is described, and every part of it that changes a result is heard."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from swingby.program import (
    Description,
    Line,
    Passage,
    Program,
    as_markdown,
    as_text,
    blocks,
    describe,
    load,
    load_text,
    model,
    numbers,
    walk,
)
from swingby.program.describing import said
from swingby.program.walk import SECTIONS
from tests.oracle.shares import loaded
from tests.oracle.strategies import Example, examples
from tests.program.scalars import changes, program_of, results_of, texts_of

ROOT = Path(__file__).parents[3]
FOLDERS = sorted(
    {path.parent for folder in ("examples", "tests/program") for path in (ROOT / folder).rglob("program.yaml")}
)
PAGES = sorted((ROOT / "tests/oracle/published").glob("*.yaml"))
#: Transcriptions that only the oracle reads: one reads a column that it does not declare, one is a fragment.
ORACLE_ONLY = {"atlassian-marketplace", "microsoft-azure-lifecycle"}
#: What no sentence may hold: traces of code, of a part without words, of sentences put together badly.
BAD = re.compile(r"None|Decimal|\w\(\w+=|\bswingby\b|\s{2}|\(\)| ,| \.|\.\.|,,|the the |“”|\ba [aeio]|_|\bat at\b")
# Not shrunk: that takes minutes, and the text of a program says enough.
#: Every node of the model.
PARTS = {
    kind
    for module in (blocks, numbers, model)
    for kind in vars(module).values()
    if isinstance(kind, type) and is_dataclass(kind) and kind.__module__ == module.__name__
}
READABLE = [page for page in PAGES if load(page).program is not None]
QUIET = settings(
    phases=[Phase.generate], deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), database=None
)

#: Types that are no sentence of their own, each with where it is heard.
ELSEWHERE = {
    blocks.Location: "a place, shown beside a rule",
    blocks.Located: "a base of the others",
    blocks.Length: "english.length",
    blocks.PeriodUnit: "english.period",
    blocks.DayOfYear: "english.day_of_year",
    blocks.MomentStep: "moments, step by step",
    model.Header: "declarations.header_lines",
    model.Table: "declarations.table_lines",
    model.Track: "declarations.track_lines",
    model.Account: "declarations.account_lines",
    model.Benefit: "declarations.benefit_lines",
    model.DeclaredNumber: "measures.declared_lines",
    model.Earning: "earnings.earning_lines",
    model.Ladder: "ladders.ladder_passages",
    model.Tier: "ladders.ladder_passages",
    model.Review: "ladders, moving up and down",
    model.NamedRequirement: "requirements.requirement_line",
    model.Program: "describe",
    numbers.RuleText: "texts.text_lines",
}


def program_at(place: Path) -> Program:
    program = load(place).program
    assert program is not None
    return program


def lines_of(passage: Passage) -> list[Line]:
    found = list(passage.lines)
    for line in found:
        found.extend(line.items)
    return found


def hold(found: Description, program: Program) -> None:
    """Every rule has sentences; every sentence begins and ends like one, and holds no trace of code."""
    passages = list(found.walk())
    rules = {f"{section}.{name}" for section in SECTIONS for name in getattr(program, section)}
    tiers = {f"ladders.{ladder.name}.{tier.id}" for ladder in program.ladders.values() for tier in ladder.tiers}
    assert {passage.path for passage in passages if passage.path} == {"program"} | rules | tiers
    assert [
        passage.path for passage in passages if passage.path in rules and not (passage.lines or passage.passages)
    ] == []
    sentences = [line for passage in passages for line in passage.lines]
    assert [line.text for line in sentences if not re.match(r"[A-Z0-9“\"(]", line.text)] == []
    assert [line.text for line in sentences if not line.text.endswith((".", ":"))] == []
    texts = [passage.heading for passage in passages]
    texts += [line.text for passage in passages for line in lines_of(passage)]
    zone, own_id = program.header.time_zone, f"(id {program.header.id})"
    assert [text for text in texts if not text or BAD.search(text.replace(zone, "zone").replace(own_id, "(id)"))] == []


@pytest.mark.parametrize("place", [*FOLDERS, *READABLE], ids=lambda place: f"{place.parent.name}-{place.stem}")
def test_a_program_is_described(place: Path) -> None:
    program = program_at(place)
    hold(describe(program), program)


@pytest.mark.parametrize("label", ["", ", label: Ours"])
def test_an_id_of_several_words_is_described(label: str) -> None:
    program = load_text(
        f"program: {{id: our_program{label}, version: '1', effective: 2024-01-01, currency: USD}}\n"
    ).program
    assert program is not None
    found = describe(program)
    hold(found, program)
    name = "Ours" if label else "our program"
    lines = next(passage.lines for passage in found.walk() if passage.path == "program")
    assert (found.title, lines[0].text) == (
        f"{name}, version 1",
        f"This is version 1 of “{name}” (id our_program), in version 1 of the program language.",
    )


def test_the_transcriptions_are_read() -> None:
    assert {page.stem for page in PAGES} - {page.stem for page in READABLE} == ORACLE_ONLY


def _drawn(example: Example) -> None:
    program = loaded(example)
    if program is None:
        return
    description = describe(program)
    hold(description, program)
    assert all(len(line) <= 80 or " " not in line.strip() for line in as_text(description, width=80).splitlines())
    assert as_markdown(description).count("\n# ") == 0


@settings(QUIET, max_examples=25)
@given(examples())
def test_drawn_programs_are_described(example: Example) -> None:
    _drawn(example)


@pytest.mark.slow
@pytest.mark.proof
@settings(QUIET, max_examples=80)
@given(examples())
def test_many_drawn_programs_are_described(example: Example) -> None:
    _drawn(example)


@pytest.mark.slow
@pytest.mark.long
@settings(QUIET, max_examples=600)
@given(examples())
def test_very_many_drawn_programs_are_described(example: Example) -> None:
    _drawn(example)


def test_every_part_of_a_program_has_words() -> None:
    assert PARTS - said() == set(ELSEWHERE)


def silent_changes(place: Path, *, every: int) -> list[str]:
    """Changes of one scalar or key that the model sees and the text does not."""
    texts = texts_of(place)
    program = program_of(texts)
    assert program is not None
    text, results = as_text(describe(program)), results_of(program)
    unheard = []
    for change in changes(texts, every=every):
        changed = program_of(change.texts)
        if changed is not None and results_of(changed) != results and as_text(describe(changed)) == text:
            unheard.append(change.what)
    return unheard


@pytest.mark.parametrize(("name", "every"), [("data/mechanics", 37), ("describing/rare", 29)])
def test_a_change_of_one_scalar_is_heard(name: str, every: int) -> None:
    assert silent_changes(ROOT / "tests/program" / name, every=every) == []


@pytest.mark.slow
@pytest.mark.proof
@pytest.mark.parametrize("place", FOLDERS, ids=lambda place: f"{place.parent.name}-{place.name}")
def test_many_changes_of_one_scalar_are_heard(place: Path) -> None:
    assert silent_changes(place, every=29) == []


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.parametrize("place", FOLDERS, ids=lambda place: f"{place.parent.name}-{place.name}")
def test_every_change_of_one_scalar_is_heard(place: Path) -> None:
    assert silent_changes(place, every=1) == []


def test_between_them_the_programs_use_every_field() -> None:
    """So that the changes above reach every choice that can be written."""
    used = {
        (type(part), item.name)
        for place in [*FOLDERS, *READABLE]
        for part in _parts(program_at(place))
        for item in fields(part)
        if getattr(part, item.name) not in (None, item.default)
    }
    written = {(kind, item.name) for kind in PARTS - {model.Program, blocks.Location} for item in fields(kind)}
    assert sorted(f"{kind.__name__}.{name}" for kind, name in written - used if name not in ("location", "text")) == []


def _parts(program: Program) -> Iterator[Any]:
    yield program.header
    for rule in walk.rules(program):
        yield from (part for part in rule.parts if type(part) in PARTS)
