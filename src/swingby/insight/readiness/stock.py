"""What there is: facts of each kind with their days, deals and partners, and acts that partners began."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from swingby.engine import FactSource, coverage_test
from swingby.insight.effects import statements
from swingby.insight.effects.question import Act
from swingby.insight.effects.reading import act_statement
from swingby.insight.readiness.question import ReadinessQuestion
from swingby.insight.wording import counted
from swingby.program import Program
from swingby.program.kinds import FactKind
from swingby.values import add_months

if TYPE_CHECKING:
    import duckdb

#: Columns whose words tell acts apart, by kind of fact.
ACTS = {
    "credentials": "level",
    "activities": "kind",
    "touches": "kind",
    "decisions": "topic",
}
#: What one and several of a kind are called on a card, where its own name is that of a table.
SAID = {
    "deals": ("record of deals", "records of deals"),
    "deal_parties": ("part of a partner in a deal", "parts of partners in deals"),
    "deal_lines": ("line of a deal", "lines of deals"),
    "costs": ("record of costs", "records of costs"),
    "usage": ("reading of usage", "readings of usage"),
    "agreements": ("agreement", "agreements"),
    "subscriptions": ("subscription", "subscriptions"),
}
#: So many words of a kind are looked at, the most frequent first.
MOST_WORDS = 15

KIND = """
SELECT count(*), min(f.{day}), max(f.{day}) FROM fact_{kind} AS f
WHERE {known} AND f.{day} >= $since AND f.{day} < $until
"""
DEALS = """
SELECT count(DISTINCT d.deal) FILTER (d.stage = $won), count(DISTINCT d.deal) FILTER (d.stage = $lost),
       count(DISTINCT l.organization) FILTER (d.stage = $won), count(DISTINCT d.deal) FILTER (d.stage = $won AND d.amount > 0),
       min(d.happened_on) FILTER (d.stage = $won)
FROM fact_deals AS d JOIN fact_deal_parties AS l ON l.deal = d.deal
WHERE {known} AND {link_known} AND d.cancelled_on IS NULL AND d.happened_on >= $since AND d.happened_on < $until
"""
#: Deals that have ended and whose opening is known, by side: anybody in any part makes a deal not direct.
SIDES = """
SELECT count(*) FILTER (s.deal IS NULL AND e.won), count(*) FILTER (s.deal IS NULL AND NOT e.won),
       count(*) FILTER (s.deal IS NOT NULL AND e.won), count(*) FILTER (s.deal IS NOT NULL AND NOT e.won)
