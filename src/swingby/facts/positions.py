"""The ledger of facts that came from files: positions, reversals, chains of replacements.

Each distinct time of recording becomes a position, in order. A row that reverses another one takes it away from its
own position on; if it says something itself it takes the other's place, and the two are one chain with one root.
"""

from __future__ import annotations

from collections.abc import Sequence

from swingby.facts.checks import LAST_DAY
from swingby.facts.contracts import END_COLUMNS, REVERSES, TableContract
from swingby.facts.desk import Desk
from swingby.facts.issues import ISSUE_CODES

#: What a row reverses is looked for by one equality, and only then told apart: anything else asks every row about every row.
_LINKS = """
CREATE TEMP TABLE links_{name} AS
WITH reversing AS (SELECT * FROM good_{name} WHERE reverses IS NOT NULL),
said AS (
    SELECT fact_id, source, _raw_id, coalesce(_raw_id, fact_id) AS called FROM good_{name} WHERE NOT _bare
),
found AS (
    SELECT r._file, r._line, t.fact_id AS target FROM reversing AS r JOIN said AS t ON t.called = r.reverses
    WHERE t._raw_id IS NULL OR t.source IS NOT DISTINCT FROM r.source
)
SELECT r._file, r._line, r.fact_id, r.reverses, f.target, r._recorded, CAST(NULL AS VARCHAR) AS root,
       row_number() OVER (PARTITION BY f.target ORDER BY r._recorded, r._file, r._line) AS nth,
       f.target IS NULL AND r.reverses IN (SELECT fact_id FROM lost_{name}) AS answers_a_lost_row
FROM reversing AS r LEFT JOIN found AS f ON f._file = r._file AND f._line = r._line
"""
_ROOTS = """
UPDATE links_{name} SET root = chain.root FROM (
    WITH RECURSIVE chain(fact_id, root) AS (
        SELECT target, target FROM links_{name}
        WHERE target NOT IN (SELECT fact_id FROM links_{name}) AND target NOT IN (SELECT fact_id FROM refused_{name})
        UNION ALL
        SELECT l.fact_id, c.root FROM links_{name} AS l JOIN chain AS c ON l.target = c.fact_id
    )
    SELECT fact_id, root FROM chain
) AS chain WHERE chain.fact_id = links_{name}.fact_id
"""
_LINKED = """
LEFT JOIN links_{name} AS l ON l.fact_id = t.fact_id
LEFT JOIN links_{name} AS r ON r.target = t.fact_id
LEFT JOIN ref_positions AS q ON q.recorded_at = r._recorded
"""
_REVERSED_AT = "CASE WHEN r.target IS NOT NULL THEN greatest(coalesce(q.position, p.position), p.position) END"

_KNOWN_IDS = """
SELECT fact_id FROM known_{name}
UNION ALL SELECT substr(fact_id, length(source) + 2) FROM known_{name} WHERE starts_with(fact_id, source || ':')
"""
_COMPARED = (
    "INSERT INTO sources_{name} SELECT DISTINCT source FROM good_{name}",
    "CREATE TEMP TABLE lost_ids_{name} AS SELECT fact_id FROM lost_{name} WHERE fact_id IS NOT NULL",
    """
    CREATE TEMP TABLE outward_{name} AS SELECT fact_id, reverses, source, _bare AS says_nothing FROM good_{name}
    WHERE reverses IN ({known}) AND reverses NOT IN (SELECT coalesce(_raw_id, fact_id) FROM good_{name} WHERE NOT _bare)
    """,
)

#: What a credential takes from its type when it does not say it itself.
_FROM_TYPE = ("family", "role", "level", "product")


