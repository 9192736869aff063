"""The supervisor: what it starts, what it says, when it gives up."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from swingby.web.server import open_database
from swingby.web.server.layout import layout_of
from tests.web.server.harness import (
    PATHS,
    ROOT,
    START_LIMIT,
    STOP_LIMIT,
    Served,
    ask,
    belonging_to,
    family,
    free_port,
    kill_all,
    launch,
    serve,
    wait_until_gone,
)

LOGS = ["postgres.log", "start.log", "web.log", "worker.log"]

pytestmark = pytest.mark.kill


@pytest.fixture(autouse=True)
def nothing_left(tmp_path: Path) -> Iterator[None]:
    """Fail a test that leaves a process, and clear it away."""
    yield
    left = belonging_to(tmp_path / "data")
    for process in left:
        process.kill()
    assert left == []


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """Return a running supervisor."""
    running = serve(tmp_path / "data", free_port())
    yield running
    if running.supervisor.poll() is None:
        running.interrupt()
        running.wait(limit=2 * STOP_LIMIT)
    kill_all(running)


def test_three_sessions(served: Served) -> None:
    """Database, web and worker have a session each, none of them the supervisor's."""
    children = psutil.Process(served.supervisor.pid).children()
    assert {os.getsid(child.pid) for child in children} == {child.pid for child in children}
    assert len(children) == 3


def test_application_has_the_app_role(served: Served) -> None:
    """Requests are served by a role that row-level security binds."""
    answer = ask(served.port)
    assert answer is not None
    assert answer.split()[1] == "swingby_app"


def test_only_loopback(served: Served) -> None:
    """Nothing listens for other machines."""
    listening = {address for process in family(served.supervisor) for address in _listening(process)}
    assert listening == {"127.0.0.1"}


def _listening(process: psutil.Process) -> set[str]:
    with contextlib.suppress(psutil.NoSuchProcess):  # a session of the database that has just ended
        found = process.net_connections(kind="inet")
        return {connection.laddr.ip for connection in found if connection.status == psutil.CONN_LISTEN}
    return set()


def test_logs_and_secrets(served: Served) -> None:
    """Each process has a log; secrets are closed to others."""
    assert sorted(file.name for file in (served.data / "log").iterdir()) == LOGS
    assert stat.S_IMODE((served.data / "secret.key").stat().st_mode) == 0o600


def test_terminate_is_a_stop_too(served: Served) -> None:
    """SIGTERM, as a service manager sends it, stops everything and is a success."""
    below = family(served.supervisor)
    served.supervisor.terminate()
    assert served.wait(limit=2 * STOP_LIMIT) < STOP_LIMIT
    assert served.supervisor.returncode == 0
    wait_until_gone(below, limit=0.5)
    assert served.said.endswith("stopped\n")


def test_second_interrupt_hurries(served: Served) -> None:
    """Pressing Ctrl-C again does not break the stopping."""
    below = family(served.supervisor)
    for _ in range(4):
        served.interrupt()
        time.sleep(0.05)
    assert served.wait(limit=2 * STOP_LIMIT) < STOP_LIMIT
    wait_until_gone(below, limit=1)


def test_stuck_processes_are_killed(tmp_path: Path) -> None:
    """A worker that ignores SIGTERM does not keep the whole from stopping."""
    served = serve(tmp_path / "data", free_port(), "tests.web.server.stubborn")
    below = family(served.supervisor)
    served.interrupt()
    assert served.wait(limit=2 * STOP_LIMIT) < STOP_LIMIT
    wait_until_gone(below, limit=0.5)


def test_second_supervisor_points_to_the_first(served: Served) -> None:
    """Two supervisors on one folder are refused, with the address of the first."""
    second = launch(served.data, free_port())
    second.wait(limit=START_LIMIT)
    assert second.supervisor.returncode == 1
    assert f"already running on {served.data} at http://127.0.0.1:{served.port}/" in second.said
    assert ask(served.port) is not None


def test_taken_port_is_named(tmp_path: Path) -> None:
    """A wanted port that is taken is an error that says so; nothing stays behind."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        refused = launch(tmp_path / "data", port)
        refused.wait(limit=START_LIMIT)
    assert refused.supervisor.returncode == 1
    assert f"Port {port} is taken" in refused.said


def test_worker_that_fails_at_once(tmp_path: Path) -> None:
    """A worker that cannot start stops everything, with its last words and the name of its log."""
    # Where the application answers before the worker has ended, it is tried again, which must not count as life.
    env = {"SETTLED_SECONDS": "60"}
    refused = launch(tmp_path / "data", free_port(), "tests.web.server.no_such_worker", env=env)
    refused.wait(limit=120)
    assert refused.supervisor.returncode == 1
    assert "No module named tests.web.server.no_such_worker" in refused.said
    assert str(tmp_path / "data" / "log" / "worker.log") in refused.said


def test_worker_that_keeps_failing(tmp_path: Path) -> None:
    """A worker that dies again and again is given up after some tries, and everything stops."""
    # A busy machine takes seconds to start a worker, and those must not count as life.
    served = serve(tmp_path / "data", free_port(), "tests.web.server.mayfly", env={"SETTLED_SECONDS": "60"})
    served.wait(limit=120)
    assert served.supervisor.returncode == 1
    assert "The worker ended with code 3 6 times in a row." in served.said
    assert str(tmp_path / "data" / "log" / "worker.log") in served.said


def test_survivors_do_not_block_the_next_start(tmp_path: Path) -> None:
    """Processes that were too stuck to notice the supervisor's death are cleared away by the next start."""
    served = serve(tmp_path / "data", free_port())
    web = next(child for child in family(served.supervisor) if "web" in child.cmdline())
    worker = next(child for child in family(served.supervisor) if "module" in child.cmdline())
    os.kill(worker.pid, signal.SIGSTOP)
    served.supervisor.kill()
    served.supervisor.wait()
    again = serve(tmp_path / "data", served.port)
    assert again.seconds < START_LIMIT
    wait_until_gone([web, worker], limit=1)
    again.interrupt()
    again.wait(limit=2 * STOP_LIMIT)


