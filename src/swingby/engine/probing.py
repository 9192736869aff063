"""What a plan has to know of the facts: when partners joined, on which days earnings have facts, what was late."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from swingby.engine.assessing import Compiled
from swingby.engine.clock import Clock
from swingby.engine.graph import Graph
from swingby.engine.moments import follows_the_day
from swingby.engine.nodes import EntriesNode, FactsNode, LadderNode, RankNode
from swingby.engine.personal import is_personal
from swingby.engine.setting import Setting
from swingby.engine.steps.columns import LINKS, REFERENCES
from swingby.engine.tier_decisions import TIER_DECISIONS
from swingby.program.blocks import ColumnValue
from swingby.program.model import Earning

if TYPE_CHECKING:
    from swingby.engine.assessment import FactSource

Days = tuple[date, ...]


def probed(compiled: Compiled, facts: FactSource, setting: Setting, known_at: int) -> Setting:
    """A setting with what the facts say; only what the program's rules need is asked."""
    ask = Asking(compiled, facts)
    graph, clock = compiled.builder.graph, Clock(compiled.program)
    personal = any(is_personal(clock, node) for node in graph.nodes)
    earnings = [node.earning for _, node in graph.of(EntriesNode) if node.number is None and _reads_days(node)]
    walked = any(not follows_the_day(node.ladder, compiled.program.header) for _, node in graph.of(LadderNode))
    matters = walked and ask.knowledge_matters(graph.of(FactsNode), known_at)
    everybody = any(graph.of(RankNode))
    return replace(
        setting,
        chosen=None if everybody else setting.chosen,
        everybody=everybody,
        cohorts=ask.joining_days() if personal else (),
        holidays=frozenset(ask.holidays()),
        entry_days={earning.name: ask.days_of(earning) for earning in earnings},
        known_by=_known_by(ask, graph, setting, known_at) if matters else setting.known_by,
        tier_decisions=walked and ask.people_decided(known_at),
    )


def _known_by(ask: Asking, graph: Graph, setting: Setting, known_at: int) -> Callable[[date], int | None]:
    """What was known by the end of a day, None also where what came to be known later changes nothing before that day.

    Of few partners that is not asked: it costs more than it saves, and their plans would differ where they need not.
    """
    known = ask.known_by(known_at)
    if _looks_ahead(graph) or setting.chosen is not None:
        return known
    days, latest = ask.last_changes(known_at)

    def known_with_changes(day: date) -> int | None:
        position, place = known(day), bisect_right(days, day)
        return position if position is not None and place and latest[place - 1] > position else None

    return known_with_changes


def _looks_ahead(graph: Graph) -> bool:
    """True where a fact may count before its day."""
    windows = (node.window for _, node in graph.of(FactsNode))
    dated = (node.earning.dated for _, node in graph.of(EntriesNode))
    return any(window is not None and window.kind == "next" for window in windows) or any(dated)


def _reads_days(node: EntriesNode) -> bool:
    earning = node.earning
    return bool(node.needs or node.closing or node.gate or earning.dated or earning.awarded)


