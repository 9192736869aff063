"""Uploads: receiving a file, saying how it is read, and asking for the jobs that check, load and undo it."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction

from swingby.errors import SwingbyError
from swingby.facts import (
    FileMapping,
    Head,
    TableContract,
    known_names,
    mapping_text,
    read_head,
    read_mapping,
    stored_contracts,
)
from swingby.program import Program
from swingby.web.clock import now, today
from swingby.web.domain.audit import record_owner_act
from swingby.web.domain.errors import ChangedMeanwhileError, NotAllowedError, RefusedError
from swingby.web.domain.files import path_of, store_file
from swingby.web.domain.programs import loaded, version_in_force
from swingby.web.domain.unfit_files import guess_of, refuse_what_is_no_table, unclear_numbers
from swingby.web.jobs import enqueue_upload
from swingby.web.models import Program as StoredProgram
from swingby.web.models import SavedMapping, Upload, UploadState
from swingby.web.permissions import can_load_facts
from swingby.web.visibility import Actor

MOST_MAPPING = 50_000
MOST_COLUMNS = 200
LONGEST_SAMPLE = 80
#: Act -> states from which it may be asked for, and the state while its job runs.
ACTS: Mapping[str, tuple[frozenset[UploadState], UploadState]] = {
    "check": (
        frozenset({UploadState.DESCRIBED, UploadState.CHECKED, UploadState.FAILED, UploadState.CHECKING}),
        UploadState.CHECKING,
    ),
    "load": (frozenset({UploadState.CHECKED, UploadState.LOADED}), UploadState.LOADING),
    "ask_undo": (frozenset({UploadState.LOADED}), UploadState.ASKING_UNDO),
    "undo": (frozenset({UploadState.LOADED}), UploadState.UNDOING),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How a file is read as its sender says: by a mapping, as rows of one table, or as we guess; and what happens then."""

    mapping: str = ""
    table: str | None = None
    loads_itself: bool = False


AS_WE_GUESS = Reading()


def receive_upload(
    owner: str, *, actor: Actor, name: str, chunks: Iterable[bytes], reading: Reading = AS_WE_GUESS
) -> Upload:
    """Keep a file and say how it is probably read: as the last one with these columns, else by a guess.

    When nothing is open, it is checked at once.
    """
    _require(actor, owner)
    file = store_file(
        chunks, owner=owner, by=actor.person, name=name, media_type="", most_bytes=settings.SWINGBY_MOST_UPLOAD
    )
    upload = Upload(owner_id=owner, file=file, state=UploadState.DESCRIBED, uploaded_by_id=actor.person)
    upload.uploaded_at, upload.loads_itself = now(), reading.loads_itself
    refuse_what_is_no_table(path_of(file), name=file.name)
    try:
        is_clear = _described(upload, reading, program=program_of(owner))
    except SwingbyError as error:
        raise RefusedError(str(error)) from error
    upload.save(force_insert=True)
    record_owner_act(owner, actor=actor.person, action="upload.receive", subject=upload.id, sha256=file.sha256)
    if is_clear:
        ask_for(upload, "check", actor=actor)
    return upload


def _described(upload: Upload, reading: Reading, *, program: Program) -> bool:
    """As the sender says, or as we propose; whether nothing is left to be asked."""
    tables = loadable_tables(program)
    if reading.table is not None and reading.table not in tables:
        raise RefusedError(f'There is no kind "{reading.table}". Send one of {", ".join(sorted(tables))}.')
    if not reading.mapping:
        return _propose(upload, program=program, table=reading.table)
    _check_length(reading.mapping)
    mapped_files(reading.mapping, tables)
    upload.mapping = reading.mapping
    return True


def _check_length(mapping: str) -> None:
    if len(mapping) > MOST_MAPPING or "\0" in mapping:
        raise RefusedError("This mapping is too long, or holds a character that cannot be kept.")


def _propose(upload: Upload, *, program: Program, table: str | None = None) -> bool:
    """Fill in the mapping; whether nothing is left to be asked."""
    path, tables = path_of(upload.file), loadable_tables(program)
    head = read_head(path, name=upload.file.name)
    saved = _saved_for(upload.owner_id, head) if table is None else None
    if saved is not None:
        upload.mapping = saved.text
        line = next((each.header_line or 1 for each in mapped_files(saved.text, tables)), 1)
        upload.head = _samples(head, line)
        return True
    head, found = guess_of(path, tables, name=upload.file.name, table=table)
    upload.head = _samples(head, (found.mapping.header_line if found else None) or 1)
    if found is None:
        return False
    numbers = unclear_numbers(path, head, found.mapping, tables[found.mapping.table])
    upload.mapping, upload.unclear = mapping_text([found.mapping]), [*found.unclear, *numbers]
    return not upload.unclear and not found.missing


def _samples(head: Head, line: int) -> dict[str, str]:
    """The columns of a file with a few of their values."""
    names = [text.strip() for text in head.rows[line - 1][:MOST_COLUMNS]] if line <= len(head.rows) else []
    return {
        name[:LONGEST_SAMPLE]: ", ".join(dict.fromkeys(head.values(line, place)[:3]))[:LONGEST_SAMPLE]
        for place, name in enumerate(names)
        if name
    }


