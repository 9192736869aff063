"""Versions on their way: views translate between requests and the domain."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from swingby.web.access import enter_console, require, signed_in
from swingby.web.console.pages import console_shell
from swingby.web.console.published_pages import packed, published_page
from swingby.web.console.version_pages import movers_file, newest_comparison, version_page, versions_page
from swingby.web.domain.errors import NotAllowedError, RefusedError
from swingby.web.domain.kept_comparisons import ask_for_comparison
from swingby.web.domain.proposals import draft_version, move_version, told_by
from swingby.web.middleware import ActingRequest
from swingby.web.models import ComparisonKind, Program, ProgramVersion, ProposedVersion
from swingby.web.permissions import can_change_versions

LONGEST_PRICE = 100
NOT_YOURS = "Your role cannot change the program."
DONE = {
    "try": "Tried unseen: only we see it. The comparison of today is on its way.",
    "show": "Partners now see what would change for them.",
    "hide": "Partners no longer see it.",
    "ask": "Another program manager is asked for the second approval.",
    "return": "Sent back with your words.",
    "approve": "Approved. It can be announced now.",
    "announce": "Announced. Every partner has its letter.",
    "withdraw": "Withdrawn.",
}
TOLD = "Withdrawn. Everybody who was told of it is told so, with your words."


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def versions(request: ActingRequest, owner: str) -> HttpResponse:
    """All versions; a new draft is uploaded here."""
    enter_console(request, owner=owner)
    changes = can_change_versions(request.actor, owner=owner)
    if request.method == "POST":
        require(allowed=changes, otherwise=NOT_YOURS)
        return _drafted(request, owner)
    return _versions_page(request, owner, changes=changes)


def _versions_page(request: ActingRequest, owner: str, *, changes: bool, refused: str = "") -> HttpResponse:
    programs = Program.objects.filter(owner_id=owner).order_by("name", "id").values_list("pk", "name")
    context = {
        "page": versions_page(owner, programs=list(programs)),
        "changes": changes,
        "refused": refused,
        "owner": owner,
        "shell": console_shell(owner, actor=request.actor, current="versions"),
    }
    return render(request, "console/versions.html", context, status=422 if refused else 200)


def _drafted(request: ActingRequest, owner: str) -> HttpResponse:
    program = get_object_or_404(Program.objects.filter(owner_id=owner), pk=request.POST.get("program", ""))
    try:
        proposed = draft_version(program, actor=request.actor, uploads=request.FILES.getlist("files"))
    except RefusedError as error:
        return _versions_page(request, owner, changes=True, refused=str(error))
    return redirect("console:version", owner=owner, proposed=proposed.pk)


@require_safe
@signed_in
def version(request: ActingRequest, owner: str, proposed: str) -> HttpResponse:
    """What one version does."""
    row = _proposed(request, owner, proposed)
    context = {
        "page": version_page(row, actor=request.actor),
        "changes": can_change_versions(request.actor, owner=owner),
        "owner": owner,
        "shell": console_shell(owner, actor=request.actor, current="versions"),
    }
    return render(request, "console/version.html", context)


@require_safe
@signed_in
def progress(request: ActingRequest, owner: str, proposed: str) -> HttpResponse:
    """How far the newest comparison is; once it is done, the page is asked for again."""
    row = _proposed(request, owner, proposed)
    comparison = newest_comparison(row)
    answer = render(request, "console/_comparison_progress.html", {"comparison": comparison})
    if comparison is None or not comparison.is_running:
        answer.headers["HX-Refresh"] = "true"
    return answer


@require_safe
@signed_in
def movers(request: ActingRequest, owner: str, proposed: str) -> HttpResponse:
    """Everybody who moves, as a file."""
    row = _proposed(request, owner, proposed)
    answer = HttpResponse(movers_file(row), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="who-moves.csv"'
    return answer


@require_POST
@signed_in
def comparison(request: ActingRequest, owner: str, proposed: str) -> HttpResponse:
    """Ask for a comparison over a span of days."""
    row = _proposed(request, owner, proposed)
    require(allowed=can_change_versions(request.actor, owner=owner), otherwise=NOT_YOURS)
    prices = {
        name.removeprefix("price-"): str(request.POST[name]) for name in request.POST if name.startswith("price-")
    }
    try:
        first, last = (_day(request.POST.get(name, "")) for name in ("first", "last"))
        ask_for_comparison(
            row, actor=request.actor, kind=ComparisonKind.BACKTEST, first=first, last=last, prices=_texts(prices)
        )
    except RefusedError as error:
        messages.error(request, str(error))
    return redirect("console:version", owner=owner, proposed=row.pk)


def _texts(prices: dict[str, str]) -> dict[str, str]:
    if any("\0" in text or len(text) > LONGEST_PRICE for pair in prices.items() for text in pair):
        raise RefusedError("This is no price. Write an amount such as 1200, or the id of a measure.")
    return prices


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise RefusedError("This is no day. Write it as 2026-03-31.") from error


@require_POST
@signed_in
def act(request: ActingRequest, owner: str, proposed: str) -> HttpResponse:
    """Do what a button says."""
    row = _proposed(request, owner, proposed)
    require(allowed=can_change_versions(request.actor, owner=owner), otherwise=NOT_YOURS)
    name, words = request.POST.get("act", ""), request.POST.get("words", "")
    try:
        if name == "announce":
            _require_yes(row, request.POST.get("partners", ""))
        move_version(row, name, actor=request.actor, words=words, letter=request.POST.get("letter"))
        messages.success(request, TOLD if row.withdrawn_because else DONE.get(name, "Done."))
    except NotAllowedError as error:
        require(allowed=False, otherwise=str(error))
    except RefusedError as error:
        messages.error(request, str(error))
    return redirect("console:version", owner=owner, proposed=row.pk)


def _require_yes(proposed: ProposedVersion, confirmed: str) -> None:
    """Letters go out once somebody has read to how many partners, and it is still so many."""
    partners = told_by(proposed).count()
    if confirmed != str(partners):
        raise RefusedError(f"The letter goes to {partners} partners now. Read what they get, and confirm it again.")


@require_safe
@signed_in
def published(request: ActingRequest, owner: str, version: int) -> HttpResponse:
    """What a published version says, in sentences and as its files."""
    row = _published(request, owner, version)
    shell = console_shell(owner, actor=request.actor, current="versions")
    return render(request, "console/published.html", {"page": published_page(row), "owner": owner, "shell": shell})


@require_safe
@signed_in
def published_file(request: ActingRequest, owner: str, version: int) -> HttpResponse:
    """The files of a published version as a zip."""
    row = _published(request, owner, version)
    answer = HttpResponse(packed(row), content_type="application/zip")
    answer.headers["Content-Disposition"] = content_disposition_header(
        as_attachment=True, filename=f"{row.program_id}-{row.version}.zip"
    )
    return answer


def _published(request: ActingRequest, owner: str, key: int) -> ProgramVersion:
    enter_console(request, owner=owner)
    return get_object_or_404(ProgramVersion.objects.select_related("program").filter(owner_id=owner), pk=key)


def _proposed(request: ActingRequest, owner: str, key: str) -> ProposedVersion:
    enter_console(request, owner=owner)
    rows = ProposedVersion.objects.select_related("program", "drafted_by", "approved_by").filter(owner_id=owner)
    return get_object_or_404(rows, pk=key)
