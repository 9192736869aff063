"""Organizations: partners and distributors; other names, mergers, splits, a group; enrolments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from swingby.generation.archetypes import Company
from swingby.generation.calendar import day_number
from swingby.generation.columns import Table, days, texts, words
from swingby.generation.deal_tables import SPELLINGS, reseller_spellings
from swingby.generation.drawing import NONE, Whole
from swingby.generation.names import key_of
from swingby.generation.partners import Block
from swingby.generation.people import partner_countries, share_of

TAKEN_OVER, SPLIT_OFF = "Old", "North"


@dataclass(frozen=True, slots=True)
class Changes:
    """Partners of a block by what became of them."""

    renamed: Whole
    took_over: Whole
    split: Whole


def draw_changes(block: Block) -> Changes:
    """Which partners took another name, took somebody over, or were split."""
    stream, mess = block.stream("changes"), block.company["mess"]
    free = stream.generator.permutation([place for place in range(block.size) if place not in block.stories])
    ends = np.cumsum([share_of(block, mess[name]) for name in ("renames", "mergers", "splits")])
    renamed, took_over, split = np.split(free[: ends[-1]], ends[:-1])
    return Changes(np.sort(renamed), np.sort(took_over), np.sort(split))


def organization_tables(block: Block, changes: Changes) -> list[Table]:
    """Organizations, enrolments and names of a block."""
    return [_organizations(block, changes), _enrolments(block), _names(block, changes)]


def _organizations(block: Block, changes: Changes) -> Table:
    """The partners, those that were taken over, and parts that split off, which nobody has enrolled."""
    group = _group(block)
    around = np.concatenate([changes.took_over, changes.split]).astype(np.int64)
    gone = np.arange(len(around)) < len(changes.took_over)
    other = [
        former_name(block.names[place], TAKEN_OVER if old else SPLIT_OFF)
        for place, old in zip(around.tolist(), gone, strict=True)
    ]
    index = np.concatenate([np.arange(block.size), around])
    merged = [group.get(name, (None, NONE)) for name in block.names]
    into = [
        *(each[0] for each in merged),
        *(block.keys[p] if old else None for p, old in zip(around, gone, strict=True)),
    ]
    when = block.months.starts[8 + np.arange(len(around)) * 5 % 24] + 3
    return Table(
        "organizations",
        {
            "organization": texts([*block.keys, *(key_of(name) for name in other)]),
            "parent": texts([*(each[0] for each in merged), *([None] * len(around))]),
            "name": texts([*block.names, *other]),
            "country": partner_countries(block).take(index),
            "region": words(block.region[index], block.company.regions),
            "merged_into": texts(into),
            "merged_on": days(np.concatenate([[each[1] for each in merged], np.where(gone, when, NONE)])),
        },
    )


def _group(block: Block) -> Mapping[str, tuple[str, int]]:
    """Members of the group -> its head and the day on which they came to it, if all of this is in the block."""
    group = block.company["group"]
    if block.index_of(group["head"]) is None:
        return {}
    return {name: (key_of(group["head"]), day_number(day)) for name, day in group["members"].items()}


def former_name(name: str, word: str) -> str:
    """Another company's name that tells of this one."""
    return f"{word} {name}"


def _enrolments(block: Block) -> Table:
    return Table(
        "enrolments",
        {
            "enrolment": texts(block.keys),
            "organization": texts(block.keys),
            "joined_on": days(block.joined),
        },
    )


def _names(block: Block, changes: Changes) -> Table:
    """Names before a renaming, and how distributors write the partners that buy through them."""
    spellings = reseller_spellings(block)
    indirect = np.flatnonzero(block.distributor >= 0).tolist()
    rows = [(f"{block.names[place].split()[0]} & Co", place) for place in changes.renamed.tolist()]
    rows += [(spellings[place * SPELLINGS + way], place) for place in indirect for way in (1, 2)]
    unique = {name.casefold(): (name, place) for name, place in rows}
    return Table(
        "organization_names",
        {
            "name": texts([name for name, _ in unique.values()]),
            "organization": texts([block.keys[place] for _, place in unique.values()]),
        },
    )


def standing_organizations(company: Company) -> Table:
    """The distributors; the vendor is known to whoever owns the program."""
    listed = company["distributors"]
    return Table(
        "organizations",
        {
            **{
                name: texts([each[key] for each in listed]) for name, key in (("organization", "key"), ("name", "name"))
            },
            **{name: texts([each[name] for each in listed]) for name in ("country", "region")},
        },
        part="distributors",
    )
