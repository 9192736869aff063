"""Loading a catalogue: from a folder or file to certifications and everything that is wrong with them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from swingby.enablement.catalogue import Catalogue
from swingby.enablement.checks import check
from swingby.enablement.reading import read_catalogue
from swingby.program import Issue
from swingby.program.blocks import Location
from swingby.program.reading import Reader, read_roots

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
    read = read_roots(Path(path), reader, begin=BEGIN)
    found = read_catalogue(read.roots, reader)
    catalogue = found.catalogue()
    if read.complete:
        for issue in check(catalogue, found.unread):
            reader.note(issue)
        if not found.places:
            where = Location(Path(path).name, 1, 1)
            reader.error(where, "file-empty", "The catalogue has no certifications.", BEGIN)
    issues = tuple(sorted(set(reader.issues), key=lambda issue: (issue.location, issue.code, issue.message)))
    is_wrong = not read.complete or any(issue.level == "error" for issue in issues)
    return LoadedCatalogue(None if is_wrong else catalogue, issues)
