"""Acts: what a partner can do by itself, each as one fact that has not happened yet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Literal

from swingby.engine.assessing import cells_of
from swingby.engine.path.answer import Total
from swingby.engine.path.plain import Cells, passes, plain_number, words_of
from swingby.program import FactKind, Program
from swingby.program.blocks import ByCase, Condition, Filter, Scalar
from swingby.program.kinds import OWNER_COLUMN
from swingby.program.model import DeclaredNumber, Earning, Effort
from swingby.program.numbers import FactNumber
from swingby.program.walk import walk

Section = Literal["measure", "points", "incentive"]
#: Kinds that record what somebody else decided: no act of a partner.
_DECIDED = ("decisions", "targets", "agreements")
#: A list of words under a filter is taken as so many kinds of act where the rule tells them apart.
_MOST_WORDS = 8
_ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Act:
    """A kind of act.

    Attributes
    ----------
    row
        The cells of its fact that the rule asks for.
    distinct
        The column that must be new each time because the rule counts different ones; empty for none.
    amount
        The column that is added up; empty for none.
    person
        The column that names one of the partner's people; empty for none.
    is_only
        False where the rule counts facts of another sort too, which are not proposed.
    """

    rule: str
    section: Section
    label: str
    word: str
    kind: str
    row: tuple[tuple[str, Scalar], ...]
    distinct: str
    amount: str
    person: str
    effort: Effort | None
    is_only: bool = True

    @property
    def cells(self) -> Cells:
        """The cells by column."""
        return dict(self.row)

    def lead_days(self, program: Program, day: date) -> int:
        """How many days pass until it shows."""
        return int(self._part(program, day, "lead_days"))

    def effort_of_one(self, program: Program, day: date) -> Total:
        """What one takes; nothing where the program says none."""
        return Total(*(self._part(program, day, name) for name in ("hours", "money", "seats")))

    def _part(self, program: Program, day: date, name: str) -> Decimal:
        value = getattr(self.effort, name) if self.effort else None
        return plain_number(program, value, day, self.cells) or Decimal(0)


@dataclass(frozen=True, slots=True)
class Unplannable:
    """A rule that a partner controls and that no single fact can move for sure."""

    rule: str
    reason: str


def acts_of(program: Program, day: date, cells: Mapping[str, str]) -> tuple[tuple[Act, ...], tuple[Unplannable, ...]]:
    """Every kind of act that the program's rules offer, the same fact once, and the rules that offer none.

    Where a rule counts by some of the asked ``cells``, its facts are of these.
    """
    found: dict[object, Act] = {}
    left: list[Unplannable] = []
    for offered in _offered(program, day):
        if isinstance(offered, Unplannable):
            left.append(offered)
        else:
            act = _in_cells(program, offered, cells)
            key = (act.kind, act.row, act.distinct, act.amount)
            found[key] = act if key not in found or (found[key].effort is None and act.effort) else found[key]
    return tuple(found.values()), tuple(left)


def _in_cells(program: Program, act: Act, cells: Mapping[str, str]) -> Act:
    counted = cells_of(program, act.rule)
    asked: dict[str, Scalar] = {
        name: cell for name, cell in cells.items() if name in counted and program.kinds[act.kind].column(name)
    }
    return replace(act, row=tuple(sorted((asked | dict(act.row)).items())))


def _offered(program: Program, day: date) -> Iterator[Act | Unplannable]:
    for declared in (*program.measures.values(), *program.scores.values()):
        offers = declared.control == "controllable" and declared.side == "partner"
        if offers and isinstance(declared.number, FactNumber):
            yield from _of_number(program, declared, declared.number, day)
    for earning in (*program.points.values(), *program.incentives.values()):
        if earning.control == "controllable":
            yield from _of_earning(program, earning, day)


def _of_number(
    program: Program, rule: DeclaredNumber | Earning, number: FactNumber, day: date
) -> Iterator[Act | Unplannable]:
    if number.aggregate not in ("count", "sum"):
        yield Unplannable(rule.name, f"one fact more does not raise a {number.aggregate} for sure")
        return
    is_sum = number.aggregate == "sum"
    distinct = "" if is_sum or number.column == "facts" else number.column
    amount = number.column if is_sum else ""
    yield from _acts(program, rule, (number.of, number.where), distinct=distinct, amount=amount, day=day)


def _of_earning(program: Program, earning: Earning, day: date) -> Iterator[Act | Unplannable]:
    source = earning.for_each
    if source is not None:
        yield from _acts(program, earning, (source.of, source.where), distinct="", amount="", day=day)
    elif isinstance(earning.based_on, FactNumber):
        yield from _of_number(program, earning, earning.based_on, day)


def _acts(
    program: Program,
    rule: DeclaredNumber | Earning,
    facts: tuple[str, Filter | None],
    *,
    distinct: str,
    amount: str,
    day: date,
) -> Iterator[Act | Unplannable]:
    kind, where = base_of(program, *facts)
    if kind.name in _DECIDED:
        yield Unplannable(rule.name, f"{kind.name} are made by the vendor")
        return
    rows = list(_rows(program, rule, where, day))
    if not rows:
        yield Unplannable(rule.name, "its filter asks for more than the columns of one fact")
    is_only = _is_told(program, facts) and len(rows) < _MOST_WORDS and not _has_choice(program, rule, where, day)
    for row, word in rows:
        person = _person(kind, distinct)
        yield Act(
            rule=rule.name,
            section=rule.section if rule.section != "score" else "measure",
            label=rule.text.label or rule.name.replace("_", " "),
            word=word,
            kind=kind.name,
            row=tuple(sorted(row.items())),
            distinct=distinct if distinct not in row and distinct != person else "",
            amount=amount,
            person=person,
            effort=rule.effort,
            is_only=is_only,
        )


def _person(kind: FactKind, distinct: str) -> str:
    """The column that one of the partner's people fills; somebody new where the kind itself says who works there."""
    if kind.name == "employments":
        return ""
    owner = OWNER_COLUMN[kind.owner]
    return "person" if "person" in (owner, distinct) and kind.column("person") else ""