def test_running_database_is_adopted(tmp_path: Path) -> None:
    """A database that runs already is used, and stopped in the end."""
    data = tmp_path / "data"
    with open_database(data) as database:
        served = serve(data, free_port())
        assert [child for child in family(served.supervisor) if "-D" in child.cmdline()] == []
        served.interrupt()
        assert served.wait(limit=2 * STOP_LIMIT) < STOP_LIMIT
        assert database.postmaster is not None
        assert not database.postmaster.is_alive()


def test_steps_that_are_done_already(tmp_path: Path) -> None:
    """A step whose stamp the database bears is not repeated, but is for a new database."""
    data = tmp_path / "data"
    for expected in ("1", "1", "11"):
        served = serve(data, free_port())
        served.interrupt()
        served.wait(limit=2 * STOP_LIMIT)
        assert (data / "counted").read_text() == expected
        if expected == "1" and (data / "seen").exists():
            shutil.rmtree(layout_of(data).cluster)
        (data / "seen").touch()


def test_external_database_is_left_alone(tmp_path: Path) -> None:
    """With DATABASE_URL two processes are started, and the database is not stopped with them."""
    with open_database(tmp_path / "elsewhere") as database:
        env = {"DATABASE_URL": database.url("app")}
        served = serve(tmp_path / "data", free_port(), env=env)
        assert len(psutil.Process(served.supervisor.pid).children()) == 2
        served.interrupt()
        assert served.wait(limit=2 * STOP_LIMIT) < STOP_LIMIT
        assert database.postmaster is not None
        assert database.postmaster.is_alive()


def test_external_role_that_sees_everything(tmp_path: Path) -> None:
    """A role in DATABASE_URL for which row-level security is off is refused."""
    with open_database(tmp_path / "elsewhere") as database:
        refused = launch(tmp_path / "data", free_port(), env={"DATABASE_URL": database.url("backup")})
        refused.wait(limit=START_LIMIT)
    assert refused.supervisor.returncode == 1
    assert "bypasses row-level security" in refused.said


def test_external_database_that_is_down(tmp_path: Path) -> None:
    """A database that does not answer is an error in words, without its password."""
    url = f"postgresql://swingby_app:hidden@127.0.0.1:{free_port()}/swingby"
    refused = launch(tmp_path / "data", free_port(), env={"DATABASE_URL": url})
    refused.wait(limit=START_LIMIT)
    assert refused.supervisor.returncode == 1
    assert "The database in DATABASE_URL does not answer" in refused.said
    assert "Traceback" not in refused.said
    assert "hidden" not in refused.said


def _python_for_everyone() -> str | None:
    """Return an interpreter of this version that any user can run."""
    name = f"python{sys.version_info.major}.{sys.version_info.minor}"
    for folder in ("/usr/bin", "/usr/local/bin"):
        found = Path(folder, name)
        if found.exists():
            return str(found)
    return None


@pytest.mark.skipif(os.geteuid() != 0, reason="by design: the other tests run as an ordinary user already")
def test_ordinary_user(tmp_path: Path) -> None:
    """The same as an ordinary user: start, serve, stop."""
    python = _python_for_everyone()
    if python is None:
        pytest.skip("by design: no Python of this version that another user can run")
    data = Path("/tmp") / f"swingby-ordinary-{os.getpid()}"
    data.mkdir()
    os.chown(data, 65534, 65534)
    packages = next(path for path in sys.path if path.endswith("site-packages"))
    port = free_port()
    with (tmp_path / "said").open("wb") as out:
        process = subprocess.Popen(
            [python, "-m", "tests.web.server.tiny_serve", str(data / "var"), str(port)],
            cwd=ROOT,
            env={"PYTHONPATH": f"{PATHS}:{packages}", "PATH": os.environ["PATH"]},
            stdout=out,
            stderr=out,
            user=65534,
            group=65534,
            extra_groups=[],
            process_group=0,
        )
    served = Served(data=data / "var", supervisor=process, port=port, log=tmp_path / "said", seconds=0)
    try:
        end = time.monotonic() + 3 * START_LIMIT
        while ask(port) is None:
            assert time.monotonic() < end, served.said
            time.sleep(0.05)
        below = family(process)
        assert {child.uids().real for child in below} == {65534}
        served.interrupt()
        assert served.wait(limit=2 * STOP_LIMIT) < STOP_LIMIT
        wait_until_gone(below, limit=0.5)
    finally:
        kill_all(served)
        subprocess.run(["rm", "-rf", str(data)], check=True)
