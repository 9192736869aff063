"""Sending a stored file, the guide of a program, or a badge to somebody who may have it."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_cache_control
from django.utils.http import parse_etags, quote_etag
from django.utils.text import slugify

from swingby.web.domain.errors import RefusedError
from swingby.web.domain.files import path_of
from swingby.web.domain.guides import GuideInForce, paper_of
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


def kept_paper(request: HttpRequest, found: GuideInForce) -> HttpResponse:
    """The guide as PDF without anybody's standing; nothing where the reader has it already."""
    mark = quote_etag(found.mark)
    if mark in parse_etags(request.headers.get("If-None-Match", "")):
        answer: HttpResponse = HttpResponseNotModified()
    else:
        answer = paper_file(paper_of(found), found)
    answer["ETag"] = mark
    # A browser keeps the file, but asks each time, so that who lost access gets nothing.
    patch_cache_control(answer, private=True, no_cache=True)
    return answer


def paper_file(paper: bytes, found: GuideInForce) -> HttpResponse:
    """A guide as a file to keep."""
    name = slugify(f"{found.guide.name}-guide-{found.guide.version}") or "guide"
    answer = HttpResponse(paper, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def sent_badge(text: str, *, name: str) -> HttpResponse:
    """A badge as a download, in its compact form."""
    answer = HttpResponse(text, content_type="text/plain; charset=us-ascii")
    answer["Content-Disposition"] = f'attachment; filename="badge-{name}.jwt"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
