"""Whether a stored standing says what a recomputation says, and where it does not."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from itertools import zip_longest
from typing import Any

import swingby
from swingby.web.domain.standings import ComputedRequirement, ComputedStanding
from swingby.web.models import Standing, StandingRequirement

#: A disagreement names so many differences; the first ones say what it is about.
MOST_DIFFERENCES = 20
#: What an assessment at once carries on from the one before; the engine's own history is asked for on its page.
_CARRIED = frozenset({"history", "history_total"})
#: What every version of the application stores alike; the words around it may change with a release.
_FIGURES = ("held", "score", "worth", "reviews")
_STORED_PLACES = Decimal(1).scaleb(-12)


def differences(stored: Standing, found: ComputedStanding | None) -> list[dict[str, Any]]:
    """What is stored beside what was recomputed, for everything in which they differ; nothing if they agree."""
    if found is None:
        return [_difference("enrolled", stored="yes", computed="no")]
    listed = [*_of_tier(stored, found), *_of_rows(stored, found), *_of_results(stored, found)]
    return listed[:MOST_DIFFERENCES]


def _difference(what: str, *, stored: object, computed: object) -> dict[str, Any]:
    return {"what": what, "stored": stored, "computed": computed}


def _of_tier(stored: Standing, found: ComputedStanding) -> Iterator[dict[str, Any]]:
    if stored.tier != found.tier:
        yield _difference("tier", stored=stored.tier, computed=found.tier)


def _of_results(stored: Standing, found: ComputedStanding) -> Iterator[dict[str, Any]]:
    before, now = stored.result, json.loads(json.dumps(dict(found.result)))
    names = _FIGURES if stored.engine_version != swingby.__version__ else sorted(before.keys() | now.keys())
    for name in names:
        if name not in _CARRIED:
            yield from _of_values(name, before.get(name), now.get(name))


def _of_values(name: str, before: Any, now: Any) -> Iterator[dict[str, Any]]:
    """Down to the value that differs."""
    if isinstance(before, Mapping) and isinstance(now, Mapping):
        for key in sorted(before.keys() | now.keys()):
            yield from _of_values(f"{name}.{key}", before.get(key), now.get(key))
    elif before != now:
        yield _difference(name, stored=before, computed=now)


def _of_rows(stored: Standing, found: ComputedStanding) -> Iterator[dict[str, Any]]:
    before, now = _by_place(stored.requirements.all()), _by_place(found.requirements)
    for place in sorted(before.keys() | now.keys()):
        for one, other in zip_longest(before.get(place, []), now.get(place, [])):
            if not _is_same(one, other):
                yield _difference(" / ".join(filter(None, place)), stored=one, computed=other)


_Place = tuple[str, str, str]


def _by_place(rows: Iterable[StandingRequirement | ComputedRequirement]) -> dict[_Place, list[dict[str, str | None]]]:
    found: dict[_Place, list[dict[str, str | None]]] = {}
    for row in rows:
        numbers = {"value": row.value, "threshold": row.threshold, "gap": row.gap}
        said = {
            "state": row.state,
            **{name: None if number is None else f"{number:f}" for name, number in numbers.items()},
        }
        found.setdefault((row.ladder, row.tier, row.requirement), []).append(said)
    return found


def _is_same(one: Mapping[str, str | None] | None, other: Mapping[str, str | None] | None) -> bool:
    if one is None or other is None:
        return one is other
    return all(_is_same_value(one[name], other[name], is_number=name != "state") for name in one)


def _is_same_value(one: str | None, other: str | None, *, is_number: bool) -> bool:
    """Numbers are stored with twelve places."""
    if one is None or other is None or not is_number:
        return one == other
    return abs(Decimal(one) - Decimal(other)) <= _STORED_PLACES
