"""``swingby generate --company``: an example company by its name, which may be a firm in many vendors' programs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click

from swingby.cli.printing import print_json, print_table
from swingby.cli.progress import progress
from swingby.errors import MisusedError


def write_if_firm(
    folder: Path, company: str, *, seed: str | None, as_json: bool, only_vendors: Mapping[str, object]
) -> Path | None:
    """Write a firm and say what was written; of a vendor give the file that describes it.

    Parameters
    ----------
    only_vendors
        By name the options that say something of a vendor's partners, with what was given; None where nothing was.

    Raises
    ------
    MisusedError
        ``company-unknown``, or ``options-exclusive`` when a firm is asked for with what only vendors have.
    """
    # The generator is loaded for this command only.
    from swingby.generation.firm import FIRM, company_file, generate_firm

    described = company_file(company)
    if described.name != FIRM:
        return described
    for option, given in only_vendors.items():
        if given is not None:
            message = f"{option} is about the partners of a vendor; {company} is a firm."
            raise MisusedError(code="options-exclusive", message=message, hint=f"Leave {option} out.")
    with progress("Drawing a firm"):
        summary = generate_firm(folder, described, seed=seed)
    if as_json:
        print_json(summary)
        return None
    click.echo(f"{summary.programs} programs in {summary.folder}, seed {summary.seed}\n")
    print_table(("file", "rows"), ((name, f"{rows:,}") for name, rows in summary.rows.items()), right=("rows",))
    return None
