"""How often a forecast is shown, and its range holds, in series of which the truth is known.

``./run bench forecast_worlds`` prints one table and writes docs/measured/forecast-worlds.json.
"""

from __future__ import annotations

from swingby.insight import Verdict
from tests.insight.forecast.worlds import Draw, growing, hopeless, rates, steady, wandering
from tools.measured import record

WORLDS, SEED = 200, 7
CASES: dict[str, Draw] = {
    "nothing beats the year before": hopeless,
    "no growth": steady,
    "growth": growing,
    "wandering": wandering,
}


def main() -> None:
    """Draw, forecast and judge every world; print and write the table (about five minutes)."""
    figures: dict[str, object] = {"worlds each": WORLDS}
    for label, draw in CASES.items():
        for months in (38, 60):
            found = rates(draw, months=months, worlds=WORLDS, seed=SEED)
            row = {
                "shown %": round(100 * found.verdicts[Verdict.SHOWN] / WORLDS),
                "suggested %": round(100 * found.verdicts[Verdict.SUGGESTED] / WORLDS),
                "level %": round(100 * found.level),
                "held %": round(100 * found.held),
            }
            figures[f"{label}, {months} months"] = row
            print(f"{label}, {months} months", row, flush=True)
    record(
        "forecast-worlds",
        what="Forecasts in series of which the truth is known",
        command="./run bench forecast_worlds",
        figures=figures,
    )


if __name__ == "__main__":
    main()
