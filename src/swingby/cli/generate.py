"""``swingby generate``: the facts of an example company."""

from __future__ import annotations

from pathlib import Path

import click

from swingby.cli.printing import print_table
from swingby.errors import MisusedError
from swingby.generation import generate_example
from swingby.generation.firm import FIRM, company_file, generate_firm


@click.command("generate")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--company", help="An example company, by its folder under examples; the first vendor if left out.")
@click.option("--archetypes", type=click.Path(path_type=Path), help="Another company's file of archetypes.")
@click.option("--seed", help="Another seed; the same seed gives the same bytes.")
@click.option("--partners", type=click.IntRange(min=1), help="Another number of partners, in the same proportions.")
def command(folder: Path, company: str | None, archetypes: Path | None, seed: str | None, partners: int | None) -> None:
    """Write the facts of an invented company and its program to FOLDER, one CSV file for each kind.

    A firm that is in many vendors' programs gets a folder of facts for each of them, and one for itself.
    """
    if company is not None:
        archetypes = _described(company, archetypes)
        if archetypes.name == FIRM:
            _write_firm(folder, archetypes, seed=seed, partners=partners)
            return
    summary = generate_example(folder, archetypes=archetypes, seed=seed, partners=partners)
    click.echo(f"{summary.partners} partners in {summary.folder}, seed {summary.seed}\n")
    print_table(
        ("file", "rows"), ((f"{name}.csv", f"{rows:,}") for name, rows in summary.rows.items()), right=("rows",)
    )


def _described(company: str, archetypes: Path | None) -> Path:
    if archetypes is not None:
        message = "--company and --archetypes both name a company."
        raise MisusedError(code="options-exclusive", message=message, hint="Leave one of them out.")
    return company_file(company)


def _write_firm(folder: Path, described: Path, *, seed: str | None, partners: int | None) -> None:
    if partners is not None:
        message = "--partners says how many partners a vendor has; this company is a firm."
        raise MisusedError(code="options-exclusive", message=message, hint="Leave --partners out.")
    summary = generate_firm(folder, described, seed=seed)
    click.echo(f"{summary.programs} programs in {summary.folder}, seed {summary.seed}\n")
    print_table(("file", "rows"), ((name, f"{rows:,}") for name, rows in summary.rows.items()), right=("rows",))
