"""Figures in pages come from files that commands wrote: docs/measured/NAME.json.

A page quotes one as ``<!-- measured: NAME.key.key -->1.05<!-- /measured -->``; a key may hold spaces, no dots.
`python -m tools.measured` lists the quotations that differ from their files; `--write` mends the pages.
"""

from __future__ import annotations

import json
import os
import platform
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tools.places import MEASURED, ROOT

QUOTATION = re.compile(r"<!--\s*measured:\s*(?P<key>[^>]+?)\s*-->(?P<text>.*?)<!--\s*/measured\s*-->", re.DOTALL)
OPENING = re.compile(r"<!--\s*measured:")


@dataclass(frozen=True, slots=True)
class Difference:
    """A quotation that does not say what its file says."""

    page: Path
    line: int
    key: str
    quoted: str
    measured: str | None

    def __str__(self) -> str:
        found = "there is no such figure" if self.measured is None else f"the file says {self.measured!r}"
        return f"{self.page}:{self.line}: {self.key} is quoted as {self.quoted!r}, but {found}"


def differences(root: Path = ROOT) -> list[Difference]:
    """Every quotation in the pages below a folder that differs from its file."""
    figures = read_figures(root / "docs" / "measured")
    return [found for page in pages(root) for found in _in_page(page, root=root, figures=figures)]


def pages(root: Path = ROOT) -> Iterator[Path]:
    """The pages that may quote figures: those at the top and those under docs/."""
    yield from sorted(root.glob("*.md"))
    yield from sorted((root / "docs").rglob("*.md"))


def read_figures(folder: Path = MEASURED) -> dict[str, str]:
    """Every figure by its key, as the text that stands in its file."""
    figures: dict[str, str] = {}
    for path in sorted(folder.glob("*.json")):
        content = json.loads(path.read_text(encoding="utf-8"), parse_float=str, parse_int=str)
        figures |= dict(_flat(content, key=path.stem))
    return figures


def record(name: str, *, what: str, command: str, figures: Mapping[str, object]) -> Path:
    """Write docs/measured/NAME.json: the figures with commit, date and machine."""
    content = {
        "what": what,
        "command": command,
        "commit": current_commit(),
        "date": datetime.now(UTC).date().isoformat(),
        "machine": f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}",
        **figures,
    }
    path = MEASURED / f"{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


def current_commit() -> str:
    """The short name of the commit that is checked out, or nothing outside a repository."""
    command = ["git", "rev-parse", "--short", "HEAD"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()


def mend(root: Path = ROOT) -> None:
    """Put into every page what the files say; a quotation without a figure stays."""
    figures = read_figures(root / "docs" / "measured")
    for page in pages(root):
        text = page.read_text(encoding="utf-8")
        mended = QUOTATION.sub(lambda found: _mended(found, figures=figures), text)
        if mended != text:
            page.write_text(mended, encoding="utf-8")


def _in_page(page: Path, *, root: Path, figures: Mapping[str, str]) -> Iterator[Difference]:
    text = page.read_text(encoding="utf-8")
    closed = {found.start() for found in QUOTATION.finditer(text)}
    for found in OPENING.finditer(text):
        if found.start() not in closed:
            yield Difference(page.relative_to(root), _line(text, found.start()), "(not closed)", "", None)
    for found in QUOTATION.finditer(text):
        key, quoted = found["key"], found["text"]
        if figures.get(key) != quoted.strip():
            yield Difference(page.relative_to(root), _line(text, found.start()), key, quoted.strip(), figures.get(key))


def _line(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def _mended(found: re.Match[str], *, figures: Mapping[str, str]) -> str:
    measured = figures.get(found["key"])
    return found[0] if measured is None else f"<!-- measured: {found['key']} -->{measured}<!-- /measured -->"


def _flat(content: object, *, key: str) -> Iterator[tuple[str, str]]:
    if isinstance(content, dict):
        for name, inner in content.items():
            yield from _flat(inner, key=f"{key}.{name}")
    elif isinstance(content, list):
        for number, inner in enumerate(content):
            yield from _flat(inner, key=f"{key}.{number}")
    else:
        yield key, str(content)


def main() -> int:
    """List what differs, or mend it."""
    if "--write" in sys.argv[1:]:
        mend()
    found = differences()
    print("\n".join(map(str, found)))
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
