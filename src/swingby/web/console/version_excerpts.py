"""Mistakes in the text of a version, beside their lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from swingby.program import Issue

AROUND = 2
LONGEST_LINE = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class ExcerptLine:
    """One line of a file, with what is wrong in it."""

    number: int
    text: str
    issues: tuple[Issue, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """Lines of a file around a problem."""

    file: str
    lines: tuple[ExcerptLine, ...]


def excerpts_of(files: Mapping[str, str], issues: Sequence[Issue]) -> Iterator[Excerpt]:
    """The lines around each issue; those that touch stand together."""
    for name in sorted({issue.location.file for issue in issues} & set(files)):
        own = [issue for issue in issues if issue.location.file == name]
        lines = files[name].split("\n")
        for first, last in _spans(sorted({issue.location.line for issue in own}), len(lines)):
            yield Excerpt(
                file=name,
                lines=tuple(
                    ExcerptLine(
                        number=number,
                        text=lines[number - 1][:LONGEST_LINE],
                        issues=tuple(issue for issue in own if issue.location.line == number),
                    )
                    for number in range(first, last + 1)
                ),
            )


def _spans(numbers: Sequence[int], total: int) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for number in numbers:
        first, last = max(number - AROUND, 1), min(number + AROUND, total)
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], last)
        else:
            found.append((first, max(last, first)))
    return [(first, min(last, total)) for first, last in found if first <= total]
