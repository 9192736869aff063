"""A mapping as a text that a person can keep, change and hand to the command line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import yaml

from swingby.facts.mapping import ColumnMapping, FileMapping
from swingby.facts.translation import NumberFormat

_DELIMITERS: Final = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}


def mapping_text(files: Sequence[FileMapping]) -> str:
    """Write a mapping as YAML; `read_mapping` reads the same from it."""
    said = {"files": [_file(each) for each in files]}
    return yaml.safe_dump(said, sort_keys=False, allow_unicode=True, width=120)


def _file(each: FileMapping) -> dict[str, Any]:
    said: dict[str, Any] = {
        "read": each.read,
        "as": each.table,
        "source": each.source,
        "mode": each.mode if each.mode != "events" else None,
        "encoding": each.encoding,
        "delimiter": _DELIMITERS.get(each.delimiter or ""),
        "sheet": each.sheet,
        "header_line": each.header_line,
        **_numbers(each.numbers),
        "dates": list(each.dates),
        "time_zone": each.time_zone,
        "columns": {column.column: _column(column) for column in each.columns},
        "keep": {name: list(values) for name, values in each.keep.items()},
        "drop": {name: list(values) for name, values in each.drop.items()},
        "complete": _complete(each),
    }
    return _filled(said)


def _column(column: ColumnMapping) -> str | dict[str, Any]:
    joined, one = column.with_text is not None, len(column.sources) == 1
    several: dict[str, Any] = {"from" if joined or one else "first_of": list(column.sources)} if column.sources else {}
    said = {
        **({"from": column.sources[0]} if one else several),
        "with": column.with_text or None,
        "always": column.always,
        "values": dict(column.values),
        "otherwise": _otherwise(column),
        **(_numbers(column.numbers) if column.numbers else {}),
        "dates": list(column.dates) if column.dates else None,
        "time_zone": column.time_zone,
    }
    kept = _filled(said)
    return column.sources[0] if set(kept) == {"from"} and one else kept


def _otherwise(column: ColumnMapping) -> str | None:
    return column.otherwise.removeprefix("=") if column.values and column.otherwise != "refuse" else None


def _numbers(how: NumberFormat) -> dict[str, Any]:
    written = f"1{how.thousands}234{how.point}56"
    return {"numbers": written if written != "1234.56" else None, "units": list(how.units)}


def _complete(each: FileMapping) -> dict[str, str] | None:
    if each.complete is None:
        return None
    begin, end = each.complete
    return _filled({"from": begin and begin.isoformat(), "to": end and end.isoformat()})


def _filled(said: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in said.items() if value not in (None, [], {}, "")}
