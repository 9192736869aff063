"""Seats: who can sit where comes from SQL, the most seats that can be filled from an array step."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from sqlglot import exp

from swingby.engine.coverage import base_kind
from swingby.engine.nodes import AssignNode
from swingby.engine.place import not_computed
from swingby.engine.plan import ArrayStep, Draft
from swingby.engine.predicates import Row, condition_sql, fixed_value
from swingby.engine.seats import SeatNeed, SeatsEach, fill
from swingby.engine.sql import Column, statement
from swingby.engine.steps.accounts import NUMBER
from swingby.engine.steps.columns import fact_row
from swingby.engine.steps.credited import Crediting, columns_read, credited, known_to, route_of
from swingby.engine.steps.facts import link_holds
from swingby.engine.steps.looks import subset_filters
from swingby.engine.steps.members import Members
from swingby.program.blocks import ByCase, Filter
from swingby.program.kinds import FactKind
from swingby.program.numbers import AssignNumber

DAY = (Column("node", "whole"), Column("d", "day"), Column("known", "whole"))
ABLE = """
SELECT c.e, p.d, c.{person} AS person, {seats}
FROM {facts} AS c
JOIN {days} AS p ON {time}
WHERE {where}
GROUP BY c.e, p.d, c.{person}
"""
_STATE = "c.starts_on <= p.d AND (c.ends_on IS NULL OR c.ends_on > p.d)"
_EVENT = "c.happened_on <= p.d AND (c.cancelled_on IS NULL OR c.cancelled_on > p.d)"


def add_assigned(group: Members, stratum: int) -> None:
    """Add the most seats that people can fill."""
    for number in group.numbers:
        node = group.draft.graph[number]
        if isinstance(node, AssignNode):
            if node.needs or group.dims:
                not_computed("seats that depend on other numbers or cells", node.number)
            _add(group.draft, number, node.number, f"s{stratum}_seats_{number}")


def _add(draft: Draft, number: int, seats: AssignNumber, name: str) -> None:
    days = draft.demand.days(number)
    rows = [(number, day, draft.known(number)) for day in days]
    table = draft.data(f"{name}_days", DAY, rows)
    people = draft.query(f"{name}_people", "SELECT * FROM {able} AS a", able=_able(draft, seats, table))
    reads = {"able": statement("SELECT * FROM {people} AS a", people=people)}

    def compute(tables: Mapping[str, Sequence[tuple[object, ...]]]) -> Iterable[tuple[object, ...]]:
        able: defaultdict[tuple[object, object], dict[str, list[int]]] = defaultdict(dict)
        for e, day, person, *flags in tables["able"]:
            if person is not None:
                able[e, day][str(person)] = [place for place, flag in enumerate(flags) if flag]
        for (e, day), people in able.items():
            filled = Decimal(_filled(draft, seats, people, day))  # type: ignore[arg-type]
            yield (number, e, day, filled, filled, Decimal(1), 0)

    draft.steps.append(ArrayStep(name, NUMBER, reads, compute))
    draft.put([number], name)


def _able(draft: Draft, seats: AssignNumber, days: str) -> exp.Expr:
    kind = base_kind(draft, seats.of)
    route = route_of(draft, kind, None)
    row = Row(fact_row(draft.program, kind, "c", links=True), exp.column("d", "p"))
    own = exp.and_(
        *(condition_sql(draft.program, part, row) for part in subset_filters(draft, seats.of, None)), exp.true()
    )
    flags = [_flag(draft, seat.where, row, place) for place, seat in enumerate(seats.seats)]
    time = exp.and_(
        statement(_STATE if kind.shape == "state" else _EVENT),
        link_holds(kind, route, "p.d"),
        known_to("p", "c", linked=bool(route.link)),
    )
    what = Crediting(kind, route, known="row", reads=tuple(columns_read([*flags, own])))
    person = _person(kind, seats)
    return statement(ABLE, facts=credited(draft, what), days=days, person=person, seats=flags, time=time, where=own)


def _person(kind: FactKind, seats: AssignNumber) -> str:
    if kind.column(seats.person) is None:
        not_computed(f"seats for {seats.person}", seats)
    return seats.person


def _flag(draft: Draft, where: Filter | None, row: Row, place: int) -> exp.Expr:
    met = condition_sql(draft.program, where, row)
    return exp.alias_(statement("MAX(CASE WHEN {met} THEN 1 ELSE 0 END)", met=met), f"seat_{place}")


def _filled(draft: Draft, seats: AssignNumber, people: Mapping[str, Sequence[int]], day: date) -> int:
    needs = [SeatNeed(seat.role, seat.inside, _whole(draft, seat.count, day) or 0) for seat in seats.seats]
    roles = None if seats.roles is None else _whole(draft, seats.roles, day)
    return fill(needs, people, roles=roles, seats_each=_seats_each(draft, seats, day))


def _seats_each(draft: Draft, seats: AssignNumber, day: date) -> SeatsEach:
    written = seats.seats_each
    if written is None:
        return None
    if isinstance(written, ByCase) and written.by == "role":
        found = {word: _whole(draft, value, day) for word, value in written.cases}
        return {word: count for word, count in found.items() if count is not None}
    return _whole(draft, written, day)


def _whole(draft: Draft, value: object, day: date) -> int | None:
    found = fixed_value(draft.program, value, day)  # type: ignore[arg-type]
    return None if found is None else int(found)
