"""The stage: views translate between requests and the domain."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from swingby.enablement import Catalogue
from swingby.web.access import enter_console, signed_in
from swingby.web.console.pages import console_shell
from swingby.web.domain.errors import NotAllowedError, RefusedError
from swingby.web.domain.stories.answering import (
    accept_story,
    return_story,
    take_thanks_back,
    thank_for,
    welcome_story,
)
from swingby.web.domain.stories.telling import Told, keep_story, withdraw_story
from swingby.web.enablement.entering import catalogue_or_refusal, enter
from swingby.web.enablement.story_pages import (
    Sought,
    firm_stories,
    said_again,
    story_form,
    story_page,
    vendor_stories,
    vendor_wall,
    wall_page,
)
from swingby.web.enablement.story_parts import StoryForm
from swingby.web.middleware import ActingRequest
from swingby.web.models import Organization, Story, StoryState
from swingby.web.people.entering import organization_shell

_MOST_DIGITS = 9


@require_safe
@signed_in
def wall(request: ActingRequest, firm: str) -> HttpResponse:
    """The newest stories, mine, and what waits for an answer."""
    row, kept = enter(request, firm)
    page = wall_page(row, kept, _sought(request), actor=request.actor, is_own=request.looking is None)
    shell = organization_shell(request, firm, current="wall")
    return render(request, "enablement/wall.html", {"page": page, "shell": shell})


@require_safe
@signed_in
def story(request: ActingRequest, firm: str, story: str) -> HttpResponse:
    """One story. Whoever looks as a colleague sees it only where it hangs on the wall."""
    row, _kept = enter(request, firm)
    found = _found(firm, story)
    if request.looking is not None and found.state != StoryState.ACCEPTED:
        raise Http404
    page = story_page(found, row, actor=request.actor, is_own=request.looking is None)
    shell = organization_shell(request, firm, current="wall")
    return render(request, "enablement/story.html", {"page": page, "shell": shell})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def story_tell(request: ActingRequest, firm: str, code: str) -> HttpResponse:
    """Tell a story, or go on with a draft; who looks as a colleague sees none."""
    row, kept = enter(request, firm)
    if request.looking is not None:
        raise Http404
    try:
        catalogue = catalogue_or_refusal(kept).catalogue
        form = story_form(row, code, catalogue, actor=request.actor)
    except RefusedError as error:
        messages.error(request, str(error))
        return redirect("learning:wall", firm=firm)
    if request.method == "POST":
        return _kept(request, form, firm, code, catalogue)
    return _form_page(request, firm, form)


@require_POST
@signed_in
def story_act(request: ActingRequest, firm: str, story: str) -> HttpResponse:
    """Thank, accept, send back, withdraw."""
    enter(request, firm)
    found, act = _found(firm, story), request.POST.get("act", "")
    _try(request, found, act, organization=firm)
    if act == "withdraw" or request.POST.get("back") == "wall":
        return redirect("learning:wall", firm=firm)
    return redirect("learning:story", firm=firm, story=story)


@require_safe
@signed_in
def stories(request: ActingRequest, owner: str) -> HttpResponse:
    """What people of partners let the vendor read; a regional lead reads those of the regions."""
    enter_console(request, owner=owner)
    row = get_object_or_404(Organization.objects.all(), pk=owner)
    page = vendor_wall(row, _sought(request), actor=request.actor)
    shell = console_shell(owner, actor=request.actor, current="stories")
    return render(request, "enablement/wall.html", {"page": page, "shell": shell})


@require_POST
@signed_in
def vendor_story_act(request: ActingRequest, owner: str, story: str) -> HttpResponse:
    """Thank; let the whole program read it, or no longer."""
    enter_console(request, owner=owner)
    found = get_object_or_404(vendor_stories(owner), pk=story)
    _try(request, found, request.POST.get("act", ""), organization=owner)
    return redirect("console:stories", owner=owner)


def _kept(request: ActingRequest, form: StoryForm, firm: str, code: str, catalogue: Catalogue) -> HttpResponse:
    told, is_sent = _told(request), request.POST.get("act") == "send"
    try:
        row = keep_story(firm, code, actor=request.actor, told=told, catalogue=catalogue, is_sent=is_sent)
    except RefusedError as error:
        messages.error(request, str(error))
        return _form_page(request, firm, said_again(form, told))
    done = _("Sent. You hear of it once somebody has read it.") if is_sent else _("Kept. Only you see it.")
    messages.success(request, done)
    return redirect("learning:story", firm=firm, story=row.pk)


def _form_page(request: ActingRequest, firm: str, form: StoryForm) -> HttpResponse:
    shell = organization_shell(request, firm, current="wall")
    return render(request, "enablement/story_form.html", {"page": form, "shell": shell})


def _try(request: ActingRequest, found: Story, act: str, *, organization: str) -> None:
    try:
        if done := _do(request, found, act, organization=organization):
            messages.success(request, done)
    except NotAllowedError as error:
        raise PermissionDenied(str(error)) from error
    except RefusedError as error:
        messages.error(request, str(error))


def _do(request: ActingRequest, found: Story, act: str, *, organization: str) -> str:
    actor, edition = request.actor, _number(request.POST.get("edition", ""))
    if act == "thank":
        thank_for(found, organization, actor=actor)
        return _("You thanked. Whose story it is reads your name.")
    if act == "unthank":
        take_thanks_back(found, actor=actor)
        return _("You took your thanks back.")
    if act == "accept":
        accept_story(found, edition=edition, actor=actor)
        return _("It is on the wall.")
    if act == "return":
        return_story(found, edition=edition, answer=request.POST.get("answer", ""), actor=actor)
        return _("It went back with your word.")
    if act == "withdraw":
        withdraw_story(found, actor=actor)
        return _("Your story is deleted, and the thanks for it.")
    if act in {"welcome", "unwelcome"}:
        welcome_story(found, edition=edition, is_welcome=act == "welcome", actor=actor)
        return _("The whole program reads it.") if act == "welcome" else _("The whole program reads it no more.")
    raise RefusedError(_("Choose what you want to do."))


def _found(firm: str, key: str) -> Story:
    return get_object_or_404(firm_stories(firm), pk=key)


def _told(request: ActingRequest) -> Told:
    said = request.POST
    return Told(
        why=said.get("why", ""),
        learned=said.get("learned", ""),
        plan=said.get("plan", ""),
        shown_to=said.get("shown_to", ""),
        is_named=said.get("named") == "yes",
        stays=said.get("stays") == "yes",
    )


def _sought(request: ActingRequest) -> Sought:
    office, code = (request.GET.get(name, "").replace("\0", "")[:100] for name in ("office", "code"))
    return Sought(office, code, page=max(1, _number(request.GET.get("page", ""))))


def _number(word: str) -> int:
    return int(word) if word.isascii() and word.isdecimal() and len(word) <= _MOST_DIGITS else 0
