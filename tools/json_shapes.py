"""The shape of what each command prints under ``--json``, as JSON Schema, made from the types of its answer.

`python -m tools.json_shapes` writes docs/reference/json anew.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import EnumType
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import swingby.facts
from swingby.cli.check import Checked
from swingby.cli.comparing import ToldComparison
from swingby.cli.completion import Script
from swingby.cli.decide import Settled
from swingby.cli.enablement import CheckedCatalogue, Covered, Grown
from swingby.cli.enablement_ahead import Coming, Moved
from swingby.cli.enablement_changes import ChangedCatalogue
from swingby.cli.explain import Explained
from swingby.cli.failures import Failed
from swingby.cli.init import Begun
from swingby.cli.load import LoadedDelivery
from swingby.cli.planning import Planned
from swingby.cli.replay import Replayed
from swingby.cli.test import Tried
from swingby.cli.validate import Validated
from swingby.engine import HistoryLine, Standing
from swingby.engine import path as paths
from swingby.generation import Summary
from swingby.generation.firm import FirmSummary
from swingby.insight import Card
from swingby.program import Description, Difference, Location
from swingby.web.server.backups import Backup
from tools.places import ROOT

FOLDER = ROOT / "docs" / "reference" / "json"
#: What a command answers with.
ANSWERS: Mapping[str, Any] = {
    "init": Begun,
    "check": Checked,
    "validate": Validated,
    "load": LoadedDelivery,
    "assess": tuple[Standing, ...],
    "explain": Explained,
    "history": tuple[HistoryLine, ...],
    "path": paths.Path,
    "decide": Settled,
    "replay": Replayed,
    "describe": Description,
    "difference": Difference,
    "evidence": Card,
    "experiment": Planned,
    "enablement": CheckedCatalogue | Covered | Grown | Coming | Moved | ChangedCatalogue,
    "compare": ToldComparison,
    "backtest": ToldComparison,
    "test": Tried,
    "generate": Summary | FirmSummary,
    "backup": Backup,
    "restore": Backup,
    "completion": Script,
}
#: Commands that show something for as long as they run, in place of an answer.
WITHOUT_ANSWER = ("demo", "serve")
_SCALARS: Mapping[Any, Mapping[str, Any]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    float: {"type": "number"},
    Decimal: {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$"},
    date: {"type": "string", "format": "date"},
    datetime: {"type": "string", "format": "date-time"},
    Path: {"type": "string"},
    Location: {"type": "string", "pattern": r":[0-9]+:[0-9]+$"},
}


@dataclass(slots=True)
class Shapes:
    """Turns types into schemas; models are named once under ``$defs``.

    Parameters
    ----------
    is_closed
        Refuse keys that the model does not have; readers should not, because later versions may add some.
    """

    is_closed: bool = False
    models: dict[str, dict[str, Any]] = field(default_factory=dict)

    def of(self, kind: Any) -> dict[str, Any]:
        """The schema of a type."""
        origin, inner = get_origin(kind), get_args(kind)
        if kind in _SCALARS:
            return dict(_SCALARS[kind])
        if origin in (UnionType, Union):
            return {"anyOf": [{"type": "null"} if part is NoneType else self.of(part) for part in inner]}
        if origin is tuple:
            return _array(self.of(inner[0]), None if inner[-1] is Ellipsis else len(inner))
        if origin is Mapping:
            return {"type": "object", "additionalProperties": self.of(inner[1])}
        if origin is Literal or isinstance(kind, EnumType):
            return {"enum": list(inner or kind)}
        if is_dataclass(kind):
            return self._model(kind)
        raise TypeError(f"{kind} has no shape")

    def _model(self, kind: Any) -> dict[str, Any]:
        name = f"{kind.__module__.rpartition('.')[2]}.{kind.__name__}"
        if name not in self.models:
            hints = get_type_hints(kind, localns=_named_late(kind))
            model = self.models[name] = {"type": "object", "required": [item.name for item in fields(kind)]}
            model["properties"] = {item.name: self.of(hints[item.name]) for item in fields(kind)}
            if self.is_closed:
                model["additionalProperties"] = False
        return {"$ref": f"#/$defs/{name}"}


def _array(items: dict[str, Any], number: int | None) -> dict[str, Any]:
    """Any number of items, or exactly so many."""
    bounds = {} if number is None else {"minItems": number, "maxItems": number}
    return {"type": "array", "items": items, **bounds}


def _named_late(kind: Any) -> dict[str, Any]:
    """Names that a module imports for its types only, because they bring a database along."""
    own = vars(sys.modules[kind.__module__])
    return {name: value for name, value in vars(swingby.facts).items() if name not in own}


def schema_of(kind: Any, *, is_closed: bool = False) -> dict[str, Any]:
    """A whole schema for an answer."""
    shapes = Shapes(is_closed)
    found = shapes.of(kind)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **found, "$defs": shapes.models}


def failure_schema() -> dict[str, Any]:
    """The schema of what is printed in place of an answer; what was known already may stand beside the error."""
    shapes = Shapes()
    parts = {"error": shapes.of(Failed), "issues": {"type": "array", "items": {"type": "object"}}}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "required": list(parts),
        "properties": parts,
        "$defs": shapes.models,
    }


def written() -> dict[str, str]:
    """The files of the folder by name."""
    schemas = {name: schema_of(kind) for name, kind in ANSWERS.items()} | {"failure": failure_schema()}
    return {f"{name}.schema.json": json.dumps(schema, indent=1) + "\n" for name, schema in schemas.items()}


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, text in written().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
