"""`swingby demo`: an example company, on the terminal and in the browser."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path

import click

from swingby.cli.serve import data_option, port_option

#: The day on which the example stands still.
TODAY = date(2026, 3, 31)


@click.command("demo")
@click.option("--no-serve", is_flag=True, help="Stop after the summary.")
@port_option
@data_option
def command(no_serve: bool, port: int | None, data: Path | None) -> None:
    """Show an example company: a summary here, then the application with a login for each role.

    The company and its partners are made up. The second start takes up where the first ended.
    """
    from swingby.web.server.layout import default_data, layout_of

    data = layout_of(data or default_data()).data
    example = make_example(data / "example")
    click.echo(f"\n{summary_of(example)}\n")
    if not no_serve:
        from swingby.web.server.demonstration import demonstrate

        firm = make_firm(data / "firm")
        sys.exit(demonstrate(example, firm=firm, data=data, port=port, today=TODAY))


def make_example(folder: Path) -> Path:
    """Generate the example into ``folder`` unless it is there; whole or not at all."""
    from swingby.generation import generate_example

    return _make(folder, generate_example, what="example company")


def make_firm(folder: Path) -> Path | None:
    """Generate a firm in it, which keeps its own people's learning, in the same way; None where no example has one."""
    from swingby.generation.firm import example_firm, generate_firm

    described = example_firm()
    return _make(folder, partial(generate_firm, described=described), what="firm in it") if described else None


def _make(folder: Path, generate: Callable[[Path], object], *, what: str) -> Path:
    from swingby.web.server.console import ticking

    if folder.exists():
        return folder
    unfinished = folder.with_name(f"{folder.name}.new")
    shutil.rmtree(unfinished, ignore_errors=True)
    with ticking(what):
        generate(unfinished)
    unfinished.rename(folder)
    return folder


def summary_of(example: Path) -> str:
    """Where the example's partners stand, computed at the first call and kept beside the facts."""
    kept = example / "summary.txt"
    if not kept.exists():
        # Not before it is needed: the second start need not load the engine.
        from swingby.cli.demo_summary import describe_example
        from swingby.web.server.console import ticking

        with ticking("assessment"):
            text = "\n".join(describe_example(example, today=TODAY))
        unfinished = kept.with_suffix(".new")
        unfinished.write_text(text, encoding="utf-8")
        unfinished.rename(kept)
    return kept.read_text(encoding="utf-8")
