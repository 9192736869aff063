"""Deal registrations on the partner's side: views translate between requests and the domain."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from swingby.web.access import partner_enrolment, require, signed_in
from swingby.web.domain.errors import NotAllowedError, RefusedError
from swingby.web.domain.queries.registrations import currencies_of, registrations_of
from swingby.web.domain.registrations import (
    DealSaid,
    ask_for_longer,
    register_deal,
    resubmit_registration,
    say_outcome,
    withdraw_registration,
)
from swingby.web.middleware import ActingRequest
from swingby.web.models import DealRegistration, Enrolment, RegistrationState
from swingby.web.permissions import can_register_deals
from swingby.web.portal.pages import partner_shell
from swingby.web.portal.registration_form import RegistrationForm
from swingby.web.portal.registration_pages import (
    MOST_ROWS,
    partner_page,
    partner_rows,
    register_door,
)
from swingby.web.portal.resubmissions import is_resubmitted

UNPROCESSABLE = 422
#: By name what an act does, and what is said when it is done.
Acts = Mapping[str, tuple[Callable[[], None], str]]


@require_safe
@signed_in
def registrations(request: ActingRequest, enrolment: str) -> HttpResponse:
    """All registrations of this partner."""
    row = partner_enrolment(enrolment)
    context = {
        "rows": partner_rows(registrations_of(row)[:MOST_ROWS]),
        "register_url": register_door(row, actor=request.actor),
        "vendor": row.owner.name,
        "shell": partner_shell(row, actor=request.actor, current="deals"),
    }
    return render(request, "portal/registrations.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new_registration(request: ActingRequest, enrolment: str) -> HttpResponse:
    """Register a deal."""
    row = partner_enrolment(enrolment)
    _require_registrant(request, row)
    form = RegistrationForm(request.POST or None, currencies=currencies_of(row))
    if request.method == "POST" and form.is_valid():
        try:
            found = register_deal(row, actor=request.actor, key=form.registration_key(), said=DealSaid(**form.said()))
        except NotAllowedError:
            raise
        except RefusedError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"Registered. You get an answer by {found.answer_due:%-d %B}.")
            return redirect("portal:registration", enrolment=row.pk, registration=found.pk)
    return _form_page(request, row, form)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def edit_registration(request: ActingRequest, enrolment: str, registration: str) -> HttpResponse:
    """Mend a registration that came back, and send it again."""
    row = partner_enrolment(enrolment)
    _require_registrant(request, row)
    found = _registration(row, registration)
    if found.state != RegistrationState.RETURNED:
        messages.info(request, "This registration is not waiting for you.")
        return redirect("portal:registration", enrolment=row.pk, registration=found.pk)
    names = ("customer", "website", "words", "products", "currency", "closes_on")
    before = {name: getattr(found, name) for name in names}
    before["amount"] = None if found.amount is None else f"{found.amount.normalize():f}"
    form = RegistrationForm(request.POST or None, currencies=currencies_of(row), initial=before)
    if request.method == "POST" and form.is_valid() and _is_resubmitted(request, found, form):
        return redirect("portal:registration", enrolment=row.pk, registration=found.pk)
    return _form_page(request, row, form, answer=found.answer)


def _is_resubmitted(request: ActingRequest, registration: DealRegistration, form: RegistrationForm) -> bool:
    def act() -> None:
        resubmit_registration(registration, actor=request.actor, said=DealSaid(**form.said()))

    return is_resubmitted(request, form, act, waits_for="an answer")


@require_safe
@signed_in
def registration(request: ActingRequest, enrolment: str, registration: str) -> HttpResponse:
    """One registration."""
    row = partner_enrolment(enrolment)
    page = partner_page(_registration(row, registration), actor=request.actor)
    shell = partner_shell(row, actor=request.actor, current="deals")
    context = {
        "page": page,
        "vendor": row.owner.name,
        "list_url": reverse("portal:registrations", args=[row.pk]),
        "shell": shell,
    }
    return render(request, "portal/registration.html", context)


@require_POST
@signed_in
def act(request: ActingRequest, enrolment: str, registration: str) -> HttpResponse:
    """Withdraw it, ask for longer protection, or say how the deal went."""
    row = partner_enrolment(enrolment)
    _require_registrant(request, row)
    found, said = _registration(row, registration), request.POST
    actor = request.actor
    acts: Acts = {
        "withdraw": (lambda: withdraw_registration(found, actor=actor), "Withdrawn."),
        "ask": (
            lambda: ask_for_longer(
                found, actor=actor, until=day_of(said.get("until", "")), words=said.get("words", "")
            ),
            "Asked. Until there is an answer the protection stays as it is.",
        ),
        "outcome": (
            lambda: say_outcome(found, said.get("outcome", ""), actor=actor, on=day_of(said.get("on", ""))),
            "Noted. The protection has ended.",
        ),
    }
    act_as_asked(request, acts)
    return redirect("portal:registration", enrolment=row.pk, registration=found.pk)


def act_as_asked(request: ActingRequest, acts: Acts) -> None:
    """Do the act that the form names, and say how that went; there is no page for another one."""
    asked = request.POST.get("act", "")
    if asked not in acts:
        raise Http404
    done, words = acts[asked]
    try:
        done()
        messages.success(request, words)
    except NotAllowedError:
        raise
    except RefusedError as error:
        messages.error(request, str(error))


def day_of(text: str) -> date:
    """A day as a form sends it."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise RefusedError("Say the day as year-month-day.") from error


def _form_page(
    request: ActingRequest, enrolment: Enrolment, form: RegistrationForm, *, answer: str = ""
) -> HttpResponse:
    context = {
        "form": form,
        "answer": answer,
        "vendor": enrolment.owner.name,
        "cancel_url": f"/partner/{enrolment.pk}/deals/",
        "shell": partner_shell(enrolment, actor=request.actor, current="deals"),
    }
    return render(request, "portal/registration_form.html", context, status=UNPROCESSABLE if form.errors else None)


def _require_registrant(request: ActingRequest, enrolment: Enrolment) -> None:
    allowed = can_register_deals(request.actor, lineage=enrolment.partner.lineage)
    require(allowed=allowed, otherwise="Your role does not register deals. Ask your partner admin.")


def _registration(enrolment: Enrolment, key: str) -> DealRegistration:
    rows = DealRegistration.objects.select_related(
        "partner", "enrolment__program", "enrolment__partner", "registered_by", "decided_by", "progress"
    )
    return get_object_or_404(rows.filter(enrolment=enrolment), pk=key)
