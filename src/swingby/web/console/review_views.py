"""Reviews: views translate between requests and the domain."""

from __future__ import annotations

from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from swingby.web.access import enter_console, require, signed_in
from swingby.web.clock import today
from swingby.web.console.exception_pages import exceptions_page
from swingby.web.console.pages import console_shell
from swingby.web.console.review_pages import line_page, review_page, reviews_page
from swingby.web.console.review_question import ACTS, Choice, question_about
from swingby.web.domain.appeals import answer_appeal
from swingby.web.domain.enrolled import not_ended
from swingby.web.domain.errors import NotAllowedError, RefusedError
from swingby.web.domain.orphans import has_readers
from swingby.web.domain.queries.review_lines import SHOWN
from swingby.web.domain.reviews import (
    MOST_AT_ONCE,
    ask_for_replay,
    ask_for_reviews,
    choose_what_waits,
    decide_lines,
    move_line,
)
from swingby.web.domain.tier_exceptions import ask_for_exception, move_exception
from swingby.web.middleware import ActingRequest
from swingby.web.models import Appeal, Enrolment, Program, Review, ReviewLine, TierException
from swingby.web.permissions import can_decide_reviews, can_recommend_in_reviews
from swingby.web.sending import send_file

#: So many refusals are told one by one.
MOST_REFUSED = 10
NOT_YOURS = "A program manager decides this."
DONE = {
    "approve": "Approved.",
    "hold": "Held. The next review looks again.",
    "protect": "Protected.",
    "give notice": "The partner is told, and may mend it until then.",
    "recommend": "Your recommendation is kept with the line.",
    "grant": "Granted.",
    "decline": "Declined.",
    "end": "Ended. The tier stays until the next review looks at it.",
}


@require_safe
@signed_in
def reviews(request: ActingRequest, owner: str) -> HttpResponse:
    """All reviews, appeals that wait, and what waits for a person."""
    enter_console(request, owner=owner)
    context = {"page": reviews_page(owner), "changes": can_decide_reviews(request.actor, owner=owner)}
    return _page(request, owner, "review_list", context)


@require_POST
@signed_in
def look(request: ActingRequest, owner: str) -> HttpResponse:
    """Look now for review days that have come."""
    program = _program(request, owner)
    ask_for_reviews(program, actor=request.actor)
    messages.success(request, "We look for review days that have come. New reviews appear here in a minute or two.")
    return redirect("console:review_list", owner=owner)


@require_POST
@signed_in
def settings(request: ActingRequest, owner: str) -> HttpResponse:
    """Say what waits for a person."""
    program = _program(request, owner)
    promotions, demotions = ("promotions" in request.POST), ("demotions" in request.POST)
    choose_what_waits(program, actor=request.actor, promotions=promotions, demotions=demotions)
    messages.success(request, "Kept. It holds for the reviews to come.")
    return redirect("console:review_list", owner=owner)


def _program(request: ActingRequest, owner: str) -> Program:
    enter_console(request, owner=owner)
    require(allowed=can_decide_reviews(request.actor, owner=owner), otherwise=NOT_YOURS)
    return get_object_or_404(Program.objects.filter(owner_id=owner), pk=_text(request, "program"))


@require_safe
@signed_in
def review(request: ActingRequest, owner: str, review: str) -> HttpResponse:
    """One review with its lines."""
    row = _review(request, owner, review)
    number = request.GET.get("page", "1")
    page = review_page(
        row,
        actor=request.actor,
        shown=request.GET.get("show", ""),
        page=int(number) if number.isdecimal() and len(number) < len("1000000") else 1,
        may_decide=can_decide_reviews(request.actor, owner=owner),
        may_ask=can_recommend_in_reviews(request.actor, owner=owner),
    )
    return _page(request, owner, "review", {"page": page})


