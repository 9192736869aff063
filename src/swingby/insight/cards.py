"""The card: one question answered on one page, in words that any reader can follow, with what it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from swingby.insight.verdicts import Verdict


class Result(StrEnum):
    """How a check ended."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_RUN = "not run"


@dataclass(frozen=True, slots=True)
class Check:
    """Something that could have made the answer doubtful, and whether it did."""

    name: str
    result: Result
    words: str


#: ``share`` (0.12 is 12 %), ``points`` (0.04 is 4 percentage points), ``times``, ``money``, ``count``.
Unit = Literal["share", "points", "times", "money", "count"]


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its 95 % range; a number without one says why in its label.

    Attributes
    ----------
    currency
        Of money.
    """

    label: str
    value: float
    unit: Unit
    low: float | None = None
    high: float | None = None
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Count:
    """How many the answer rests on, or how many were left out and why."""

    label: str
    number: int


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark of a picture; ``low`` and ``high`` are its range."""

    x: float
    y: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Remaining:
    """How many are still looked at from some place of the x axis on."""

    x: float
    number: int


class Meaning(StrEnum):
    """What a series stands for; every card shows the same meaning in the same colour."""

    #: What was found, or what came.
    FOUND = "found"
    #: What that is held against: other partners, or the year before.
    COMPARED = "compared"
    #: What a forecast says.
    EXPECTED = "expected"
    #: One of several groups, none of which is held against the others.
    GROUP = "group"


@dataclass(frozen=True, slots=True)
class Series:
    """Marks that belong together, from left to right; ``name`` tells them from others, and is empty where there are none."""

    name: str
    marks: tuple[Mark, ...]
    at_risk: tuple[Remaining, ...] = ()
    meaning: Meaning = Meaning.FOUND


@dataclass(frozen=True, slots=True)
class Picture:
    """What a chart shows.

    Attributes
    ----------
    x, y
        What the axes say.
    series
        What is drawn, in the order of a legend.
    unit
        What the marks are measured in.
    band
        What the ranges mean.
    form
        ``ranges``: points with their ranges; ``line``: points that are joined; ``steps``: curves that fall by steps.
    bounds
        The ends of the y axis; None takes them from the marks.
    begins_at
        Where the act begins; None where there is none.
    currency
        Of money.
    remaining
        What the numbers below the picture count.
    places
        What the places 1, 2, 3 and so on of the x axis stand for; empty where they are numbers.
    nothing
        The height at which marks lie where there is nothing to find.
    """

    title: str
    x: str
    y: str
    series: tuple[Series, ...]
    unit: Unit
    band: str
    form: Literal["ranges", "line", "steps"] = "ranges"
    bounds: tuple[float, float] | None = None
    begins_at: float | None = None
    currency: str = ""
    remaining: str = "still looked at"
    places: tuple[str, ...] = ()
    nothing: float = 0.0

    @property
    def marks(self) -> tuple[Mark, ...]:
        """The marks of all series."""
        return tuple(mark for one in self.series for mark in one.marks)


@dataclass(frozen=True, slots=True)
class Card:
    """The answer to one question.

    Attributes
    ----------
    sentence
        The answer, with its range.
    figures
        The numbers behind it; the first is the one that counts.
    about
        Whom the answer is about.
    mind
        What would change our mind.
    decision
        What it means for the decision at hand.
    """

    question: str
    verdict: Verdict
    sentence: str
    figures: tuple[Figure, ...]
    picture: Picture | None
    checks: tuple[Check, ...]
    counts: tuple[Count, ...]
    about: str
    method: str
    mind: tuple[str, ...]
    decision: str
    notes: tuple[str, ...] = ()


def refused_card(question: str, reason: str) -> Card:
    """The card of a question that the data cannot answer, and why."""
    return Card(
        question=question,
        verdict=Verdict.UNANSWERABLE,
        sentence=f"This cannot be answered from these data. {reason}",
        figures=(),
        picture=None,
        checks=(),
        counts=(),
        about="",
        method="",
        mind=(),
        decision="Do not decide on this. Collect what is missing first.",
    )
