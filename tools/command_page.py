"""The parts of docs/reference/commands.md that come from the commands: usage, what they do, options, exit codes.

What stands between ``<!-- command: NAME -->`` and ``<!-- end -->`` is written here. `python -m tools.command_page`
writes the page anew.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator

import click

from swingby.cli import COMMANDS, load_command
from tools.places import ROOT

PAGE = ROOT / "docs" / "reference" / "commands.md"
_MARKED = re.compile(r"(<!-- command: (?P<name>[a-z]+(?: [a-z]+)?) -->\n)(?P<body>.*?)(<!-- end -->)", re.DOTALL)


def commands() -> dict[str, click.Command]:
    """Every command by its name, and those of a group behind it: ``evidence effect``."""
    found: dict[str, click.Command] = {}
    for name, entry in COMMANDS.items():
        found[name] = command = load_command(name, entry=entry)
        if isinstance(command, click.Group):
            found |= {f"{name} {inner}": part for inner, part in command.commands.items()}
    return found


def documented(text: str) -> list[str]:
    """The names of the commands that a page describes, in order."""
    return [found["name"] for found in _MARKED.finditer(text)]


def fill(text: str) -> str:
    """The page with what the commands say of themselves."""
    known = commands()
    return _MARKED.sub(lambda found: f"{found[1]}{_described(found['name'], known[found['name']])}{found[4]}", text)


def _described(name: str, command: click.Command) -> str:
    context = click.Context(command, info_name=f"swingby {name}")
    usage = " ".join((context.command_path, *command.collect_usage_pieces(context)))
    parts = [f"```text\n{usage}\n```", _help(command), *_options(command)]
    return "\n".join(f"{part}\n" for part in parts)


def _help(command: click.Command) -> str:
    return inspect.cleandoc(command.help or "").replace("``", "`")


def _options(command: click.Command) -> Iterator[str]:
    rows = [_row(item) for item in command.params if isinstance(item, click.Option)]
    if rows:
        yield "\n".join(("| Option | Means |", "| --- | --- |", *rows))


def _row(option: click.Option) -> str:
    written = ", ".join(option.opts)
    value = "" if option.is_flag else f" {option.metavar or option.type.name.removesuffix(' range').upper()}"
    return f"| `{written}{value}` | {option.help} |"


if __name__ == "__main__":
    PAGE.write_text(fill(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
