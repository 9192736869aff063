"""Carries what was compared over a change of the oracle: where it says the same of every example, engine and oracle still agree.

``python -m tests.oracle.carried`` draws the recorded parts again, once with the oracle of now and once with that of the commit
in which each part was compared. A part of which both draw the same examples and say the same needs no new comparison, as long
as nothing of the engine changed since; it then names both commits. All others stay missing and are compared in full.
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tarfile
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.oracle.strategies import CONSTRUCTS, Example, examples

#: What a tree needs in which the oracle of a commit runs.
NEEDED = ("src", "tests/oracle", "tools")
AT_ONCE = 2


def digest(number: int, count: int) -> str:
    """One hash of all that a part draws, and of what the oracle says of it."""
    whole = sha256()

    @seed(number)
    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(examples(CONSTRUCTS))
    def take(example: Example) -> None:
        drawn = (example.text, example.world.facts, example.as_of, example.known_at)
        whole.update(repr((drawn, _said_of(example))).encode())

    take()
    return whole.hexdigest()


def _said_of(example: Example) -> object:
    """What the oracle says; of a program that the checks refuse it may say nothing."""
    try:
        return example.results()
    except Exception as error:  # noqa: BLE001 (whatever ends it: both oracles must end alike)
        return f"{type(error).__name__}: {error}"


def tree_of(commit: str, folder: Path) -> Path:
    """The oracle of a commit in a folder of its own, with this module in it."""
    from tools.places import ROOT

    tree = folder / commit
    if not tree.exists():
        packed = subprocess.run(["git", "archive", commit, *NEEDED], cwd=ROOT, check=True, capture_output=True).stdout
        with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
            archive.extractall(tree, filter="data")
        (tree / "tests/oracle/carried.py").write_bytes(Path(__file__).read_bytes())
    return tree


def digest_in(tree: Path, number: int, count: int) -> str:
    """The hash of a part as the code of a tree draws and judges it."""
    paths = os.pathsep.join([str(tree), str(tree / "src")])
    command = [sys.executable, "-m", "tests.oracle.carried", str(number), str(count)]
    environment = {**os.environ, "PYTHONPATH": paths, "PYTHONHASHSEED": "0"}
    found = subprocess.run(command, cwd=tree, env=environment, check=True, capture_output=True, text=True)
    return found.stdout.strip()


def run() -> None:
    """Carry all parts that can be, two at a time."""
    from tests.oracle import parts

    waiting = [part for part in parts.recorded() if parts.was_only_the_oracle_changed(part["commit"])]
    with TemporaryDirectory() as folder, ThreadPoolExecutor(AT_ONCE) as threads:
        trees = {part["commit"]: tree_of(part["commit"], Path(folder)) for part in waiting}
        list(threads.map(lambda part: _carry(part, trees[part["commit"]]), waiting))


def _carry(part: dict[str, object], tree: Path) -> None:
    from tests.oracle import parts
    from tools.measured import current_commit
    from tools.places import ROOT

    number, count = int(str(part["seed"])), int(str(part["examples"]))
    is_alike = digest_in(ROOT, number, count) == digest_in(tree, number, count)
    if is_alike:
        parts.keep({**part, "commit": current_commit(), "compared_in": part.get("compared_in", part["commit"])})
    print(f"{number}: {'says the same' if is_alike else 'must be compared again'}", flush=True)  # noqa: T201


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(digest(int(sys.argv[1]), int(sys.argv[2])))  # noqa: T201
    else:
        run()
