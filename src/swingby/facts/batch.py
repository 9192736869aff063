"""Adding a delivery to a folder of facts: one more file for each table, never a change to one that is there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from swingby.errors import SwingbyError
from swingby.facts.contracts import TableContract
from swingby.facts.proposal import Proposal


def write_batch(proposal: Proposal, folder: Path, *, recorded_at: datetime, as_written: bool = False) -> list[Path]:
    """Write what a proposal changes; all the files appear, or none.

    Parameters
    ----------
    proposal
        Guarded by the caller.
    folder
        The folder of facts.
    recorded_at
        When this became known; all rows of a batch share it.
    as_written
        Keep the times of recording that the delivery has; for a first load of what happened long ago.

    Raises
    ------
    SwingbyError
        ``file-unwritable``.
    UnicodeEncodeError
        When the path is not UTF-8.
    """
    str(folder).encode("utf-8")  # DuckDB writes under no other names.
    mark = f"{recorded_at.astimezone(UTC):%Y%m%dT%H%M%S.%f}"
    written: list[tuple[Path, Path]] = []
    try:
        for name, query in _queries(proposal, recorded_at, as_written=as_written):
            target = folder / f"{name}.{mark}.csv"
            if target.exists():
                raise _unwritable(target, "There is a batch of this moment already.")
            part = folder / f".{target.name}.part"
            written.append((part, target))
            proposal.incoming.connection.execute(f"COPY ({query}) TO '{_text(part)}' (FORMAT csv, HEADER)")
        for part, target in written:
            part.rename(target)
    except Exception as error:
        for part, _ in written:
            part.unlink(missing_ok=True)
        if isinstance(error, SwingbyError):
            raise
        raise _unwritable(folder, "The batch cannot be written.") from error
    return [target for _, target in written]


def _queries(proposal: Proposal, recorded_at: datetime, *, as_written: bool) -> Iterator[tuple[str, str]]:
    for change in proposal.changes:
        if change.new + change.changed + change.vanished + change.withdrawn:
            yield change.kind, _facts(proposal.contracts[change.kind], recorded_at, as_written=as_written)
    for name, (new, _) in proposal.references.items():
        if new:
            yield name, f"SELECT * FROM added_{name}"


def _facts(contract: TableContract, recorded_at: datetime, *, as_written: bool) -> str:
    name = contract.name
    moment = f"'{recorded_at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}'"
    known_at = _AS_WRITTEN.format(moment=moment) if as_written else moment
    columns = ", ".join(f'c."{column.name}"' for column in contract.columns)
    nothing = ", ".join("NULL" for _ in contract.columns)
    return (
        f"SELECT {_NEW_ID} AS fact_id, c.source, {known_at} AS recorded_at,"
        f" CASE x.status WHEN 'changed' THEN x.current_id END AS reverses, {columns}"
        f" FROM changes_{name} AS x JOIN came_{name} AS c ON c.fact_id = x.fact_id"
        f" LEFT JOIN ref_positions AS p ON p.position = c.position WHERE x.status IN ('new', 'changed')"
        f" UNION ALL SELECT x.current_id || '~gone', x.source, {moment}, x.current_id, {nothing}"
        f" FROM changes_{name} AS x WHERE x.status IN ('vanished', 'withdrawn') ORDER BY 1"
    )


def _text(path: Path) -> str:
    return str(path).replace("'", "''")


def _unwritable(place: Path, reason: str) -> SwingbyError:
    return SwingbyError(code="file-unwritable", message=f"{place}: {reason}", hint="Nothing was written; try again.")


#: A fact that takes another's place under its own id keeps it; another version of a fact is numbered.
_NEW_ID = "CASE WHEN x.root_id IS NULL OR x.by_target THEN x.key ELSE x.key || '~' || (x.versions + 1) END"
_AS_WRITTEN = "coalesce(strftime(p.recorded_at, '%Y-%m-%dT%H:%M:%S.%fZ'), {moment})"
