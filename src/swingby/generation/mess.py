"""What makes facts look like life: sources and times of recording, corrections, duplicates, days that cannot be."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from swingby.generation.columns import MARK, Column, Table, keys, same, stamps, texts, words
from swingby.generation.drawing import NONE, Stream, Truths, Whole
from swingby.generation.partners import Block

#: Short words that begin the ids of facts of a kind.
IDS = {
    "employments": "em", "credentials": "cr", "activities": "ac", "surveys": "su", "decisions": "de", "deals": "st",
    "deal_parties": "pa", "deal_lines": "li", "point_of_sale": "ps", "associations": "as", "subscriptions": "sb",
    "usage": "us", "cases": "ca", "references": "re", "touches": "to", "costs": "co", "targets": "ta", "agreements": "ag",
    "assignments": "at",
}  # fmt: skip
SOURCES = {
    "activities": "portal", "surveys": "portal", "credentials": "academy", "usage": "telemetry", "cases": "desk",
    "costs": "ledger", "employments": "directory", "assignments": "directory",
}  # fmt: skip
OTHER_SOURCE = "crm"
CORRECTED = ("activities", "deals")
STAMPED = "activities"
MINUTES_A_DAY, EVENING = 1440, 18 * 60
LATE = (31, 60)
CORRECTION_AFTER = (4, 25)
TOO_MUCH, WRONG_MONTH = 10, 28
IMPOSSIBLE = "2025-02-30"


def recorded(block: Block, table: Table) -> list[Table]:
    """A table of facts with ids, sources and times; with mess, and with rows that a folder of text keeps apart."""
    stream = block.stream(f"mess {table.name}")
    name, count = table.name, table.rows
    prefix = f"{IDS[name]}{block.prefix}"
    day = _day(table).values
    when = _recorded_on(block, stream, table, day)
    base = table.having(
        fact_id=keys(np.arange(count), prefix),
        source=same(SOURCES.get(name, OTHER_SOURCE), count),
        recorded_at=stamps(when * MINUTES_A_DAY + EVENING),
        reverses=keys(np.full(count, NONE), prefix),
    )
    extra = _taken_back(block, stream, base, when) if "back" in base.columns else []
    if name not in CORRECTED:
        return [base, *extra]
    return [*_messy(block, stream, base, when), *extra]


def _day(table: Table) -> Column:
    return table.columns["happened_on" if "happened_on" in table.columns else "starts_on"]


def _recorded_on(block: Block, stream: Stream, table: Table, day: Whole) -> Whole:
    """Within two days; some late; what distributors report on the day of their report; nothing after the last day."""
    if "reported" in table.columns:
        return table.columns["reported"].values.astype(np.int64)
    calm = _is_calm(block, table)
    late = stream.chance(np.full(len(day), block.company["mess"]["late"])) & ~calm
    usual = np.where(calm, 0, stream.within(day * 0, day * 0 + 2))
    delay = np.where(late, stream.within(day * 0 + LATE[0], day * 0 + LATE[1]), usual)
    return np.clip(day + delay, int(block.months.starts[0]) - 1, block.months.last)


def _messy(block: Block, stream: Stream, base: Table, when: Whole) -> list[Table]:
    """Rows of which some were wrong at first, some are there twice, and some have days that cannot be."""
    mess, count = block.company["mess"], base.rows
    calm = _is_calm(block, base)
    wrong = np.flatnonzero(stream.chance(np.full(count, mess["corrected"])) & ~calm)
    twice = np.flatnonzero(stream.chance(np.full(count, mess["duplicated"])) & ~calm)
    twice = twice[~np.isin(twice, wrong)]
    first = _wrong_at_first(block, base, wrong)
    delay = stream.within(wrong * 0 + CORRECTION_AFTER[0], wrong * 0 + CORRECTION_AFTER[1])
    after = np.minimum(when[wrong] + delay, block.months.last)
    corrections = _numbered(base.take(wrong), count).having(
        recorded_at=stamps(after * MINUTES_A_DAY + EVENING), reverses=base.columns["fact_id"].take(wrong)
    )
    again = _numbered(base.take(twice), count + len(wrong))
    return [first.followed_by(corrections, again), *_odd_days(block, stream, base)]


def _is_calm(block: Block, table: Table) -> Truths:
    """Rows that nothing happens to: those marked, and those of partners with a story, but for the largest."""
    if "calm" in table.columns:
        return np.asarray(table.columns["calm"].values == MARK)
    if "organization" not in table.columns:
        return np.zeros(table.rows, dtype=bool)
    told = [block.keys[place] for place in block.stories if block.rank[place] < 0]
    return np.isin(table.columns["organization"].values, told)


def _numbered(table: Table, start: int) -> Table:
    column = table.columns["fact_id"]
    return table.having(fact_id=replace(column, values=start + np.arange(table.rows)))


def _wrong_at_first(block: Block, base: Table, wrong: Whole) -> Table:
    """An amount that is ten times too large, or a day of the month before."""
    name = "amount" if "amount" in base.columns else "happened_on"
    values = base.columns[name].values.copy()
    early = np.maximum(values[wrong] - WRONG_MONTH, int(block.months.starts[0]))
    values[wrong] = values[wrong] * TOO_MUCH if name == "amount" else early
    return base.having(**{name: replace(base.columns[name], values=values)})


def _odd_days(block: Block, stream: Stream, base: Table) -> list[Table]:
    """Copies with a day that no calendar has, which whoever reads them leaves out."""
    count = round(block.company["mess"]["impossible"] * base.rows)
    chosen = base.take(stream.some(np.arange(base.rows), count))
    odd = _numbered(chosen, 2 * base.rows).having(happened_on=texts([IMPOSSIBLE] * chosen.rows))
    return [replace(odd, part="typed")]


def _taken_back(block: Block, stream: Stream, base: Table, when: Whole) -> list[Table]:
    """Rows that take a fact back as though it had never been: a number, and nothing else."""
    back = np.flatnonzero(base.columns["back"].values == MARK)
    least, most = block.company["gaming"]["cancelled_within"]
    day = np.minimum(when[back] + stream.within(back * 0 + least, back * 0 + most), block.months.last)
    columns = {
        "fact_id": replace(base.columns["fact_id"], values=3 * base.rows + np.arange(len(back))),
        "source": base.columns["source"].take(back),
        "recorded_at": stamps(day * MINUTES_A_DAY + EVENING),
        "reverses": base.columns["fact_id"].take(back),
        "deal": keys(np.full(len(back), NONE), "d"),
        "stage": words(np.full(len(back), -1), []),
        "happened_on": Column(np.full(len(back), NONE), base.columns["happened_on"].written),
    }
    return [Table("deals", columns, part="withdrawn")]


def stamped(stream: Stream, table: Table, share: float) -> tuple[Table, Table]:
    """Some rows with a moment in UTC of the next day's small hours, which is still the day itself in the west."""
    chosen: Truths = stream.chance(np.full(table.rows, share))
    late = table.take(np.flatnonzero(chosen))
    small_hours = stream.within(np.full(late.rows, 5), np.full(late.rows, 230))
    minutes = (late.columns["happened_on"].values + 1) * MINUTES_A_DAY + small_hours
    return table.take(np.flatnonzero(~chosen)), replace(late.having(happened_on=stamps(minutes)), part="stamped")
