"""Loading a catalogue: from a folder or file to certifications and everything that is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from swingby.enablement.catalogue import Catalogue
from swingby.enablement.checks import check
from swingby.enablement.reading import read_catalogue
from swingby.program import Issue
from swingby.program.blocks import Location
from swingby.program.reading import Reader, Roots, read_roots
from swingby.program.reading.folders import root_of
from swingby.program.reading.source import SourceText

BEGIN: Final = "Begin with vendors: or certifications:."


@dataclass(frozen=True, slots=True)
class LoadedCatalogue:
    """The catalogue, or None if any issue is an error, and all issues in order of place."""

    catalogue: Catalogue | None
    issues: tuple[Issue, ...]


def load_catalogue(path: str | Path) -> LoadedCatalogue:
    """Load a catalogue.

    Parameters
    ----------
    path
        A folder of ``*.yaml`` files, or one file.

    Returns
    -------
    LoadedCatalogue
        The catalogue and all issues. No input makes this function raise.
    """
    reader = Reader()
    return _loaded(read_roots(Path(path), reader, begin=BEGIN), reader, Path(path).name)


def load_catalogue_texts(texts: Mapping[str, str]) -> LoadedCatalogue:
    """Load a catalogue from texts by the names of their files, as if they were a folder."""
    reader = Reader()
    sources = [SourceText(name, text.removeprefix("\ufeff")) for name, text in sorted(texts.items())]
    roots = tuple(root for source in sources if (root := root_of(source, reader, begin=BEGIN)))
    return _loaded(Roots(roots, complete=bool(roots) and len(roots) == len(sources)), reader, "catalogue")


def _loaded(read: Roots, reader: Reader, name: str) -> LoadedCatalogue:
    found = read_catalogue(read.roots, reader)
    catalogue = found.catalogue()
    if read.complete:
        for issue in check(catalogue, found.unread):
            reader.note(issue)
        if not found.places:
            where = Location(name, 1, 1)
            reader.error(where, "file-empty", "The catalogue has no certifications.", BEGIN)
    issues = tuple(sorted(set(reader.issues), key=lambda issue: (issue.location, issue.code, issue.message)))
    is_wrong = not read.complete or any(issue.level == "error" for issue in issues)
    return LoadedCatalogue(None if is_wrong else catalogue, issues)
