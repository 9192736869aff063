"""Fill the pages of versions on their way: the list, and what one of them does."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import models
from django.urls import reverse

from swingby.engine import next_demotion
from swingby.program import Issue, Program
from swingby.web.clock import today
from swingby.web.console.version_excerpts import Excerpt, excerpts_of
from swingby.web.domain.errors import RefusedError
from swingby.web.domain.kept_comparisons import UNFINISHED
from swingby.web.domain.orphans import without_readers
from swingby.web.domain.programs import checked, loaded, version_in_force
from swingby.web.domain.proposals import LONGEST_LETTER, Notice, acts_open_to, check_notice, told_by
from swingby.web.domain.queries.differences import told_difference, told_to_partners
from swingby.web.models import (
    ComparisonState,
    Enrolment,
    LetterReceipt,
    ProgramVersion,
    ProposedVersion,
    VersionAct,
    VersionComparison,
    VersionState,
)
from swingby.web.visibility import Actor

MOST_ROWS = 100
MOST_ISSUES = 40
MOST_NEAR = 30
LONGEST_ABBREVIATION = 4
TONES = {
    VersionState.DRAFT: ("plain", "file-pen-line"),
    VersionState.SHADOW: ("brand", "eye-off"),
    VersionState.PREVIEW: ("brand", "eye"),
    VersionState.WAITS: ("pending", "hourglass"),
    VersionState.APPROVED: ("good", "check"),
    VersionState.ANNOUNCED: ("good", "mail"),
    VersionState.EFFECTIVE: ("good", "circle-check"),
    VersionState.WITHDRAWN: ("plain", "archive"),
}
ACT_WORDS = {
    "draft": "Drafted",
    "try": "Tried unseen",
    "show": "Shown to partners",
    "hide": "Hidden from partners",
    "ask": "Second approval asked for",
    "return": "Sent back",
    "approve": "Approved",
    "announce": "Announced, letters sent",
    "take effect": "In force",
    "withdraw": "Withdrawn",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalRow:
    """One version on its way, on the list."""

    name: str
    url: str
    state: str
    tone: str
    icon: str
    effective: date | None
    drafted_by: str
    drafted_at: datetime
    headline: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedRow:
    """One published version, on the list."""

    version: str
    url: str
    effective: date
    published_at: datetime
    is_in_force: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionsPage:
    """All versions of an owner's programs."""

    proposals: tuple[ProposalRow, ...]
    published: tuple[PublishedRow, ...]
    programs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MoverRow:
    """A partner who stands elsewhere, or is near a line."""

    partner: str
    url: str
    manager: str
    row: Mapping[str, Any]
    money: Decimal | None = None
    lost: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonPart:
    """The newest comparison: how far it is, and what it said."""

    key: str
    state: str
    is_running: bool
    progress: str
    first: date
    last: date
    is_today: bool
    finished_at: datetime | None
    summary: Mapping[str, Any]
    movers: tuple[MoverRow, ...]
    near: tuple[MoverRow, ...]
    differ: tuple[MoverRow, ...]
    groups: tuple[tuple[str, tuple[Mapping[str, Any], ...]], ...]
    progress_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ActRow:
    """One thing that somebody did with a version."""

    what: str
    who: str
    at: datetime
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked before letters go out: to how many partners, and of how many nobody can read them here."""

    partners: int
    unread: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionPage:
    """What one version does."""

    key: str
    version: str
    program: str
    state: str
    state_words: str
    tone: str
    icon: str
    effective: date | None
    protected_until: date | None
    drafted_by: str
    drafted_at: datetime
    approved_by: str
    is_sound: bool
    acts: frozenset[str]
    letter: str
    notice: Notice
    next_demotion: date | None
    excerpts: tuple[Excerpt, ...]
    issues: tuple[Issue, ...]
    more_issues: int
    difference: tuple[tuple[str, tuple[str, ...]], ...]
    comparison: ComparisonPart | None
    benefits: tuple[tuple[str, str], ...]
    history: tuple[ActRow, ...]
    letters: int
    receipts: int
    question: Question | None
    withdrawn_because: str
    span: tuple[date, date] = field(default=(date.min, date.min))


# --- the list --------------------------------------------------------------------------------------------------------


def versions_page(owner: str, *, programs: Sequence[tuple[str, str]]) -> VersionsPage:
    """Versions on their way, the newest first, and what was published."""
    newest = VersionComparison.objects.filter(proposed=models.OuterRef("pk"), state=ComparisonState.DONE).order_by(
        "-asked_at"
    )
    proposals = (
        ProposedVersion.objects.filter(owner_id=owner)
        .select_related("drafted_by")
        .defer("files", "scenarios", "letter")
        .annotate(headline=models.Subquery(newest.values("summary__headline")[:1]))
    )
    published = ProgramVersion.objects.filter(owner_id=owner).defer("files").order_by("-effective", "-id")[:MOST_ROWS]
    return VersionsPage(
        proposals=tuple(_proposal_row(row) for row in proposals[:MOST_ROWS]),
        published=tuple(_published_rows(published)),
        programs=tuple(programs),
    )


def _proposal_row(row: Any) -> ProposalRow:
    tone, icon = TONES[VersionState(row.state)]
    return ProposalRow(
        name=row.version,
        url=reverse("console:version", args=[row.owner_id, row.pk]),
        state=VersionState(row.state).label,
        tone=tone,
        icon=icon,
        effective=row.effective,
        drafted_by=row.drafted_by.name,
        drafted_at=row.drafted_at,
        headline=row.headline or "",
    )


def _published_rows(rows: Iterable[ProgramVersion]) -> Iterator[PublishedRow]:
    found: set[str] = set()
    for row in rows:
        is_in_force = row.effective <= today() and row.program_id not in found
        if is_in_force:
            found.add(row.program_id)
        yield PublishedRow(
            version=row.version,
            url=reverse("console:published", args=[row.owner_id, row.pk]),
            effective=row.effective,
            published_at=row.published_at,
            is_in_force=is_in_force,
        )


# --- what one version does -------------------------------------------------------------------------------------------


def version_page(proposed: ProposedVersion, *, actor: Actor) -> VersionPage:
    """Everything about one version, as far as it is known yet."""
    read = checked(proposed.files)
    tone, icon = TONES[VersionState(proposed.state)]
    against = _against(proposed)
    acts = frozenset(act.replace(" ", "_") for act in acts_open_to(actor, proposed=proposed))
    return VersionPage(
        key=proposed.pk,
        version=proposed.version,
        program=proposed.program.name,
        state=proposed.state,
        state_words=VersionState(proposed.state).label,
        tone=tone,
        icon=icon,
        effective=proposed.effective,
        protected_until=read.program.header.protected_through if read.program else None,
        drafted_by=proposed.drafted_by.name,
        drafted_at=proposed.drafted_at,
        approved_by=proposed.approved_by.name if proposed.approved_by else "",
        is_sound=proposed.is_sound,
        acts=acts,
        letter=proposed.letter or _letter(proposed, read.program, against),
        notice=check_notice(proposed),
        next_demotion=next_demotion(read.program, after=_before_it_holds(proposed)) if read.program else None,
        excerpts=tuple(excerpts_of(proposed.files, read.issues[:MOST_ISSUES])),
        issues=tuple(issue for issue in read.issues[:MOST_ISSUES] if issue.location.file not in proposed.files),
        more_issues=max(len(read.issues) - MOST_ISSUES, 0),
        difference=told_difference(against, read.program),
        comparison=newest_comparison(proposed),
        benefits=_benefits(read.program),
        history=tuple(_history(proposed)),
        letters=proposed.letters.count(),
        receipts=LetterReceipt.objects.filter(letter__proposed=proposed).count(),
        question=_question(proposed) if "announce" in acts else None,
        withdrawn_because=proposed.withdrawn_because,
        span=(_two_years_ago(), today()),
    )


def _question(proposed: ProposedVersion) -> Question:
    told = told_by(proposed)
    return Question(partners=told.count(), unread=without_readers(told))


def _before_it_holds(proposed: ProposedVersion) -> date:
    """The day before the version's first day, or today once it holds."""
    first = proposed.effective or today()
    return max(today(), first - timedelta(days=1))


