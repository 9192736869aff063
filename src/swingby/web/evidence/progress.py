"""How far a job of evidence is: the same line for a card and for the lot of an experiment."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from swingby.web.domain.cards.asking import UNFINISHED
from swingby.web.middleware import ActingRequest
from swingby.web.models import CardState, Experiment, KeptCard


def progress_words(row: KeptCard | Experiment) -> str:
    """How far it is, in words."""
    return row.progress or CardState(row.state).label


def progress_answer(request: ActingRequest, row: KeptCard | Experiment, *, lead: str = "") -> HttpResponse:
    """A line that asks for itself again; once the job is over, the page is asked for again."""
    is_running = row.state in UNFINISHED
    context = {"is_running": is_running, "words": progress_words(row), "url": request.path, "lead": lead}
    answer = render(request, "evidence/_progress.html", context)
    if not is_running:
        answer.headers["HX-Refresh"] = "true"
    return answer