def link_reversals(desk: Desk, contract: TableContract) -> bool:
    """Report reversals that cannot be and leave them out; the others become ``links_<kind>``.

    Returns
    -------
    bool
        Whether the kind has any reversals.
    """
    name = contract.name
    if desk.compared:
        _note_sources(desk, contract)
    if not _found(desk, f"SELECT 1 FROM good_{name} WHERE {REVERSES} IS NOT NULL"):
        return False
    desk.connection.execute(f"CREATE TEMP TABLE IF NOT EXISTS lost_{name} (fact_id VARCHAR)")
    desk.connection.execute(_LINKS.format(name=name))
    if desk.compared:
        desk.connection.execute(
            f"DELETE FROM links_{name} WHERE target IS NULL AND {REVERSES} IN ({_KNOWN_IDS.format(name=name)})"
        )
    desk.connection.execute(f"DELETE FROM links_{name} WHERE answers_a_lost_row")
    desk.connection.execute(f"CREATE TEMP TABLE refused_{name} (_file INTEGER, _line BIGINT, fact_id VARCHAR)")
    _refuse(desk, name, "reverses-unknown", "target IS NULL", "There is no fact with this id.")
    _refuse(desk, name, "reverses-taken", "nth > 1", "Another row reverses it already; reverse that row instead.")
    desk.connection.execute(_ROOTS.format(name=name))
    _refuse(desk, name, "reverses-circle", "root IS NULL", "It leads back to itself, or to a row that was left out.")
    desk.connection.execute(
        f"DELETE FROM good_{name} WHERE (_file, _line) IN (SELECT (_file, _line) FROM refused_{name})"
    )
    return True


def _note_sources(desk: Desk, contract: TableContract) -> None:
    """Keep what a comparison with known facts needs: sources, ids of rows left out, reversals of known facts."""
    name = contract.name
    desk.connection.execute(f"CREATE TEMP TABLE IF NOT EXISTS lost_{name} (fact_id VARCHAR)")
    desk.connection.execute(f"CREATE TEMP TABLE sources_{name} (source VARCHAR)")
    for source in desk.sources[name]:
        desk.connection.execute(f"INSERT INTO sources_{name} VALUES (?)", [source])
    for statement in _COMPARED:
        desk.connection.execute(statement.format(name=name, known=_KNOWN_IDS.format(name=name)))


def number_positions(desk: Desk, contracts: Sequence[TableContract]) -> None:
    """Fill ``ref_positions`` with every distinct time of recording, in order."""
    if not contracts:
        return
    times = " UNION ALL ".join(f"SELECT _recorded FROM good_{contract.name}" for contract in contracts)
    desk.connection.execute(
        "INSERT INTO ref_positions SELECT row_number() OVER (ORDER BY _recorded), _recorded FROM (SELECT DISTINCT _recorded"
        f" FROM ({times}) WHERE _recorded IS NOT NULL)"
    )


def finish_facts(desk: Desk, contract: TableContract, *, linked: bool) -> None:
    """Fill ``fact_<kind>`` with the rows that say something, with positions and roots."""
    joins = _LINKED.format(name=contract.name) if linked else ""
    if contract.name == "credentials":
        joins += " LEFT JOIN ref_credential_types AS c ON c.code = t.code"
    columns = ", ".join(final_value(contract, column.name) for column in contract.columns)
    root, reversed_at = ("coalesce(l.root, t.fact_id)", _REVERSED_AT) if linked else ("t.fact_id", "NULL")
    desk.connection.execute(
        f"INSERT INTO {contract.relation} SELECT t.fact_id, {root}, p.position, {reversed_at}, t.source, {columns}"
        f" FROM good_{contract.name} AS t JOIN ref_positions AS p ON p.recorded_at = t._recorded {joins} WHERE NOT t._bare"
    )
    desk.connection.execute(f"DROP TABLE good_{contract.name}")


def final_value(contract: TableContract, name: str) -> str:
    """A column as it is kept: far ends are open, and a credential is completed from its type."""
    value = f't."{name}"'
    if name in END_COLUMNS:
        value = f"CASE WHEN {value} <= {LAST_DAY} THEN {value} END"
    if contract.name != "credentials":
        return value
    if name in _FROM_TYPE:
        return f'coalesce({value}, c."{name}")'
    return f"least({value}, c.counts_until)" if name == "ends_on" else value


def _refuse(desk: Desk, name: str, code: str, when: str, reason: str) -> None:
    level = ISSUE_CODES[code][0]
    if not _found(desk, f"SELECT 1 FROM links_{name} WHERE {when}"):
        return
    desk.connection.execute(
        f"INSERT INTO row_issues SELECT _file, _line, '{name}', '{REVERSES}', {REVERSES}, '{code}', '{reason}', '',"
        f" '{level}' FROM links_{name} WHERE {when}"
    )
    desk.connection.execute(f"INSERT INTO refused_{name} SELECT _file, _line, fact_id FROM links_{name} WHERE {when}")
    desk.connection.execute(f"DELETE FROM links_{name} WHERE {when}")


def _found(desk: Desk, query: str) -> bool:
    return desk.connection.execute(f"{query} LIMIT 1").fetchone() is not None
