"""``swingby generate``: the facts of an example company."""

from __future__ import annotations

from pathlib import Path

import click

from swingby.cli.generate_firm import write_if_firm
from swingby.cli.inputs import json_option
from swingby.cli.printing import print_json, print_table
from swingby.cli.progress import progress
from swingby.errors import MisusedError
from swingby.generation import generate_example


@click.command("generate")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--company", metavar="NAME", help="An example company, by its folder under examples; the first vendor if left out."
)
@click.option("--archetypes", type=click.Path(path_type=Path), help="Another company's file of archetypes.")
@click.option("--seed", help="Another seed; the same seed gives the same bytes.")
@click.option(
    "--partners",
    type=click.IntRange(min=1),
    metavar="COUNT",
    help="Another number of partners, in the same proportions.",
)
@json_option
def command(
    folder: Path,
    company: str | None,
    archetypes: Path | None,
    seed: str | None,
    partners: int | None,
    as_json: bool,
) -> None:
    """Write the facts of an invented company and its program to FOLDER, one CSV file for each kind.

    A firm that is in many vendors' programs gets a folder of facts for each of them, and one for itself.
    """
    if company is not None:
        if archetypes is not None:
            message = "--company and --archetypes both name a company."
            raise MisusedError(code="options-exclusive", message=message, hint="Leave one of them out.")
        archetypes = write_if_firm(folder, company, seed=seed, as_json=as_json, only_vendors={"--partners": partners})
        if archetypes is None:
            return
    with progress("Drawing an example"):
        summary = generate_example(folder, archetypes=archetypes, seed=seed, partners=partners)
    if as_json:
        print_json(summary)
        return
    click.echo(f"{summary.partners} partners in {summary.folder}, seed {summary.seed}\n")
    print_table(
        ("file", "rows"), ((f"{name}.csv", f"{rows:,}") for name, rows in summary.rows.items()), right=("rows",)
    )
