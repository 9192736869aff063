"""Rank among peers, and the most seats that people can fill."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from . import numbers, requirements
from .columns import read
from .conditions import passes
from .frame import UNDEFINED, Frame, Num, incomplete, known
from .of_each import peers
from .of_facts import complete, counted_facts
from .of_lists import resting
from .tree import Node


def rank(frame: Frame, spec: Node) -> Num:
    """The place among peers, 1 for the highest; equal values share the better place."""
    looks = peers(frame, spec.get("peers"))
    read_from = [numbers.number(look, spec["rank"]) for look in looks]
    is_open = any(number.bare or number.state == "incomplete" for number in read_from)
    return resting(_place(frame, spec, looks), on_what_may_fall=is_open)


def _place(frame: Frame, spec: Node, looks: list[Frame]) -> Num:
    if all(look.enrolment != frame.enrolment for look in looks):
        return UNDEFINED  # Who is not enrolled on the day has no place, whatever is known of the others.
    verdicts = {look.enrolment: _takes_part(look, spec) for look in looks}
    ranked = [look for look in looks if verdicts[look.enrolment] == "met"]
    found = {look.enrolment: numbers.number(look, spec["rank"]) for look in ranked}
    own = found.get(frame.enrolment)
    if verdicts[frame.enrolment] == "not met" or (own is not None and own.state == "undefined"):
        return UNDEFINED  # Nor has who takes no part for certain, or has no number for certain.
    if any(number.state == "incomplete" for number in found.values()) or "unknown" in verdicts.values():
        return incomplete(None, len(found))
    defined = [number.value for number in found.values() if number.value is not None]
    if own is None or own.value is None:
        return UNDEFINED
    return known(1 + sum(1 for value in defined if value > own.value), len(defined))


def _takes_part(look: Frame, spec: Node) -> str:
    return requirements.judge(look, spec["only"]).result if "only" in spec else "met"


def assigned(frame: Frame, spec: Node) -> Num:
    """The most seats that can be filled, by trying every way."""
    seats = [seat for seat in spec["seats"] for _ in range(int(seat.get("count", "1")))]
    if not complete(frame, spec["of"], spec):
        return incomplete(None, len(seats))
    facts = counted_facts(frame, spec["of"], spec)
    fit: list[list[str]] = []
    for seat in seats:
        able = [item for item in facts if passes(frame, spec["of"], item, seat.get("where"))]
        fit.append(sorted({read(frame, spec["of"], item.row, spec["assign"]) for item in able} - {None}))
    return known(_most(seats, fit, spec.get("each_person") or {}, 0, {}), len(seats))


def _most(seats: list[Node], fit: list[list[str]], limits: Node, place: int, sat: Mapping[str, list[Node]]) -> int:
    """The most seats filled from this place on: leave it empty, or try everybody who fits."""
    if place == len(seats):
        return 0
    best = _most(seats, fit, limits, place + 1, sat)
    for person in fit[place]:
        if _may_sit(seats[place], sat.get(person, []), limits):
            taken = {**sat, person: [*sat.get(person, []), seats[place]]}
            best = max(best, 1 + _most(seats, fit, limits, place + 1, taken))
        if best == len(seats) - place:
            break
    return best


def _may_sit(seat: Node, taken: list[Node], limits: Node) -> bool:
    """Once per ``in``, in at most so many different roles, in at most so many seats (of the role)."""
    if "in" in seat and any(other.get("in") == seat["in"] for other in taken):
        return False
    roles = {other.get("role") for other in taken} | {seat.get("role")}
    if "roles" in limits and len(roles) > int(limits["roles"]):
        return False
    most: Any = limits.get("seats")
    if isinstance(most, dict):
        same = sum(1 for other in taken if other.get("role") == seat.get("role"))
        return seat.get("role") not in most or same < int(most[seat["role"]])
    return most is None or len(taken) < int(most)
