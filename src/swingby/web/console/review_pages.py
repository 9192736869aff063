"""Fill the pages of reviews: the list, one review with its lines, and one line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import models
from django.urls import reverse

from swingby.web.clock import now, today
from swingby.web.domain.errors import RefusedError
from swingby.web.domain.programs import version_in_force
from swingby.web.domain.queries.review_lines import OPEN_LINES, SHOWN, TONES, shown_requirement
from swingby.web.domain.reviews import acts_open_to
from swingby.web.models import (
    Appeal,
    AppealState,
    Enrolment,
    ExceptionState,
    LineState,
    Program,
    Review,
    ReviewAct,
    ReviewLine,
    Standing,
    StandingRequirement,
    TierException,
)
from swingby.web.visibility import Actor

MOST_REVIEWS = 60
MOST_APPEALS = 50
LINES_ON_A_PAGE = 20
MOST_NAMED = 20
#: A notice and a protection begin with these days; anybody may choose others.
NOTICE, PROTECTION = timedelta(days=30), timedelta(days=183)
OPEN = OPEN_LINES
ACT_WORDS = {
    "approve": "Approved",
    "hold": "Held",
    "protect": "Protected",
    "recommend": "Recommended",
    "give notice": "Notice given",
    "notice over": "The notice is over, nothing was mended",
    "mended": "Mended in time",
    "overtake": "Overtaken by a newer review",
    "overturn": "Overturned after an appeal",
    "ask": "Asked for",
    "grant": "Granted",
    "decline": "Declined",
    "end": "Ended early",
}
#: What a review can be filtered by, in order: the key and the words.
SHOWN_WORDS: Mapping[str, str] = {
    "open": "To decide",
    "down": "Would fall",
    "up": "Would rise",
    "near": "Miss it by little",
    "undecided": "Cannot be decided",
    "all": "All",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewRow:
    """One review on the list."""

    url: str
    ladder: str
    program: str
    on: date
    counts: Mapping[str, int]
    words: str
    is_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealRow:
    """One appeal that waits for an answer."""

    url: str
    partner: str
    what: str
    filed_at: datetime
    due: datetime
    is_late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewsPage:
    """All reviews of an owner's programs, what waits, and what a program has settled about waiting."""

    reviews: tuple[ReviewRow, ...]
    appeals: tuple[AppealRow, ...]
    programs: tuple[Mapping[str, Any], ...]
    exceptions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRow:
    """One partner in a review."""

    key: str
    url: str
    partner: str
    manager: str
    direction: str
    move: str
    why: tuple[str, ...]
    is_near: bool
    meets_again: bool
    state: str
    state_words: str
    tone: str
    icon: str
    may_approve: bool
    until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewPage:
    """One review with the lines that are asked for."""

    key: str
    ladder: str
    program: str
    on: date
    looked_at: date
    opened_at: datetime
    words: str
    filters: tuple[tuple[str, str, int, bool], ...]
    lines: tuple[LineRow, ...]
    total: int
    waiting: int
    pages: tuple[tuple[int, bool], ...]
    shown: str
    near: tuple[str, ...]
    near_total: int
    version: str
    newer_version: str
    position: int
    replay: str
    replayed_at: datetime | None
    may_decide: bool
    may_ask: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ActRow:
    """One thing that somebody did, and why."""

    what: str
    who: str
    at: datetime
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LinePage:
    """One line with everything that decides it."""

    row: LineRow
    review_url: str
    partner_url: str
    ladder: str
    on: date
    holds_from: date
    requirements: tuple[Mapping[str, Any], ...]
    acts: frozenset[str]
    history: tuple[ActRow, ...]
    told: str
    appeal: Appeal | None
    may_answer: bool
    notice_until: date
    protect_until: date
    mend_until: date | None


# --- the list --------------------------------------------------------------------------------------------------------


def reviews_page(owner: str) -> ReviewsPage:
    """Reviews, the newest first, with how many lines stand how."""
    reviews = list(
        Review.objects.filter(owner_id=owner).select_related("program").defer("document", "near")[:MOST_REVIEWS]
    )
    counts = _counts([review.pk for review in reviews])
    exceptions = TierException.objects.filter(owner_id=owner, state=ExceptionState.GRANTED, until__gt=today()).count()
    return ReviewsPage(
        reviews=tuple(_review_row(review, counts.get(review.pk, {})) for review in reviews),
        appeals=tuple(_appeal_rows(owner)),
        programs=tuple(
            Program.objects.filter(owner_id=owner)
            .order_by("name", "pk")
            .values("pk", "name", "promotions_wait", "demotions_wait")
        ),
        exceptions=exceptions,
    )


