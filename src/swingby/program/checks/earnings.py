"""Checks of what an earning gives: shares that add up, and steps that are no shares."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from swingby.program.blocks import Constant
from swingby.program.checks.bounds import constant
from swingby.program.checks.subject import Check, Subject, error, warning
from swingby.program.issues import Issue
from swingby.program.model import Earning


def earnings_of(subject: Subject) -> Iterator[Earning]:
    """Every earning of the program."""
    yield from subject.program.points.values()
    yield from subject.program.incentives.values()


class StepsGiveThemselves(Check):
    """A step gives its own value: 1% is 0.01, and no share of the number."""

    def run(self, subject: Subject) -> Iterator[Issue]:
        for earning in earnings_of(subject):
            for scale in earning.scale.summands:
                given = [step for _, step in scale.steps] if scale.kind == "steps" else []
                if given and all(isinstance(step, Constant) and step.as_percent for step in given):
                    message = "A step gives its own value, so 1% is 0.01 here and no share of the number."
                    hint = "For a share of the whole let points give the step: rate: {product: [1%, {points: ...}]}."
                    yield warning(scale, "step-percent", message, hint)


class SplitsAreShares(Check):
    """What is split is shared out once."""

    def run(self, subject: Subject) -> Iterator[Issue]:
        for earning in earnings_of(subject):
            shares = [share for part in earning.split if (share := constant(part.share)) is not None]
            total = sum(shares, Decimal(0))
            if total > 1:
                message = f"The parts share out {(100 * total).normalize():f} % of what is earned."
                yield error(earning.split[0], "split-shares", message, "Let the shares add up to 100 % at most.")
