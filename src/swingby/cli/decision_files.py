"""Files of decisions: written whole or not at all, never over another one, found again by places seen from their folder."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from swingby.engine.decisions import ReadDecision, read_document
from swingby.errors import SwingbyError

#: A file that is larger is no decision that a person keeps.
MOST_BYTES = 2_000_000_000


def keep(file: Path, text: str) -> bool:
    """Write a decision.

    Returns
    -------
    bool
        False when it stood there already.

    Raises
    ------
    SwingbyError
        ``decision-exists`` when another one stands there.
    OSError
        When the folder cannot be written to.
    """
    if file.exists():
        return _refuse_another(file, text)
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(
        "w", dir=file.parent, prefix=".", suffix=".part", encoding="utf-8", delete=False
    ) as part:
        unfinished = Path(part.name)
        try:
            part.write(text)
            part.flush()
            os.fsync(part.fileno())
            return _appear(unfinished, file, text)
        finally:
            unfinished.unlink(missing_ok=True)


def _appear(unfinished: Path, file: Path, text: str) -> bool:
    """Give the whole file its name, unless somebody else took it meanwhile."""
    unfinished.chmod(0o644)
    try:
        os.link(unfinished, file)
    except FileExistsError:
        return _refuse_another(file, text)
    except OSError:
        # A file system without links; the time between the question and the answer is short.
        if file.exists():
            return _refuse_another(file, text)
        unfinished.rename(file)
    return True


def _refuse_another(file: Path, text: str) -> bool:
    stands, new = read(file), read_document(text, name=file.name)
    if stands.decision == new.decision and not stands.is_altered:
        return False
    raise SwingbyError(
        code="decision-exists",
        message=f"{file} holds another decision: {stands.hash}, not {new.hash}. A decision is never overwritten.",
        hint="See what changed with `swingby replay`, or write to another place.",
    )


def read(file: Path) -> ReadDecision:
    """Read a decision.

    Raises
    ------
    SwingbyError
        ``decision-unreadable``, ``decision-newer``.
    OSError
        When the file cannot be read.
    """
    try:
        text = file.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise SwingbyError(
            code="decision-unreadable",
            message=f"{file} is not a decision that can be read. It is no text.",
            hint="Name a file that `swingby decide` wrote.",
        ) from error
    return read_document(text, name=str(file))


def places_from(folder: Path, *, program: Path, facts: str, mapping: Path | None) -> dict[str, str]:
    """Where program, facts and a mapping named apart are, seen from a folder; addresses without name and password."""
    places = {"program": str(program), "facts": facts} | ({"mapping": str(mapping)} if mapping else {})
    return {name: _seen_from(folder, place) for name, place in places.items()}


def _seen_from(folder: Path, place: str) -> str:
    if "://" in place:
        parts = urlsplit(place)
        return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))
    try:
        return Path(os.path.relpath(place, folder)).as_posix()
    except ValueError:  # Another drive.
        return Path(place).absolute().as_posix()


def place_from(folder: Path, place: str) -> str:
    """A place that is seen from a folder, as seen from here."""
    return place if "://" in place else os.path.normpath(folder / place)
