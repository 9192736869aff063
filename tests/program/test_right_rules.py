"""What checks leave alone: rules that are close to a broken one, but right."""

from __future__ import annotations

import pytest

from swingby.program.checks import Check, cells, clocks, columns, cycles, figures, fitting, names
from tests.program.reading import found_by

PEOPLE = "measures:\n  a: {count: person, of: credentials}\n"

RIGHT: tuple[tuple[Check, str], ...] = (
    (names.CasesExist(), "tracks: {t: {chosen: x, otherwise: a}}\nbenefits: {b: {value: {by: t, anything: 1}}}\n"),
    (
        names.CalendarsExist(),
        "calendars: {term: {starts: tier}}\nladders: {l: {tiers: [{id: x}], demote: {each: term year}}}\n",
    ),
    (
        cycles.NoCycles(),
        (
            "accounts: {coop: {unit: USD}}\n"
            "measures: {opened: {sum: [{account: coop, show: opened}]}}\n"
            "incentives:\n  in: {for_each: deals, earn: 1, into: coop}\n"
            "  out: {for_each: claims, earn: {rate: 1, of: amount}, cap: {at_most: {measure: opened}}, out_of: coop}\n"
        ),
    ),
    (columns.KeysExist(), "points: {p: {for_each: deals, earn: {rate: {by: currency, USD: 1, otherwise: 2}}}}\n"),
    (
        columns.KeysExist(),
        "tables: {market: {by: organization.country, otherwise: 1}, rates: {by: stage, won: 1}}\n",
    ),
    (fitting.ValuesFit(), 'measures: {m: {count: person, of: credentials, where: {version: "14"}}}\n'),
    (
        cells.CellsAreRead(),
        (
            "tables: {product: [x, y]}\n"
            "measures:\n  m: {by: product, sum: amount, of: transactions, over: ever}\n"
            "  best: {greatest: {measure: m}, each: product}\n  half: {by: product, product: [50%, m]}\n"
            "requirements: {r: {measure: m, at_least: 1}}\n"
            "ladders: {l: {by: product, tiers: [{id: low, requires: {requirement: r}}]}}\n"
        ),
    ),
    (figures.EventsNeedWindow(), "measures: {m: {count: facts, of: subscriptions}}\n"),
    (
        figures.PreviousInEach(),
        (
            "measures:\n  a: {count: facts, of: deals, over: {current: month}}\n"
            "  b: {sum: {measure: a}, each: month, over: {previous: 3 months}}\n"
        ),
    ),
    (
        figures.AnyCreditInsideEach(),
        (
            "measures:\n  a: {sum: quantity, of: usage, over: ever, credit: any}\n"
            "  b: {count: {measure: a, above: 0}, each: customer}\n"
        ),
    ),
    (figures.PickBeforeWhere(), "measures: {m: {sum: quantity, of: usage, over: ever, pick: {last: 1}}}\n"),
    (
        figures.LineInReach(),
        (
            "measures:\n  a: {sum: amount, of: deals, over: ever}\n  b: {greatest: amount, of: targets}\n"
            "  cover: {ratio: [a, b]}\nrequirements: {r: {measure: cover, at_least: 3}}\n"
        ),
    ),
    (clocks.ValuesHoldFromStart(), "points: {p: {for_each: deals, earn: 1, dated: {2026-01-15: 2026-02-01}}}\n"),
    (
        clocks.TiersOrder(),
        PEOPLE
        + "ladders: {l: {tiers: [{id: x, requires: {measure: a, at_least: 5}}, "
        "{id: y, requires: {all: [{measure: a, at_least: 2}, {decision: z}]}}]}}\n".replace(
            "at_least: 2", "at_least: 5"
        ),
    ),
    (
        clocks.Unused(),
        (
            "tables: {association.kind: [claimed]}\n"
            "measures: {m: {by: association.kind, sum: quantity, of: usage, over: ever}}\n"
        ),
    ),
)


@pytest.mark.parametrize(("check", "rules"), RIGHT)
def test_what_only_looks_broken_is_left_alone(check: Check, rules: str) -> None:
    assert found_by(check, rules) == []