FROM (
  SELECT d.deal, bool_or(d.stage = $won) AS won FROM fact_deals AS d
  WHERE {known} AND d.cancelled_on IS NULL AND d.happened_on < $until GROUP BY d.deal
  HAVING bool_or(d.stage IN ($won, $lost)) AND min(d.happened_on) >= $since
     AND bool_or(d.stage NOT IN ($won, $lost) AND d.amount > 0)
) AS e
LEFT JOIN (SELECT DISTINCT l.deal FROM fact_deal_parties AS l WHERE {link_known}) AS s ON s.deal = e.deal
"""
WORDS = """
SELECT f."{column}", count(*) FROM fact_{kind} AS f WHERE {known} AND f."{column}" IS NOT NULL
GROUP BY ALL ORDER BY count(*) DESC, 1 LIMIT {most}
"""


@dataclass(frozen=True, slots=True)
class Kept:
    """Facts of a kind in the days that are looked at, and whether every source of it is complete there."""

    kind: str
    rows: int
    first: date | None
    last: date | None
    is_complete: bool
    spans: tuple[str, ...]

    @property
    def said(self) -> str:
        """What people call such records."""
        return self._names[1]

    @property
    def _names(self) -> tuple[str, str]:
        plain = self.kind.replace("_", " ")
        return SAID.get(self.kind, (plain, plain))

    @property
    def words(self) -> str:
        """What is there, since when."""
        if not self.rows:
            return f"no {self.said}"
        said = f"{counted(self.rows, *self._names)} from {self.first} to {self.last}"
        return said if self.is_complete else f"{said}, complete only {' and '.join(self.spans)}"


@dataclass(frozen=True, slots=True)
class Began:
    """How many partners began with an act: early enough to have months before, and how many never did.

    Attributes
    ----------
    since
        The first day on which anybody did.
    one_day
        The share that began on that day.
    """

    kind: str
    column: str
    word: str
    since: date
    before: int
    begun: int
    never: int
    one_day: float


@dataclass(frozen=True, slots=True)
class Traded:
    """Deals with a partner: won, lost, won with an amount; the partners that won any, and the first day on which one was won."""

    won: int
    lost: int
    sized: int
    partners: int
    first: date | None


@dataclass(frozen=True, slots=True)
class Sided:
    """Deals that ended and have a worth from before their end: direct ones and those with a partner."""

    direct_won: int
    direct_lost: int
    partner_won: int
    partner_lost: int


def kept(facts: FactSource, kind: FactKind, question: ReadinessQuestion, known: int) -> Kept:
    """The facts of a kind."""
    statement = KIND.format(day=kind.day_columns[0], kind=kind.name, known=statements.KNOWN.format(alias="f"))
    span = {"since": question.since, "until": question.until, "known": known}
    found = facts.connection.cursor().execute(statement, span).fetchone() or (0, None, None)
    rows, first, last = found
    missing = coverage_test(facts.coverage)(kind.name, question.since, question.until)
    return Kept(kind.name, int(rows), first, last, not missing, tuple(_spans(facts, kind.name)))


def _spans(facts: FactSource, kind: str) -> Iterator[str]:
    for row in facts.coverage:
        if row.kind == kind:
            yield f"{row.complete_from or 'always'} to {row.complete_to or 'now'} ({row.source})"


def traded(facts: FactSource, question: ReadinessQuestion, known: int) -> Traded:
    """Deals with a partner."""
    statement = DEALS.format(known=statements.KNOWN.format(alias="d"), link_known=statements.KNOWN.format(alias="l"))
    bound = {"since": question.since, "until": question.until, "known": known, "won": question.won}
    found = facts.connection.cursor().execute(statement, bound | {"lost": question.lost}).fetchone() or (
        0,
        0,
        0,
        0,
        None,
    )
    won, lost, partners, sized = (int(one) for one in found[:4])
    return Traded(won, lost, sized, partners, found[4])


def sided(facts: FactSource, question: ReadinessQuestion, known: int) -> Sided:
    """Deals by side."""
    statement = SIDES.format(known=statements.KNOWN.format(alias="d"), link_known=statements.KNOWN.format(alias="l"))
    bound = {"since": question.since, "until": question.until, "known": known, "won": question.won}
    found = facts.connection.cursor().execute(statement, bound | {"lost": question.lost}).fetchone()
    return Sided(*(int(one) for one in found or (0, 0, 0, 0)))


def acts(
    facts: FactSource, program: Program, question: ReadinessQuestion, known: int, *, before: int
) -> Iterator[Began]:
    """Every act that words of the usual columns name, with the partners that began; ``before`` months are needed before."""
    session = facts.connection.cursor()
    session.execute(statements.PARTNERS, {"since": question.since, "until": question.until})
    session.execute(statements.REACH[program.header.roll_up])
    partners = (session.execute("SELECT count(*) FROM evidence_partners").fetchone() or (0,))[0]
    for name, column in ACTS.items():
        kind = program.kinds.get(name)
        if kind is not None and kind.column(column) is not None:
            for word in _words(session, kind, column, known):
                days = _days(session, kind, Act(kind.name, word, {column: (word,)}), known)
                yield _began((kind.name, column, word), days, question, before=before, partners=int(partners))


def _words(session: duckdb.DuckDBPyConnection, kind: FactKind, column: str, known: int) -> list[str]:
    statement = WORDS.format(kind=kind.name, column=column, known=statements.KNOWN.format(alias="f"), most=MOST_WORDS)
    return [str(word) for word, _ in session.execute(statement, {"known": known}).fetchall()]


def _days(session: duckdb.DuckDBPyConnection, kind: FactKind, act: Act, known: int) -> list[date]:
    """The day on which each partner began."""
    statement, bound = act_statement(kind, act)
    return [day for _, day in session.execute(statement, bound | {"known": known}).fetchall()]


def _began(
    named: tuple[str, str, str], days: list[date], question: ReadinessQuestion, *, before: int, partners: int
) -> Began:
    kind, column, word = named
    days = [day for day in days if day < question.until]
    ready = add_months(question.since, before)
    first = min(days, default=question.since)
    return Began(
        kind=kind,
        column=column,
        word=word,
        since=first,
        before=sum(day < ready for day in days),
        begun=sum(day >= ready for day in days),
        never=partners - len(days),
        one_day=sum(day == first for day in days) / len(days) if days else 0.0,
    )