@require_POST
@signed_in
def approve(request: ActingRequest, owner: str, review: str) -> HttpResponse:
    """Approve or hold many lines: first it is asked, then it is done."""
    row = _review(request, owner, review)
    require(allowed=can_decide_reviews(request.actor, owner=owner), otherwise=NOT_YOURS)
    choice = _choice(request)
    asked = question_about(row, choice)
    if not asked.total:
        messages.error(request, "Choose lines that wait for a decision.")
        return redirect("console:review", owner=owner, review=row.pk)
    words = _text(request, "words")
    is_sure = _text(request, "sure") == str(asked.total)
    if not is_sure or (choice.act == "hold" and not words.strip()):
        if "sure" in request.POST:
            messages.error(request, "Say why." if is_sure else f"It is {asked.total} lines now. Confirm it again.")
        shown = {"question": asked, "review": row, "words": words, "told": _text(request, "told")}
        return _page(request, owner, "review_question", {"page": shown})
    _decided(request, row, choice)
    return redirect("console:review", owner=owner, review=row.pk)


def _choice(request: ActingRequest) -> Choice:
    act, every = _text(request, "act"), _text(request, "every")
    keys = [key for key in request.POST.getlist("line") if "\0" not in key][:MOST_AT_ONCE]
    return Choice(
        act=act if act in ACTS else "approve", keys=tuple(keys), every=every if every in SHOWN and not keys else ""
    )


def _decided(request: ActingRequest, row: Review, choice: Choice) -> None:
    lines = list(choice.lines(row)[:MOST_AT_ONCE])
    told = {"words": _text(request, "words"), "told": _text(request, "told")}
    found = decide_lines(lines, choice.act, actor=request.actor, **told)
    left = choice.lines(row).count() - len(found.refused)
    if found.done:
        more = f" {left} more wait: choose them again." if choice.every and left > 0 else ""
        messages.success(request, f"{found.done} {'approved' if choice.act == 'approve' else 'held'}.{more}")
    names = dict(Enrolment.objects.filter(pk__in=[key for key, _ in found.refused]).values_list("pk", "partner__name"))
    for key, reason in found.refused[:MOST_REFUSED]:
        messages.error(request, f"{names.get(key, key)}: {reason}")
    if len(found.refused) > MOST_REFUSED:
        messages.error(request, f"{len(found.refused) - MOST_REFUSED} others stay as they are as well.")


