"""Files that were packed with gzip, unpacked beside the others for as long as they are read."""

from __future__ import annotations

import gzip
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from swingby.errors import SwingbyError

PACKED = ".gz"
_CHUNK = 1 << 20
#: Rows of text pack to a twentieth; a file that unpacks to so many times its size is an attack on the disk.
_MOST_TIMES, _ALWAYS_FINE = 200, 500_000_000


@contextmanager
def unpacked(path: Path) -> Iterator[Path]:
    """The file itself, or what is packed in it; under a name of letters, because DuckDB opens no other.

    Raises
    ------
    SwingbyError
        ``file-unreadable`` when it is cut off, damaged or far too large.
    """
    if path.suffix.lower() != PACKED and is_text(path):
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="swingby-") as folder:
        if path.suffix.lower() == PACKED:
            target = Path(folder) / shown(path.stem)
            _unpack(path, target)
        else:
            target = Path(folder) / shown(path.name)
            target.symlink_to(path.absolute())
        yield target


def is_text(path: Path) -> bool:
    """Whether a path is UTF-8, as DuckDB wants it."""
    return shown(str(path)) == str(path)


def shown(name: str) -> str:
    """A name with escapes for the bytes that are no letters."""
    return name.encode("utf-8", "backslashreplace").decode("utf-8").replace("\\udc", "%")


def _unpack(path: Path, target: Path) -> None:
    most = max(_ALWAYS_FINE, _MOST_TIMES * path.stat().st_size)
    try:
        with gzip.open(path) as source, target.open("wb") as to:
            while piece := source.read(_CHUNK):
                to.write(piece)
                if to.tell() > most:
                    raise _unreadable(f"The file unpacks to more than {most:,} bytes.")
    except (OSError, EOFError, zlib.error) as error:
        raise _unreadable("The file is cut off or damaged.") from error


def _unreadable(reason: str) -> SwingbyError:
    return SwingbyError(code="file-unreadable", message=reason, hint="Export or copy it again.")
