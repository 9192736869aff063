"""What a copy holds: files by table, with counts and digests. A file that no manifest names is no part of the copy."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

FORM = 1
NAME = "manifest.json"


class CopyError(RuntimeError):
    """The copy cannot be read, or does not say what the database says."""


@dataclass(frozen=True, slots=True)
class Found:
    """How many rows there are, and what they say: the sum of the digests of each, in whatever order they come."""

    rows: int = 0
    digest: int = 0
    reversed_rows: int = 0
    reversed_digest: int = 0


@dataclass(frozen=True, slots=True)
class CopiedTable:
    """The files of one table.

    Attributes
    ----------
    columns
        Name -> type in DuckDB.
    segments
        Files of rows, each of the positions that came between two times of writing.
    reversals
        Files that say which rows of earlier segments were reversed later, and at which position.
    """

    columns: Mapping[str, str]
    segments: tuple[str, ...] = ()
    reversals: tuple[str, ...] = ()
    found: Found = field(default_factory=Found)


@dataclass(frozen=True, slots=True)
class Manifest:
    """A whole copy, as it was at a position."""

    owner: str
    position: int
    written_at: datetime
    tables: Mapping[str, CopiedTable]

    @property
    def files(self) -> frozenset[str]:
        """Every file of the copy, by its name in the owner's folder."""
        return frozenset(name for table in self.tables.values() for name in (*table.segments, *table.reversals))

    @property
    def rows(self) -> int:
        """How many rows all tables hold."""
        return sum(table.found.rows for table in self.tables.values())


def copy_folder(owner: str) -> Path:
    """One folder for each owner, whatever its key is made of."""
    return Path(settings.SWINGBY_COPY) / hashlib.sha256(owner.encode()).hexdigest()[:24]


def read_manifest(owner: str) -> Manifest | None:
    """What the owner's copy holds; None where there is none that can be read, so that it is written anew."""
    found = _read(copy_folder(owner) / NAME)
    return found if found is not None and found.owner == owner else None


def _read(path: Path) -> Manifest | None:
    try:
        read = json.loads(path.read_text(encoding="utf-8"))
        if read["form"] != FORM:
            return None
        tables = {name: _table(each) for name, each in read["tables"].items()}
        return Manifest(read["owner"], read["position"], datetime.fromisoformat(read["written_at"]), tables)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def copied_owners() -> list[str]:
    """Whose copies there are; one that cannot be read is none until the next night."""
    found = (_read(path) for path in Path(settings.SWINGBY_COPY).glob(f"*/{NAME}"))
    return sorted(manifest.owner for manifest in found if manifest is not None)


def _table(read: Mapping[str, Any]) -> CopiedTable:
    return CopiedTable(read["columns"], tuple(read["segments"]), tuple(read["reversals"]), Found(**read["found"]))


def write_manifest(manifest: Manifest) -> None:
    """Put a manifest in the place of the one before, in one step that a crash cannot halve."""
    folder = copy_folder(manifest.owner)
    part = folder / f"{NAME}.part"
    tables = {name: asdict(table) for name, table in manifest.tables.items()}
    said = {"form": FORM, "owner": manifest.owner, "position": manifest.position, "tables": tables}
    with part.open("w", encoding="utf-8") as file:
        json.dump(said | {"written_at": manifest.written_at.isoformat()}, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    part.replace(folder / NAME)
    settle(folder)


def settle(folder: Path) -> None:
    """Make sure that the names in a folder outlive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
