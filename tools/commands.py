"""What ./run can do."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tools.environment import prepare
from tools.long_tier import run_long
from tools.machine import provide_components
from tools.places import PYTHON, ROOT, VENV
from tools.relock import relock
from tools.tiers import quick_places

QUICK = "not slow and not browser and not spark and not kill and not proof and not long"
TEST = "not long"
#: Everything takes an hour. Continuous integration takes all tests, and of the proof of the language a part with each commit;
#: elsewhere a run takes a third of the tests, in ten minutes. This word takes all.
ALL = "--all"
#: Which part of the proof runs, and which third of the tests (tests/turns.py).
TURN, THIRD = "SWINGBY_TURN", "SWINGBY_THIRD"
#: Where the processes of a run find the databases that the first of them made (tests/web/made_databases.py).
SHARED = "SWINGBY_TESTS_SHARED"
#: Tests that stop servers: two files at a time, after all others, which share the cores.
AFTER = "kill"
#: Tests that watch a clock: one after the other at the end.
ALONE = "clock"
NO_TESTS = 5
TOGETHER = ("-n", "auto", "--dist", "loadscope", "--no-loadscope-reorder")
#: A run begins hundreds of processes; each would compile all of Swingby again if Python might not keep it.
NOT_KEPT = "PYTHONDONTWRITEBYTECODE"


@dataclass(frozen=True, slots=True)
class Command:
    """One word after ./run: what it says of itself and what it does with the words behind it."""

    summary: str
    act: Callable[[Sequence[str]], int]


def main(words: Sequence[str]) -> int:
    """Do what the first word says; the others are passed on."""
    command = COMMANDS.get(words[0]) if words else None
    if command is None:
        return _explain(wrong=bool(words) and words[0] not in {"-h", "--help", "help"})
    try:
        return command.act(words[1:])
    except KeyboardInterrupt:
        return 130


def _explain(*, wrong: bool) -> int:
    print("./run COMMAND [words passed on]\n")
    for name, command in COMMANDS.items():
        print(f"  {name:<7}{command.summary}")
    return 2 if wrong else 0


def demo(words: Sequence[str]) -> int:
    """Hand over to the command line, so that Ctrl-C reaches it and nobody stands between."""
    prepare("app")
    program = VENV / "bin" / "swingby"
    os.execv(program, [str(program), "demo", *words])


def quick(words: Sequence[str]) -> int:
    prepare("all")
    places = [] if any(map(_is_place, words)) else quick_places()
    return _pytest(*TOGETHER, "-m", QUICK, "--durations=10", "--durations-min=3", *places, *words)


def test(words: Sequence[str]) -> int:
    prepare("all")
    provide_components()
    is_continuous = os.environ.get("CI") == "true"
    whole, passed_on = ALL in words, [word for word in words if word != ALL]
    has_places = any(map(_is_place, passed_on))
    if not whole and (is_continuous or not has_places):
        os.environ.setdefault(TURN if is_continuous else THIRD, str(_turn()))
    chosen = TEST if whole or is_continuous else f"{TEST} and not proof"
    apart = [[], []] if has_places else [_marked(AFTER), _marked(ALONE)]
    parts = ((f"not ({AFTER} or {ALONE})", *TOGETHER), (AFTER, *TOGETHER, *apart[0]), (ALONE, *apart[1]))
    with _made_once():
        ended = {_pytest(*how, "-m", f"({chosen}) and ({which})", *passed_on) for which, *how in parts}
    return max(ended - {NO_TESTS}, default=NO_TESTS)


@contextmanager
def _made_once() -> Iterator[None]:
    """Let all parts of a run copy the same databases, unless somebody names a folder for them."""
    if SHARED in os.environ:
        yield
        return
    with tempfile.TemporaryDirectory(prefix="swingby-tests-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        os.environ[SHARED] = folder
        yield
        del os.environ[SHARED]


def _turn() -> int:
    """A number that follows from the commit: which part of the proof a run takes."""
    told = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, check=False, capture_output=True, text=True)
    return int(told.stdout.strip() or "0", 16)


def _is_place(word: str) -> bool:
    return not word.startswith("-") and (ROOT / word.partition("::")[0]).exists()


def _marked(word: str) -> list[str]:
    """The files with tests that bear a mark: to collect all others takes longer than these run."""
    files = sorted(ROOT.glob("tests/**/test_*.py"))
    return [str(path.relative_to(ROOT)) for path in files if f"mark.{word}" in path.read_text(encoding="utf-8")]


def long(words: Sequence[str]) -> int:
    prepare("all")
    provide_components()
    return run_long(words)


def check(words: Sequence[str]) -> int:
    """Run every check, also after one that fails, so that all is said at once."""
    prepare("all")
    failed = [name for name, command in CHECKS.items() if (not words or name in words) and not _passes(name, command)]
    print(f"\n{'Failed: ' + ', '.join(failed) if failed else 'All checks hold.'}")
    return int(bool(failed))


def bench(words: Sequence[str]) -> int:
    """Run one benchmark; without a name, list them."""
    names = sorted(path.stem for path in (ROOT / "bench").glob("[a-z]*.py"))
    if not words or words[0] not in names:
        print(f"./run bench NAME, where NAME is one of: {', '.join(names) or '(none yet)'}")
        return 2
    prepare("all")
    return _run([PYTHON, "-m", f"bench.{words[0]}", *words[1:]])


def lock(words: Sequence[str]) -> int:
    prepare("all")
    return relock(words)


COMMANDS = {
    "demo": Command("show an example company: a summary here, the application in a browser", demo),
    "test": Command(
        "a third of the tests, in ten minutes; continuous integration takes them all, and so does --all", test
    ),
    "quick": Command("the tests of the core and of what you changed, under two minutes", quick),
    "check": Command("format, lint, types, imports between rooms, shape of code and docs", check),
    "bench": Command("one benchmark with its peers; alone, lists them", bench),
    "long": Command("the tests by hand before a release; writes docs/measured/long.json", long),
    "lock": Command("resolve requirements/*.in again; --upgrade takes newer versions", lock),
}

CHECKS: dict[str, tuple[str, ...]] = {
    "format": ("ruff", "format", "--check"),
    "lint": ("ruff", "check"),
    "types": ("mypy",),
    "rooms": ("lint-imports", "--no-logo"),
    "shape": ("python", "-m", "pytest", "-q", "tests/architecture"),
}


def _passes(name: str, command: Sequence[str]) -> bool:
    print(f"\n== {name}: {' '.join(command)}", flush=True)
    started = time.monotonic()
    held = _run([VENV / "bin" / command[0], *command[1:]]) == 0
    print(f"== {name} {'holds' if held else 'FAILED'} ({time.monotonic() - started:.1f} s)", flush=True)
    return held


def _pytest(*words: str) -> int:
    return _run([PYTHON, "-m", "pytest", *words])


def _run(command: Sequence[str | Path]) -> int:
    environment = {name: value for name, value in os.environ.items() if name != NOT_KEPT}
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
