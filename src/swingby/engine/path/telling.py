"""Putting a search into words: steps in order, what they unlock, and what is not in the partner's hands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Literal

from swingby.engine.nodes import (
    AnyoneNode,
    DecisionNode,
    EachThingNode,
    EntriesNode,
    FactsNode,
    HeldNode,
    LeafNode,
    RankNode,
    TimeNode,
)
from swingby.engine.path.acts import Act, Unplannable, base_of
from swingby.engine.path.answer import Block, Condition, Gain, PathStep, Risk
from swingby.engine.path.design import below
from swingby.engine.path.model import Model
from swingby.engine.path.plain import passes
from swingby.engine.path.suggesting import Suggestion
from swingby.engine.path.trials import Done, Offer, Trials
from swingby.engine.standing import Standing
from swingby.engine.trees import Branch
from swingby.program import Program
from swingby.program.kinds import OWNER_COLUMN
from swingby.program.numbers import NumberReference
from swingby.program.walk import walk
from swingby.values import add_days

Control = Literal["controllable", "influenced", "outcome", "not said"]
_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Rules:
    """A tier and what it requires."""

    tier: str
    tree: Branch | None


# --- steps ----------------------------------------------------------------------------------------------------------


def steps_of(offer: Offer, chosen: Suggestion, rules: Rules, as_of: date) -> tuple[PathStep, ...]:
    """The acts in the order in which they count, each with what is met from then on."""
    model, done = chosen.model, chosen.done
    people = offer.people(done)
    together: dict[tuple[date, Act], list[int]] = {}
    for place, slot in enumerate(offer.slots):
        if done[place]:
            together.setdefault((slot.day, offer.acts[slot.act]), []).append(place)
    sofar = [0] * len(done)
    found = []
    for (day, act), places in sorted(together.items(), key=lambda item: (item[0][0], item[1])):
        before = tuple(sofar)
        for place in places:
            sofar[place] = done[place]
        whose = tuple(person for place in places for person in people[place])
        step = _step(model.program, act, day, (sum(done[place] for place in places), whose), as_of)
        found.append(_with_effects(step, model, rules, before, tuple(sofar)))
    return tuple(found)


def _step(program: Program, act: Act, day: date, chosen: tuple[int, tuple[str, ...]], as_of: date) -> PathStep:
    count, people = chosen
    return PathStep(
        rule=act.rule,
        section=act.section,
        label=act.label,
        word=act.word,
        count=count,
        people=people,
        start_on=add_days(day, -act.lead_days(program, as_of)),
        ready_on=day,
        effort=act.effort_of_one(program, as_of).times(count),
        is_costed=act.effort is not None,
    )


def _with_effects(step: PathStep, model: Model, rules: Rules, before: Done, after: Done) -> PathStep:
    values_before, missing_before = model.work_out(before)
    values_after, missing_after = model.work_out(after)
    unlocks: list[str] = []
    gains: dict[str, Gain] = {}
    for path, branch in _leaves(rules.tree, rules.tier):
        was, now = model.missing(missing_before, branch.node), model.missing(missing_after, branch.node)
        if was and not now:
            unlocks.append(path)
        node = model.graph.nodes[branch.node]
        if was and isinstance(node, LeafNode) and branch.name in model.program.scores:
            old, new = (model.number(values, node.number.node) for values in (values_before, values_after))
            gain = _gain(model, branch, old, new)
            if gain is not None:
                gains[branch.name] = gain
    return replace(step, unlocks=tuple(unlocks), gains=tuple(gains.values()))


def _gain(model: Model, branch: Branch, old: Decimal | None, new: Decimal | None) -> Gain | None:
    line = model.base.answers[branch.node].line
    if new is None or line is None or new == (old or _ZERO):
        return None
    label = model.program.scores[branch.name].text.label or branch.name.replace("_", " ")
    return Gain(branch.name, label, new - (old or _ZERO), new, line)


def _leaves(tree: Branch | None, tier: str) -> Iterator[tuple[str, Branch]]:
    """The single requirements with their paths: ``gold.2.1``."""

    def visit(branch: Branch, path: str) -> Iterator[tuple[str, Branch]]:
        if not branch.parts:
            yield path, branch
        for nth, part in enumerate(branch.parts, start=1):
            yield from visit(part, f"{path}.{nth}")

    if tree is not None:
        yield from visit(tree, tier)


# --- what is not in the partner's hands -----------------------------------------------------------------------------


def conditions(
    chosen: Suggestion, rules: Rules, unplannable: Sequence[Unplannable]
) -> tuple[tuple[Condition, ...], tuple[Block, ...]]:
    """The outcomes a tier rests on, and what stands in the way, along the branches that were taken."""
    model = chosen.model
    values, missing = model.work_out(chosen.done)
    depends: list[Condition] = []
    blocked: list[Block] = []
    for path, branch in _taken(model, rules.tree, rules.tier, missing):
        lacks = model.missing(missing, branch.node) != 0
        node = model.graph.nodes[branch.node]
        if not isinstance(node, LeafNode):
            blocked += [_block(model, path, branch)] if lacks else []
            continue
        control = control_of(model.program, branch.name)
        reads = {type(model.graph.nodes[each]) for each in below(model.graph, node.number.node)}
        kind = _kind(reads)
        if lacks and (kind or control == "controllable"):
            blocked.append(Block(path, branch.label, kind or "cannot be planned", _reason(kind, branch, unplannable)))
        elif lacks or control in ("influenced", "outcome"):
            depends.append(_condition(model, path, branch, values, control=control, lacks=lacks))
    return tuple(depends), tuple(blocked)


def _taken(model: Model, branch: Branch | None, path: str, missing: Mapping[int, int]) -> Iterator[tuple[str, Branch]]:
    """The single requirements that count: of alternatives only those that lack least."""
    if branch is None:
        return
    if not branch.parts:
        yield path, branch
        return
    parts = [(f"{path}.{nth}", part) for nth, part in enumerate(branch.parts, start=1)]
    if branch.kind in ("any", "count"):
        parts.sort(key=lambda pair: model.missing(dict(missing), pair[1].node))
        parts = parts[: _needed(model, branch, len(parts))]
    for name, part in parts:
        yield from _taken(model, part, name, missing)


def _needed(model: Model, branch: Branch, of: int) -> int:
    node = model.graph.nodes[branch.node]
    least = getattr(node, "at_least", None)
    if branch.kind == "any":
        return 1
    value = getattr(least, "value", None)
    return int(value) if isinstance(value, Decimal) else of


def _condition(
    model: Model, path: str, branch: Branch, values: Mapping[int, Decimal | None], *, control: Control, lacks: bool
) -> Condition:
    node = model.graph.nodes[branch.node]
    number = node.number.node if isinstance(node, LeafNode) else -1
    value = model.number(dict(values), number)
    line = model.base.answers[branch.node].line
    gap = abs(line - value) if lacks and line is not None and value is not None else _ZERO
    told: Literal["influenced", "outcome", "not said"] = "influenced" if control == "controllable" else control
    return Condition(
        *(path, branch.name, branch.label, told, value, line, gap, not lacks), branch.test, branch.is_place
    )


def control_of(program: Program, name: str) -> Control:
    """What a partner can do about a number: as it says, or the least that can be done about what it is made of."""
    declared = program.measures.get(name) or program.scores.get(name) or program.points.get(name)
    if declared is None:
        return "not said"
    if declared.control:
        return declared.control
    names = {part.name for part in walk(declared) if isinstance(part, NumberReference)}
    found = {control_of(program, each) for each in names - {name}}
    for control in ("outcome", "influenced", "not said", "controllable"):
        if control in found:
            return control
    return "not said"


def unsaid(program: Program, name: str) -> tuple[str, ...]:
    """The measures and points behind a number that do not say what a partner can do about them."""
    declared = program.measures.get(name) or program.scores.get(name) or program.points.get(name)
    if declared is None or declared.control:
        return ()
    names = dict.fromkeys(part.name for part in walk(declared) if isinstance(part, NumberReference))
    behind = [found for each in names if each != name for found in unsaid(program, each)]
    return tuple(dict.fromkeys(behind)) if names else (name,)


Kind = Literal["decision", "tier", "time", "status", "cannot be planned"]


def _kind(reads: set[type]) -> Kind | None:
    if reads & {RankNode, AnyoneNode}:
        return "cannot be planned"
    return "time" if TimeNode in reads and not reads & {FactsNode, EntriesNode, EachThingNode} else None


def _reason(kind: Kind | None, branch: Branch, unplannable: Sequence[Unplannable]) -> str:
    if kind == "time":
        return "it comes with time"
    if kind:
        return "cannot be planned: it depends on what others do"
    given = [each.reason for each in unplannable if each.rule == branch.name]
    return f"cannot be planned: {given[0]}" if given else "more than the partner's own acts can give by then"


def _block(model: Model, path: str, branch: Branch) -> Block:
    node = model.graph.nodes[branch.node]
    if isinstance(node, DecisionNode):
        return Block(path, branch.label, "decision", "the vendor decides it")
    if isinstance(node, HeldNode):
        return Block(path, branch.label, "tier", "another tier comes first")
    return Block(path, branch.label, "status", "it says what the partner is, not what it does")


# --- what will be lost ----------------------------------------------------------------------------------------------


def risks(trials: Trials, chosen: Suggestion, rules: Rules, today: Standing) -> tuple[Risk, ...]:
    """What counts today and will not at the review: states that end, and scores that fall."""
    if rules.tree is None:
        return ()
    return (*_ending(trials, chosen.model, today.as_of), *_falling(chosen.model, rules, today))


def _ending(trials: Trials, model: Model, as_of: date) -> Iterator[Risk]:
    program, graph = model.program, model.graph
    needed = below(graph, model.root) if model.root is not None else frozenset[int]()
    seen = set()
    for number in sorted(needed):
        node = graph.nodes[number]
        if not isinstance(node, FactsNode) or node.window is not None:
            continue
        kind, where = base_of(program, node.kind, node.where)
        if kind.shape != "state" or kind.name == "employments":
            continue
        owner = OWNER_COLUMN[kind.owner]
        names = [column.name for column in kind.all_columns if column.name not in ("starts_on", "ends_on")]
        rows = trials.runs.copies.own_rows(kind.name, ("starts_on", "ends_on", *names))
        counting = [
            (until, cells)
            for first, until, *values in rows
            for cells in (dict(zip(names, values, strict=True)),)
            if first <= as_of and (until is None or until > as_of) and passes(program, where, cells, as_of) is not False
        ]
        kept = {cells.get(owner) for until, cells in counting if until is None or until > model.day}
        for until, cells in counting:
            fact = str(cells["fact_id"])
            if cells.get(owner) not in kept and fact not in seen:
                seen.add(fact)
                name = next((each for each, item in graph.numbers.items() if item.node == number), kind.name)
                declared = program.measures.get(name)
                label = (declared.text.label if declared else None) or name.replace("_", " ")
                person = str(cells["person"]) if cells.get("person") else ""
                yield Risk(name, label, Decimal(1), until, fact, person)


def _today(today: Standing, name: str) -> Decimal | None:
    return today.numbers[name].value if name in today.numbers else None


def _falling(model: Model, rules: Rules, today: Standing) -> Iterator[Risk]:
    told = set()
    for _, branch in _leaves(rules.tree, rules.tier):
        node = model.graph.nodes[branch.node]
        if not isinstance(node, LeafNode) or branch.name not in model.program.scores or branch.name in told:
            continue
        now, then = _today(today, branch.name), model.base.numbers.get(node.number.node)
        if now is not None and then is not None and then < now:
            told.add(branch.name)
            label = model.program.scores[branch.name].text.label or branch.name.replace("_", " ")
            yield Risk(branch.name, label, now - then, None)
