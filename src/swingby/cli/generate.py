"""``swingby generate``: the facts of an example company."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from swingby.cli.printing import print_table
from swingby.errors import MisusedError


@click.command("generate")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--archetypes", type=click.Path(path_type=Path), help="Another company's file of archetypes.")
@click.option("--seed", help="Another seed; the same seed gives the same bytes.")
@click.option("--partners", type=click.IntRange(min=1), help="Another number of partners, in the same proportions.")
@click.option("--activities", type=click.IntRange(min=1), help="About so many activities, in place of --partners.")
@click.option(
    "--truth",
    type=click.Choice(["all", "none"]),
    default="all",
    show_default=True,
    help="Which effects are planted: all of them, or no effect of anything on anything.",
)
@click.option(
    "--format",
    "written",
    type=click.Choice(["csv", "parquet"]),
    help="csv, with the mess of several systems, or parquet; by size if left out.",
)
def command(
    folder: Path,
    archetypes: Path | None,
    seed: str | None,
    partners: int | None,
    activities: int | None,
    truth: str,
    written: Literal["csv", "parquet"] | None,
) -> None:
    """Write the facts of an invented company and its program to FOLDER.

    Up to 4,000 partners as CSV, as several systems would export them; more as Parquet, a folder for each kind.
    """
    # NumPy is loaded for this command only.
    from swingby.generation import generate_example

    if partners is not None and activities is not None:
        message = "--partners and --activities both say how large the company is."
        raise MisusedError(code="options-exclusive", message=message, hint="Leave one of them out.")
    summary = generate_example(
        folder,
        archetypes=archetypes,
        seed=seed,
        partners=partners,
        activities=activities,
        truth=truth == "all",
        written=written,
    )
    click.echo(f"{summary.partners:,} partners in {summary.folder}, seed {summary.seed}\n")
    print_table(("table", "rows"), ((name, f"{rows:,}") for name, rows in summary.rows.items()), right=("rows",))
