"""The page of the commands says what the commands say, and its examples are calls that they understand."""

from __future__ import annotations

import re
import shlex

import click
import pytest

from swingby.cli import COMMANDS
from swingby.errors import ExitCode
from tools.command_page import PAGE, commands, documented, fill
from tools.places import ROOT

TEXT = PAGE.read_text(encoding="utf-8")
EXAMPLES = [line for block in re.findall(r"```sh\n(.*?)```", TEXT, re.DOTALL) for line in block.splitlines()]


def test_every_command_is_described() -> None:
    assert documented(TEXT) == list(commands())


def test_the_readme_lists_every_command_as_help_does() -> None:
    listed = re.findall(r"^swingby ([a-z]+)", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert listed == list(COMMANDS)


def test_the_page_is_up_to_date() -> None:
    assert fill(TEXT) == TEXT, "run python -m tools.command_page"


def test_every_option_says_what_it_means() -> None:
    silent = [
        (name, item.name)
        for name, command in commands().items()
        for item in command.params
        if isinstance(item, click.Option) and not item.help
    ]
    assert silent == []


def test_every_argument_is_explained() -> None:
    pieces = {
        word.strip("[]")
        for command in commands().values()
        for item in command.params
        if isinstance(item, click.Argument)
        for piece in item.get_usage_pieces(click.Context(command))
        for word in piece.split()
    }
    assert pieces - set(re.findall(r"^\| `([A-Z]+)` \|", TEXT, re.MULTILINE)) == set()


def test_every_exit_code_is_listed() -> None:
    listed = [int(code) for code in re.findall(r"^\| (\d+) \|", TEXT, re.MULTILINE)]
    assert listed == [code.value for code in ExitCode]


@pytest.mark.parametrize("line", EXAMPLES)
def test_an_example_is_a_call(line: str) -> None:
    program, name, *words = shlex.split(line)
    assert program == "swingby"
    if isinstance(commands()[name], click.Group):
        name, *words = f"{name} {words[0]}", *words[1:]
    assert commands()[name].make_context(name, words).args == []
