"""Files with one JSON object in each line, as a CSV file that says the same: numbers stay as they are written."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from collections.abc import Iterable, Iterator
from typing import IO, Any, Final

from swingby.web.domain.errors import RefusedError

ENDINGS: Final = (".ndjson", ".jsonl")
MOST_COLUMNS: Final = 200
_LONGEST_LINE: Final = 1_000_000
_CHUNK: Final = 1 << 20


def is_json_lines(name: str) -> bool:
    """Whether a file of this name holds one object in each line."""
    return name.lower().endswith(ENDINGS)


def csv_name(name: str) -> str:
    """The name of the file that says the same."""
    return f"{name.rpartition('.')[0]}.csv"


def as_csv(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The rows as CSV, piece by piece; the columns are those of all rows, in the order in which they come."""
    with tempfile.TemporaryFile() as kept:
        for chunk in chunks:
            kept.write(chunk)
        names: dict[str, None] = {}
        for row in _rows(kept):
            names.update(dict.fromkeys(row))
            if len(names) > MOST_COLUMNS:
                raise RefusedError(f"The rows have more than {MOST_COLUMNS} columns. Send fewer.")
        yield from _written(kept, list(names))


def _written(kept: IO[bytes], names: list[str]) -> Iterator[bytes]:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, names, restval="", lineterminator="\n")
    writer.writeheader()
    for row in _rows(kept):
        writer.writerow(row)
        if text.tell() > _CHUNK:
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()
    yield text.getvalue().encode()


def _rows(kept: IO[bytes]) -> Iterator[dict[str, str]]:
    kept.seek(0)
    number = 0
    while line := kept.readline(_LONGEST_LINE + 1):
        number += 1
        if len(line) > _LONGEST_LINE:
            raise _wrong(number, "it is longer than a million bytes")
        if line.strip():
            yield _row(line, number)


def _row(line: bytes, number: int) -> dict[str, str]:
    try:
        found = json.loads(line, parse_float=str, parse_int=str, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise _wrong(number, "it is no JSON in UTF-8") from error
    if not isinstance(found, dict):
        raise _wrong(number, "it is no object")
    return {name: _text(value, number) for name, value in found.items()}


def _text(value: Any, number: int) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        raise _wrong(number, "a column holds a list or an object")
    return value


def _wrong(number: int, reason: str) -> RefusedError:
    return RefusedError(f"Line {number} cannot be read: {reason}. Send one object in each line, with plain values.")


def _refuse(word: str) -> str:
    raise ValueError(word)
