"""`swingby backup`: the application's data, copied whole."""

from __future__ import annotations

from pathlib import Path

import click

from swingby.cli.inputs import json_option
from swingby.cli.printing import print_json
from swingby.cli.serve import data_option


@click.command("backup")
@click.argument("folder", metavar="FOLDER", type=click.Path(path_type=Path))
@click.option(
    "--secrets",
    type=click.Path(path_type=Path, file_okay=False),
    help="Also write the signing key, into this folder.",
)
@data_option
@json_option
def command(folder: Path, secrets: Path | None, data: Path | None, as_json: bool) -> None:
    """Write the database and all sent files into FOLDER, while the application runs or not.

    Without secrets: nobody's session, no password of the database, no signing key. --secrets writes the key into a
    folder of its own, to be kept elsewhere. FOLDER appears when it is whole.
    """
    from swingby.web.server.backups import back_up
    from swingby.web.server.layout import default_data

    found = back_up(data or default_data(), to=folder, secrets=secrets)
    if as_json:
        print_json(found)
    else:
        click.echo(
            f"Backed up to {found.folder}: taken {found.taken_at} by Swingby {found.version}, sent files: {found.files}."
        )