def base_of(program: Program, name: str, where: Filter | None) -> tuple[FactKind, Filter]:
    """The kind behind a kind or a subset, with everything that is asked of its facts."""
    asked = [where] if where else []
    declared = program.facts.get(name)
    while declared is not None and declared.subset_of:
        asked += [declared.where] if declared.where else []
        name = declared.subset_of
        declared = program.facts.get(name)
    return program.kinds[name], Filter(
        conditions=tuple(condition for part in asked for condition in part.conditions),
        alternatives=(),
    ) if not any(part.alternatives for part in asked) else _joined(asked)


def _is_told(program: Program, facts: tuple[str, Filter | None]) -> bool:
    """True for a filter without alternatives."""
    name, where = facts
    declared = program.facts.get(name)
    inner = declared is None or not declared.subset_of or _is_told(program, (declared.subset_of, declared.where))
    return inner and not (where and where.alternatives)


def _joined(asked: Sequence[Filter]) -> Filter:
    """Filters that must all pass; the first alternative of each will do for an act."""
    conditions = [condition for part in asked for condition in part.conditions]
    for part in asked:
        conditions += part.alternatives[0].conditions if part.alternatives else ()
    return Filter(conditions=tuple(conditions))


def _rows(
    program: Program, rule: DeclaredNumber | Earning, where: Filter, day: date
) -> Iterator[tuple[dict[str, Scalar], str]]:
    """The cells of a fact that passes; one row for each word of a list that the rule tells apart."""
    told = _told(rule)
    row: dict[str, Scalar] = {}
    choices: tuple[str, tuple[Scalar, ...]] = ("", ())
    for condition in where.conditions:
        values = _values(program, condition, row, day)
        if values is None:
            return
        if condition.column in told and len(values) > 1:
            choices = (condition.column, values[:_MOST_WORDS])
        elif values:
            row[condition.column] = values[0]
    for word in choices[1] or (None,):
        full = row if word is None else {**row, choices[0]: word}
        if passes(program, where, full, day) is not False:
            yield full, "" if word is None else str(word)


def _told(rule: DeclaredNumber | Earning) -> set[str]:
    """The columns whose words a rule tells apart."""
    return {part.by for part in walk((rule.effort, getattr(rule, "scale", None))) if isinstance(part, ByCase)}


def _has_choice(program: Program, rule: DeclaredNumber | Earning, where: Filter, day: date) -> bool:
    """True where one of several words stands for all of them; another rule may count some of them only."""
    told = _told(rule)
    lists = (words_of(program, each, day) for each in where.conditions if each.test == "is" and each.column not in told)
    return any(words is not None and len(words) > 1 for words in lists)


def _values(program: Program, condition: Condition, row: Mapping[str, Scalar], day: date) -> tuple[Scalar, ...] | None:
    """Values that pass a condition; none where the cell may stay empty, None where they cannot be chosen.

    Columns of what a fact is about (``customer.market``) are not the fact's own: the engine will say whether it counts.
    """
    if "." in condition.column or condition.exists is False:
        return ()
    if condition.test in ("within", "exists"):
        return () if condition.test == "exists" and condition.column in row else None
    words = words_of(program, condition, day)
    if not words or condition.test in ("is", "is_not"):
        return words and (words if condition.test == "is" else ())
    return _beyond(condition.test, words[0])


def _beyond(test: str, line: Scalar) -> tuple[Scalar, ...] | None:
    if not isinstance(line, Decimal):
        return None
    return (line + _ONE if test == "above" else line - _ONE if test == "below" else line,)
