"""Files and functions stay short, and modules are named after what they hold."""

import re
from statistics import median

from tests.architecture.repository import functions, python_files, within

HOUSE = ("src/", "tools/", "bench/", "tests/")
LONGEST_FILE = 500
LONGEST_FUNCTION = 60
USUAL_FUNCTION = 8
EMPTY_WORDS = re.compile(r"(?:^|_)(?:utils?|helpers?|common|misc|manager)(?:_|$)")


def test_files_are_short() -> None:
    lengths = {within(path): path.read_text(encoding="utf-8").count("\n") for path in python_files(*HOUSE)}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FILE} == {}


def test_functions_are_short() -> None:
    lengths = {
        f"{within(path)}:{node.lineno} {node.name}": (node.end_lineno or node.lineno) - node.lineno + 1
        for path in python_files(*HOUSE)
        for node in functions(path)
    }
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FUNCTION} == {}


def test_the_usual_function_is_a_few_lines() -> None:
    lengths = [
        (node.end_lineno or node.lineno) - node.body[0].lineno + 1
        for path in python_files("src/")
        for node in functions(path)
    ]
    assert median(lengths) <= USUAL_FUNCTION


def test_modules_are_named_after_what_they_hold() -> None:
    names = {within(path): [*path.parts[:-1], path.stem] for path in python_files(*HOUSE)}
    assert [name for name, parts in names.items() if any(EMPTY_WORDS.search(part) for part in parts)] == []
