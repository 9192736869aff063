"""How the web server takes files in: piece by piece to the disk, and no more than may be kept."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import StopUpload, TemporaryFileUploadHandler


class BoundedUpload(TemporaryFileUploadHandler):
    """Writes to the disk, and stops reading a request that is too large for any file we keep."""

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self._received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep a piece, or cut the connection: nobody sends so much by mistake in a form of ours."""
        self._received += len(raw_data)
        if self._received > settings.SWINGBY_MOST_UPLOAD + self.chunk_size:
            raise StopUpload(connection_reset=False)
        super().receive_data_chunk(raw_data, start)
