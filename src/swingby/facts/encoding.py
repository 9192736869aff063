"""Which characters a file is made of, and whether it is plain enough for the fast reader."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_CHUNK = 1 << 20
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
FALLBACK = "cp1252"
#: What stands in place of a letter that cannot be read.
LOST = "\ufffd"
_UTF8 = ("utf-8", "utf-8-sig")
#: Bytes of one letter, of encodings in which every letter has several.
_WIDTHS = {"utf-16": 2, "utf-16-le": 2, "utf-16-be": 2, "utf-32": 4}
#: Blanks around quotes, which the fast reader takes for something else than the careful one; looked for in two steps.
_BLANKS_AROUND = (b'" ', b'"\t', b'  "')
_BLANK_EDGES = re.compile(rb'"[ \t][,;|\t\n\r ]|(?:\A|[,;|\t\n\r])  +"')
#: Of the piece before, so that the edge of a field is seen across two pieces.
_KEPT = 3
#: A file without a mark is UTF-16 when so many of its first bytes are zero, in every second place only.
_ZEROS = 0.3


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
    plain
        UTF-8, nothing unusual around quotes, and lines that end as on Unix or Windows; only inside quotes they may end
        otherwise.
    line_end
        How lines end, if the file is plain: as the first one does.
    quoted
        Whether there are quotes.
    cut
        Whether the file ends in the middle of a letter.
    nul
        Whether there are NUL bytes that are no part of a letter.
    lost
        How many letters cannot be read, in a file that is UTF-8 for the most part.
    """

    encoding: str
    guessed: bool = False
    lines: int = 0
    plain: bool = False
    line_end: str = "\n"
    quoted: bool = False
    cut: bool = False
    nul: bool = False
    lost: int = 0


def survey(path: Path, encoding: str | None = None) -> Survey:
    """Look over a file once, in pieces; ``encoding`` is what a mapping says."""
    known = _marked(path) or (codecs.lookup(encoding).name if encoding else None) or _unmarked(path)
    if known in _WIDTHS:
        return Survey(known, cut=path.stat().st_size % _WIDTHS[known] != 0)
    if known not in _UTF8:
        return Survey(known, nul=_has_nul(path))
    look = _Look()
    try:
        for piece in _pieces(path):
            look.add(piece)
    except UnicodeDecodeError:
        return _not_quite_utf8(path, known)
    return look.finish(known)


def _not_quite_utf8(path: Path, encoding: str) -> Survey:
    """A file that says it is UTF-8, or has more letters of it than bytes that are none, is UTF-8 with damage."""
    decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
    letters = lost = 0
    for piece in _pieces(path):
        text = decoder.decode(piece)
        lost += text.count(LOST)
        letters += len(text) - len(text.encode("ascii", errors="ignore"))
    if encoding == "utf-8-sig" or letters - lost > lost:
        return Survey(encoding, nul=_has_nul(path), lost=lost)
    return Survey(FALLBACK, guessed=True, nul=_has_nul(path))


def _marked(path: Path) -> str | None:
    with path.open("rb") as file:
        start = file.read(4)
    return next((name for mark, name in _MARKS if start.startswith(mark)), None)


def _unmarked(path: Path) -> str:
    """UTF-16 without its mark has a zero in every second place as long as letters are Latin."""
    with path.open("rb") as file:
        start = file.read(4096)
    even, odd = start[::2].count(0), start[1::2].count(0)
    if odd > _ZEROS * len(start) and even * 10 < odd:
        return "utf-16-le"
    return "utf-16-be" if even > _ZEROS * len(start) and odd * 10 < even else "utf-8"


def _has_nul(path: Path) -> bool:
    return any(b"\x00" in piece for piece in _pieces(path))


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_CHUNK):
            yield piece


class _Look:
    """Counts of what was seen so far."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._breaks = self._returns = self._pairs = 0
        self._last = self._end = b""
        self._first_end = b""
        self.nul = False
        self._quoted = False
        self._blank_edges = False

    def add(self, piece: bytes) -> None:
        self._decoder.decode(piece)
        self.nul = self.nul or b"\x00" in piece
        self._breaks += piece.count(b"\n")
        self._returns += piece.count(b"\r")
        self._pairs += piece.count(b"\r\n") + (self._last == b"\r" and piece[:1] == b"\n")
        if not self._first_end and (place := piece.find(b"\n")) >= 0:
            self._first_end = (self._last + piece)[max(place - 1 + len(self._last), 0) :][:2]
        self._last = piece[-1:]
        self._quoted = self._quoted or b'"' in piece
        if self._quoted and not self._blank_edges:
            self._look_at_blanks(self._end + piece)
        self._end = (self._end + piece)[-_KEPT:]

    def _look_at_blanks(self, around: bytes) -> None:
        if any(mark in around for mark in _BLANKS_AROUND) and _BLANK_EDGES.search(around):
            self._blank_edges = True

    def finish(self, encoding: str) -> Survey:
        try:
            self._decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return Survey(encoding, cut=True, nul=self.nul)
        same_ends = self._pairs in (0, self._breaks) or self._quoted
        plain = not self.nul and not self._blank_edges and self._returns == self._pairs and same_ends
        line_end = "\r\n" if self._first_end == b"\r\n" else "\n"
        lines = self._breaks + (self._last not in (b"", b"\n"))
        return Survey(encoding, lines=lines, plain=plain, line_end=line_end, quoted=self._quoted, nul=self.nul)