def guess_again(upload: Upload, *, actor: Actor, table: str) -> None:
    """Propose how the file is read if it holds what somebody said."""
    _require(actor, upload.owner_id)
    program = program_of(upload.owner_id)
    if table not in loadable_tables(program):
        raise RefusedError("Choose what the file holds.")
    try:
        _propose(upload, program=program, table=table)
    except SwingbyError as error:
        raise RefusedError(str(error)) from error
    open_states = (UploadState.DESCRIBED, UploadState.CHECKED, UploadState.FAILED)
    changed = Upload.objects.filter(pk=upload.pk, state__in=open_states).update(
        mapping=upload.mapping, unclear=upload.unclear, head=upload.head, state=UploadState.DESCRIBED
    )
    if changed != 1:
        raise ChangedMeanwhileError("Something else is being done with this file. Look at it again.")


def _saved_for(owner: str, head: Head) -> SavedMapping | None:
    """The mapping of files that have the most of these columns and lack none that it reads."""
    lines = [set(head.names(line)) for line in range(1, min(len(head.rows), 20) + 1)]
    kept = SavedMapping.objects.filter(owner_id=owner)
    fitting = [row for row in kept if any(line.issuperset(row.columns) for line in lines)]
    return max(fitting, key=lambda row: (len(row.columns), row.saved_at), default=None)


def describe_upload(upload: Upload, *, actor: Actor, text: str) -> None:
    """Say how the file is read, in the words of a mapping, remember it, and check the file."""
    _require(actor, upload.owner_id)
    _check_length(text)
    files = mapped_files(text, loadable_tables(program_of(upload.owner_id)))
    upload.mapping, upload.unclear = text, []
    with transaction.atomic():
        ask_for(upload, "check", actor=actor)
        Upload.objects.filter(pk=upload.pk).update(mapping=text, unclear=[])
        columns = sorted(frozenset().union(*(known_names(each) for each in files)))
        if columns:
            SavedMapping.objects.update_or_create(
                owner_id=upload.owner_id,
                columns=columns,
                defaults={"text": text, "saved_by_id": actor.person, "saved_at": now()},
            )


def mapped_files(text: str, tables: Mapping[str, TableContract]) -> tuple[FileMapping, ...]:
    """What a mapping says, or every mistake in it."""
    with tempfile.TemporaryDirectory(prefix="swingby-") as folder:
        file = Path(folder) / "mapping.yaml"
        file.write_text(text, encoding="utf-8")
        try:
            return read_mapping(file, tables).files
        except SwingbyError as error:
            raise RefusedError(error.message) from error


def ask_for(upload: Upload, act: str, *, actor: Actor) -> None:
    """Enqueue the job of an act, in the same transaction as the state that says so."""
    _require(actor, upload.owner_id)
    before, during = ACTS[act]
    by = {"load": {"loaded_by_id": actor.person}, "undo": {"undone_by_id": actor.person}}.get(act, {})
    changed = Upload.objects.filter(pk=upload.pk, state__in=before).update(state=during, step="", problem="", **by)
    if changed != 1:
        raise ChangedMeanwhileError("Something else is being done with this file. Look at it again.")
    upload.refresh_from_db()
    record_owner_act(upload.owner_id, actor=actor.person, action=f"upload.{act}", subject=upload.id)
    enqueue_upload(act, owner=upload.owner_id, upload=upload.id)


def load_checked(upload: Upload, *, actor: Actor, held: Collection[str] = (), reversal_allowed: bool = False) -> None:
    """Load a file that was checked, or load it again; partners in ``held`` are left as they are."""
    if upload.stopped and not (reversal_allowed or upload.reversal_allowed):
        raise RefusedError(f"{upload.stopped} Say that you want this, or send a whole export.")
    unknown = set(held) - set(upload.touched)
    if unknown:
        raise RefusedError("Hold only partners that this file touches.")
    with transaction.atomic():
        ask_for(upload, "load", actor=actor)
        Upload.objects.filter(pk=upload.pk).update(
            held=sorted(held), reversal_allowed=reversal_allowed or upload.reversal_allowed
        )


def go_on_to_load(upload: Upload) -> None:
    """After the check of a file that loads itself: the load, in the name of who sent it."""
    person = upload.uploaded_by_id
    changed = Upload.objects.filter(pk=upload.pk, state=UploadState.CHECKED, loaded_at=None)
    if changed.update(state=UploadState.LOADING, loaded_by_id=person) == 1:
        record_owner_act(upload.owner_id, actor=person, action="upload.load", subject=upload.pk)
        enqueue_upload("load", owner=upload.owner_id, upload=upload.pk)


def loadable_tables(program: Program) -> Mapping[str, TableContract]:
    """The tables that a file may become."""
    return stored_contracts(program)


def program_of(owner: str) -> Program:
    """The rules in force of an owner's program."""
    program = StoredProgram.objects.filter(owner_id=owner).order_by("id").first()
    if program is None:
        raise RefusedError("There is no program yet. Publish one before you load what happened in it.")
    return loaded(version_in_force(program.pk, on=today()))


def _require(actor: Actor, owner: str) -> None:
    if not can_load_facts(actor, owner=owner):
        raise NotAllowedError("Your role does not load files.")
