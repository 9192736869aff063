"""Reviews over the API: what is proposed, what people decide, what partners appeal against and are answered."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from swingby.web.models import Appeal, ReviewLine
from swingby.web.tenancy import Scope, act_for_owner, open_scope
from tests.permissions.presenting import token_of
from tests.web.api.asking import get, post

pytestmark = pytest.mark.django_db
TARN = "harbor-program-tarn"
REVIEW, LINE = "/reviews/harbor-program-review", f"/review-lines/{TARN}-line-waits"
OWN, APPEAL = f"/partners/{TARN}/reviews", f"/appeals/{TARN}-appeal"
PDF = b"%PDF-1.4\n%%EOF\n"


def decide(act: str, *, person: str = "manager", **more: Any) -> Any:
    headers = {name: more.pop(name) for name in list(more) if "-" in name}
    return post(f"{LINE}/decide", {"act": act, **more}, person=person, **headers)


def appeal(line: str, words: str = "You overlooked a plan.", *, file: bytes | None = None, **headers: str) -> Any:
    said: dict[str, Any] = {"words": words, **({"file": SimpleUploadedFile("a.pdf", file)} if file else {})}
    whose = {"Authorization": f"Bearer {token_of('partner-admin')}", **headers}
    return Client().post(f"/api/v1{OWN}/{line}/appeal", data=said, headers=whose)


def take_appeal_away() -> None:
    """So that the line may be appealed against anew; nobody can do so but the database's owner of the row."""
    with act_for_owner("harbor"):
        ReviewLine.objects.filter(pk=f"{TARN}-line-waits").update(state="at_once", decided_at="2026-03-20T09:00Z")


def test_a_review_says_what_it_proposes() -> None:
    (review,) = get("/programs/harbor-program/reviews").json()["items"]
    lines = get(f"{REVIEW}/lines?partner={TARN}&show=open").json()["items"]

    assert get(REVIEW).json() == review
    assert (review["id"], review["ladder"], review["on"], review["version"]) == (
        "harbor-program-review",
        "badge",
        "2026-02-01",
        "1",
    )
    assert [(line["id"], line["direction"], line["before"], line["after"], line["acts"]) for line in lines] == [
        (f"{TARN}-line-waits", "down", "gold", "member", ["approve", "hold", "protect", "recommend", "give notice"])
    ]
    assert lines[0]["requirements"] == [
        {
            "path": "gold",
            "label": "Plan reviews at least 3",
            "result": "unmet",
            "test": "",
            "value": "1",
            "threshold": "3",
            "gap": None,
        }
    ]


@pytest.mark.parametrize(
    ("show", "many"), [("", 6), ("all", 6), ("open", 3), ("down", 6), ("up", 0), ("near", 0), ("undecided", 0)]
)
def test_lines_are_looked_through_as_on_the_screen(show: str, many: int) -> None:
    assert len(get(f"{REVIEW}/lines?show={show}").json()["items"]) == many


def test_lines_come_page_by_page() -> None:
    found: list[str] = []
    cursor = ""
    while cursor is not None:
        page = get(f"{REVIEW}/lines?limit=4&cursor={cursor}").json()
        found += [line["id"] for line in page["items"]]
        cursor = page["next"]

    assert (len(found), found) == (6, sorted(set(found)))


def test_a_line_is_held_with_a_reason_that_the_vendor_reads() -> None:
    answer = decide("hold", words="A plan is on its way.", told="We look again in May.").json()
    own = get(f"{OWN}/{TARN}-line-waits", person="partner-member").json()

    assert (answer["state"], answer["acts"], answer["history"][0]) == (
        "held",
        [],
        {"act": "hold", "at": answer["history"][0]["at"], "by": "manager", "words": "A plan is on its way."},
    )
    assert (own["state"], own["told"]) == ("held", "We look again in May.")
    assert "on its way" not in str(own)


def test_a_tier_is_protected_until_a_day() -> None:
    answer = decide("protect", words="A merger.", until="2026-09-30").json()

    assert (answer["state"], answer["protected_until"]) == ("protected", "2026-09-30")


def test_a_recommendation_leaves_the_line_to_the_manager() -> None:
    answer = decide("recommend", person="success", words="Hold.").json()

    assert (answer["state"], answer["acts"], answer["history"][0]["by"]) == ("waits", ["recommend"], "success")


@pytest.mark.parametrize(
    ("said", "status", "code"),
    [
        ({"act": "hold"}, 422, "refused"),
        ({"act": "protect", "words": "Why."}, 422, "refused"),
        ({"act": "protect", "words": "Why.", "until": "2026-03-31"}, 422, "refused"),
        ({"act": "protect", "words": "Why.", "until": "9999-12-31"}, 422, "refused"),
        ({"act": "protect", "words": "Why.", "until": 20260930}, 422, "invalid"),
        ({"act": "overturn", "words": "Why."}, 422, "invalid"),
        ({"act": "hold", "words": "a\0b"}, 422, "invalid"),
        ({"act": "hold", "words": "x" * 2001}, 422, "invalid"),
    ],
)
def test_what_cannot_be_decided_is_refused(said: dict[str, Any], status: int, code: str) -> None:
    answer = post(f"{LINE}/decide", said)

    assert (answer.status_code, answer.json()["code"], get(LINE).json()["state"]) == (status, code, "waits")


