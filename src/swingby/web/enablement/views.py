"""A firm's learning: views translate between requests and the domain."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from swingby.web.access import require, signed_in
from swingby.web.design.parts import Shell
from swingby.web.domain.errors import NotAllowedError, RefusedError
from swingby.web.domain.learning.languages import say_languages
from swingby.web.domain.learning.telling import answer_learner, tell_own
from swingby.web.enablement.acting import try_act
from swingby.web.enablement.ahead_pages import ahead_page
from swingby.web.enablement.cell_pages import cell_page, changes_page
from swingby.web.enablement.coverage_pages import coverage_page
from swingby.web.enablement.entering import catalogue_or_refusal, enter
from swingby.web.enablement.finding_pages import Sought, helpers_page
from swingby.web.enablement.my_pages import my_path
from swingby.web.middleware import ActingRequest
from swingby.web.people.entering import organization_shell
from swingby.web.permissions import can_lead_learning

MOST_LEAVERS = 10


@require_safe
@signed_in
def mine(request: ActingRequest, firm: str) -> HttpResponse:
    """What I hold, what I am on the way to, and what is worth taking next."""
    row, kept = enter(request, firm)
    page = my_path(row, kept, actor=request.actor, with_failures=request.looking is None)
    return render(request, "enablement/mine.html", {"page": page, "shell": _shell(request, firm, "learning")})


@require_POST
@signed_in
def tell(request: ActingRequest, firm: str) -> HttpResponse:
    """Accept, say no, wish, book, and what became of an exam."""
    _row, kept = enter(request, firm)
    said = request.POST
    try:
        tell_own(
            firm,
            actor=request.actor,
            word=said.get("word", ""),
            code=said.get("code", ""),
            catalogue=catalogue_or_refusal(kept).catalogue,
            exam_on=_day(said.get("exam_on", "")),
        )
        messages.success(request, str(_THANKS.get(said.get("word", ""), _("Noted."))))
    except RefusedError as error:
        messages.error(request, str(error))
    return redirect("learning:mine", firm=firm)


@require_POST
@signed_in
def languages(request: ActingRequest, firm: str) -> HttpResponse:
    """Say which languages I speak, and whether those who lead see it."""
    enter(request, firm)
    said, is_shown = request.POST.getlist("languages"), request.POST.get("shown") == "yes"
    try_act(request, lambda: say_languages(firm, actor=request.actor, said=said, is_shown=is_shown), done=_("Noted."))
    return redirect("learning:mine", firm=firm)


@require_safe
@signed_in
def coverage(request: ActingRequest, firm: str) -> HttpResponse:
    """Role by level by vendor: held, on the way, lapsing, needed."""
    row, kept = enter(request, firm)
    leads = can_lead_learning(request.actor, organization=firm)
    page = coverage_page(row, kept, office=_word(request, "office"), with_names=leads)
    return render(request, "enablement/coverage.html", {"page": page, "shell": _shell(request, firm, "coverage")})


@require_safe
@signed_in
def certification(request: ActingRequest, firm: str, code: str) -> HttpResponse:
    """One certification: who holds it, who is on the way, who could take it."""
    row, kept = enter(request, firm)
    _require_lead(request, firm)
    if kept is None or code not in kept.catalogue.certifications:
        raise Http404
    page = cell_page(row, kept.catalogue, code)
    return render(request, "enablement/cell.html", {"page": page, "shell": _shell(request, firm, "coverage")})


@require_POST
@signed_in
def answer(request: ActingRequest, firm: str, code: str) -> HttpResponse:
    """Agree to what somebody wants, ask somebody, or decline."""
    _row, kept = enter(request, firm)
    _require_lead(request, firm)
    try:
        answer_learner(
            firm,
            actor=request.actor,
            word=request.POST.get("word", ""),
            learner=request.POST.get("learner", "").replace("\0", ""),
            code=code,
            catalogue=catalogue_or_refusal(kept).catalogue,
        )
        messages.success(request, _("Noted. They see it on their path."))
    except NotAllowedError:
        raise
    except RefusedError as error:
        messages.error(request, str(error))
    return redirect("learning:certification", firm=firm, code=code)


@require_safe
@signed_in
def helpers(request: ActingRequest, firm: str) -> HttpResponse:
    """Who can help on a day; those who lead see it by name."""
    row, kept = enter(request, firm)
    _require_lead(request, firm)
    asked = {name: _word(request, name) for name in ("code", "role", "level", "place", "language")}
    page = helpers_page(row, kept, Sought(**asked, day=_day(_word(request, "day"))))
    return render(request, "enablement/helpers.html", {"page": page, "shell": _shell(request, firm, "helpers")})


@require_safe
@signed_in
def ahead(request: ActingRequest, firm: str) -> HttpResponse:
    """What ceases to count and what rests on it."""
    row, kept = enter(request, firm)
    _require_lead(request, firm)
    page = ahead_page(
        row,
        kept,
        office=_word(request, "office"),
        span=_word(request, "span"),
        leaving=request.GET.getlist("without")[:MOST_LEAVERS],
        page=_number(_word(request, "page")),
    )
    return render(request, "enablement/ahead.html", {"page": page, "shell": _shell(request, firm, "ahead")})


@require_safe
@signed_in
def changes(request: ActingRequest, firm: str) -> HttpResponse:
    """What the newest catalogue changed, and who is hit."""
    row, kept = enter(request, firm)
    page = changes_page(row, kept, with_names=can_lead_learning(request.actor, organization=firm))
    return render(request, "enablement/changes.html", {"page": page, "shell": _shell(request, firm, "catalogue")})


_THANKS = {
    "want": gettext_lazy("Noted. Your lead sees that you want it."),
    "drop": gettext_lazy("Noted. It is off your path."),
    "book": gettext_lazy("Noted. Good luck."),
    "passed": gettext_lazy("Well done. It counts once the vendor's record arrives."),
    "failed": gettext_lazy("Noted. Only you see this."),
}


def _require_lead(request: ActingRequest, firm: str) -> None:
    allowed = can_lead_learning(request.actor, organization=firm)
    otherwise = _("Your role does not see the learning of others by name. Ask your partner admin.")
    require(allowed=allowed, otherwise=otherwise)


def _shell(request: ActingRequest, firm: str, current: str) -> Shell:
    return organization_shell(request, firm, current=current)


def _word(request: ActingRequest, name: str) -> str:
    return request.GET.get(name, "").replace("\0", "")[:100]


def _number(word: str) -> int:
    return int(word) if word.isdecimal() and len(word) < 6 else 1  # noqa: PLR2004 - no list is longer


def _day(word: str) -> date | None:
    try:
        return date.fromisoformat(word)
    except ValueError:
        return None
