"""``swingby generate``: the facts of an example company."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from swingby.cli.generate_firm import write_if_firm
from swingby.cli.inputs import json_option
from swingby.cli.printing import print_json, print_table
from swingby.cli.progress import progress
from swingby.errors import MisusedError


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
@click.option(
    "--activities",
    type=click.IntRange(min=1),
    metavar="COUNT",
    help="About so many activities, in place of --partners.",
)
@click.option(
    "--truth",
    type=click.Choice(["all", "none"]),
    help="Which effects are planted: all of them, also if left out, or no effect of anything on anything.",
)
@click.option(
    "--format",
    "written",
    type=click.Choice(["csv", "parquet"]),
    help="csv, with the mess of several systems, or parquet; by size if left out.",
)
@json_option
def command(
    folder: Path,
    company: str | None,
    archetypes: Path | None,
    seed: str | None,
    partners: int | None,
    activities: int | None,
    truth: str | None,
    written: Literal["csv", "parquet"] | None,
    as_json: bool,
) -> None:
    """Write the facts of an invented company and its program to FOLDER.

    Up to 4,000 partners as CSV, as several systems would export them; more as Parquet, a folder for each kind. A firm
    that is in many vendors' programs gets a folder of facts for each of them, and one for itself.
    """
    # NumPy is loaded for this command only.
    from swingby.generation import generate_example

    _refuse_both("--partners and --activities both say how large the company is.", partners, activities)
    _refuse_both("--company and --archetypes both name a company.", company, archetypes)
    if company is not None:
        only_vendors = {"--partners": partners, "--activities": activities, "--truth": truth, "--format": written}
        archetypes = write_if_firm(folder, company, seed=seed, as_json=as_json, only_vendors=only_vendors)
        if archetypes is None:
            return
    with progress("Drawing an example"):
        summary = generate_example(
            folder,
            archetypes=archetypes,
            seed=seed,
            partners=partners,
            activities=activities,
            truth=truth != "none",
            written=written,
        )
    if as_json:
        print_json(summary)
        return
    click.echo(f"{summary.partners:,} partners in {summary.folder}, seed {summary.seed}\n")
    print_table(("table", "rows"), ((name, f"{rows:,}") for name, rows in summary.rows.items()), right=("rows",))


def _refuse_both(message: str, one: object, other: object) -> None:
    if one is not None and other is not None:
        raise MisusedError(code="options-exclusive", message=message, hint="Leave one of them out.")
