"""The supervisor: database, web server and worker, started in order, watched, stopped in order.

Each of the three has a session of its own, so that Ctrl-C reaches the supervisor alone, and each holds on to the
supervisor, so that none outlives it.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import IO

from swingby.web.server.child import PARENT_VARIABLE
from swingby.web.server.console import Step, say, step
from swingby.web.server.embedded import Database, open_database
from swingby.web.server.errors import AlreadyRunningError, DatabaseFailedError
from swingby.web.server.layout import Layout, layout_of
from swingby.web.server.marks import read_marks, stamp_of_tables, write_mark
from swingby.web.server.passwords import secret_key
from swingby.web.server.ports import HOST, answers, choose_port
from swingby.web.server.postmaster import stop_half_started
from swingby.web.server.processes import INSTANCE_VARIABLE, kill_left_over, leashed, pause_until
from swingby.web.server.roles import check_app_role
from swingby.web.server.service import Failures, Patience, Service

# Seconds after Ctrl-C; five is how long a person waits. The worker gives its jobs two.
_STOP_BY = (("web", 1.3), ("worker", 3.4), ("database", 4.3))
_READY_SECONDS = 60.0
_LOOK_SECONDS = 0.1
_ASK_SECONDS = 2.0


class StopRequested(BaseException):
    """Raised wherever the supervisor is when it is told to stop."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command to run to its end before the web server starts, left out where the database bears its stamp."""

    title: str
    arguments: tuple[str, ...]
    role: str = "owner"
    stamp: str | None = None


def migrate() -> Command:
    """Return the command that brings the tables up to date."""
    return Command("tables", (sys.executable, "-m", "swingby.web", "migrate"), stamp=stamp_of_tables())


@dataclass(frozen=True, slots=True)
class Plan:
    """What to run."""

    data: Path
    port: int | None = None
    application: str = "swingby.web.wsgi:application"
    worker: str = "swingby.web.jobs.worker"
    first: tuple[Command, ...] = field(default_factory=lambda: (migrate(),))
    greeting: Path | None = None
    settings: dict[str, str] = field(default_factory=dict)
    patience: Patience = field(default_factory=Patience)


#: After so long a stop that was lost is raised again; what it breaks into must have time to unwind.
_AGAIN_SECONDS = 1.0


@dataclass(slots=True)
class _Asked:
    """Whether a stop was asked for: raised where the supervisor is at the first signal, and again until it is heard.

    What is raised while an object is being cleared away is lost, and not every wait looks; a second signal must not break
    into the stopping.
    """

    count: int = 0

    def __call__(self, number: int, _frame: FrameType | None) -> None:
        if number != signal.SIGALRM:
            self.count += 1
            if self.count > 1:
                return
            signal.setitimer(signal.ITIMER_REAL, _AGAIN_SECONDS, _AGAIN_SECONDS)
        raise StopRequested

    @staticmethod
    def hear() -> None:
        """From now on it is not raised again: the stopping has begun."""
        signal.setitimer(signal.ITIMER_REAL, 0)

    def look(self) -> None:
        """Raise a stop that was asked for."""
        if self.count:
            raise StopRequested


@dataclass(slots=True)
class _Running:
    layout: Layout
    asked: _Asked
    database: Database | None = None
    database_failures: Failures | None = None
    services: list[Service] = field(default_factory=list)
    busy: Service | None = None


def supervise(plan: Plan) -> int:
    """Run `plan` until SIGINT, SIGTERM or SIGHUP, or until a process fails again and again.

    Returns
    -------
    int
        0 after a stop that was asked for.

    Raises
    ------
    ServerError
        If something does not start or does not stay up; everything is stopped by then.
    """
    layout = layout_of(plan.data)
    asked = _Asked()
    with _only_one(layout) as mark, _signals(asked):
        running = _Running(layout, asked)
        try:
            _start(plan, running, mark)
            _watch(running)
        except StopRequested:
            asked.hear()
            say("\n  stopping ...")
        finally:
            asked.hear()
            _stop(running)
    say("  stopped")
    return 0


