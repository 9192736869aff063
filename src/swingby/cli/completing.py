"""What the tab key offers for an argument: quickly, or nothing; never an error."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem

#: A larger file of partners, or program, would keep the shell waiting.
MOST_BYTES = 2_000_000
MOST_OFFERED = 500


def places(incomplete: str, *, only_folders: bool) -> list[CompletionItem]:
    """Let the shell complete files and folders itself."""
    return [CompletionItem(incomplete, type="dir" if only_folders else "file")]


def partners(context: click.Context, incomplete: str) -> list[CompletionItem]:
    """The enrolments of the folder of facts that was typed before."""
    place = _typed(context, "facts_path")
    return _offered(_partners(Path(place)) if place else (), incomplete)


def tiers(context: click.Context, incomplete: str) -> list[CompletionItem]:
    """The tiers of the program that was typed before."""
    return _offered(_from_program(context, "tiers"), incomplete)


def ladders(context: click.Context, incomplete: str) -> list[CompletionItem]:
    """The ladders of the program that was typed before."""
    return _offered(_from_program(context, "ladders"), incomplete)


def numbers(context: click.Context, incomplete: str) -> list[CompletionItem]:
    """The scores and points of the program that was typed before."""
    return _offered(_from_program(context, "numbers"), incomplete)


def rules(context: click.Context, incomplete: str) -> list[CompletionItem]:
    """The rules of the program that was typed before, as ``points.training``."""
    return _offered(_from_program(context, "rules"), incomplete)


def _typed(context: click.Context, name: str) -> Any:
    """An argument that was typed before; click reads none of them while an option still waits for its value."""
    if context.params.get(name) is not None or context.parent is None:
        return context.params.get(name)
    words = [*context.parent._protected_args, *context.parent.args][1:-1]  # noqa: SLF001 (click keeps them there)
    again = context.command.make_context(context.info_name, words, resilient_parsing=True)
    return again.params.get(name)


def _offered(names: Iterable[str], incomplete: str) -> list[CompletionItem]:
    near = (name for name in names if name.startswith(incomplete))
    try:
        return [CompletionItem(name) for name in islice(dict.fromkeys(near), MOST_OFFERED)]
    except (OSError, ValueError, csv.Error):
        return []


def _partners(folder: Path) -> Iterator[str]:
    """Ids in plain CSV files; whoever keeps them elsewhere types them."""
    for file in sorted(folder.glob("enrolments*.csv")):
        if file.stat().st_size <= MOST_BYTES:
            with file.open(encoding="utf-8-sig", newline="") as rows:
                yield from (row["enrolment"] for row in csv.DictReader(rows) if row.get("enrolment"))


def _from_program(context: click.Context, what: str) -> Iterator[str]:
    from swingby.program import load

    place = _typed(context, "program_path")
    if place is None or _size(place) > MOST_BYTES:
        return
    program = load(place).program
    if program is None:
        return
    if what == "tiers":
        yield from (tier.id for ladder in program.ladders.values() for tier in ladder.tiers)
    elif what == "ladders":
        yield from program.ladders
    elif what == "numbers":
        yield from (*program.scores, *program.points)
    else:
        sections = ("measures", "points", "scores", "requirements", "ladders", "accounts", "benefits", "incentives")
        yield from (f"{section}.{name}" for section in sections for name in getattr(program, section))


def _size(place: Path) -> int:
    return sum(file.stat().st_size for file in place.glob("*.yaml")) if place.is_dir() else place.stat().st_size
