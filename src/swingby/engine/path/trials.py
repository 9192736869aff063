"""Trials: the engine is run on copies of the partner that did some acts, and says what each of them changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from swingby.engine.assessing import Compiled, Key, Outcome
from swingby.engine.nodes import AnyoneNode, AssignNode, EntriesNode, FactsNode, Node
from swingby.engine.path.acts import Act, base_of
from swingby.engine.path.people import share
from swingby.engine.path.plain import passes
from swingby.engine.path.runs import Runs
from swingby.engine.path.worlds import Row
from swingby.engine.steps.reading import is_zero_without_facts
from swingby.engine.trees import Answer
from swingby.program import Program
from swingby.program.kinds import OWNER_COLUMN, OWNER_LINK, Owner

#: How often an act is tried; between these it is taken to go straight.
LEVELS = (1, 2, 3, 5, 8)
#: The same for an act that gives the same each time until a limit is reached, and for one that knows no limit.
EVEN, STRAIGHT = (1, 8), (1,)
#: An act that nothing limits is not done more often than this.
MOST = 40
#: How often each act is done, by the place of its slot.
Done = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Slot:
    """An act on a day."""

    act: int
    day: date


@dataclass(frozen=True, slots=True)
class Offer:
    """What the partner can do: acts, on which days, by whom.

    Attributes
    ----------
    reached
        By act, the nodes that it may change, directly or through others.
    pools, overlaps
        By act that needs people: those for whom it adds something, and the acts that count the same people.
    levels
        By act, how often it is tried.
    """

    acts: tuple[Act, ...]
    slots: tuple[Slot, ...]
    reached: tuple[frozenset[int], ...]
    pools: Mapping[int, tuple[str, ...]]
    overlaps: Mapping[int, frozenset[int]]
    levels: tuple[tuple[int, ...], ...]
    organization: str
    currency: str

    def is_even(self, slot: int) -> bool:
        """True where one more act gives what the one before gave, until a limit is reached."""
        return self.levels[self.slots[slot].act] in (EVEN, STRAIGHT)

    def tried(self, slot: int) -> tuple[int, ...]:
        """How often an act is tried, as far as there are people for it."""
        levels, most = self.levels[self.slots[slot].act], self.most(slot)
        return tuple(dict.fromkeys(min(level, most) for level in levels))

    def most(self, slot: int) -> int:
        """How often an act can be done at all."""
        act = self.slots[slot].act
        return min(len(self.pools[act]), MOST) if act in self.pools else MOST

    def people(self, done: Done) -> list[tuple[str, ...]]:
        """By slot, whose act it is."""
        wanted = [(slot.act, many) for slot, many in zip(self.slots, done, strict=True) if slot.act in self.pools]
        chosen = iter(share(self.pools, self.overlaps, wanted))
        return [next(chosen) if slot.act in self.pools else () for slot in self.slots]

    def rows(self, program: Program, done: Done, tag: str = "") -> list[Row]:
        """The facts of some acts; ids begin with the tag of a copy."""
        found: list[Row] = []
        for number, (slot, many, people) in enumerate(zip(self.slots, done, self.people(done), strict=True)):
            act = self.acts[slot.act]
            if act.amount and many:
                found += self._facts(program, act, slot.day, (tag, f"{number}"), amount=Decimal(many))
                continue
            for nth in range(len(people) if act.person else many):
                whose = people[nth] if act.person else ""
                found += self._facts(program, act, slot.day, (tag, f"{number}-{nth}"), person=whose)
        return found

    def _facts(
        self,
        program: Program,
        act: Act,
        day: date,
        name: tuple[str, str],
        *,
        person: str = "",
        amount: Decimal | None = None,
    ) -> list[Row]:
        tag, place = name
        kind = program.kinds[act.kind]
        cells: dict[str, object] = dict(act.row)
        cells |= {"fact_id": f"{tag}path-{place}", kind.day_columns[0]: day}
        if kind.column("organization"):
            cells["organization"] = f"{tag}{self.organization}"
        if act.person:
            cells[act.person] = f"{tag}{person}"
        if act.distinct:
            cells[act.distinct] = f"{tag}path-{act.rule}-{place}"
        if amount is not None:
            cells[act.amount] = amount
            if kind.column("currency"):
                cells.setdefault("currency", self.currency)
        return [(act.kind, cells), *self._link(kind.owner, cells, (tag, place), day)]

    def _link(self, owner: Owner, cells: dict[str, object], name: tuple[str, str], day: date) -> list[Row]:
        """What leads from a new customer or deal to the partner."""
        link = OWNER_LINK.get(owner)
        column = OWNER_COLUMN[owner]
        if link is None or column == "person":
            return []
        tag, place = name
        cells.setdefault(column, f"{tag}path-{column}-{place}")
        cells_of_link = {"fact_id": f"{tag}path-link-{place}", "organization": f"{tag}{self.organization}"}
        return [(link, {**cells_of_link, column: cells[column], "starts_on": day})]


def touched_by(program: Program, nodes: Sequence[Node], act: Act, day: date) -> frozenset[int]:
    """The nodes that read an act's fact, as far as that can be told without the facts; in doubt it is one."""
    return frozenset(number for number, node in enumerate(nodes) if _reads(program, node, act, day))


