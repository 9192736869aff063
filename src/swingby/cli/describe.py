"""``swingby describe``: a program in plain English."""

from __future__ import annotations

from pathlib import Path

import click

from swingby.cli.inputs import RULE, json_option, program_argument, read_program, width_option
from swingby.cli.printing import print_json
from swingby.errors import MisusedError
from swingby.program import as_markdown, as_text, describe


@click.command("describe")
@program_argument
@click.option("--rule", "path", type=RULE, default=None, help="Only this rule, such as points.training.")
@click.option("--markdown", "as_page", is_flag=True, help="Print a page of Markdown, for a guide or a wiki.")
@width_option
@json_option
def command(program_path: Path, path: str | None, as_page: bool, width: int, as_json: bool) -> None:
    """Put PROGRAM into plain English sentences that can be read aloud, defaults included.

    Tiers come first, from high to low, then what they stand on, and last what holds unless a rule says otherwise.
    """
    if as_page and as_json:
        message = "--json and --markdown exclude each other."
        raise MisusedError(code="options-exclusive", message=message, hint="Choose one of them.")
    found = describe(read_program(program_path))
    if path:
        found = found.only(path)
    if as_json:
        print_json(found)
    else:
        click.echo(as_markdown(found) if as_page else as_text(found, width=width), nl=False)
