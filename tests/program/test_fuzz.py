"""Nothing that is written makes loading raise or hang: texts cut off, mixed up, and made of pieces of the language."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from swingby.program import Loaded, load_text
from swingby.program.reading.nodes import ListNode, MapNode, Node
from swingby.program.reading.source import SourceText, compose
from swingby.program.schema import program_schema

from .reading import HEADER

EXAMPLES = Path(__file__).parents[2] / "examples" / "published"
TEXTS = [path.read_text() for path in sorted(EXAMPLES.glob("*/*.yaml"))] + [
    path.read_text() for path in sorted((Path(__file__).parent / "data").glob("*/*.yaml"))
]
LINES = sorted({line for text in TEXTS for line in text.splitlines() if line.strip()})
PIECES = [
    "{",
    "}",
    "[",
    "]",
    ",",
    ": ",
    "\n",
    "  ",
    "- ",
    '"',
    "'",
    "&a ",
    "*a",
    "!t ",
    "<<",
    "?",
    "|",
    "%",
    "#",
    "\0",
    "\t",
    "é",
]
WORDS = sorted({word for text in TEXTS for word in text.replace(",", " ").split()})
QUICK = settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])


def check(found: Loaded) -> None:
    """Either a program without errors, or errors that stand somewhere and say something."""
    assert (found.program is None) == bool(found.errors)
    for issue in found.issues:
        assert issue.location.line >= 1
        assert issue.code
        assert issue.message
        assert "Traceback" not in str(issue)


@QUICK
@given(st.data())
def test_a_text_that_is_cut_off(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(TEXTS))
    check(load_text(text[: data.draw(st.integers(0, len(text)))]))


@QUICK
@given(st.data())
def test_a_text_with_pieces_put_in_or_taken_out(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(TEXTS))
    for _ in range(data.draw(st.integers(1, 6))):
        start = data.draw(st.integers(0, len(text)))
        end = min(len(text), start + data.draw(st.integers(0, 12)))
        text = text[:start] + data.draw(st.sampled_from(PIECES + WORDS)) + text[end:]
    check(load_text(text))


@QUICK
@given(st.lists(st.sampled_from(LINES), max_size=40))
def test_lines_in_any_order(lines: list[str]) -> None:
    check(load_text("\n".join(lines)))


@QUICK
@given(st.text(max_size=300))
def test_any_text(text: str) -> None:
    check(load_text(text))


def test_half_a_character_is_no_traceback() -> None:
    check(load_text("program: {id: \ud800}"))


KEYS = sorted({key for found in program_schema()["$defs"].values() for key in found.get("properties", {})})
SCALARS = st.sampled_from(
    [
        "1",
        "-1",
        "25%",
        "2025-02-01",
        "02-01",
        "month",
        "fiscal quarter",
        "12 months",
        "true",
        "all",
        "none",
        "any",
        "ever",
        "never",
        "joined",
        "facts",
        "person",
        "credentials",
        "deals",
        "gold",
        "level",
        "total",
        "",
        "~",
        "010",
        "NO",
    ]
)
TREES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]"),
        st.dictionaries(st.sampled_from(KEYS), inner, max_size=4).map(
            lambda found: "{" + ", ".join(f"{key}: {value}" for key, value in found.items()) + "}"
        ),
    ),
    max_leaves=12,
)
SECTIONS = ["calendars", "tables", "facts", "tracks", "measures", "points", "scores"]
SECTIONS += ["requirements", "ladders", "accounts", "benefits", "incentives", "program"]


@pytest.mark.slow
@settings(max_examples=300, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.dictionaries(
        st.sampled_from(SECTIONS),
        st.dictionaries(st.sampled_from(["a", "b", "total", "level"]), TREES, max_size=2),
        max_size=3,
    )
)
def test_keys_of_the_language_in_any_combination(rules: dict[str, dict[str, str]]) -> None:
    body = "".join(
        f"{section}:\n" + "".join(f"  {name}: {tree}\n" for name, tree in names.items())
        for section, names in rules.items()
    )
    header = 'program: {id: example, version: "1", effective: 2024-01-01, currency: USD}\n'
    check(load_text(body if "program" in rules else header + body))


def _parts(node: Node) -> Iterator[Node]:
    yield node
    for child in children(node):
        yield from _parts(child)


def children(node: Node) -> tuple[Node, ...]:
    if isinstance(node, MapNode):
        return tuple(value for _, value in node.entries)
    return node.items if isinstance(node, ListNode) else ()


def _write(node: Node, swaps: dict[int, Node]) -> str:
    """The node in flow style, with some of its parts exchanged."""
    found = swaps.get(id(node), node)
    if isinstance(found, MapNode):
        inner = (f"{json.dumps(key.text, ensure_ascii=False)}: {_write(value, swaps)}" for key, value in found.entries)
        return "{" + ", ".join(inner) + "}"
    if isinstance(found, ListNode):
        return "[" + ", ".join(_write(item, swaps) for item in found.items) + "]"
    return found.text if not found.quoted and found.text.isascii() and ":" not in found.text else json.dumps(found.text)


ROOTS = [root for text in TEXTS if (root := compose(SourceText("x.yaml", text))[0])]
PARTS = [part for root in ROOTS for part in _parts(root) if not isinstance(part, MapNode) or len(part.entries) < 12]


@pytest.mark.proof
@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_programs_whose_parts_are_exchanged(data: st.DataObject) -> None:
    root = data.draw(st.sampled_from(ROOTS))
    own = list(_parts(root))
    count = data.draw(st.integers(1, 4))
    swaps = {id(own[data.draw(st.integers(1, len(own) - 1))]): data.draw(st.sampled_from(PARTS)) for _ in range(count)}
    kept = {key: part for key, part in swaps.items() if not any(id(inner) in swaps for inner in _parts(part))}
    check(load_text(_write(root, kept)))


@pytest.mark.parametrize(
    "section",
    [
        "requirements: {a: {above: 1, after: 1, ago: 1, median: []}}",
        "tables: {a: {median: []}}",
        "tables: {a: {product: []}}",
        "measures: {a: {median: []}}",
    ],
)
def test_what_fuzzing_once_broke_is_an_issue(section: str) -> None:
    found = load_text(f"{HEADER}{section}\n")
    assert found.errors
