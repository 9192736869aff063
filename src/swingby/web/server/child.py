"""What the web and worker processes run: themselves, on a leash.

`python -m swingby.web.server.child web HOST PORT TARGET`
`python -m swingby.web.server.child module NAME`
"""

from __future__ import annotations

import contextlib
import importlib
import os
import runpy
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from swingby.web.server.leash import hold

PARENT_VARIABLE = "SWINGBY_PARENT"
WORKERS_VARIABLE = "SWINGBY_WEB_WORKERS"
THREADS_VARIABLE = "SWINGBY_WEB_THREADS"
_IDLE_SECONDS = 600
# A job is a transaction: better ended by itself than torn.
_MODULE_GRACE_SECONDS = 2.0
# Who looks at a page waits for it; jobs take what is left, and still a third beside a busy page.
_JOBS_NICENESS = 5
# A page asks the database two dozen times. After each answer it would wait up to 5 ms, as Python has it, for a busy thread:
# 25 rounds beside one took 43 to 62 ms, and 11 to 21 with this.
_TURN_SECONDS = 0.0005
# Linux shares time among sessions first, where it does so at all.
_SESSION_NICENESS = Path("/proc/self/autogroup")


def serve_web(host: str, port: int, target: str) -> None:
    """Serve the WSGI application `target` until SIGTERM."""
    from granian import Granian
    from granian.constants import Interfaces

    server = Granian(
        target,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=int(os.environ.get(WORKERS_VARIABLE, "1")),
        blocking_threads=int(os.environ.get(THREADS_VARIABLE, "4")),
        # A new thread connects anew, and its connection plans anew.
        blocking_threads_idle_timeout=_IDLE_SECONDS,
        # A stuck worker must not keep the whole from stopping.
        workers_kill_timeout=1,
        websockets=False,
    )
    # Each worker holds on to the web process: it would keep the port if that one were killed.
    server.serve(target_loader=partial(_load, os.getpid()))


def _load(parent: int, target: str) -> Callable[..., Any]:
    hold(parent=parent, grace_seconds=0)
    sys.setswitchinterval(_TURN_SECONDS)
    module, name = target.split(":")
    found: Callable[..., Any] = getattr(importlib.import_module(module), name)
    return found


def run_module(name: str) -> None:
    """Run a module as `python -m` would."""
    sys.argv = [name]
    runpy.run_module(name, run_name="__main__", alter_sys=True)


def give_way() -> None:
    """Let pages have the processor before jobs."""
    os.nice(_JOBS_NICENESS)
    if os.getsid(0) == os.getpid():
        with contextlib.suppress(OSError):
            _SESSION_NICENESS.write_text(str(_JOBS_NICENESS))


def main(arguments: list[str]) -> None:
    """Hold on to the supervisor, then become what `arguments` say."""
    parent = int(os.environ[PARENT_VARIABLE])
    match arguments:
        case ["web", host, port, target]:
            hold(parent=parent, grace_seconds=0)
            serve_web(host, int(port), target)
        case ["module", name]:
            hold(parent=parent, grace_seconds=_MODULE_GRACE_SECONDS)
            give_way()
            run_module(name)
        case _:
            sys.exit(f"child: unknown arguments {arguments}")


if __name__ == "__main__":
    main(sys.argv[1:])
