"""How real processes end: nobody reads on, the disk is full, Ctrl-C, names that are no text, packages that are missing."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from swingby.cli.failures import TRACEBACK
from swingby.errors import ExitCode
from tests.cli.conftest import FACTS, PROGRAM, write

CALL = "from swingby.cli import main; main(prog_name='swingby')"
DAY = ("--as-of", "2024-03-31")
Ended = subprocess.CompletedProcess[bytes]
pytestmark = pytest.mark.slow


def swingby(*words: object, before: str = "", out: int | None = None, env: dict[str, str] | None = None) -> Ended:
    """Run a command in a process of its own; ``before`` is Python that runs first."""
    given = [os.fsencode(word) if isinstance(word, Path) else str(word) for word in words]
    return subprocess.run(
        [sys.executable, "-c", before + CALL, *given],
        stdout=subprocess.PIPE if out is None else out,
        stderr=subprocess.PIPE,
        check=False,
        timeout=120,
        env=env,
    )


def environment(**more: str) -> dict[str, str]:
    return {**os.environ, **more}


def test_nobody_reads_on(program: Path, facts: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        ended = swingby("explain", program, facts, "acme", *DAY, out=writing)
    finally:
        os.close(writing)
    assert (ended.returncode, ended.stderr) == (ExitCode.PIPE_CLOSED, b"")


def test_a_pipe_of_the_shell_is_closed_early(program: Path) -> None:
    command = f'set -o pipefail; "{sys.executable}" -c "{CALL}" describe "{program}" | head -c 10'
    ended = subprocess.run(["bash", "-c", command], capture_output=True, check=False)
    assert ended.returncode in {0, ExitCode.PIPE_CLOSED}
    assert (len(ended.stdout), ended.stderr) == (10, b"")


def test_the_disk_is_full_where_the_answer_goes(program: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        ended = swingby("describe", program, out=full.fileno())
    assert (ended.returncode, ended.stderr.splitlines()) == (
        ExitCode.UNUSABLE,
        [b"error [disk-full]: No space left on device.", b"  Make room, or name another place."],
    )


def test_nothing_is_left_of_a_decision_that_could_not_be_written(program: Path, facts: Path, tmp_path: Path) -> None:
    limited = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000)); "
    ignored = "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); "
    ended = swingby("decide", program, facts, *DAY, "--to", tmp_path / "reviews", before=limited + ignored)
    assert (ended.returncode, b"error [file-failed]" in ended.stderr, b"Traceback" in ended.stderr) == (3, True, False)
    assert list((tmp_path / "reviews").iterdir()) == []


def test_control_c_ends_it(tmp_path: Path) -> None:
    # A shell lets what it runs in the background ignore Ctrl-C.
    heard = f"import signal; signal.signal(signal.SIGINT, signal.default_int_handler); {CALL}"
    process = subprocess.Popen(
        [sys.executable, "-c", heard, "generate", tmp_path / "out", "--partners", "100000"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    time.sleep(3)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=240)
    assert (process.returncode, b"Traceback" in err, out) == (ExitCode.INTERRUPTED, False, b"")


def test_a_folder_whose_name_is_no_text(tmp_path: Path) -> None:
    base = tmp_path / os.fsdecode(b"caf\xe9")
    write(base / "program", {"program.yaml": PROGRAM})
    write(base / "facts", FACTS)
    ended = swingby("decide", base / "program", base / "facts", *DAY, "--to", base / "reviews", "--json")
    assert (ended.returncode, ended.stderr) == (0, b"")
    file = Path(json.loads(ended.stdout)["file"])
    assert file == base / "reviews" / "tried-2024-03-31.json"
    again = swingby("replay", file)
    assert (again.returncode, again.stdout.splitlines()[1]) == (0, b"same")
    missing = swingby("check", base / "nothing", "--json")
    assert (missing.returncode, b"Traceback" in missing.stderr) == (1, False)


def test_a_name_that_is_no_text_is_told_where_the_database_writes(program: Path, facts: Path, tmp_path: Path) -> None:
    place = tmp_path / os.fsdecode(b"caf\xe9")
    for words in (("assess", program, facts, "--to", place), ("validate", program, facts, "--bad-rows", place)):
        ended = swingby(*words)
        assert (ended.returncode, ended.stderr.splitlines()[-2:]) == (
            ExitCode.UNUSABLE,
            [
                b"error [name-not-text]: The name of a file or folder is not UTF-8, and the database cannot use it.",
                b"  Rename it, or name another place.",
            ],
        )


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252"])
def test_a_terminal_that_lacks_letters(program: Path, facts: Path, encoding: str) -> None:
    ended = swingby("explain", program, facts, "bolt", *DAY, env=environment(PYTHONIOENCODING=encoding))
    assert (ended.returncode, ended.stderr, b"\\u2717 All of" in ended.stdout) == (0, b"", True)


@pytest.mark.parametrize(
    ("package", "words", "code", "hint"),
    [
        ("psycopg", ("validate", "{program}", "postgresql://nowhere/none"), 3, b"swingby[postgres]"),
        ("duckdb", ("assess", "{program}", "{facts}"), 3, b"the package 'duckdb'"),
    ],
)
def test_a_package_that_is_missing_is_named(
    program: Path, facts: Path, package: str, words: tuple[str, ...], code: int, hint: bytes
) -> None:
    given = [word.format(program=program, facts=facts) for word in words]
    without = f"import sys; sys.modules[{package!r}] = None; "
    ended = swingby(*given, before=without)
    assert (ended.returncode, b"Traceback" in ended.stderr, hint in ended.stderr) == (code, False, True), ended.stderr


def test_what_nobody_foresaw_is_said_to_be_ours(program: Path, facts: Path) -> None:
    broken = "import swingby.cli.explain as it; it.assess = lambda *words, **more: 1 / 0; "
    ended = swingby("explain", program, facts, "acme", before=broken)
    assert (ended.returncode, ended.stderr.splitlines()) == (
        ExitCode.BROKEN,
        [
            b"error [unexpected]: Swingby failed in a way that it should not: ZeroDivisionError: division by zero",
            f"  Please report it. {TRACEBACK}=1 in front of the command shows where.".encode(),
        ],
    )
    shown = swingby("explain", program, facts, "acme", before=broken, env=environment(**{TRACEBACK: "1"}))
    assert (shown.returncode, b"Traceback" in shown.stderr) == (ExitCode.BROKEN, True)


def test_a_scenario_that_fails_unforeseen_does_not_stop_the_others(tmp_path: Path) -> None:
    rules = "program: {id: p, version: '1', effective: 2025-01-01, currency: USD}\nmeasures: {n: {count: facts, of: activities, over: ever}}\n"
    (tmp_path / "program.yaml").write_text(rules, encoding="utf-8")
    (tmp_path / "scenarios").mkdir()
    text = "\n".join(
        f"- {{name: {name}, as_of: 2025-03-01, expect: {{measures: {{n: {n}}}}}}}"
        for name, n in (("one", 0), ("two", 0), ("three", 1))
    )
    (tmp_path / "scenarios" / "all.yaml").write_text(text, encoding="utf-8")
    broken = (
        "import swingby.engine.scenarios.joint as it; run = it.run_scenario; it._standings = lambda *words: 1 / 0; "
        "it.run_scenario = lambda *words: 1 / 0 if words[1].name == 'two' else run(*words); "
    )
    ended = swingby("test", tmp_path, before=broken)
    assert ended.stderr == b""
    assert (ended.returncode, ended.stdout.decode().splitlines()) == (
        ExitCode.NEGATIVE,
        [
            "✗ two",
            (
                "    [unexpected] all.yaml:2:3: two: Swingby failed in a way that it should not: ZeroDivisionError: "
                f"division by zero Please report it. {TRACEBACK}=1 in front of the command shows where."
            ),
            "✗ three",
            "    all.yaml:3:59: on 2025-03-01: measures.n: expected 1, found 0",
            "1 passed, 2 failed",
        ],
    )
    shown = swingby("test", tmp_path, before=broken, env=environment(**{TRACEBACK: "1"}))
    assert (shown.returncode, b"Traceback" in shown.stderr) == (ExitCode.NEGATIVE, True)
