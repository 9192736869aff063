"""Sending a stored file to somebody who may have it."""

from __future__ import annotations

from django.http import FileResponse, Http404

from swingby.web.domain.errors import RefusedError
from swingby.web.domain.files import path_of
from swingby.web.models import StoredFile


def send_file(file: StoredFile | None) -> FileResponse:
    """A stored file as a download: never shown as a page of ours, whatever it holds."""
    if file is None:
        raise Http404
    try:
        opened = path_of(file).open("rb")
    except RefusedError as error:
        raise Http404 from error
    answer = FileResponse(opened, as_attachment=True, filename=file.name, content_type="application/octet-stream")
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
