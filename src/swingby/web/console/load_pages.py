"""Fill the pages about loading from what is stored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import connection
from django.urls import reverse

from swingby.program import NAME_TABLES, REFERENCE_TABLES
from swingby.web.console.load_forms import columns_of
from swingby.web.console.load_parts import (
    CureCard,
    CureValue,
    LoadsPage,
    Move,
    SourceRow,
    TableCounts,
    Undo,
    UploadPage,
    UploadRow,
    WrongRow,
)
from swingby.web.console.load_words import RUNNING, TONES, column_words, issue_words, source_words, table_words
from swingby.web.domain.cures import GROWS, NAMED_IN, CureGroup, unmatched_groups
from swingby.web.domain.errors import RefusedError
from swingby.web.domain.hypothetical import LEFT
from swingby.web.domain.loads import loadable_tables, mapped_files, program_of
from swingby.web.models import Enrolment, Organization, Upload, UploadState, UploadTable

MOST_UPLOADS = 20
MOST_VALUES = 12
MOST_OPTIONS = 300
MOST_MOVES = 30
MOST_ISSUES = 20
_FAINT_MS = 1000


def loads_page(owner: str) -> LoadsPage:
    """Sources, the latest files, and what waits for a decision."""
    groups = unmatched_groups(owner)
    return LoadsPage(
        sources=_sources(owner),
        uploads=_uploads(owner),
        cures=_cures(owner, groups),
        unmatched=sum(group.total for group in groups),
        most_megabytes=settings.SWINGBY_MOST_UPLOAD // 1_000_000,
    )


def _uploads(owner: str) -> tuple[UploadRow, ...]:
    rows = (
        Upload.objects.filter(owner_id=owner)
        .select_related("file", "uploaded_by")
        .prefetch_related("tables")
        .order_by("-uploaded_at", "id")[:MOST_UPLOADS]
    )
    return tuple(
        UploadRow(
            name=row.file.name,
            url=reverse("console:upload", args=[owner, row.pk]),
            state=UploadState(row.state).label,
            tone=TONES[row.state],
            sent_at=row.uploaded_at,
            sent_by=row.uploaded_by.name,
            what=_what(row),
        )
        for row in rows
    )


def _what(upload: Upload) -> str:
    listed = list(upload.tables.all())
    names = ", ".join(table_words(table.table) for table in listed)
    counts = {name: sum(getattr(table, name) for table in listed) for name in ("new", "changed", "same", "wrong")}
    odd = sum(_is_odd(each) for each in upload.issues)
    parts = [f"{count:,} {_COUNT_WORDS[name]}" for name, count in counts.items() if count]
    return f"{names}: " + ", ".join([*parts, *([f"{odd} to look at"] if odd else [])]) if names else ""


_COUNT_WORDS = {"new": "new", "changed": "changed", "same": "the same", "wrong": "wrong"}


def _sources(owner: str) -> tuple[SourceRow, ...]:
    """Every source by list: what it says of its days, and the last load that brought it."""
    with connection.cursor() as cursor:
        cursor.execute(_COVERAGE, [owner])
        coverage = {(row[0], row[1]): row[2:] for row in cursor.fetchall()}
        cursor.execute(_LAST_GOOD, [owner])
        last = {(row[0], row[1]): row[2:] for row in cursor.fetchall()}
    found = sorted({*coverage, *last}, key=lambda pair: (table_words(pair[0]), pair[1]))
    return tuple(_source(owner, *pair, coverage.get(pair), last.get(pair)) for pair in found)


def _source(
    owner: str, table: str, source: str, days: tuple[date | None, date | None] | None, last: tuple[datetime, str] | None
) -> SourceRow:
    return SourceRow(
        table=table_words(table),
        source=source_words(source),
        complete_from=days[0] if days else None,
        complete_to=days[1] if days else None,
        says=days is not None,
        last_good=last[0] if last else None,
        upload_url=reverse("console:upload", args=[owner, last[1]]) if last else "",
    )


_COVERAGE = """
SELECT kind, source, CASE WHEN count(complete_from) = count(*) THEN min(complete_from) END,
       CASE WHEN count(complete_to) = count(*) THEN max(complete_to) END
