"""One word of a program is exchanged for another that it knows: the checks refuse it, or it is computed, or it is
refused with its place; never a traceback.

Each declaration of an example is tried beside what it reads only, so that a trial takes a fraction of a second.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from swingby.engine import assess
from swingby.errors import SwingbyError
from swingby.facts import FactSet, from_rows
from swingby.program import Program, load_text, load_texts
from swingby.program.checks import Subject
from swingby.program.checks.cycles import graph_of
from swingby.program.kinds import FACT_KINDS, OWNER_LINK, ColumnType
from swingby.program.reading.nodes import ListNode, MapNode, Node, ScalarNode
from swingby.program.reading.source import SourceText, compose

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = sorted(
    path.parent
    for pattern in (
        "examples/published/*/program.yaml",
        "examples/*/program.yaml",
        "examples/harborline/program/program.yaml",
        "tests/program/data/mechanics/program.yaml",
        "tests/program/describing/rare/program.yaml",
    )
    for path in ROOT.glob(pattern)
)
DAY, HAPPENED, JOINED = date(2026, 3, 31), date(2024, 3, 1), date(2024, 1, 1)
#: Sections that every trial keeps whole.
KEPT = ("program", "calendars", "facts")
WORDS = (
    "month quarter year day fiscal joined ever never all any none facts fact person customer deal enrolment role kind "
    "organization.country organization.root customer.market enrolment.joined_on association.kind deal_party.role held "
    "started ended own tree nearest approved 0 1 -1 12 0.5 25% true false 2024-02-29 02-29 happened_on starts_on"
).split()
COLUMNS = sorted({column.name for kind in FACT_KINDS.values() for column in kind.all_columns})
CELLS: Mapping[ColumnType, object] = {
    "word": "a",
    "text": "t",
    "id": "x",
    "number": Decimal(1),
    "percent": Decimal(1),
    "amount": Decimal(5),
    "date": HAPPENED,
    "truth": True,
}
Entries = Mapping[str, Sequence[tuple[ScalarNode, Node]]]


@dataclass(frozen=True, slots=True)
class Trial:
    """A declaration of an example, with what it reads."""

    example: str
    section: str
    name: str
    entries: Entries

    @property
    def scalars(self) -> list[ScalarNode]:
        """The words and keys of the declaration itself."""
        own = [node for key, node in self.entries[self.section] if key.text == self.name]
        return [scalar for node in own for scalar in scalars_in(node)]

    @property
    def words(self) -> list[str]:
        """What a word may be exchanged for."""
        inside = {
            scalar.text
            for entries in self.entries.values()
            for key, node in entries
            for scalar in (key, *scalars_in(node))
        }
        return [*sorted(inside), *COLUMNS, *WORDS]

    def text(self, changed: ScalarNode, word: str) -> str:
        """The program with one word exchanged."""
        swaps = {id(changed): word}
        return "\n".join(
            f"{section}: {{{', '.join(f'{quoted(key.text)}: {written(node, swaps)}' for key, node in entries)}}}"
            for section, entries in self.entries.items()
            if entries
        )


def scalars_in(node: Node) -> Iterator[ScalarNode]:
    """The scalars of a node, keys included."""
    if isinstance(node, ScalarNode):
        yield node
    elif isinstance(node, ListNode):
        for item in node.items:
            yield from scalars_in(item)
    else:
        for key, value in node.entries:
            yield key
            yield from scalars_in(value)


def written(node: Node, swaps: Mapping[int, str]) -> str:
    """A node in flow style."""
    if isinstance(node, MapNode):
        return f"{{{', '.join(f'{written(key, swaps)}: {written(value, swaps)}' for key, value in node.entries)}}}"
    if isinstance(node, ListNode):
        return f"[{', '.join(written(item, swaps) for item in node.items)}]"
    text = swaps.get(id(node), node.text)
    return json.dumps(text, ensure_ascii=False) if node.quoted and text == node.text else quoted(text)


def quoted(text: str) -> str:
    """A plain text, in quotes where YAML needs them."""
    return json.dumps(text, ensure_ascii=False) if set(text) & set("{}[],:#") else text


@cache
def trials() -> tuple[Trial, ...]:
    """Every declaration of every example."""
    return tuple(trial for folder in FOLDERS for trial in _trials(folder))


def _trials(folder: Path) -> Iterator[Trial]:
    texts = [(path.name, path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.yaml"))]
    program = load_texts(texts).program
    assert program is not None
    sections: dict[str, list[tuple[ScalarNode, Node]]] = {}
    for name, text in texts:
        root, _ = compose(SourceText(name, text))
        assert isinstance(root, MapNode)
        for key, node in root.entries:
            assert isinstance(node, MapNode)
            sections.setdefault(key.text, []).extend(node.entries)
    reads = _reads(program)
    for section, entries in sections.items():
        for key, _ in entries if section != "program" else ():
            needed = _needed(f"{section}.{key.text}", reads)
            chosen = {
                other: [entry for entry in found if other in KEPT or f"{other}.{entry[0].text}" in needed]
                for other, found in sections.items()
            }
            yield Trial(folder.name, section, key.text, chosen)


def _reads(program: Program) -> dict[str, list[str]]:
    """What every declaration reads, lists of cells and accounts included."""
    reads = graph_of(Subject.of(program, frozenset()))
    cells = [f"tables.{name}" for name, table in program.tables.items() if table.items]
    for earning in (*program.points.values(), *program.incentives.values()):
        accounts = {
            earning.into,
            earning.out_of,
            *(name for part in earning.split for name in (part.into, part.otherwise)),
        }
        section = "points" if earning.section == "points" else "incentives"
        reads[f"{section}.{earning.name}"] += [f"accounts.{name}" for name in accounts if name]
    return {path: [*found, *cells] for path, found in reads.items()}


def _needed(path: str, reads: Mapping[str, Sequence[str]]) -> set[str]:
    needed, waiting = {path}, [path]
    while waiting:
        for step in reads.get(waiting.pop(), ()):
            for name in {step, step.removesuffix(".inflow")} - needed:
                needed.add(name)
                waiting.append(name)
    return needed


def facts_for(program: Program, text: str) -> FactSet:
    """One fact of every kind that the program's text names, and of every kind of link, of one partner."""
    tables: dict[str, list[dict[str, object]]] = {
        "organizations": [{"organization": "acme", "country": "DE"}],
        "enrolments": [{"enrolment": "acme", "organization": "acme", "joined_on": JOINED}],
    }
    for kind in program.kinds.values():
        declared = program.facts.get(kind.name)
        if (kind.name in text or kind.name in OWNER_LINK.values()) and (declared is None or not declared.subset_of):
            joints = {name for name, _ in declared.joint} if declared else set()
            row = {column.name: CELLS[column.type] for column in kind.columns if column.name not in joints}
            row |= {"organization": "acme"} if "organization" in row else {}
            row |= {"currency": program.header.currency} if "currency" in row else {}
            tables[kind.name] = [{**row, kind.day_columns[0]: HAPPENED, "fact_id": kind.name}]
    return from_rows(tables, program)