def _counts(reviews: Sequence[str]) -> dict[str, dict[str, int]]:
    """How many lines of each review go where, and are open."""
    rows = ReviewLine.objects.filter(review_id__in=reviews).values("review_id")
    counted = rows.annotate(
        up=models.Count("pk", filter=models.Q(direction="up")),
        down=models.Count("pk", filter=models.Q(direction="down")),
        undecided=models.Count("pk", filter=models.Q(state=LineState.UNDECIDED)),
        open=models.Count("pk", filter=models.Q(state__in=OPEN)),
    ).order_by()
    return {
        row["review_id"]: {
            "up": row["up"], "down": row["down"], "undecided": row["undecided"], "open": row["open"],
        }
        for row in counted
    }  # fmt: skip


def _review_row(review: Review, counts: Mapping[str, int]) -> ReviewRow:
    return ReviewRow(
        url=reverse("console:review", args=[review.owner_id, review.pk]),
        ladder=review.ladder_label,
        program=review.program.name,
        on=review.on,
        counts=counts,
        words=review_words(counts, partners=review.partners),
        is_open=bool(counts.get("open")),
    )


def review_words(counts: Mapping[str, int], *, partners: int) -> str:
    """What a review found, in a sentence."""
    up, down, undecided = (counts.get(name, 0) for name in ("up", "down", "undecided"))
    if not (up or down or undecided):
        return f"Of {partners:,} partners nobody would move."
    parts = [f"{up:,} would rise" if up else "", f"{down:,} would fall" if down else ""]
    said = " and ".join(part for part in parts if part) or "nobody would move"
    more = f" {undecided:,} cannot be decided and keep their tier." if undecided else ""
    return f"Of {partners:,} partners {said}.{more}"


def _appeal_rows(owner: str) -> Iterator[AppealRow]:
    waiting = Appeal.objects.filter(owner_id=owner, state=AppealState.FILED).select_related("line", "partner")
    for appeal in waiting.order_by("answer_due")[:MOST_APPEALS]:
        line = appeal.line
        yield AppealRow(
            url=reverse("console:review_line", args=[owner, line.review_id, line.pk]),
            partner=appeal.partner.name,
            what=f"{line.before_label} to {line.after_label}",
            filed_at=appeal.filed_at,
            due=appeal.answer_due,
            is_late=appeal.answer_due < now(),
        )


# --- one review ------------------------------------------------------------------------------------------------------


