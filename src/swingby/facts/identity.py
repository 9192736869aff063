"""Which row is which: ids for rows without one, and rows that come twice.

A row without an id gets one from its content, so that the same file gives the same ids; equal rows are numbered. The
same id from two sources names two facts: both then carry the source in front. An id that is sent again later with other
content replaces what it said before, as if the new row had named the old one under ``reverses``.
"""

from __future__ import annotations

from swingby.facts.contracts import TableContract
from swingby.facts.desk import Desk
from swingby.facts.issues import ISSUE_CODES
from swingby.facts.typed import named_columns

_LETTERS = 20


def name_rows(desk: Desk, contract: TableContract) -> None:
    """Give every good fact an id, drop repeated rows, keep ids of different sources apart."""
    table = f"good_{contract.name}"
    if _any(desk, f"SELECT 1 FROM {table} WHERE fact_id IS NULL"):
        _replace(desk, table, _with_ids(contract))
    desk.connection.execute(
        f"CREATE TEMP TABLE twice AS SELECT fact_id FROM {table} GROUP BY fact_id HAVING count(*) > 1"
    )
    if _any(desk, "SELECT 1 FROM twice"):
        chain_versions(desk, contract)
        drop_repeated(desk, contract, f"{table} SEMI JOIN twice USING (fact_id)")
        _keep_sources_apart(desk, table)
    desk.connection.execute("DROP TABLE twice")


def chain_versions(desk: Desk, contract: TableContract) -> None:
    """Turn an id that comes again, recorded later and with other content, into a reversal and a new row."""
    table = f"good_{contract.name}"
    if not _any(desk, f"SELECT 1 FROM {table} SEMI JOIN twice USING (fact_id) WHERE _t_recorded_at IS NOT NULL"):
        return
    desk.connection.execute(_VERSIONS.format(table=table, content=content_of(contract)))
    desk.connection.execute(_LATEST_VERSION.format(table=table))
    desk.connection.execute(_NEW_VERSIONS.format(table=table))
    desk.connection.execute("INSERT INTO twice SELECT DISTINCT fact_id || '~' || nth + 1 FROM versions WHERE nth > 0")
    desk.connection.execute("DROP TABLE versions")


def drop_repeated(desk: Desk, contract: TableContract, among: str = "") -> None:
    """Keep the first row of every key; a later one is reported and left out. ``among`` is where repeated keys may be."""
    table, key = f"good_{contract.name}", ", ".join(f'"{name}"' for name in contract.key)
    desk.connection.execute(
        f"CREATE TEMP TABLE repeated_keys AS SELECT {key} FROM {among or table} GROUP BY ALL HAVING count(*) > 1"
    )
    if _any(desk, "SELECT 1 FROM repeated_keys"):
        _drop_repeated(desk, contract)
    desk.connection.execute("DROP TABLE repeated_keys")


def _drop_repeated(desk: Desk, contract: TableContract) -> None:
    table, key = f"good_{contract.name}", ", ".join(f'"{name}"' for name in contract.key)
    desk.connection.execute(
        f"CREATE TEMP TABLE repeated AS SELECT _file, _line, {contract.key[-1]} AS id,"
        f" {content_of(contract)} = first_value({content_of(contract)}) OVER same AS equal,"
        f" first_value(_line) OVER same AS first, row_number() OVER same AS nth"
        f" FROM {table} SEMI JOIN repeated_keys AS twice"
        f" ON {_same_key(table, contract)} WINDOW same AS (PARTITION BY {key} ORDER BY _file, _line)"
    )
    for code, equal, reason, hint in _REPEATED:
        desk.connection.execute(
            f"INSERT INTO row_issues SELECT _file, _line, '{contract.name}', '{contract.key[-1]}', CAST(id AS VARCHAR),"
            f" '{code}', '{reason}' || first || '.', '{hint}', '{ISSUE_CODES[code][0]}'"
            f" FROM repeated WHERE nth > 1 AND equal = {equal}"
        )
    desk.connection.execute(
        f"DELETE FROM {table} USING repeated AS r"
        f" WHERE r.nth > 1 AND {table}._file = r._file AND {table}._line = r._line"
    )
    desk.connection.execute("DROP TABLE repeated")


