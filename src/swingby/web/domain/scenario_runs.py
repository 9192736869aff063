"""Running the scenarios that came with a proposed version."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from swingby.engine.scenarios import Outcome, read_scenarios, run_scenarios
from swingby.facts import from_rows
from swingby.program import Program

MOST_SHOWN = 50


def try_scenarios(program: Program, texts: Mapping[str, str], *, told: Callable[[str], None]) -> dict[str, Any]:
    """How the scenarios come out, as it is kept; nothing that a scenario says can stop the others."""
    if not texts:
        return {"passed": 0, "failed": 0, "unread": 0, "differences": []}
    with tempfile.TemporaryDirectory(prefix="swingby-scenarios-") as name:
        for file, text in texts.items():
            (Path(name) / file).write_text(text, encoding="utf-8")
        scenarios, issues = read_scenarios(Path(name))
    asked = [scenario for scenario in scenarios if scenario.expected]
    told(f"Scenarios: {len(asked)}")
    outcomes = run_scenarios(program, asked, from_rows)
    errors = [issue for issue in issues if issue.level == "error"]
    unread = [{"place": str(issue.location), "name": "", "words": f"{issue.message} {issue.hint}"} for issue in errors]
    return {
        "passed": sum(outcome.passed for outcome in outcomes),
        "failed": sum(not outcome.passed for outcome in outcomes),
        "unread": len(errors),
        "differences": [*unread, *(row for outcome in outcomes for row in _told(outcome))][:MOST_SHOWN],
    }


def _told(outcome: Outcome) -> list[dict[str, str]]:
    if outcome.error is not None:
        words = f"{outcome.error.message} {outcome.error.hint}".strip()
        return [{"place": str(outcome.scenario.location), "name": outcome.scenario.name, "words": words}]
    return [
        {
            "place": str(found.location),
            "name": outcome.scenario.name,
            "words": f"{found.day}: {found.what} should be {found.expected}, and is {found.found}",
        }
        for found in outcome.differences
    ]
