"""What a program means, as a hash: the same for texts that say the same, whatever their comments, order and words.

A decision stores it beside the hash of the texts, so that a comment that was added later is told from a rule that was.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from swingby.program.comparing import difference
from swingby.program.comparing.bare import without_texts
from swingby.program.model import Program, Track

Likeness = Literal["text", "meaning", "rules", "nothing"]

#: What says where something stands or how it was written, and what follows from the rest.
_NO_MEANING = frozenset({"location", "as_percent", "kinds", "hash"})
#: Parts of the header that are for people, name the version, or decide who sees it when.
_FOR_PEOPLE = frozenset({"id", "version", "label", "announced", "shadow_from"})
#: Where any order says the same.
_IN_ANY_ORDER = frozenset({"conditions", "alternatives", "cases"})


def rules_hash(program: Program) -> str:
    """The hash of what may change a result.

    Labels, notes, comments, the order of rules and the files that they stand in do not count. A part that says no more
    than its default is left out, so that a construct of a later version does not change the hashes of programs that do
    not use it.
    """
    said = {item.name: getattr(program, item.name) for item in fields(program) if item.name not in _NO_MEANING}
    header = {name: value for name, value in _parts(program.header).items() if name not in _FOR_PEOPLE}
    plain = {name: _plain(value) for name, value in said.items() if value} | {"header": header}
    return hashlib.sha256(_text(plain).encode("utf-8")).hexdigest()


def likeness(old: Program, new: Program) -> Likeness:
    """How far two programs are the same: to the text, in every word they say, in their rules only, or not at all."""
    if old.hash == new.hash:
        return "text"
    if rules_hash(old) != rules_hash(new):
        return "nothing"
    return "rules" if difference(old, new).texts else "meaning"


def _parts(model: Any) -> dict[str, object]:
    """The fields of a model that say more than their default."""
    return {
        item.name: _ordered(item.name, type(model), _plain(getattr(model, item.name)))
        for item in fields(model)
        if item.name not in _NO_MEANING and not _is_default(item, getattr(model, item.name))
    }


def _ordered(name: str, kind: type, value: Any) -> object:
    """Conditions and cases look the same in any order; the cases of a computed track are tried one after the other."""
    return sorted(value, key=_text) if name in _IN_ANY_ORDER and kind is not Track else value


def _is_default(item: Field[Any], value: object) -> bool:
    if item.default is not MISSING:
        return type(value) is type(item.default) and value == item.default
    return item.default_factory is not MISSING and value == item.default_factory()


def _plain(value: Any) -> object:
    if isinstance(value, Mapping):
        return {str(name): _plain(item) for name, item in value.items()}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Decimal):
        return {"number": plain_number(value)}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    if is_dataclass(value) and not isinstance(value, type):
        return {"is": type(value).__name__, **_parts(without_texts(value))}
    if value is None or isinstance(value, str | bool | int):
        return value
    raise TypeError(f"{type(value).__name__} has no plain form")


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=True, sort_keys=True)


def plain_number(value: Decimal) -> str:
    """A number with every digit and none that says nothing: 30 for 30.000."""
    text = format(value, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in {"-0", ""} else text