def _start(plan: Plan, running: _Running, mark: IO[str]) -> None:
    cleared = kill_left_over(running.layout.instance)
    port = choose_port(plan.port, patience=3 if cleared else 0.5)
    with step("database"):
        running.database = _open(running.layout)
    if running.database.note:
        say(f"  note: {running.database.note}")
    running.database_failures = Failures("database", running.layout.log("postgres"), plan.patience)
    running.database_failures.start()
    _run_all_first(plan, running, owner_url=running.database.url("owner"))
    running.services = _services(plan, running, port=port)
    with step("web and worker") as shown:
        _start_services(running, port=port, shown=shown)
    _greet(plan, mark, port=port)


def _open(layout: Layout) -> Database:
    database = open_database(layout.data)
    if not database.embedded:
        check_app_role(database.url("app"))
    return database


def _run_all_first(plan: Plan, running: _Running, *, owner_url: str) -> None:
    marks = read_marks(owner_url)
    for command in plan.first:
        if command.stamp is None or marks.get(command.title) != command.stamp:
            _run_first(command, plan, running)
            if command.stamp is not None:
                write_mark(owner_url, title=command.title, stamp=command.stamp)


def _run_first(command: Command, plan: Plan, running: _Running) -> None:
    """Run a command of the plan to its end, in a session that a stop can end."""
    log = running.layout.log("start")
    env = _environment(running, role=command.role) | plan.settings
    service = Service(
        name=f"step '{command.title}'",
        command=leashed(command.arguments),
        env=env,
        log=log,
        folder=Path.cwd(),
        failures=Failures(command.title, log, plan.patience),
    )
    with step(command.title) as shown:
        running.busy = service
        service.start()
        while not service.ended:
            running.asked.look()
            shown.tick()
            time.sleep(0.02)
        if service.process is not None and service.process.returncode != 0:
            raise service.fail_start(service.describe_end())
        running.busy = None


def _environment(running: _Running, *, role: str) -> dict[str, str]:
    database = running.database
    if database is None:
        raise RuntimeError("the environment of a child needs a database")
    layout = running.layout
    own = {
        "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", "swingby.web.settings"),
        "DATABASE_URL": database.url("owner" if role == "owner" else "app"),
        "SWINGBY_ROLE": role,
        "SWINGBY_DATA": str(layout.data),
        "SWINGBY_SECRET_KEY": os.environ.get("SWINGBY_SECRET_KEY") or secret_key(layout.secret_key),
        INSTANCE_VARIABLE: layout.instance,
        PARENT_VARIABLE: str(os.getpid()),
        "PYTHONUNBUFFERED": "1",
    }
    return {**os.environ, **own}


def _services(plan: Plan, running: _Running, *, port: int) -> list[Service]:
    child = [sys.executable, "-m", "swingby.web.server.child"]
    commands = {
        "web": [*child, "web", HOST, str(port), plan.application],
        "worker": [*child, "module", plan.worker],
    }
    env = {"SWINGBY_ADDRESS": f"http://{HOST}:{port}"} | _environment(running, role="app") | plan.settings
    layout = running.layout
    return [
        Service(
            name=name,
            command=command,
            env=env,
            log=layout.log(name),
            folder=Path.cwd(),
            failures=Failures(name, layout.log(name), plan.patience),
        )
        for name, command in commands.items()
    ]


def _start_services(running: _Running, *, port: int, shown: Step) -> None:
    services = running.services
    for service in services:
        service.start()
    end = time.monotonic() + _READY_SECONDS
    while not answers(port):
        running.asked.look()
        shown.tick()
        _raise_if_ended(services)
        if not pause_until(end):
            raise services[0].fail_start(f"did not answer within {_READY_SECONDS:.0f} seconds")
    _raise_if_ended(services)


