"""The page on which people make and revoke the tokens of their organization."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from swingby.web.access import require, signed_in
from swingby.web.domain.errors import RefusedError
from swingby.web.domain.tokens import LONGEST_NAME, MOST_DAYS, make_token, revoke_token
from swingby.web.middleware import ActingRequest
from swingby.web.models import ApiToken, TokenScope
from swingby.web.people.entering import enter_organization, organization_shell
from swingby.web.permissions import can_make_tokens

NOT_YOURS = "Your role does not make tokens. Ask a program manager or your partner admin."
USUAL_DAYS = 90
_SHOWN = 200
_ON_THE_PARTNERS_SIDE = (
    *(TokenScope.PROGRAMS_READ, TokenScope.PARTNERS_READ, TokenScope.REPORTS_READ, TokenScope.REPORTS_WRITE),
    *(
        TokenScope.NOTES_READ,
        TokenScope.EVIDENCE_READ,
        TokenScope.FACTS_READ,
        TokenScope.DISPUTES_READ,
        TokenScope.DISPUTES_WRITE,
        TokenScope.REGISTRATIONS_READ,
        TokenScope.REGISTRATIONS_WRITE,
    ),
    *(TokenScope.NOTIFICATIONS_READ, TokenScope.NOTIFICATIONS_WRITE, TokenScope.PEOPLE_READ),
    *(TokenScope.BADGES_READ, TokenScope.BADGES_WRITE, TokenScope.VOUCHERS_READ, TokenScope.VOUCHERS_WRITE),
    *(TokenScope.USERS_READ, TokenScope.USERS_WRITE),
    *(TokenScope.LEARNING_READ, TokenScope.LEARNING_WRITE, TokenScope.REVIEWS_READ, TokenScope.REVIEWS_WRITE),
)


class TokenForm(forms.Form):
    """A new token: for what, with which rights, for how long."""

    name = forms.CharField(
        label=gettext_lazy("System that will use it"), max_length=LONGEST_NAME, help_text=gettext_lazy("Such as CRM.")
    )
    scopes = forms.MultipleChoiceField(label=gettext_lazy("What it may do"), widget=forms.CheckboxSelectMultiple)
    days = forms.IntegerField(
        label=gettext_lazy("Days until it ends"), min_value=1, max_value=MOST_DAYS, initial=USUAL_DAYS
    )

    def __init__(self, *args: object, is_vendor: bool) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        offered = tuple(TokenScope) if is_vendor else _ON_THE_PARTNERS_SIDE
        choices = self.fields["scopes"]
        if isinstance(choices, forms.MultipleChoiceField):
            choices.choices = [(each.value, each.label) for each in offered]


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenLine:
    """One token on the list."""

    key: str
    name: str
    maker: str
    scopes: tuple[str, ...]
    made: datetime
    ends: datetime
    used: datetime | None
    state: str
    tone: str
    revoke_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TokensPage:
    """The tokens of one organization, and the one that was just made."""

    lines: tuple[TokenLine, ...]
    new: str = ""
    today: date


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def tokens(request: ActingRequest, organization: str) -> HttpResponse:
    """The tokens of an organization; a new one is shown once, in the answer to the form."""
    is_vendor = _enter(request, organization)
    form = TokenForm(request.POST if request.method == "POST" else None, is_vendor=is_vendor)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        scopes = [TokenScope(each) for each in said["scopes"]]
        try:
            _, text = make_token(organization, actor=request.actor, name=said["name"], scopes=scopes, days=said["days"])
            return _page(request, organization, TokenForm(is_vendor=is_vendor), new=text)
        except RefusedError as error:
            form.add_error(None, str(error))
    return _page(request, organization, form)


@require_POST
@signed_in
def revoke(request: ActingRequest, organization: str, token: str) -> HttpResponse:
    """End a token at once."""
    _enter(request, organization)
    row = get_object_or_404(ApiToken.objects.filter(organization_id=organization), pk=token)
    try:
        revoke_token(row, actor=request.actor)
        messages.success(request, f"{row.name} has no way in any more.")
    except RefusedError as error:
        messages.error(request, str(error))
    return redirect("tokens:tokens", organization=organization)


def _enter(request: ActingRequest, organization: str) -> bool:
    """Let in who works there in the right role; whether it is a vendor's page."""
    is_vendor = enter_organization(request, organization)
    require(allowed=can_make_tokens(request.actor, organization=organization), otherwise=NOT_YOURS)
    return is_vendor


def _page(request: ActingRequest, organization: str, form: TokenForm, *, new: str = "") -> HttpResponse:
    context = {
        "page": TokensPage(lines=token_lines(organization), new=new, today=timezone.localdate()),
        "form": form,
        "organization": organization,
        "shell": organization_shell(request, organization, current="tokens"),
    }
    return render(request, "people/tokens.html", context, status=422 if form.errors else 200)


def token_lines(organization: str) -> tuple[TokenLine, ...]:
    """The tokens of an organization, the newest first."""
    rows = ApiToken.objects.select_related("person").filter(organization_id=organization)[:_SHOWN]
    return tuple(_line(row) for row in rows)


def _line(row: ApiToken) -> TokenLine:
    state, tone = _state(row)
    return TokenLine(
        key=row.pk,
        name=row.name,
        maker=row.person.name,
        scopes=tuple(TokenScope(each).label for each in row.scopes),
        made=row.made_at,
        ends=row.expires_at,
        used=row.last_used_at,
        state=state,
        tone=tone,
        revoke_url="" if row.revoked_at else f"/tokens/{row.organization_id}/{row.pk}/revoke/",
    )


def _state(row: ApiToken) -> tuple[str, str]:
    if row.revoked_at:
        return "Revoked", "bad"
    return ("Over", "plain") if row.expires_at <= timezone.now() else ("Works", "good")
