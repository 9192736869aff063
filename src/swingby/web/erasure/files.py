"""Erase one person in the files that were sent: texts are written anew, packed files that hold the person are removed."""

from __future__ import annotations

import gzip
import hashlib
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import duckdb

from swingby.web.erasure.needles import Needles

#: Old hash -> new hash and size of a text that was written anew.
Rewritten = dict[str, tuple[str, int]]
_MOST_IN_PIECES = 1 << 30


@dataclass(frozen=True, slots=True)
class FilesSearched:
    """What became of the files, by the hash under which each stands."""

    rewritten: Rewritten
    removed: tuple[str, ...]
    not_searched: tuple[str, ...]
    #: What still holds the person, to be deleted as soon as the database no longer names it.
    old: tuple[Path, ...]


def erase_in_files(folder: Path, needles: Needles) -> FilesSearched:
    """Search every stored file, and write texts anew beside the old ones; nothing is deleted yet."""
    rewritten: Rewritten = {}
    removed: list[str] = []
    unknown: list[str] = []
    old: list[Path] = []
    for file in _stored(folder):
        kind = _kind(file)
        if kind == "text":
            if (after := _cleaned_text(file, needles)) is not None:
                rewritten[file.name] = _written_anew(file, after)
                old.append(file)
        elif kind in _PACKED:
            if _holds(_PACKED[kind](file), needles.compiled()):
                removed.append(file.name)
                old.append(file)
        else:
            unknown.append(file.name)
    return FilesSearched(rewritten, tuple(removed), tuple(unknown), tuple(old))


def _stored(folder: Path) -> Iterator[Path]:
    """Files by name, so that a file that is written anew in this run is not looked at twice."""
    return iter(sorted(each for each in folder.glob("*/*") if each.is_file())) if folder.is_dir() else iter(())


def _kind(file: Path) -> str:
    with file.open("rb") as opened:
        head = opened.read(4096)
    for kind, mark in (("zip", b"PK\x03\x04"), ("parquet", b"PAR1"), ("gzip", b"\x1f\x8b"), ("pdf", b"%PDF")):
        if head.startswith(mark):
            return kind
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "text"
    return "picture" if b"\0" in head or head.startswith((b"\x89PNG", b"\xff\xd8\xff")) else "text"


def _cleaned_text(file: Path, needles: Needles) -> bytes | None:
    """The text without the person; None if it does not hold them."""
    raw = file.read_bytes()
    text, encoding = _decoded(raw)
    cleaned, count = needles.compiled().subn(needles.instead, text)
    return cleaned.encode(encoding) if count else None


def _decoded(raw: bytes) -> tuple[str, str]:
    names = ("utf-16",) if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8", "cp1252")
    for encoding in names:
        try:
            return raw.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    return raw.decode("latin-1"), "latin-1"


def _written_anew(file: Path, content: bytes) -> tuple[str, int]:
    found = hashlib.sha256(content).hexdigest()
    part = file.with_name(f".part-{found}")
    part.write_bytes(content)
    part.replace(file.with_name(found))
    return found, len(content)


def _holds(texts: Iterator[str], pattern: re.Pattern[str]) -> bool:
    return any(pattern.search(text) for text in texts)


def _in_zip(file: Path) -> Iterator[str]:
    """Every member, also as a reader of XML would see it."""
    with zipfile.ZipFile(file) as packed:
        for info in packed.infolist():
            if info.file_size <= _MOST_IN_PIECES:
                text, _ = _decoded(packed.read(info))
                yield info.filename
                yield unescape(re.sub(r"<[^>]*>", " ", text))
                yield text


def _in_gzip(file: Path) -> Iterator[str]:
    with gzip.open(file) as opened:
        yield _decoded(opened.read())[0]


def _in_parquet(file: Path) -> Iterator[str]:
    with duckdb.connect() as connection:
        rows = connection.execute("SELECT CAST(t AS VARCHAR) FROM read_parquet(?) AS t", [str(file)])
        while batch := rows.fetchmany(10_000):
            yield "\n".join(str(row[0]) for row in batch)


_PACKED: dict[str, Callable[[Path], Iterator[str]]] = {"zip": _in_zip, "gzip": _in_gzip, "parquet": _in_parquet}