def _keep_sources_apart(desk: Desk, table: str) -> None:
    """Put the source in front of an id that two sources gave."""
    desk.connection.execute(
        f"CREATE TEMP TABLE of_two AS SELECT fact_id FROM {table} SEMI JOIN twice USING (fact_id)"
        " GROUP BY fact_id HAVING min(coalesce(source, '')) <> max(coalesce(source, ''))"
    )
    if _any(desk, "SELECT 1 FROM of_two"):
        desk.connection.execute(
            f"UPDATE {table} SET _raw_id = fact_id, fact_id = concat(source, ':', fact_id)"
            " WHERE fact_id IN (SELECT fact_id FROM of_two)"
        )
    desk.connection.execute("DROP TABLE of_two")


def content_of(contract: TableContract) -> str:
    """A digest of what a row says, whatever columns the file has and whenever it was recorded.

    Ids count as they were written, so that a name that is learned later changes no digest.
    """
    names = [*(["source"] if contract.kind else []), *(column.name for column in contract.columns)]
    named = named_columns(contract)
    parts = [f"'{name}=' || {_as_written(name) if name in named else _as_text(name)}" for name in sorted(names)]
    return f"md5(concat_ws(chr(31), {', '.join(parts)}))"


def _as_text(name: str) -> str:
    return f'CAST("{name}" AS VARCHAR)'


def _as_written(name: str) -> str:
    return f'nullif(coalesce("_t_{name}", "{name}"), \'\')'


def _with_ids(contract: TableContract) -> str:
    """Rows with ids; those without one are numbered among their equals in the order in which they came."""
    order = "PARTITION BY fact_id IS NULL, _content ORDER BY recorded_at NULLS FIRST, _file, _line"
    made = f"left(_content, {_LETTERS}) || CASE _nth WHEN 1 THEN '' ELSE '-' || _nth END"
    table = f"good_{contract.name}"
    return (
        f"SELECT * EXCLUDE (_content, _nth) REPLACE (coalesce(fact_id, {made}) AS fact_id) FROM"
        f" (SELECT *, CASE WHEN fact_id IS NULL THEN row_number() OVER ({order}) END AS _nth"
        f" FROM (SELECT *, CASE WHEN fact_id IS NULL THEN {content_of(contract)} END AS _content FROM {table}))"
    )


def _replace(desk: Desk, table: str, query: str) -> None:
    desk.connection.execute(f"CREATE TEMP TABLE renewed AS {query}")
    desk.connection.execute(f"DROP TABLE {table}")
    desk.connection.execute(f"ALTER TABLE renewed RENAME TO {table}")


def _any(desk: Desk, query: str) -> bool:
    return desk.connection.execute(f"{query} LIMIT 1").fetchone() is not None


def _same_key(table: str, contract: TableContract) -> str:
    return " AND ".join(f'{table}."{name}" IS NOT DISTINCT FROM twice."{name}"' for name in contract.key)


_VERSIONS = """
CREATE TEMP TABLE versions AS
SELECT *, sum(CAST(new AS INTEGER)) OVER (PARTITION BY source, fact_id ORDER BY _recorded, _file, _line) AS nth FROM (
    SELECT _file, _line, source, fact_id, _recorded, coalesce(
               _content <> lag(_content) OVER same AND _recorded > lag(_recorded) OVER same
               AND _t_recorded_at IS NOT NULL AND reverses IS NULL, false) AS new
    FROM (SELECT *, {content} AS _content FROM {table}
          SEMI JOIN twice USING (fact_id))
    WINDOW same AS (PARTITION BY source, fact_id ORDER BY _recorded, _file, _line)
)
"""
#: Who reverses an id with versions means what it says now.
_LATEST_VERSION = """
UPDATE {table} SET reverses = v.fact_id || '~' || v.nth + 1
FROM (SELECT source, fact_id, max(nth) AS nth FROM versions GROUP BY ALL HAVING max(nth) > 0) AS v
WHERE {table}.reverses = v.fact_id AND {table}.source IS NOT DISTINCT FROM v.source
"""
_NEW_VERSIONS = """
UPDATE {table} SET fact_id = v.fact_id || '~' || v.nth + 1,
       reverses = coalesce(reverses, v.fact_id || CASE v.nth WHEN 1 THEN '' ELSE '~' || v.nth END)
FROM versions AS v WHERE v.nth > 0 AND {table}._file = v._file AND {table}._line = v._line
"""
_REPEATED = (
    ("row-twice", "true", "The same row stands on line ", "It counts once; nothing to do."),
    ("id-twice", "false", "This id has other content on line ", "Name the earlier id under reverses to replace it."),
)
