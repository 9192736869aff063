"""The pages of reviews: what they show, what their buttons do, how many statements they need."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from swingby.web.models import Appeal, Enrolment, LineState, Organization, Review, ReviewAct, ReviewLine, TierException
from tests.web.acting import ENROLMENT, acting, signed_in

pytestmark = pytest.mark.django_db
REVIEW = "/console/harbor/reviews/harbor-program-review/"
LINE = f"{REVIEW}lines/{ENROLMENT}-line-waits/"
PORTAL = f"/partner/{ENROLMENT}/reviews/"


def more_lines(count: int) -> None:
    """As many partners more whom the review would move."""
    with acting("manager"):
        there = Organization.objects.filter(pk__startswith="more-").count()
        review = Review.objects.get(pk="harbor-program-review")
        for number in range(there, there + count):
            key = f"more-{number:03}"
            Organization.objects.create(id=key, name=f"More Example {number}", lineage=[key], registered_by="harbor")
            enrolment = Enrolment.objects.create(
                id=f"harbor-{key}", owner_id="harbor", partner_id=key, program_id="harbor-program",
                joined_on=date(2025, 1, 1),
            )  # fmt: skip
            ReviewLine.objects.create(
                owner_id="harbor", partner_id=key, review=review, enrolment=enrolment, ladder="badge",
                ladder_label="Tier", on=review.on, direction="down", before="gold", before_label="Gold", before_rank=2,
                after="member", after_label="Member", after_rank=0, holds_from=review.on, state=LineState.WAITS,
            )  # fmt: skip


@pytest.mark.parametrize("address", ["/console/harbor/reviews/", f"{REVIEW}?show=open", "/console/harbor/exceptions/"])
def test_many_partners_need_as_many_statements_as_few_and_no_large_page(address: str) -> None:
    client = signed_in("manager")
    more_lines(10)
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    more_lines(300)
    with CaptureQueriesContext(connection) as many:
        page = client.get(address)
    # One less where nobody on the page has a standing that could be looked up.
    assert len(few) - 1 <= len(many) <= len(few)
    assert len(page.content) < 150_000


def test_the_list_says_what_a_review_found_and_what_waits() -> None:
    text = signed_in("executive").get("/console/harbor/reviews/").content.decode()
    for words in ("Of 3 partners 6 would fall.", "3 to decide", "Appeals to answer", "waits for a program manager"):
        assert words in text


def test_a_review_shows_its_lines_with_reasons_by_filter() -> None:
    client = signed_in("manager")
    waiting = client.get(REVIEW).content.decode()
    rising = client.get(f"{REVIEW}?show=up").content.decode()
    assert ("Plan reviews at least 3: has 1" in waiting, "Approve those chosen" in waiting) == (True, True)
    assert ("Nobody here" in rising, client.get(f"{REVIEW}?show=nonsense&page=99999").status_code) == (True, 200)


def test_readers_are_offered_no_decision() -> None:
    text = signed_in("finance").get(LINE).content.decode()
    assert ("<form" in text.split("<main")[1], "Plan reviews at least 3" in text) == (False, True)


def test_a_recommendation_is_read_by_who_decides() -> None:
    signed_in("success").post(LINE, {"act": "recommend", "words": "Hold it until June."})
    assert "Hold it until June." in signed_in("manager").get(LINE).content.decode()


def test_a_bad_day_is_told_and_loses_nothing() -> None:
    client = signed_in("manager")
    page = client.post(LINE, {"act": "protect", "words": "Why.", "until": "soon"}, follow=True).content.decode()
    assert "Choose a day." in page
    with acting("manager"):
        assert ReviewLine.objects.get(pk=f"{ENROLMENT}-line-waits").state == "waits"


def test_an_appeal_goes_to_and_fro() -> None:
    line = f"{PORTAL}{ENROLMENT}-line-at_once/"
    before = signed_in("partner-admin").get(line).content.decode()
    answered = signed_in("manager").post(
        f"/console/harbor/appeals/{ENROLMENT}-appeal/", {"answer": "uphold", "words": "There is none in December."}
    )
    after = signed_in("partner-member").get(line).content.decode()
    assert ("Look again." in before, "Answer due by" in before, answered.status_code) == (True, True, 302)
    assert ("There is none in December." in after, "The decision stands" in after) == (True, True)


def test_what_a_review_proposes_is_called_so_and_our_reasons_stay_ours() -> None:
    signed_in("success").post(LINE, {"act": "recommend", "words": "They are about to leave."})
    client = signed_in("partner-member")
    listed, line = (client.get(at).content.decode() for at in (PORTAL, f"{PORTAL}{ENROLMENT}-line-waits/"))
    assert "Proposed: Gold to Member" in client.get(f"/partner/{ENROLMENT}/").content.decode()
    assert ("Proposed" in listed, "Proposed: Gold to Member" in line, "you keep Gold" in line) == (True, True, True)
    assert "about to leave" not in listed + line


def test_an_exception_is_asked_for_by_one_and_granted_by_another() -> None:
    with acting("manager"):
        key = TierException.objects.get(enrolment_id=ENROLMENT, state="asked").pk
    client = signed_in("manager")
    page = client.get("/console/harbor/exceptions/").content.decode()
    client.post(f"/console/harbor/exceptions/{key}/", {"act": "grant"})
    with acting("partner-member"):
        seen = set(TierException.objects.values_list("state", "until"))
    assert ("Waits for a second person" in page, seen) == (True, {("granted", date(2026, 9, 1))})


def test_an_appeal_with_a_file_that_is_no_picture_is_refused() -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    with acting("manager"):
        ReviewLine.objects.filter(pk=f"{ENROLMENT}-line-waits").update(
            state=LineState.APPROVED, decided_at=datetime(2026, 3, 20, tzinfo=UTC)
        )
    sent = {"words": "Look.", "file": SimpleUploadedFile("a.exe", b"MZ", content_type="application/x")}
    page = signed_in("partner-admin").post(f"{PORTAL}{ENROLMENT}-line-waits/", sent, follow=True).content.decode()
    assert "is no picture and no PDF" in page
    with acting("manager"):
        assert not Appeal.objects.filter(line=f"{ENROLMENT}-line-waits").exists()


def test_whom_an_exception_is_asked_for_is_found_by_a_part_of_the_name() -> None:
    client, address = signed_in("manager"), "/console/harbor/exceptions/"
    found = {words: client.get(address, {"q": words}).context["page"] for words in ("", "tARN", "nobody", "example")}

    assert {words: [key for key, _ in page.partners] for words, page in found.items()} == {
        "": [],
        "tARN": ["harbor-program-tarn"],
        "nobody": [],
        "example": ["harbor-program-sedge", "harbor-program-sedge-north", "harbor-program-tarn"],
    }
    assert 'id="exception-partner"' not in client.get(address).content.decode()


def _states() -> dict[str, int]:
    with acting("manager"):
        found = ReviewLine.objects.filter(review="harbor-program-review", enrolment__pk__startswith="harbor-more-")
        return dict(found.order_by("state").values_list("state").annotate(models.Count("pk")))


def test_before_lines_are_decided_it_is_asked_how_many_and_what_their_partners_read() -> None:
    client = signed_in("manager")
    asked = client.post(f"{REVIEW}approve/", {"line": f"{ENROLMENT}-line-waits", "act": "approve"})
    question = asked.context["page"]["question"]
    with acting("manager"):
        state = ReviewLine.objects.get(pk=f"{ENROLMENT}-line-waits").state

    assert (question.total, question.down, question.up, question.unread) == (1, 1, 0, 0)
    assert [(row.move, row.told) for row in question.rows] == [
        ("Gold to Member", "Tier: Member instead of Gold, from 31 March 2026.")
    ]
    assert (state, "What they read" in asked.content.decode()) == ("waits", True)


def test_all_of_a_filter_are_held_at_once_with_a_reason_for_each() -> None:
    client = signed_in("manager")
    more_lines(30)
    page = client.get(f"{REVIEW}?show=down")
    waiting = page.context["page"].waiting
    asked = client.post(f"{REVIEW}approve/", {"every": "down", "act": "hold"}).context["page"]["question"]
    silent = client.post(f"{REVIEW}approve/", {"every": "down", "act": "hold", "sure": str(waiting)}, follow=True)
    before = _states()
    client.post(
        f"{REVIEW}approve/", {"every": "down", "act": "hold", "sure": str(waiting), "words": "The rules change."}
    )

    assert f"Hold all {waiting}" in page.content.decode()
    assert (asked.total, asked.now, len(asked.rows)) == (waiting, waiting, 20)
    assert [str(one) for one in silent.context["messages"]] == ["Say why."]
    assert (before, _states()) == ({"waits": 30}, {"held": 30})
    with acting("manager"):
        words = ReviewAct.objects.filter(line__enrolment__pk__startswith="harbor-more-", act="hold")
        assert set(words.values_list("words", flat=True)) == {"The rules change."}


def test_a_count_that_has_changed_meanwhile_is_asked_again() -> None:
    client = signed_in("manager")
    more_lines(2)
    answer = client.post(f"{REVIEW}approve/", {"every": "open", "act": "approve", "sure": "1"})

    question = answer.context["page"]["question"]

    assert question.total == question.now > 2
    assert [str(one) for one in answer.context["messages"]] == [f"It is {question.total} lines now. Confirm it again."]
    assert _states() == {"waits": 2}