def _raise_if_ended(services: list[Service]) -> None:
    for service in services:
        if service.ended:
            raise service.fail_start(f"{service.describe_end()} while starting")


def _greet(plan: Plan, mark: IO[str], *, port: int) -> None:
    url = f"http://{HOST}:{port}/"
    _write_mark(mark, {"pid": os.getpid(), "url": url})
    say(f"\n  Swingby serves {url}")
    if plan.greeting is not None and plan.greeting.exists():
        for line in plan.greeting.read_text(encoding="utf-8").splitlines():
            say(f"  {line}")
    say("  Ctrl-C stops everything.")


def _watch(running: _Running) -> None:
    looked = time.monotonic()
    while True:
        running.asked.look()
        time.sleep(_LOOK_SECONDS)
        now = time.monotonic()
        # A found server is no child of ours: asking it costs a connection, so ask seldom.
        if _is_own(running.database) or now - looked > _ASK_SECONDS:
            looked = now
            _mend_database(running)
        for service in running.services:
            _mend_service(service)


def _is_own(database: Database | None) -> bool:
    return database is not None and database.postmaster is not None and not database.postmaster.adopted


def _mend_database(running: _Running) -> None:
    database, failures = running.database, running.database_failures
    if database is None or database.postmaster is None or failures is None or database.postmaster.is_alive():
        return
    delay = failures.add("ended")
    say(f"  the database ended; again in {delay:.2f} s (log: {failures.log})")
    time.sleep(delay)
    failures.start()
    with contextlib.suppress(DatabaseFailedError):  # the next look counts it as one failure more
        running.database = _open(running.layout)


def _mend_service(service: Service) -> None:
    if service.ended:
        delay = service.failures.add(service.describe_end())
        say(f"  the {service.name} {service.describe_end()}; again in {delay:.2f} s (log: {service.log})")
        service.forget()
    elif service.process is None and time.monotonic() >= service.failures.due:
        service.start()


def _stop(running: _Running) -> None:
    """Stop web, worker, database in this order, each within its time; a second signal takes the time away."""
    hurried: list[int] = []
    with _signals(lambda number, _frame: hurried.append(number)):
        begun = time.monotonic()
        if running.busy is not None:
            running.busy.stop(end=begun + 1)
        for name, seconds in _STOP_BY:
            _stop_one(running, name, end=begun if hurried else begun + seconds)


def _stop_one(running: _Running, name: str, *, end: float) -> None:
    for service in running.services:
        if service.name == name:
            service.stop(end=end)
    patience = end - time.monotonic()
    if name == "database" and running.database is not None:
        running.database.stop(patience=patience)
    elif name == "database":
        stop_half_started(running.layout, patience=patience)


Handler = Callable[[int, FrameType | None], object]


@contextmanager
def _signals(handler: Handler) -> Iterator[None]:
    numbers = [signal.SIGINT, signal.SIGTERM, signal.SIGALRM]
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # `nohup` ignores it on purpose
        numbers.append(signal.SIGHUP)
    before = {number: signal.signal(number, handler) for number in numbers}
    try:
        yield
    finally:
        for number, old in before.items():
            signal.signal(number, old)


@contextmanager
def _only_one(layout: Layout) -> Iterator[IO[str]]:
    """Hold the lock of this data folder, which the system takes away when this process dies."""
    with layout.lock("serve").open("a+") as mark:
        try:
            fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise AlreadyRunningError(layout.data, note=_read_mark(mark)) from error
        _write_mark(mark, {"pid": os.getpid()})
        yield mark


def _write_mark(mark: IO[str], note: Mapping[str, object]) -> None:
    mark.seek(0)
    mark.truncate()
    json.dump(note, mark)
    mark.flush()


def _read_mark(mark: IO[str]) -> str:
    mark.seek(0)
    try:
        note = json.load(mark)
    except ValueError:
        return ""
    return f" at {note['url']}" if "url" in note else f" (process {note.get('pid')})"
