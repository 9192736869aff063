"""Files on the disk, each under the hash of what it holds; who may have one is a row of the database."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings

from swingby.web.clock import now
from swingby.web.domain.errors import RefusedError
from swingby.web.full_disk import is_full_disk
from swingby.web.models import StoredFile

CHUNK = 1 << 20
_LONGEST_NAME = 120
NO_ROOM = "The disk of this server is full, so the file was not kept. Tell whoever runs it, then send it again."


def store_file(
    chunks: Iterable[bytes],
    *,
    owner: str,
    partner: str | None = None,
    by: str | None,
    name: str,
    media_type: str,
    most_bytes: int,
) -> StoredFile:
    """Write a file to the disk piece by piece, under its hash, and note whose it is.

    The same content twice stands on the disk once.
    """
    folder = _folder(owner)
    folder.mkdir(parents=True, exist_ok=True)
    found, size = hashlib.sha256(), 0
    with tempfile.NamedTemporaryFile(dir=folder, prefix=".part-", delete=False) as part:
        try:
            for chunk in chunks:
                size += len(chunk)
                if size > most_bytes:
                    raise RefusedError(f"{name} is larger than {most_bytes // 1_000_000:,} MB. Send it in parts.")
                found.update(chunk)
                part.write(chunk)
            part.flush()
            os.fsync(part.fileno())
            Path(part.name).replace(folder / found.hexdigest())
        except BaseException as error:
            Path(part.name).unlink(missing_ok=True)
            if is_full_disk(error):
                raise RefusedError(NO_ROOM) from error
            raise
    return StoredFile.objects.create(
        owner_id=owner,
        partner_id=partner,
        sha256=found.hexdigest(),
        size=size,
        name=plain_file_name(name),
        media_type=media_type,
        stored_by_id=by,
        stored_at=now(),
    )


def path_of(file: StoredFile) -> Path:
    """Where a file stands, for those who may have it; a file that is gone is said in words."""
    path = _folder(file.owner_id) / file.sha256
    if not path.is_file():
        raise RefusedError(f"{file.name} is no longer on the disk. Restore the folder of files from the backup.")
    return path


def plain_file_name(name: str) -> str:
    """A name without folders and without characters that no system takes."""
    last = re.split(r"[/\\]", name)[-1]
    plain = re.sub(r"[^\w .()+-]", "_", last).strip(" .")
    return plain[-_LONGEST_NAME:] or "file"


def _folder(owner: str) -> Path:
    """One folder for each owner, whatever its key is made of."""
    return Path(settings.SWINGBY_FILES) / hashlib.sha256(owner.encode()).hexdigest()[:24]
