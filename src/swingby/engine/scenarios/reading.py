"""Reading scenario files: located problems, all at once; ``like`` and ``replace`` resolved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from swingby.program.blocks import Location
from swingby.program.issues import Issue
from swingby.program.reading import literals
from swingby.program.reading.nodes import ListNode, MapNode, Node, ScalarNode
from swingby.program.reading.source import compose, read_file

KEYS = {
    "name", "program", "like", "partner", "partners", "organizations", "facts", "replace", "given", "as_of", "known_at",
    "expect", "timeline", "note", "source",
}  # fmt: skip
#: Sections of an expectation whose names may have one value per cell.
SECTIONS_OF_CELLS = ("tiers", "measures", "points", "scores", "incentives", "benefits")
SECTIONS = (*SECTIONS_OF_CELLS, "requirements", "tracks", "accounts", "rows")


@dataclass(frozen=True, slots=True)
class Scenario:
    """One situation with what is expected on one day or several.

    Attributes
    ----------
    partner
        Columns of the partner under test; ``others`` are further partners by name.
    facts
        By kind, the written rows; a list in a row makes one fact for each of its items.
    given
        Numbers set by hand, each with the days from which they hold; that of a cell is named ``name[cell]``.
    expected
        By day, what must come out; the number or tier of a cell is named ``name[cell]`` here, too.
    """

    name: str
    location: Location
    partner: MapNode | None = None
    others: tuple[tuple[str, MapNode], ...] = ()
    organizations: tuple[MapNode, ...] = ()
    facts: Mapping[str, tuple[MapNode, ...]] = field(default_factory=dict)
    given: Mapping[str, Node] = field(default_factory=dict)
    expected: Mapping[date, MapNode] = field(default_factory=dict)
    known_at: str | None = None
    program: str | None = None


def read_scenarios(folder: Path) -> tuple[list[Scenario], list[Issue]]:
    """Every scenario of a folder (or of one file), in order of file name, and what is wrong with them."""
    issues: list[Issue] = []
    found: dict[str, Scenario] = {}
    files = [folder] if folder.is_file() else sorted(folder.rglob("*.yaml"))
    for path in files:
        for node in _listed(path, issues):
            _add(node, found, issues)
    return list(found.values()), issues


def _listed(path: Path, issues: list[Issue]) -> Iterable[MapNode]:
    source = read_file(path, path.name)
    if isinstance(source, Issue):
        issues.append(source)
        return
    root, problems = compose(source)
    issues.extend(problems)
    for item in root.items if isinstance(root, ListNode) else ():
        if isinstance(item, MapNode):
            yield item
        else:
            issues.append(Issue(item.location, "scenario-shape", "A scenario is a mapping.", "Begin with `- name:`."))
    if root is not None and not isinstance(root, ListNode):
        issues.append(Issue(root.location, "scenario-shape", "A scenario file is a list.", "Begin with `- name:`."))


def _add(node: MapNode, found: dict[str, Scenario], issues: list[Issue]) -> None:
    for key, _ in node.entries:
        if key.text not in KEYS:
            hint = f"A scenario has: {', '.join(sorted(KEYS))}."
            issues.append(Issue(key.location, "key-unknown", f'A scenario has no key "{key.text}".', hint))
    name = text_of(node.get("name"))
    if not name:
        issues.append(Issue(node.location, "key-missing", "A scenario needs a name.", "Write `name: …`."))
        return
    if name in found:
        issues.append(Issue(node.location, "name-twice", f'Another scenario is called "{name}".', "Rename one."))
    _check_days(node, issues)
    base = _base(node, name, found, issues)
    if base is not None:
        found[name] = _extended(base, node, issues)


def _check_days(node: MapNode, issues: list[Issue]) -> None:
    """A scenario that expects nothing tests nothing; one that expects twice would hide one of the two."""
    written = {key for key in ("as_of", "expect", "timeline") if node.get(key) is not None}
    if "timeline" in written and len(written) > 1:
        hint = "Put every day under `timeline`."
        issues.append(Issue(node.location, "scenario-days", "`timeline` stands beside `as_of` or `expect`.", hint))
    elif written and written not in ({"timeline"}, {"as_of", "expect"}):
        hint = "Write both: `as_of` is the day, `expect` what must come out."
        issues.append(Issue(node.location, "scenario-days", "`as_of` and `expect` belong together.", hint))
    elif not written and node.get("like") is None:
        hint = "Write `as_of` and `expect`, or `timeline`."
        issues.append(Issue(node.location, "scenario-days", "This scenario expects nothing.", hint))


def _base(node: MapNode, name: str, found: Mapping[str, Scenario], issues: list[Issue]) -> Scenario | None:
    like = text_of(node.get("like"))
    if not like:
        return Scenario(name, node.location)
    if like not in found:
        hint = "A scenario can only be like one that stands before it."
        issues.append(Issue(node.location, "like-unknown", f'There is no scenario "{like}".', hint))
        return None
    return replace(found[like], name=name, location=node.location)


def _extended(base: Scenario, node: MapNode, issues: list[Issue]) -> Scenario:
    partner, others = node.get("partner"), node.get("partners")
    kept = {kind: rows for kind, rows in base.facts.items() if kind not in names_of(node.get("replace"))}
    return replace(
        base,
        partner=partner if isinstance(partner, MapNode) else base.partner,
        others=(*base.others, *_maps(others)),
        organizations=(*base.organizations, *_rows(node.get("organizations"))),
        facts=_with_facts(_with_facts(kept, node.get("replace")), node.get("facts")),
        given={**base.given, **_given(node.get("given"))},
        expected=_expected(node, issues) or base.expected,
        known_at=text_of(node.get("known_at")) or base.known_at,
        program=text_of(node.get("program")) or base.program,
    )


def _with_facts(facts: Mapping[str, tuple[MapNode, ...]], node: Node | None) -> Mapping[str, tuple[MapNode, ...]]:
    found = dict(facts)
    for key, rows in node.entries if isinstance(node, MapNode) else ():
        found[key.text] = (*found.get(key.text, ()), *_rows(rows))
    return found


def _rows(node: Node | None) -> tuple[MapNode, ...]:
    if isinstance(node, MapNode):
        return (node,)
    return tuple(item for item in node.items if isinstance(item, MapNode)) if isinstance(node, ListNode) else ()


def _maps(node: Node | None) -> tuple[tuple[str, MapNode], ...]:
    entries = node.entries if isinstance(node, MapNode) else ()
    return tuple((key.text, value) for key, value in entries if isinstance(value, MapNode))


def _given(node: Node | None) -> Mapping[str, Node]:
    entries = node.entries if isinstance(node, MapNode) else ()
    return {name.text: value for key, found in entries for name, value in _by_cell(key, found)}


def _by_cell(name: ScalarNode, node: Node) -> Iterable[tuple[ScalarNode, Node]]:
    """A mapping of cells, written out as ``name[cell]``; one of days belongs to its name."""
    if not isinstance(node, MapNode) or all(literals.day(key) for key in node.names):
        yield name, node
        return
    for cell, found in node.entries:
        yield from _by_cell(replace(name, text=f"{name.text}[{cell.text}]"), found)


def _with_cells(expected: MapNode) -> MapNode:
    """An expectation, for one partner or by partner, with every cell written out."""
    found: list[tuple[ScalarNode, Node]] = []
    for key, node in expected.entries:
        if isinstance(node, MapNode) and key.text in SECTIONS_OF_CELLS:
            cells = (pair for name, value in node.entries for pair in _by_cell(name, value))
            found.append((key, replace(node, entries=tuple(cells))))
        elif isinstance(node, MapNode) and key.text not in SECTIONS:
            found.append((key, _with_cells(node)))
        else:
            found.append((key, node))
    return replace(expected, entries=tuple(found))


def _expected(node: MapNode, issues: list[Issue]) -> Mapping[date, MapNode]:
    timeline, as_of, expect = node.get("timeline"), node.get("as_of"), node.get("expect")
    if isinstance(timeline, MapNode):
        days = [(_day(key, issues), value) for key, value in timeline.entries]
        return {day: _with_cells(value) for day, value in days if day and isinstance(value, MapNode)}
    if isinstance(as_of, ScalarNode) and isinstance(expect, MapNode):
        day = _day(as_of, issues)
        return {day: _with_cells(expect)} if day else {}
    return {}


def _day(node: ScalarNode, issues: list[Issue]) -> date | None:
    found = literals.day(node.text)
    if found is None:
        issues.append(Issue(node.location, "day-expected", f'"{node.text}" is not a day.', "Write 2026-03-31."))
    return found


def text_of(node: Node | None) -> str | None:
    """The text of a scalar."""
    return node.text if isinstance(node, ScalarNode) else None


def names_of(node: Node | None) -> tuple[str, ...]:
    """The keys of a mapping."""
    return node.names if isinstance(node, MapNode) else ()
