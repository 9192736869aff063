"""Bring the checked facts of an example into PostgreSQL under row-level security."""

from __future__ import annotations

from swingby.facts import FactSet, stored_contracts
from swingby.program import REFERENCE_TABLES, Program
from swingby.web.domain.batches import fact_query, reference_query
from swingby.web.domain.carrying import insert_staged, stage_rows


def copy_facts(facts: FactSet, program: Program, *, owner: str) -> None:
    """Copy every position, reference row and fact of an owner that has none yet, with the positions they have."""
    _bring(facts, "ref_positions", f"SELECT '{owner}' AS owner_org, position, recorded_at FROM ref_positions")
    for table in REFERENCE_TABLES:
        _bring(facts, f"ref_{table}", reference_query(facts, table, owner, rows=f"ref_{table}"))
    for contract in stored_contracts(program).values():
        if contract.kind is not None:
            _bring(facts, contract.relation, fact_query(contract, contract.kind, owner))


def _bring(facts: FactSet, table: str, query: str) -> None:
    """Stage the rows of a query, insert them in chunks and compare the counts."""
    _, columns = stage_rows(facts, query, like=table, staged="staged")
    done, expected = insert_staged("staged", into=table, columns=columns), facts.count(table)
    if done != expected:
        raise RuntimeError(f"{table}: {done} rows of {expected} were inserted")
