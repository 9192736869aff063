"""Engines and statements made in the background, before somebody waits for them.

A process has one thread for it: two that compile at once would leave no page its turn.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import date
from queue import SimpleQueue
from threading import Thread

from django.db import connection

from swingby.web.clock import today
from swingby.web.domain.live import prepare_live
from swingby.web.domain.programs import versions_in_force
from swingby.web.models import Program
from swingby.web.tenancy import act_for_owner

log = logging.getLogger(__name__)


class Warming:
    """What one process has made ready, for whom and for which day.

    Parameters
    ----------
    many
        Whether standings are asked for together, as jobs do, or one by one, as pages do: the statements differ.
    """

    def __init__(self, *, many: bool = False) -> None:
        self._many = many
        self._asked: SimpleQueue[str] = SimpleQueue()
        self._days: dict[str, date] = {}
        self._thread: Thread | None = None

    def start(self, owners: Iterable[str] = ()) -> None:
        """Begin, with those whose programs are needed anyway; before that nothing is made ready."""
        self._thread = Thread(target=self._work, name="warming", daemon=True)
        for owner in owners:
            self.ask(owner)
        self._thread.start()

    def ask(self, owner: str) -> None:
        """Make an owner's programs ready for today, unless that was asked before."""
        if self._thread is not None and self._days.get(owner) != today():
            self._days[owner] = today()
            self._asked.put(owner)

    def ask_again(self, owner: str) -> None:
        """The same where another version may have come into force meanwhile."""
        self._days.pop(owner, None)
        self.ask(owner)

    def _work(self) -> None:
        while True:
            owner = self._asked.get()
            try:
                warm_up(owner, many=self._many)
            except Exception:
                log.exception("The programs of %s are not made ready; the first who needs one waits for it.", owner)
            finally:
                connection.close()


#: Of this process, where it serves pages.
warming = Warming()


def warm_up(owner: str, *, many: bool = False) -> None:
    """Make the versions in force of an owner's programs ready for today."""
    with act_for_owner(owner):
        programs = list(Program.objects.filter(owner_id=owner).values_list("pk", flat=True))
        for version in versions_in_force(programs, on=today()).values():
            prepare_live(version, day=today(), many=many)
