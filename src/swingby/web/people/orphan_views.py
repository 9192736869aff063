"""Partners without an admin: views translate between requests and the domain."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from swingby.web.access import enter_console, require, signed_in
from swingby.web.console.pages import console_shell
from swingby.web.domain.errors import NotAllowedError, RefusedError
from swingby.web.domain.orphans import Orphan, invite_admin, orphans
from swingby.web.middleware import ActingRequest
from swingby.web.models import Enrolment
from swingby.web.people.user_parts import OrphanRow, OrphansPage
from swingby.web.permissions import can_cure_orphans

MOST_SHOWN = 15
LEFT, NOBODY, ALL = "left", "nobody", "all"
SHOWS: Mapping[str, str] = {LEFT: "The last admin left", NOBODY: "Nobody can sign in there", ALL: "All"}
UNPROCESSABLE = 422


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def orphan_list(request: ActingRequest, owner: str) -> HttpResponse:
    """Who has nobody to run its users, and inviting an admin there."""
    enter_console(request, owner=owner)
    allowed = can_cure_orphans(request.actor, owner=owner)
    require(allowed=allowed, otherwise="Your role does not invite a partner's admin.")
    if request.method == "POST":
        return _invited(request, owner)
    search = request.GET.get("q", "").replace("\0", "")[:100]
    return _page(request, owner, search=search, show=request.GET.get("show", LEFT))


def _invited(request: ActingRequest, owner: str) -> HttpResponse:
    rows = Enrolment.objects.select_related("partner").filter(owner_id=owner)
    enrolment = get_object_or_404(rows, pk=request.POST.get("partner", "").replace("\0", ""))
    email, name = (request.POST.get(each, "") for each in ("email", "name"))
    try:
        invite_admin(enrolment, actor=request.actor, email=email, name=name)
    except NotAllowedError as error:
        messages.error(request, str(error))
    except RefusedError as error:
        return _page(request, owner, search=enrolment.partner.name, show=ALL, opened=enrolment.pk, problem=str(error))
    else:
        messages.success(request, f"Invited. {email.strip()} gets a link that holds for two weeks.")
    return redirect("console:orphans", owner=owner)


def _page(
    request: ActingRequest, owner: str, *, search: str, show: str, opened: str = "", problem: str = ""
) -> HttpResponse:
    words, everybody = search.strip().lower(), orphans(owner)
    named = [each for each in everybody if words in each.enrolment.partner.name.lower()]
    found = [each for each in named if _is_shown(each, show)]
    page = OrphansPage(
        url=reverse("console:orphans", args=[owner]),
        rows=tuple(_row(each, opened) for each in found[:MOST_SHOWN]),
        total=len(found),
        shows=tuple(
            (key, f"{label}: {sum(_is_shown(each, key) for each in everybody)}", key == show)
            for key, label in SHOWS.items()
        ),
        search=search.strip(),
        problem=problem,
    )
    shell = console_shell(owner, actor=request.actor, current="orphans")
    status = UNPROCESSABLE if problem else 200
    return render(request, "people/orphans.html", {"page": page, "shell": shell}, status=status)


def _is_shown(orphan: Orphan, show: str) -> bool:
    """Whose admin left while people stay is urgent; where nobody ever signed in, somebody is to be found first."""
    return show == ALL or (orphan.people > 0) == (show != NOBODY)


def _row(orphan: Orphan, opened: str) -> OrphanRow:
    enrolment = orphan.enrolment
    return OrphanRow(
        key=enrolment.pk,
        name=enrolment.partner.name,
        href=reverse("console:partner", args=[enrolment.owner_id, enrolment.pk]),
        people=orphan.people,
        is_invited=orphan.is_invited,
        is_open=enrolment.pk == opened,
    )
