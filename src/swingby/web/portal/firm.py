"""The firm's own page: its programs at several vendors side by side, the one whose day comes next first."""

from __future__ import annotations

from math import ceil

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from swingby.web.access import signed_in
from swingby.web.clock import today
from swingby.web.design.parts import Link, NavGroup, NavItem, Shell
from swingby.web.domain.notifications import desk_of, unread_counts
from swingby.web.domain.queries.firm import FirmProgram, firm_programs
from swingby.web.middleware import ActingRequest
from swingby.web.models import PARTNER_ROLES, Organization
from swingby.web.portal.firm_parts import FirmPage, ProgramRow
from swingby.web.portal.pages import role_words
from swingby.web.visibility import Actor

ON_A_PAGE = 50
MOST_LINKS = 8


@require_safe
@signed_in
def firm(request: ActingRequest) -> HttpResponse:
    """Every program of the reader's firm; straight on to the only one."""
    found = firm_programs(on=today())
    if not found:
        raise Http404
    if len(found) == 1:
        return redirect("portal:home", enrolment=found[0].enrolment.pk)
    page = firm_page(request.actor, found, page=request.GET.get("page", ""))
    return render(request, "portal/firm.html", {"page": page, "shell": _shell(request.actor, page, found)})


def firm_page(actor: Actor, found: tuple[FirmProgram, ...], *, page: str = "") -> FirmPage:
    """One page of the programs."""
    last = ceil(len(found) / ON_A_PAGE)
    number = min(max(int(page), 1), last) if page.isascii() and page.isdecimal() and len(page) < len("10000") else 1
    first = (number - 1) * ON_A_PAGE
    shown = found[first : first + ON_A_PAGE]
    desks = {row.enrolment.pk: desk_of(row.enrolment) for row in shown}
    unread = unread_counts(actor, list(desks.values()))
    address = reverse("firm")
    return FirmPage(
        firm=_firm_name(actor, found),
        rows=tuple(_row(row, unread=unread[desks[row.enrolment.pk]]) for row in shown),
        vendors=len({row.enrolment.owner_id for row in found}),
        total=len(found),
        names_partners=len({row.enrolment.partner_id for row in found}) > 1,
        before_url=f"{address}?page={number - 1}" if number > 1 else "",
        after_url=f"{address}?page={number + 1}" if number < last else "",
    )


def _firm_name(actor: Actor, found: tuple[FirmProgram, ...]) -> str:
    """The organizations at which the reader holds a post; where that is none of them, those that are enrolled."""
    posts = Organization.objects.filter(pk__in=actor.organizations(PARTNER_ROLES))
    names = list(posts.order_by("name").values_list("name", flat=True)[:3])
    return ", ".join(names) or found[0].enrolment.partner.name


def _row(row: FirmProgram, *, unread: int) -> ProgramRow:
    enrolment, coming = row.enrolment, row.coming
    tier, following = row.result.get("tier") or {}, row.result.get("next") or {}
    manager = enrolment.success_manager
    return ProgramRow(
        key=enrolment.pk,
        vendor=enrolment.owner.name,
        program=enrolment.program.name,
        url=reverse("portal:home", args=[enrolment.pk]),
        partner=enrolment.partner.name,
        is_known=bool(row.result),
        tier=tier.get("label", ""),
        tier_rank=int(tier.get("rank", -1)),
        next_tier=following.get("label", ""),
        gap=_gap(row),
        day=coming.day if coming else None,
        what=coming.what if coming else "",
        is_late=coming is not None and coming.day < today(),
        contact=manager.name if manager else "",
        unread=unread,
        notifications_url=reverse("portal:notifications", args=[enrolment.pk]),
    )


def _gap(row: FirmProgram) -> str:
    """The first thing that is missing for the next tier, gates before points, and how many more there are."""
    missing = [gate for gate in row.result.get("gates", ()) if gate["state"] != "met"]
    if not missing:
        return ""
    first, *others = sorted(missing, key=lambda gate: bool(gate["is_score"]))
    words = f"{first['label']}: {first['words']}" if first["words"] else str(first["label"])
    return f"{words}, and {len(others)} more" if others else words


def _shell(actor: Actor, page: FirmPage, found: tuple[FirmProgram, ...]) -> Shell:
    """Around the page stand the ways into its programs."""
    here = NavItem(label="All programs", short="All", icon="layers", href=reverse("firm"), current=True)
    ways = tuple(
        NavItem(
            label=row.enrolment.program.name, icon="building-2", href=reverse("portal:home", args=[row.enrolment.pk])
        )
        for row in found[:MOST_LINKS]
    )
    return Shell(
        program=page.firm,
        organization=page.firm,
        person=actor.name,
        role=role_words(actor, sorted(actor.organizations(PARTNER_ROLES))),
        navigation=(NavGroup(items=(here,)), NavGroup(items=ways, heading="Programs")),
        as_of=today(),
        sign_out=reverse("account_logout"),
        account=(Link(label="Security", href=reverse("mfa_index")),),
    )
