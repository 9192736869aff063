"""Load and unmatched: views translate between requests and the domain."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from swingby.web.access import enter_console, require, signed_in
from swingby.web.console.load_forms import UnreadableFormError, as_written, mapping_from
from swingby.web.console.load_pages import loads_page, partner_called, upload_page
from swingby.web.console.load_parts import Refusal, UploadPage
from swingby.web.console.load_words import RUNNING
from swingby.web.console.pages import console_shell
from swingby.web.domain.cures import decide_cure, waiting_uploads
from swingby.web.domain.errors import ChangedMeanwhileError, RefusedError
from swingby.web.domain.loads import (
    ask_for,
    describe_upload,
    guess_again,
    load_checked,
    loadable_tables,
    mapped_files,
    program_of,
    receive_upload,
)
from swingby.web.middleware import ActingRequest
from swingby.web.models import Upload, UploadState
from swingby.web.permissions import can_load_facts
from swingby.web.sending import send_file

OK, CONFLICT, UNPROCESSABLE = 200, 409, 422


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def loads(request: ActingRequest, owner: str) -> HttpResponse:
    """Sources, the latest files, what waits for a decision; and a new file."""
    _enter(request, owner)
    return _received(request, owner) if request.method == "POST" else _loads_page(request, owner)


def _loads_page(
    request: ActingRequest,
    owner: str,
    *,
    refused: tuple[Refusal, ...] = (),
    refused_cure: tuple[Refusal, ...] = (),
) -> HttpResponse:
    shell = console_shell(owner, actor=request.actor, current="loads")
    page = replace(loads_page(owner), refused=refused, refused_cure=refused_cure)
    status = UNPROCESSABLE if refused or refused_cure else OK
    return render(request, "console/loads.html", {"page": page, "owner": owner, "shell": shell}, status=status)


def _received(request: ActingRequest, owner: str) -> HttpResponse:
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile):
        words = "Choose a file, no larger than is said beside the field."
        return _loads_page(request, owner, refused=(_of_file(words),))
    name = file.name or "file"
    try:
        upload = receive_upload(owner, actor=request.actor, name=name, chunks=file.chunks())
    except RefusedError as error:
        words = str(error) if name in str(error) else f"{name}: {error}"
        return _loads_page(request, owner, refused=(_of_file(words),))
    return redirect("console:upload", owner=owner, upload=upload.pk)


def _of_file(words: str) -> Refusal:
    return Refusal(words=words, field="load-file")


@require_safe
@signed_in
def upload(request: ActingRequest, owner: str, upload: str) -> HttpResponse:
    """One file: what becomes of its rows, and what can be done."""
    row = _found(request, owner, upload)
    return _upload_page(request, row, upload_page(row))


def _upload_page(request: ActingRequest, row: Upload, page: UploadPage, *, status: int = OK) -> HttpResponse:
    shell = console_shell(row.owner_id, actor=request.actor, current="loads")
    context = {"page": page, "owner": row.owner_id, "key": row.pk, "shell": shell}
    return render(request, "console/upload.html", context, status=status)


@require_safe
@signed_in
def upload_state(request: ActingRequest, owner: str, upload: str) -> HttpResponse:
    """What a job is doing; when it is done, the whole page is asked for."""
    row = _found(request, owner, upload)
    answer = render(request, "console/_upload_state.html", {"page": upload_page(row), "owner": owner, "key": row.pk})
    if row.state not in RUNNING:
        answer["HX-Refresh"] = "true"
    return answer


@require_POST
@signed_in
def describe(request: ActingRequest, owner: str, upload: str) -> HttpResponse:
    """Say how the file is read, and have it checked."""
    row = _found(request, owner, upload)

    def act() -> None:
        if "again" in request.POST:
            guess_again(row, actor=request.actor, table=request.POST.get("table", ""))
            return
        tables = loadable_tables(program_of(owner))
        text = request.POST.get("mapping")
        if text is None:
            text = mapping_from(request.POST, mapped_files(row.mapping, tables)[0], tables)
        describe_upload(row, actor=request.actor, text=text)

    return _done(request, row, act)


@require_POST
@signed_in
def check(request: ActingRequest, owner: str, upload: str) -> HttpResponse:
    """Compare once more with what is known by now."""
    row = _found(request, owner, upload)
    return _done(request, row, lambda: ask_for(row, "check", actor=request.actor))


@require_POST
@signed_in
def load(request: ActingRequest, owner: str, upload: str) -> HttpResponse:
    """Load, or load and hold the chosen partners."""
    row = _found(request, owner, upload)
    held = request.POST.getlist("hold") if "holding" in request.POST else []
    allowed = "allow" in request.POST
    return _done(request, row, lambda: load_checked(row, actor=request.actor, held=held, reversal_allowed=allowed))


@require_POST
@signed_in
def undo(request: ActingRequest, owner: str, upload: str) -> HttpResponse:
    """Look at what undoing would do; then undo."""
    row = _found(request, owner, upload)
    act = "undo" if "sure" in request.POST else "ask_undo"
    return _done(request, row, lambda: ask_for(row, act, actor=request.actor))


@require_POST
@signed_in
def cure(request: ActingRequest, owner: str) -> HttpResponse:
    """Decide what a value stands for; files that wait for it are loaded again."""
    _enter(request, owner)
    said = {name: request.POST.get(name, "") for name in ("reference", "value", "means", "act")}
    try:
        if said["reference"] in ("organizations", "organization_names"):
            said["means"] = partner_called(owner, words=said["means"])
        decide_cure(owner, actor=request.actor, **said)
        again = _load_again(request, owner, said["reference"], said["value"]) if said["act"] != "pass" else 0
        _check_again(request, owner, said["reference"], said["value"])
        messages.success(request, "Remembered." + (f" {again} of the files are loaded again." if again else ""))
    except RefusedError as error:
        refusal = Refusal(words=f"{said['value']}: {error}", field="unmatched")
        return _loads_page(request, owner, refused_cure=(refusal,))
    return redirect("console:loads", owner=owner)


def _load_again(request: ActingRequest, owner: str, reference: str, value: str) -> int:
    loaded = 0
    for key in waiting_uploads(owner, reference=reference, value=value):
        row = Upload.objects.get(pk=key)
        try:
            load_checked(row, actor=request.actor, held=row.held)
            loaded += 1
        except ChangedMeanwhileError:
            continue  # Something is done with it already; the next load finds the decision.
    return loaded


def _check_again(request: ActingRequest, owner: str, reference: str, value: str) -> None:
    """What was worked out for files that are not loaded yet was worked out without the decision."""
    for key in waiting_uploads(owner, reference=reference, value=value, state=UploadState.CHECKED):
        with suppress(ChangedMeanwhileError):
            ask_for(Upload.objects.get(pk=key), "check", actor=request.actor)


@require_safe
@signed_in
def wrong_rows(request: ActingRequest, owner: str, upload: str) -> HttpResponseBase:
    """The rows that were left out, each with the reason."""
    return send_file(_found(request, owner, upload).wrong_rows)


@require_safe
@signed_in
def sent_file(request: ActingRequest, owner: str, upload: str) -> HttpResponseBase:
    """The file as it was sent."""
    return send_file(_found(request, owner, upload).file)


def _enter(request: ActingRequest, owner: str) -> None:
    enter_console(request, owner=owner)
    require(allowed=can_load_facts(request.actor, owner=owner), otherwise="Your role does not load files.")


def _found(request: ActingRequest, owner: str, key: str) -> Upload:
    _enter(request, owner)
    rows = Upload.objects.select_related("file", "wrong_rows", "uploaded_by", "loaded_by", "undone_by")
    return get_object_or_404(rows.filter(owner_id=owner), pk=key)


def _done(request: ActingRequest, upload: Upload, act: Callable[[], None]) -> HttpResponse:
    try:
        act()
    except RefusedError as error:
        return _refused(request, upload, error)
    return redirect("console:upload", owner=upload.owner_id, upload=upload.pk)


def _refused(request: ActingRequest, upload: Upload, error: RefusedError) -> HttpResponse:
    """The page with what was refused, where it is mended, and everything that was written."""
    row = _found(request, upload.owner_id, upload.pk)
    page = upload_page(row)
    field = "read-mapping" if "mapping" in request.POST else ""
    problems = error.problems if isinstance(error, UnreadableFormError) else (Refusal(words=str(error), field=field),)
    columns = as_written(page.columns, request.POST) if page.columns and "table" in request.POST else page.columns
    page = replace(page, refused=problems, columns=columns, mapping=request.POST.get("mapping", page.mapping))
    status = CONFLICT if isinstance(error, ChangedMeanwhileError) else UNPROCESSABLE
    return _upload_page(request, row, page, status=status)
