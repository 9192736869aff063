"""Reads facts into arrays: who the partners are, when each began, and what each did by month."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from swingby.engine import FactSource
from swingby.insight.effects import statements
from swingby.insight.effects.question import Act, EffectQuestion
from swingby.insight.numerics.arrays import Floats, Integers, Truths
from swingby.insight.numerics.panel import NEVER
from swingby.program import Program
from swingby.program.kinds import OWNER_COLUMN, OWNER_LINK, FactKind

if TYPE_CHECKING:
    import duckdb

MONTHS_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class Months:
    """Partners by months.

    Attributes
    ----------
    partners
        Organizations in order; every row of an array is one.
    enrolled
        Whether the partner was enrolled during the whole month.
    won, lost, money, logs, sized
        Deals that ended; money of the won ones by the partner's share; the sum of the logs of their amounts, and of how
        many.
    began
        The month of the act; `NEVER` if there was none in the window, below 0 if it was before.
    regions, tenure
        A number for each region; days enrolled when the window begins (0 for those who joined later).
    one_day
        The share of partners with the act that have it from the very first day that its source knows.
    drawn, invited
        The month of a partner's lot (`NEVER` without one), and whether it was invited.
    """

    partners: tuple[str, ...]
    enrolled: Truths
    won: Floats
    lost: Floats
    money: Floats
    logs: Floats
    sized: Floats
    began: Integers
    regions: Integers
    tenure: Floats
    one_day: float
    drawn: Integers
    invited: Truths


def read_months(facts: FactSource, program: Program, question: EffectQuestion) -> Months:
    """Read what a question needs; facts stay in the database, only sums come out.

    Parameters
    ----------
    facts, program
        The facts, and the program whose roll-up, currency and kinds say what counts for whom.
    question
        Checked before.
    """
    session = facts.connection.cursor()
    known = facts.latest_position if question.known_at is None else question.known_at
    span = {"since": question.since, "until": question.until}
    session.execute(statements.PARTNERS, span)
    session.execute(statements.REACH[program.header.roll_up])
    shape = (_count(session), months_between(question.since, question.until))
    enrolled, regions, tenure, names = _partners(session, question.since, shape[1])
    began, one_day = (
        _began(session, program, question, known, shape[0])
        if question.act.days is None
        else (_given(question, question.act.days, names), 0.0)
    )
    columns = _sums(session, program, question, known, shape)
    drawn, invited = _lots(session, program, question, known, shape[0])
    return Months(
        partners=names,
        enrolled=enrolled,
        began=began,
        regions=regions,
        tenure=tenure,
        one_day=one_day,
        drawn=drawn,
        invited=invited,
        **columns,
    )


def words_of(facts: FactSource, kind: str, column: str) -> set[str]:
    """The words that facts of a kind have in a column; names are checked before."""
    rows = facts.connection.cursor().execute(f'SELECT DISTINCT "{column}" FROM fact_{kind}').fetchall()
    return {str(word) for (word,) in rows if word is not None}


def slices_of(session: duckdb.DuckDBPyConnection) -> int:
    """In how many slices deals are read, so that millions fit into memory."""
    found = session.execute(statements.SLICES).fetchone()
    return int(found[0]) if found else 1


def _sums(
    session: duckdb.DuckDBPyConnection, program: Program, question: EffectQuestion, known: int, shape: tuple[int, int]
) -> dict[str, Floats]:
    """What partners did by month, added up over slices of the deals."""
    result = {name: np.zeros(shape) for name in ("won", "lost", "money", "logs", "sized")}
    slices = slices_of(session)
    ended = statements.ENDED.format(known=statements.KNOWN.format(alias="d"))
    months = statements.MONTHS.format(known=statements.KNOWN.format(alias="l"), part=statements.PART)
    asked = {"since": question.since, "until": question.until, "won": question.won, "lost": question.lost}
    for nth in range(slices):
        common = {"known": known, "slices": slices, "slice": nth}
        session.execute(ended, asked | common | {"currency": program.header.currency})
        bound = common | {"since": question.since} | statements.parts_bound(question.parts)
        found = session.execute(months, bound).fetchnumpy()
        kept = found["month"] < shape[1]
        for name, total in result.items():
            total[found["p"][kept], found["month"][kept]] += np.ma.filled(found[name][kept], 0)
    return result


def months_between(since: date, until: date) -> int:
    """Whole months from a first day of a month to another day."""
    return (until.year - since.year) * MONTHS_A_YEAR + until.month - since.month


def _count(session: duckdb.DuckDBPyConnection) -> int:
    found = session.execute("SELECT count(*) FROM evidence_partners").fetchone()
    return int(found[0]) if found else 0


def _partners(
    session: duckdb.DuckDBPyConnection, since: date, months: int
) -> tuple[Truths, Integers, Floats, tuple[str, ...]]:
    found = session.execute(_ENROLLED, {"since": since}).fetchnumpy()
    month = np.arange(months)
    first, last = np.asarray(found["first"]), np.asarray(found["last"])
    enrolled: Truths = (month >= first[:, None]) & (month < last[:, None])
    tenure = np.asarray(found["tenure"], dtype=np.float64)
    return enrolled, np.asarray(found["region"], dtype=np.int64), tenure, tuple(map(str, found["organization"]))


#: Months are counted from ``since``; one that is begun late or ended early is not a whole one.
_ENROLLED = """
SELECT organization,
       CASE WHEN joined_on IS NULL OR joined_on <= $since THEN 0
            ELSE datediff('month', $since, joined_on) + CASE WHEN day(joined_on) > 1 THEN 1 ELSE 0 END END AS first,
       coalesce(datediff('month', $since, ended_on), 1000000) AS last,
       greatest(0, coalesce(datediff('day', joined_on, $since), 0)) AS tenure,
       CAST(dense_rank() OVER (ORDER BY region) AS BIGINT) AS region
