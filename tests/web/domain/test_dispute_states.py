"""The life of a dispute as a machine: whoever does whatever in whatever order, only the table's steps happen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial

import pytest
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from swingby.web.domain.dispute_cures import cure_by_adding
from swingby.web.domain.disputes import Matter, answer_dispute, open_dispute, withdraw_dispute
from swingby.web.domain.errors import RefusedError
from swingby.web.models import AuditEntry, Dispute, DisputeState, ScorecardLine
from swingby.web.tenancy import act_for_owner
from swingby.web.visibility import Actor
from tests.web.acting import ENROLMENT, acting, the_enrolment

PEOPLE = ("partner-admin", "partner-manager", "partner-member", "manager", "success", "operations", "lead", "finance")
PARTNERS, ANSWERERS, LOADERS = {"partner-admin", "partner-manager"}, {"manager", "success"}, {"manager", "operations"}

#: (state, act) -> (state after, who), said a second time; a case that was put right has a state of its own here.
MODEL = {
    ("none", "open"): ("open", PARTNERS),
    ("open", "withdraw"): ("none", PARTNERS),
    ("open", "uphold"): ("upheld", ANSWERERS),
    ("open", "change"): ("changed", ANSWERERS),
    ("open", "decline"): ("none", ANSWERERS),
    ("upheld", "cure"): ("none", LOADERS),
    ("changed", "cure"): ("none", LOADERS),
}
ACTS = ("open", "withdraw", "uphold", "change", "decline", "cure")
#: Answered and not yet put right, a line may be disputed again; the machine follows the case it knows.
OPENABLE = {"none", "upheld", "changed"}


class LifeOfADispute(RuleBasedStateMachine):
    """Real acts on the real database, beside a table that knows nothing of it."""

    def __init__(self) -> None:
        super().__init__()
        self.undone = _undone()
        self.undone.__enter__()
        with act_for_owner("harbor"):
            Dispute.objects.filter(enrolment_id=ENROLMENT).update(state=DisputeState.WITHDRAWN)
        self.state, self.key, self.acts = "none", "", list[str]()

    @rule(person=st.sampled_from(PEOPLE), name=st.sampled_from(ACTS))
    def anybody_does_anything(self, person: str, name: str) -> None:
        if name != "open" or self.state not in OPENABLE - {"none"}:
            self.somebody_acts(person, name)

    def somebody_acts(self, person: str, name: str) -> None:
        after, who = MODEL.get((self.state, name), ("", set()))
        if not self.key and name != "open":
            return
        try:
            with transaction.atomic(), acting(person) as actor:
                self.done(actor, name)()
        except RefusedError:
            assert person not in who
        else:
            assert person in who
            self.state = after
            self.acts.append(name)

    def done(self, actor: Actor, name: str) -> Callable[[], object]:
        if name == "open":
            return partial(self.opened, actor)
        case = Dispute.objects.select_related("partner", "enrolment", "opened_by").get(pk=self.key)
        known: Mapping[str, Callable[[], object]] = {
            "withdraw": partial(withdraw_dispute, case, actor=actor),
            "cure": partial(cure_by_adding, case, actor=actor, kind="plan_reviewed", day="2026-03-12"),
        }
        return known.get(name) or partial(answer_dispute, case, name, actor=actor, words="We looked.")

    def opened(self, actor: Actor) -> None:
        line = ScorecardLine.objects.filter(enrolment_id=ENROLMENT, rule="plans").order_by("id")[0]
        matter = Matter(number="plans", number_label="Plan reviewed", line=line)
        key = open_dispute(the_enrolment(), actor=actor, matter=matter, words="Wrong.").pk
        self.key, self.acts = key, []

    @precondition(lambda self: any(state == self.state for state, _ in MODEL))
    @rule(data=st.data())
    def somebody_does_what_is_open(self, data: st.DataObject) -> None:
        """Often enough that lives become long."""
        name = data.draw(st.sampled_from([name for state, name in MODEL if state == self.state]))
        self.somebody_acts(data.draw(st.sampled_from(sorted(MODEL[self.state, name][1]))), name)

    @invariant()
    def all_that_is_kept_agrees(self) -> None:
        with act_for_owner("harbor"):
            mine = Dispute.objects.filter(enrolment_id=ENROLMENT)
            assert mine.filter(state=DisputeState.OPEN).count() == int(self.state == "open")
            if not self.key:
                return
            case = mine.get(pk=self.key)
            acts = list(AuditEntry.objects.filter(subject=self.key).values_list("action", flat=True))
        assert sorted(acts) == sorted(f"dispute.{act}" for act in self.acts)
        assert (case.cured_at is not None) == ("cure" in self.acts)
        assert bool(case.answer) == bool({"uphold", "change", "decline"} & set(self.acts))

    def teardown(self) -> None:
        self.undone.__exit__(None, None, None)


@contextmanager
def _undone() -> Iterator[None]:
    """Whatever happens inside is taken back, because other tests share the world."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_a_dispute_lives_as_the_table_says() -> None:
    run = settings(max_examples=10, stateful_step_count=12, deadline=None)
    LifeOfADispute.TestCase.settings = run
    LifeOfADispute.TestCase("runTest").runTest()
