"""The reference pages say what the tables say, and their examples do what they say."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from swingby.program import load_text
from swingby.program.codes import CODES
from swingby.program.reference import PAGES, constructs, documented, fill
from tests.program.reading import HEADER

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / PAGES
NAMES = sorted(path.name for path in FOLDER.glob("*.md"))
EXAMPLE = re.compile(r"```yaml\n(.*?)```", re.DOTALL)
MISTAKE = re.compile(r"```yaml wrong\n(.*?)```\s+```text\n(.*?)```", re.DOTALL)


def text_of(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


def program_of(example: str) -> str:
    return example if example.startswith("program:") else HEADER + example


EXAMPLES = [
    pytest.param(example, id=f"{name}-{number}")
    for name in NAMES
    for number, example in enumerate(EXAMPLE.findall(text_of(name)), 1)
]
MISTAKES = [pytest.param(*found, id=name) for name in NAMES for found in MISTAKE.findall(text_of(name))]


@pytest.mark.parametrize("name", NAMES)
def test_a_page_is_up_to_date(name: str) -> None:
    assert text_of(name) == fill(text_of(name)), "run python -m swingby.program.reference"


def test_every_construct_has_its_keys_on_a_page() -> None:
    shown = set().union(*(documented(text_of(name)) for name in NAMES))
    assert shown == set(constructs())


def test_every_key_says_what_it_means() -> None:
    empty = [(found.name, key.name) for found in constructs().values() for key in found.keys if not key.doc]
    assert empty == []


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_loads(example: str) -> None:
    found = load_text(program_of(example))
    assert [str(issue) for issue in found.issues if issue.code != "unused"] == []
    assert found.program is not None


@pytest.mark.parametrize(("example", "expected"), MISTAKES)
def test_a_mistake_is_answered_as_the_page_says(example: str, expected: str) -> None:
    assert [str(issue) for issue in load_text(program_of(example)).issues] == expected.splitlines()


def test_every_code_is_on_the_list_and_every_code_on_the_list_is_used() -> None:
    used: set[str] = set()
    places = [*(ROOT / "src/swingby/program").rglob("*.py"), ROOT / "src/swingby/engine/refusals.py"]
    for path in places:
        if path.name != "codes.py":
            used |= set(_codes_in(ast.parse(path.read_text(encoding="utf-8"))))
    assert used == set(CODES)


def _codes_in(tree: ast.AST) -> list[str]:
    """The codes given to what makes issues: the second argument, or ``code=``."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node) in {"error", "warn", "warning", "stop", "Issue", "from_text"}:
            places = [node.args[1]] if len(node.args) > 1 else []
            places += [word.value for word in node.keywords if word.arg == "code"]
            found += [
                place.value for place in places if isinstance(place, ast.Constant) and isinstance(place.value, str)
            ]
    if isinstance(tree, ast.Module):
        found += [item.value for node in ast.walk(tree) for item in _defaults(node) if isinstance(item.value, str)]
    return found


def _defaults(node: ast.AST) -> list[ast.Constant]:
    """The default of a parameter named ``code``."""
    if not isinstance(node, ast.FunctionDef):
        return []
    pairs = zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
    return [default for word, default in pairs if word.arg == "code" and isinstance(default, ast.Constant)]


def _name(call: ast.Call) -> str:
    return getattr(call.func, "attr", getattr(call.func, "id", ""))
