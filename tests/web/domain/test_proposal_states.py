"""The life of a version as a machine: whoever does whatever in whatever order, only the table's steps happen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from django.db import transaction
from django.test import override_settings
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from swingby.web.domain.errors import RefusedError
from swingby.web.domain.proposals import make_effective
from swingby.web.models import ProgramVersion, ProposedVersion, VersionAct, VersionLetter
from tests.web.acting import acting
from tests.web.domain.proposing import LETTER, act, drafted

PEOPLE = ("manager", "second-manager", "success", "finance", "executive")
ACTS = ("try", "show", "hide", "ask", "return", "approve", "announce", "withdraw", "take effect")
MANAGERS = {"manager", "second-manager"}

#: (state, act) -> (state after, who), said a second time.
MODEL = {
    ("draft", "try"): ("shadow", MANAGERS),
    ("draft", "show"): ("preview", MANAGERS),
    ("draft", "ask"): ("waits", MANAGERS),
    ("shadow", "show"): ("preview", MANAGERS),
    ("shadow", "ask"): ("waits", MANAGERS),
    ("preview", "hide"): ("shadow", MANAGERS),
    ("preview", "ask"): ("waits", MANAGERS),
    ("waits", "return"): ("draft", {"second-manager"}),
    ("waits", "approve"): ("approved", {"second-manager"}),
    ("approved", "announce"): ("announced", MANAGERS),
    ("draft", "withdraw"): ("withdrawn", MANAGERS),
    ("shadow", "withdraw"): ("withdrawn", MANAGERS),
    ("preview", "withdraw"): ("withdrawn", MANAGERS),
    ("waits", "withdraw"): ("withdrawn", MANAGERS),
    ("approved", "withdraw"): ("withdrawn", MANAGERS),
    ("announced", "withdraw"): ("withdrawn", MANAGERS),
}


class LifeOfAVersion(RuleBasedStateMachine):
    """Real acts on the real database, beside a table that knows nothing of it."""

    def __init__(self) -> None:
        super().__init__()
        self.undone = _undone()
        self.undone.__enter__()
        self.proposed = drafted()
        self.state, self.acts, self.effective = "draft", ["draft"], False

    @rule(person=st.sampled_from(PEOPLE), name=st.sampled_from(ACTS))
    def anybody_does_anything(self, person: str, name: str) -> None:
        self.somebody_acts(person, name)

    def somebody_acts(self, person: str, name: str) -> None:
        after, who = MODEL.get((self.state, name), ("", set()))
        try:
            with transaction.atomic():
                act(self.proposed, name, by=person, words="Because.", letter=LETTER)
        except RefusedError:
            assert person not in who
        else:
            assert person in who
            self.state = after
            self.acts.append(name)

    @precondition(lambda self: any(state == self.state for state, _ in MODEL))
    @rule(data=st.data())
    def somebody_does_what_is_open(self, data: st.DataObject) -> None:
        """Often enough that lives become long."""
        open_now = [name for state, name in MODEL if state == self.state]
        name = data.draw(st.sampled_from([name for name in open_now if name != "withdraw"] or open_now))
        self.somebody_acts(data.draw(st.sampled_from(sorted(MODEL[self.state, name][1]))), name)

    @precondition(lambda self: self.state == "announced")
    @rule(day=st.dates(date(2026, 7, 30), date(2026, 8, 2)))
    def the_day_comes(self, day: date) -> None:
        with override_settings(SWINGBY_TODAY=day):
            done = make_effective(self.proposed.pk, owner="harbor")
        assert done == (day >= date(2026, 8, 1))
        if done:
            self.state = "effective"
            self.acts.append("take effect")

    @invariant()
    def all_that_is_kept_agrees(self) -> None:
        with acting("manager"):
            found = ProposedVersion.objects.get(pk=self.proposed.pk)
            acts = list(VersionAct.objects.filter(proposed=found).values_list("act", flat=True))
            published = ProgramVersion.objects.filter(proposal=found.pk).count()
            letters = VersionLetter.objects.filter(proposed=found).count()
        is_out, was_told = self.state in {"announced", "effective"}, "announce" in self.acts
        assert (found.state, acts, published, letters) == (self.state, self.acts, int(is_out), 3 * was_told)
        assert found.withdrawn_because == ("Because." if was_told and self.state == "withdrawn" else "")
        assert found.approved_by_id in ({"second-manager"} if "approve" in self.acts else {None})

    def teardown(self) -> None:
        self.undone.__exit__(None, None, None)


@contextmanager
def _undone() -> Iterator[None]:
    """Whatever happens inside is taken back, because other tests share the world."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_a_version_lives_as_the_table_says() -> None:
    run = settings(max_examples=25, stateful_step_count=14, deadline=None)
    LifeOfAVersion.TestCase.settings = run
    LifeOfAVersion.TestCase("runTest").runTest()
