"""The parts of the reference pages that come from the tables: keys, kinds, codes and the JSON Schema.

A page holds a marker such as ``<!-- keys: window -->`` and ``<!-- end -->``; what stands between them is written
here. ``python -m swingby.program.reference ROOT`` writes all pages and the schema of a checkout anew.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from swingby.program.codes import CODES
from swingby.program.kinds import FACT_KINDS, REFERENCE_TABLES, Column
from swingby.program.reading.header import HEADER_MAP
from swingby.program.reading.sections import SECTIONS
from swingby.program.reading.shapes import Construct, Form, Joined, Key, ListOf, Literal, MapOf, Shape
from swingby.program.schema import program_schema

PAGES: Final = Path("docs/reference/language")
SCHEMA: Final = Path("schemas/program.schema.json")
_MARKED: Final = re.compile(
    r"(<!-- (?P<name>[a-z ]+)(?:: (?P<what>[^>]+?))? -->\n)(?P<body>.*?)(<!-- end -->)", re.DOTALL
)


def constructs() -> dict[str, Construct]:
    """Every construct of the language by its name."""
    found: dict[str, Construct] = {}
    seen: set[int] = set()
    waiting: list[Form] = [HEADER_MAP, *(form for section in SECTIONS for form in section.forms)]
    while waiting:
        form = waiting.pop(0)
        if id(form) in seen:
            continue
        seen.add(id(form))
        if isinstance(form, Construct):
            found[form.name] = form
        waiting.extend(_inside(form))
    return found


def _inside(form: Form) -> Iterator[Form]:
    match form:
        case Shape():
            yield from form.forms
        case ListOf():
            yield form.item
        case MapOf():
            yield form.value
        case Joined():
            yield from (*form.constructs, form.extra)
        case Construct():
            yield from (key.shape for key in form.keys)
            if form.free:
                yield form.free.value
        case Literal():
            return


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |\n" for line in lines)


def keys_table(construct: Construct) -> str:
    """The keys of a construct as a Markdown table."""
    rows = [(f"`{key.name}`", _shape_words(key.shape), key.doc, _default(key, construct)) for key in construct.keys]
    if construct.free:
        rows.append(("any other", _shape_words(construct.free.value), "a case, a day or a column", ""))
    choice = ""
    if construct.one_of:
        choice = f"\nExactly one of {', '.join(f'`{name}`' for name in construct.one_of)}.\n"
    return _table(("Key", "Value", "Means", "Left out"), rows) + choice


def _default(key: Key[Any], construct: Construct) -> str:
    if key.required:
        return "required"
    return "" if key.name in construct.one_of else key.default


def _shape_words(shape: Shape[Any]) -> str:
    forms = shape.forms
    if len(forms) == 1 and isinstance(forms[0], Literal) and forms[0].words:
        return ", ".join(f"`{word}`" for word in forms[0].words)
    return shape.name


def kinds_table() -> str:
    """The known fact kinds with their columns."""
    rows = (
        (f"`{kind.name}`", kind.shape, kind.owner, ", ".join(_column(column) for column in kind.columns))
        for kind in FACT_KINDS.values()
    )
    return _table(("Kind", "Shape", "Owner", "Columns (bold: must be filled)"), rows)


def tables_table() -> str:
    """The reference tables with their columns."""
    rows = (
        (f"`{name}`", ", ".join(_column(column) for column in columns)) for name, columns in REFERENCE_TABLES.items()
    )
    return _table(("Table", "Columns (bold: must be filled)"), rows)


def _column(column: Column) -> str:
    name = f"**{column.name}**" if column.required else column.name
    return f"{name} {column.type}"


def sections_table() -> str:
    """The sections of a program file."""
    rows = [("`program`", HEADER_MAP.doc)]
    rows += [(f"`{section.name}`", section.doc) for section in SECTIONS]
    return _table(("Section", "Holds"), rows)


def codes_table() -> str:
    """The codes of all issues."""
    return _table(("Code", "Means"), ((f"`{code}`", meaning) for code, meaning in CODES.items()))


def fill(page: str) -> str:
    """A page with what stands between its markers written anew.

    Raises
    ------
    KeyError
        If a marker names a construct that does not exist.
    """
    known = constructs()
    plain = {"kinds": kinds_table, "reference tables": tables_table, "codes": codes_table, "sections": sections_table}

    def write(found: re.Match[str]) -> str:
        name, what = found["name"], found["what"]
        body = keys_table(known[what]) if name == "keys" else plain[name]()
        return f"{found[1]}{body}{found[5]}"

    return _MARKED.sub(write, page)


def documented(page: str) -> set[str]:
    """The constructs whose keys a page shows."""
    return {found["what"] for found in _MARKED.finditer(page) if found["name"] == "keys"}


def schema_text() -> str:
    """The JSON Schema as it stands in the repository."""
    return json.dumps(program_schema(), indent=1, ensure_ascii=False) + "\n"


def write_all(root: Path) -> None:
    """Write the schema and the marked parts of all pages of a checkout."""
    (root / SCHEMA).parent.mkdir(parents=True, exist_ok=True)
    (root / SCHEMA).write_text(schema_text(), encoding="utf-8")
    for page in sorted((root / PAGES).glob("*.md")):
        page.write_text(fill(page.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    write_all(Path(sys.argv[1] if len(sys.argv) > 1 else "."))