def review_page(review: Review, *, actor: Actor, shown: str, page: int, may_decide: bool, may_ask: bool) -> ReviewPage:
    """One review with the lines of a filter, some on each page."""
    lines = ReviewLine.objects.filter(review=review)
    counted: dict[str, int] = lines.aggregate(
        **{key: models.Count("pk", filter=where) if where else models.Count("pk") for key, where in SHOWN.items()}
    )
    chosen = shown if shown in counted else ("open" if counted["open"] else "all")
    rows = (
        lines.filter(SHOWN[chosen])
        .select_related("partner", "enrolment__success_manager")
        .order_by("direction", "-before_rank", "partner__name", "pk")
    )
    total, pages = counted[chosen], max(-(-counted[chosen] // LINES_ON_A_PAGE), 1)
    at = min(max(page, 1), pages)
    found = list(rows[(at - 1) * LINES_ON_A_PAGE : at * LINES_ON_A_PAGE])
    mended = _meets_again(found)
    named = Enrolment.objects.filter(pk__in=review.near[:MOST_NAMED]).order_by("partner__name")
    return ReviewPage(
        key=review.pk,
        ladder=review.ladder_label,
        program=review.program.name,
        on=review.on,
        looked_at=review.looked_at,
        opened_at=review.opened_at,
        words=review_words(counted, partners=review.partners),
        filters=tuple(
            (key, words, counted[key], key == chosen)
            for key, words in SHOWN_WORDS.items()
            if counted[key] or key == chosen
        ),
        lines=tuple(line_row(line, actor=actor, meets_again=line.pk in mended) for line in found),
        total=total,
        waiting=counted["open"] if chosen == "open" else rows.filter(SHOWN["open"]).count() if may_decide else 0,
        pages=tuple((number, number == at) for number in _around(at, pages)) if pages > 1 else (),
        shown=chosen,
        near=tuple(named.values_list("partner__name", flat=True)),
        near_total=len(review.near),
        version=review.program_version.version,
        newer_version=_newer_version(review),
        position=review.position,
        replay=review.replay,
        replayed_at=review.replayed_at,
        may_decide=may_decide,
        may_ask=may_ask,
    )


def _around(at: int, pages: int) -> list[int]:
    """The first page, the last one, and those beside the one that is shown."""
    return sorted({1, pages, *(number for number in range(at - 2, at + 3) if 1 <= number <= pages)})


def _newer_version(review: Review) -> str:
    try:
        version = version_in_force(review.program_id, on=today())
    except RefusedError:
        return ""
    return "" if version.pk == review.program_version_id else version.version


def _meets_again(lines: Sequence[ReviewLine]) -> frozenset[str]:
    """The open lines whose partner meets by now what the tier asks for that it would lose."""
    falling = [line for line in lines if line.direction == "down" and line.state in OPEN]
    newest = Standing.objects.filter(enrolment=models.OuterRef("pk")).order_by("-as_of", "-position", "-id")
    keys = {line.enrolment_id for line in falling}
    standings = Enrolment.objects.filter(pk__in=keys).annotate(newest=models.Subquery(newest.values("pk")[:1]))
    by_standing = dict(standings.values_list("newest", "pk"))
    met = StandingRequirement.objects.filter(
        standing_id__in=[key for key in by_standing if key], state="met", requirement=models.F("tier")
    )
    known = {(by_standing[key], ladder, tier) for key, ladder, tier in met.values_list("standing_id", "ladder", "tier")}
    return frozenset(line.pk for line in falling if (line.enrolment_id, line.ladder, line.before) in known)


def line_row(line: ReviewLine, *, actor: Actor, meets_again: bool = False) -> LineRow:
    """A line as a row."""
    tone, icon = TONES[LineState(line.state)]
    manager = line.enrolment.success_manager
    stays = line.direction == "stay"
    return LineRow(
        key=line.pk,
        url=reverse("console:review_line", args=[line.owner_id, line.review_id, line.pk]),
        partner=line.partner.name,
        manager=manager.name if manager else "",
        direction=line.direction,
        move=f"Keeps {line.before_label}" if stays else f"{line.before_label} to {line.after_label}",
        why=tuple(_why(row, line.direction) for row in line.requirements),
        is_near=line.is_near,
        meets_again=meets_again,
        state=line.state,
        state_words=LineState(line.state).label,
        tone=tone,
        icon=icon,
        may_approve="approve" in acts_open_to(actor, line=line),
        until=line.protected_until if line.state == LineState.PROTECTED else line.mend_until,
    )


def _why(row: Mapping[str, Any], direction: str) -> str:
    label = str(row["label"])
    if direction == "down" and row.get("value") is not None and row.get("line") is not None:
        shown = shown_requirement(row)
        asked = "" if shown["line"].replace(" ", "") in label.replace(" ", "") else f", asked {shown['line']}"
        return f"{label}: has {shown['value']}{asked}"
    return f"{label}: records are missing" if direction == "stay" else label


# --- one line --------------------------------------------------------------------------------------------------------


def line_page(line: ReviewLine, *, actor: Actor, may_answer: bool) -> LinePage:
    """Everything about one line."""
    appeal = Appeal.objects.select_related("filed_by", "answered_by", "file").filter(line=line).first()
    acts = ReviewAct.objects.filter(line=line).select_related("person").order_by("-id")
    return LinePage(
        row=line_row(line, actor=actor, meets_again=line.pk in _meets_again([line])),
        review_url=reverse("console:review", args=[line.owner_id, line.review_id]),
        partner_url=reverse("console:partner", args=[line.owner_id, line.enrolment_id]),
        ladder=line.ladder_label,
        on=line.on,
        holds_from=line.holds_from,
        requirements=tuple(shown_requirement(row) for row in line.requirements),
        acts=frozenset(act.replace(" ", "_") for act in acts_open_to(actor, line=line)),
        history=tuple(_act_row(act) for act in acts),
        told=line.told,
        appeal=appeal,
        may_answer=may_answer and appeal is not None and appeal.state == AppealState.FILED,
        notice_until=today() + NOTICE,
        protect_until=today() + PROTECTION,
        mend_until=line.mend_until,
    )


def _act_row(act: ReviewAct) -> ActRow:
    who = act.person.name if act.person else ""
    return ActRow(what=ACT_WORDS.get(act.act, act.act), who=who, at=act.at, words=act.words)
