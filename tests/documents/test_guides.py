from __future__ import annotations

import re
import zlib
from pathlib import Path

import pytest

from swingby.documents import Marked, guide_paper
from swingby.documents.guides import _told
from swingby.program import guide, load

ROOT = Path(__file__).resolve().parents[2]
pytest.importorskip("typst")


def _harborline() -> Path:
    return ROOT / "examples" / "harborline" / "program"


def test_the_same_guide_gives_the_same_accessible_file() -> None:
    program = load(_harborline()).program
    assert program is not None
    said = guide(program)
    paper = guide_paper(said)

    assert paper == guide_paper(said)
    assert paper != guide_paper(said, marked=Marked(lines=("Tarnwick holds Gold.",), tiers={"level": "gold"}))
    assert paper != guide_paper(said, coming=("Version 3 holds from 1 August 2026.",))
    metadata = _plain(paper)
    assert re.search(rb"pdfuaid:part[^0-9]*1", metadata)
    assert b"Harborline Partner Success, program guide, version 2.1" in metadata


def test_only_the_tier_that_is_held_is_marked() -> None:
    program = load(_harborline()).program
    assert program is not None
    told = _told(guide(program), Marked(tiers={"level": "gold"}))
    tiers = told["ladders"][0]["tiers"]

    assert [(tier["name"], tier["mark"]) for tier in tiers] == [
        ("Member", ""),
        ("Select", ""),
        ("Gold", "You are here"),
        ("Elite", ""),
    ]
    assert tiers[2]["gives"] == [
        ["Discount", "23 %"],
        ["Development funds", "2 %"],
        ["Part of lead rotation", "40 %"],
        ["Paid training seats", "6"],
    ]


def _plain(paper: bytes) -> bytes:
    """The file with its packed parts unpacked."""
    parts = [paper]
    for found in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", paper, re.DOTALL):
        try:
            parts.append(zlib.decompress(found.group(1)))
        except zlib.error:
            continue
    return b"\n".join(parts)
