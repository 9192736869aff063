"""Reading the files of a program version that somebody uploads: YAML files, or one zip of them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Protocol

from swingby.web.domain.errors import RefusedError

MOST_FILES = 200
MOST_BYTES = 5_000_000
MAIN_FILE = "program.yaml"
SCENARIOS = "scenarios"


class Upload(Protocol):
    """A file as a form gives it."""

    @property
    def name(self) -> str | None:
        """What the sender calls it."""
        ...

    def read(self) -> bytes:
        """All of it."""
        ...


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts of a version: its program, and its scenarios."""

    program: Mapping[str, str]
    scenarios: Mapping[str, str]


def read_uploads(uploads: Iterable[Upload]) -> Texts:
    """The YAML texts of what was uploaded, each by its name.

    Files in a folder ``scenarios`` are scenarios, and so are files that begin with a list: a part of a program is a
    mapping of sections.

    Raises
    ------
    RefusedError
        When there is nothing to read, too much of it, or a file that is no text.
    """
    found: dict[str, str] = {}
    for path, content in _files(uploads):
        found[path] = _text(path, content)
        if len(found) > MOST_FILES:
            raise RefusedError(f"These are more than {MOST_FILES} files. Put sections together.")
    if not found:
        raise RefusedError("There is no YAML file in it. Choose the program's *.yaml files, or a zip of its folder.")
    return _sorted_out(found)


def _files(uploads: Iterable[Upload]) -> Iterator[tuple[str, bytes]]:
    room = MOST_BYTES
    for upload in uploads:
        name, content = upload.name or "upload", upload.read()
        parts = _unzipped(content, name, room) if _is_zip(name, content) else [(name, content)]
        for path, part in parts:
            room -= len(part)
            if room < 0:
                raise RefusedError(f"These files hold more than {MOST_BYTES:,} bytes. Leave out what is no rule.")
            if _is_ours(path):
                yield path, part


def _is_zip(name: str, content: bytes) -> bool:
    return name.lower().endswith(".zip") or content.startswith(b"PK\x03\x04")


def _unzipped(content: bytes, name: str, room: int) -> Iterator[tuple[str, bytes]]:
    """The YAML files of a zip; never more than there is room for, whatever its directory says."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for entry in archive.infolist():
                if entry.is_dir() or not _is_ours(entry.filename):
                    continue
                with archive.open(entry) as file:
                    part = file.read(room + 1)
                room -= min(len(part), room)
                yield entry.filename, part
    except (
        zipfile.BadZipFile,
        NotImplementedError,
        RuntimeError,
        EOFError,
        OSError,
        ValueError,
        UnicodeError,
    ) as error:
        raise RefusedError(f"{name} cannot be opened as a zip. Make it anew, without a password.") from error


def _is_ours(path: str) -> bool:
    parts = PurePosixPath(path.replace("\\", "/")).parts
    hidden = any(part.startswith(".") or part == "__MACOSX" for part in parts)
    return not hidden and path.lower().endswith((".yaml", ".yml"))


def _text(path: str, content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise RefusedError(f"{path}, line {line}: this is no UTF-8 text. Save the file as UTF-8.") from error
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise RefusedError(f"{path}, line {line}: there is a character that no text has. Save the file as UTF-8.")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _sorted_out(found: Mapping[str, str]) -> Texts:
    """Program and scenarios apart, each under its bare name; a name twice is refused."""
    program: dict[str, str] = {}
    scenarios: dict[str, str] = {}
    for path, text in sorted(found.items()):
        place = PurePosixPath(path.replace("\\", "/"))
        part = scenarios if _is_scenario(place, text) else program
        if place.name in part:
            raise RefusedError(f"There are two files called {place.name}. Rename one of them.")
        part[place.name] = text
    return Texts(program, scenarios)


def _is_scenario(place: PurePosixPath, text: str) -> bool:
    lines = (line for line in text.splitlines() if line.strip() and not line.lstrip().startswith(("#", "---")))
    return SCENARIOS in place.parts[:-1] or (place.name != MAIN_FILE and next(lines, "").startswith("- "))
