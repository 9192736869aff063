"""One question: what the partner can do, what the engine says of copies that did it, and where the partner stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from swingby.engine.assessing import Key, Outcome, key_of
from swingby.engine.path.beginning import begun
from swingby.engine.path.days import ReviewDay
from swingby.engine.path.design import apart, everything, nothing, read_by, trials_of
from swingby.engine.path.model import is_worked_out
from swingby.engine.path.offering import prospect
from swingby.engine.path.partner import Aim, Partner
from swingby.engine.path.runs import Questions, Run, Runs
from swingby.engine.path.trials import Trials
from swingby.engine.path.witness import Found, Witness
from swingby.engine.path.worlds import Copies, Row
from swingby.engine.standing import RequirementRow, TierStanding
from swingby.engine.trees import Answer, Branch, tree_rows


class Question:
    """What is asked, after the first trials.

    Attributes
    ----------
    told
        The trials, each with the slots that it tells about.
    """

    def __init__(self, partner: Partner, aim: Aim, copies: Copies, witness: Witness) -> None:
        self.partner, self.aim, self.witness = partner, aim, witness
        self.graph, self.tree = partner.compiled.builder.graph, partner.compiled.trees[aim.ladder.name][aim.tier]
        self.prospect = prospect(partner, aim, copies)
        self.offer = self.prospect.offer
        self.ladder = self.graph.ladders[aim.ladder.name]
        start = None if witness.is_compared else begun(self.graph, partner.clock, witness.today)
        self.runs = Runs(partner.compiled, copies, self._questions(), start)
        self.trials = Trials(partner.compiled, self.runs, self.offer, partner.name, self._cells(), self._days())
        self.told = dict(trials_of(self.offer, apart(self.graph, partner.program, self.offer, aim.as_of)))
        if self.prospect.reviews:
            whole = [nothing(self.offer), everything(self.offer)]
            self.trials.run([*whole, *self.told], whole)

    @property
    def held(self) -> TierStanding:
        """Where the partner stands on the ladder today."""
        return self.witness.today.tiers[self.aim.label]

    def with_acts(self, rows: Sequence[Row], review: ReviewDay) -> Found:
        """Where the engine finds the partner at a review after some acts, with every review until then."""
        if not self.runs.walks:
            return self.witness.with_acts(rows, self.aim, review)
        names = [self.partner.name]
        self.runs.copies.only_with(rows)
        run = self.runs.run(names, names)
        return self._found(self.runs.run(names, names, grace=True) if run.undecided else run, review)

    def _found(self, run: Run, review: ReviewDay) -> Found:
        e, outcome = run.numbers[self.partner.name], run.outcome
        place = (self.ladder, key_of(self.aim.cells, self.graph.dims[self.ladder]))
        held = outcome.tiers[e, review.held_on][place].ordinal
        tier = None if held < 0 else self.aim.ladder.tiers[held].id
        return Found(tier, self._rows(outcome, (e, review.looks_at)))

    def _rows(self, outcome: Outcome, key: Key) -> tuple[RequirementRow, ...]:
        def answer(node: int) -> Answer:
            return outcome.answers[key][node, key_of(self.aim.cells, self.graph.dims[node])]

        return tuple(tree_rows(self.tree, self.aim.tier, answer))

    def close(self) -> None:
        """End the session of the runs."""
        self.runs.close()

    def _days(self) -> tuple[date, ...]:
        return tuple(sorted({review.looks_at for review in self.prospect.reviews}))

    def _questions(self) -> Questions:
        """What the tier is worked out from on the days that reviews look at; the tier that is held when one has effect."""
        rows, looks = frozenset({self.ladder, *tree_nodes(self.tree)}), self._days()
        read = rows.union(*(self._read_on(look) for look in looks))
        held = {review.held_on for review in self.prospect.reviews}
        asked = dict.fromkeys(held, frozenset({self.ladder})) | dict.fromkeys(looks, read)
        return Questions({day: asked[day] for day in sorted(asked)}, frozenset(filter(self._is_tried, read)))

    def _is_tried(self, number: int) -> bool:
        """True for what some act changes and is not worked out."""
        node, program = self.graph.nodes[number], self.partner.program
        changed = any(number in reached for reached in self.offer.reached)
        return changed and not all(is_worked_out(program, node, look) for look in self._days())

    def _read_on(self, look: date) -> frozenset[int]:
        program = self.partner.program
        return frozenset().union(*(read_by(self.graph, program, node, look) for node in tree_nodes(self.tree)))

    def _cells(self) -> Mapping[int, str]:
        """By node that runs ask about, the key of the results that are about the asked cells."""
        cells, dims = self.aim.cells, self.graph.dims
        asked = sorted(self.runs.questions.nodes)
        return {number: key_of(cells, dims[number]) for number in asked if set(dims[number]) <= set(cells)}


def tree_nodes(tree: Branch | None) -> Iterator[int]:
    """The nodes of a tree in the order of its rows."""
    if tree is not None:
        yield tree.node
        for part in tree.parts:
            yield from tree_nodes(part)
