"""Documents that stay with a partner: for both sides, or for the one that adds them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from swingby.web.clock import now
from swingby.web.domain.audit import record_act
from swingby.web.domain.errors import RefusedError
from swingby.web.domain.files import store_file
from swingby.web.domain.telling import document_shared
from swingby.web.models import Audience, Enrolment, PartnerDocument, Side
from swingby.web.visibility import Actor


def add_document(
    enrolment: Enrolment, *, actor: Actor, side: Side, audience: Audience, file: UploadedFile[Any] | None
) -> PartnerDocument:
    """Keep a file with a partner. One that is for one side only is stored without the other's name on it."""
    if file is None:
        raise RefusedError("Choose a file first.")
    is_shared = audience == Audience.SHARED
    stored = store_file(
        file.chunks(),
        owner=enrolment.owner_id,
        partner=enrolment.partner_id if is_shared else None,
        by=actor.person,
        name=file.name or "file",
        media_type="",
        most_bytes=settings.SWINGBY_MOST_EVIDENCE,
    )
    document = PartnerDocument.objects.create(
        owner_id=enrolment.owner_id,
        partner_id=enrolment.partner_id,
        side=side,
        audience=audience,
        file=stored,
        added_by_id=actor.person,
        added_at=now(),
    )
    subject = str(document.pk)
    record_act(document, side=side, actor=actor.person, action="document.add", subject=subject, audience=audience)
    document_shared(document, enrolment)
    return document
