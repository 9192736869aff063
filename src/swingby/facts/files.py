"""The files of a folder: which of them hold facts, what table each becomes, and how it is staged."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from swingby.errors import SwingbyError
from swingby.facts.contracts import TableContract, suggestion
from swingby.facts.desk import Desk
from swingby.facts.mapping import FactMapping, FileMapping
from swingby.facts.relations import stage_parquet
from swingby.facts.staging import stage_delimited
from swingby.facts.unpacking import PACKED, shown, unpacked
from swingby.facts.workbooks import Sheet, sheet_names, stage_sheet

Stage = Callable[[Desk, TableContract, Path, str, FileMapping | None], None]

#: File name ending -> how it is staged. Other formats find their place here.
READERS: Mapping[str, Stage] = {".csv": stage_delimited, ".tsv": stage_delimited, ".parquet": stage_parquet}
WORKBOOKS = frozenset({".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"})
_CHUNK = 1 << 20


@dataclass(slots=True)
class Folder:
    """One reading of a folder, or of only one file in it."""

    desk: Desk
    path: Path
    tables: Mapping[str, TableContract]
    mapping: FactMapping | None = None
    only: Path | None = None
    _seen: dict[tuple[str, str, int], list[tuple[Path, str, str]]] = field(default_factory=dict)

    def stage(self) -> None:
        """Stage every file that holds a table."""
        for file in self._files():
            name = shown(file.relative_to(self.path).as_posix())
            try:
                with unpacked(file) as plain:
                    self._stage_file(plain, name)
            except SwingbyError as error:
                self.desk.report("file-unreadable", error.message, error.hint, file=name)
            except OSError as error:
                reason = f"The file cannot be opened: {error.strerror}."
                self.desk.report("file-unreadable", reason, "Check who may read it.", file=name)

    def _files(self) -> Iterator[Path]:
        """Files that may hold facts, in order of name; hidden ones and texts of other kinds are passed over."""
        for file in sorted(self.path.rglob("*")) if self.only is None else [self.only]:
            inside = file.relative_to(self.path)
            hidden = any(part.startswith((".", "_")) for part in inside.parts)
            known = self.only is not None or self._is_known(file) or self._entries(inside.as_posix())
            if file.is_file() and not hidden and known:
                yield file

    def _is_known(self, file: Path) -> bool:
        ending = Path(file.stem).suffix if file.suffix.lower() == PACKED else file.suffix
        return ending.lower() in READERS or ending.lower() in WORKBOOKS

    def _entries(self, name: str) -> tuple[FileMapping, ...]:
        return self.mapping.of(name) if self.mapping is not None else ()

    def _stage_file(self, file: Path, name: str) -> None:
        if file.suffix.lower() in WORKBOOKS:
            self._stage_workbook(file, name)
            return
        reader = READERS.get(file.suffix.lower(), stage_delimited)
        for contract, entry in self._targets(name):
            if self._is_new(contract, file, name, part=entry.read if entry else ""):
                self.desk.prepare(contract)
                reader(self.desk, contract, file, name, entry)

    def _stage_workbook(self, file: Path, name: str) -> None:
        sheets = sheet_names(file)
        if not sheets:
            raise SwingbyError(code="file-unreadable", message="The workbook has no sheet.")
        named = {sheet: self._table(sheet) for sheet in sheets}
        found: list[tuple[TableContract, FileMapping | None, str]] = []
        if not self._entries(name) and any(named.values()):
            found += [(contract, None, sheet) for sheet, contract in named.items() if contract is not None]
        else:
            for contract, entry in self._targets(name):
                found.append((contract, entry, entry.sheet if entry and entry.sheet else sheets[0]))
        for contract, entry, sheet in found:
            self._stage_sheet(file, name, (contract, entry, sheet), sheets)

    def _stage_sheet(
        self, file: Path, name: str, part: tuple[TableContract, FileMapping | None, str], sheets: list[str]
    ) -> None:
        contract, entry, sheet = part
        if sheet not in sheets:
            hint = suggestion(sheet, sheets) or f"It has: {', '.join(sheets)}."
            self.desk.report("file-unreadable", f'The workbook has no sheet "{sheet}".', hint, file=name)
        elif self._is_new(contract, file, name, part=sheet):
            self.desk.prepare(contract)
            shown = name if len(sheets) == 1 else f"{name}/{sheet}"
            stage_sheet(self.desk, contract, Sheet(file, sheet, shown), entry)

    def _targets(self, name: str) -> list[tuple[TableContract, FileMapping | None]]:
        """The tables that a file becomes: those that the mapping says, else the one that it is named after."""
        entries = self._entries(name)
        if entries:
            return [(self.tables[each.table], each) for each in entries]
        inside = Path(name)
        contract = self._table(inside.name.split(".")[0]) or (
            self._table(inside.parent.name) if inside.parent.name else None
        )
        if contract is None:
            self._report_unknown(name)
        return [(contract, None)] if contract is not None else []

    def _table(self, name: str) -> TableContract | None:
        return self.tables.get(table_name(name))

    def _report_unknown(self, name: str) -> None:
        plain = table_name(Path(name).name.split(".")[0])
        reason = f'The program has no table "{plain}"; the file is not read.'
        hint = suggestion(plain, self.tables) or "Name the file after a table, or say in a mapping what it is."
        if self.only is not None:
            raise SwingbyError(code="file-unreadable", message=reason, hint=hint)
        self.desk.report("file-unknown", reason, hint, file=name)

    def _is_new(self, contract: TableContract, file: Path, name: str, *, part: str) -> bool:
        """Whether no other file of the table has this content; the same export twice changes nothing."""
        same_size = self._seen.setdefault((contract.name, part, file.stat().st_size), [])
        digest = _digest(file)
        first = next((other for _, other, known in same_size if known == digest), None)
        same_size.append((file, name, digest))
        if first is not None:
            reason = f"It is the same as {first}; it is not read again."
            self.desk.report("file-twice", reason, "Take one of the two away.", file=name)
        return first is None


def table_name(name: str) -> str:
    """A name of a file, a sheet or a table of a database as the name of a table: ``fact_`` and ``ref_`` fall away."""
    return name.strip().lower().replace("-", "_").replace(" ", "_").removeprefix("fact_").removeprefix("ref_")


def _digest(file: Path) -> str:
    found = hashlib.blake2b()
    with file.open("rb") as stream:
        while piece := stream.read(_CHUNK):
            found.update(piece)
    return found.hexdigest()
