"""Study groups: views translate between requests and the domain."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from swingby.web.access import require, signed_in
from swingby.web.clock import today
from swingby.web.domain.errors import NotAllowedError, RefusedError
from swingby.web.domain.study.calendar import calendar_of
from swingby.web.domain.study.circles import (
    check_in,
    close_circle,
    found_circle,
    join_circle,
    label_of,
    leave_circle,
    plan_of,
)
from swingby.web.domain.study.said import Form
from swingby.web.domain.study.sharing import share_study
from swingby.web.domain.study.wishes import drop_wish, wish_for_group
from swingby.web.enablement.entering import catalogue_or_refusal, enter
from swingby.web.enablement.study_pages import group_page, groups_page
from swingby.web.enablement.study_parts import GroupsPage
from swingby.web.middleware import ActingRequest
from swingby.web.models import StudyCircle, StudySeat
from swingby.web.people.entering import organization_shell
from swingby.web.permissions import can_share_standing


@require_safe
@signed_in
def groups(request: ActingRequest, firm: str) -> HttpResponse:
    """My groups and what fits what I look for. An admin who looks as somebody sees nothing of it."""
    row, kept = enter(request, firm)
    if kept is None or request.looking is not None:
        page = GroupsPage(name=row.name, as_of=today(), is_hidden=True)
    else:
        page = groups_page(row, kept.catalogue, actor=request.actor)
    shell = organization_shell(request, firm, current="groups")
    return render(request, "enablement/groups.html", {"page": page, "shell": shell})


@require_safe
@signed_in
def group(request: ActingRequest, firm: str, circle: str) -> HttpResponse:
    """One group; to all but its members there is no such page."""
    row, kept = enter(request, firm)
    found = _own(request, circle)
    if kept is None:
        raise Http404
    page = group_page(found, row, kept.catalogue, actor=request.actor)
    shell = organization_shell(request, firm, current="groups")
    return render(request, "enablement/group.html", {"page": page, "shell": shell})


@require_safe
@signed_in
def group_calendar(request: ActingRequest, firm: str, circle: str) -> HttpResponse:
    """The meetings of a group of mine as an iCalendar file."""
    _row, kept = enter(request, firm)
    found = _own(request, circle)
    if kept is None:
        raise Http404
    label = label_of(found, kept.catalogue)
    content = calendar_of(found, plan_of(found, kept.catalogue), firm=firm, label=label)
    answer = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="study-group.ics"'
    return answer


@require_POST
@signed_in
def group_act(request: ActingRequest, firm: str, circle: str) -> HttpResponse:
    """Join, leave, close, say something."""
    enter(request, firm)
    act = request.POST.get("act", "")
    found = get_object_or_404(StudyCircle.objects.all(), pk=circle) if act == "join" else _own(request, circle)
    try:
        _do(found, firm, request, act)
    except RefusedError as error:
        messages.error(request, str(error))
    is_in = StudySeat.objects.filter(circle=found, person_id=request.actor.person).exists()
    return redirect("learning:group", firm=firm, circle=circle) if is_in else redirect("learning:groups", firm=firm)


@require_POST
@signed_in
def group_found(request: ActingRequest, firm: str) -> HttpResponse:
    """Found a group."""
    _row, kept = enter(request, firm)
    try:
        catalogue = catalogue_or_refusal(kept).catalogue
        made = found_circle(firm, actor=request.actor, form=Form(dict(request.POST.lists())), catalogue=catalogue)
    except RefusedError as error:
        messages.error(request, str(error))
        return redirect("learning:groups", firm=firm)
    messages.success(request, _("Your group is there. Who looks for such a one in your firm is told."))
    return redirect("learning:group", firm=firm, circle=made.pk)


@require_POST
@signed_in
def study_wish(request: ActingRequest, firm: str) -> HttpResponse:
    """Keep what I look for, or look for nothing any more."""
    _row, kept = enter(request, firm)
    try:
        if request.POST.get("act") == "drop":
            drop_wish(firm, actor=request.actor)
            messages.success(request, _("You look for no group any more."))
        else:
            catalogue = catalogue_or_refusal(kept).catalogue
            wish_for_group(firm, actor=request.actor, form=Form(dict(request.POST.lists())), catalogue=catalogue)
            messages.success(request, _("Noted. Below is what fits. Nobody else sees what you look for."))
    except RefusedError as error:
        messages.error(request, str(error))
    return redirect("learning:groups", firm=firm)


@require_POST
@signed_in
def study_sharing(request: ActingRequest, firm: str) -> HttpResponse:
    """Allow groups with other partners of a vendor, or end it."""
    enter(request, firm)
    allowed = can_share_standing(request.actor, organization=firm)
    require(allowed=allowed, otherwise=_("Your role does not say with whom people study. Ask your partner admin."))
    is_allowed = request.POST.get("act") == "allow"
    try:
        share_study(firm, request.POST.get("vendor", "").replace("\0", ""), actor=request.actor, is_allowed=is_allowed)
        messages.success(request, _("Allowed.") if is_allowed else _("Ended. Groups go on within each firm."))
    except NotAllowedError:
        raise
    except RefusedError as error:
        messages.error(request, str(error))
    return redirect("learning:groups", firm=firm)


def _own(request: ActingRequest, circle: str) -> StudyCircle:
    """A group in which the reader is; an admin who looks as somebody is in none."""
    if request.looking is not None:
        raise Http404
    seats = StudySeat.objects.filter(person_id=request.actor.person).values("circle_id")
    return get_object_or_404(StudyCircle.objects.filter(pk__in=seats), pk=circle)


def _do(circle: StudyCircle, firm: str, request: ActingRequest, act: str) -> None:
    actor = request.actor
    if act == "join":
        join_circle(circle, firm, actor=actor)
        messages.success(request, _("You are in. The members see your name and what you say here."))
    elif act == "leave":
        leave_circle(circle, person=actor.person)
        messages.success(request, _("You left the group."))
    elif act == "close":
        close_circle(circle, actor=actor)
        messages.success(request, _("Closed. Its members can still read it."))
    elif act == "say":
        check_in(circle, firm, actor=actor, words=request.POST.get("words", ""))
    else:
        raise RefusedError(_("Choose what you want to do."))
