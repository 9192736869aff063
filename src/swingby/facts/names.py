"""Other names of organizations and people: renamed firms, private mail addresses, resellers as a distributor writes them.

A value that no reference table holds is looked up among the names and becomes the id that they stand for. Spaces and
capitals do not matter, everything else does: a name that is only similar is a hint for a person, never a decision.
"""

from __future__ import annotations

from swingby.facts.contracts import TableContract
from swingby.facts.desk import Desk

#: Names as alike as this are worth a hint.
_ALIKE = "0.88"
#: More pairs than this take too long to compare.
_MOST_PAIRS = 20_000_000

#: Reference table -> where its other names come from, each query with the columns name and id.
_SOURCES = {
    "organizations": (
        "SELECT name, organization AS id FROM ref_organization_names"
        " UNION ALL SELECT name, organization FROM ref_organizations WHERE name IS NOT NULL"
    ),
    "people": "SELECT mail AS name, person AS id FROM ref_mails",
}
_KEYS = {"organizations": "organization", "people": "person"}
_KNOWN = "CREATE TEMP TABLE known_names (about VARCHAR, name VARCHAR, id VARCHAR)"


def gather_names(desk: Desk) -> None:
    """Make ``known_names``: every name that stands for exactly one id, and forget the mail addresses themselves."""
    desk.connection.execute(_KNOWN)
    for about, query in _SOURCES.items():
        desk.connection.execute(
            f"INSERT INTO known_names SELECT '{about}', {folded('name')}, min(id) FROM ({query})"
            " GROUP BY ALL HAVING count(DISTINCT id) = 1"
        )


def forget_names(desk: Desk) -> None:
    """Keep no mail address: facts hold keys only."""
    desk.connection.execute("DELETE FROM ref_mails")


def resolve_names(desk: Desk, contract: TableContract) -> None:
    """Replace other names by the ids that they stand for; what was written is kept, as nothing where nothing was."""
    for column, table in contract.references.items():
        if table in _SOURCES and _any(desk, f"SELECT 1 FROM known_names WHERE about = '{table}'"):
            _resolve(desk, f"good_{contract.name}", column, (column, table))
    if contract.name == "point_of_sale":
        _resolve(desk, "good_point_of_sale", "reseller", ("organization", "organizations"))


def note_resellers(desk: Desk) -> None:
    """Warn, once per name, of resellers at points of sale that no organization is known by."""
    if "point_of_sale" not in desk.staged:
        return
    desk.connection.execute(_UNKNOWN_RESELLERS)
    unknown, names = (_count(desk, table) for table in ("unknown_resellers", "known_names"))
    like = _LIKE if unknown * names <= _MOST_PAIRS else "NULL"
    desk.connection.execute(
        "INSERT INTO unmatched SELECT 'point_of_sale', 'reseller', reseller, 'organization_names', rows"
        " FROM unknown_resellers"
    )
    desk.connection.execute(
        "INSERT INTO row_issues SELECT _file, _line, 'point_of_sale', 'reseller', reseller, 'reseller-unknown',"
        f" {rows_in_words('No organization is known by this name', 'rows', 'point_of_sale')},"
        f" coalesce('Is it ' || {like} || '? ', '') || 'Add the name to organization_names.', 'warning'"
        " FROM unknown_resellers AS u"
    )
    desk.connection.execute("DROP TABLE unknown_resellers")


def rows_in_words(what: str, count: str, table: str) -> str:
    """A reason with the number of rows of a table that it concerns, as an expression."""
    said = f"CASE {count} WHEN 1 THEN ' row of {table} names it.' ELSE ' rows of {table} name it.' END"
    return f"'{what}; ' || {count} || {said}"


def folded(text: str) -> str:
    """A name without what does not matter: capitals and spaces."""
    return f"lower(regexp_replace(trim({text}), '\\s+', ' ', 'g'))"


def _resolve(desk: Desk, table: str, written: str, target: tuple[str, str]) -> None:
    """Replace values that no id is by the ids that they are known by; each value is looked up once."""
    column, about = target
    unknown = (
        f'"{column}" IS NULL' if written != column else f'"{column}" NOT IN (SELECT "{_KEYS[about]}" FROM ref_{about})'
    )
    desk.connection.execute(
        f"CREATE TEMP TABLE resolved AS SELECT w.value, n.id FROM known_names AS n"
        f' JOIN (SELECT DISTINCT "{written}" AS value FROM {table} WHERE {unknown}) AS w'
        f" ON n.about = '{about}' AND n.name = {folded('w.value')}"
    )
    if _any(desk, "SELECT 1 FROM resolved"):
        kept = f'"{column}"' if written == column else "''"
        desk.connection.execute(
            f'UPDATE {table} SET "_t_{column}" = {kept}, "{column}" = r.id FROM resolved AS r'
            f' WHERE r.value = {table}."{written}" AND {unknown}'
        )
    desk.connection.execute("DROP TABLE resolved")


def _any(desk: Desk, query: str) -> bool:
    return desk.connection.execute(f"{query} LIMIT 1").fetchone() is not None


def _count(desk: Desk, table: str) -> int:
    found = desk.connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    return int(found[0]) if found else 0


_UNKNOWN_RESELLERS = """
CREATE TEMP TABLE unknown_resellers AS
SELECT reseller, count(*) AS rows, arg_min(_file, (_file, _line)) AS _file, min((_file, _line))[2] AS _line
FROM good_point_of_sale WHERE organization IS NULL AND NOT _bare GROUP BY reseller
"""
_LIKE = f"""(
    SELECT arg_max(n.id, jaro_winkler_similarity(n.name, {folded("u.reseller")})) FROM known_names AS n
    WHERE n.about = 'organizations' AND jaro_winkler_similarity(n.name, {folded("u.reseller")}) >= {_ALIKE}
)"""