class Asking:
    """Asks the facts for days."""

    def __init__(self, compiled: Compiled, facts: FactSource) -> None:
        self.program, self.kinds = compiled.program, compiled.kinds
        self.facts = facts

    def joining_days(self) -> Days:
        """The days on which partners joined; the program's first day for those without one."""
        days = {
            day or self.program.header.effective
            for (day,) in self._rows("SELECT DISTINCT joined_on FROM ref_enrolments")
        }
        return tuple(sorted(days))

    def holidays(self) -> Iterator[date]:
        """The days that are no business days."""
        yield from (day for (day,) in self._rows("SELECT day FROM ref_holidays") if day is not None)

    def days_of(self, earning: Earning) -> tuple[Days, Days]:
        """The days that entries may count for, and those on which their values are read."""
        kind = self._base_kind(earning.for_each.of if earning.for_each else "")
        first, last = self.program.kinds[kind].day_columns
        day = last if earning.for_each and earning.for_each.when == "ended" else first
        on = self._days(kind, day)
        counted = on
        if isinstance(earning.dated, ColumnValue) and earning.dated.moment is None:
            counted = (*on, *self._days(kind, earning.dated.column))
        read = (*on, *self._days(kind, earning.rates_at)) if earning.rates_at else on
        return tuple(sorted(set(counted))), tuple(sorted(set(read)))

    def _days(self, kind: str, column: str) -> Days:
        table, name = self._table_of(kind, column)
        rows = self._rows(f'SELECT DISTINCT "{name}" FROM "{table}"')
        return tuple(sorted(day for (day,) in rows if isinstance(day, date)))

    def _table_of(self, kind: str, column: str) -> tuple[str, str]:
        """Where a column stands: with the fact, its link, what it refers to, or the enrolment."""
        head, _, name = column.rpartition(".")
        if not head:
            return f"fact_{kind}", column
        return (f"fact_{LINKS[head]}" if head in LINKS else f"ref_{REFERENCES.get(head, 'enrolments')}"), name

    def _base_kind(self, name: str) -> str:
        declared = self.program.facts.get(name)
        return self._base_kind(declared.subset_of) if declared is not None and declared.subset_of else name

    # --- what was known when ----------------------------------------------------------------------------------------

    def known_by(self, known_at: int) -> Callable[[date], int | None]:
        """The position that was known by the end of a day, where less was known than is asked for."""
        found: dict[date, int] = {}

        def known(day: date) -> int | None:
            if day not in found:
                found[day] = self.facts.position_at(day)
            return found[day] if found[day] < known_at else None

        return known

    def last_changes(self, known_at: int) -> tuple[list[date], list[int]]:
        """Days in order, and the last position at which a fact of that day or an earlier one was recorded or taken back."""
        found: defaultdict[date, int] = defaultdict(int)
        taken = f"COALESCE(MAX(reversed_position) FILTER (reversed_position <= {int(known_at)}), 0)"
        for kind in self._counted_kinds():
            day = self.program.kinds[kind].day_columns[0]
            changed = (
                f'SELECT "{day}", GREATEST(MAX(position), {taken}) FROM "fact_{kind}" '
                f"WHERE position <= {int(known_at)} GROUP BY 1"
            )
            for on, position in self._rows(changed):
                found[on or date.min] = max(found[on or date.min], position)
        days = sorted(found)
        return days, list(accumulate((found[day] for day in days), max))

    def knowledge_matters(self, numbers: Iterable[tuple[int, FactsNode]], known_at: int) -> bool:
        """True when some fact was recorded after its day or taken back, or a rule looks ahead."""
        if any(node.window is not None and node.window.kind == "next" for _, node in numbers):
            return True
        positions: Mapping[date, int] = {}
        return any(self._was_late(kind, known_at, dict(positions)) for kind in self._counted_kinds())

    def people_decided(self, known_at: int) -> bool:
        """True when a tier was decided by people, and that was not taken back."""
        known = f"position <= {int(known_at)} AND (reversed_position IS NULL OR reversed_position > {int(known_at)})"
        return bool(self._rows(f'SELECT 1 FROM "fact_{TIER_DECISIONS}" WHERE {known} LIMIT 1'))

    def _counted_kinds(self) -> list[str]:
        """What a review sees. A decision about its outcome is no part of that: it is always taken later."""
        return sorted(self.kinds - {TIER_DECISIONS})

    def _was_late(self, kind: str, known_at: int, seen: dict[date, int]) -> bool:
        day = self.program.kinds[kind].day_columns[0]
        taken_back = f'SELECT 1 FROM "fact_{kind}" WHERE reversed_position <= {int(known_at)} LIMIT 1'
        if self._rows(taken_back):
            return True
        latest = f'SELECT "{day}", MAX(position) FROM "fact_{kind}" WHERE position <= {int(known_at)} GROUP BY 1'
        for on, position in self._rows(latest):
            if on not in seen:
                seen[on] = self.facts.position_at(on)
            if position > seen[on]:
                return True
        return False

    def _rows(self, query: str) -> list[tuple[Any, ...]]:
        return self.facts.connection.execute(query).fetchall()
