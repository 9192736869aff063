"""Which rules ask about everybody's facts without saying about which thing: they have no answer of their own."""

from __future__ import annotations

from typing import Any

from .numbers import NAMESPACES
from .periods import read_period
from .tree import Node, World


def asks_everybody(world: World, node: Any) -> bool:
    """Whether a rule reads facts with ``credit: any`` where no ``each`` of a thing stands around it."""
    if isinstance(node, list):
        return any(asks_everybody(world, part) for part in node)
    if isinstance(node, str):
        return any(asks_everybody(world, world.section(section).get(node)) for section in NAMESPACES.values())
    if not isinstance(node, dict) or _is_of_a_thing(world, node):
        return False
    if node.get("credit") == "any":
        return True
    named = node.get("requirement")
    if isinstance(named, str) and asks_everybody(world, world.section("requirements")[named]):
        return True
    parts = [part for part in node.values() if isinstance(part, list | dict)]
    names = [node[key] for key in NAMESPACES if isinstance(node.get(key), str)]
    return asks_everybody(world, [*parts, *names])


def _is_of_a_thing(world: World, node: Node) -> bool:
    each = node.get("each")
    if not isinstance(each, str) or each == "enrolment" or read_period(each):
        return False
    return not isinstance(world.section("tables").get(each), list)
