"""Terms of use: views translate between requests and the domain."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from swingby.web.access import enter_console, known, require, signed_in
from swingby.web.console.pages import console_shell
from swingby.web.domain.errors import RefusedError
from swingby.web.domain.terms import accept_terms, publish_terms, published_terms, terms_due
from swingby.web.middleware import ActingRequest
from swingby.web.people.entering import onward_of
from swingby.web.permissions import can_publish_terms

UNPROCESSABLE = 422


@require_http_methods(["GET", "HEAD", "POST"])
@known
def accept(request: ActingRequest) -> HttpResponse:
    """The terms that wait for this person; after the last one the way leads on."""
    due = terms_due(request.actor)
    onward = onward_of(request)
    if due is None:
        return redirect(onward)
    if request.method == "POST":
        try:
            if request.POST.get("terms") != str(due.pk):
                raise RefusedError("There are newer terms. Read them first.")
            accept_terms(due, actor=request.actor)
        except RefusedError as error:
            messages.error(request, str(error))
        return redirect(f"{reverse('terms')}?{request.GET.urlencode()}")
    return render(
        request, "people/terms.html", {"terms": due, "owner": due.owner.name, "sign_out": reverse("account_logout")}
    )


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def terms(request: ActingRequest, owner: str) -> HttpResponse:
    """Every version of the vendor's terms, and the next one."""
    enter_console(request, owner=owner)
    allowed = can_publish_terms(request.actor, owner=owner)
    require(allowed=allowed, otherwise="Your role does not publish terms.")
    text, problem = "", ""
    if request.method == "POST":
        text = request.POST.get("text", "")
        try:
            published = publish_terms(owner, actor=request.actor, text=text)
        except RefusedError as error:
            problem = str(error)
        else:
            messages.success(request, f"Version {published.number} holds. People accept it when they next come.")
            return redirect("console:terms", owner=owner)
    shell = console_shell(owner, actor=request.actor, current="terms")
    context = {"rows": published_terms(owner), "text": text, "problem": problem, "owner": owner, "shell": shell}
    return render(request, "people/terms_list.html", context, status=UNPROCESSABLE if problem else 200)
