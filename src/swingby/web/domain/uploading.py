"""The work on uploads, done by jobs: check, load, look at an undo, undo. Each may be run twice.

The heavy part, reading and comparing in DuckDB, runs outside of any transaction. Writing is one transaction, which
takes the ledger's next position and stops if that is not the one everything was tried at; then all is tried again.
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.db.models import Q

from swingby.errors import SwingbyError
from swingby.facts import (
    FactSet,
    GuardError,
    Proposal,
    TableContract,
    carry_out,
    count_rows,
    counted_issues,
    first_issues,
    names_added,
    propose,
    read_facts,
    read_mapping,
    read_stored,
    revive_undone,
    set_aside_mails,
    stored_contracts,
    take_away,
    touched,
    write_bad_rows,
)
from swingby.program import Program
from swingby.web.clock import now, today
from swingby.web.domain.batches import UNDO, StaleError, undo_positions, write_position
from swingby.web.domain.cures import NAMED_IN, keep_unmatched, known_names, remember_names
from swingby.web.domain.enrolled import not_ended
from swingby.web.domain.errors import RefusedError
from swingby.web.domain.files import CHUNK, path_of, store_file
from swingby.web.domain.hypothetical import moves_between, tiers_known
from swingby.web.domain.loads import go_on_to_load, program_of
from swingby.web.domain.odd_rows import Odd, as_issue, odd_rows
from swingby.web.domain.portfolio.rows import refresh_touches
from swingby.web.domain.standings import assess_enrolments, current_position, raise_first
from swingby.web.domain.unfit_files import refuse_nested_columns
from swingby.web.domain.unfit_rows import refuse_unfit_rows
from swingby.web.jobs import enqueue_touched
from swingby.web.models import Enrolment, Organization, Upload, UploadState, UploadTable
from swingby.web.tenancy import act_for_owner

log = logging.getLogger(__name__)

MOST_ISSUES = 50
MOST_UNMATCHED = 5000
_MOST_TRIES = 5
_WRONG_ROWS = "text/csv"


def handle_upload(upload: str, *, owner: str, act: str) -> None:
    """Do what was asked for; what stops it is told on the page, never lost."""
    acts: Mapping[str, tuple[UploadState, Callable[[_Work], None]]] = {
        "check": (UploadState.CHECKING, _check),
        "load": (UploadState.LOADING, _load),
        "ask_undo": (UploadState.ASKING_UNDO, _ask_undo),
        "undo": (UploadState.UNDOING, _undo),
    }
    during, work = acts[act]
    try:
        for _ in range(_MOST_TRIES):
            with suppress(StaleError), _opened(upload, owner=owner, during=during) as opened:
                if opened is not None:
                    work(opened)
                return
        raise RefusedError("Others write all the time; nothing was changed. Try again in a minute.")
    except (OperationalError, InterfaceError):
        raise  # The database is away: the queue tries again.
    except (SwingbyError, RefusedError) as error:
        _give_up(upload, owner=owner, during=during, problem=str(error))
    except Exception:
        log.exception("Upload %s could not be handled", upload)
        _give_up(
            upload,
            owner=owner,
            during=during,
            problem="Something went wrong that is not your mistake. Nothing was changed; try again.",
        )


@dataclass(slots=True)
class _Work:
    """One upload while a job is at it, beside everything that is known."""

    upload: Upload
    program: Program
    known: FactSet
    folder: Path
    undone: frozenset[int]

    @property
    def owner(self) -> str:
        return self.upload.owner_id

    def note(self, step: str) -> None:
        """Say on the page what is being done."""
        with act_for_owner(self.owner):
            Upload.objects.filter(pk=self.upload.pk).update(step=step)


@contextmanager
def _opened(upload: str, *, owner: str, during: UploadState) -> Iterator[_Work | None]:
    """The upload with what is known now; None when another run has done the work."""
    with act_for_owner(owner):
        row = Upload.objects.select_related("file").get(pk=upload)
        if row.state != during:
            yield None
            return
        Upload.objects.filter(pk=upload).update(step="Reading what is known")
    with act_for_owner(owner):
        program, names = program_of(owner), known_names(owner)
        connection.ensure_connection()
        known = read_stored(connection.connection, program, owner=owner, names=names)
        undone = undo_positions(owner)
    with known, tempfile.TemporaryDirectory(prefix="swingby-upload-") as folder:
        yield _Work(row, program, known, Path(folder), undone)


def _give_up(upload: str, *, owner: str, during: UploadState, problem: str) -> None:
    """Back to where the act was asked for, with the reason."""
    with act_for_owner(owner):
        before = UploadState.LOADED if Upload.objects.get(pk=upload).loaded_at else UploadState.CHECKED
        state = UploadState.FAILED if during == UploadState.CHECKING else before
        Upload.objects.filter(pk=upload, state=during).update(state=state, step="", problem=problem)


# --- checking -------------------------------------------------------------------------------------------------------


@contextmanager
def _compared(work: _Work) -> Iterator[Proposal]:
    """The file, read as it was described, beside what is known."""
    work.note("Reading the file")
    delivery, mapping = _delivery(work), _mapping(work)
    delivery.mkdir(exist_ok=True)
    link = delivery / work.upload.file.name
    if not link.exists():
        link.symlink_to(path_of(work.upload.file))
    mapping.write_text(work.upload.mapping, encoding="utf-8")
    files = read_mapping(mapping, stored_contracts(work.program)).files
    refuse_nested_columns(path_of(work.upload.file), files, name=work.upload.file.name)
    with read_facts(delivery, work.program, mapping=mapping, known=work.known) as incoming:
        work.note("Comparing with what is known")
        proposal = propose(incoming, work.program)
        revive_undone(proposal, positions=work.undone)
        set_aside_mails(proposal)
        with act_for_owner(work.owner):
            proposal = refuse_unfit_rows(proposal, owner=work.owner)
        yield proposal


def _delivery(work: _Work) -> Path:
    return work.folder / "delivery"


def _mapping(work: _Work) -> Path:
    return work.folder / "mapping.yaml"


def _check(work: _Work) -> None:
    before = work.known.latest_position
    with _compared(work) as proposal:
        work.note("Working out whose standing would change")
        standing = tiers_known(work.program, work.known, position=before)  # Lists are written over in what is known.
        after = carry_out(proposal, work.known)
        moves = moves_between(work.program, standing, tiers_known(work.program, work.known, position=after))
        reached, odd = touched(work.known, stored_contracts(work.program), position=after), _odd(work, proposal)
        with act_for_owner(work.owner):
            if not _is_still_asked(work):
                return
            _keep_findings(work, proposal, odd)
            stopped = _stopped(proposal)
            Upload.objects.filter(pk=work.upload.pk).update(
                state=UploadState.CHECKED,
                step="",
                problem="",
                known_at=before,
                moves=moves,
                touched=reached,
                stopped=stopped,
                unsure=[change.kind for change in proposal.changes if change.unsure],
            )
            if work.upload.loads_itself and not stopped:
                go_on_to_load(work.upload)


def _is_still_asked(work: _Work) -> bool:
    """Whether no other worker was faster, and nobody said meanwhile that the file is read otherwise: that has its own job."""
    upload = _locked(work)
    return upload.state == UploadState.CHECKING and upload.mapping == work.upload.mapping


def _locked(work: _Work) -> Upload:
    """The upload as it stands now; nobody else changes it until this transaction ends."""
    return Upload.objects.select_for_update().get(pk=work.upload.pk)


def _odd(work: _Work, proposal: Proposal) -> tuple[Odd, ...]:
    return odd_rows(_delivery(work), _mapping(work), work.program, proposal.incoming)


def _keep_findings(work: _Work, proposal: Proposal, odd: Sequence[Odd]) -> None:
    """Counts, issues, the file of wrong rows and unmatched values, written anew."""
    upload, incoming = work.upload, proposal.incoming
    upload.tables.all().delete()
    UploadTable.objects.bulk_create(
        UploadTable(
            owner_id=work.owner,
            upload=upload,
            source=each.source or "",
            **{name: getattr(each, name) for name in _COUNTS},
        )
        for each in count_rows(proposal)
    )
    errors, warnings = counted_issues(incoming)
    unmatched = _unmatched(incoming)
    odd = (*odd, *_not_listed(incoming, len(unmatched)))
    waiting = {value for _, _, value, reference, *_ in unmatched if reference in NAMED_IN}
    issues = [
        {name: getattr(issue, name) for name in ("line", "column", "value", "reason", "hint", "level", "code")}
        | {"waits": issue.code in _UNMATCHED_CODES and issue.value in waiting}
        for issue in first_issues(incoming, MOST_ISSUES)
    ]
    wrong = _wrong_rows(work, incoming) if errors else None
    Upload.objects.filter(pk=upload.pk).update(
        issues=[*issues, *map(as_issue, odd)], warnings=warnings + len(odd), wrong_rows=wrong
    )
    keep_unmatched(upload, unmatched)


def _wrong_rows(work: _Work, incoming: FactSet) -> str:
    file = work.folder / "wrong.csv"
    write_bad_rows(incoming, file)
    with file.open("rb") as opened:
        stored = store_file(
            iter(lambda: opened.read(CHUNK), b""),
            owner=work.owner,
            by=work.upload.uploaded_by_id,
            name=f"wrong rows of {Path(work.upload.file.name).stem}.csv",
            media_type=_WRONG_ROWS,
            most_bytes=settings.SWINGBY_MOST_UPLOAD * 4,
        )
    return stored.pk


def _unmatched(incoming: FactSet) -> list[tuple[str, str, str, str, int, str]]:
    return incoming.connection.execute(_UNMATCHED.format(most=MOST_UNMATCHED)).fetchall()


def _not_listed(incoming: FactSet, listed: int) -> Iterator[Odd]:
    """Say that more values are in no list than people are asked about."""
    values, rows = incoming.connection.execute(_ALL_UNMATCHED).fetchone() or (0, 0)
    if values > listed:
        reason = f"{values:,} values are known to no list; the {listed:,} with the most rows stand under Unmatched."
        hint = "Load the list that holds them first, or look whether the right column is read."
        yield Odd(code="unmatched-many", reason=reason, hint=hint, rows=rows)


def _stopped(proposal: Proposal) -> str:
    try:
        proposal.guard()
    except GuardError as error:
        return error.message.replace(" Nothing was written.", "")
    return ""


# --- loading and undoing --------------------------------------------------------------------------------------------


def _load(work: _Work) -> None:
    before, is_again = work.known.latest_position, work.upload.loaded_at is not None
    with _compared(work) as proposal:
        _refuse_what_nobody_wanted(work, proposal)
        standing = (
            None if _is_as_checked(work.upload, before) else tiers_known(work.program, work.known, position=before)
        )
        after = carry_out(proposal, work.known, held=work.upload.held)
        moves = (
            work.upload.moves
            if standing is None
            else moves_between(work.program, standing, tiers_known(work.program, work.known, position=after))
        )
        reached, odd = touched(work.known, stored_contracts(work.program), position=after), _odd(work, proposal)
        work.note("Writing")
        with act_for_owner(work.owner):
            upload = _locked(work)
            if upload.state != UploadState.LOADING:
                return
            _keep_findings(work, proposal, odd)
            remember_names(work.owner, list(names_added(proposal)), by=upload.loaded_by_id)
            taken = write_position(work.known, work.program, owner=work.owner, position=after, batch=upload.pk)
            upload.positions += [taken] if taken else []
            held = {key: rows for key, rows in upload.touched.items() if is_again or key in upload.held}
            upload.touched, upload.moves = {**held, **reached}, [*upload.moves, *moves] if is_again else moves
            upload.state, upload.step, upload.problem, upload.loaded_at = UploadState.LOADED, "", "", now()
            upload.save(update_fields=["positions", "touched", "moves", "state", "step", "problem", "loaded_at"])
            if taken:
                enqueue_touched(owner=work.owner, upload=upload.pk)


def _is_as_checked(upload: Upload, position: int) -> bool:
    """Whether what the check said of standings is what the load does: nobody wrote since, and nobody is held back."""
    return upload.loaded_at is None and upload.known_at == position and not upload.held


def _refuse_what_nobody_wanted(work: _Work, proposal: Proposal) -> None:
    """Stop a snapshot that takes away more than a tenth by now, because others wrote since it was checked."""
    stopped = _stopped(proposal)
    if stopped and not work.upload.reversal_allowed:
        with act_for_owner(work.owner):
            Upload.objects.filter(pk=work.upload.pk, state=UploadState.LOADING).update(stopped=stopped)
        raise RefusedError(f"{stopped} This was otherwise when the file was checked. Check it again.")


def _ask_undo(work: _Work) -> None:
    before = work.known.latest_position
    tables = stored_contracts(work.program)
    after = take_away(work.known, tables, positions=work.upload.positions)
    standings = [tiers_known(work.program, work.known, position=each) for each in (before, after)]
    moves = moves_between(work.program, *standings)
    found = {
        "moves": moves,
        **_counted_in_undo(work.known, tables, work.upload.positions, after),
        "kept": [move for move in moves if move["at_review"] and move["direction"] == "down"],
        "known_at": before,
    }
    with act_for_owner(work.owner):
        Upload.objects.filter(pk=work.upload.pk, state=UploadState.ASKING_UNDO).update(
            state=UploadState.LOADED, step="", undo=found
        )


def _undo(work: _Work) -> None:
    tables = stored_contracts(work.program)
    after = take_away(work.known, tables, positions=work.upload.positions)
    reached = touched(work.known, tables, position=after)
    with act_for_owner(work.owner):
        upload = Upload.objects.select_for_update().get(pk=work.upload.pk)
        if upload.state != UploadState.UNDOING:
            return
        write_position(work.known, work.program, owner=work.owner, position=after, batch=f"{UNDO}{upload.pk}")
        upload.touched = {**upload.touched, **reached}
        upload.state, upload.step, upload.undone_at = UploadState.UNDONE, "", now()
        upload.save(update_fields=["touched", "state", "step", "undone_at"])
        enqueue_touched(owner=work.owner, upload=upload.pk)


def reassess_touched(upload: str, *, owner: str) -> None:
    """A new standing for everybody whom an upload touched, and for those above them; known ones are passed over."""
    with act_for_owner(owner):
        row = Upload.objects.get(pk=upload)
        # What an undo wrote stands at no position of the load.
        position = current_position(owner) if row.state == UploadState.UNDONE else max(row.positions, default=0)
        moved = {move["enrolment"] for move in row.moves}
        lineages = Organization.objects.filter(pk__in=row.touched).values_list("lineage", flat=True)
        reached = {key for lineage in lineages for key in lineage}
        here = Enrolment.objects.filter(not_ended(today()), owner_id=owner, joined_on__lte=today())
        found = here.filter(Q(partner_id__in=reached) | Q(pk__in=moved))
        enrolments = list(found.order_by("pk").values_list("pk", flat=True))
        refresh_touches(owner)
    raise_first(assess_enrolments(enrolments, owner=owner, position=position))


def _counted_in_undo(
    known: FactSet, tables: Mapping[str, TableContract], positions: list[int], after: int
) -> dict[str, int]:
    """How many facts an undo takes back, restores, and leaves because a later load says something else of them."""
    listed = ", ".join(map(str, positions)) or "0"
    queries = {
        "taken_back": f"reversed_position = {after}",
        "restored": f"position = {after}",
        "went_on": f"position IN ({listed}) AND reversed_position NOT IN ({listed}, {after})",
    }
    kinds = [each.relation for each in tables.values() if each.kind is not None]
    return {
        name: sum(known.desk.count(f"SELECT count(*) FROM {table} WHERE {where}") for table in kinds)
        for name, where in queries.items()
    }


_COUNTS = (
    *("table", "mode", "rows", "new", "changed", "same", "wrong", "repeated", "withdrawn", "waiting", "vanished"),
    "known",
)
#: What says that a value is in no list: where people or partners are meant, the row waits until somebody says whose it is.
_UNMATCHED_CODES = frozenset({"reference-unknown", "reseller-unknown"})
#: Values that no list knows; a name that looks much like one is suggested, never taken.
_UNMATCHED = """
SELECT u.table_name, u.column_name, u.value, u.reference, CAST(sum(u.rows) AS BIGINT), coalesce(max(CASE
    WHEN u.reference IN ('organizations', 'organization_names') THEN (
        SELECT arg_max(n.id, jaro_winkler_similarity(n.name, lower(u.value))) FROM known_names AS n
        WHERE n.about = 'organizations' AND jaro_winkler_similarity(n.name, lower(u.value)) >= 0.88
    ) END), '')
FROM unmatched AS u WHERE u.value IS NOT NULL GROUP BY 1, 2, 3, 4 ORDER BY 5 DESC, 3 LIMIT {most}
"""
_ALL_UNMATCHED = """
SELECT count(*), CAST(coalesce(sum(rows), 0) AS BIGINT) FROM (
    SELECT sum(rows) AS rows FROM unmatched WHERE value IS NOT NULL GROUP BY table_name, column_name, value, reference
)"""
