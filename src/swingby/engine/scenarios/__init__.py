"""Scenarios: situations with expected standings, written by program managers and run by ``swingby test``."""

from __future__ import annotations

from swingby.engine.scenarios.joint import run_scenarios
from swingby.engine.scenarios.reading import Scenario, read_scenarios
from swingby.engine.scenarios.running import Difference, Outcome, run_scenario

__all__ = ["Difference", "Outcome", "Scenario", "read_scenarios", "run_scenario", "run_scenarios"]
