"""The most that flows through a network whose lines carry whole amounts.

Shortest paths come first, all of one length before the next (Dinitz's algorithm).
"""

from __future__ import annotations

from collections.abc import Sequence

UNLIMITED = 2**62


class Network:
    """Places joined by lines, each of which carries so much at most."""

    __slots__ = ("_ends", "_lines", "_room")

    def __init__(self) -> None:
        self._lines: list[list[int]] = []  # At each place the lines that leave it; line ^ 1 is the same line, back.
        self._ends: list[int] = []
        self._room: list[int] = []

    def place(self) -> int:
        """Add a place; gives its number."""
        self._lines.append([])
        return len(self._lines) - 1

    def join(self, start: int, end: int, most: int = UNLIMITED) -> int:
        """Add a line that carries at most so much; gives its number."""
        number = len(self._ends)
        self._ends += (end, start)
        self._room += (most, 0)
        self._lines[start].append(number)
        self._lines[end].append(number + 1)
        return number

    @property
    def size(self) -> int:
        """How many lines there are."""
        return len(self._ends) // 2

    def carried(self, line: int) -> int:
        """What a line carries now."""
        return self._room[line ^ 1]

    def send(self, source: int, sink: int) -> int:
        """Send as much as possible from one place to another; gives how much that was."""
        total = 0
        while levels := self._levels(source, sink):
            tried = [0] * len(self._lines)
            while path := self._path(source, sink, levels, tried):
                total += self._send_along(path)
        return total

    def _levels(self, source: int, sink: int) -> list[int]:
        """How far each place is from the source (-1: not reached), or nothing when the sink is not reached."""
        levels = [-1] * len(self._lines)
        levels[source] = 0
        reached = [source]
        for here in reached:
            for line in self._lines[here]:
                there = self._ends[line]
                if self._room[line] and levels[there] < 0:
                    levels[there] = levels[here] + 1
                    reached.append(there)
            if levels[sink] >= 0:
                return levels
        return []

    def _path(self, source: int, sink: int, levels: Sequence[int], tried: list[int]) -> list[int]:
        """Lines with room that lead a level further each, up to the sink; ``tried`` are those known to lead nowhere."""
        path: list[int] = []
        here = source
        while here != sink:
            line = self._next(here, levels, tried)
            if line is not None:
                path.append(line)
                here = self._ends[line]
            elif path:
                here = self._ends[path.pop() ^ 1]
                tried[here] += 1
            else:
                break
        return path

    def _next(self, here: int, levels: Sequence[int], tried: list[int]) -> int | None:
        lines, further = self._lines[here], levels[here] + 1
        while tried[here] < len(lines):
            line = lines[tried[here]]
            if self._room[line] and levels[self._ends[line]] == further:
                return line
            tried[here] += 1
        return None

    def _send_along(self, path: Sequence[int]) -> int:
        amount = min(self._room[line] for line in path)
        for line in path:
            self._room[line] -= amount
            self._room[line ^ 1] += amount
        return amount
