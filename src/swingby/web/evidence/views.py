"""The room of evidence on the vendor's side: views translate between requests and the domain."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from swingby.insight import card_from, card_paper
from swingby.web.access import enter_console, require, signed_in
from swingby.web.clock import today
from swingby.web.console.pages import console_shell
from swingby.web.domain.cards.asking import ask_for_card, may_ask
from swingby.web.domain.cards.deciding import decide_on_card
from swingby.web.domain.cards.questions import READINESS, Asked, question_of
from swingby.web.domain.cards.reading import cards_open_to
from swingby.web.domain.cards.settings import SettingsError
from swingby.web.domain.cards.sharing import share_card, withdraw_card
from swingby.web.domain.enrolled import not_ended
from swingby.web.domain.errors import RefusedError
from swingby.web.evidence.card_pages import stands_on
from swingby.web.evidence.kept_pages import card_page, share_page
from swingby.web.evidence.progress import progress_answer
from swingby.web.evidence.room_pages import ask_page, room_page
from swingby.web.middleware import ActingRequest
from swingby.web.models import CardState, Enrolment, KeptCard, Program
from swingby.web.permissions import can_ask_for_cards, can_read_money_cards, can_see_readiness

NO_ROOM = "Your role does not read evidence."
NOT_ASKING = "Program managers ask, decide and share. You read what they found."
NO_CARDS = "Your role sees what is missing, not the cards."
EVERYBODY = "*"
LONGEST_NUMBER = 6


@require_safe
@signed_in
def room(request: ActingRequest, owner: str) -> HttpResponse:
    """Which questions can be answered, and the cards kept so far."""
    enter_room(request, owner)
    page = room_page(owner, actor=request.actor, start=whole_number(request.GET.get("from", "")))
    return shown(request, owner, "room", {"page": page})


def whole_number(text: str) -> int:
    """A number that an address says; 0 where it says none."""
    is_number = text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER
    return int(text) if is_number else 0


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def ask(request: ActingRequest, owner: str, question: str) -> HttpResponse:
    """The form of one question; what cannot be answered is refused on it, with the reason."""
    enter_room(request, owner)
    asked = question_of(question)
    if asked is None:
        raise Http404
    require(allowed=may_ask(request.actor, asked, owner=owner), otherwise=NOT_ASKING)
    program = program_asked(request, owner)
    if request.method == "POST":
        return _asked(request, program, asked)
    page = ask_page(program, asked, written=_again(request, owner))
    return shown(request, owner, "ask", {"page": page})


def program_asked(request: ActingRequest, owner: str) -> Program:
    """The program that a form is about: the one that is named, or the first."""
    rows = Program.objects.filter(owner_id=owner).order_by("id")
    key = request.POST.get("program", "") or request.GET.get("program", "")
    found = get_object_or_404(rows, pk=key) if key else rows.first()
    if found is None:
        raise Http404
    return found


def _again(request: ActingRequest, owner: str) -> Mapping[str, str] | None:
    """The settings of a card that is to be asked again."""
    key = request.GET.get("again", "")
    row = cards_open_to(request.actor, owner=owner).filter(pk=key).first() if key else None
    return row.settings if row else None


def _asked(request: ActingRequest, program: Program, asked: Asked) -> HttpResponse:
    written = {name: request.POST.get(name, "") for name in asked.names}
    try:
        row = ask_for_card(program, asked, actor=request.actor, written=written)
    except SettingsError as error:
        page = ask_page(program, asked, written=written, wrong=error.wrong)
        return shown(request, program.owner_id, "ask", {"page": page}, status=422)
    except RefusedError as error:
        page = ask_page(program, asked, written=written, refused=str(error))
        return shown(request, program.owner_id, "ask", {"page": page}, status=422)
    if asked.key == READINESS:
        messages.success(request, "Your data are looked at. What can be answered appears here.")
        return redirect("console:evidence", owner=program.owner_id)
    return redirect("console:evidence_card", owner=program.owner_id, card=row.pk)


@require_safe
@signed_in
def card(request: ActingRequest, owner: str, card: str) -> HttpResponse:
    """One card: the answer, what it rests on, what was decided."""
    row = _card(request, owner, card)
    return shown(request, owner, "card", {"page": card_page(row, actor=request.actor)})


@require_safe
@signed_in
def progress(request: ActingRequest, owner: str, card: str) -> HttpResponse:
    """How far a card is; once it is done, the page is asked for again."""
    enter_room(request, owner)
    rows = cards_open_to(request.actor, owner=owner) | KeptCard.objects.filter(owner_id=owner, question=READINESS)
    return progress_answer(request, get_object_or_404(rows, pk=card))


@require_safe
@signed_in
def paper(request: ActingRequest, owner: str, card: str) -> HttpResponse:
    """The card as PDF, with the same picture."""
    row = _card(request, owner, card)
    if row.state != CardState.DONE:
        raise Http404
    return paper_answer(row.card, about_data=stands_on(row))


def paper_answer(data: Mapping[str, object], *, about_data: str) -> HttpResponse:
    """A card as a download."""
    told = card_from(data)
    content = card_paper(told, about_data=about_data)
    answer = HttpResponse(content, content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="{slugify(told.question)[:60] or "card"}.pdf"'
    return answer


@require_POST
@signed_in
def decide(request: ActingRequest, owner: str, card: str) -> HttpResponse:
    """Stop, keep, change or test: by whom, until when."""
    row = _card(request, owner, card)
    require(allowed=can_ask_for_cards(request.actor, owner=owner), otherwise=NOT_ASKING)
    sent = request.POST
    try:
        words = {name: sent.get(name, "") for name in ("word", "by_whom", "words")}
        decide_on_card(row, actor=request.actor, until=_day(sent.get("until", "")), **words)
        messages.success(request, "Decided. You are reminded on the first page of Evidence when its day has come.")
    except RefusedError as error:
        page = card_page(row, actor=request.actor)
        return shown(request, owner, "card", {"page": page, "said": sent.dict(), "refused": str(error)}, status=422)
    return redirect("console:evidence_card", owner=owner, card=row.pk)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def share(request: ActingRequest, owner: str, card: str) -> HttpResponse:
    """What partners would read; then sharing it with one of them, or with all."""
    row = _card(request, owner, card)
    require(allowed=can_ask_for_cards(request.actor, owner=owner), otherwise=NOT_ASKING)
    if request.method != "POST":
        return shown(request, owner, "share", {"page": share_page(row)})
    try:
        shared = share_card(row, actor=request.actor, enrolments=_chosen(row, request.POST.get("with", "")))
    except RefusedError as error:
        return shown(request, owner, "share", {"page": share_page(row, refused=str(error))}, status=422)
    messages.success(request, f"Shared with {_partners(len(shared))}.")
    return redirect("console:evidence_card", owner=owner, card=row.pk)


def _chosen(row: KeptCard, key: str) -> list[Enrolment]:
    rows = Enrolment.objects.filter(not_ended(today()), program_id=row.program_id)
    return list(rows if key == EVERYBODY else rows.filter(pk=key))


def _partners(number: int) -> str:
    return "1 partner" if number == 1 else f"{number:,} partners"


@require_POST
@signed_in
def withdraw(request: ActingRequest, owner: str, card: str) -> HttpResponse:
    """Take the card back from one partner, or from all."""
    row = _card(request, owner, card)
    require(allowed=can_ask_for_cards(request.actor, owner=owner), otherwise=NOT_ASKING)
    try:
        number = withdraw_card(row, actor=request.actor, share=request.POST.get("share", ""))
        messages.success(request, f"Withdrawn from {_partners(number)}.")
    except RefusedError as error:
        messages.error(request, str(error))
    return redirect("console:evidence_card", owner=owner, card=row.pk)


def enter_room(request: ActingRequest, owner: str) -> None:
    """Into the console, and into the room of evidence."""
    enter_console(request, owner=owner)
    require(allowed=can_see_readiness(request.actor, owner=owner), otherwise=NO_ROOM)


def _card(request: ActingRequest, owner: str, key: str) -> KeptCard:
    enter_room(request, owner)
    require(allowed=can_read_money_cards(request.actor, owner=owner), otherwise=NO_CARDS)
    rows = cards_open_to(request.actor, owner=owner).select_related("asked_by", "program")
    return get_object_or_404(rows, pk=key)


def shown(
    request: ActingRequest, owner: str, template: str, context: Mapping[str, object], *, status: int = 200
) -> HttpResponse:
    """A page of the room."""
    shell = console_shell(owner, actor=request.actor, current="evidence")
    return render(request, f"evidence/{template}.html", {**context, "owner": owner, "shell": shell}, status=status)
