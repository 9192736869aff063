"""The proof by turns: a run of continuous integration takes a part of it, and which part follows from the commit.

``./run test --all`` and ``./run long`` take all of it.
"""

from __future__ import annotations

import os
import zlib
from collections import Counter
from collections.abc import Sequence

import pytest

#: Of so many parts, a run takes one; a test may name another number with ``proof(turns=...)``.
TURNS = 6
#: A number, by which the part is chosen; without it everything runs.
TURN = "SWINGBY_TURN"
_TOLD = "the proof by turns: this run takes part {part} of {turns} of it; other commits take the others, ./run test --all all"


def out_of_turn(items: Sequence[pytest.Item]) -> list[pytest.Item]:
    """The tests of the proof that other runs take, file by file in the order of their names.

    Each file begins at a turn of its own, so that files with a single such test do not all have the same one.
    """
    number = os.environ.get(TURN, "")
    if not number:
        return []
    seen = Counter[tuple[str, int]]()
    left = []
    for item in sorted(items, key=lambda each: each.nodeid):
        mark = item.get_closest_marker("proof")
        if mark is not None:
            turns = int(mark.kwargs.get("turns", TURNS))
            group = (item.nodeid.partition("::")[0], turns)
            if (zlib.crc32(group[0].encode()) + seen[group]) % turns != int(number) % turns:
                left.append(item)
            seen[group] += 1
    return left


def told() -> str:
    """What a run says of its turn; nothing where it takes everything."""
    number = os.environ.get(TURN, "")
    return _TOLD.format(part=int(number) % TURNS + 1, turns=TURNS) if number else ""
