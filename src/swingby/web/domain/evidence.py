"""Evidence files of activity reports: pictures and PDF, few and not too large, known by what they hold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from swingby.web.domain.errors import RefusedError
from swingby.web.domain.files import store_file
from swingby.web.models import ActivityReport, ReportFile
from swingby.web.uploads import MOST_FILES

#: How a file begins -> what it is. The name says nothing: it is whatever somebody called it.
_BEGINNINGS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)
_HEIF = (b"heic", b"heix", b"mif1", b"heim", b"hevc")


def media_type_of(beginning: bytes) -> str | None:
    """What a file is by its first bytes; None when it is no evidence that we take."""
    if beginning[:4] == b"RIFF" and beginning[8:12] == b"WEBP":
        return "image/webp"
    if beginning[4:8] == b"ftyp" and beginning[8:12] in _HEIF:
        return "image/heic"
    return next((kind for start, kind in _BEGINNINGS if beginning.startswith(start)), None)


def check_evidence(files: Sequence[UploadedFile[Any]], *, already: int = 0) -> None:
    """Refuse too many files, too large ones, and what is neither picture nor PDF; all problems at once."""
    problems = []
    if len(files) + already > MOST_FILES:
        problems.append(f"Send at most {MOST_FILES} files.")
    for file in files:
        most = settings.SWINGBY_MOST_EVIDENCE
        if (file.size or 0) > most:
            problems.append(f"{file.name} is larger than {most // 1_000_000} MB.")
        elif media_type_of(_beginning(file)) is None:
            problems.append(f"{file.name} is no picture and no PDF.")
    if problems:
        raise RefusedError(" ".join(problems))


def attach_evidence(report: ActivityReport, *, files: Sequence[UploadedFile[Any]], by: str) -> None:
    """Keep files with a report; the same file a second time is kept once."""
    check_evidence(files, already=report.files.count() if files else 0)
    known = set(report.files.values_list("file__sha256", flat=True)) if files else set()
    for file in files:
        stored = store_file(
            file.chunks(),
            owner=report.owner_id,
            partner=report.partner_id,
            by=by,
            name=file.name or "file",
            media_type=media_type_of(_beginning(file)) or "",
            most_bytes=settings.SWINGBY_MOST_EVIDENCE,
        )
        if stored.sha256 not in known:
            known.add(stored.sha256)
            ReportFile.objects.create(
                owner_id=report.owner_id, partner_id=report.partner_id, report=report, file=stored
            )


def _beginning(file: UploadedFile[Any]) -> bytes:
    file.seek(0)
    beginning: bytes = file.read(16)
    file.seek(0)
    return beginning
