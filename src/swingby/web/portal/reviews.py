"""What reviews say about a partner: proposed, decided, by which requirements; and the appeal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from swingby.web.access import partner_enrolment, require, signed_in
from swingby.web.clock import today
from swingby.web.domain.appeals import DAYS_TO_APPEAL, file_appeal, may_be_appealed
from swingby.web.domain.errors import NotAllowedError, RefusedError
from swingby.web.domain.queries.review_lines import OPEN_LINES, TONES, shown_requirement
from swingby.web.middleware import ActingRequest
from swingby.web.models import Appeal, Enrolment, LineState, ReviewLine, TierException
from swingby.web.permissions import can_appeal
from swingby.web.portal.pages import partner_shell
from swingby.web.sending import send_file

MOST_LINES = 60
OPEN = OPEN_LINES
#: What the partner reads about a line, by its state; the vendor's reasons are the vendor's.
WORDS: Mapping[LineState, str] = {
    LineState.WAITS: "Proposed",
    LineState.NOTICE: "Proposed",
    LineState.UNDECIDED: "Stays, records are missing",
    LineState.AT_ONCE: "Decided",
    LineState.APPROVED: "Decided",
    LineState.HELD: "Stays",
    LineState.PROTECTED: "Stays, protected",
    LineState.MENDED: "Stays, mended in time",
    LineState.OVERTAKEN: "Looked at again",
    LineState.OVERTURNED: "Overturned",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionRow:
    """One review of this partner, on the list."""

    url: str
    ladder: str
    on: date
    move: str
    direction: str
    state: str
    tone: str
    icon: str
    mend_until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExceptionNote:
    """A tier that is held by exception."""

    tier: str
    rank: int
    first: date
    last: date


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionPage:
    """One review of this partner with its requirements, and the appeal."""

    row: DecisionRow
    before: str
    after: str
    is_open: bool
    is_final: bool
    holds_from: date
    mend_until: date | None
    protected_until: date | None
    told: str
    requirements: tuple[Mapping[str, Any], ...]
    appeal: Appeal | None
    may_appeal: bool
    appeal_until: date | None


@require_safe
@signed_in
def reviews(request: ActingRequest, enrolment: str) -> HttpResponse:
    """All reviews of this partner, the newest first, and tiers by exception."""
    row = partner_enrolment(enrolment)
    lines = ReviewLine.objects.filter(enrolment=row).order_by("-on", "ladder")[:MOST_LINES]
    held = TierException.objects.filter(enrolment=row, until__gt=today())
    context = {
        "rows": tuple(decision_row(line) for line in lines),
        "exceptions": tuple(
            ExceptionNote(
                tier=item.tier_label, rank=item.tier_rank, first=item.first, last=item.until - timedelta(days=1)
            )
            for item in held
        ),
        "shell": partner_shell(row, actor=request.actor, current="tier_reviews"),
    }
    return render(request, "portal/tier_reviews.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def review(request: ActingRequest, enrolment: str, line: str) -> HttpResponse:
    """One review of this partner; the appeal is sent from here."""
    row = partner_enrolment(enrolment)
    found = _line(row, line)
    may = can_appeal(request.actor, lineage=row.partner.lineage)
    if request.method == "POST":
        require(allowed=may, otherwise="Your role cannot appeal. Ask your partner admin.")
        return _appealed(request, found)
    context = {
        "page": decision_page(found, may=may),
        "enrolment": row,
        "shell": partner_shell(row, actor=request.actor, current="tier_reviews"),
    }
    return render(request, "portal/tier_review.html", context)


def _appealed(request: ActingRequest, line: ReviewLine) -> HttpResponse:
    try:
        file_appeal(line, actor=request.actor, words=request.POST.get("words", ""), file=request.FILES.get("file"))
        messages.success(request, "Your appeal is sent. You get an answer within two weeks.")
    except NotAllowedError as error:
        require(allowed=False, otherwise=str(error))
    except RefusedError as error:
        messages.error(request, str(error))
    return redirect("portal:tier_review", enrolment=line.enrolment_id, line=line.pk)


@require_safe
@signed_in
def appeal_file(request: ActingRequest, enrolment: str, line: str) -> HttpResponseBase:  # noqa: ARG001 - the door has let the request in
    """The file of one's own appeal."""
    row = partner_enrolment(enrolment)
    appeal = get_object_or_404(Appeal.objects.select_related("file"), line=_line(row, line))
    return send_file(appeal.file)


def _line(enrolment: Enrolment, key: str) -> ReviewLine:
    return get_object_or_404(ReviewLine.objects.select_related("partner").filter(enrolment=enrolment), pk=key)


def proposals_about(enrolment: Enrolment) -> tuple[DecisionRow, ...]:
    """The reviews that propose something and are not decided, for other pages of this partner."""
    lines = ReviewLine.objects.filter(enrolment=enrolment, state__in=OPEN).order_by("-on", "ladder")
    return tuple(decision_row(line) for line in lines)


def decision_row(line: ReviewLine) -> DecisionRow:
    """A line as the partner reads it."""
    tone, icon = TONES[LineState(line.state)]
    stays = line.direction == "stay" or line.state in (LineState.HELD, LineState.PROTECTED, LineState.MENDED)
    return DecisionRow(
        url=reverse("portal:tier_review", args=[line.enrolment_id, line.pk]),
        ladder=line.ladder_label,
        on=line.on,
        move=f"{line.before_label} stays" if stays else f"{line.before_label} to {line.after_label}",
        direction=line.direction,
        state=WORDS[LineState(line.state)],
        tone=tone,
        icon=icon,
        mend_until=line.mend_until if line.state == LineState.NOTICE else None,
    )


def decision_page(line: ReviewLine, *, may: bool) -> DecisionPage:
    """Everything a partner reads about one review."""
    until = line.decided_at.date() + timedelta(days=DAYS_TO_APPEAL) if line.decided_at else None
    appealable = may_be_appealed(line)
    return DecisionPage(
        row=decision_row(line),
        before=line.before_label,
        after=line.after_label,
        is_open=line.state in OPEN,
        is_final=line.state in (LineState.APPROVED, LineState.AT_ONCE),
        holds_from=line.holds_from,
        mend_until=line.mend_until if line.state == LineState.NOTICE else None,
        protected_until=line.protected_until if line.state == LineState.PROTECTED else None,
        told=line.told,
        requirements=tuple(shown_requirement(row) for row in line.requirements),
        appeal=Appeal.objects.select_related("filed_by", "file").filter(line=line).first(),
        may_appeal=may and appealable,
        appeal_until=until if appealable else None,
    )
