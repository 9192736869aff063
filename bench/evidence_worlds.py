"""How often verdicts fall in partner programs of which the truth is known.

``./run bench evidence_worlds`` prints one table and writes docs/measured/evidence-worlds.json; ``--only WORDS`` renews the
worlds that begin with these words and keeps the others.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence

from swingby.insight import Verdict
from tests.insight.rates import Rates, rates
from tests.insight.worlds import A, B, C, D, E, World
from tools.measured import record
from tools.places import MEASURED

WORLDS = 200
#: Label -> the world and its first seed.
CASES: dict[str, tuple[World, int]] = {
    "A effect": (A, 9000),
    "B effect, already growing": (B, 9000),
    "C effect, after a bad spell": (C, 9000),
    "D no effect": (D, 9000),
    "E no effect, already growing": (E, 9000),
    "A with 100 partners": (World(partners=100), 20_000),
    "B with 100 partners": (World(partners=100, drift="straight"), 20_000),
    "D with 100 partners": (World(partners=100, works=False), 20_000),
    "E with 100 partners": (World(partners=100, works=False, drift="straight"), 20_000),
    "no effect with 80 partners": (World(partners=80, works=False), 40_000),
    "effect, curved selection": (World(drift="curved"), 50_000),
    "no effect, curved selection": (World(works=False, drift="curved"), 50_000),
    "no effect, growth that rises": (World(works=False, drift="rising"), 50_000),
    "effect that spills over": (World(spills=0.5), 50_000),
    "anticipated effect": (World(anticipated=True), 50_000),
    "effect, seasons": (World(seasons=True), 50_000),
    "no effect, seasons": (World(works=False, seasons=True), 50_000),
    "few deals, effect": (World(months=36, deals=1), 60_000),
    "few deals, effect after a bad spell": (World(months=36, deals=1, spell=True), 60_000),
    "few deals, no effect": (World(months=36, deals=1, works=False), 60_000),
    "few deals, no effect, already growing": (World(months=36, deals=1, works=False, drift="straight"), 60_000),
}


def main(arguments: Sequence[str] | None = None) -> None:
    """Draw, study and judge every world; print and write the table (about ten minutes)."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="")
    only = parser.parse_args(arguments).only
    figures: dict[str, object] = {"worlds each": WORLDS} | (_known() if only else {})
    print(f"{'':32}{'shown':>7}{'suggested':>11}{'not shown':>11}{'refused':>9}{'holds':>7}{'effect':>8}{'truth':>8}")
    for label, (world, first) in CASES.items():
        if not label.startswith(only):
            continue
        figures[label] = one = row(rates(world, range(first, first + WORLDS)))
        shares = f"{one['shown %']:>7}{one['suggested %']:>11}{one['not shown %']:>11}{one['refused %']:>9}{one['range holds %']:>7}"
        print(f"{label:32}{shares}{one['effect']:>8}{one['truth']:>8}", flush=True)
    record(
        "evidence-worlds",
        what="Verdicts in worlds of which the truth is known",
        command="./run bench evidence_worlds",
        figures=figures,
    )


def _known() -> dict[str, object]:
    """What is written of worlds that are not drawn again."""
    written = json.loads((MEASURED / "evidence-worlds.json").read_text(encoding="utf-8"))
    return {label: written[label] for label in CASES if label in written}


def row(found: Rates) -> dict[str, float]:
    """What is written of a world, in per cent of worlds and in logs."""
    studied = max(1, found.worlds - found.verdicts[Verdict.UNANSWERABLE])
    return {
        "shown %": _percent(found.verdicts[Verdict.SHOWN], found.worlds),
        "suggested %": _percent(found.verdicts[Verdict.SUGGESTED], found.worlds),
        "not shown %": _percent(found.verdicts[Verdict.NOT_SHOWN], found.worlds),
        "refused %": _percent(found.verdicts[Verdict.UNANSWERABLE], found.worlds),
        "significant %": _percent(found.significant, studied),
        "leads ring %": _percent(found.failed["leads"], studied),
        "range holds %": _percent(found.held, studied),
        "truth": round(found.truth, 3),
        "effect": round(found.effect, 3),
        "beyond the line": round(found.beyond_line, 3),
        "plain difference": round(found.plain_difference, 2),
    }


def _percent(part: int, whole: int) -> float:
    return round(100 * part / whole, 1)


if __name__ == "__main__":
    main()