def _two_years_ago() -> date:
    day = today()
    return day.replace(year=day.year - 2, day=min(day.day, 28))


def _against(proposed: ProposedVersion) -> Program | None:
    """The version that it would take the place of: the one in force, or before it was."""
    try:
        version = version_in_force(proposed.program_id, on=today())
    except RefusedError:
        return None
    if version.pk == proposed.published_id:
        earlier = ProgramVersion.objects.filter(program_id=proposed.program_id, effective__lte=version.effective)
        before = earlier.exclude(pk=version.pk).order_by("-effective", "-id").first()
        return loaded(before) if before else None
    return loaded(version)


def _letter(proposed: ProposedVersion, new: Program | None, old: Program | None) -> str:
    """A letter to begin with, from what differs; whoever asks for approval puts it in their own words."""
    if new is None or old is None or proposed.effective is None:
        return ""
    matters = [row for _, rows in told_to_partners(old, new) for row in rows]
    day = f"{proposed.effective:%-d %B %Y}"
    lines = [f"Dear partner,\n\nfrom {day} version {proposed.version} of {proposed.program.name} holds."]
    if matters:
        lines.append(f"What changes on {day}:\n" + "\n".join(f"- {row}" for row in matters))
    else:
        lines.append("No rule changes for you.")
    if new.header.protected_through:
        lines.append(f"Nobody loses a tier by it until {new.header.protected_through:%-d %B %Y}.")
    lines.append("What it means for you, as you stand today, is shown above this letter in your portal.")
    return "\n\n".join([*lines, "Your partner success manager answers your questions."])[:LONGEST_LETTER]


