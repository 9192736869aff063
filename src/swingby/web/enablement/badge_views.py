"""A person's own badges: views translate between requests and the domain."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from swingby.web.access import signed_in
from swingby.web.domain.badges.foreign import take_badge
from swingby.web.domain.badges.issuing import badge_file, issue_badge, show_badge, withdraw_badge
from swingby.web.domain.errors import RefusedError
from swingby.web.enablement.badge_pages import badges_page
from swingby.web.enablement.entering import catalogue_or_refusal, enter
from swingby.web.middleware import ActingRequest
from swingby.web.models import Badge
from swingby.web.people.entering import organization_shell
from swingby.web.sending import sent_badge

LONGEST_FILE = 200_000


@require_safe
@signed_in
def badges(request: ActingRequest, firm: str) -> HttpResponse:
    """What I hold as badges, what of it the world sees, and badges of others."""
    row, kept = enter(request, firm)
    page = badges_page(row, kept, actor=request.actor)
    shell = organization_shell(request, firm, current="badges")
    return render(request, "enablement/badges.html", {"page": page, "shell": shell})


@require_POST
@signed_in
def issue(request: ActingRequest, firm: str) -> HttpResponse:
    """Make a badge of what I hold."""
    _row, kept = enter(request, firm)
    try:
        catalogue = catalogue_or_refusal(kept).catalogue
        issue_badge(firm, actor=request.actor, code=request.POST.get("code", ""), catalogue=catalogue)
        messages.success(request, _("Your badge is ready. Nobody else sees it before you show it."))
    except RefusedError as error:
        messages.error(request, str(error))
    return redirect("learning:badges", firm=firm)


@require_POST
@signed_in
def change(request: ActingRequest, firm: str, badge: str) -> HttpResponse:
    """Show a badge to the world with or without my name, hide it, or withdraw it for ever."""
    enter(request, firm)
    row = _own(request, firm, badge)
    act = request.POST.get("act", "")
    if act == "withdraw":
        withdraw_badge(row)
        messages.success(request, _("Withdrawn. Its file does not hold any more."))
    elif act in {"show", "name", "hide"}:
        show_badge(row, is_public=act != "hide", shows_name=act == "name")
        messages.success(request, _("Nobody else sees it.") if act == "hide" else _("Whoever has the link sees it."))
    else:
        messages.error(request, _("Choose what is to become of the badge."))
    return redirect("learning:badges", firm=firm)


@require_safe
@signed_in
def own_file(request: ActingRequest, firm: str, badge: str) -> HttpResponse:
    """My badge as a file."""
    enter(request, firm)
    return sent_badge(badge_file(_own(request, firm, badge)), name=badge)


@require_POST
@signed_in
def take(request: ActingRequest, firm: str) -> HttpResponse:
    """Take in a badge of somebody else."""
    enter(request, firm)
    try:
        row = take_badge(firm, actor=request.actor, text=_sent(request), key=request.POST.get("key", ""))
        messages.success(request, _("%(name)s is in your records.") % {"name": row.name})
    except RefusedError as error:
        messages.error(request, str(error))
    return redirect("learning:badges", firm=firm)


def _own(request: ActingRequest, firm: str, badge: str) -> Badge:
    """The reader's own; to all others there is no such badge."""
    rows = Badge.objects.filter(organization_id=firm, person_id=request.actor.person, withdrawn_at=None)
    return get_object_or_404(rows, pk=badge)


def _sent(request: ActingRequest) -> str:
    file = request.FILES.get("file")
    if file is None:
        raise RefusedError(_("Choose a file."))
    if (file.size or 0) > LONGEST_FILE:
        raise RefusedError(_("No badge is as large as this file."))
    try:
        return bytes(file.read()).decode("ascii")
    except UnicodeDecodeError as error:
        raise RefusedError(_("This is no signed badge: it cannot be read.")) from error
