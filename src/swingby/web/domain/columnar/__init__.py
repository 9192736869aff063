"""The columnar copy: an owner's facts as Parquet files, one folder for each owner, brought up to date by position.

``bring_copy`` writes what came since, ``open_copy`` gives the facts as a program reads them.
"""

from __future__ import annotations

from swingby.web.domain.columnar.manifest import CopyError, Manifest, copied_owners, copy_folder, read_manifest
from swingby.web.domain.columnar.reading import open_copy
from swingby.web.domain.columnar.writing import Brought, bring_copy

__all__ = [
    "Brought",
    "CopyError",
    "Manifest",
    "bring_copy",
    "copied_owners",
    "copy_folder",
    "open_copy",
    "read_manifest",
]
