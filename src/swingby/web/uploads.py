"""How the web server takes files in: piece by piece to the disk, and no more than may be kept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import StopUpload, TemporaryFileUploadHandler

from swingby.web.domain.errors import RefusedError

#: So many files at most come with one report.
MOST_FILES = 5


#: Nobody sends so many times what may be kept by mistake: the connection is cut.
FAR_TOO_MUCH = 20


if TYPE_CHECKING:
    _Uploaded = UploadedFile[Any]
else:  # Generic to the type checker alone.
    _Uploaded = UploadedFile


class TooLargeFile(_Uploaded):
    """A file of which nothing was kept."""

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:  # noqa: ARG002 - as Django calls it
        """Say so."""
        raise RefusedError(f"{self.name} is too large: {(self.size or 0) // 1_000_000:,} MB. Send it in parts.")

    def read(self, *_: object) -> bytes:
        """The same."""
        return b"".join(self.chunks())


class BoundedUpload(TemporaryFileUploadHandler):
    """Writes to the disk, as much as any file may have that we keep.

    What is beyond is not kept: the file arrives with its whole size and refuses to be read, so that whoever takes it says
    that it is too large, and nothing else of the form is lost.
    """

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self._received = 0
        self._is_too_large = False

    def new_file(self, *args: Any, **options: Any) -> None:
        """Begin a file; whether an earlier one was too large does not matter to it."""
        self._is_too_large = False
        super().new_file(*args, **options)

    def file_complete(self, file_size: int) -> UploadedFile[Any] | None:
        """The file, or in its place one that refuses to be read."""
        found: UploadedFile[Any] | None = super().file_complete(file_size)
        if found is None or not self._is_too_large:
            return found
        found.close()
        return TooLargeFile(None, found.name, found.content_type, file_size, found.charset)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep a piece, if the request is not too large by now."""
        self._received += len(raw_data)
        most = self._most() + self.chunk_size
        if self._received > FAR_TOO_MUCH * most:
            raise StopUpload(connection_reset=True)
        if self._received > most:
            self._is_too_large = True
            self.file.truncate(0)
            return
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
