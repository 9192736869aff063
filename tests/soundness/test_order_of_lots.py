"""The lots of an account have one order: by the day they open, the day, the entry, and the part of the entry."""

from __future__ import annotations

from contextlib import closing
from decimal import Decimal

import pytest

from swingby.engine.assessing import _LOTS
from swingby.engine.sql import open_duckdb, statement
from swingby.engine.steps.accounts import LOT
from tests.soundness.worlds import World, on

PARTS = 12
RULES = f"""
accounts: {{coop: {{unit: USD}}}}
incentives:
  sold:
    for_each: transactions
    earn: {{rate: 1, of: amount}}
    split: [{", ".join(f"{{share: {part}%, into: coop}}" for part in range(1, PARTS + 1))}]
"""


def test_parts_of_one_entry_stand_in_their_order() -> None:
    made = (
        World.of(RULES).event("transactions", "2024-02-01", amount=100).event("transactions", "2024-02-01", amount=200)
    )
    lots = made.standing("2024-06-30").accounts["coop"].lots
    assert [(lot.entry, lot.amount) for lot in lots] == [
        (f"transactions-000{fact}", Decimal(part * (fact + 1))) for fact in (0, 1) for part in range(1, PARTS + 1)
    ]


@pytest.mark.parametrize("backwards", [False, True])
def test_lots_that_differ_in_their_part_alone_are_read_in_its_order(*, backwards: bool) -> None:
    with closing(open_duckdb()) as database:
        rows = [
            (1, 1, on("2024-06-30"), part, "f", on("2024-02-01"), on("2024-02-01"), None, *[Decimal(part)] * 4)
            for part in range(PARTS)
        ]
        database.store("lots", LOT, rows[::-1] if backwards else rows)
        database.store("asked", LOT[2:3], [(on("2024-06-30"),)])
        found = [row[7] for row in database.rows(statement(_LOTS, rows="lots"))]
    assert found == list(range(PARTS))
