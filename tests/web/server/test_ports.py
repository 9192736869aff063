from __future__ import annotations

import socket

import pytest

from swingby.web.server.errors import PortTakenError
from swingby.web.server.ports import FIRST_PORT, answers, choose_port, is_free
from tests.web.server.harness import free_port


def test_taken_port_is_stepped_over(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        monkeypatch.setattr("swingby.web.server.ports.FIRST_PORT", taken)
        found = choose_port(None, patience=0)
        assert found > taken
        assert is_free(found)
        with pytest.raises(PortTakenError, match=str(taken)):
            choose_port(taken, patience=0)


def test_free_port_is_taken_as_wanted() -> None:
    port = free_port()
    assert choose_port(port, patience=0) == port
    assert FIRST_PORT == 8000


def test_silent_port_does_not_answer() -> None:
    """A port that takes connections and says nothing is no web server that is ready."""
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        assert not answers(silent.getsockname()[1], seconds=0.2)
    assert not answers(free_port())
