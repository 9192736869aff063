"""What changes for a partner: versions that are shown or announced, its letter, and its receipt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib import messages
from django.db import models
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from swingby.web.access import partner_enrolment, require, signed_in
from swingby.web.clock import today
from swingby.web.domain.errors import RefusedError
from swingby.web.domain.programs import checked, loaded, version_in_force
from swingby.web.domain.proposals import confirm_letter
from swingby.web.domain.queries.differences import Sections, told_to_partners
from swingby.web.middleware import ActingRequest
from swingby.web.models import Enrolment, ProposedVersion, VersionEffect, VersionLetter, VersionState
from swingby.web.models.proposals import shown_to_partners
from swingby.web.permissions import can_confirm_letter
from swingby.web.portal.pages import partner_shell

MOST_SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRow:
    """One version that is shown or announced, on the list."""

    version: str
    url: str
    effective: date | None
    state: str
    waits_for_receipt: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectRow:
    """What changes for this partner on one ladder."""

    before: str
    after: str
    direction: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePage:
    """One version as a partner sees it."""

    version: str
    effective: date | None
    is_preview: bool
    is_in_force: bool
    is_withdrawn: bool
    withdrawn_because: str
    protected_until: date | None
    are_effects_known: bool
    effects: tuple[EffectRow, ...]
    difference: Sections
    letter: str
    sent_at: datetime | None
    confirmed_by: str
    confirmed_at: datetime | None
    may_confirm: bool
    confirm_url: str


@require_safe
@signed_in
def changes(request: ActingRequest, enrolment: str) -> HttpResponse:
    """All versions that are shown or announced."""
    row = partner_enrolment(enrolment)
    shell = partner_shell(row, actor=request.actor, current="changes")
    return render(request, "portal/changes.html", {"rows": change_rows(row), "shell": shell})


@require_safe
@signed_in
def change(request: ActingRequest, enrolment: str, proposed: str) -> HttpResponse:
    """What one version changes, the letter about it, and the receipt."""
    row = partner_enrolment(enrolment)
    shown = get_object_or_404(_shown(row), pk=proposed)
    may = can_confirm_letter(request.actor, lineage=row.partner.lineage)
    shell = partner_shell(row, actor=request.actor, current="changes")
    return render(
        request, "portal/change.html", {"page": change_page(row, shown, may=may), "shell": shell, "enrolment": row}
    )


@require_POST
@signed_in
def confirm(request: ActingRequest, enrolment: str, proposed: str) -> HttpResponse:
    """Say that the letter was read."""
    row = partner_enrolment(enrolment)
    letter = _letter(row, get_object_or_404(_shown(row), pk=proposed))
    may = can_confirm_letter(request.actor, lineage=row.partner.lineage)
    require(allowed=may, otherwise="Your role cannot confirm letters. Ask your partner admin.")
    if letter is None:
        raise Http404
    confirm_letter(letter, actor=request.actor)
    messages.success(request, "Thank you. Your confirmation is kept.")
    return redirect("portal:change", enrolment=row.pk, proposed=proposed)


def _shown(enrolment: Enrolment) -> models.QuerySet[ProposedVersion]:
    return ProposedVersion.objects.filter(shown_to_partners(), program_id=enrolment.program_id)


def change_rows(enrolment: Enrolment) -> tuple[ChangeRow, ...]:
    """The versions a partner may look at, the last first day first."""
    waiting = VersionLetter.objects.filter(proposed=models.OuterRef("pk"), enrolment=enrolment, receipt=None)
    rows = (
        _shown(enrolment)
        .defer("files", "scenarios", "letter")
        .annotate(waits=models.Exists(waiting))
        .order_by("-effective", "pk")[:MOST_SHOWN]
    )
    return tuple(
        ChangeRow(
            version=row.version,
            url=reverse("portal:change", args=[enrolment.pk, row.pk]),
            effective=row.effective,
            state=VersionState(row.state).label if row.state != VersionState.PREVIEW else "Not decided yet",
            waits_for_receipt=row.waits and row.state != VersionState.WITHDRAWN,
        )
        for row in rows
    )


def change_page(enrolment: Enrolment, proposed: ProposedVersion, *, may: bool) -> ChangePage:
    """Everything about one version for one partner."""
    read = checked(proposed.files).program
    letter = _letter(enrolment, proposed)
    receipt = getattr(letter, "receipt", None)
    is_withdrawn = proposed.state == VersionState.WITHDRAWN
    return ChangePage(
        version=proposed.version,
        effective=proposed.effective,
        is_preview=proposed.state == VersionState.PREVIEW,
        is_in_force=proposed.state == VersionState.EFFECTIVE,
        is_withdrawn=is_withdrawn,
        withdrawn_because=proposed.withdrawn_because,
        protected_until=read.header.protected_through if read else None,
        are_effects_known=proposed.effects_at is not None,
        effects=() if is_withdrawn else _effects(enrolment, proposed),
        difference=_difference(proposed),
        letter=letter.text if letter else "",
        sent_at=letter.sent_at if letter else None,
        confirmed_by=receipt.person.name if receipt else "",
        confirmed_at=receipt.at if receipt else None,
        may_confirm=may and letter is not None and receipt is None and not is_withdrawn,
        confirm_url=reverse("portal:confirm_letter", args=[enrolment.pk, proposed.pk]),
    )


def _letter(enrolment: Enrolment, proposed: ProposedVersion) -> VersionLetter | None:
    if proposed.state == VersionState.PREVIEW:
        return None
    rows = VersionLetter.objects.select_related("partner", "receipt__person")
    return rows.filter(enrolment=enrolment, proposed=proposed).first()


def _effects(enrolment: Enrolment, proposed: ProposedVersion) -> tuple[EffectRow, ...]:
    rows: Sequence[VersionEffect] = list(VersionEffect.objects.filter(enrolment=enrolment, proposed=proposed))
    return tuple(EffectRow(before=row.before, after=row.after, direction=row.direction, why=row.why) for row in rows)


def _difference(proposed: ProposedVersion) -> Sections:
    """What it says otherwise than the rules in force; once it is in force itself, nothing."""
    if proposed.state == VersionState.EFFECTIVE:
        return ()
    try:
        old = loaded(version_in_force(proposed.program_id, on=today()))
    except RefusedError:
        return ()
    return told_to_partners(old, checked(proposed.files).program)
