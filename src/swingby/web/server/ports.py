"""The port to listen on."""

from __future__ import annotations

import contextlib
import http.client
import socket
import time

from swingby.web.server.errors import PortTakenError
from swingby.web.server.processes import pause_until

HOST = "127.0.0.1"
FIRST_PORT = 8000
_TRIED = 50


def choose_port(wanted: int | None, *, patience: float) -> int:
    """Return the port to use: `wanted`, or the first free one from 8000 on.

    Parameters
    ----------
    wanted
        The only port that will do; None if any will.
    patience
        Seconds to wait for the preferred port, which processes of an earlier run may hold a moment longer.

    Raises
    ------
    PortTakenError
        If another program listens on `wanted`.
    """
    preferred = FIRST_PORT if wanted is None else wanted
    end = time.monotonic() + patience
    while not is_free(preferred):
        if not pause_until(end):
            return _next_free(wanted)
    return preferred


def _next_free(wanted: int | None) -> int:
    if wanted is not None:
        raise PortTakenError(wanted)
    for port in range(FIRST_PORT + 1, FIRST_PORT + _TRIED):
        if is_free(port):
            return port
    raise PortTakenError(FIRST_PORT)


def is_free(port: int) -> bool:
    """Tell whether nobody listens on `port`.

    Asked before the web server starts, since on Linux it shares a port with another server without a word.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def answers(port: int, *, seconds: float = 2) -> bool:
    """Tell whether a web server answers a request on `port`, whatever the answer."""
    connection = http.client.HTTPConnection(HOST, port, timeout=seconds)
    with contextlib.closing(connection), contextlib.suppress(OSError, http.client.HTTPException):
        connection.request("GET", "/", headers={"Connection": "close"})
        connection.getresponse()
        return True
    return False
