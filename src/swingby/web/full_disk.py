"""Whether something failed because a disk is full: ours, or the database's."""

from __future__ import annotations

import errno

from psycopg import errors

_FULL = (errno.ENOSPC, errno.EDQUOT)


def is_full_disk(error: BaseException | None) -> bool:
    """True where the error, or one that it came from, says that there is no room left."""
    while error is not None:
        if isinstance(error, errors.DiskFull) or (isinstance(error, OSError) and error.errno in _FULL):
            return True
        error = error.__cause__
    return False