def _reads(program: Program, node: Node, act: Act, day: date) -> bool:
    facts = node.facts if isinstance(node, AnyoneNode) else node
    if isinstance(facts, FactsNode):
        kind, where = base_of(program, facts.kind, facts.where)
    elif isinstance(facts, EntriesNode) and facts.earning.for_each:
        kind, where = base_of(program, facts.earning.for_each.of, facts.earning.for_each.where)
    elif isinstance(facts, AssignNode):
        return base_of(program, facts.number.of, None)[0].name == act.kind
    else:
        return False
    return kind.name == act.kind and passes(program, where, act.cells, day) is not False


@dataclass(slots=True)
class Seen:
    """What the engine found for one copy on one day: numbers (None for undefined) and answers by node."""

    numbers: Mapping[int, Decimal | None]
    answers: dict[int, Answer]


@dataclass(slots=True)
class Trials:
    """Runs the engine on copies and keeps what it said, by what was done and the day.

    Attributes
    ----------
    days
        The days that are asked for numbers and requirements.
    cells
        By node, the key of the results that are about the asked cells.
    """

    compiled: Compiled
    runs: Runs
    offer: Offer
    enrolment: str
    cells: Mapping[int, str]
    days: Sequence[date]
    seen: dict[tuple[Done, date], Seen] = field(default_factory=dict)

    def run(self, wanted: Sequence[Done], in_full: Sequence[Done]) -> None:
        """Look at copies as of all days, at some in full; what was seen before is not looked at again."""
        missing = [done for done in dict.fromkeys(wanted) if any((done, day) not in self.seen for day in self.days)]
        if not missing:
            return
        tags = {done: f"{place}/" for place, done in enumerate(missing)}
        copies, program = self.runs.copies, self.compiled.program
        copies.multiply(list(tags.values()))
        copies.add([row for done, tag in tags.items() for row in self.offer.rows(program, done, tag)])
        names = {done: f"{tag}{self.enrolment}" for done, tag in tags.items()}
        whole = {done for done in in_full if done in names}
        found = self.runs.run(list(names.values()), [names[done] for done in missing if done in whole])
        for done, name in names.items():
            nodes = self.cells if done in whole else self.runs.questions.of_all & self.cells.keys()
            for day in self.days:
                self.seen[done, day] = self._read(found.outcome, (found.numbers[name], day), nodes)

    def _read(self, outcome: Outcome, key: Key, nodes: Iterable[int]) -> Seen:
        graph = self.compiled.builder.graph
        numbers: dict[int, Decimal | None] = {}
        found = outcome.numbers.get(key, {})
        for node in nodes:
            number = found.get((node, self.cells[node]))
            if number is not None:
                numbers[node] = number.value
            elif is_zero_without_facts(graph, node):
                numbers[node] = Decimal(0)
        answers = {
            node: answer
            for (node, cell), answer in outcome.answers.get(key, {}).items()
            if self.cells.get(node) == cell
        }
        return Seen(numbers, answers)
