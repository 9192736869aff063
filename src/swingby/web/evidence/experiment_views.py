"""Experiments on the vendor's side: views translate between requests and the domain."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from swingby.web.access import require, signed_in
from swingby.web.domain.cards.asking import ask_for_card
from swingby.web.domain.cards.questions import QUESTIONS
from swingby.web.domain.cards.settings import SettingsError
from swingby.web.domain.errors import RefusedError
from swingby.web.domain.experiments.asking import ask_for_plan
from swingby.web.domain.experiments.design import NAMES
from swingby.web.domain.experiments.reading import QUESTION, experiments_open_to
from swingby.web.evidence.experiment_pages import experiment_page, experiments_page, plan_page
from swingby.web.evidence.progress import progress_answer
from swingby.web.evidence.views import enter_room, program_asked, shown, whole_number
from swingby.web.middleware import ActingRequest
from swingby.web.models import CardState, Experiment, Program
from swingby.web.permissions import can_ask_for_cards, can_read_cards

NO_EXPERIMENTS = "Program managers and executives read experiments."
NOT_PLANNING = "Program managers plan experiments and look at them. You read what they found."


@require_safe
@signed_in
def experiments(request: ActingRequest, owner: str) -> HttpResponse:
    """Those that run, are to come, ended, or were refused."""
    _enter(request, owner)
    only, start = request.GET.get("stage", ""), whole_number(request.GET.get("from", ""))
    page = experiments_page(owner, actor=request.actor, only=only, start=start)
    return shown(request, owner, "experiments", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def plan(request: ActingRequest, owner: str) -> HttpResponse:
    """The form of a plan; what cannot be carried out is refused on it, with the reason."""
    _enter(request, owner)
    require(allowed=can_ask_for_cards(request.actor, owner=owner), otherwise=NOT_PLANNING)
    program = program_asked(request, owner)
    if request.method == "POST":
        return _planned(request, program)
    return shown(request, owner, "ask", {"page": plan_page(program, written=_again(request, owner))})


def _again(request: ActingRequest, owner: str) -> Mapping[str, str] | None:
    """What another experiment asks, but for its seed: another lot needs another."""
    key = request.GET.get("again", "")
    row = experiments_open_to(request.actor, owner=owner).filter(pk=key).first() if key else None
    return {**row.settings, "seed": ""} if row else None


def _planned(request: ActingRequest, program: Program) -> HttpResponse:
    written = {name: request.POST.get(name, "") for name in NAMES}
    try:
        row = ask_for_plan(program, actor=request.actor, written=written)
    except SettingsError as error:
        page = plan_page(program, written=written, wrong=error.wrong)
        return shown(request, program.owner_id, "ask", {"page": page}, status=422)
    except RefusedError as error:
        page = plan_page(program, written=written, refused=str(error))
        return shown(request, program.owner_id, "ask", {"page": page}, status=422)
    return redirect("console:experiment", owner=program.owner_id, experiment=row.pk)


@require_safe
@signed_in
def experiment(request: ActingRequest, owner: str, experiment: str) -> HttpResponse:
    """One experiment: its plan with the hash, who is in which wave, and what was seen so far."""
    row = _experiment(request, owner, experiment)
    wave, start = (whole_number(request.GET.get(name, "")) for name in ("wave", "from"))
    page = experiment_page(row, actor=request.actor, wave=wave, start=start)
    return shown(request, owner, "experiment", {"page": page})


@require_safe
@signed_in
def progress(request: ActingRequest, owner: str, experiment: str) -> HttpResponse:
    """How far the lot is; once it is drawn, the page is asked for again."""
    return progress_answer(request, _experiment(request, owner, experiment), lead=_("The lot is being drawn."))


@require_safe
@signed_in
def file(request: ActingRequest, owner: str, experiment: str) -> HttpResponse:
    """The plan as it was drawn, for whoever wants to check it or draw the lot again."""
    row = _experiment(request, owner, experiment)
    found = get_object_or_404(Experiment.objects.select_related("plan"), pk=row.pk, state=CardState.DONE)
    answer = HttpResponse(found.plan.text, content_type="application/json; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{slugify(row.words)[:60] or "plan"}.json"'
    return answer


@require_POST
@signed_in
def look(request: ActingRequest, owner: str, experiment: str) -> HttpResponse:
    """Ask for a card of what the lot shows so far."""
    row = _experiment(request, owner, experiment)
    require(allowed=can_ask_for_cards(request.actor, owner=owner), otherwise=NOT_PLANNING)
    try:
        written = {"experiment": row.pk, "last": ""}
        card = ask_for_card(row.program, QUESTIONS[QUESTION], actor=request.actor, written=written)
    except RefusedError as error:
        messages.error(request, str(error))
        return redirect("console:experiment", owner=owner, experiment=row.pk)
    messages.success(request, _("The waves are compared. The answer appears here."))
    return redirect("console:evidence_card", owner=owner, card=card.pk)


def _enter(request: ActingRequest, owner: str) -> None:
    enter_room(request, owner)
    require(allowed=can_read_cards(request.actor, owner=owner), otherwise=NO_EXPERIMENTS)


def _experiment(request: ActingRequest, owner: str, key: str) -> Experiment:
    _enter(request, owner)
    rows = experiments_open_to(request.actor, owner=owner).select_related("plan", "program", "asked_by")
    return get_object_or_404(rows, pk=key)
