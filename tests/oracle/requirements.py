"""Requirements: a number or a status against a line, and groups of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil, floor
from typing import Any

from . import ladders, numbers, tracks, values
from .conditions import BOUNDS, column_test
from .frame import UNDEFINED, Frame, Num, incomplete, known
from .literals import number as literal
from .tree import Leaf, Node

GROUPS = ("all", "any", "none")
FOR_PEOPLE = ("label", "unit", "source", "note")


@dataclass(frozen=True)
class Judgement:
    """What a requirement came to: result, value, threshold, gap, and the parts of a group."""

    result: str
    value: object = None
    threshold: object = None
    gap: Fraction | None = None
    parts: list[Judgement] = field(default_factory=list)

    @property
    def leaf(self) -> Leaf:
        return self.value, self.threshold, self.gap, self.result


def judge(frame: Frame, spec: Node) -> Judgement:
    """Judge any requirement as of the frame's day, or the day that ``ago`` or ``at`` asks for."""
    frame = numbers.moved(frame, spec)
    spec = {key: part for key, part in spec.items() if key not in ("ago", "at")}
    group = next((name for name in GROUPS if name in spec), None)
    if group is not None:
        return _group(frame, group, spec[group])
    if isinstance(spec.get("count"), list):
        return _count(frame, spec)
    if len(rows := expanded([spec])) > 1:
        return _group(frame, "all", rows)
    return _leaf(frame, rows[0])


def named(frame: Frame, name: str) -> Judgement:
    """The requirement with this name."""
    spec = frame.world.section("requirements")[name]
    frame = frame.holding("", None)
    return frame.remember(("requirement", name), lambda: judge(frame, spec))  # type: ignore[no-any-return]


def expanded(items: Any) -> list[Node]:
    """One row per name where a leaf lists several; one requirement where a list is allowed."""
    rows: list[Node] = []
    for item in items if isinstance(items, list) else [items]:
        key = next((key for key in numbers.NAMESPACES if isinstance(item.get(key), list)), None)
        rows += [item] if key is None else [{**item, key: name} for name in item[key]]
    return rows


def _group(frame: Frame, group: str, items: Any) -> Judgement:
    parts = [judge(frame, item) for item in expanded(items)]
    results = [part.result for part in parts]
    return Judgement({"all": _all, "any": _any, "none": _none}[group](results), parts=parts)


def _all(results: list[str]) -> str:
    return "unmet" if "unmet" in results else "unknown" if "unknown" in results else "met"


def _any(results: list[str]) -> str:
    return "met" if "met" in results else "unknown" if "unknown" in results else "unmet"


def _none(results: list[str]) -> str:
    return {"met": "unmet", "unmet": "met", "unknown": "unknown"}[_any(results)]


def _count(frame: Frame, spec: Node) -> Judgement:
    """So many of the parts: sure when the unknown ones cannot change the answer."""
    parts = [judge(frame, item) for item in expanded(spec["count"])]
    met = sum(1 for part in parts if part.result == "met")
    unknown = sum(1 for part in parts if part.result == "unknown")
    bound, line = _bound_of(spec)
    threshold = _threshold(frame, line, known(met, len(parts)))
    if threshold is None or threshold.value is None:
        return Judgement("unmet", Fraction(met), None, None, parts)
    answers = {_holds(bound, Fraction(count), threshold.value) for count in range(met, met + unknown + 1)}
    result = "unknown" if len(answers) > 1 else "met" if True in answers else "unmet"
    return Judgement(result, Fraction(met), threshold.value, None, parts)


def _leaf(frame: Frame, spec: Node) -> Judgement:
    if "requirement" in spec:
        return named(frame, spec["requirement"])
    for key, judge_status in STATUSES.items():
        if key in spec:
            return judge_status(frame, spec)
    return _number(frame, spec)


def _bound_of(spec: Node) -> tuple[str, Any]:
    return next((name, spec[name]) for name in (*BOUNDS, "is", "top") if name in spec)


