"""Whether two contenders wrote the same standings and the same requirement rows, each exactly once."""

from __future__ import annotations

from pathlib import Path

from bench.engine_case.ours import limited

KEPT = {
    "standings": "enrolment, as_of, ladder, tier",
    "requirements": (
        "enrolment, as_of, ladder, path, CAST(value AS DECIMAL(38, 12)) AS value, CAST(line AS DECIMAL(38, 12)) AS line, "
        "CAST(gap AS DECIMAL(38, 12)) AS gap, result"
    ),
}
#: The rows and the different keys of each side, and how many pairs of rows are equal.
_COMPARED = """
SELECT (SELECT count(*) FROM read_parquet('{one}/*.parquet')),
       (SELECT count(*) FROM (SELECT DISTINCT {keys} FROM read_parquet('{one}/*.parquet'))),
       (SELECT count(*) FROM read_parquet('{other}/*.parquet')),
       (SELECT count(*) FROM (SELECT DISTINCT {keys} FROM read_parquet('{other}/*.parquet'))),
       (SELECT count(*) FROM (SELECT {kept} FROM read_parquet('{one}/*.parquet')) AS a
        JOIN (SELECT {kept} FROM read_parquet('{other}/*.parquet')) AS b ON {same} AND {alike})
"""
_KEYS = {"standings": "enrolment as_of ladder", "requirements": "enrolment as_of ladder path"}
_ALIKE = {"standings": "tier", "requirements": "value line gap result"}


def differences(one: Path, other: Path) -> list[str]:
    """What differs between two folders of results, in words; nothing when they are equal."""
    found = []
    with limited() as connection:
        for name, kept in KEPT.items():
            same = " AND ".join(f"a.{column} = b.{column}" for column in _KEYS[name].split())
            alike = " AND ".join(f"a.{column} IS NOT DISTINCT FROM b.{column}" for column in _ALIKE[name].split())
            keys = ", ".join(_KEYS[name].split())
            text = _COMPARED.format(one=one / name, other=other / name, kept=kept, keys=keys, same=same, alike=alike)
            mine, *counts = connection.execute(text).fetchall()[0]
            if not mine or any(count != mine for count in counts):
                found.append(f"{name}: rows, keys, their rows, their keys, equal rows: {mine:,} {counts}")
    return found
