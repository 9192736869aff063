"""The whole standing of one enrolment on one day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from . import accounts, earnings, ladders, numbers, requirements, tracks
from .conditions import list_items
from .everybody import asks_everybody
from .frame import EVERYTHING, Frame, Run
from .ledger import Ledger
from .requirements import Judgement
from .tree import Entry, Exact, Leaf, Node, Number, Result, World

SECTIONS = ("measures", "points", "scores", "incentives")


def look_at(
    world: World, enrolment: str, as_of: date, known_at: int | None = None, history: str = "as_decided"
) -> Frame:
    """The first look at a world: everything else is worked out from it."""
    run = Run(world, history, Ledger(world))
    return Frame(run, enrolment, as_of, as_of, EVERYTHING if known_at is None else known_at)


def evaluate(
    world: World, enrolment: str, as_of: date, known_at: int | None = None, history: str = "as_decided"
) -> Result:
    """Work out where an enrolment stands at the end of a day.

    Parameters
    ----------
    known_at
        A ledger position; facts recorded later do not exist. None: everything is known.
    history
        ``as_decided`` replays reviews with what was known at their moment, ``in_hindsight`` with ``known_at``.
    """
    frame = look_at(world, enrolment, as_of, known_at, history)
    return Result(
        tiers=_tiers(frame),
        numbers=_numbers(frame),
        requirements=_requirements(frame),
        rows=_rows(frame),
        entries=_entries(frame),
        tracks={name: tracks.track(frame, name) for name in world.section("tracks")},
        accounts=_balances(frame),
        lots={name: _lots(frame, name) for name in world.section("accounts")},
    )


def in_cells(frame: Frame, name: str, spec: Node) -> Iterator[tuple[str, Frame]]:
    """The look and result name for every cell of something declared ``by`` cells; else just one."""
    looks = [(name, frame)]
    by = spec.get("by", [])
    for column in [by] if isinstance(by, str) else by:
        looks = [
            (f"{label}[{cell}]", look.in_cell(column, cell))
            for label, look in looks
            for cell in list_items(frame, column)
        ]
    yield from looks


def _tiers(frame: Frame) -> dict[str, str | None]:
    return {
        label: ladders.tier_held(look, name)
        for name, spec in frame.world.section("ladders").items()
        for label, look in in_cells(frame, name, spec)
    }


def _numbers(frame: Frame) -> dict[str, Number]:
    return {
        label: requirements.shown(numbers.named(look, name))
        for section in SECTIONS
        for name, spec in frame.world.section(section).items()
        if not asks_everybody(frame.world, spec)
        for label, look in in_cells(frame, name, spec)
    }


def _requirements(frame: Frame) -> dict[str, str]:
    """The named requirements; one of a number by cells, or of everybody's facts, has no single answer and is left out."""
    found = {}
    for name, spec in frame.world.section("requirements").items():
        if asks_everybody(frame.world, spec):
            continue
        try:
            found[name] = requirements.named(frame, name).result
        except KeyError as missing:
            if missing.args[0] not in frame.world.section("tables"):
                raise
    return found


def _rows(frame: Frame) -> dict[tuple[str, str, str], Leaf]:
    rows: dict[tuple[str, str, str], Leaf] = {}
    for name, spec in frame.world.section("ladders").items():
        for label, look in in_cells(frame, name, spec):
            for tier in spec["tiers"]:
                if "requires" in tier:
                    judged = requirements.judge(look, tier["requires"])
                    rows.update({(label, tier["id"], path): leaf for path, leaf in _paths(judged)})
    return rows


def _paths(judged: Judgement, path: str = "") -> Iterator[tuple[str, Leaf]]:
    yield path, judged.leaf
    for place, part in enumerate(judged.parts):
        yield from _paths(part, f"{path}.{place}" if path else str(place))


def _entries(frame: Frame) -> dict[str, list[Entry]]:
    found: dict[str, list[Entry]] = {}
    for section in ("points", "incentives"):
        for name, spec in frame.world.section(section).items():
            if "for_each" not in spec and "each" not in spec:
                continue
            for label, look in in_cells(frame, name, spec):
                lines = earnings.lines(look, name)
                found[label] = [(line.fact_id, line.dated, line.before, line.after) for line in lines if line.in_force]
    return found


def _balances(frame: Frame) -> dict[str, Exact]:
    return {
        name: accounts.shown(frame, {"account": name}).value or Fraction(0) for name in frame.world.section("accounts")
    }


def _lots(frame: Frame, name: str) -> list[tuple[str, date, date | None, Exact, Exact]]:
    return [(lot.fact_id, lot.opens, lot.expires, lot.amount, lot.left) for lot in accounts.book(frame, name).lots]
