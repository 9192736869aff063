"""From the files of a program to its declarations: sections, names declared once, and the whole."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from swingby.program.blocks import Location
from swingby.program.model import Header, Program
from swingby.program.numbers import NumberSection
from swingby.program.reading import (
    declarations,
    earnings,
    filters,
    kinds_of_fact,
    ladders,
    literals,
    requirements,
)
from swingby.program.reading.circles import REQUIREMENT, VALUE
from swingby.program.reading.header import read_header
from swingby.program.reading.nodes import MapNode, Node, ScalarNode
from swingby.program.reading.number_forms import NUMBER_MAPS
from swingby.program.reading.reader import Reader, did_you_mean, shorten
from swingby.program.reading.shapes import Form, Joined

# Shapes that refer to each other in circles are bound when these modules are loaded.
BOUND: Final = (filters.FILTER_MAP, requirements.GROUP_MAP)

SectionReader = Callable[[str, Node, Reader], Any]


@dataclass(frozen=True, slots=True)
class Section:
    """One section of a program: its name, what its declarations are, and how one is read."""

    name: str
    doc: str
    forms: tuple[Form, ...]
    read: SectionReader
    number: NumberSection | None = None
    dotted: bool = False


_NUMBERS: Final = (Joined(NUMBER_MAPS, declarations.MEASURE_MAP), VALUE)
SECTIONS: Final = (
    Section("calendars", "years of their own", (declarations.CALENDAR_MAP,), declarations.read_calendar),
    Section("tables", "reference data with a name", (declarations.TABLE,), declarations.read_table, dotted=True),
    Section(
        "facts",
        "kinds of fact, columns and subsets",
        (kinds_of_fact.KIND_MAP, kinds_of_fact.SUBSET_MAP),
        kinds_of_fact.read_fact,
    ),
    Section("tracks", "one word per enrolment", (declarations.TRACK_MAP,), declarations.read_track),
    Section("measures", "numbers", _NUMBERS, partial(declarations.read_declared, section="measure"), "measure"),
    Section(
        "points",
        "what a behaviour earns in points",
        (earnings.EARNING_MAP,),
        partial(earnings.read_earning, section="points"),
        "points",
    ),
    Section(
        "scores",
        "numbers put together from points",
        _NUMBERS,
        partial(declarations.read_declared, section="score"),
        "score",
    ),
    Section("requirements", "requirements with a name", (REQUIREMENT,), declarations.read_named_requirement),
    Section("ladders", "tiers and their clocks", (ladders.LADDER_MAP,), ladders.read_ladder),
    Section("accounts", "ledgers of what was earned and spent", (declarations.ACCOUNT_MAP,), declarations.read_account),
    Section("benefits", "what tiers grant", (declarations.BENEFIT_MAP,), declarations.read_benefit),
    Section(
        "incentives",
        "what a behaviour earns in money",
        (earnings.EARNING_MAP,),
        partial(earnings.read_earning, section="incentive"),
        "incentive",
    ),
)
MAX_DECLARATIONS: Final = 2_000
HEADER_SECTION: Final = "program"
SECTION_NAMES: Final = (HEADER_SECTION, *(section.name for section in SECTIONS))


@dataclass(frozen=True, slots=True)
class Declared:
    """A declaration before it is read."""

    section: Section
    name: ScalarNode
    node: Node


@dataclass(slots=True)
class Reading:
    """What was read: the program as far as it could be read, and the names that could not."""

    program: Program | None = None
    unread: frozenset[tuple[str, str]] = frozenset()
    header: Header | None = None
    found: dict[str, dict[str, Any]] = field(default_factory=dict)


def read_program(roots: list[MapNode], reader: Reader, *, main: str, digest: str) -> Reading:
    """Read the roots of all files as one program.

    Parameters
    ----------
    roots
        The root mapping of each file, in order of name.
    reader
        Collects the issues; its names are set here.
    main
        The name of the file that holds the header.
    digest
        The hash of the texts.
    """
    header = _read_header(roots, reader, main)
    declared = _limited(list(_declarations(roots, reader)), reader)
    reader.names = {one.name.text: one.section.number for one in declared if one.section.number}
    found: dict[str, dict[str, Any]] = {section.name: {} for section in SECTIONS}
    unread = set()
    for one in declared:
        value = one.section.read(one.name.text, one.node, reader)
        if value is None:
            unread.add((one.section.name, one.name.text))
        else:
            found[one.section.name][one.name.text] = value
    return Reading(_build(header, found, digest), frozenset(unread), header, found)


def _limited(declared: list[Declared], reader: Reader) -> list[Declared]:
    if len(declared) > MAX_DECLARATIONS:
        message = f"A program has at most {MAX_DECLARATIONS} declarations; this is one more."
        reader.error(declared[MAX_DECLARATIONS].name, "yaml-size", message, "Split the program.")
    return declared[:MAX_DECLARATIONS]


def _build(header: Header | None, found: dict[str, dict[str, Any]], digest: str) -> Program | None:
    if header is None:
        return None
    kinds = kinds_of_fact.kinds_of(found["facts"])
    return Program(header=header, **found, kinds=kinds, hash=digest, location=header.location)


def _read_header(roots: list[MapNode], reader: Reader, main: str) -> Header | None:
    node: Node | None = None
    for root in roots:
        for key, child in root.entries:
            if key.text == HEADER_SECTION and root.location.file == main:
                node = child
            elif key.text == HEADER_SECTION:
                reader.error(key, "header-place", f"The header belongs to {main}.", "Move it there or delete it.")
    if node is None:
        hint = f"Begin {main} with program: {{id: …, version: …, effective: …, currency: …}}."
        reader.error(Location(main, 1, 1), "header-missing", "There is no header.", hint)
        return None
    return read_header(node, reader)


def _declarations(roots: list[MapNode], reader: Reader) -> Iterator[Declared]:
    """Every declaration whose name is right and new."""
    taken: dict[tuple[str, str], Location] = {}
    by_name = {section.name: section for section in SECTIONS}
    for root in roots:
        for key, child in root.entries:
            section = by_name.get(key.text)
            if section:
                yield from _in_section(section, child, reader, taken)
            elif key.text != HEADER_SECTION:
                _unknown_section(key, reader)


def _unknown_section(key: ScalarNode, reader: Reader) -> None:
    hint = did_you_mean(key.text, SECTION_NAMES) or f"Sections are {', '.join(SECTION_NAMES)}."
    reader.error(key, "section-unknown", f'There is no section "{shorten(key.text)}".', hint)


def _in_section(
    section: Section, node: Node, reader: Reader, taken: dict[tuple[str, str], Location]
) -> Iterator[Declared]:
    if isinstance(node, ScalarNode) and node.is_nothing:
        return
    found = reader.mapping(node, f"a mapping of names ({section.doc})")
    for name, child in found.entries if found else ():
        space = "number" if section.number else section.name
        if not _good_name(section, name, reader):
            continue
        if earlier := taken.get((space, name.text)):
            message = f'"{name.text}" is declared twice; first at {earlier}.'
            reader.error(name, "name-twice", message, "Choose another name for one of them.")
            continue
        taken[space, name.text] = name.location
        yield Declared(section, name, child)


def _good_name(section: Section, name: ScalarNode, reader: Reader) -> bool:
    pattern = literals.COLUMN_PATTERN if section.dotted else literals.NAME_PATTERN
    if re.fullmatch(pattern, name.text):
        return True
    hint = "Names are lower case letters, digits and underscores, and start with a letter."
    reader.error(name, "name-shape", f'"{shorten(name.text)}" is not a name.', hint)
    return False
