"""`swingby demo`: an example company, on the terminal and in the browser."""

from __future__ import annotations

import csv
import importlib
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import click

from swingby.cli.serve import data_option, port_option
from swingby.errors import SwingbyError


@click.command("demo")
@click.option("--no-serve", is_flag=True, help="Stop after the summary.")
@port_option
@data_option
def command(no_serve: bool, port: int | None, data: Path | None) -> None:  # noqa: FBT001 (click's signature)
    """Show an example company: a summary here, then the application with a login for each role.

    The company and its partners are made up. The second start takes up where the first ended.
    """
    from swingby.web.server.layout import default_data

    data = data or default_data()
    example = make_example(data / "example")
    summarise(example)
    if not no_serve:
        _serve(example, data=data, port=port)


def make_example(folder: Path) -> Path:
    """Generate the example into `folder` unless it is there; whole or not at all."""
    from swingby.web.server.console import ticking

    if folder.exists():
        return folder
    generate = _part("swingby.generation", "generate_example")
    unfinished = folder.with_name(f"{folder.name}.new")
    shutil.rmtree(unfinished, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with ticking("example data"):
        generate(unfinished)
    unfinished.rename(folder)
    return folder


def summarise(folder: Path) -> None:
    """Say what the example holds."""
    click.echo(f"\n  An invented company and its partners, in {folder}")
    for file in sorted(folder.rglob("*.csv")):
        with file.open(encoding="utf-8", newline="") as text:
            rows = sum(1 for _ in csv.reader(text)) - 1
        click.echo(f"  {file.stem:<22} {rows:>9,}")
    click.echo()


def _part(module: str, name: str) -> Callable[..., object]:
    try:
        found: Callable[..., object] = getattr(importlib.import_module(module), name)
    except (ModuleNotFoundError, AttributeError) as error:
        raise SwingbyError(
            code="part-missing",
            message=f"This installation has no example data: {module}.{name} is not there.",
            hint="`swingby serve` starts the application without them.",
        ) from error
    return found


def _serve(example: Path, *, data: Path, port: int | None) -> None:
    from swingby.web.server.demonstration import demonstrate

    sys.exit(demonstrate(example, data=data, port=port))