FROM evidence_partners ORDER BY p
"""


def _given(question: EffectQuestion, days: Mapping[str, date], partners: tuple[str, ...]) -> Integers:
    found = [days.get(partner, question.until) for partner in partners]
    return np.array([_month_of(question, day) for day in found], np.int64)


def _month_of(question: EffectQuestion, day: date) -> int:
    """The month of an act; `NEVER` if it is beyond the window, below 0 if it was before."""
    if day >= question.until:
        return NEVER
    return months_between(question.since, day) if day >= question.since else -1


def _began(
    session: duckdb.DuckDBPyConnection, program: Program, question: EffectQuestion, known: int, partners: int
) -> tuple[Integers, float]:
    kind = program.kinds[question.act.kind]
    statement, bound = act_statement(kind, question.act)
    began = np.full(partners, NEVER, np.int64)
    found = session.execute(statement, bound | {"known": known}).fetchall()
    for partner, day in found:
        began[partner] = _month_of(question, day)
    first = statements.FIRST_DAY.format(
        day=kind.day_columns[0], kind=kind.name, known=statements.KNOWN.format(alias="f")
    )
    earliest = session.execute(first, {"known": known}).fetchone()
    one_day = sum(day == earliest[0] for _, day in found) / len(found) if found and earliest else 0.0
    return began, one_day


def _lots(
    session: duckdb.DuckDBPyConnection, program: Program, question: EffectQuestion, known: int, partners: int
) -> tuple[Integers, Truths]:
    drawn, invited = np.full(partners, NEVER, np.int64), np.zeros(partners, bool)
    lots = question.lots
    if lots is None:
        return drawn, invited
    kind = program.kinds[lots.kind]
    where, bound = where_words(lots.where)
    statement = statements.LOT.format(
        kind=kind.name,
        day=kind.day_columns[0],
        column=lots.column,
        where=where,
        holds=statements.HOLDS[kind.shape],
        known=statements.KNOWN.format(alias="f"),
    )
    bound |= {"known": known, "invited": list(lots.invited), "either": [*lots.invited, *lots.waiting]}
    for partner, day, was_invited in session.execute(statement, bound).fetchall():
        if question.since <= day < question.until:
            drawn[partner], invited[partner] = months_between(question.since, day), was_invited
    return drawn, invited


def where_words(where: Mapping[str, tuple[str, ...]]) -> tuple[str, dict[str, Any]]:
    """The condition on columns, and the words that are bound to it."""
    bound: dict[str, Any] = {f"word_{nth}": list(words) for nth, words in enumerate(where.values())}
    parts = [f'list_contains($word_{nth}, f."{name}")' for nth, name in enumerate(where)]
    return " AND ".join(parts) or "TRUE", bound


def act_statement(kind: FactKind, act: Act) -> tuple[str, dict[str, Any]]:
    """The statement for the first day of an act by partner, and the words that are bound to it."""
    where, bound = where_words(act.where)
    link = OWNER_LINK.get(kind.owner)
    text = statements.OWN_ACT if link is None else statements.LINKED_ACT
    return text.format(
        kind=kind.name,
        day=kind.day_columns[0],
        link=link,
        owner=OWNER_COLUMN[kind.owner],
        where=where,
        holds=statements.HOLDS[kind.shape],
        together=statements.TOGETHER[kind.shape],
        known=statements.KNOWN.format(alias="f"),
        link_known=statements.KNOWN.format(alias="l"),
    ), bound
