"""Invented company names: plainly made up, each once."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

FIRST = (
    "Alder Ashen Bar Birch Bram Bright Calder Cinder Copper Cray Dun Elder Ember Fallow Fen Fern Flint Garn Glass Glen "
    "Grey Hallow Haver Hazel Heron Holm Iron Kestle Lark Lind Loam Marl Mill Moss North Oaken Orrel Pen Pine Quarry "
    "Raven Reed Rook Rowan Sable Salt Shale Slate Stone Tarn Thistle Thorn Tide Umber Vale Wex Whin Winter Wren Yarrow"
).split()
SECOND = "bank bourne bridge combe croft dale field ford gate ham haven holt hurst mere moor mouth reach ridge shaw stead ton wick wold worth".split()
KIND = "Systems Services Networks Consulting Security Digital Data Labs Technology Partners Group Cloud IT Software Advisory".split()


def invented_names(random: Random, taken: set[str]) -> Iterator[str]:
    """Names without end; none twice and none of those taken."""
    seen = set(taken)
    while True:
        name = f"{random.choice(FIRST)}{random.choice(SECOND)} {random.choice(KIND)}"
        if name not in seen:
            seen.add(name)
            yield name


def key_of(name: str) -> str:
    """The key of a name: lower case, hyphens."""
    return "-".join(name.lower().split())
