"""Files of facts: sent as one job, checked, loaded, followed, undone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any, Literal

from django.db import models
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from ninja import File, Form, Query, Router, Schema, Status
from ninja.files import UploadedFile
from pydantic import Field

from swingby.web.api.guard import Token, require
from swingby.web.api.paging import PageQuery, page_of
from swingby.web.api.problems import Issue, ProblemError
from swingby.web.api.programs import find_program
from swingby.web.api.reports import Nothing
from swingby.web.api.values import Key, Text
from swingby.web.domain.json_lines import as_csv, csv_name, is_json_lines
from swingby.web.domain.loads import MOST_MAPPING, Reading, ask_for, load_checked, receive_upload
from swingby.web.middleware import ActingRequest
from swingby.web.models import TokenScope, Upload, UploadState
from swingby.web.permissions import can_load_facts
from swingby.web.sending import send_file

router = Router(tags=["files of facts"], auth=Token(TokenScope.FACTS_READ))
WRITES = Token(TokenScope.FACTS_WRITE)
NOT_YOURS = "Your role does not load files."
State = Literal["described", "checking", "checked", "loading", "loaded", "asking_undo", "undoing", "undone", "failed"]


class LoadForm(Schema):
    """How a file is read, and whether it is only tried."""

    kind: Text = Field("", max_length=100, description="What the rows are, such as activities; guessed if left out.")
    mapping: Text = Field("", max_length=MOST_MAPPING, description="How the columns translate, in YAML.")
    dry_run: bool = Field(False, description="Only say what would become of it; nothing is written.")


class TableCounts(Schema):
    """What became of the rows of one table; in a dry run, or before the load, what would become of them."""

    table: str
    rows: int
    new: int
    changed: int
    same: int
    wrong: int
    repeated: int
    withdrawn: int
    waiting: int
    vanished: int


class RowIssue(Schema):
    """What is wrong with a row of the file."""

    line: int | None
    column: str
    value: str
    reason: str
    hint: str
    level: str


class LoadShape(Schema):
    """One file, where its job stands, and what became of its rows.

    It is done when the state is `checked` (a dry run), `loaded`, `undone` or `failed`.
    """

    id: str
    name: str
    sha256: str
    state: State
    step: str
    problem: str
    stopped: str
    dry_run: bool
    tables: list[TableCounts]
    issues: list[RowIssue]
    has_wrong_rows: bool
    partners: int
    positions: list[int]
    sent_by: str
    sent_at: datetime
    loaded_at: datetime | None
    undone_at: datetime | None


class LoadPage(Schema):
    """Files, the newest first."""

    items: list[LoadShape]
    next: str | None


class LoadAct(Schema):
    """What is allowed beyond the usual."""

    allow_reversal: bool = Field(False, description="Load a snapshot that takes away more than a tenth.")


@router.post("/programs/{program}/loads", response={202: LoadShape}, auth=WRITES)
def send_load(
    request: ActingRequest, program: Key, file: File[UploadedFile], said: Form[LoadForm]
) -> Status[LoadShape]:
    """Send a file: CSV, NDJSON, Parquet or XLSX. One job checks and loads it; rows that are wrong come back.

    The same file again changes nothing: rows are known by their source and id.
    """
    owner = find_program(program).owner_id
    require(allowed=can_load_facts(request.actor, owner=owner), otherwise=NOT_YOURS)
    reading = Reading(mapping=said.mapping, table=said.kind or None, loads_itself=not said.dry_run)
    name, chunks = _plain(file)
    row = receive_upload(owner, actor=request.actor, name=name, chunks=chunks, reading=reading)
    if row.state == UploadState.DESCRIBED:
        raise _unclear(row)
    return Status(HTTPStatus.ACCEPTED, _after(row.pk))


def _plain(file: UploadedFile) -> tuple[str, Iterable[bytes]]:
    name = file.name or "file"
    return (csv_name(name), as_csv(file.chunks())) if is_json_lines(name) else (name, file.chunks())


def _unclear(row: Upload) -> ProblemError:
    words = f"It is not clear how this is read: {', '.join(row.unclear) or 'a column that is needed is missing'}."
    hint = "Send a mapping, or the kind of the rows."
    issue = Issue(location="form.mapping", code="mapping", message=words, hint=hint)
    return ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, "Nothing was kept. Mend what the issues name.", issues=[issue])


@router.get("/programs/{program}/loads", response=LoadPage)
def list_loads(request: ActingRequest, program: Key, page: Query[PageQuery]) -> LoadPage:
    """Files that were sent, from here and from the screens, the newest first."""
    owner = find_program(program).owner_id
    require(allowed=can_load_facts(request.actor, owner=owner), otherwise=NOT_YOURS)
    found, following = page_of(_rows().filter(owner_id=owner), page, order=("-uploaded_at", "-id"))
    return LoadPage(items=[_shape(row) for row in found], next=following)


@router.get("/loads/{load}", response=LoadShape)
def read_load(request: ActingRequest, load: Key) -> LoadShape:
    """Where the job of a file stands, and what became of its rows."""
    return _shape(_found(request, load))


@router.get("/loads/{load}/wrong-rows", response={200: bytes})
def read_wrong_rows(request: ActingRequest, load: Key) -> HttpResponseBase:
    """What is wrong with which rows, as CSV: line, column, value, reason and hint."""
    return send_file(_found(request, load).wrong_rows)


@router.post("/loads/{load}/load", response={202: LoadShape}, auth=WRITES)
def load_file(request: ActingRequest, load: Key, body: LoadAct | None = None) -> Status[LoadShape]:
    """Load a file that was only tried, or was stopped."""
    row = _found(request, load)
    load_checked(row, actor=request.actor, reversal_allowed=bool(body and body.allow_reversal))
    return Status(HTTPStatus.ACCEPTED, _after(row.pk))


@router.post("/loads/{load}/undo", response={202: LoadShape}, auth=WRITES)
def undo_load(request: ActingRequest, load: Key, body: Nothing | None = None) -> Status[LoadShape]:  # noqa: ARG001 - ninja's signature
    """Take back what a file brought; what other files said since stays."""
    row = _found(request, load)
    ask_for(row, "undo", actor=request.actor)
    return Status(HTTPStatus.ACCEPTED, _after(row.pk))


def _found(request: ActingRequest, key: str) -> Upload:
    row = get_object_or_404(_rows(), pk=key)
    require(allowed=can_load_facts(request.actor, owner=row.owner_id), otherwise=NOT_YOURS)
    return row


def _rows() -> models.QuerySet[Upload]:
    return Upload.objects.select_related("file", "wrong_rows").prefetch_related("tables")


def _after(key: str) -> LoadShape:
    return _shape(_rows().get(pk=key))


def _shape(row: Upload) -> LoadShape:
    names = ("state", "step", "problem", "stopped", "positions", "loaded_at", "undone_at")
    return LoadShape(
        id=row.pk,
        name=row.file.name,
        sha256=row.file.sha256,
        dry_run=not row.loads_itself,
        tables=[
            TableCounts(**{name: getattr(each, name) for name in TableCounts.model_fields}) for each in row.tables.all()
        ],
        issues=[_issue(each) for each in row.issues],
        has_wrong_rows=row.wrong_rows_id is not None,
        partners=len(row.touched),
        sent_by=row.uploaded_by_id,
        sent_at=row.uploaded_at,
        **{name: getattr(row, name) for name in names},
    )


def _issue(said: Mapping[str, Any]) -> RowIssue:
    words = {name: str(said.get(name) or "") for name in ("column", "value", "reason", "hint", "level")}
    return RowIssue(line=said.get("line"), **words)
