"""Plain tables and JSON on the terminal."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from swingby.program import Issue, Location


def print_json(value: object) -> None:
    """Print a value as JSON: decimals as text, so that no digit is lost."""
    click.echo(json.dumps(plain(value), ensure_ascii=False, indent=2))


def plain(value: object) -> Any:
    """A value as JSON knows it."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date | Location | Path):
        return str(value)
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list | tuple) else value


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]], *, right: Sequence[str] = ()) -> None:
    """Print rows in columns; those named in ``right`` are set to the right."""
    cells = [[_text(item) for item in row] for row in rows]
    widths = [max([len(name), *(len(row[index]) for row in cells)]) for index, name in enumerate(columns)]
    for row in [list(columns), ["-" * width for width in widths], *cells]:
        parts = (_aligned(text, widths[index], columns[index] in right) for index, text in enumerate(row))
        click.echo("  ".join(parts).rstrip())


def _aligned(text: str, width: int, to_the_right: bool) -> str:
    return text.rjust(width) if to_the_right else text.ljust(width)


def _text(value: object) -> str:
    if value is None:
        return ""
    return number_text(value) if isinstance(value, Decimal) else str(value)


def number_text(value: Decimal | None) -> str:
    """A number for people: thousands apart, no zeros that say nothing, four decimals at most."""
    if value is None:
        return "–"
    shown = round(value, 4).normalize()
    return f"{shown.quantize(Decimal(1)) if shown == shown.to_integral_value() else shown:,f}"


def counted(number: int, word: str) -> str:
    """A number with its word: 1 partner, 2 partners."""
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def print_issues(issues: Iterable[Issue]) -> None:
    """Print problems, one a line, errors in red where the terminal has colours."""
    for issue in sorted(issues):
        click.secho(str(issue), fg="red" if issue.level == "error" else "yellow", err=True)


def markdown_table(columns: Sequence[str], rows: Iterable[Sequence[object]], *, right: Sequence[str] = ()) -> str:
    """Rows as a table of Markdown; those named in ``right`` are set to the right."""
    rule = ["---:" if name in right else "---" for name in columns]
    cells = [[_text(item).replace("|", "\\|").replace("\n", " ") for item in row] for row in rows]
    return "\n".join(f"| {' | '.join(row)} |" for row in (list(columns), rule, *cells))
