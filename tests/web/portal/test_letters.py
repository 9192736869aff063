"""What was written to a partner stands on its home, with the way to it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from swingby.web.clock import now
from swingby.web.models import LineState, ProposedVersion, ReviewLine, VersionLetter, VersionState
from swingby.web.models.loads import new_key
from swingby.web.portal.letters import Letter, letters_to
from swingby.web.tenancy import act_for_owner
from tests.web.acting import ENROLMENT, acting, signed_in, the_enrolment

pytestmark = pytest.mark.django_db
HOME = f"/partner/{ENROLMENT}/"


def _line(state: LineState, *, decided_at: datetime, told: str = "", mend_until: date | None = None) -> str:
    """A copy of the world's line, moved on."""
    with act_for_owner("harbor"):
        line = ReviewLine.objects.filter(enrolment=ENROLMENT).earliest("pk")
        line.pk, line.state, line.decided_at, line.told, line.mend_until = (
            new_key(),
            state,
            decided_at,
            told,
            mend_until,
        )
        line.ladder = line.pk
        line.save(force_insert=True)
    return line.pk


def _letter() -> str:
    """A letter about announced rules that nobody has confirmed."""
    with act_for_owner("harbor"):
        proposed = ProposedVersion.objects.filter(program_id="harbor-program").earliest("pk")
        proposed.pk, proposed.state, proposed.version = new_key(), VersionState.ANNOUNCED, "7"
        proposed.effective, proposed.published = date(2026, 8, 1), None
        proposed.save(force_insert=True)
        VersionLetter.objects.create(
            owner_id="harbor", partner_id="tarn", proposed=proposed, enrolment=the_enrolment(), text="Dear partner.",
            sent_at=datetime(2026, 3, 30, tzinfo=UTC),
        )  # fmt: skip
    return proposed.pk


def _letters() -> tuple[Letter, ...]:
    with acting("partner-member"):
        return letters_to(the_enrolment())


def test_a_letter_about_new_rules_stands_there_until_it_is_confirmed() -> None:
    before = _letters()
    key = _letter()
    letter = _letters()[0]
    page = signed_in("partner-member").get(HOME).content.decode()
    signed_in("partner-admin").post(f"{HOME}changes/{key}/confirm/")

    assert letter == Letter(
        title="A letter to you about version 7 of the rules",
        words="It is in force from 1 August 2026. Please confirm that you have received it.",
        link="Read the letter",
        url=f"{HOME}changes/{key}/",
    )
    assert f'<a href="{letter.url}">Read the letter</a>' in page
    assert _letters() == before


@pytest.mark.parametrize(
    ("state", "told", "title", "words", "link"),
    [
        (
            LineState.APPROVED, "We talked.", "Decided: Gold to Member",
            "By the review of 1 February 2026. It holds from 1 February 2026.", "Read what we say to it",
        ),
        (LineState.HELD, "", "Stays: Gold stays", "By the review of 1 February 2026.", "See why"),
    ],
)  # fmt: skip
def test_what_a_review_decided_is_told_for_a_month(
    state: LineState, told: str, title: str, words: str, link: str
) -> None:
    before = _letters()
    key = _line(state, decided_at=now(), told=told)
    newest = _letters()[0]
    _line(state, decided_at=now() - timedelta(days=31))

    assert newest == Letter(title=title, words=words, link=link, url=f"{HOME}reviews/{key}/")
    assert _letters() == (newest, *before)


def test_a_proposal_says_until_when_it_can_be_mended_and_many_letters_cost_the_same() -> None:
    client = signed_in("partner-member")
    client.get(HOME)
    with CaptureQueriesContext(connection) as few:
        client.get(HOME)
    _line(LineState.NOTICE, decided_at=now(), mend_until=date(2026, 4, 15))
    for _ in range(3):
        _letter()
        _line(LineState.APPROVED, decided_at=now())
    with CaptureQueriesContext(connection) as many:
        page = client.get(HOME).content.decode()

    assert "You can mend it until 15 April 2026." in page
    assert len(many) == len(few)
