"""Tests by turns, and which turn it is follows from the commit.

A run of continuous integration takes all tests, and of the proof a part. A run elsewhere takes a third of the files,
without the proof, so that a new machine answers in ten minutes. ``./run test --all`` takes everything.
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
#: A number, by which a third of the files is chosen; without it all run.
THIRD = "SWINGBY_THIRD"
THIRDS = 3
#: What is soon over and watches over everything runs in every third.
ALWAYS = "tests/architecture/"
_TOLD = "the proof by turns: this run takes part {part} of {turns} of it; other commits take the others, ./run test --all all"
_TOLD_OF_THIRD = (
    "the tests by turns: this run takes part {part} of {turns} of the files, without the proof; other commits take the"
    " others, continuous integration and ./run test --all everything"
)


def out_of_turn(items: Sequence[pytest.Item]) -> list[pytest.Item]:
    """The tests of the proof that other runs take, file by file in the order of their names.

    Each file begins at a turn of its own, so that files with a single such test do not all have the same one.
    """
    third, number = os.environ.get(THIRD, ""), os.environ.get(TURN, "")
    if third:
        return [item for item in items if not _is_in_third(_file(item), int(third))]
    if not number:
        return []
    seen = Counter[tuple[str, int]]()
    left = []
    for item in sorted(items, key=lambda each: each.nodeid):
        mark = item.get_closest_marker("proof")
        if mark is not None:
            turns = int(mark.kwargs.get("turns", TURNS))
            group = (_file(item), turns)
            if (zlib.crc32(group[0].encode()) + seen[group]) % turns != int(number) % turns:
                left.append(item)
            seen[group] += 1
    return left


def _file(item: pytest.Item) -> str:
    return item.nodeid.partition("::")[0]


def _is_in_third(file: str, number: int) -> bool:
    return file.startswith(ALWAYS) or zlib.crc32(file.encode()) % THIRDS == number % THIRDS


def told() -> str:
    """What a run says of its turn; nothing where it takes everything."""
    third, number = os.environ.get(THIRD, ""), os.environ.get(TURN, "")
    if third:
        return _TOLD_OF_THIRD.format(part=int(third) % THIRDS + 1, turns=THIRDS)
    return _TOLD.format(part=int(number) % TURNS + 1, turns=TURNS) if number else ""
