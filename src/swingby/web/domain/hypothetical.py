"""Standings that would change: everybody is assessed in memory as known before and as known after."""

from __future__ import annotations

from typing import Any

from swingby.engine import Assessment, TierStanding, assess, compile_program
from swingby.facts import FactSet
from swingby.program import Program
from swingby.program.model import Ladder
from swingby.web.clock import today
from swingby.web.domain.live import has_clock


def moves_between(program: Program, known: FactSet, *, before: int, after: int) -> list[dict[str, Any]]:
    """Who would stand elsewhere on a ladder, ready to be stored; the upward moves first.

    A ladder that is looked at on review days does not move at once: what differs there is what is earned, which the
    next review settles.
    """
    if not program.ladders:
        return []
    compiled = compile_program(program)
    day = today()
    with_before = _tiers(assess(compiled, known, as_of=day, known_at=before))
    with_after = _tiers(assess(compiled, known, as_of=day, known_at=after))
    moves = [
        _move(program.ladders[ladder], key, was=with_before.get((key, ladder)), now=found)
        for (key, ladder), found in with_after.items()
        if ladder in program.ladders
    ]
    return sorted((move for move in moves if move), key=lambda move: (move["direction"] != "up", move["enrolment"]))


def _tiers(run: Assessment) -> dict[tuple[str, str], TierStanding]:
    try:
        return {(standing.enrolment, name): tier for standing in run for name, tier in standing.tiers.items()}
    finally:
        run.close()


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
        "ladder": ladder.text.label or ladder.name.replace("_", " ").capitalize(),
        "direction": "up" if up else "down",
        "was": labels.get(old or "", "No tier"),
        "was_rank": max(ranks.get(old or "", 0), 0),
        "now": labels.get(new or "", "No tier"),
        "now_rank": max(ranks.get(new or "", 0), 0),
        "at_review": waits,
        "keeps": labels.get(now.tier or "", "") if waits else "",
    }
