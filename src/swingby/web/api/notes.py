"""Notes about a partner."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import Literal

from ninja import Query, Router, Schema, Status
from pydantic import Field

from swingby.web.api.guard import Token, require
from swingby.web.api.paging import PageQuery, page_of
from swingby.web.api.partners import find_partner
from swingby.web.api.values import Key, Text
from swingby.web.domain.notes import LONGEST_NOTE, write_note
from swingby.web.middleware import ActingRequest
from swingby.web.models import Audience, Note, Side, TokenScope
from swingby.web.permissions import can_write_notes

router = Router(tags=["notes"], auth=Token(TokenScope.NOTES_READ))


class NoteShape(Schema):
    """A few words that stay with a partner."""

    id: int
    side: Literal["vendor", "partner"]
    audience: Literal["shared", "only_us"]
    written_by: str
    written_at: datetime
    text: str


class NotePage(Schema):
    """Notes, the newest first."""

    items: list[NoteShape]
    next: str | None


class NoteBody(Schema):
    """A note to write; it starts at *only us*."""

    text: Text = Field(min_length=1, max_length=LONGEST_NOTE)
    audience: Literal["shared", "only_us"] = "only_us"


@router.get("/partners/{partner}/notes", response=NotePage)
def list_notes(request: ActingRequest, partner: Key, page: Query[PageQuery]) -> NotePage:  # noqa: ARG001 - ninja's signature
    """What one's own side wrote, and what the other side shared."""
    row = find_partner(partner)
    notes = Note.objects.filter(owner_id=row.owner_id, partner_id=row.partner_id)
    found, following = page_of(notes, page, order=("-written_at", "-id"))
    return NotePage(items=[_shape(note) for note in found], next=following)


@router.post("/partners/{partner}/notes", response={201: NoteShape}, auth=Token(TokenScope.NOTES_WRITE))
def add_note(request: ActingRequest, partner: Key, body: NoteBody) -> Status[NoteShape]:
    """Write a note about a partner."""
    row = find_partner(partner)
    require(allowed=can_write_notes(request.actor, owner=row.owner_id), otherwise="Your role does not write notes.")
    note = write_note(row, actor=request.actor, side=Side.VENDOR, audience=Audience(body.audience), text=body.text)
    return Status(HTTPStatus.CREATED, _shape(note))


def _shape(note: Note) -> NoteShape:
    names = ("side", "audience", "written_at", "text")
    return NoteShape(id=note.pk, written_by=note.written_by_id, **{name: getattr(note, name) for name in names})
