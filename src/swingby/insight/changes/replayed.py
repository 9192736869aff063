"""What the rules alone would have moved, nobody changing behaviour, and whom."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from swingby.engine import FactSource
from swingby.engine.replaying import Comparison, Review, backtest
from swingby.errors import SwingbyError
from swingby.insight.changes.question import WAYS, ChangeQuestion, Way
from swingby.program import Program
from swingby.values import add_months

ENROLLED = """
SELECT enrolment, organization FROM ref_enrolments
WHERE (joined_on IS NULL OR joined_on <= $day) AND (ended_on IS NULL OR ended_on > $day)
"""

EVERYBODY = "SELECT DISTINCT organization FROM ref_enrolments"


@dataclass(frozen=True, slots=True)
class Moved:
    """Organizations by what the change alone does to their tier.

    Attributes
    ----------
    review
        The review that tells it.
    up, down, stay
        Whom it moves which way, and whom it leaves where they are.
    others
        Everybody else: who moves both ways or aside, of whom facts are missing, who came later or was gone by then.
    """

    review: Review
    up: frozenset[str]
    down: frozenset[str]
    stay: frozenset[str]
    others: frozenset[str]

    def of(self, way: Way) -> frozenset[str]:
        """Those that move one way."""
        return self.up if way == "up" else self.down


@dataclass(frozen=True, slots=True)
class Replayed:
    """The change replayed on the past before it.

    Attributes
    ----------
    before
        All reviews before the first day of the new version.
    moved
        Whom it moves, by a review long enough before the change; None where there is none.
    """

    before: Comparison
    moved: Moved | None


def replay(
    question: ChangeQuestion, facts: FactSource, program: Program, against: Program, old_facts: FactSource | None
) -> Replayed | str:
    """Replay the reviews before a change under both versions; or say why that cannot be done."""
    first, day = question.since, question.day_of(program)
    last = program.header.effective - timedelta(days=1)
    try:
        before = backtest(program, facts, against=against, first=first, last=last, old_facts=old_facts)
    except SwingbyError as error:
        return error.message
    settled = min(last, add_months(day, -question.settle))
    if not any(review.holds_from <= settled for review in before.reviews):
        return Replayed(before, None)
    found = backtest(program, facts, against=against, first=first, last=settled, old_facts=old_facts)
    return Replayed(before, _moved(found, facts))


def _moved(found: Comparison, facts: FactSource) -> Moved:
    review, ways = found.last, defaultdict[str, set[str]](set)
    organizations = _organizations(facts, review.looks_at)
    everybody = {one for (one,) in facts.connection.cursor().execute(EVERYBODY).fetchall()}
    for move in review.moves:
        ways[organizations.get(move.enrolment, "")].add(move.direction)
    for enrolment in found.not_compared:
        ways[organizations.get(enrolment, "")].add("not compared")
    up, down = (frozenset(one for one, of in ways.items() if of == {way}) for way in WAYS)
    stay = frozenset(organizations.values()) - set(ways)
    return Moved(review, up, down, stay, others=frozenset(everybody) - up - down - stay)


def _organizations(facts: FactSource, day: date) -> dict[str, str]:
    """Enrolment -> organization, of those that are enrolled on a day."""
    rows = facts.connection.cursor().execute(ENROLLED, {"day": day}).fetchall()
    return {str(enrolment): str(organization) for enrolment, organization in rows}
