"""Ctrl-C always stops everything within five seconds; after kill -9 everything is back within ten."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pytest

from tests.web.server.harness import START_LIMIT, STOP_LIMIT
from tests.web.server.kills import interrupt_often, kill_often

pytestmark = pytest.mark.kill

TIMES = pytest.mark.parametrize("times", [5, pytest.param(20, marks=pytest.mark.long)])


@pytest.fixture
def seed() -> int:
    """Return a new seed, printed when the test fails."""
    drawn = random.SystemRandom().randrange(1_000_000)
    sys.stdout.write(f"seed {drawn}\n")
    return drawn


@TIMES
def test_interrupt_stops_everything(tmp_path: Path, times: int, seed: int) -> None:
    """Whenever Ctrl-C comes, all processes are gone in time."""
    seconds = interrupt_often(tmp_path / "data", times=times, seed=seed)
    assert len(seconds.stops) == times
    assert max(seconds.stops) < STOP_LIMIT
    assert max(seconds.starts) < START_LIMIT


@TIMES
def test_kill_is_mended(tmp_path: Path, times: int, seed: int) -> None:
    """Whichever process is killed, the application answers again in time and no committed row is lost."""
    seconds = kill_often(tmp_path / "data", times=times, seed=seed)
    assert len(seconds.returns) == times
    assert max(seconds.returns) < START_LIMIT
    assert max(seconds.stops) < STOP_LIMIT
