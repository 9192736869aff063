"""What standings need is made once, in the background, before somebody waits for it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from queue import SimpleQueue
from time import sleep
from typing import Any

import pytest

from swingby.engine import LiveEngine
from swingby.web.domain import live, warming
from swingby.web.domain.programs import loaded, version_in_force
from swingby.web.domain.warming import Warming, warm_up
from tests.web.acting import acting
from tests.web.domain.proposing import PROGRAM

DAY = date(2026, 3, 31)
#: For what happens in another thread.
SECONDS = 10


@pytest.fixture(autouse=True)
def cold(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that has just started."""
    monkeypatch.setattr(live, "_engines", {})


def _never(*_: Any) -> None:
    raise AssertionError("It is made a second time.")


@pytest.mark.django_db
@pytest.mark.parametrize("many", [False, True])
def test_nothing_is_left_to_make_for_the_first_who_needs_a_standing(
    monkeypatch: pytest.MonkeyPatch, *, many: bool
) -> None:
    warm_up("harbor", many=many)

    monkeypatch.setattr(live, "live_engine", _never)
    monkeypatch.setattr(LiveEngine, "_made", _never)
    with acting("manager"):
        live.prepare_live(version_in_force(PROGRAM, on=DAY), day=DAY, many=many)
    assert live._engines


@pytest.mark.django_db
def test_who_comes_while_it_is_made_waits_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    with acting("manager"):
        program = loaded(version_in_force(PROGRAM, on=DAY))
    made = []

    def slowly(*_: Any) -> None:
        sleep(0.05)
        made.append(1)

    monkeypatch.setattr(live, "live_engine", slowly)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: live._engine("hash", program, ()), range(8)))

    assert len(made) == 1


@pytest.mark.django_db
def test_two_days_asked_at_once_are_each_answered_with_their_own_statement(monkeypatch: pytest.MonkeyPatch) -> None:
    with acting("manager"):
        engine = LiveEngine(loaded(version_in_force(PROGRAM, on=DAY)))
    monkeypatch.setattr(LiveEngine, "_made", lambda _, day, many: (day, many))
    days = [DAY + timedelta(days=number % 2) for number in range(400)]

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(engine._statement, days))

    assert found == [(day, False) for day in days]


class Recorded:
    """Stands in for the making: whose programs were asked for, and an error for one of them."""

    def __init__(self) -> None:
        self.owners: SimpleQueue[str] = SimpleQueue()

    def __call__(self, owner: str, *, many: bool) -> None:
        assert not many
        self.owners.put(owner)
        if owner == "broken":
            raise RuntimeError("an example of what may go wrong")

    def next(self) -> str:
        return self.owners.get(timeout=SECONDS)


@pytest.fixture
def recorded(monkeypatch: pytest.MonkeyPatch) -> Recorded:
    found = Recorded()
    monkeypatch.setattr(warming, "warm_up", found)
    return found


def _day_after(day: date) -> Callable[[], date]:
    return lambda: day + timedelta(days=1)


def test_an_owner_is_made_ready_once_a_day_and_again_where_a_version_may_have_changed(
    recorded: Recorded, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = Warming()
    ours.ask("nobody serves pages yet")
    ours.start(["harbor"])
    ours.ask("harbor")
    ours.ask("other")
    assert [recorded.next(), recorded.next()] == ["harbor", "other"]

    ours.ask_again("harbor")
    assert recorded.next() == "harbor"

    monkeypatch.setattr(warming, "today", _day_after(DAY))
    ours.ask("other")
    assert recorded.next() == "other"
    assert recorded.owners.empty()


def test_one_that_cannot_be_made_ready_does_not_stop_the_others(
    recorded: Recorded, caplog: pytest.LogCaptureFixture
) -> None:
    Warming().start(["broken", "harbor"])

    assert [recorded.next(), recorded.next()] == ["broken", "harbor"]
    assert "The programs of broken are not made ready" in caplog.text
