"""Telling two versions of a program apart: what was added, removed and changed, in words."""

from __future__ import annotations

from swingby.program.comparing.change import Change, Difference, Rule, Version
from swingby.program.comparing.rendering import as_markdown, as_table, as_text, by_matter, sentence
from swingby.program.comparing.telling import Comparison, merged
from swingby.program.describing import english
from swingby.program.describing.declarations import program_name
from swingby.program.model import Program

__all__ = [
    "Change",
    "Difference",
    "Rule",
    "Version",
    "as_markdown",
    "as_table",
    "as_text",
    "by_matter",
    "difference",
    "sentence",
]


def difference(old: Program, new: Program) -> Difference:
    """Tell two versions of a program apart.

    Parameters
    ----------
    old, new
        Programs that loaded without errors. Nothing is said about the files they came from or their order.

    Returns
    -------
    Difference
        What may change a result, tiers first, and apart from it what changes words only. The difference of the
        exchanged versions is its mirror image.
    """
    comparison = Comparison(old, new)
    ordered = sorted(merged(comparison.changes()), key=comparison.place_of)
    return Difference(
        _version(old),
        _version(new),
        tuple(change for change in ordered if change.matter != "texts"),
        tuple(change for change in ordered if change.matter == "texts"),
    )


def _version(program: Program) -> Version:
    return Version(program_name(program.header), program.header.version, english.day(program.header.effective))
