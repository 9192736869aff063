"""How often signs of playing for a line are seen in years without it, and with it.

``./run bench gaming_worlds`` prints one table and writes docs/measured/gaming-worlds.json.
"""

from __future__ import annotations

from swingby.insight import Verdict
from tests.insight.gaming.worlds import rates
from tools.measured import record

WORLDS, SEED = 1000, 31


def main() -> None:
    """Draw years and look for signs; print and write the table (about ten seconds)."""
    figures: dict[str, object] = {"worlds each": WORLDS}
    for players in (0, 5, 15):
        found = rates(worlds=WORLDS, seed=SEED, players=players)
        row = {
            "shown %": _percent(found.verdicts[Verdict.SHOWN]),
            "line %": _percent(found.line),
            "deals %": _percent(found.deals),
            "people %": _percent(found.people),
            "named %": _percent(found.named),
        }
        figures[f"{players} play"] = row
        print(players, row, flush=True)
    record(
        "gaming-worlds",
        what="Signs of playing for a line in years of which the truth is known",
        command="./run bench gaming_worlds",
        figures=figures,
    )


def _percent(part: int) -> float:
    return round(100 * part / WORLDS, 1)


if __name__ == "__main__":
    main()
