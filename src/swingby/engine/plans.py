"""Plans that are used again: questions about single partners mostly differ only in what their facts answer."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Generic, ParamSpec, TypeVar

from sqlglot import exp

from swingby.engine.compiling import Plan, make_plan
from swingby.engine.graph import Graph
from swingby.engine.plan import ArrayStep, DataStep, QueryStep, Step, union_all
from swingby.engine.scope import CHOSEN, chosen_rows
from swingby.engine.setting import Setting
from swingby.engine.shelf import Shelf
from swingby.engine.sql import DuckDB, Parameters, Prepared, prepare
from swingby.program import Program

P = ParamSpec("P")
T = TypeVar("T")
#: Plans that a program keeps; one question needs about three.
MOST = 8


@dataclass(frozen=True, slots=True)
class Made:
    """A plan with its texts for DuckDB, by step; for a step that computes, by what it reads."""

    plan: Plan
    texts: Mapping[str, Mapping[str, Prepared]]
    _results: dict[Hashable, Sequence[Prepared]] = field(default_factory=dict, compare=False)
    _shelf: Shelf = field(default_factory=Shelf, compare=False)

    def results(self, name: Hashable, queries: Callable[[], Iterable[exp.Expr]]) -> Sequence[Prepared]:
        """Queries for results as one, made ready when they are first asked for under a name."""
        if name not in self._results:
            listed = list(queries())
            self._results[name] = [prepare(union_all(listed).unnest(), "duckdb")] if listed else []
        return self._results[name]

    def show(self, session: DuckDB) -> None:
        """Let a session find the small tables that the compiler made; whom the plan is about, it keeps for itself."""
        written = [step for step in self.plan.steps if isinstance(step, DataStep)]
        self._shelf.show(session, [step for step in written if step.name != CHOSEN])
        for step in written:
            if step.name == CHOSEN:
                session.store(step.name, step.columns, step.rows)  # type: ignore[arg-type]

    def carry_out(self, connection: DuckDB, parameters: Parameters) -> None:
        """Carry out all other steps in order."""
        for step in self.plan.steps:
            if isinstance(step, QueryStep):
                connection.keep(step.name, self.texts[step.name][""], parameters)
            elif isinstance(step, ArrayStep):
                tables = {name: connection.rows(text, parameters) for name, text in self.texts[step.name].items()}
                connection.store(step.name, step.columns, step.compute(tables))  # type: ignore[arg-type]


@dataclass(slots=True)
class _Asked(Generic[P, T]):
    """A question that is asked while a plan is made, with its answers; afterwards nothing new can be asked."""

    ask: Callable[P, T] | None
    answers: dict[tuple[object, ...], T] = field(default_factory=dict)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> T:
        if args not in self.answers:
            if self.ask is None:
                raise LookupError(args)
            self.answers[args] = self.ask(*args, **kwargs)
        return self.answers[args]

    def is_answered_alike(self, other: Callable[..., T]) -> bool:
        return all(other(*args) == answer for args, answer in self.answers.items())


@dataclass(frozen=True, slots=True)
class _Kept:
    """A plan, and what the facts answered when it was made."""

    made: Made
    known_by: _Asked[[date], int | None]
    incomplete: _Asked[[str, date, date], bool]

    def is_good_for(self, setting: Setting) -> bool:
        known, incomplete = setting.known_by, setting.incomplete
        return self.known_by.is_answered_alike(known) and self.incomplete.is_answered_alike(incomplete)


class Plans:
    """The latest plans of one program over facts in DuckDB.

    A plan is used again for a setting that is equal but for whom it is about and where they stand already, if the facts
    answer alike what was asked of them to make it: what was known when, and which days their sources cover.
    """

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, list[_Kept]] = OrderedDict()

    def plan(self, program: Program, setting: Setting, graph: Graph) -> Made:
        """The plan for a setting, made where none was kept."""
        key = _key(setting)
        listed = self._kept.setdefault(key, [])
        self._kept.move_to_end(key)
        kept = next((each for each in listed if each.is_good_for(setting)), None)
        if kept is None:
            kept = _make(program, setting, graph)
            listed.append(kept)
            self._forget()
        return replace(kept.made, plan=_for_setting(kept.made.plan, setting))

    def _forget(self) -> None:
        """Keep no more than the most, those that were asked for last."""
        while sum(map(len, self._kept.values())) > MOST:
            oldest = next(iter(self._kept))
            self._kept[oldest].pop(0)
            if not self._kept[oldest]:
                del self._kept[oldest]


def _make(program: Program, setting: Setting, graph: Graph) -> _Kept:
    known, incomplete = _Asked(setting.known_by), _Asked(setting.incomplete)
    plan = make_plan(program, replace(setting, known_by=known, incomplete=incomplete), graph)
    known.ask = incomplete.ask = None
    return _Kept(Made(plan, {step.name: _texts(step) for step in plan.steps}), known, incomplete)


def _texts(step: Step) -> Mapping[str, Prepared]:
    if isinstance(step, DataStep):
        return {}
    reads = {"": step.query} if isinstance(step, QueryStep) else step.reads
    return {name: prepare(query, "duckdb") for name, query in reads.items()}


def _key(setting: Setting) -> Hashable:
    """All of a setting but whom it is about, where they stand already, and what is asked of the facts."""
    return (
        setting.chosen is None,
        tuple((name, setting.reviewed_until(name)) for name in sorted(setting.begun)),
        tuple(sorted(setting.entry_days.items())),
        tuple(sorted(setting.questions.items())),
        tuple(getattr(setting, each.name) for each in fields(Setting) if each.name not in _LOOSE),
    )


#: Fields of a setting in which a plan may differ, or that are compared in another way.
_LOOSE = frozenset({"chosen", "begun", "known_by", "incomplete", "entry_days", "questions"})


def _for_setting(plan: Plan, setting: Setting) -> Plan:
    return replace(plan, setting=setting, steps=tuple(_step_for(step, setting) for step in plan.steps))


def _step_for(step: Step, setting: Setting) -> Step:
    if isinstance(step, DataStep) and step.name == CHOSEN:
        return replace(step, rows=chosen_rows(setting.chosen or ()))
    if isinstance(step, ArrayStep) and step.computing is not None:
        return replace(step, compute=step.computing(setting))
    return step
