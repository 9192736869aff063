"""The program guide for a partner: as a page with its own standing marked, and as PDF."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from swingby.documents import Marked
from swingby.program import GuideLadder, GuideTier
from swingby.web.access import partner_enrolment, signed_in
from swingby.web.clock import today
from swingby.web.domain.errors import RefusedError
from swingby.web.domain.guides import Coming, GuideInForce, guide_in_force, paper_of
from swingby.web.domain.programs import loaded
from swingby.web.domain.standings import latest_standing
from swingby.web.middleware import ActingRequest
from swingby.web.models import Enrolment, Standing
from swingby.web.portal.guide_parts import ComingVersion, GuidePage, LadderCards, Stand, TierCard
from swingby.web.portal.pages import partner_shell
from swingby.web.sending import kept_paper, paper_file


@require_safe
@signed_in
def guide(request: ActingRequest, enrolment: str) -> HttpResponse:
    """The rules in force, with the partner's own place among the tiers."""
    row = partner_enrolment(enrolment)
    page = guide_page(row, _guide_of(row), latest_standing(row))
    shell = partner_shell(row, actor=request.actor, current="guide")
    return render(request, "portal/guide.html", {"page": page, "shell": shell})


@require_safe
@signed_in
def guide_file(request: ActingRequest, enrolment: str) -> HttpResponse:
    """The guide as PDF; with ``?mine`` the copy that shows where the partner stands, which nothing keeps."""
    row = partner_enrolment(enrolment)
    found = _guide_of(row)
    if "mine" in request.GET:
        return paper_file(paper_of(found, marked=_marked(row, found)), found)
    return kept_paper(request, found)


def _guide_of(enrolment: Enrolment) -> GuideInForce:
    try:
        return guide_in_force(enrolment.program, on=today())
    except RefusedError as error:
        raise Http404 from error


def guide_page(enrolment: Enrolment, found: GuideInForce, standing: Standing | None) -> GuidePage:
    """The guide with the standing marked on it."""
    said, key = found.guide, [enrolment.pk]
    result: Mapping[str, Any] = standing.result if standing else {}
    paper = reverse("portal:guide_file", args=key)
    return GuidePage(
        program=said.name,
        version=said.version,
        effective=said.effective,
        announced=loaded(found.version).header.announced,
        opening=said.opening,
        ladders=tuple(_ladder(ladder, result) for ladder in said.ladders),
        gives=said.gives,
        parts=said.parts,
        defaults=said.defaults,
        before=said.before,
        changes=said.changes,
        standing=" ".join(_standing_words(enrolment, standing)),
        standing_url=reverse("portal:home", args=key),
        coming=_coming(enrolment, found.coming) if found.coming else None,
        paper_url=paper,
        own_paper_url=f"{paper}?mine=1" if standing else "",
    )


def _standing_words(enrolment: Enrolment, standing: Standing | None) -> tuple[str, ...]:
    """Where a partner stands, in sentences."""
    if standing is None:
        return ()
    result = standing.result
    tier, score, following = result.get("tier"), result.get("score") or {}, result.get("next")
    held = tier["label"] if tier else "no tier"
    points = f" with {score['value']} points" if score.get("value") is not None else ""
    words = [f"{enrolment.partner.name} holds {held}{points} on {standing.as_of:%-d %B %Y}."]
    if following:
        gates = result.get("gates", ())
        met = sum(gate["state"] == "met" for gate in gates)
        words.append(f"Of what {following['label']} asks for, {met} of {len(gates)} are met.")
    return tuple(words)


def _marked(enrolment: Enrolment, found: GuideInForce) -> Marked:
    standing = latest_standing(enrolment)
    held = (standing.result.get("held") or {}) if standing else {}
    tiers = {ladder.id: str(held[ladder.id]) for ladder in found.guide.ladders if held.get(ladder.id)}
    return Marked(lines=_standing_words(enrolment, standing), tiers=tiers)


def _ladder(ladder: GuideLadder, result: Mapping[str, Any]) -> LadderCards:
    held = result.get("held") or {}
    place = next((number for number, tier in enumerate(ladder.tiers) if tier.id == held.get(ladder.id)), -1)
    return LadderCards(
        key=ladder.id,
        name=ladder.name,
        opening=ladder.opening,
        tiers=tuple(
            _tier(tier, number, stand=_stand(number, place) if ladder.id in held else "", result=result)
            for number, tier in enumerate(ladder.tiers)
        ),
        moving=ladder.moving,
        without=ladder.without,
    )


def _stand(number: int, place: int) -> Stand:
    if number <= place:
        return "here" if number == place else "passed"
    return "next" if number == place + 1 else ""


def _tier(tier: GuideTier, rank: int, *, stand: Stand, result: Mapping[str, Any]) -> TierCard:
    is_next = stand == "next" and (result.get("next") or {}).get("id") == tier.id
    missing = [gate for gate in result.get("gates", ()) if gate["state"] != "met"] if is_next else []
    gaps = tuple(f"{gate['label']}: {gate['words']}" if gate["words"] else str(gate["label"]) for gate in missing)
    return TierCard(key=tier.id, name=tier.name, rank=rank, asks=tier.asks, gives=tier.gives, stand=stand, gaps=gaps)


def _coming(enrolment: Enrolment, coming: Coming) -> ComingVersion:
    url = reverse("portal:change", args=[enrolment.pk, coming.proposed]) if coming.proposed else ""
    return ComingVersion(
        version=coming.version.version, effective=coming.version.effective, changes=coming.changes, url=url
    )
