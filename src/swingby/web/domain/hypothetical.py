"""Standings that would change: everybody is assessed in memory as known before and as known after."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from swingby.engine import TierStanding, assess, compile_program
from swingby.facts import FactSet
from swingby.program import Program
from swingby.program.model import Ladder
from swingby.web.clock import today
from swingby.web.domain.live import has_clock

#: What stands for the tier of who is no longer in the program.
LEFT = "Left the program"
Tiers = Mapping[tuple[str, str], TierStanding]


def tiers_known(program: Program, known: FactSet, *, position: int) -> Tiers:
    """What everybody stands at today by enrolment and ladder, as known at a position and as the lists are now."""
    if not program.ladders:
        return {}
    run = assess(compile_program(program), known, as_of=today(), known_at=position)
    try:
        return {(standing.enrolment, name): tier for standing in run for name, tier in standing.tiers.items()}
    finally:
        run.close()


def moves_between(program: Program, before: Tiers, after: Tiers) -> list[dict[str, Any]]:
    """Who would stand elsewhere on a ladder, ready to be stored; the upward moves first.

    A ladder that is looked at on review days does not move at once: what differs there is what is earned, which the
    next review settles. Who is not there afterwards has left.
    """
    moves = [
        _move(program.ladders[ladder], key, was=before.get((key, ladder)), now=found)
        for (key, ladder), found in after.items()
        if ladder in program.ladders
    ]
    moves += [
        _leaving(program.ladders[ladder], key, was=found)
        for (key, ladder), found in before.items()
        if ladder in program.ladders and (key, ladder) not in after
    ]
    return sorted((move for move in moves if move), key=lambda move: (move["direction"] != "up", move["enrolment"]))


def _leaving(ladder: Ladder, enrolment: str, *, was: TierStanding) -> dict[str, Any]:
    """Out of the program, whatever its reviews decided: at once, and with every tier."""
    ranks = {tier.id: rank for rank, tier in enumerate(ladder.tiers)}
    labels = {tier.id: tier.label or tier.id.capitalize() for tier in ladder.tiers}
    return {
        "enrolment": enrolment,
        "ladder": _called(ladder),
        "direction": "down",
        "was": labels.get(was.tier or "", "No tier"),
        "was_rank": max(ranks.get(was.tier or "", 0), 0),
        "now": LEFT,
        "now_rank": 0,
        "at_review": False,
        "keeps": "",
    }


def _called(ladder: Ladder) -> str:
    return ladder.text.label or ladder.name.replace("_", " ").capitalize()


def _move(ladder: Ladder, enrolment: str, *, was: TierStanding | None, now: TierStanding) -> dict[str, Any]:
    waits = has_clock(ladder)
    old = (was.earned if waits else was.tier) if was else None
    new = now.earned if waits else now.tier
    if old == new:
        return {}
    ranks = {tier.id: rank for rank, tier in enumerate(ladder.tiers)}
    labels = {tier.id: tier.label or tier.id.capitalize() for tier in ladder.tiers}
    up = ranks.get(new or "", -1) > ranks.get(old or "", -1)
    return {
        "enrolment": enrolment,
        "ladder": _called(ladder),
        "direction": "up" if up else "down",
        "was": labels.get(old or "", "No tier"),
        "was_rank": max(ranks.get(old or "", 0), 0),
        "now": labels.get(new or "", "No tier"),
        "now_rank": max(ranks.get(new or "", 0), 0),
        "at_review": waits,
        "keeps": labels.get(now.tier or "", "") if waits else "",
    }
