"""Where a run may begin: with the tiers that were held on a day, so that the reviews before it need not be walked again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from swingby.engine.assessing import cells_on, key_of, labelled
from swingby.engine.clock import Clock, is_daily
from swingby.engine.graph import Dims, Graph
from swingby.engine.moments import follows_the_day
from swingby.engine.nodes import LadderNode
from swingby.engine.setting import Begun
from swingby.engine.standing import Standing
from swingby.program import Program
from swingby.program.model import Ladder


def begun(graph: Graph, clock: Clock, standing: Standing) -> Mapping[str, Mapping[str, Begun]] | None:
    """Where a partner stands on every ladder that is walked; None where a standing does not say all that a walk remembers.

    That is: decisions that take effect later, a time in which no tier can be gained again, calendars that start with the
    tier, reviews on the day itself, and rules that read the tier of another day. Decisions that protect are facts, which
    a walk that begins later finds as well.
    """
    program = clock.program
    walked = {
        number: node.ladder for number, node in graph.of(LadderNode) if not follows_the_day(node.ladder, program.header)
    }
    if any(_remembers_more(clock, ladder) for ladder in walked.values()) or _is_read(graph, walked):
        return None
    return {
        ladder.name: dict(_held(program, ladder, graph.dims[number], standing)) for number, ladder in walked.items()
    }


def _remembers_more(clock: Clock, ladder: Ladder) -> bool:
    reviews = (ladder.promote, *ladder.demote)
    return (
        any(review.hold for review in ladder.demote)
        or any(review.effective for review in reviews)
        or any(clock.follows_tier(review.schedule) or is_daily(review.schedule) for review in reviews)
    )


def _is_read(graph: Graph, walked: Mapping[int, Ladder]) -> bool:
    return any(item.node in walked for node in graph.nodes for item in node.inputs)


def _held(program: Program, ladder: Ladder, dims: Dims, standing: Standing) -> Iterator[tuple[str, Begun]]:
    order = [tier.id for tier in ladder.tiers]
    for cells in cells_on(program, ladder.by, standing.as_of):
        found = standing.tiers[labelled(ladder.name, cells)]
        ordinal = -1 if found.tier is None else order.index(found.tier)
        since = found.since or standing.as_of
        key = key_of(dict(zip(ladder.by, cells, strict=True)), dims)
        yield key, Begun(standing.as_of, ordinal, since, found.hold_until)