@require_POST
@signed_in
def replay(request: ActingRequest, owner: str, review: str) -> HttpResponse:
    """Work a review out again."""
    row = _review(request, owner, review)
    require(allowed=can_recommend_in_reviews(request.actor, owner=owner), otherwise=NOT_YOURS)
    ask_for_replay(row, actor=request.actor)
    messages.success(request, "It is worked out again; the answer appears here in a minute or two.")
    return redirect("console:review", owner=owner, review=row.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def line(request: ActingRequest, owner: str, review: str, line: str) -> HttpResponse:
    """One line: what decides it, and the decision."""
    row = _line(request, owner, review, line)
    if request.method == "POST":
        return _acted(request, row)
    page = line_page(row, actor=request.actor, may_answer=can_decide_reviews(request.actor, owner=owner))
    return _page(request, owner, "review_line", {"page": page, "line": row})


def _acted(request: ActingRequest, row: ReviewLine) -> HttpResponse:
    require(allowed=can_recommend_in_reviews(request.actor, owner=row.owner_id), otherwise=NOT_YOURS)
    act = _text(request, "act")
    words, told = _text(request, "words"), _text(request, "told")
    try:
        move_line(row, act, actor=request.actor, words=words, told=told, until=_day(_text(request, "until")))
        messages.success(request, DONE.get(act, "Done."))
        if act != "recommend" and not has_readers(row.enrolment):
            messages.warning(
                request, "Nobody of this partner can sign in yet. Tell them yourself, and invite an admin."
            )
    except NotAllowedError as error:
        require(allowed=False, otherwise=str(error))
    except RefusedError as error:
        messages.error(request, str(error))
    return redirect("console:review_line", owner=row.owner_id, review=row.review_id, line=row.pk)


@require_POST
@signed_in
def answer(request: ActingRequest, owner: str, appeal: str) -> HttpResponse:
    """Answer an appeal."""
    row = _appeal(request, owner, appeal)
    require(allowed=can_decide_reviews(request.actor, owner=owner), otherwise=NOT_YOURS)
    try:
        answer_appeal(row, _text(request, "answer"), actor=request.actor, words=_text(request, "words"))
        messages.success(request, "Answered. The partner reads your words.")
    except RefusedError as error:
        messages.error(request, str(error))
    return redirect("console:review_line", owner=owner, review=row.line.review_id, line=row.line_id)


@require_safe
@signed_in
def appeal_file(request: ActingRequest, owner: str, appeal: str) -> HttpResponseBase:
    """The file of an appeal."""
    return send_file(_appeal(request, owner, appeal).file)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def exceptions(request: ActingRequest, owner: str) -> HttpResponse:
    """The register of exceptions; one is asked for here."""
    enter_console(request, owner=owner)
    may_ask = can_recommend_in_reviews(request.actor, owner=owner)
    if request.method == "POST":
        require(allowed=may_ask, otherwise=NOT_YOURS)
        return _asked(request, owner)
    page = exceptions_page(owner, actor=request.actor, may_ask=may_ask, search=request.GET.get("q", ""))
    return _page(request, owner, "exceptions", {"page": page, "may_ask": may_ask})


def _asked(request: ActingRequest, owner: str) -> HttpResponse:
    enrolled = Enrolment.objects.filter(not_ended(today()), owner_id=owner)
    enrolment = get_object_or_404(enrolled, pk=_text(request, "partner"))
    ladder, _, tier = _text(request, "tier").partition(":")
    try:
        first, last = _day(_text(request, "first")), _day(_text(request, "last"))
        if first is None or last is None:
            raise RefusedError("Choose the first and the last day.")
        ask_for_exception(
            enrolment, actor=request.actor, ladder=ladder, tier=tier, first=first,
            until=last + timedelta(days=1), words=_text(request, "words"),
        )  # fmt: skip
        messages.success(request, "Asked for. Another program manager grants it.")
    except RefusedError as error:
        messages.error(request, str(error))
    return redirect("console:exceptions", owner=owner)


@require_POST
@signed_in
def exception(request: ActingRequest, owner: str, exception: str) -> HttpResponse:
    """Grant, decline or end an exception."""
    enter_console(request, owner=owner)
    require(allowed=can_decide_reviews(request.actor, owner=owner), otherwise=NOT_YOURS)
    rows = TierException.objects.select_related("enrolment").filter(owner_id=owner)
    row, act = get_object_or_404(rows, pk=exception), _text(request, "act")
    try:
        move_exception(row, act, actor=request.actor, words=_text(request, "words"))
        messages.success(request, DONE.get(act, "Done."))
    except NotAllowedError as error:
        require(allowed=False, otherwise=str(error))
    except RefusedError as error:
        messages.error(request, str(error))
    return redirect("console:exceptions", owner=owner)


def _text(request: ActingRequest, name: str) -> str:
    text = request.POST.get(name, "")
    return "" if "\0" in text and name not in ("words", "told") else text


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _review(request: ActingRequest, owner: str, key: str) -> Review:
    enter_console(request, owner=owner)
    rows = Review.objects.select_related("program", "program_version").filter(owner_id=owner)
    return get_object_or_404(rows.defer("document", "program_version__files"), pk=key)


def _line(request: ActingRequest, owner: str, review: str, key: str) -> ReviewLine:
    enter_console(request, owner=owner)
    rows = ReviewLine.objects.select_related("partner", "enrolment__success_manager")
    return get_object_or_404(rows.filter(owner_id=owner, review_id=review), pk=key)


def _appeal(request: ActingRequest, owner: str, key: str) -> Appeal:
    enter_console(request, owner=owner)
    return get_object_or_404(Appeal.objects.select_related("line", "file").filter(owner_id=owner), pk=key)


def _page(request: ActingRequest, owner: str, template: str, context: dict[str, object]) -> HttpResponse:
    shell = console_shell(owner, actor=request.actor, current="reviews_of_tiers")
    return render(request, f"console/{template}.html", {"owner": owner, "shell": shell, **context})
