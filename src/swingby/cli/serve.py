"""`swingby serve`: the web application with its database and its worker."""

from __future__ import annotations

import sys
from pathlib import Path

import click

port_option = click.option(
    "--port",
    type=click.IntRange(1, 65535),
    metavar="PORT",
    help="The port to listen on; 8000, or the next free one, if left out.",
)
data_option = click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder for database and logs; $SWINGBY_DATA, or var in this folder, if left out.",
)


@click.command("serve")
@port_option
@data_option
def command(port: int | None, data: Path | None) -> None:
    """Start the web application: database, web server and worker.

    Uses the PostgreSQL that $DATABASE_URL names; without one, a server of its own, meant for trying and for a single
    machine. Ctrl-C stops everything.
    """
    from swingby.web.server.layout import default_data
    from swingby.web.server.supervisor import Plan, supervise

    sys.exit(supervise(Plan(data=data or default_data(), port=port)))
