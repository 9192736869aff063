"""Keep a process from outliving the one that started it.

Runs as a script as well, with the standard library only and without importing the package, because it stands
between the supervisor and every child: it drops root, asks the kernel for a signal on the parent's death and
becomes the program.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence

PR_SET_PDEATHSIG = 1
POLL_SECONDS = 0.25
_PASSED_ON = (signal.SIGINT, signal.SIGTERM, signal.SIGQUIT)


def hold(*, parent: int, grace_seconds: float) -> None:
    """End this process, and its group, when `parent` is gone.

    Parameters
    ----------
    parent
        Process id of the process that must be this one's parent.
    grace_seconds
        Time between SIGTERM to this process and SIGKILL to its group.
    """
    ask_kernel(signal.SIGTERM if grace_seconds else signal.SIGKILL)
    # A thread besides the kernel's signal: macOS has no such signal, and a parent may be gone before it was asked for.
    watch = threading.Thread(target=_end_after, args=(parent, grace_seconds), name="leash", daemon=True)
    watch.start()


def ask_kernel(number: signal.Signals) -> bool:
    """Ask Linux to send `number` to this process when its parent dies; False where that does not exist."""
    if sys.platform != "linux" or os.environ.get("SWINGBY_LEASH") == "poll":
        return False
    return bool(ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, int(number), 0, 0, 0) == 0)


def _end_after(parent: int, grace_seconds: float) -> None:
    while os.getppid() == parent:
        time.sleep(POLL_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(grace_seconds)
    _kill_own_session()


def _kill_own_session() -> None:
    own = os.getpid()
    if os.getpgid(0) == own:
        os.killpg(own, signal.SIGKILL)
    os.kill(own, signal.SIGKILL)


def become(arguments: Sequence[str], *, parent: int, number: signal.Signals) -> None:
    """Become the program `arguments`, which gets `number` when `parent` dies."""
    # A shell's background job ignores SIGINT, and so would everything that it starts.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    if not ask_kernel(number):
        _keep(arguments, parent=parent, number=number)
    if os.getppid() != parent:
        sys.exit("leash: the parent is gone")
    os.execv(arguments[0], list(arguments))


def _keep(arguments: Sequence[str], *, parent: int, number: signal.Signals) -> None:
    early: list[int] = []
    # A signal that comes while the program starts would end the leash and leave the program behind.
    for passed_on in _PASSED_ON:
        signal.signal(passed_on, lambda number, _frame: early.append(number))
    program = subprocess.Popen(list(arguments))
    for passed_on in _PASSED_ON:
        signal.signal(passed_on, _sender(program))
    for came in early:
        program.send_signal(came)
    while program.poll() is None:
        if os.getppid() != parent:
            program.send_signal(number)
            parent = os.getppid()
        time.sleep(POLL_SECONDS / 5)
    sys.exit(program.returncode)


def _sender(program: subprocess.Popen[bytes]) -> Callable[[int, object], None]:
    def send(number: int, _frame: object) -> None:
        program.send_signal(number)

    return send


def drop_root(*, user: int, group: int) -> None:
    """Give up root for good."""
    os.setgroups([])
    os.setgid(group)
    os.setuid(user)


def main() -> None:
    """Run a program on a leash: `leash.py --parent PID --signal NUMBER [--user UID --group GID] PROGRAM ...`."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--parent", type=int, required=True)
    parser.add_argument("--signal", type=int, required=True)
    parser.add_argument("--user", type=int)
    parser.add_argument("--group", type=int)
    parser.add_argument("program", nargs=argparse.REMAINDER)
    given = parser.parse_args()
    os.umask(0o077)
    # Before the kernel is asked: a change of user clears its promise.
    if given.user is not None:
        drop_root(user=given.user, group=given.group)
    become(given.program, parent=given.parent, number=signal.Signals(given.signal))


if __name__ == "__main__":
    main()
