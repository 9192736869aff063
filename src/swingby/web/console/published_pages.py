"""Fill the page of a version that was published: its rules in sentences, its files, and these packed together."""

from __future__ import annotations

import io
import zipfile
from typing import Final

from django.urls import reverse

from swingby.program import describe
from swingby.web.clock import today
from swingby.web.console.published_parts import Chapter, PublishedPage, chapters_of
from swingby.web.domain.errors import RefusedError
from swingby.web.domain.programs import loaded, version_in_force
from swingby.web.models import ProgramVersion

#: A day for every file, so that the same version gives the same bytes.
PACKED_ON: Final = (1980, 1, 1, 0, 0, 0)


def published_page(version: ProgramVersion) -> PublishedPage:
    """Everything a published version says."""
    chapters: tuple[Chapter, ...] = ()
    refused = ""
    try:
        chapters = chapters_of(describe(loaded(version)))
    except RefusedError as error:
        refused = str(error)
    return PublishedPage(
        program=version.program.name,
        version=version.version,
        effective=version.effective,
        published_at=version.published_at,
        is_in_force=_is_in_force(version),
        chapters=chapters,
        files=tuple(sorted(version.files.items())),
        file_url=reverse("console:published_file", args=[version.owner_id, version.pk]),
        versions_url=reverse("console:versions", args=[version.owner_id]),
        refused=refused,
    )


def _is_in_force(version: ProgramVersion) -> bool:
    return version.effective <= today() and version_in_force(version.program_id, on=today()).pk == version.pk


def packed(version: ProgramVersion) -> bytes:
    """The files of a version as a zip, which can be uploaded as a draft again."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in sorted(version.files.items()):
            archive.writestr(zipfile.ZipInfo(name, PACKED_ON), text, zipfile.ZIP_DEFLATED)
    return held.getvalue()
