"""Who did what: views translate between requests and the domain."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from urllib.parse import urlencode

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from swingby.web.access import require, signed_in
from swingby.web.domain.audit_checks import check_chains
from swingby.web.middleware import ActingRequest
from swingby.web.models import AuditEntry, Organization, Person, Side
from swingby.web.people.audit_parts import ActLine, AuditPage
from swingby.web.people.audit_words import SUBJECTS, act_words, subject_words
from swingby.web.people.entering import enter_organization, organization_shell
from swingby.web.permissions import can_read_audit

ON_A_PAGE = 40
_MOST_BREAKS = 20
_LONGEST_DETAIL = 160
_LARGEST_KEY = 2**63 - 1


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def acts(request: ActingRequest, organization: str) -> HttpResponse:
    """Everything that was done, the newest first; checking the chains on request."""
    is_vendor = enter_organization(request, organization)
    allowed = can_read_audit(request.actor, organization=organization)
    require(allowed=allowed, otherwise="Your role does not read the record of acts.")
    page = audit_page(organization, request.GET.dict(), is_vendor=is_vendor)
    if request.method == "POST":
        page = _checked(page, organization)
    shell = organization_shell(request, organization, current="audit")
    return render(request, "people/audit.html", {"page": page, "shell": shell})


def audit_page(organization: str, asked: Mapping[str, str], *, is_vendor: bool) -> AuditPage:
    """Some acts of an organization's chains, narrowed by what was asked."""
    since, until = _day(asked.get("since", "")), _day(asked.get("until", ""))
    about, who = asked.get("about", ""), asked.get("who", "").replace("\0", "").strip()[:100]
    rows = AuditEntry.objects.filter(_own(organization, is_vendor=is_vendor))
    if about in SUBJECTS:
        rows = rows.filter(action__startswith=f"{about}.")
    if who:
        named = Person.objects.filter(Q(name__icontains=who) | Q(email__iexact=who)).values("pk")
        rows = rows.filter(actor__in=named)
    rows = rows.filter(at__date__gte=since) if since else rows
    rows = rows.filter(at__date__lte=until) if until else rows
    before = asked.get("before", "")
    narrowed = {name: asked[name] for name in ("about", "who", "since", "until") if asked.get(name)}
    if before.isdecimal() and int(before[:20]) <= _LARGEST_KEY:
        rows = rows.filter(pk__lt=int(before))
    found = list(rows.order_by("-pk")[: ON_A_PAGE + 1])
    url = reverse("audit:acts", args=[organization])
    shown = found[:ON_A_PAGE]
    more = f"{url}?{urlencode({**narrowed, 'before': shown[-1].pk})}" if len(found) > ON_A_PAGE else ""
    return AuditPage(
        url=url,
        lines=_lines(shown, organization),
        actions=tuple((key, subject_words(key), key == about) for key in SUBJECTS),
        since=since,
        until=until,
        who=who,
        older=more,
        is_vendor=is_vendor,
    )


def _own(organization: str, *, is_vendor: bool) -> Q:
    return Q(owner_id=organization) if is_vendor else Q(partner_id=organization, side=Side.PARTNER)


def _lines(rows: Iterable[AuditEntry], organization: str) -> tuple[ActLine, ...]:
    entries = list(rows)
    keys = {key for entry in entries for key in (entry.actor, entry.subject)}
    names = dict(Person.objects.filter(pk__in=keys).values_list("pk", "name"))
    partners = {entry.partner_id for entry in entries} - {organization}
    places = dict(Organization.objects.filter(pk__in=partners).values_list("pk", "name"))
    return tuple(
        ActLine(
            at=entry.at,
            who=names.get(entry.actor) or entry.actor or "The application",
            what=act_words(entry.action),
            subject=names.get(entry.subject) or entry.subject,
            number=entry.number,
            partner=places.get(entry.partner_id, ""),
            detail=_detail(entry.detail),
        )
        for entry in entries
    )


def _detail(detail: Mapping[str, object]) -> str:
    said = [f"{name}: {_value(value)}" for name, value in detail.items() if value not in (None, "", [])]
    text = "; ".join(said)
    return text if len(text) <= _LONGEST_DETAIL else f"{text[:_LONGEST_DETAIL]}…"


def _value(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _checked(page: AuditPage, organization: str) -> AuditPage:
    chains = check_chains(organization)
    breaks = [f"{chain.name}: {what}" for chain in chains for what in chain.breaks]
    total = sum(chain.number for chain in chains)
    words = f"{len(chains):,} chains with {total:,} entries were checked."
    return replace(page, checked=words, breaks=tuple(breaks[:_MOST_BREAKS]))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
