"""Drawing points, scores, requirements and ladders."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from .drawing import NUMBERS, STATES, THINGS, Sketch, draw_decisions
from .drawing_numbers import (
    facts_number,
    kinds_allowed,
    measure_names,
    period_text,
    pick,
    use_kind,
    value,
    where,
    window,
)
from .literals import add_months, is_number, number
from .tree import Node

Seen = dict[str, list[Fraction]]


def scale(sketch: Sketch, kind: str | None) -> Any:
    """A scale, or the sum of some."""
    if sketch.may("scale_sum", 4):
        return [_scale(sketch, kind) for _ in range(sketch.one_of([2, 3]))]
    return _scale(sketch, kind)


def _scale(sketch: Sketch, kind: str | None) -> Any:
    """One scale; with a kind, perhaps of one of its columns."""
    shape = sketch.choose({name: name for name in ("full", "steps", "bands", "per")}, "rate")
    spec = _shape(sketch, shape)
    if "per" in spec and sketch.may("whole", 2):
        spec["whole"] = "true"
    if kind is None:
        return spec
    if NUMBERS[kind] and (set(spec) & {"steps", "bands", "per"} or sketch.may("rate_of", 2)):
        sketch.used.add("rate_of")
        return {**spec, "of": sketch.one_of(NUMBERS[kind])}
    if set(spec) & {"steps", "bands", "per"}:
        return {"rate": "5"}
    return "10" if spec == {"rate": "10"} else spec


def _shape(sketch: Sketch, shape: str) -> Node:
    if shape == "full":
        return {"full": "30", "at": value(sketch, sketch.one_of(["4", "3", "7"]))}
    if shape == "steps":
        return {"steps": {"0": "1", "2": "5", "10": "20"}}
    if shape == "bands":
        return {"bands": {"0": "30%", "3": "45%", "20": "1"}}
    if shape == "per":
        return {"rate": "1", "per": sketch.one_of(["3", "1%", "2.5"])}
    return {"rate": value(sketch, sketch.one_of(["10", "4", "7.5", "29%"]))}


def cap(sketch: Sketch, kind: str | None) -> Any:
    """Caps of an earning, or None."""
    caps: list[Node] = []
    if kind is not None and sketch.may("cap_per_fact", 5):
        caps.append({"at_most": "20", "per": "fact"} | ({"at_least": "2"} if sketch.may("cap_at_least", 2) else {}))
    if kind is not None and sketch.may("cap_per_column", 5):
        caps.append({"at_most": value(sketch, "15"), "per": sketch.one_of(THINGS[kind])})
    if kind is not None and sketch.may("cap_per_period", 2):
        per: Any = period_text(sketch, ["quarter", "month", "year"])
        if sketch.may("cap_per_list", 4):
            per = [sketch.one_of(THINGS[kind]), per]
        caps.append({"at_most": _left(sketch) or sketch.one_of(["10", "20", "33.33"]), "per": per})
    if sketch.may("cap_total", 3):
        caps.append({"at_most": _left(sketch) or value(sketch, sketch.one_of(["30", "12", "66.67"]))})
    if not caps:
        return None
    return caps if len(caps) > 1 else caps[0] if len(caps[0]) > 1 else caps[0]["at_most"]


def _left(sketch: Sketch) -> Node | None:
    """What a measure leaves of a limit, which may be less than nothing."""
    measures = sketch.program["measures"]
    own = [name for name in measure_names(sketch) if not {"rank", "peers"} & set(measures[name])]
    if not own or not sketch.may("cap_number", 3):
        return None
    return {"difference": [sketch.one_of(["10", "2"]), {"measure": sketch.one_of(own)}]}


def earning(sketch: Sketch) -> Node:
    """Points: recomputed from a measure, an entry per fact, or an entry per closed period."""
    forms = [
        name
        for name in ("based_on", "for_each_event", "for_each_state", "entries_per_period")
        if name in sketch.allowed
    ]
    form = sketch.one_of(forms or ["based_on"])
    sketch.used.add(form)
    spec: Node
    kind: str | None
    if form == "based_on":
        spec, kind = {"based_on": {"measure": sketch.one_of(measure_names(sketch))}}, None
    elif form == "entries_per_period":
        spec, kind = {"based_on": {"measure": sketch.one_of(measure_names(sketch))}, "each": period_text(sketch)}, None
    else:
        spec, kind = _for_each(sketch, form == "for_each_state")
    spec["earn"] = scale(sketch, kind)
    if (caps := cap(sketch, kind)) is not None:
        spec["cap"] = caps
    return {**spec, **_rest_of_earning(sketch, kind, is_held=kind in STATES and "when" not in spec)}


def _for_each(sketch: Sketch, state: bool) -> tuple[Node, str | None]:  # noqa: FBT001 - one of two shapes
    kinds = [kind for kind in kinds_allowed(sketch) if (kind in STATES) == state]
    kind = use_kind(sketch, kinds)
    spec: Node = {"for_each": kind}
    if tests := where(sketch, kind):
        spec["where"] = tests
    if state and sketch.may("entries_when", 2):
        spec["when"] = sketch.one_of(["started", "ended"])
    if (not state or "when" in spec) and sketch.may("entries_over", 4):
        spec["over"] = window(sketch)
    if (not state or "when" in spec) and sketch.may("entries_pick", 6):
        spec["pick"] = pick(sketch, kind)
    return spec, kind


def _rest_of_earning(sketch: Sketch, kind: str | None, *, is_held: bool) -> Node:
    spec: Node = {}
    if sketch.may("gate", 4):
        name = sketch.one_of(measure_names(sketch))
        line = _within(sketch.one_of(["1", "2"]), _limit(sketch, "measure", name), "at_least")
        spec["requires"] = {"measure": name, "at_least": line}
    if sketch.may("times", 5):
        spec["times"] = [value(sketch, "2")]
    if sketch.may("earning_round", 6):
        spec["round"] = {"to": sketch.one_of(["1", "0.01"])}
    if kind is None or is_held:
        return spec
    if sketch.may("expires", 2):
        spec["expires"] = sketch.one_of([{"after": "12 months"}, {"after": "90 days"}, {"end_of": "year"}])
    if sketch.may("awarded", 5):
        spec["awarded"] = sketch.one_of([{"each": "month"}, {"after": "30 days"}])
    if "cancelled" in sketch.used and sketch.may("cancel_rule", 2):
        spec["cancelled"] = sketch.one_of(["keep", {"within": "20 days"}])
    return spec


def draw_points(sketch: Sketch) -> None:
    """Up to three earnings and a score of them."""
    if not {"based_on", "for_each_event", "for_each_state", "entries_per_period"} & sketch.allowed:
        return
    names = [sketch.declare("points", earning(sketch)) for _ in range(sketch.draw(st.integers(1, 3)))]
    spec: Node = {"sum": names}
    if len(names) > 1 and sketch.may("score_greatest", 4):
        spec = {"greatest": names}
    if sketch.may("score_cap", 4):
        spec["cap"] = sketch.one_of(["60", "25"])
    sketch.used.add("score")
    sketch.declare("scores", spec)


def line_text(sketch: Sketch, seen: list[Fraction]) -> str:
    """A line at, just above or just below a value that was seen, so that results vary."""
    found = sketch.one_of(seen or [Fraction(1)])
    moved = found + sketch.one_of([Fraction(0), Fraction(0), Fraction(1), Fraction(-1), Fraction(1, 100)])
    return line_of(moved)


def leaf(sketch: Sketch, seen: Seen) -> Node:
    """A number against a line near what it really is, or a status."""
    status = _status(sketch)
    if status is not None:
        return status
    key, name = sketch.one_of(_named_numbers(sketch))
    spec: Node = {key: name}
    if sketch.may("requirement_ago", 6):
        spec["ago"] = sketch.one_of(["1 month", "3 months"])
    bound = sketch.choose({"at_most": "at_most", "above": "above", "below": "below"}, "at_least")
    if sketch.draw(st.integers(0, 2)) < 2:
        bound = "at_least"
    whole = sketch.program["measures"].get(name, {})
    if "each" in whole and isinstance(whole.get("count"), dict) and sketch.may("at_least_all", 2):
        return {**spec, "at_least": "all"}
    reached = (
        [min(found, limit) for found in seen.get(name, [])] if (limit := _limit(sketch, key, name)) else seen.get(name)
    )
    return {**spec, bound: _within(_line(sketch, reached or []), limit, bound)}


def _limit(sketch: Sketch, key: str, name: str) -> Fraction | None:
    """What a number can never pass, by its caps; a line above it would be refused."""
    section = {"measure": "measures", "score": "scores", "points": "points"}[key]
    spec = sketch.program[section][name]
    if isinstance(spec.get("count"), list):
        return Fraction(len(spec["count"]))
    caps = spec.get("cap", [])
    written = [cap.get("at_most") if isinstance(cap, dict) and "per" not in cap else cap for cap in _listed(caps)]
    limits = [number(str(cap)) for cap in written if is_number(cap)]
    parts = (
        [_limit(sketch, "points", part) for part in spec.get("sum", spec.get("greatest", []))] if key == "score" else []
    )
    known = [part for part in parts if part is not None]
    if known and len(known) == len(parts):
        limits.append(sum(known, Fraction(0)) if "sum" in spec else max(known))
    return min(limits, default=None)


def _listed(caps: Any) -> list[Any]:
    return caps if isinstance(caps, list) else [caps]


def _within(line: Any, limit: Fraction | None, bound: str) -> Any:
    """A line with every number in it lowered to what can be reached."""
    if isinstance(line, dict):
        return {key: part if key in ("by", "product") else _within(part, limit, bound) for key, part in line.items()}
    if limit is None or not is_number(line):
        return line
    reachable = limit if bound in ("at_least", "at_most") else limit - 1
    return line if number(line) <= reachable else line_of(reachable)


def line_of(value_: Fraction) -> str:
    """A number with at most four decimals, as text."""
    digits = round(value_, 4)
    text = f"{digits.numerator / digits.denominator:.4f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def _line(sketch: Sketch, seen: list[Fraction]) -> Any:
    text = line_text(sketch, seen)
    if sketch.may("by_line", 5):
        return {"by": "organization.region", "emea": line_text(sketch, seen), "otherwise": text}
    if sketch.may("dated_line", 5):
        return {"initially": text, add_months(sketch.as_of, -2).isoformat(): line_text(sketch, seen)}
    if sketch.may("number_line", 6):
        return {"product": [text, value(sketch, "1")]}
    return text


def _named_numbers(sketch: Sketch) -> list[tuple[str, str]]:
    scores = [("score", name) for name in sketch.program.get("scores", {})]
    points = [("points", name) for name in sketch.program.get("points", {})]
    return [*scores, *scores, *points, *(("measure", name) for name in measure_names(sketch))]


def _status(sketch: Sketch) -> Node | None:
    if sketch.may("decision", 6):
        draw_decisions(sketch, "audit", ["approved", "passed", "refused"])
        spec: Node = {"decision": "audit"}
        if sketch.draw(st.booleans()):
            spec["is"] = ["passed", "approved"]
        if sketch.may("decision_over", 3):
            spec["over"] = {"last": "12 months"}
        return spec
    if sketch.may("column_requirement", 8):
        return {"column": "enrolment.joined_on", "within": {"last": "13 months"}}
    if sketch.may("track", 8):
        draw_decisions(sketch, "model", ["resell", "build"])
        sketch.program.setdefault("tracks", {})["model"] = {"chosen": "model", "otherwise": "resell"}
        return {"track": "model", "is": sketch.one_of(["resell", "build"])}
    return None


def requirement(sketch: Sketch, seen: Seen, depth: int = 0) -> Node:
    """A leaf, or a group of two or three."""
    if depth == 2 or sketch.draw(st.integers(0, 2)) == 0:
        return leaf(sketch, seen)
    parts = [requirement(sketch, seen, depth + 1) for _ in range(sketch.draw(st.integers(2, 3)))]
    if sketch.may("any_group", 3):
        return {"any": parts}
    if sketch.may("count_group", 3):
        return {"count": parts, "at_least": sketch.one_of(["2", "1", "all"])}
    if sketch.may("none_group", 5):
        return {"none": parts}
    if sketch.may("named_requirement", 3):
        parts[0] = {"requirement": sketch.declare("requirements", parts[0])}
    sketch.used.add("all_group")
    return {"all": parts}


def sustained(sketch: Sketch, seen: Seen) -> Node:
    """A requirement that held every day of a short window."""
    name = sketch.declare("requirements", leaf(sketch, seen))
    over = {"last": sketch.one_of(["10 days", "30 days"])}
    return {"count": {"requirement": name}, "each": "day", "over": over, "at_least": sketch.one_of(["all", "1"])}


def draw_ladder(sketch: Sketch, seen: Seen) -> None:
    """Two to four tiers, their lines near what was seen, and a clock."""
    tiers: list[Node] = []
    for name in ["member", "silver", "gold", "platinum"][: sketch.draw(st.integers(2, 4))]:
        tier: Node = {"id": name}
        if tiers or sketch.draw(st.integers(0, 3)) == 3:
            every_day = sketch.may("sustained_each_day", 6)
            tier["requires"] = sustained(sketch, seen) if every_day else requirement(sketch, seen)
            if sketch.may("keeps", 4):
                tier["keeps"] = leaf(sketch, seen)
        tiers.append(tier)
    ladder = {"tiers": tiers, **clock(sketch)}
    if sketch.may("protect", 6):
        draw_decisions(sketch, "exception", [tier["id"] for tier in tiers])
        ladder["protect"] = "exception"
    sketch.program.setdefault("ladders", {})["level"] = ladder


def clock(sketch: Sketch) -> Node:
    """When tiers are taken and lost; by default they follow the day."""
    clocks = [
        name
        for name in ("daily", "walk_monthly", "walk_dates_grace", "walk_daily_up")
        if name in (*sketch.allowed, "daily")
    ]
    form = sketch.one_of(clocks)
    sketch.used.add(form)
    if form == "daily":
        return {}
    spec: Node = {
        "promote": {"each": "day"} if form == "walk_daily_up" else {"each": period_text(sketch, ["month", "quarter"])}
    }
    if form == "walk_dates_grace":
        grace = sketch.one_of(["90 days", "30 days", "1 month"])
        spec["demote"] = {
            "dates": sketch.one_of([["02-01", "08-01"], ["01-15"], ["03-01", "06-01", "09-01", "12-01"]]),
            "grace": grace,
        }
    else:
        spec["demote"] = {"each": period_text(sketch, ["quarter", "half", "year", "month"])}
    if sketch.may("start", 2):
        spec["start"] = "member"
    _clock_extras(sketch, spec)
    return spec


def _clock_extras(sketch: Sketch, spec: Node) -> None:
    if sketch.may("promote_effective", 4):
        spec["promote"]["effective"] = {"after": sketch.one_of(["1 month", "15 days"])}
    if sketch.may("demote_effective", 4):
        spec["demote"]["effective"] = {"after": "1 month"}
    if sketch.may("hold", 4):
        spec["promote"]["hold"] = sketch.one_of([{"after": "6 months"}, {"end_of": "year"}])
    if sketch.may("one_step", 4):
        spec[sketch.one_of(["promote", "demote"])]["one_step"] = "true"
    if sketch.may("review_cut_off", 4):
        spec[sketch.one_of(["promote", "demote"])]["cut_off"] = sketch.one_of(["10 days", "1 month"])
    if sketch.may("demote_once", 6):
        spec["demote"] = [spec["demote"], {"once": {"after": "60 days"}}]


__all__ = ["draw_ladder", "draw_points", "facts_number"]
