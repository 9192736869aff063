"""What tests of the language share: a header, and reading without checking."""

from __future__ import annotations

from decimal import Decimal

from swingby.program import Issue, Program, load_text
from swingby.program.blocks import Constant
from swingby.program.checks import Check, Subject
from swingby.program.numbers import NumberReference
from swingby.program.reading.nodes import MapNode
from swingby.program.reading.reader import Reader
from swingby.program.reading.sections import read_program
from swingby.program.reading.source import SourceText, compose

HEADER = 'program: {id: example, version: "1", effective: 2024-01-01, currency: USD}\n'
PEOPLE = "measures:\n  a: {count: person, of: credentials}\n  b: {count: code, of: credentials}\n"
A = NumberReference(section="measure", name="a")
B = NumberReference(section="measure", name="b")


def loaded(rules: str) -> Program:
    """A program without any error."""
    found = load_text(HEADER + rules)
    assert found.program is not None, [str(issue) for issue in found.issues]
    return found.program


def issues(rules: str) -> list[str]:
    """The issues of rules that stand below the header, as people read them; the header is line 1."""
    return [str(issue) for issue in load_text(HEADER + rules).issues]


def codes(rules: str) -> list[str]:
    """The codes of the issues in order of place."""
    return [issue.code for issue in load_text(HEADER + rules).issues]


def found_by(check: Check, rules: str) -> list[Issue]:
    """What one check says about rules that can be read without an error."""
    reader = Reader()
    root, wrong = compose(SourceText("program.yaml", HEADER + rules))
    assert isinstance(root, MapNode)
    assert wrong == []
    reading = read_program([root], reader, main="program.yaml", digest="")
    assert reader.issues == []
    assert reading.program is not None
    return list(check.run(Subject.of(reading.program, reading.unread)))


def number(value: str) -> Constant:
    return Constant(value=Decimal(value))


def word(value: str) -> Constant:
    return Constant(value=value)