def _benefits(program: Program | None) -> tuple[tuple[str, str], ...]:
    """Benefits that may be priced, by id, with their words."""
    if program is None:
        return ()
    return tuple(
        (name, row.text.label or name.replace("_", " ").capitalize()) for name, row in program.benefits.items()
    )


def _history(proposed: ProposedVersion) -> Iterator[ActRow]:
    for act in VersionAct.objects.filter(proposed=proposed).select_related("person").order_by("-id")[:MOST_ROWS]:
        who = act.person.name if act.person else ""
        yield ActRow(what=ACT_WORDS.get(act.act, act.act), who=who, at=act.at, words=act.words)


# --- the comparison -------------------------------------------------------------------------------------------------------


def newest_comparison(proposed: ProposedVersion) -> ComparisonPart | None:
    """The comparison that was asked for last; while it is computed, its progress."""
    comparison = VersionComparison.objects.filter(proposed=proposed).defer("movers").first()
    if comparison is None:
        return None
    movers: Sequence[Mapping[str, Any]] = comparison.summary.get("movers", ())
    near: Sequence[Mapping[str, Any]] = comparison.summary.get("near", ())[:MOST_NEAR]
    differ: Sequence[Mapping[str, Any]] = comparison.summary.get("differ", ())
    who = _who(proposed.program_id, {str(row["enrolment"]) for row in (*movers, *near, *differ)})
    return ComparisonPart(
        key=comparison.pk,
        state=comparison.state,
        is_running=comparison.state in UNFINISHED,
        progress=comparison.progress or ComparisonState(comparison.state).label,
        first=comparison.first,
        last=comparison.last,
        is_today=comparison.first == comparison.last,
        finished_at=comparison.finished_at,
        summary=_typed(comparison.summary),
        movers=tuple(_mover(row, who) for row in movers),
        near=tuple(_mover(row, who) for row in near),
        differ=tuple(_mover(row, who) for row in differ),
        groups=_groups(comparison.summary),
        progress_url=reverse("console:version_progress", args=[proposed.owner_id, proposed.pk]),
    )


