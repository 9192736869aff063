"""``swingby difference``: two versions of a program told apart."""

from __future__ import annotations

from pathlib import Path

import click

from swingby.cli.inputs import PROGRAM, json_option, read_program, width_option
from swingby.cli.printing import print_json
from swingby.errors import MisusedError
from swingby.program import as_markdown, as_text, difference, difference_as_table


@click.command("difference")
@click.argument("old_path", metavar="OLD", type=PROGRAM)
@click.argument("new_path", metavar="NEW", type=PROGRAM)
@click.option("--table", "as_rows", is_flag=True, help="Print a table, a row for each change.")
@click.option(
    "--markdown", "as_page", is_flag=True, help="Print a page of Markdown with a table for each kind of change."
)
@width_option
@json_option
def command(old_path: Path, new_path: Path, as_rows: bool, as_page: bool, width: int, as_json: bool) -> None:
    """Tell two versions of a program apart: what was added, removed and changed from OLD to NEW, with its places.

    What matters most to partners comes first: tiers and their thresholds, points, what is counted, and last words
    that change no result. The order of rules and files and comments make no difference. Ends with 0 whether or not
    the two differ.
    """
    if as_rows + as_page + as_json > 1:
        message = "--table, --markdown and --json exclude each other."
        raise MisusedError(code="options-exclusive", message=message, hint="Choose one of them.")
    found = difference(read_program(old_path), read_program(new_path))
    if as_json:
        print_json(found)
        return
    if as_rows:
        text = difference_as_table(found, width=width)
    else:
        text = as_markdown(found) if as_page else as_text(found, width=width)
    click.echo(text, nl=False)