FROM ref_coverage WHERE owner_org = %s GROUP BY 1, 2 ORDER BY 1, 2 LIMIT 500
"""
_LAST_GOOD = """
SELECT DISTINCT ON (t.table_name, t.source) t.table_name, t.source, u.loaded_at, u.id
FROM upload_tables AS t JOIN uploads AS u ON u.id = t.upload
WHERE t.owner_org = %s AND u.state = 'loaded' ORDER BY 1, 2, 3 DESC LIMIT 500
"""


# --- unmatched ------------------------------------------------------------------------------------------------------

_TITLES: Mapping[str, tuple[str, str]] = {
    "mail": ("{rows} under a private mail", "Say whose it is. They count for nobody until then."),
    "name": (
        "{rows} with a partner's name that nobody knows",
        "Say who it is. The answer is remembered for every file.",
    ),
    "list": ("{rows} whose {column} is not in the list", "Add it to the list, or mend it in the file."),
}


def _cures(owner: str, groups: tuple[CureGroup, ...]) -> tuple[CureCard, ...]:
    partners = _partners(owner) if any(group.cure == "name" for group in groups) else {}
    people = _people(owner) if any(group.cure == "mail" for group in groups) else ()
    return tuple(_card(place, group, partners, people) for place, group in enumerate(groups))


def _card(place: int, group: CureGroup, partners: Mapping[str, str], people: tuple[tuple[str, str], ...]) -> CureCard:
    rows = f"{group.rows:,} {'row' if group.rows == 1 else 'rows'}"
    title, hint = _TITLES[group.cure]
    options = tuple(partners.items())[:MOST_OPTIONS] if group.cure == "name" else people if group.cure == "mail" else ()
    return CureCard(
        key=f"cure-{place}",
        title=title.format(rows=rows, column=column_words(group.column).lower()),
        hint=hint,
        reference=group.reference,
        names="" if group.reference not in NAMED_IN or group.cure == "list" else group.cure,
        grows=group.reference in GROWS and group.cure == "list",
        values=tuple(
            CureValue(
                key=f"cure-{place}-{number}",
                value=each.value,
                rows=each.rows,
                files=each.files,
                suggestion=each.suggestion,
                suggestion_name=partners.get(each.suggestion, each.suggestion),
            )
            for number, each in enumerate(group.values[:MOST_VALUES])
        ),
        total=group.total,
        options=options,
    )


def _partners(owner: str) -> Mapping[str, str]:
    rows = Enrolment.objects.filter(owner_id=owner).order_by("partner__name").values_list("partner_id", "partner__name")
    return dict(rows)


def _people(owner: str) -> tuple[tuple[str, str], ...]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT person, '' FROM ref_people WHERE owner_org = %s ORDER BY 1 LIMIT {MOST_OPTIONS}", [owner]
        )
        return tuple(cursor.fetchall())


def partner_called(owner: str, *, words: str) -> str:
    """The key of a partner by its key or its name; the words themselves if nobody is called so."""
    plain = words.strip()
    found = Organization.objects.filter(pk__in=Enrolment.objects.filter(owner_id=owner).values("partner_id"))
    named = found.filter(name__iexact=plain).values_list("pk", flat=True)[:2]
    return named[0] if len(named) == 1 else plain


# --- one upload -----------------------------------------------------------------------------------------------------


def upload_page(upload: Upload) -> UploadPage:
    """One file as it stands."""
    tables = tuple(_counts(table) for table in upload.tables.all())
    partners = _moved_partners(upload)
    moves = _moves(upload.moves, partners, upload.owner_id)
    return UploadPage(
        name=upload.file.name,
        url=reverse("console:upload", args=[upload.owner_id, upload.pk]),
        state=upload.state,
        state_words=UploadState(upload.state).label,
        tone=TONES[upload.state],
        is_running=upload.state in RUNNING,
        step=upload.step,
        problem=upload.problem,
        sent_at=upload.uploaded_at,
        sent_by=upload.uploaded_by.name,
        size=upload.file.size,
        tables=tables,
        moves=moves[:MOST_MOVES],
        ups=sum(move["direction"] == "up" for move in upload.moves),
        downs=sum(move["direction"] == "down" for move in upload.moves),
        wrong=sum(table.wrong for table in tables),
        wrong_url=reverse("console:wrong_rows", args=[upload.owner_id, upload.pk]) if upload.wrong_rows_id else "",
        warnings=upload.warnings,
        issues=tuple(_issue(each, upload) for each in upload.issues if not _is_odd(each))[:MOST_ISSUES],
        odd=tuple(_issue(each, upload) for each in upload.issues if _is_odd(each)),
        stopped=upload.stopped,
        unsure=tuple(map(table_words, upload.unsure)),
        loaded_at=upload.loaded_at,
        loaded_by=upload.loaded_by.name if upload.loaded_by else "",
        undone_at=upload.undone_at,
        undone_by=upload.undone_by.name if upload.undone_by else "",
        held=tuple(Organization.objects.filter(pk__in=upload.held).values_list("name", flat=True)),
        waiting=sum(table.waiting for table in tables),
        loaded_before=_loaded_before(upload),
        undo=_undo(upload, partners),
        poll_ms=_FAINT_MS,
        **_form(upload),
    )


def _counts(row: UploadTable) -> TableCounts:
    names = (
        "rows",
        "new",
        "changed",
        "same",
        "wrong",
        "repeated",
        "withdrawn",
        "waiting",
        "vanished",
        "known",
        "unexplained",
    )
    return TableCounts(
        table=table_words(row.table),
        source=row.source,
        is_snapshot=row.mode == "snapshot",
        stays=row.table in REFERENCE_TABLES or row.table in NAME_TABLES,
        keeps_first=row.table in NAME_TABLES,
        **{name: getattr(row, name) for name in names},
    )


def _moved_partners(upload: Upload) -> Mapping[str, tuple[str, str]]:
    keys = {move["enrolment"] for move in (*upload.moves, *upload.undo.get("moves", ()))}
    rows = Enrolment.objects.filter(pk__in=keys).values_list("pk", "partner_id", "partner__name")
    return {key: (partner, name) for key, partner, name in rows}


def _moves(found: Iterable[Mapping[str, Any]], partners: Mapping[str, tuple[str, str]], owner: str) -> tuple[Move, ...]:
    return tuple(
        Move(
            partner=partners[each["enrolment"]][1],
            partner_key=partners[each["enrolment"]][0],
            partner_url=reverse("console:partner", args=[owner, each["enrolment"]]),
            up=each["direction"] == "up",
            leaves=each["now"] == LEFT,
            **{name: each[name] for name in ("ladder", "was", "was_rank", "now", "now_rank", "at_review", "keeps")},
        )
        for each in found
        if each["enrolment"] in partners
    )


def _issue(each: Mapping[str, Any], upload: Upload) -> WrongRow:
    said = {name: each[name] for name in ("line", "column", "value", "reason", "hint")}
    word, tone = issue_words(each, state=upload.state)
    return WrongRow(**said, is_error=each["level"] == "error", word=word, tone=tone, rows=each.get("rows", 0))


def _is_odd(each: Mapping[str, Any]) -> bool:
    """Whether it tells of rows that may be right and will surprise, which are counted."""
    return "rows" in each


def _loaded_before(upload: Upload) -> datetime | None:
    earlier = Upload.objects.filter(
        owner_id=upload.owner_id, file__sha256=upload.file.sha256, state=UploadState.LOADED
    ).exclude(pk=upload.pk)
    return earlier.order_by("-loaded_at").values_list("loaded_at", flat=True).first()


def _undo(upload: Upload, partners: Mapping[str, tuple[str, str]]) -> Undo | None:
    if not upload.undo or upload.state == UploadState.UNDONE:
        return None
    return Undo(
        taken_back=upload.undo["taken_back"],
        restored=upload.undo["restored"],
        went_on=upload.undo["went_on"],
        moves=_moves(upload.undo["moves"], partners, upload.owner_id)[:MOST_MOVES],
        kept=_moves(upload.undo["kept"], partners, upload.owner_id)[:MOST_MOVES],
    )


def _form(upload: Upload) -> dict[str, Any]:
    """How the file is read, as a form where that is enough; None while nobody said what it is."""
    if not upload.mapping:
        return {"columns": None, "mapping": ""}
    try:
        tables = loadable_tables(program_of(upload.owner_id))
        files = mapped_files(upload.mapping, tables)
    except RefusedError:
        return {"columns": None, "mapping": upload.mapping}
    return {
        "columns": columns_of(files, tables, head=upload.head, unclear=upload.unclear),
        "mapping": upload.mapping,
    }
