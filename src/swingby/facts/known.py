"""What is known already, beside a delivery that is read: its reference rows are used, its facts are compared with.

A key is what stays the same of an id through corrections and through reading: ``lms:7~3``, the third version of fact 7
of the source lms, has the key ``7``.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from swingby.facts.contracts import TableContract
from swingby.facts.desk import Desk

if TYPE_CHECKING:
    from swingby.facts.fact_set import FactSet


def bring_known(desk: Desk, known: FactSet, tables: Iterable[TableContract]) -> None:
    """Copy what is known into ``known_<table>`` of the reading: reference tables, and facts of the kinds that came."""
    desk.compared = True
    with tempfile.TemporaryDirectory(prefix="swingby-") as folder:
        file = str(Path(folder) / "known.parquet")
        for contract in tables:
            if contract.kind is None or contract.name in desk.staged:
                known.connection.execute(f"COPY {contract.relation} TO '{file}' (FORMAT parquet)")
                desk.connection.execute(
                    f"CREATE TEMP TABLE known_{contract.name} AS SELECT * FROM read_parquet('{file}')"
                )


def adopt_references(desk: Desk, contract: TableContract) -> None:
    """Add the known rows of a reference table that the delivery does not bring itself."""
    if not desk.compared:
        return
    run, name = desk.connection.execute, contract.name
    same = " AND ".join(f'k."{key}" IS NOT DISTINCT FROM o."{key}"' for key in contract.key)
    run(f"CREATE TEMP TABLE own_{name} AS SELECT * FROM ref_{name}")
    run(
        f"INSERT INTO ref_{name} SELECT * FROM known_{name} AS k WHERE NOT EXISTS (SELECT 1 FROM own_{name} AS o WHERE {same})"
    )
    if desk.count(f"SELECT count(*) FROM known_{name}"):
        desk.staged.add(name)


def key_of(fact_id: str, source: str) -> str:
    """The key of an id, as an expression."""
    return rf"regexp_replace({without_source(fact_id, source)}, '~\d+$', '')"


def without_source(fact_id: str, source: str) -> str:
    """An id without the source in front of it, as an expression."""
    mark = f"({source} || ':')"
    return f"CASE WHEN starts_with({fact_id}, {mark}) THEN substr({fact_id}, length({mark}) + 1) ELSE {fact_id} END"
