"""Documents that stay with a partner: for both sides, or for the one that adds them."""

from __future__ import annotations

import hashlib
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet

from swingby.web.clock import now
from swingby.web.domain.audit import record_act
from swingby.web.domain.errors import RefusedError
from swingby.web.domain.files import plain_file_name, store_file
from swingby.web.domain.sent_twice import wait_for_first
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


def add_document_once(
    enrolment: Enrolment, *, actor: Actor, side: Side, audience: Audience, file: UploadedFile[Any] | None
) -> PartnerDocument:
    """Keep a file that came by a form; the same one that the same person sent a moment ago is that document."""
    same = _sent_before(enrolment, actor, file).filter(side=side, audience=audience) if file else None
    found = None if same is None else same.first()
    return found or add_document(enrolment, actor=actor, side=side, audience=audience, file=file)


def _sent_before(enrolment: Enrolment, actor: Actor, file: UploadedFile[Any]) -> QuerySet[PartnerDocument]:
    """Documents of this name with just these bytes."""
    since, content = wait_for_first("document", enrolment, actor), hashlib.sha256()
    for chunk in file.chunks():
        content.update(chunk)
    return PartnerDocument.objects.filter(
        owner_id=enrolment.owner_id,
        partner_id=enrolment.partner_id,
        added_by_id=actor.person,
        added_at__gt=since,
        file__sha256=content.hexdigest(),
        file__name=plain_file_name(file.name or "file"),
    )
