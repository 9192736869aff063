"""The guide of a program as PDF."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

from swingby.documents.typesetting import typeset
from swingby.program import Grant, Guide, GuideLadder, Line, Passage


@dataclass(frozen=True, slots=True)
class Marked:
    """Where one partner stands, to be marked in its own copy.

    Attributes
    ----------
    lines
        Sentences about the standing, set apart at the beginning.
    tiers
        By ladder the tier that is held.
    """

    lines: tuple[str, ...] = ()
    tiers: Mapping[str, str] = field(default_factory=dict)


NOBODY = Marked()


def guide_paper(guide: Guide, *, coming: Iterable[str] = (), marked: Marked = NOBODY) -> bytes:
    """The guide as a PDF that screen readers can follow (PDF/UA-1).

    Parameters
    ----------
    guide
        The guide of a version.
    coming
        Sentences about a version that is announced.
    marked
        Where a partner stands, if the copy is to show it.

    Raises
    ------
    ModuleNotFoundError
        Without the package ``typst``.
    """
    source = files("swingby.documents").joinpath("guide.typ").read_text(encoding="utf-8")
    return typeset(source, {**_told(guide, marked), "coming": list(coming)})


def _told(guide: Guide, marked: Marked) -> dict[str, Any]:
    return {
        "title": f"{guide.name}, program guide, version {guide.version}",
        "name": guide.name,
        "validity": f"Program guide. Version {guide.version}, in force from {guide.effective:%-d %B %Y}.",
        "opening": list(guide.opening),
        "mark": list(marked.lines),
        "ladders": [_ladder(ladder, marked.tiers.get(ladder.id, "")) for ladder in guide.ladders],
        "gives": _grants(guide.gives),
        "parts": [_passage(part) for part in guide.parts],
        "defaults": _lines(guide.defaults),
        "changed": f"What changed since version {guide.before}",
        "changes": [[heading, list(sentences)] for heading, sentences in guide.changes],
    }


def _ladder(ladder: GuideLadder, held: str) -> dict[str, Any]:
    return {
        "name": ladder.name,
        "opening": _lines(ladder.opening),
        "tiers": [
            {
                "name": tier.name,
                "mark": "You are here" if tier.id == held else "",
                "asks": _lines(tier.asks),
                "gives": _grants(tier.gives),
            }
            for tier in ladder.tiers
        ],
        "without": _grants(ladder.without),
        "moving": _lines(ladder.moving),
    }


def _grants(grants: Iterable[Grant]) -> list[list[str]]:
    return [[grant.label, grant.words] for grant in grants]


def _lines(lines: Iterable[Line]) -> list[dict[str, Any]]:
    return [{"text": line.text, "items": _lines(line.items)} for line in lines]


def _passage(passage: Passage) -> dict[str, Any]:
    inner = [_passage(each) for each in passage.passages]
    return {"heading": passage.heading, "lines": _lines(passage.lines), "passages": inner}
