"""How often a change is said to have done something that it did or did not do.

``./run bench change_worlds`` prints one table and writes docs/measured/change-worlds.json.
"""

from __future__ import annotations

from swingby.insight import Verdict
from tests.insight.changes.worlds import World, lining_rates, rates
from tools.measured import record

WORLDS, FIRST = 1000, 80_000
CHANGES = {
    "nothing": World(),
    "nothing, lasting moods": World(lasting=0.5),
    "nothing, review on the day": World(settle=0),
    "half as much again": World(worth=0.5),
    "half as much again, 600 partners": World(worth=0.5, partners=600),
}
#: Who plays for the line in the year before and in the year since.
PLAYERS = {"nobody": (0, 0), "always": (15, 15), "since": (0, 15), "before": (15, 0)}


def main() -> None:
    """Draw changes; print and write the table (about two minutes)."""
    figures: dict[str, object] = {"worlds each": WORLDS}
    for name, world in CHANGES.items():
        found = rates(world, range(FIRST, FIRST + WORLDS))
        figures[name] = {
            "shown %": _percent(found.verdicts[Verdict.SHOWN]),
            "mean effect %": round(100 * found.effect, 1),
            "range holds truth %": _percent(found.held),
        }
        print(name, figures[name], flush=True)
    for name, (before, after) in PLAYERS.items():
        told = lining_rates(worlds=WORLDS, seed=FIRST, before=before, after=after)
        figures[f"{name} at the line"] = {f"{way} shown %": _percent(told[way, "shown"]) for way in ("begun", "ended")}
        print(name, figures[f"{name} at the line"], flush=True)
    record(
        "change-worlds",
        what="Changes of which it is known what they did: how often they are said to have done something",
        command="./run bench change_worlds",
        figures=figures,
    )


def _percent(part: int) -> float:
    return round(100 * part / WORLDS, 1)


if __name__ == "__main__":
    main()