def _number(frame: Frame, spec: Node) -> Judgement:
    """A number against its line."""
    bound, line = _bound_of(spec)
    rest = {key: part for key, part in spec.items() if key not in (bound, "cut")}
    found = numbers.number(frame, rest)
    if bound == "top":
        return _compared("at_most", found, _top(found, line, spec.get("cut", "down")))
    return _compared(bound, found, _threshold(frame, line, found))


def _threshold(frame: Frame, line: Any, found: Num) -> Num | None:
    """The line; ``all`` is the number of things counted, which is not known while others may turn up."""
    if line == "all" and found.counted is None:
        return incomplete() if found.state == "incomplete" else UNDEFINED
    if line == "all":
        return known(found.counted or 0)
    return values.amount(frame, line)


def _top(found: Num, line: str, cut: str) -> Num:
    """The last place still inside the cut: a count, or a share of the ranked peers."""
    if not line.endswith("%"):
        return known(literal(line))
    share = literal(line) * (found.counted or 0)
    return known(ceil(share) if cut == "up" else floor(share))


def _compared(bound: str, found: Num, threshold: Num | None) -> Judgement:
    """Exact comparison; undefined is unmet, incomplete unknown unless it already reaches the line."""
    if threshold is None or threshold.state == "undefined":
        return Judgement("unmet", shown(found), None)
    line = threshold.value
    if line is None:
        return Judgement("unknown", shown(found), "incomplete")
    if found.state == "undefined":
        return Judgement("unmet", "undefined", line)
    if found.value is None:
        sure = bound in ("at_least", "above") and found.floor is not None and _holds(bound, found.floor, line)
        return Judgement("met" if sure else "unknown", "incomplete", line)
    result = "met" if _holds(bound, found.value, line) else "unmet"
    return Judgement(result, found.value, line, _gap(bound, found.value, line))


def _holds(bound: str, value: Fraction, line: Fraction) -> bool:
    return value == line if bound == "is" else BOUNDS[bound](value, line)


def _gap(bound: str, value: Fraction, line: Fraction) -> Fraction | None:
    """The distance still missing, 0 when met."""
    if bound in ("at_least", "above"):
        return max(line - value, Fraction(0))
    return max(value - line, Fraction(0)) if bound in ("at_most", "below") else None


def shown(found: Num) -> Fraction | str:
    """A number as a result shows it."""
    return found.value if found.value is not None else found.state


def _ladder(frame: Frame, spec: Node) -> Judgement:
    """The tier held against another; no tier is below the lowest."""
    name = spec["ladder"]
    order = [tier["id"] for tier in frame.world.section("ladders")[name]["tiers"]]
    held = ladders.tier_held(frame, name)
    bound, line = _bound_of(spec)
    place = -1 if held is None else order.index(held)
    if bound == "is":
        met = held in (line if isinstance(line, list) else [line])
    else:
        met = BOUNDS[bound](place, order.index(line))
    return Judgement("met" if met else "unmet", held, line)


def _decision(frame: Frame, spec: Node) -> Judgement:
    """The latest decision on a topic has one of the wanted outcomes; by default ``approved``."""
    found = tracks.decision(frame, spec["decision"], spec.get("over"))
    wanted = spec.get("is", "approved")
    outcome = found["outcome"] if found else None
    if outcome in (wanted if isinstance(wanted, list) else [wanted]):
        return Judgement("met", outcome, wanted)
    from .of_facts import complete

    return Judgement("unmet" if complete(frame, "decisions", spec) else "unknown", outcome, wanted)


def _track(frame: Frame, spec: Node) -> Judgement:
    word, wanted = tracks.track(frame, spec["track"]), spec["is"]
    met = word in (wanted if isinstance(wanted, list) else [wanted])
    return Judgement("met" if met else "unmet", word, wanted)


def _column(frame: Frame, spec: Node) -> Judgement:
    """A column of the enrolment or its organization."""
    tests = {key: part for key, part in spec.items() if key not in ("column", *FOR_PEOPLE)}
    return Judgement("met" if column_test(frame, spec["column"], tests) else "unmet")


STATUSES: dict[str, Callable[[Frame, Node], Judgement]] = {
    "ladder": _ladder,
    "decision": _decision,
    "track": _track,
    "column": _column,
}
