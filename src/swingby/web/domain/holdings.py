"""What a partner has from a program: what its accounts hold, what it earned in money; in the form that is stored."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from swingby.engine import Standing
from swingby.program.model import Program

#: So many lots of an account are kept with a standing: those that still hold something first, then the newest.
MOST_LOTS = 24


def holdings(standing: Standing, program: Program) -> dict[str, Any]:
    """What is stored of accounts and incentives, and by which track benefits go; nothing where there are none."""
    said: dict[str, Any] = {}
    if program.accounts:
        said["accounts"] = [_account(standing, name, program) for name in program.accounts if name in standing.accounts]
    if program.incentives:
        said["incentives"] = [row for name in program.incentives if (row := _incentive(standing, name, program))]
    if program.benefits and standing.tracks:
        said["tracks"] = dict(sorted(standing.tracks.items()))
    return said


def _account(standing: Standing, name: str, program: Program) -> dict[str, Any]:
    account, found = program.accounts[name], standing.accounts[name]
    ordered = sorted(found.lots, key=lambda lot: (lot.left == 0, -lot.opens.toordinal(), lot.entry))
    shown = sorted(ordered[:MOST_LOTS], key=lambda lot: (lot.opens, lot.entry))
    return {
        "name": name,
        "label": account.text.label or _words(name),
        "unit": account.unit,
        **{what: _text(getattr(found, what)) for what in ("balance", "opened", "used", "expired")},
        "lots_total": len(found.lots),
        "lots": [
            {
                "opens": lot.opens.isoformat(),
                "expires": lot.expires.isoformat() if lot.expires else None,
                **{what: _text(getattr(lot, what)) for what in ("amount", "left", "used", "expired")},
            }
            for lot in shown
        ],
    }


def _incentive(standing: Standing, name: str, program: Program) -> dict[str, Any] | None:
    """What a rule earned in all, unless it goes through an account, which shows it."""
    declared, number = program.incentives[name], standing.numbers.get(name)
    if number is None or number.value is None or declared.into or declared.out_of:
        return None
    unit = declared.text.unit or ("" if declared.own_currency else program.header.currency)
    return {"name": name, "label": declared.text.label or _words(name), "unit": unit, "value": _text(number.value)}


def _words(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _text(value: Decimal) -> str:
    return f"{value.normalize():f}"


def stored_holdings(result: Mapping[str, Any], name: str) -> tuple[Mapping[str, Any], ...]:
    """The rows of one kind as a standing stores them; a standing of an earlier release has none."""
    return tuple(result.get(name) or ())
