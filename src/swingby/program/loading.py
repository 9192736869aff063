"""Loading a program: from a folder, a file or a text to a program and everything that is wrong with it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from swingby.program import checks
from swingby.program.blocks import Location
from swingby.program.issues import Issue
from swingby.program.model import Program
from swingby.program.reading.folders import overlooked, root_of, yaml_files
from swingby.program.reading.reader import Reader
from swingby.program.reading.sections import Reading, read_program
from swingby.program.reading.source import MAX_FILES, SourceText, read_file

MAIN_FILE: Final = "program.yaml"
BEGIN: Final = "Begin with program: or measures:."


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading gives.

    Attributes
    ----------
    program
        The program, or None if any issue is an error.
    issues
        Errors, errors from a date and warnings, in order of place.
    """

    program: Program | None
    issues: tuple[Issue, ...]

    @property
    def errors(self) -> tuple[Issue, ...]:
        """The issues that make the program unusable."""
        return tuple(issue for issue in self.issues if issue.level == "error")


def load(path: str | Path) -> Loaded:
    """Load a program.

    Parameters
    ----------
    path
        A folder that holds ``program.yaml`` and perhaps other ``*.yaml`` files, or one file.

    Returns
    -------
    Loaded
        The program and all issues. No input makes this function raise.
    """
    place = Path(path)
    try:
        if place.is_dir():
            return _load_folder(place)
    except (OSError, ValueError) as error:
        reason = f"The folder cannot be read: {getattr(error, 'strerror', None) or error}."
        hint = "Check its path, and who may read it."
        return Loaded(None, (Issue(Location(str(place), 1, 1), "file-unreadable", reason, hint),))
    found = read_file(place, place.name)
    return _load_sources([found], main=place.name)


def load_text(text: str, name: str = MAIN_FILE) -> Loaded:
    """Load a program from one text.

    Parameters
    ----------
    text
        YAML.
    name
        What messages call it.
    """
    return _load_sources([SourceText(name, text.removeprefix("\ufeff"))], main=name)


def load_texts(texts: Iterable[tuple[str, str]]) -> Loaded:
    """Load a program from (name, text) pairs as if they were the files of a folder."""
    sources = [SourceText(name, text.removeprefix("\ufeff")) for name, text in sorted(texts)]
    return _load_sources(list(sources), main=MAIN_FILE)


def read_texts(path: str | Path) -> dict[str, str]:
    """The texts of a program by the names of their files, with one kind of line end, so that a copy can be kept.

    `load_copy` makes of them what `load` makes of the path. A file that cannot be read is left out; `load` says why.
    """
    place = Path(path)
    files = yaml_files(place) if place.is_dir() else [place]
    found = [read_file(file, file.name) for file in files]
    return {source.name: _even(source.text) for source in found if isinstance(source, SourceText)}


def load_copy(texts: Mapping[str, str]) -> Loaded:
    """Load a program from what `read_texts` read."""
    if len(texts) == 1:
        ((name, text),) = texts.items()
        return load_text(text, name)
    return load_texts(texts.items())


def hash_of(texts: Mapping[str, str]) -> str:
    """The hash that a program of these texts has."""
    return _digest([SourceText(name, text) for name, text in texts.items()])


def _load_folder(folder: Path) -> Loaded:
    names = [child.name for child in yaml_files(folder)]
    if len(names) > MAX_FILES:
        hint = "Put sections together."
        issue = Issue(Location(str(folder), 1, 1), "yaml-size", f"A program has at most {MAX_FILES} files.", hint)
        return Loaded(None, (issue,))
    if MAIN_FILE not in names:
        hint = f"Add {MAIN_FILE} with the header."
        return Loaded(
            None, (Issue(Location(str(folder), 1, 1), "file-missing", f"There is no {MAIN_FILE} here.", hint),)
        )
    loaded = _load_sources([read_file(folder / name, name) for name in names], main=MAIN_FILE)
    return Loaded(loaded.program, (*loaded.issues, *overlooked(folder)))


def _load_sources(sources: list[SourceText | Issue], *, main: str) -> Loaded:
    reader = Reader()
    texts = [source for source in sources if isinstance(source, SourceText)]
    for source in sources:
        if isinstance(source, Issue):
            reader.note(source)
    roots = [root for source in texts if (root := root_of(source, reader, begin=BEGIN))]
    readable = len(roots) == len(sources)
    reading = read_program(roots, reader, main=main, digest=_digest(texts)) if roots else None
    return _finish(reading, reader, complete=readable)


def _finish(reading: Reading | None, reader: Reader, *, complete: bool) -> Loaded:
    """Check what was read; where a whole file is missing, what refers to it would only be noise."""
    program = reading.program if reading else None
    found = set(reader.issues)
    if reading and program and complete:
        found.update(checks.run(program, reading.unread))
    issues = tuple(sorted(found, key=_order))
    wrong = any(issue.level == "error" for issue in issues)
    return Loaded(None if wrong or not complete else program, issues)


def _order(issue: Issue) -> tuple[Location, str, str]:
    return issue.location, issue.code, issue.message


def _digest(texts: list[SourceText]) -> str:
    """The hash of names and texts, the same whatever the line ends are."""
    digest = hashlib.sha256()
    for source in sorted(texts, key=lambda source: source.name):
        digest.update(f"{source.name}\0{_even(source.text)}\0".encode("utf-8", "backslashreplace"))
    return digest.hexdigest()


def _even(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