def traceback_of(text: str) -> str:
    """What computing a program ends in, where that is neither an answer nor a refusal with a place."""
    program = load_text(text).program
    if program is None:
        return ""
    try:
        with closing(facts_for(program, text)) as facts:
            assess(program, facts, as_of=DAY).close()
    except SwingbyError as refused:
        return "" if refused.message.startswith("program.yaml:") else f"{refused.code}: {refused.message}"
    except Exception as error:  # noqa: BLE001 (any is a defect, and the trial that led to it must be said)
        return f"{type(error).__name__}: {error}"
    return ""


def broken(seed: int, *, count: int) -> list[str]:
    """The trials that end in a traceback, among some that are drawn."""
    chance = random.Random(seed)
    found = []
    for _ in range(count):
        trial = chance.choice(trials())
        scalar, word = chance.choice(trial.scalars), chance.choice(trial.words)
        said = traceback_of(trial.text(scalar, word))
        if said:
            what = f"{trial.example} {trial.section}.{trial.name}: {scalar.location} {scalar.text} -> {word}"
            found.append(f"{what}: {said}")
    return found


def test_a_word_exchanged_ends_in_an_answer_or_a_refusal() -> None:
    assert broken(1, count=90) == []


@pytest.mark.slow
@pytest.mark.long
def test_thousands_of_words_exchanged_end_in_an_answer_or_a_refusal() -> None:
    assert broken(2, count=6_000) == []
