"""A stop that is lost where it was raised, as while an object is cleared away, is raised again at the next look."""

from __future__ import annotations

import contextlib
import signal

import pytest

from swingby.web.server.supervisor import StopRequested, _Asked


def test_a_stop_that_was_lost_is_raised_again() -> None:
    asked = _Asked()
    asked.look()
    with contextlib.suppress(StopRequested):
        asked(signal.SIGINT, None)
    with pytest.raises(StopRequested):
        asked.look()


def test_a_second_signal_does_not_break_into_the_stopping() -> None:
    asked = _Asked()
    with pytest.raises(StopRequested):
        asked(signal.SIGINT, None)
    asked(signal.SIGINT, None)
    assert asked.count == 2
