"""Fill the page of one partner."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, cast

from django.urls import reverse

from swingby.web.clock import today
from swingby.web.console.daily_parts import Change, DocumentLine, NoteLine, OpenLine, PartnerPage, PersonLine, RiskLine
from swingby.web.console.pages import region_words
from swingby.web.console.people_pages import who_wrote, writer_lines
from swingby.web.console.rhythm_pages import rhythm_tile
from swingby.web.design.parts import Choice, Gate, StatTile, Tone
from swingby.web.design.wording import signed_words
from swingby.web.domain.mending_words import is_taken, mending_words, promotion_words
from swingby.web.domain.queries.review_lines import OPEN_LINES
from swingby.web.domain.queries.rhythms import kept_by_rhythm
from swingby.web.domain.queries.timeline import Happening, Sort, happenings
from swingby.web.domain.standings import latest_standing
from swingby.web.domain.visits import Before
from swingby.web.models import (
    Audience,
    Enrolment,
    Membership,
    Note,
    PartnerDocument,
    PortfolioRow,
    ReportFile,
    ReportState,
    ReviewLine,
    Role,
    Side,
    WeekDeed,
)
from swingby.web.permissions import can_read_reports
from swingby.web.visibility import Actor

MOST_NOTES, MOST_DOCUMENTS, MOST_PEOPLE = 50, 50, 12
QUIET_DAYS = 60
LONGEST_DETAIL = 140


def partner_page(enrolment: Enrolment, *, actor: Actor, before: Before | None, show: str = "") -> PartnerPage:
    """Everything about one partner; ``before`` is when the reader looked the time before, ``show`` what of all that happened."""
    row = PortfolioRow.objects.filter(enrolment=enrolment).first() or PortfolioRow(enrolment=enrolment)
    standing = latest_standing(enrolment)
    result: Mapping[str, Any] = standing.result if standing else {}
    known = getattr(enrolment, "prospect", None)
    kinds: Mapping[str, str] = result.get("kinds", {})
    lines = happenings(enrolment, kinds=kinds, since=before) if before else ()
    changes = tuple(_change(line, kinds, before) for line in lines)
    timeline = changes if before and show == NEW else tuple(_timeline(enrolment, kinds, before, show))
    return PartnerPage(
        key=enrolment.pk,
        name=enrolment.partner.name,
        program=enrolment.program.name,
        joined_on=enrolment.joined_on,
        certifications_url=reverse("console:certifications", args=[enrolment.owner_id, enrolment.pk]),
        tier=(result.get("tier") or {}).get("label", "No tier"),
        tier_rank=int((result.get("tier") or {}).get("rank", -1)),
        next_tier=(result.get("next") or {}).get("label", ""),
        region=region_words(enrolment.partner.region),
        tiles=tuple(_tiles(row, result)),
        gates=tuple(map(_gate, result.get("gates", ()))),
        keeps=tuple(map(_gate, result.get("keeps", ()))),
        open_lines=tuple(_open_lines(enrolment)),
        mending=_mending(enrolment, result),
        is_taken=is_taken(known),
        promotion=promotion_words(known, held=(result.get("tier") or {}).get("id", ""), said_to=Side.VENDOR),
        risks=tuple(RiskLine(label=each["label"], words=each["words"], is_now=each["now"]) for each in row.outlook),
        loses_on=row.loses_on,
        next_review=row.next_review,
        last_visit=before.at.date() if before else None,
        is_first_visit=before is None,
        changes=changes,
        timeline=timeline,
        shows=tuple(
            Choice(value=key, label=label, chosen=key == show) for key, label in _shows(is_first=before is None).items()
        ),
        ours=tuple(_ours(enrolment)),
        theirs=writer_lines(who_wrote(enrolment)[:MOST_PEOPLE]),
        people_url=reverse("console:people", args=[enrolment.owner_id, enrolment.pk]),
        notes=_notes(enrolment),
        documents=_documents(enrolment, actor=actor),
    )


def _timeline(enrolment: Enrolment, kinds: Mapping[str, str], before: Before | None, show: str) -> Iterator[Change]:
    sorts = SHOWS[show][1] if show in SHOWS else ()
    for line in happenings(enrolment, kinds=kinds, sorts=sorts):
        yield _change(line, kinds, before)


def _shows(*, is_first: bool) -> Mapping[str, str]:
    """What the list of what happened can be narrowed to; who looks for the first time has seen nothing before."""
    new = {} if is_first else {NEW: "New since your visit"}
    return {"": "All", **new, **{key: label for key, (label, _) in SHOWS.items()}}


def _mending(enrolment: Enrolment, result: Mapping[str, Any]) -> str:
    """What was last worked out of a keep that is missed, while it is missed still, or of a tier that a review took."""
    known = getattr(enrolment, "prospect", None)
    is_kept = not result.get("kept_otherwise") and all(gate["state"] != "unmet" for gate in result.get("keeps", ()))
    if is_kept and not is_taken(known):
        return ""
    tier = result.get("tier") or {}
    return mending_words(known, tier=tier.get("label", ""), held=tier.get("id", ""), said_to=Side.VENDOR)


def _open_lines(enrolment: Enrolment) -> Iterator[OpenLine]:
    """What reviews propose and nobody decided, the newest first."""
    for line in ReviewLine.objects.filter(enrolment=enrolment, state__in=OPEN_LINES).order_by("-on", "ladder"):
        yield OpenLine(
            before=line.before_label,
            after=line.after_label,
            on=line.on,
            url=reverse("console:review_line", args=[line.owner_id, line.review_id, line.pk]),
            mend_until=line.mend_until,
        )


def _gate(row: Mapping[str, Any]) -> Gate:
    return Gate(
        label=row["label"],
        state=row["state"],
        value=_number(row.get("value")),
        threshold=_number(row.get("threshold")),
        comparison=row.get("comparison", "at_least"),
        unit=row.get("unit", ""),
        gap=row.get("words", ""),
        note=row.get("note", ""),
    )


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _tiles(row: PortfolioRow, result: Mapping[str, Any]) -> Iterator[StatTile]:
    score = result.get("score") or {}
    trend: Tone = "plain" if not row.trend else "good" if row.trend > 0 else "bad"
    since = f"since {row.trend_since:%-d %B}" if row.trend_since else ""
    yield StatTile(
        label=score.get("label", "Score"),
        value=_number(score.get("value")),
        icon="gauge",
        change=signed_words(row.trend) if row.trend is not None else "",
        tone=trend,
        note=since,
    )
    yield rhythm_tile(kept_by_rhythm(row.enrolment_id))
    worth = result.get("worth") or {}
    value = row.worth.quantize(Decimal(1)) if row.worth is not None else None
    yield StatTile(label=worth.get("label", "Worth"), value=value, unit=row.worth_unit, icon="coins", note="12 months")
    days = (today() - row.last_touch).days if row.last_touch else None
    yield StatTile(
        label="Days since our last touch",
        value=None if days is None else Decimal(days),
        icon="message-circle",
        tone="warn" if days is None or days > QUIET_DAYS else "plain",
        note=f"{row.last_touch:%-d %B %Y}" if row.last_touch else "No touch is known.",
    )


# --- what happened --------------------------------------------------------------------------------------------------

_ICONS: Mapping[str, str] = {
    "activity": "circle-check",
    "deal": "handshake",
    "touch": "phone",
    "report": "list-checks",
    "decision": "reply",
    "note": "message-square",
    "document": "file-text",
    "tier": "award",
    "week": "calendar-check",
}
#: What a row of somebody's week was about.
_MATTERS: Mapping[str, str] = {
    "unanswered": "reports that wait for us",
    "drops": "a tier at risk",
    "lapses": "certificates that lapse",
    "renews": "customers that renew",
    "quiet": "nothing heard for long",
    "owed": "a promise of ours",
    "missed": "a promise of theirs",
}
#: What the list of what happened can be narrowed to: the words, and the sorts of lines.
NEW = "new"
SHOWS: Mapping[str, tuple[str, tuple[Sort, ...]]] = {
    "activity": ("Activities", ("activity",)),
    "deal": ("Deals", ("deal",)),
    "touch": ("Our touches, and what we planned", ("touch", "week")),
    "report": ("Reports and answers", ("report", "decision")),
    "note": ("Notes and documents", ("note", "document")),
    "tier": ("Changes of tier", ("tier",)),
}


def _change(line: Happening, kinds: Mapping[str, str], before: Before | None) -> Change:
    what, detail = _dealt_with(line) if line.sort == "week" else _said(line, kinds)
    return Change(
        day=line.day,
        what=what,
        detail=detail if len(detail) <= LONGEST_DETAIL else f"{detail[:LONGEST_DETAIL]}…",
        icon=_ICONS[line.sort],
        is_new=before is not None and _is_new(line, before),
        audience=cast("Any", line.audience),
    )


def _is_new(line: Happening, before: Before) -> bool:
    """What has a ledger position is compared by it; a clock may be held still."""
    return line.position > before.position if line.position else line.known_at > before.at


def _said(line: Happening, kinds: Mapping[str, str]) -> tuple[str, str]:
    word = kinds.get(line.word, line.word.replace("_", " ").capitalize())
    if line.sort == "deal":
        return f"Deal {line.word.replace('_', ' ')}", " · ".join(
            filter(None, (line.amount, line.detail.replace("_", " ")))
        )
    if line.sort == "touch":
        return f"We: {word.lower()}", ""
    if line.sort == "report":
        return f"Reported: {word}", line.detail
    if line.sort == "decision":
        return f"Report {ReportState(line.word).label.lower()}", line.detail
    if line.sort == "tier":
        return f"Tier: {line.detail or 'none'} to {line.word or 'none'}", ""
    names = {"note": "Note", "document": "Document"}
    return names.get(line.sort, word), line.detail if line.sort in names else _source_words(line.detail)


def _dealt_with(line: Happening) -> tuple[str, str]:
    """What somebody did about a row of the week, or when it is done."""
    deed, _, rule = line.word.partition(" ")
    day = f"{date.fromisoformat(line.amount):%-d %B %Y}"
    return f"{f'Planned for {day}' if deed == WeekDeed.NOT_NOW else 'Done'}: {_MATTERS.get(rule, rule)}", line.detail


def _source_words(source: str) -> str:
    return f"from {source}" if source else ""


# --- people, notes, documents ---------------------------------------------------------------------------------------


def _ours(enrolment: Enrolment) -> Iterator[PersonLine]:
    """Who looks after the partner, then who runs the program."""
    manager = enrolment.success_manager
    if manager is not None:
        yield PersonLine(name=manager.name, role=Role.SUCCESS_MANAGER.label, mail=manager.email)
    posts = Membership.objects.filter(organization=enrolment.owner_id, role=Role.PROGRAM_MANAGER)
    for post in posts.select_related("person").order_by("person__name")[:MOST_PEOPLE]:
        yield PersonLine(name=post.person.name, role=Role.PROGRAM_MANAGER.label, mail=post.person.email)


def _notes(enrolment: Enrolment) -> tuple[NoteLine, ...]:
    rows = Note.objects.filter(owner_id=enrolment.owner_id, partner_id=enrolment.partner_id)
    return tuple(
        NoteLine(
            text=row.text,
            by=row.written_by.name,
            at=row.written_at.date(),
            audience="shared" if row.audience == Audience.SHARED else "only_us",
            side="vendor" if row.side == Side.VENDOR else "partner",
        )
        for row in rows.select_related("written_by")[:MOST_NOTES]
    )


def _documents(enrolment: Enrolment, *, actor: Actor) -> tuple[DocumentLine, ...]:
    """What was added, and to those who read reports what came with them."""
    whose = {"owner_id": enrolment.owner_id, "partner_id": enrolment.partner_id}
    added = PartnerDocument.objects.filter(**whose).select_related("file", "added_by")[:MOST_DOCUMENTS]
    sent = ReportFile.objects.filter(**whose, report__enrolment=enrolment).select_related(
        "file", "report__submitted_by"
    )
    reads = can_read_reports(actor, owner=enrolment.owner_id)
    evidence = sent.order_by("-id")[:MOST_DOCUMENTS] if reads else ()
    lines = [*map(_document, added), *map(_evidence, evidence)]
    return tuple(sorted(lines, key=lambda line: line.day, reverse=True))


def _document(row: PartnerDocument) -> DocumentLine:
    return DocumentLine(
        name=row.file.name,
        about=row.added_by.name,
        url=reverse("console:document", args=[row.owner_id, row.pk]),
        day=row.added_at.date(),
        audience="shared" if row.audience == Audience.SHARED else "only_us",
    )


def _evidence(row: ReportFile) -> DocumentLine:
    return DocumentLine(
        name=row.file.name,
        about=f"{row.report.submitted_by.name}, with a report",
        url=reverse("console:report_file", args=[row.owner_id, row.report_id, row.pk]),
        day=row.report.submitted_at.date(),
    )
