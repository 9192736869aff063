"""`swingby restore`: an empty host filled from a backup."""

from __future__ import annotations

from pathlib import Path

import click

from swingby.cli.inputs import json_option
from swingby.cli.printing import print_json
from swingby.cli.serve import data_option


@click.command("restore")
@click.argument("folder", metavar="FOLDER", type=click.Path(path_type=Path))
@click.option(
    "--secrets",
    type=click.Path(path_type=Path, file_okay=False),
    help="Take the signing key from this folder, so that no link that was sent becomes invalid.",
)
@data_option
@json_option
def command(folder: Path, secrets: Path | None, data: Path | None, as_json: bool) -> None:
    """Fill an empty data folder, or an empty database, from the backup in FOLDER.

    Every file is compared with its digest first; a database that holds tables is refused. Start the application
    afterwards: everybody signs in again, and waiting jobs go on.
    """
    from swingby.web.server.backups import restore
    from swingby.web.server.layout import default_data

    found = restore(data or default_data(), backup=folder, secrets=secrets)
    if as_json:
        print_json(found)
    else:
        click.echo(
            f"Restored from {found.folder}: taken {found.taken_at} by Swingby {found.version}, sent files: {found.files}."
        )
