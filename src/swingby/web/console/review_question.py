"""What is asked before many lines of a review are decided: how many, whose, and what their partners read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass

from django.db import models

from swingby.web.clock import today
from swingby.web.domain.orphans import without_readers
from swingby.web.domain.queries.review_lines import OPEN_LINES, SHOWN
from swingby.web.domain.reviews import MOST_AT_ONCE
from swingby.web.domain.telling import line_words
from swingby.web.models import Enrolment, LineState, Review, ReviewLine

MOST_SHOWN = 20
#: What can be done with many lines at once, and the state to which that leads.
ACTS: Mapping[str, LineState] = {"approve": LineState.APPROVED, "hold": LineState.HELD}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Lines that somebody chose: by their keys, or all of a filter that wait."""

    act: str
    keys: tuple[str, ...] = ()
    every: str = ""

    def lines(self, review: Review) -> models.QuerySet[ReviewLine]:
        """Those of them that wait for a decision."""
        rows = ReviewLine.objects.filter(review=review, state__in=OPEN_LINES)
        chosen = rows.filter(SHOWN[self.every]) if self.every else rows.filter(pk__in=self.keys)
        return chosen.select_related("partner").order_by("direction", "-before_rank", "partner__name", "pk")


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldRow:
    """One partner with what it is told."""

    partner: str
    move: str
    told: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked before many lines are decided."""

    act: str
    keys: tuple[str, ...]
    every: str
    total: int
    now: int
    down: int
    up: int
    unread: int
    rows: tuple[ToldRow, ...]


def question_about(review: Review, choice: Choice) -> Question:
    """How many lines a choice decides, where they lead, and what is told of the first."""
    lines = choice.lines(review)
    ways = dict(lines.order_by("direction").values_list("direction").annotate(models.Count("pk")))
    total = sum(ways.values())
    told = Enrolment.objects.filter(pk__in=lines.order_by().values("enrolment"))
    return Question(
        act=choice.act,
        keys=choice.keys,
        every=choice.every,
        total=total,
        now=min(total, MOST_AT_ONCE),
        down=ways.get("down", 0),
        up=ways.get("up", 0),
        unread=without_readers(told),
        rows=_rows(lines[:MOST_SHOWN], ACTS[choice.act]),
    )


def _rows(lines: Sequence[ReviewLine] | models.QuerySet[ReviewLine], state: LineState) -> tuple[ToldRow, ...]:
    return tuple(
        ToldRow(
            partner=line.partner.name,
            move=f"{line.before_label} to {line.after_label}",
            told=line_words(_as_decided(line), state),
        )
        for line in lines
    )


def _as_decided(line: ReviewLine) -> ReviewLine:
    """Nobody falls before the decision."""
    decided = copy(line)
    decided.holds_from = max(line.holds_from, today()) if line.direction == "down" else line.holds_from
    return decided
