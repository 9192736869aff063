"""A stop that is lost where it was raised, as while an object is cleared away, is raised again until it is heard."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Iterator

import pytest

from swingby.web.server.supervisor import StopRequested, _Asked, _signals


@pytest.fixture
def asked() -> Iterator[_Asked]:
    asked = _Asked()
    with _signals(asked):
        yield asked
        asked.hear()


def lose_one(asked: _Asked) -> None:
    with contextlib.suppress(StopRequested):
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(0.01)
    assert asked.count == 1


def test_a_stop_that_was_lost_is_raised_again_at_the_next_look(asked: _Asked) -> None:
    asked.look()
    lose_one(asked)
    with pytest.raises(StopRequested):
        asked.look()


def test_a_stop_that_was_lost_comes_again_where_nobody_looks(asked: _Asked) -> None:
    lose_one(asked)
    with pytest.raises(StopRequested):
        time.sleep(5)


def test_once_it_is_heard_nothing_breaks_into_the_stopping(asked: _Asked) -> None:
    lose_one(asked)
    asked.hear()
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(1.5)
    assert asked.count == 2
