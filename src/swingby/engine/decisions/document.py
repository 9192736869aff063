"""A decision as text: JSON with a row on each line, the same bytes for the same decision, with a hash of its content."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final

from swingby.engine.decisions.deciding import Basis, Decision
from swingby.engine.decisions.rows import DecidedRows
from swingby.engine.decisions.typed import TypedReader
from swingby.errors import SwingbyError
from swingby.program import plain_number

#: The form that is written; a reader knows this one and those before it.
FORM: Final = 1
_NOT_HASHED = frozenset({"hash", "places"})


@dataclass(frozen=True, slots=True)
class ReadDecision:
    """A decision as it was read.

    Attributes
    ----------
    texts
        The program's texts of then, by file.
    places
        Where program and facts were found, seen from the decision's folder; hints, which the hash does not cover.
    hash
        The one that the document states.
    is_altered
        The content has another hash.
    """

    decision: Decision
    texts: Mapping[str, str]
    places: Mapping[str, str]
    hash: str
    is_altered: bool


def as_document(decision: Decision, texts: Mapping[str, str], places: Mapping[str, str]) -> str:
    """Write a decision with a copy of its program.

    Parameters
    ----------
    decision
        What was settled.
    texts
        The program's texts by file, as `swingby.program.read_texts` gives them.
    places
        Where ``program`` and ``facts`` are, seen from the folder that the text will stand in.
    """
    content = _content(decision, texts)
    head = {"decision": FORM, "hash": _hash(content), "places": dict(places)}
    return _laid_out({**head, **content})


def hash_of(decision: Decision, texts: Mapping[str, str]) -> str:
    """The hash that the document of a decision states; wherever it stands, and whatever its places."""
    return _hash(_content(decision, texts))


def read_document(text: str, *, name: str) -> ReadDecision:
    """Read a decision.

    Parameters
    ----------
    text
        What `as_document` wrote.
    name
        What messages call it.

    Raises
    ------
    SwingbyError
        ``decision-unreadable`` with the place; ``decision-newer`` for a form that this version does not know.
    """
    found = _parsed(text, name)
    reader = TypedReader(name)
    basis = {item.name: found.get(item.name) for item in fields(Basis)}
    rows = {item.name: found.get(item.name) for item in fields(DecidedRows)}
    decision = Decision(reader.read(Basis, basis, ""), reader.read(DecidedRows, rows, ""))
    lines = reader.read(Mapping[str, tuple[str, ...]], found.get("texts"), "texts")
    places = reader.read(Mapping[str, str], found.get("places", {}), "places")
    content = {key: value for key, value in found.items() if key not in {*_NOT_HASHED, "decision"}}
    stated = str(found.get("hash", ""))
    texts = {file: "\n".join(parts) for file, parts in lines.items()}
    return ReadDecision(decision, texts, places, stated, stated != _hash(content))


def _parsed(text: str, name: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        place = f"line {error.lineno}" if isinstance(error, json.JSONDecodeError) else "its nesting"
        raise unreadable(name, f"It is no JSON, see {place}") from error
    form = found.get("decision") if isinstance(found, dict) else None
    if not isinstance(form, int) or isinstance(form, bool) or form < 1:
        raise unreadable(name, 'It does not begin with "decision": 1')
    if form > FORM:
        message = f"{name} has form {form}; this version of Swingby reads up to {FORM}."
        raise SwingbyError(
            code="decision-newer", message=message, hint="Use the version that wrote it, or a later one."
        )
    return dict(found)


def unreadable(name: str, reason: str) -> SwingbyError:
    """The error for something that is no decision."""
    return SwingbyError(
        code="decision-unreadable",
        message=f"{name} is not a decision that can be read. {reason}.",
        hint="Name a file that `swingby decide` wrote.",
    )


def _content(decision: Decision, texts: Mapping[str, str]) -> dict[str, Any]:
    parts = {item.name: getattr(decision.basis, item.name) for item in fields(Basis)}
    lines = {name: text.split("\n") for name, text in sorted(texts.items())}
    return {key: _plain(value) for key, value in {**parts, **decision.rows.sections, "texts": lines}.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {name: _plain(item) for name, item in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return {item.name: _plain(getattr(value, item.name)) for item in fields(value)}
    return _scalar(value)


def _scalar(value: Any) -> str | int | bool | None:
    if isinstance(value, Decimal):
        return plain_number(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, date) else value


def _hash(content: Mapping[str, Any]) -> str:
    text = json.dumps(content, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return f"sha256:{hashlib.sha256(text.encode('ascii')).hexdigest()}"


# --- layout ---------------------------------------------------------------------------------------------------------


def _laid_out(document: Mapping[str, Any]) -> str:
    """Keys one below the other, and of a list every item on a line of its own."""
    return "{\n" + ",\n".join(f" {_line(key)}: {_block(value, 1)}" for key, value in document.items()) + "\n}\n"


def _block(value: Any, depth: int) -> str:
    if isinstance(value, list) and value:
        return _lines(map(_line, value), "[]", depth)
    if isinstance(value, dict) and any(isinstance(item, list) for item in value.values()):
        return _lines((f"{_line(key)}: {_block(item, depth + 1)}" for key, item in value.items()), "{}", depth)
    return _line(value)


def _lines(items: Iterator[str], brackets: str, depth: int) -> str:
    space = " " * (depth + 1)
    return f"{brackets[0]}\n{space}" + f",\n{space}".join(items) + f"\n{' ' * depth}{brackets[1]}"


def _line(value: Any) -> str:
    """JSON on one line; the name of a folder that is no text is written with escapes."""
    text = json.dumps(value, ensure_ascii=False)
    return json.dumps(value) if _HALVES.search(text) else text


#: Halves of letters, which stand for the bytes of a name that is not UTF-8.
_HALVES = re.compile("[\ud800-\udfff]")
