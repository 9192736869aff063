"""A WSGI application and a worker that touch the database, for the tests of the supervisor."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING

import psycopg

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Say who serves and as which role of the database; `/slow` holds the request for long."""
    if environ["PATH_INFO"] == "/slow":
        time.sleep(60)
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        found = connection.execute("SELECT current_user::text").fetchone()
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [f"{os.getpid()} {found[0] if found else ''}".encode()]


def work() -> None:
    """Sleep until told to stop."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    while True:
        time.sleep(0.1)


if __name__ == "__main__":
    work()
