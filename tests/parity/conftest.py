"""A connection per backend: the same statements must give the same digits on all of them."""

import gc
import os
import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from swingby.engine.sql import Connection, open_duckdb
from swingby.engine.sql.on_postgres import open_postgres
from swingby.engine.sql.on_spark import open_spark
from swingby.errors import SwingbyError
from swingby.web.server.account import Account, account_for, give
from swingby.web.server.binaries import find_binaries
from swingby.web.server.errors import ServerError

OLDEST_POSTGRES = 15
# Spark's bridge to Java leaves sockets to the garbage collector
SPARK = (pytest.mark.spark, pytest.mark.proof, pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning"))

# many small statements in one short life: compile less, collect garbage simply
QUICK = {
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    "spark.sql.codegen.wholeStage": "false",
}


@pytest.fixture(
    scope="session",
    params=["duckdb", "postgres-newest", "postgres-oldest", pytest.param("spark", marks=SPARK)],
)
def connection(request: pytest.FixtureRequest) -> Iterator[Connection]:
    """A session with each backend in turn."""
    with _OPENERS[request.param]() as opened:
        yield opened
        opened.close()


@contextmanager
def _duckdb() -> Iterator[Connection]:
    yield open_duckdb()


@contextmanager
def _newest_postgres() -> Iterator[Connection]:
    try:
        programs = find_binaries(account_for(Path("/nowhere"))).folder / "bin"
    except ServerError as error:
        pytest.skip(f"no embedded PostgreSQL: {error}")
    with _server(programs, settings=["--locale=C"]) as address:
        yield open_postgres(address)


@contextmanager
def _oldest_postgres() -> Iterator[Connection]:
    """The oldest version that is served, with an order of texts that is not the order of their bytes."""
    programs = Path(f"/usr/lib/postgresql/{OLDEST_POSTGRES}/bin")
    if not programs.exists():
        pytest.skip(f"PostgreSQL {OLDEST_POSTGRES} is not installed under /usr/lib/postgresql")
    with _server(programs, settings=["--locale-provider=icu", "--icu-locale=en-US", "--locale=C.UTF-8"]) as address:
        yield open_postgres(address)


@contextmanager
def _spark() -> Iterator[Connection]:
    pytest.importorskip("pyspark", reason="the package pyspark is not installed")
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        pytest.skip("Java is not installed")
    try:
        yield open_spark(settings=QUICK)
    except SwingbyError as error:
        if error.code != "java-missing":
            raise
        pytest.skip(str(error))
    finally:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)
            gc.collect()


_OPENERS = {
    "duckdb": _duckdb,
    "postgres-newest": _newest_postgres,
    "postgres-oldest": _oldest_postgres,
    "spark": _spark,
}


@contextmanager
def _server(programs: Path, *, settings: list[str]) -> Iterator[str]:
    """A server of its own in a folder under /tmp, because PostgreSQL's user must be able to reach it."""
    account = account_for(Path("/nowhere"))
    with tempfile.TemporaryDirectory(prefix="swingby-parity-", dir="/tmp") as folder:
        give(Path(folder), account)
        data = f"{folder}/data"
        _as(account, [f"{programs}/initdb", "-D", data, "-U", "tester", "-A", "trust", "-E", "UTF8", "-N", *settings])
        options = f"-k {folder} -c listen_addresses='' -c fsync=off"
        started = [f"{programs}/pg_ctl", "-D", data, "-w", "-l", f"{folder}/log", "-o", options, "start"]
        _as(account, started)
        try:
            yield f"host={folder} user=tester dbname=postgres"
        finally:
            _as(account, [f"{programs}/pg_ctl", "-D", data, "-w", "-m", "immediate", "stop"])


def _as(account: Account | None, command: list[str]) -> None:
    if account is not None:
        command = ["setpriv", f"--reuid={account.user}", f"--regid={account.group}", "--clear-groups", *command]
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C", "TZ": "UTC"}
    with tempfile.TemporaryFile() as said:  # not a pipe, which the server would keep open
        ended = subprocess.run(command, check=False, cwd="/", env=environment, stdout=said, stderr=said)
        said.seek(0)
        assert ended.returncode == 0, said.read().decode()