def test_of_two_who_decide_one_is_told() -> None:
    decide("hold", words="Wait.")
    answer = decide("protect", person="second-manager", words="Why.", until="2026-09-30")

    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
    assert "Manager was faster" in answer.json()["detail"]


def test_a_decision_on_what_changed_since_is_refused() -> None:
    mark = get(LINE)["ETag"]
    decide("recommend", words="Hold.")
    late = decide("hold", words="Wait.", **{"If-Match": mark})
    right = decide("hold", words="Wait.", **{"If-Match": get(LINE)["ETag"]})

    assert (late.status_code, right.status_code) == (412, 200)


def test_one_key_decides_once() -> None:
    first, again = (decide("recommend", words="Hold.", **{"Idempotency-Key": "once"}) for _ in range(2))
    other = decide("recommend", words="No.", **{"Idempotency-Key": "once"})

    assert (first.content == again.content, other.json()["code"]) == (True, "key-reused")
    assert [act["words"] for act in get(LINE).json()["history"]] == ["Hold.", "Hold."]


def test_many_are_approved_and_who_cannot_be_is_named() -> None:
    lines = [f"{TARN}-line-waits", f"{TARN}-line-at_once", "no-such-line"]
    answer = post(f"{REVIEW}/approve", {"lines": lines}).json()

    assert (answer["approved"] + len(answer["refused"]), {each["partner"] for each in answer["refused"]}) == (2, {TARN})


@pytest.mark.parametrize("lines", [[], ["x"] * 201, ["a\0b"], [1]])
def test_a_list_of_lines_is_bounded_and_of_keys(lines: list[Any]) -> None:
    assert post(f"{REVIEW}/approve", {"lines": lines}).status_code == 422


def test_a_partner_reads_its_own_reviews_and_no_reason_of_the_vendor() -> None:
    found = get(OWN, person="partner-member").json()["items"]
    whole = get(f"{OWN}/{TARN}-line-at_once", person="partner-member").json()

    assert [(line["id"], line["may_appeal"]) for line in found] == [
        (f"{TARN}-line-waits", False),
        (f"{TARN}-line-at_once", False),
    ]
    assert (whole["appeal"]["id"], whole["appeal"]["state"], whole["appeal"]["has_file"]) == (
        f"{TARN}-appeal",
        "filed",
        False,
    )
    assert "history" not in whole


@pytest.mark.parametrize("line", ["harbor-program-sedge-line-waits", "no-such-line"])
def test_the_review_of_another_partner_is_none(line: str) -> None:
    assert get(f"{OWN}/{line}", person="partner-admin").status_code == 404
    assert appeal(line).status_code == 404


def test_an_appeal_is_filed_once_with_its_file_and_answered() -> None:
    take_appeal_away()
    sent = appeal(f"{TARN}-line-waits", file=PDF)
    again = appeal(f"{TARN}-line-waits")
    key = sent.json()["id"]

    assert (sent.status_code, sent.json()["state"], sent.json()["has_file"]) == (201, "filed", True)
    assert (again.status_code, again.json()["code"]) == (409, "conflict")
    file = get(f"/appeals/{key}/file")
    assert (file.status_code, b"".join(file.streaming_content)) == (200, PDF)
    answered = post(f"/appeals/{key}/answer", {"answer": "uphold", "words": "It was counted."}).json()
    assert (answered["state"], answered["answer"]) == ("upheld", "It was counted.")
    assert get(f"/appeals/{key}", person="partner-member").json() == answered


def test_the_day_of_an_appeal_passes() -> None:
    take_appeal_away()
    with act_for_owner("harbor"):
        ReviewLine.objects.filter(pk=f"{TARN}-line-waits").update(decided_at="2025-12-01T09:00Z")

    assert appeal(f"{TARN}-line-waits").status_code == 422


def test_an_appeal_is_overturned_and_of_two_answers_one_is_told() -> None:
    first = post(f"{APPEAL}/answer", {"answer": "overturn", "words": "You were right."})
    second = post(f"{APPEAL}/answer", {"answer": "uphold", "words": "No."}, person="second-manager")
    own = get(f"{OWN}/{TARN}-line-at_once", person="partner-member").json()

    assert (first.json()["state"], second.status_code, own["state"]) == ("overturned", 409, "overturned")


def test_appeals_are_listed_by_state_and_partner() -> None:
    def found(query: str) -> list[str]:
        return [item["id"] for item in get(f"/programs/harbor-program/appeals{query}").json()["items"]]

    assert len(found("")) == len(found("?state=filed")) == 3
    assert (found(f"?partner={TARN}"), found("?state=upheld")) == ([f"{TARN}-appeal"], [])


@pytest.mark.parametrize("words", ["", "a\0b", "x" * 4001])
def test_words_of_an_appeal_can_be_kept(words: str) -> None:
    take_appeal_away()
    answer = appeal(f"{TARN}-line-waits", words)
    with open_scope_of_tarn():
        assert not Appeal.objects.filter(line_id=f"{TARN}-line-waits").exists()
    assert answer.status_code == 422


def open_scope_of_tarn() -> Any:
    return open_scope(Scope(partner_orgs=frozenset({"tarn"})))