def _typed(summary: Mapping[str, Any]) -> dict[str, Any]:
    """Numbers as numbers again, days as days."""
    costs = [{**row, "change": _decimal(row["change"])} for row in summary.get("costs", ())]
    reviews = [{**row, "on": date.fromisoformat(row["on"])} for row in summary.get("reviews", ())]
    tiers: Sequence[Mapping[str, Any]] = summary.get("tiers", ())
    held = summary.get("held") or [None] * len(tiers)
    begun = {
        "tiers": [{**row, "held": count} for row, count in zip(tiers, held, strict=True)],
        "held_on": date.fromisoformat(summary["held_on"]) if summary.get("held_on") else None,
    }
    return {**summary, "costs": costs, "reviews": reviews, **begun}


def _shown(text: str | None) -> Decimal | None:
    """A number as it fits beside its line; a ratio has as many digits as the engine keeps."""
    return None if text is None else round(Decimal(text), 3)


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _groups(summary: Mapping[str, Any]) -> tuple[tuple[str, tuple[Mapping[str, Any], ...]], ...]:
    rows: Sequence[Mapping[str, Any]] = summary.get("groups", ())
    names = dict.fromkeys(str(row["by"]) for row in rows)
    return tuple(
        (_words(name), tuple({**row, "group": _words(row["group"])} for row in rows if row["by"] == name))
        for name in names
    )


def _words(name: str) -> str:
    """An id as people read it: short ones are abbreviations."""
    return name.upper() if len(name) <= LONGEST_ABBREVIATION else name.replace("_", " ").capitalize()


def _who(program: str, keys: set[str]) -> dict[str, Enrolment]:
    rows = Enrolment.objects.filter(program_id=program, pk__in=keys).select_related("partner", "success_manager")
    return {row.pk: row for row in rows}


def _mover(row: Mapping[str, Any], who: Mapping[str, Enrolment]) -> MoverRow:
    found = who.get(row["enrolment"])
    return MoverRow(
        partner=found.partner.name if found else row["enrolment"],
        url=reverse("console:partner", args=[found.owner_id, found.pk]) if found else "",
        manager=found.success_manager.name if found and found.success_manager else "",
        row={**row, "value": _shown(row.get("value")), "line": _shown(row.get("line"))},
        money=_decimal(row.get("money")),
        lost=_decimal(row.get("lost")),
    )


# --- the file --------------------------------------------------------------------------------------------------------

COLUMNS = ("partner", "manager", "ladder", "old", "new", "way", "why", "money", "lost")


def movers_file(proposed: ProposedVersion) -> str:
    """Everybody who moves in the newest finished comparison, as CSV."""
    comparison = VersionComparison.objects.filter(proposed=proposed, state=ComparisonState.DONE).first()
    rows: Sequence[Mapping[str, Any]] = comparison.movers if comparison else ()
    who = _who(proposed.program_id, {str(row["enrolment"]) for row in rows})
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for row in rows:
        found = _mover(row, who)
        said = (row["ladder"], row["old"], row["new"], row["direction"], row["why"], row["money"], row["lost"])
        writer.writerow([guarded(str(cell or "")) for cell in (found.partner, found.manager, *said)])
    return text.getvalue()


#: How a formula begins; spreadsheets take the wide signs of East Asian writing, and a break before a sign, the same way.
_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def guarded(text: str) -> str:
    """A cell that a spreadsheet takes for a formula begins with an apostrophe; a negative number stays one."""
    is_number = text.startswith("-") and text[1:].replace(".", "", 1).isdigit()
    return f"'{text}" if text.startswith(_FORMULAS) and not is_number else text
