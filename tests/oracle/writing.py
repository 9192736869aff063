"""Writing programs as YAML text and worlds as CSV files."""

from __future__ import annotations

import csv
import json
import re
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from .tree import Node, World

PLAIN = re.compile(r"^[A-Za-z0-9_-][A-Za-z0-9_.% -]*$")


def write_yaml(program: Node) -> str:
    """A program as YAML text: a block for each section, a line for each thing declared, flow inside."""
    lines: list[str] = []
    for section, content in program.items():
        if section == "program":
            lines.append(f"program: {_flow(content)}")
            continue
        lines.append(f"{section}:")
        lines += [f"  {_scalar(name)}: {_flow(spec)}" for name, spec in content.items()]
    return "\n".join(lines) + "\n"


def _flow(node: Any) -> str:
    if isinstance(node, dict):
        return "{" + ", ".join(f"{_scalar(key)}: {_flow(part)}" for key, part in node.items()) + "}"
    if isinstance(node, list):
        return "[" + ", ".join(_flow(part) for part in node) + "]"
    return _scalar(node)


def _scalar(text: Any) -> str:
    text = str(text)
    return text if PLAIN.match(text) and not text.endswith(" ") else json.dumps(text)


def cell(value: Any) -> str:
    """A value as a CSV cell; a missing one is empty."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def worlds_as_csv(world: World, folder: Path) -> Path:
    """Write ``program.yaml`` and one ``<kind>.csv`` for every kind and reference table with rows.

    The header holds every column that some row has; an empty cell is a missing value. Reference tables and
    links have the names of their kinds (``organizations.csv``, ``enrolments.csv``, ``employments.csv``).
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "program.yaml").write_text(write_yaml(world.program), encoding="utf-8")
    for kind, rows in world.facts.items():
        if rows:
            _write_csv(folder / f"{kind}.csv", rows)
    return folder


def _write_csv(path: Path, rows: list[dict[str, Any]]) -> None:
    header = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows([cell(row.get(name)) for name in header] for row in rows)
