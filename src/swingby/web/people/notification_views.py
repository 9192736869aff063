"""What somebody was told, at a partner or at a vendor: views translate between requests and the domain."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from swingby.web.access import enter_console, partner_enrolment, signed_in
from swingby.web.console.pages import console_shell
from swingby.web.design.parts import Shell
from swingby.web.domain.errors import RefusedError
from swingby.web.domain.notifications import Desk, choose_ways, desk_of, read_all, read_notification, told
from swingby.web.middleware import ActingRequest
from swingby.web.models import Side
from swingby.web.people.notification_pages import ReadingPlace, notifications_page, settings_page
from swingby.web.portal.pages import partner_shell


@require_safe
@signed_in
def notifications(request: ActingRequest, enrolment: str = "", owner: str = "") -> HttpResponse:
    """All that somebody was told here in the last half year, the newest first."""
    place, shell = _entered(request, enrolment=enrolment, owner=owner)
    page = notifications_page(request.actor, place, asked=request.GET.dict())
    return render(request, "people/notifications.html", {"page": page, "shell": shell})


@require_safe
@signed_in
def notification(request: ActingRequest, notification: str, enrolment: str = "", owner: str = "") -> HttpResponse:
    """Lead to what it is about, and note that it was read."""
    place = _place(request, enrolment=enrolment, owner=owner)
    row = get_object_or_404(told(request.actor, place.desk), pk=notification)
    read_notification(row)
    is_ours = row.path.startswith("/") and not row.path.startswith("//")
    return redirect(row.path if is_ours else place.url("notifications"))


@require_POST
@signed_in
def all_read(request: ActingRequest, enrolment: str = "", owner: str = "") -> HttpResponse:
    """Note that everything here was read."""
    place = _place(request, enrolment=enrolment, owner=owner)
    count = read_all(request.actor, place.desk)
    messages.success(request, "All read." if count else "There was nothing new.")
    return redirect(place.url("notifications"))


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def notification_settings(request: ActingRequest, enrolment: str = "", owner: str = "") -> HttpResponse:
    """Choose how to hear of each kind."""
    place, shell = _entered(request, enrolment=enrolment, owner=owner)
    if request.method == "POST":
        try:
            changed = choose_ways(request.actor, place.desk, request.POST.dict())
            messages.success(request, "Saved." if changed else "Nothing has changed.")
        except RefusedError as error:
            messages.error(request, str(error))
        return redirect(place.url("notification_settings"))
    page = settings_page(request.actor, place)
    return render(request, "people/notification_settings.html", {"page": page, "shell": shell})


def _place(request: ActingRequest, *, enrolment: str, owner: str) -> ReadingPlace:
    if enrolment:
        row = partner_enrolment(enrolment)
        return ReadingPlace(desk=desk_of(row), key=row.pk)
    enter_console(request, owner=owner)
    return ReadingPlace(desk=Desk(side=Side.VENDOR, owner=owner), key=owner)


def _entered(request: ActingRequest, *, enrolment: str, owner: str) -> tuple[ReadingPlace, Shell]:
    """The place with what surrounds its pages."""
    place = _place(request, enrolment=enrolment, owner=owner)
    if enrolment:
        row = partner_enrolment(enrolment)
        return place, partner_shell(row, actor=request.actor, current="notifications")
    return place, console_shell(owner, actor=request.actor, current="notifications")
