"""How the web server takes files in: piece by piece to the disk, and no more than may be kept."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import StopUpload, TemporaryFileUploadHandler

#: So many files at most come with one report.
MOST_FILES = 5


class BoundedUpload(TemporaryFileUploadHandler):
    """Writes to the disk, and stops reading a request that is too large for any file we keep."""

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self._received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep a piece, or cut the connection: nobody sends so much by mistake in a form of ours."""
        self._received += len(raw_data)
        if self._received > self._most() + self.chunk_size:
            raise StopUpload(connection_reset=False)
        try:
            super().receive_data_chunk(raw_data, start)
        except OSError:
            # What came so far would fill the disk until somebody looks for it.
            with suppress(OSError):
                self.file.close()
            raise

    def _most(self) -> int:
        """As much as the forms behind an address take in all."""
        path = self.request.path if self.request is not None else ""
        loads = "/loads" in path and path.startswith(("/console/", "/api/"))
        return int(settings.SWINGBY_MOST_UPLOAD if loads else settings.SWINGBY_MOST_EVIDENCE * (MOST_FILES + 1))
