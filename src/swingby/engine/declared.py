"""What each declaration of a program adds to its graph."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from swingby.engine.lots import Shown
from swingby.engine.place import NOWHERE, Place
from swingby.program.numbers import AccountNumber

if TYPE_CHECKING:
    from swingby.engine.building import Builder

SHOWN: Final[tuple[Shown, ...]] = ("balance", "opened", "used", "expired")


def _number(builder: Builder, name: str) -> None:
    if not builder.needs_a_thing(name):
        found = builder.named_number(name, Place(cells=builder.cells_of(name)))
        builder.graph.numbers[name] = builder.of_the_day(found)


def _ladder(builder: Builder, name: str) -> None:
    builder.graph.ladders[name] = builder.ladder(name)


def _requirement(builder: Builder, name: str) -> None:
    """One that reads a number by cells, or everybody's facts, has no single answer."""
    if not builder.asks_everybody(builder.program.requirements[name]) and not builder.needs_a_cell(name):
        builder.graph.requirements[name] = builder.named_requirement(name, NOWHERE)


def _track(builder: Builder, name: str) -> None:
    builder.graph.tracks[name] = builder.track_word(name)


def _account(builder: Builder, name: str) -> None:
    for show in SHOWN:
        builder.graph.accounts[name, show] = builder.account(AccountNumber(account=name, show=show), NOWHERE)


#: By section, in the order in which sections are added.
ADD: Final[Mapping[str, Callable[[Builder, str], None]]] = {
    **dict.fromkeys(("measures", "points", "scores", "incentives"), _number),
    "ladders": _ladder,
    "requirements": _requirement,
    "tracks": _track,
    "accounts": _account,
}
