"""One question: what the partner can do, what the engine says of copies that did it, and where the partner stands."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from swingby.engine.assessing import key_of
from swingby.engine.path.design import apart, below, everything, nothing, trials_of
from swingby.engine.path.offering import prospect
from swingby.engine.path.partner import Aim, Partner
from swingby.engine.path.runs import Runs
from swingby.engine.path.trials import Trials
from swingby.engine.path.witness import Witness
from swingby.engine.path.worlds import Copies
from swingby.engine.standing import TierStanding


class Question:
    """What is asked about one ladder, after the first trials.

    Attributes
    ----------
    told
        The trials, each with the slots that it tells about.
    """

    def __init__(self, partner: Partner, aim: Aim, copies: Copies) -> None:
        self.partner, self.aim = partner, aim
        self.prospect = prospect(partner, aim, copies)
        self.runs = Runs(partner.compiled, copies, self._questions())
        self.witness = Witness(partner, aim, copies, self.runs)
        self.trials = Trials(
            partner.compiled, self.runs, self.prospect.offer, partner.name, self._cells(), self._days()
        )
        graph, offer = partner.compiled.builder.graph, self.prospect.offer
        self.told = dict(trials_of(offer, apart(graph, partner.program, offer, aim.as_of)))
        if self.prospect.reviews:
            self._try()

    def _try(self) -> None:
        offer = self.prospect.offer
        found = self.trials.run([nothing(offer), everything(offer), *self.told])
        name, run = found[nothing(offer)]
        self.witness.notice(run, name)

    @property
    def held(self) -> TierStanding:
        """Where the partner stands on the ladder today."""
        return self.witness.today.tiers[self.aim.label]

    @property
    def tier(self) -> str | None:
        """The tier that is meant; None where the highest is held and none was named."""
        return self.aim.tier or self.held.next_tier

    def close(self) -> None:
        """End the session of the runs."""
        self.runs.close()

    def _days(self) -> tuple[date, ...]:
        return tuple(sorted({review.looks_at for review in self.prospect.reviews}))

    def _questions(self) -> Mapping[date, frozenset[int]]:
        """Everything on the day asked about, and what the ladder reads on the days of reviews and of their effect."""
        graph = self.partner.compiled.builder.graph
        read = below(graph, graph.ladders[self.aim.ladder.name])
        days = {day for review in self.prospect.reviews for day in (review.looks_at, review.held_on)}
        return {**dict.fromkeys(sorted(days), read), self.aim.as_of: frozenset(range(len(graph.nodes)))}

    def _cells(self) -> Mapping[int, str]:
        """By node, the key of the results that are about the asked cells."""
        dims = self.partner.compiled.builder.graph.dims
        cells = self.aim.cells
        return {number: key_of(cells, names) for number, names in enumerate(dims) if set(names) <= set(cells)}
