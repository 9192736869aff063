"""Which characters a file is made of, and whether it is plain enough for the fast reader."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_CHUNK = 1 << 20
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
FALLBACK = "cp1252"
_NOT_PLAIN = (b'"', b"\x00", "\u00a0".encode())


@dataclass(frozen=True, slots=True)
class Survey:
    """What one look over the bytes of a file tells.

    Attributes
    ----------
    encoding
        Name for Python's decoder.
    guessed
        Whether nothing in the file says so.
    lines
        Physical lines; a last one without a line break counts.
    line_end
        How lines end, if the file is plain.
    plain
        UTF-8, no quotes or unusual spaces, and lines that end as on Unix or Windows throughout: a line is a row.
    """

    encoding: str
    guessed: bool
    lines: int
    plain: bool
    line_end: str = "\n"


def survey(path: Path) -> Survey:
    """Look over a file once, in pieces."""
    encoding = _marked(path)
    if encoding not in ("utf-8", "utf-8-sig"):
        return Survey(encoding, guessed=False, lines=0, plain=False)
    look = _Look()
    try:
        for piece in _pieces(path):
            look.add(piece)
        look.finish()
    except UnicodeDecodeError:
        return Survey(FALLBACK, guessed=True, lines=0, plain=False)
    return Survey(encoding, guessed=False, lines=look.lines, plain=look.plain, line_end=look.line_end)


def _marked(path: Path) -> str:
    with path.open("rb") as file:
        start = file.read(4)
    return next((name for mark, name in _MARKS if start.startswith(mark)), "utf-8")


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_CHUNK):
            yield piece


class _Look:
    """Counts of what was seen so far."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._breaks = self._returns = self._pairs = 0
        self._last = b""
        self.plain = True

    def add(self, piece: bytes) -> None:
        self._decoder.decode(piece)
        self.plain = self.plain and not any(mark in piece for mark in _NOT_PLAIN)
        self._breaks += piece.count(b"\n")
        self._returns += piece.count(b"\r")
        self._pairs += piece.count(b"\r\n") + (self._last == b"\r" and piece[:1] == b"\n")
        self._last = piece[-1:]

    def finish(self) -> None:
        self._decoder.decode(b"", final=True)
        self.plain = self.plain and self._returns == self._pairs and self._pairs in (0, self._breaks)

    @property
    def line_end(self) -> str:
        return "\r\n" if self._pairs else "\n"

    @property
    def lines(self) -> int:
        return self._breaks + (self._last not in (b"", b"\n"))
