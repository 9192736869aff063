"""Invented company names: plainly made up, each once."""

from __future__ import annotations

from collections.abc import Iterable

from swingby.generation.drawing import Stream, Whole

FIRST = (
    "Alder Ashen Bar Birch Bram Bright Calder Cinder Copper Cray Dun Elder Ember Fallow Fen Fern Flint Garn Glass Glen "
    "Grey Hallow Haver Hazel Heron Holm Iron Kestle Lark Lind Loam Marl Mill Moss North Oaken Orrel Pen Pine Quarry "
    "Raven Reed Rook Rowan Sable Salt Shale Slate Stone Tarn Thistle Thorn Tide Umber Vale Wex Whin Winter Wren Yarrow"
).split()
SECOND = "bank bourne bridge combe croft dale field ford gate ham haven holt hurst mere moor mouth reach ridge shaw stead ton wick wold worth".split()
KIND = "Systems Services Networks Consulting Security Digital Data Labs Technology Partners Group Cloud IT Software Advisory".split()
COMBINATIONS = len(FIRST) * len(SECOND) * len(KIND)


def invented_names(seed: str, numbers: Whole, taken: Iterable[str]) -> list[str]:
    """The names of these numbers: one order of all combinations for a seed, again with a numeral when they are used up."""
    order = Stream(seed, "names").generator.permutation(COMBINATIONS)
    known = set(taken)
    names = []
    for number in numbers.tolist():
        round_, place = divmod(number, COMBINATIONS)
        name = _combination(int(order[place]))
        names.append(name if round_ == 0 and name not in known else f"{name} {round_ + 2}")
    return names


def _combination(number: int) -> str:
    rest, kind = divmod(number, len(KIND))
    first, second = divmod(rest, len(SECOND))
    return f"{FIRST[first]}{SECOND[second]} {KIND[kind]}"


def key_of(name: str) -> str:
    """The key of a name: lower case, hyphens."""
    return "-".join(name.lower().split())
