"""How often an act is said to pay that does or does not, and how often the range of its return holds the truth.

``./run bench return_worlds`` prints one table and writes docs/measured/return-worlds.json.
"""

from __future__ import annotations

from swingby.insight import Verdict
from tests.insight.returns.worlds import MARGIN, World, rates, truth
from tools.measured import record

WORLDS, FIRST = 300, 60_000
#: What partners spend where the act just pays: all the margin that it adds.
EVEN = World().cost * truth(World()) * MARGIN.middle
KNOWN = {
    "pays three times": World(),
    "just pays": World(cost=EVEN),
    "brings back a third": World(cost=3 * EVEN),
    "no effect": World(worth=0, cost=500),
    "no effect, already growing": World(worth=0, cost=500, drift=0.009),
    "larger for large partners": World(steep=0.5),
    "150 partners": World(partners=150),
}


def main() -> None:
    """Draw worlds and reckon; print and write the table (about twenty minutes)."""
    figures: dict[str, object] = {"worlds each": WORLDS}
    for name, world in KNOWN.items():
        found = rates(world, range(FIRST, FIRST + WORLDS))
        row = {
            "pays shown %": _percent(found.verdicts[Verdict.SHOWN]),
            "refused %": _percent(found.verdicts[Verdict.UNANSWERABLE]),
            "told %": _percent(found.told),
            "range holds truth %": round(100 * found.held / found.answered, 1),
            "mean": round(found.estimate, 2),
            "truth": round(found.truth, 2),
        }
        figures[name] = row
        print(name, row, flush=True)
    record(
        "return-worlds",
        what="Acts of which it is known what they bring and cost: how often they are said to pay",
        command="./run bench return_worlds",
        figures=figures,
    )


def _percent(part: int) -> float:
    return round(100 * part / WORLDS, 1)


if __name__ == "__main__":
    main()
