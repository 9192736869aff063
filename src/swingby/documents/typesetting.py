"""One document from a Typst template and what it is told; it needs the extra ``documents``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory

#: The same values give the same bytes, so the document does not say when it was made.
NEVER_MADE = datetime(2000, 1, 1, tzinfo=UTC)


def typeset(template: str, told: object, *, pictures: Mapping[str, str] | None = None) -> bytes:
    """A PDF that screen readers can follow (PDF/UA-1).

    Parameters
    ----------
    template
        The text of a Typst document that reads ``told.json``.
    told
        What it reads, of JSON's types.
    pictures
        SVG drawings that the document names, by their file names.

    Returns
    -------
    bytes
        The same for the same arguments.

    Raises
    ------
    ModuleNotFoundError
        Without the package ``typst``.
    """
    import typst

    with TemporaryDirectory(prefix="swingby-document-") as name:
        folder = Path(name)
        texts = {"document.typ": template, "told.json": json.dumps(told), **(pictures or {})}
        for file, text in texts.items():
            (folder / file).write_text(text, encoding="utf-8")
        made = typst.compile(
            folder / "document.typ",
            root=folder,
            font_paths=_fonts(),
            ignore_system_fonts=True,
            format="pdf",
            pdf_standards="ua-1",
            timestamp=NEVER_MADE,
        )
    if not isinstance(made, bytes):
        raise TypeError("one document was expected")
    return made


def _fonts() -> list[Path]:
    try:
        return [Path(str(files("font_hanken_grotesk"))) / "files"]
    except ModuleNotFoundError:
        return []
