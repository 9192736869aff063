from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from swingby.program.reading import literals
from swingby.program.reading.nodes import ListNode, MapNode, Node
from swingby.program.reading.source import SourceText, compose
from swingby.program.reference import SCHEMA, schema_text
from swingby.program.schema import program_schema
from tests.program.reading import HEADER

ROOT = Path(__file__).parents[2]
FILES = sorted([*(ROOT / "examples/published").glob("*/*.yaml"), *(Path(__file__).parent / "data").glob("*/*.yaml")])
VALIDATOR = Draft202012Validator(program_schema())


def plain(node: Node) -> Any:
    """A node as an editor's YAML reader hands it to JSON Schema."""
    if isinstance(node, MapNode):
        return {key.text: plain(value) for key, value in node.entries}
    if isinstance(node, ListNode):
        return [plain(item) for item in node.items]
    if node.is_nothing:
        return None
    number = None if node.quoted or node.text.endswith("%") else literals.number(node.text)
    if number is not None:
        return int(number) if number == number.to_integral_value() else float(number)
    truth = None if node.quoted else literals.truth(node.text)
    return node.text if truth is None else truth


def problems(text: str) -> list[str]:
    node, issues = compose(SourceText("program.yaml", text))
    assert issues == []
    assert node is not None
    return ["/".join(map(str, error.absolute_path)) for error in VALIDATOR.iter_errors(plain(node))]


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(program_schema())


def test_the_file_in_the_repository_is_up_to_date() -> None:
    assert (ROOT / SCHEMA).read_text(encoding="utf-8") == schema_text(), "run python -m swingby.program.reference"


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_programs_pass(path: Path) -> None:
    assert problems(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("rules", "place"),
    [
        ("mesures: {}\n", ""),
        ("measures: {m: {count: person, off: credentials}}\n", "measures/m"),
        ("measures: {m: {count: person, of: credentials, over: 12 months}}\n", "measures/m"),
        ("points: {p: {for_each: deals, earn: {steps: {a: 1}}}}\n", "points/p/earn"),
        ("ladders: {l: {tiers: [{requires: {decision: x}}]}}\n", "ladders/l/tiers/0"),
        ("tracks: {t: {chosen: x}}\n", "tracks/t"),
        ("requirements: {r: {measure: m}}\n", "requirements/r"),
    ],
)
def test_what_has_another_shape_does_not_pass(rules: str, place: str) -> None:
    assert problems(HEADER + rules) == [place]
