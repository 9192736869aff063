"""The check that nothing depends on itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from swingby.program.blocks import BenefitValue, ByCase, Located, TableValue
from swingby.program.checks.subject import SECTION_OF, Check, Subject, error
from swingby.program.issues import Issue
from swingby.program.model import Earning, SplitPart
from swingby.program.numbers import AccountNumber, EachNumber, NumberReference, RequirementReference, TierHeld, TrackIs

Graph = dict[str, list[str]]


class NoCycles(Check):
    """No rule depends on itself, whatever the day; an account's inflow and its balance are two things."""

    def run(self, subject: Subject) -> Iterator[Issue]:
        graph = graph_of(subject)
        places = {rule.path: rule.body for rule in subject.rules}
        for path in _cycles(graph):
            yield error(_place(path, places), "cycle", f"{' -> '.join(path)}.", _hint(path))


def _place(path: list[str], places: dict[str, Located]) -> Located:
    return next(places[step] for step in path if step in places)


def _hint(path: list[str]) -> str:
    sections = {step.split(".")[0] for step in path}
    if {"ladders", "points"} <= sections:
        return "A tier cannot depend on points that depend on it."
    return "Take one of these references away."


def graph_of(subject: Subject) -> Graph:
    """What every declaration reads, by path; ``accounts.x.inflow`` stands for what was paid into an account."""
    graph: Graph = {rule.path: [] for rule in subject.rules}
    for rule in subject.rules:
        for part in rule.parts:
            graph[rule.path] += [target for target in _targets(part, subject) if target not in graph[rule.path]]
    _add_flows(graph, subject)
    return graph


def _targets(part: Any, subject: Subject) -> Iterator[str]:
    match part:
        case NumberReference():
            yield f"{SECTION_OF[part.section]}.{part.name}"
        case RequirementReference():
            yield f"requirements.{part.name}"
        case TierHeld():
            yield f"ladders.{part.ladder}"
        case TrackIs():
            yield f"tracks.{part.track}"
        case TableValue():
            yield f"tables.{part.table}"
        case BenefitValue():
            yield f"benefits.{part.benefit}"
        case AccountNumber():
            yield _account_node(part)
        case ByCase():
            yield from _keys([part.by], subject)
        case EachNumber():
            yield from _keys(part.peers, subject)
        case _:
            return


def _keys(names: Any, subject: Subject) -> Iterator[str]:
    """A lookup by a ladder or a track reads it."""
    for name in names:
        if name in subject.program.ladders:
            yield f"ladders.{name}"
        elif name in subject.program.tracks:
            yield f"tracks.{name}"


def _account_node(part: AccountNumber) -> str:
    return f"accounts.{part.account}.inflow" if part.show == "opened" else f"accounts.{part.account}"


def _add_flows(graph: Graph, subject: Subject) -> None:
    """A balance reads its inflow and what is spent; the inflow reads what is paid in."""
    for name in subject.program.accounts:
        graph.setdefault(f"accounts.{name}", []).append(f"accounts.{name}.inflow")
        graph[f"accounts.{name}.inflow"] = []
    for earning in (*subject.program.points.values(), *subject.program.incentives.values()):
        path = f"{SECTION_OF[earning.section]}.{earning.name}"
        for account in _inflows(earning):
            graph.setdefault(f"accounts.{account}.inflow", []).append(path)
        if earning.out_of:
            graph.setdefault(f"accounts.{earning.out_of}", []).append(path)


def _inflows(earning: Earning) -> Iterator[str]:
    if earning.into:
        yield earning.into
    for part in earning.split:
        yield from _part_accounts(part)


def _part_accounts(part: SplitPart) -> Iterator[str]:
    yield part.into
    if part.otherwise:
        yield part.otherwise


def _cycles(graph: Graph) -> Iterator[list[str]]:
    """One closed path for each way back that a walk in order of writing meets; without recursion."""
    done: set[str] = set()
    for start in graph:
        if start not in done:
            yield from _search(start, graph, done)


def _search(start: str, graph: Graph, done: set[str]) -> Iterator[list[str]]:
    path = [start]
    waiting = [iter(graph.get(start, ()))]
    while path:
        step = next(waiting[-1], None)
        if step is None:
            done.add(path.pop())
            waiting.pop()
        elif step in path:
            yield [*path[path.index(step) :], step]
        elif step not in done:
            path.append(step)
            waiting.append(iter(graph.get(step, ())))
