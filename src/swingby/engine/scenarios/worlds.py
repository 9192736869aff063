"""From a scenario to rows of facts: what is left out is filled in as the reference says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from swingby.engine.scenarios.reading import Scenario, text_of
from swingby.errors import SwingbyError
from swingby.program import Program
from swingby.program.blocks import Location
from swingby.program.kinds import OWNER_LINK, REFERENCE_TABLES, Column, FactKind
from swingby.program.reading import literals
from swingby.program.reading.nodes import ListNode, MapNode, Node, ScalarNode

#: The partner under test, as organization and as enrolment.
PARTNER = "partner"
Row = dict[str, object]
Rows = Mapping[str, Sequence[Row]]


def rows_of(program: Program, scenario: Scenario, *, as_of: date) -> Rows:
    """The rows of every fact and reference table for one asked day.

    Reference tables such as ``customers`` or ``exchange_rates`` may stand among the facts; nothing is filled in there.
    Dates left out start at joining or fall on the asked day. The partner employs everyone and is associated with
    every customer and deal that is named, unless ``employments``, ``associations`` or ``deal_parties`` are given.

    Raises
    ------
    SwingbyError
        ``scenario`` with the place, for an unknown kind or column or a value of another type.
    """
    joined = _joined(program, scenario, as_of)
    written = {name: nodes for name, nodes in scenario.facts.items() if name not in _PLAIN_TABLES}
    facts = {
        kind: list(_facts(program.kinds[kind], nodes, joined, as_of))
        for kind, nodes in written.items()
        if _is_known(program, kind, nodes)
    }
    _link(program, facts, joined)
    tables = {name: _plain_rows(name, scenario.facts[name]) for name in _PLAIN_TABLES if name in scenario.facts}
    return {**facts, **tables, **_references(scenario, joined)}


#: Reference tables that stand among the facts; organizations and enrolments come from the partners.
_PLAIN_TABLES = tuple(name for name in REFERENCE_TABLES if name not in ("organizations", "enrolments"))


def _plain_rows(table: str, nodes: Sequence[MapNode]) -> list[Row]:
    """Rows of a reference table, exactly as written."""
    known = {column.name: column for column in REFERENCE_TABLES[table]}
    return [
        {name: _value(_known_column(table, known, name, cell), cell) for name, cell in written.items()}
        for node in nodes
        for written in _each(node)
    ]


def _known_column(table: str, columns: Mapping[str, Column], name: str, node: ScalarNode) -> Column:
    if name not in columns:
        raise _refused(node.location, f'{table} has no column "{name}"', f"It has: {', '.join(columns)}.")
    return columns[name]


def _joined(program: Program, scenario: Scenario, as_of: date) -> date:
    written = scenario.partner.get("joined_on") if scenario.partner else None
    found = literals.day(text_of(written) or "")
    return found or min(program.header.effective, as_of)


def _is_known(program: Program, kind: str, nodes: Sequence[MapNode]) -> bool:
    if kind not in program.kinds:
        where = nodes[0].location if nodes else Location("scenario", 0, 0)
        raise _refused(where, f'there is no fact kind "{kind}"', f"There are: {', '.join(sorted(program.kinds))}.")
    return True


def _facts(kind: FactKind, nodes: Sequence[MapNode], joined: date, as_of: date) -> Iterator[Row]:
    for node in nodes:
        copies = int(text_of(node.get("repeat")) or 1)
        for written in _each(node.without("repeat")):
            for _ in range(copies):
                yield _fact(kind, written, joined, as_of)


def _each(node: MapNode) -> Iterator[Mapping[str, ScalarNode]]:
    """A list in a row makes one fact for each of its items; several lists go side by side."""
    lengths = {len(value.items) for _, value in node.entries if isinstance(value, ListNode)}
    if len(lengths) > 1:
        raise _refused(node.location, "two lists in one row have different lengths", "Make them equally long.")
    for index in range(lengths.pop() if lengths else 1):
        yield {key.text: _cell(value, index) for key, value in node.entries}


def _cell(node: Node, index: int) -> ScalarNode:
    chosen = node.items[index] if isinstance(node, ListNode) else node
    if not isinstance(chosen, ScalarNode):
        raise _refused(chosen.location, "a cell is a single value", "Write a word, a number or a day.")
    return chosen


_LEDGER = (Column("recorded_at", "text"), Column("reverses", "id"))
#: What a row says of itself and not of what happened.
_ABOUT_ITSELF = frozenset({"fact_id", "source", *(column.name for column in _LEDGER)})


def _fact(kind: FactKind, written: Mapping[str, ScalarNode], joined: date, as_of: date) -> Row:
    columns = {column.name: column for column in (*kind.all_columns, *_LEDGER)}
    row: Row = {}
    for name, node in written.items():
        row[name] = _value(_known_column(kind.name, columns, name, node), node)
    if not _only_reverses(row):
        _fill(kind, row, joined, as_of)
    return row


def _only_reverses(row: Row) -> bool:
    """Whether a row says nothing but what it takes away, as in a file."""
    said = {name for name, value in row.items() if value is not None}
    return "reverses" in said and said <= _ABOUT_ITSELF


def _fill(kind: FactKind, row: Row, joined: date, as_of: date) -> None:
    start, end = kind.day_columns
    if kind.shape == "event":
        row.setdefault(start, as_of)
    elif row.get(start) is None:
        ends = row.get(end)
        row[start] = min(joined, ends) if isinstance(ends, date) else joined
    if kind.column("organization") and "organization" not in row:
        row["organization"] = PARTNER


def _value(column: Column, node: ScalarNode) -> object:
    if node.is_nothing:
        return None
    readers = {"date": literals.day, "number": literals.number, "percent": literals.number, "amount": literals.number}
    if column.type == "truth":
        return literals.truth(node.text)
    if column.type not in readers:
        return node.text
    found: date | Decimal | None = readers[column.type](node.text)
    if found is None:
        shape = "a day: write 2026-03-31" if column.type == "date" else "a number: write 1234.5, without separators"
        raise _refused(
            node.location, f'{column.name}: "{node.text}" is not what the column holds', f"It holds {shape}."
        )
    return found


# --- what is left out -----------------------------------------------------------------------------------------------


def _link(program: Program, facts: dict[str, list[Row]], joined: date) -> None:
    """Link everybody and everything named to the partner where no links were given."""
    for owner, link in OWNER_LINK.items():
        if link in facts:
            continue
        named = {
            str(row[owner]): min(joined, *_starts(program.kinds[kind], row))
            for kind, rows in facts.items()
            for row in rows
            if row.get(owner) is not None and program.kinds[kind].owner == owner
        }
        first = dict.fromkeys(named, joined) | named
        facts[link] = [
            {"organization": PARTNER, owner: name, "starts_on": start} for name, start in sorted(first.items())
        ]


def _starts(kind: FactKind, row: Row) -> tuple[date, ...]:
    start = row.get(kind.day_columns[0])
    return (start,) if isinstance(start, date) else ()


def _references(scenario: Scenario, joined: date) -> Rows:
    partners = [(PARTNER, scenario.partner), *scenario.others]
    organizations: list[Row] = []
    enrolments: list[Row] = []
    for name, node in partners:
        columns = _reference_row("organizations", node)
        organizations.append({"organization": name, **columns})
        dates = _reference_row("enrolments", node)
        enrolments.append({"enrolment": name, "organization": name, "joined_on": joined, **dates})
    organizations += [_reference_row("organizations", node) for node in scenario.organizations]
    return {"organizations": organizations, "enrolments": enrolments}


def _reference_row(table: str, node: MapNode | None) -> Row:
    row: Row = {}
    known = {column.name: column for column in REFERENCE_TABLES[table]}
    for key, value in node.entries if node else ():
        if key.text in known and isinstance(value, ScalarNode):
            row[key.text] = _value(known[key.text], value)
        elif not any(key.text == column.name for columns in REFERENCE_TABLES.values() for column in columns):
            raise _refused(key.location, f'a partner has no column "{key.text}"', "See the reference of tables.")
    return row


def _refused(where: Location, what: str, hint: str) -> SwingbyError:
    return SwingbyError(code="scenario", message=f"{where}: {what}.", hint=hint)
