"""The life of a line and of its appeal as a machine: whoever does whatever, only the table's steps happen."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import transaction
from django.test import override_settings
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from swingby.web.domain.appeals import answer_appeal, file_appeal
from swingby.web.domain.errors import RefusedError
from swingby.web.domain.review_opening import open_due_reviews
from swingby.web.domain.reviews import TRANSITIONS, end_notice
from swingby.web.models import Appeal, LineState, ReviewAct
from tests.web.acting import acting
from tests.web.domain.reviewing import OWNER, PROGRAM, act, begin, line_of, live, state_of, undone

PEOPLE = ("manager", "second-manager", "success", "finance", "executive")
MANAGERS, RECOMMENDERS = {"manager", "second-manager"}, {"manager", "second-manager", "success"}
ACTS = ("approve", "hold", "protect", "recommend", "give notice", "notice over", "mended", "overtake", "overturn")
UNTIL = date(2026, 4, 30)

#: (state, act) -> (state after, who), said a second time.
MODEL = {
    ("waits", "approve"): ("approved", MANAGERS),
    ("waits", "hold"): ("held", MANAGERS),
    ("waits", "protect"): ("protected", MANAGERS),
    ("waits", "recommend"): ("waits", RECOMMENDERS),
    ("waits", "give notice"): ("notice", MANAGERS),
    ("notice", "approve"): ("approved", MANAGERS),
    ("notice", "hold"): ("held", MANAGERS),
    ("notice", "protect"): ("protected", MANAGERS),
    ("notice", "recommend"): ("notice", RECOMMENDERS),
}
TIERS = {"approved": "member", "overturned": "gold"}


class LifeOfALine(RuleBasedStateMachine):
    """Real acts on the real database, beside a table that knows nothing of it."""

    def __init__(self) -> None:
        super().__init__()
        self.undone = undone()
        self.undone.__enter__()
        begin()
        open_due_reviews(PROGRAM, owner=OWNER)
        with acting("manager"):
            self.key = line_of().pk
        self.state, self.appeal = "waits", ""
        self.acts: list[str] = []

    @rule(person=st.sampled_from(PEOPLE), name=st.sampled_from(ACTS))
    def anybody_does_anything(self, person: str, name: str) -> None:
        after, who = MODEL.get((self.state, name), ("", set()))
        try:
            with transaction.atomic():
                act(name, by=person, words="Because.", until=UNTIL)
        except RefusedError:
            assert person not in who
        else:
            assert person in who
            self.state = after
            self.acts.append(name)

    @precondition(lambda self: self.state == "notice")
    @rule(day=st.sampled_from([UNTIL, date(2026, 5, 1)]))
    def the_day_comes(self, day: date) -> None:
        with override_settings(SWINGBY_TODAY=day):
            end_notice(self.key, owner=OWNER)
        if day > UNTIL:
            self.state = "waits"
            self.acts.append("notice over")

    @rule(person=st.sampled_from(("partner-admin", "partner-manager", "partner-member")))
    def somebody_appeals(self, person: str) -> None:
        may = self.state == "approved" and not self.appeal and person != "partner-member"
        try:
            with transaction.atomic(), acting(person) as actor:
                file_appeal(line_of(), actor=actor, words="Look again.")
        except RefusedError:
            assert not may
        else:
            assert may
            self.appeal = "filed"

    @precondition(lambda self: self.appeal != "")
    @rule(person=st.sampled_from(PEOPLE), answer=st.sampled_from(("uphold", "overturn", "file")))
    def somebody_answers(self, person: str, answer: str) -> None:
        may = self.appeal == "filed" and person in MANAGERS and answer != "file"
        try:
            with transaction.atomic(), acting(person) as actor:
                answer_appeal(Appeal.objects.get(line__ladder="level"), answer, actor=actor, words="Because.")
        except RefusedError:
            assert not may
        else:
            assert may
            self.appeal = {"uphold": "upheld", "overturn": "overturned"}[answer]
            if answer == "overturn":
                self.state = "overturned"
                self.acts.append("overturn")

    @invariant()
    def all_that_is_kept_agrees(self) -> None:
        with acting("manager"):
            acts = list(ReviewAct.objects.filter(line=self.key).values_list("act", flat=True))
            appeals = list(Appeal.objects.filter(line__ladder="level").values_list("state", flat=True))
        assert (state_of(), acts, appeals) == (self.state, self.acts, [self.appeal] if self.appeal else [])

    def teardown(self) -> None:
        assert live() == TIERS.get(self.state, "gold")
        self.undone.__exit__(None, None, None)


@pytest.mark.django_db
def test_a_line_lives_as_the_table_says() -> None:
    LifeOfALine.TestCase.settings = settings(max_examples=8, stateful_step_count=10, deadline=None)
    LifeOfALine.TestCase("runTest").runTest()


def test_every_open_state_leads_on_and_every_end_is_one() -> None:
    ends = set(LineState) - {state for state, _ in TRANSITIONS}
    assert ends == {
        LineState.UNDECIDED, LineState.PROTECTED, LineState.MENDED, LineState.OVERTAKEN, LineState.OVERTURNED,
    }  # fmt: skip
