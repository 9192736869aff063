"""Database addresses for servers that listen on a socket."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote, urlsplit

SOCKET_PORT = 5432


def address(*, user: str, password: str, database: str, sockets: Path) -> str:
    """Return a `postgresql://` address that goes through the socket folder `sockets`."""
    folder = quote(str(sockets), safe="")
    # The port is the last part of the socket's name, and PGPORT would change it.
    return f"postgresql://{quote(user)}:{quote(password)}@/{quote(database)}?host={folder}&port={SOCKET_PORT}"


def with_database(url: str, database: str) -> str:
    """Return `url` with another database name."""
    parts = urlsplit(url)
    query = f"?{parts.query}" if parts.query else ""
    return f"{parts.scheme}://{parts.netloc}/{quote(database)}{query}"
