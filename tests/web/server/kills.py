"""Stop and kill a supervisor again and again, and say how long each stop and each way back took."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import psycopg

from swingby.web.server.embedded import open_database
from tests.web.server.harness import (
    START_LIMIT,
    STOP_LIMIT,
    Served,
    alive,
    belonging_to,
    family,
    free_port,
    kill_all,
    launch,
    occupy,
    serve,
    wait_for_answer,
    wait_until_gone,
)


@dataclass(slots=True)
class Seconds:
    """What was measured."""

    starts: list[float] = field(default_factory=list)
    stops: list[float] = field(default_factory=list)
    returns: list[float] = field(default_factory=list)
    victims: list[str] = field(default_factory=list)


def interrupt_often(data: Path, *, times: int, seed: int) -> Seconds:
    """Press Ctrl-C `times` times, at random moments after and during the start, with requests in the air."""
    dice, port, seconds = random.Random(seed), free_port(), Seconds()
    for number in range(times):
        if number % 2:
            _interrupt_start(data, port, dice, seconds)
        else:
            _interrupt_serving(data, port, dice, seconds)
    return seconds


def _interrupt_serving(data: Path, port: int, dice: random.Random, seconds: Seconds) -> None:
    served = serve(data, port)
    with _cleared(served):
        seconds.starts.append(served.seconds)
        held = occupy(port, dice)
        time.sleep(dice.random())
        seconds.stops.append(_press(served))
        for request in held:
            request.close()


def _interrupt_start(data: Path, port: int, dice: random.Random, seconds: Seconds) -> None:
    served = launch(data, port)
    with _cleared(served):
        time.sleep(0.3 + 1.2 * dice.random())
        seconds.stops.append(_press(served))


def _press(served: Served) -> float:
    below = family(served.supervisor)
    served.interrupt()
    took = served.wait(limit=2 * STOP_LIMIT)
    # What was begun after the interrupt ends with the others, perhaps a moment later.
    wait_until_gone(below + belonging_to(served.data), limit=0.5)
    assert belonging_to(served.data) == []
    return took


def kill_often(data: Path, *, times: int, seed: int) -> Seconds:
    """Kill -9 `times` times: the supervisor, one of its children, or all of them at once."""
    dice, port, seconds = random.Random(seed), free_port(), Seconds()
    served = serve(data, port)
    _write_row(data, -1)
    for number in range(times):
        served = _kill_once(data, served, dice, seconds)
        _write_row(data, number)
    with _cleared(served):
        seconds.stops.append(_press(served))
    assert _rows(data) == times + 1
    return seconds


def _kill_once(data: Path, served: Served, dice: random.Random, seconds: Seconds) -> Served:
    with _cleared(served, only_after_failure=True):
        held = occupy(served.port, dice)
        time.sleep(0.6 + dice.random())
        name = dice.choice(list(_VICTIMS))
        seconds.victims.append(name)
        after = _VICTIMS[name](data, served, dice, seconds)
        for request in held:
            request.close()
        return after


def _kill_supervisor(data: Path, served: Served, dice: random.Random, seconds: Seconds) -> Served:
    below = family(served.supervisor)
    served.supervisor.kill()
    served.supervisor.wait()
    if dice.random() < 0.5:
        wait_until_gone(below, limit=STOP_LIMIT)
    return _start_again(data, served, below, seconds)


def _kill_everything(data: Path, served: Served, _dice: random.Random, seconds: Seconds) -> Served:
    below = family(served.supervisor)
    served.supervisor.kill()
    for process in below:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    served.supervisor.wait()
    return _start_again(data, served, below, seconds)


def _start_again(data: Path, served: Served, below: list[psutil.Process], seconds: Seconds) -> Served:
    again = serve(data, served.port)
    seconds.returns.append(again.seconds)
    wait_until_gone(below, limit=STOP_LIMIT)
    return again


def _kill_one(find: Callable[[Served], psutil.Process]) -> Callable[..., Served]:
    def kill(_data: Path, served: Served, _dice: random.Random, seconds: Seconds) -> Served:
        victim = find(served)
        below = victim.children(recursive=True)
        os.kill(victim.pid, signal.SIGKILL)
        seconds.returns.append(_seconds_until_mended(served, victim, below))
        return served

    return kill


def _seconds_until_mended(served: Served, victim: psutil.Process, below: list[psutil.Process]) -> float:
    begun = time.monotonic()
    wait_until_gone([victim, *below], limit=START_LIMIT)
    while not _complete(served):
        assert time.monotonic() - begun < 2 * START_LIMIT, served.said
        time.sleep(0.02)
    wait_for_answer(served.port, limit=START_LIMIT)
    return time.monotonic() - begun


def _complete(served: Served) -> bool:
    running = alive(psutil.Process(served.supervisor.pid).children())
    return len(running) == 3


def _child(served: Served, word: str) -> psutil.Process:
    children = psutil.Process(served.supervisor.pid).children()
    return next(child for child in children if word in child.cmdline())


def _web_worker(served: Served) -> psutil.Process:
    return _child(served, "web").children()[0]


def _postmaster(served: Served) -> psutil.Process:
    return _child(served, "-D")


_VICTIMS: dict[str, Callable[[Path, Served, random.Random, Seconds], Served]] = {
    "supervisor": _kill_supervisor,
    "everything": _kill_everything,
    "web": _kill_one(lambda served: _child(served, "web")),
    "web worker": _kill_one(_web_worker),
    "worker": _kill_one(lambda served: _child(served, "module")),
    "database": _kill_one(_postmaster),
}


def _write_row(data: Path, number: int) -> None:
    with psycopg.connect(open_database(data).url("owner")) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (number integer)")
        connection.execute("INSERT INTO kept VALUES (%s)", (number,))


def _rows(data: Path) -> int:
    with open_database(data) as database, psycopg.connect(database.url("owner")) as connection:
        found = connection.execute("SELECT count(*) FROM kept").fetchone()
    return 0 if found is None else int(found[0])


class _cleared(contextlib.AbstractContextManager[None]):  # noqa: N801 - reads as a verb
    """Leave nothing running, whatever happens."""

    def __init__(self, served: Served, *, only_after_failure: bool = False) -> None:
        self._served = served
        self._only_after_failure = only_after_failure

    def __exit__(self, kind: object, *_rest: object) -> None:
        if kind is not None or not self._only_after_failure:
            kill_all(self._served)
