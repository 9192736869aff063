"""What somebody tried in order to break the newer operations of the API, and what holds."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from swingby.web.domain.errors import ChangedMeanwhileError
from swingby.web.domain.tier_exceptions import move_exception
from swingby.web.models import Appeal, AuditEntry, Membership, StoredFile, TierException
from swingby.web.tenancy import Scope, act_for_owner, open_scope
from tests.permissions.presenting import token_of
from tests.web.acting import acting
from tests.web.api.asking import get, post
from tests.web.api.test_exceptions import ASKED, ask, decide
from tests.web.api.test_people import PEOPLE, countable, missing, nobody_yet, people
from tests.web.api.test_reviews import LINE, OWN, PDF, REVIEW, TARN, take_appeal_away
from tests.web.domain.reviewing import begin
from tests.web.enablement.firm import ADMIN, FIRM, MEMBER, key_of
from tests.web.portal.test_people import employ

__all__ = ["nobody_yet"]
pytestmark = pytest.mark.django_db
PROGRAM = "/programs/harbor-program"
#: Every newer list, and who reads it.
LISTS = {
    PEOPLE: "partner-admin",
    f"{OWN}": "partner-admin",
    f"/firms/{FIRM}/certifications": ADMIN,
    f"/firms/{FIRM}/needs": ADMIN,
    f"/firms/{FIRM}/learning": ADMIN,
    f"/partners/{TARN}/certifications": "manager",
    f"{PROGRAM}/reviews": "manager",
    f"{REVIEW}/lines": "manager",
    f"{PROGRAM}/appeals": "manager",
    f"{PROGRAM}/exceptions": "manager",
}
#: Every newer operation that is sent a body, whose it is, and what it takes.
WANTED = {
    "partner": TARN,
    "ladder": "level",
    "tier": "gold",
    "first": "2026-03-31",
    "last": "2027-06-30",
    "words": "Why.",
}
SENT: dict[str, tuple[str, dict[str, Any]]] = {
    f"/firms/{FIRM}/learning": (ADMIN, {"word": "agree", "learner": key_of(MEMBER), "code": "expert"}),
    f"/firms/{FIRM}/learning/own": (MEMBER, {"word": "book", "code": "expert", "exam_on": "2026-05-12"}),
    f"{PROGRAM}/exceptions": ("manager", WANTED),
    f"{ASKED}/decide": ("second-manager", {"act": "decline", "words": "No."}),
    f"{LINE}/decide": ("manager", {"act": "protect", "words": "No.", "told": "Yes.", "until": "2026-04-20"}),
    f"{REVIEW}/approve": ("manager", {"lines": [f"{TARN}-line-waits"]}),
    f"/appeals/{TARN}-appeal/answer": ("manager", {"answer": "uphold", "words": "It stands."}),
}
ODD: tuple[Any, ...] = ("a\0", "\ud800", 10**400, True, {}, [[]], ["\0"], ["x"] * 201, "x" * 100_000, -1)


def cursor(*values: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


CURSORS = (
    cursor("a"),
    cursor("2026-01-01", "a"),
    cursor("2026-01-01T00:00:00", "a"),
    cursor("0001-01-01T00:00:00+23:59", "a"),
    cursor("9999-12-31T23:59:59-23:59", "a"),
    cursor("9" * 200),
    cursor("-9223372036854775809"),
    cursor(1),
    cursor(None, None),
    cursor("a", "b", "c"),
    cursor(["a"]),
    cursor(),
    base64.urlsafe_b64encode(b"[" * 300).decode(),
)


@pytest.mark.parametrize("address", LISTS)
def test_cursors_of_other_lists_and_odd_limits_are_no_mistake_of_ours(address: str) -> None:
    odd = [f"cursor={each}" for each in (*CURSORS, "%00", "%ED%A0%80", "x" * 601)]
    odd += [f"limit={each}" for each in ("0", "-1", "201", "9" * 30, "ten", "1.5", "NaN", "", "1&limit=2", "%00")]
    found = {query: get(f"{address}?{query}", person=LISTS[address]).status_code for query in odd}
    assert {query: status for query, status in found.items() if status not in {200, 404, 422}} == {}
    assert found["limit=201"] == found["limit=-1"] == 422


def test_a_cursor_of_one_firm_opens_nothing_at_another() -> None:
    with act_for_owner("harbor"):
        for name in ("a", "b", "c"):
            employ(name)
    following = people(f"{PEOPLE}?limit=1")["next"]
    for person in ("other-partner", "both-programs", "other-vendor", "manager"):
        answer = get(f"{PEOPLE}?limit=1&cursor={following}", person=person)
        assert (answer.status_code in {403, 404}, b"items" in answer.content) == (True, False)


def test_nobody_on_the_largest_page_stands_there_without_what_they_hold() -> None:
    with act_for_owner("harbor"), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO fact_employments (fact_id, position, owner_org, partner_org, person, starts_on, organization,"
            " role) SELECT 'job-' || n, 1, 'harbor', 'tarn', 'p' || lpad(n::text, 3, '0'), '2024-01-01', 'tarn',"
            " 'engineering' FROM generate_series(1, 200) AS n"
        )
        cursor.execute(
            "INSERT INTO fact_credentials (fact_id, position, owner_org, partner_org, person, starts_on, code, level)"
            " SELECT 'paper-' || n || '-' || m, 1, 'harbor', 'tarn', 'p' || lpad(n::text, 3, '0'), '2024-02-01', 'expert',"
            " 'advanced' FROM generate_series(1, 200) AS n, generate_series(1, 6) AS m"
        )
    page = people(f"{PEOPLE}?limit=200")["items"]
    assert {len(each["credentials"]) for each in page} == {6}


@pytest.mark.parametrize("address", SENT)
def test_bodies_of_other_shapes_are_no_mistake_of_ours(address: str) -> None:
    person, body = SENT[address]
    wrong: list[Any] = [None, [], "x", 1, *({**body, name: odd} for name in body for odd in ODD)]
    found = [(str(said)[:90], post(address, said, person=person).status_code) for said in wrong]
    found.append(("deep", post(address, b'{"words":' * 20_000, person=person).status_code))
    assert [(said, status) for said, status in found if status not in {400, 422}] == []


@pytest.mark.parametrize("key", ["%00", "%ED%A0%80", "x" * 300, "%2e%2e", "' OR 1=1 --", "😀", "%0a", "-1", "9" * 40])
def test_keys_that_are_none_find_nothing(key: str) -> None:
    shapes: tuple[str, ...] = (
        "/exceptions/{}",
        "/reviews/{}",
        "/review-lines/{}",
        "/appeals/{}",
        "/appeals/{}/file",
        "/firms/{}/needs",
    )
    shapes += ("/partners/{}/people", "/programs/{}/guide", f"{OWN}/{{}}", f"/firms/{FIRM}/certifications/{{}}")
    for shape in shapes:
        assert get(shape.format(key), person=ADMIN).status_code in {403, 404, 422}, shape


@pytest.mark.parametrize(("day", "status"), [("0001-01-01", 404), ("9999-12-31", 200), ("2026-02-30", 422), ("1", 422)])
def test_a_guide_of_any_day_is_told_or_is_none(day: str, status: int) -> None:
    for where in ("guide", "guide/paper"):
        assert get(f"{PROGRAM}/{where}?on={day}").status_code == status


# --- files --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "held", [b"", b"<html><script>", b"MZ\x90\0", b"%PDF", b" %PDF-1.4", b"<svg onload=1>", b"PK\x03\x04", b"\0" * 64]
)
def test_a_file_that_is_not_what_it_is_called_is_refused(held: bytes) -> None:
    countable()
    take_appeal_away()
    answers = missing(held), appeal_with(SimpleUploadedFile("proof.pdf", held, content_type="application/pdf"))
    assert [answer.status_code for answer in answers] == [422, 422]
    with tarn():
        assert not Appeal.objects.filter(line_id=f"{TARN}-line-waits").exists()


def test_a_picture_with_markup_behind_it_is_sent_as_a_file_and_never_as_a_page() -> None:
    take_appeal_away()
    name = '../../etc/pass\u202ewd\r\nX-Evil: 1"<b>' + "a" * 400 + ".html"
    sent = appeal_with(SimpleUploadedFile("a", PDF + b"<script>alert(1)</script>", content_type="text/html"), name=name)
    file = get(f"/appeals/{sent.json()['id']}/file")
    assert b"".join(file.streaming_content).endswith(b"</script>")
    assert (sent.status_code, file["Content-Type"], file["X-Content-Type-Options"], file.has_header("X-Evil")) == (
        201,
        "application/octet-stream",
        "nosniff",
        False,
    )
    assert file["Content-Disposition"].startswith("attachment")
    with tarn():
        kept = StoredFile.objects.get(pk=Appeal.objects.get(pk=sent.json()["id"]).file_id).name
    assert (len(kept) <= 120, "/" in kept, "\u202e" in kept, "\n" in kept) == (True, False, False, False)


def test_a_file_that_is_sent_as_a_word_is_none() -> None:
    take_appeal_away()
    whose = {"Authorization": f"Bearer {token_of('partner-admin')}"}
    where = f"/api/v1{OWN}/{TARN}-line-waits/appeal"
    answer = Client().post(where, data={"words": "Look again.", "file": "%PDF-1.4"}, headers=whose)
    assert (answer.status_code, answer.json().get("has_file")) in {(201, False), (422, None)}


def appeal_with(file: SimpleUploadedFile, *, name: str = "proof.pdf") -> Any:
    file.name = name
    whose = {"Authorization": f"Bearer {token_of('partner-admin')}"}
    return Client().post(f"/api/v1{OWN}/{TARN}-line-waits/appeal", data={"words": "Look.", "file": file}, headers=whose)


def tarn() -> Any:
    return open_scope(Scope(partner_orgs=frozenset({"tarn"}), owner_orgs=frozenset({"harbor"})))


# --- exceptions ---------------------------------------------------------------------------------------------------------


def exceptions() -> int:
    with act_for_owner("harbor"):
        return TierException.objects.filter(enrolment=TARN).count()


def test_one_key_asks_once_and_not_for_something_else() -> None:
    begin()
    before, key = exceptions(), {"Idempotency-Key": "once"}
    first, again, other = ask_with(key), ask_with(key), ask_with(key, tier="select")
    assert (first.status_code, again.json(), other.status_code) == (201, first.json(), 422)
    assert (other.json()["code"], exceptions() - before) == ("key-reused", 1)
    assert ask_with(key, person="second-manager").json()["asked_by"] == "second-manager"


def ask_with(headers: dict[str, str], *, person: str = "manager", **other: Any) -> Any:
    said = {"partner": TARN, "ladder": "level", "tier": "gold", "first": "2026-03-31", "last": "2027-06-30"}
    return post(f"{PROGRAM}/exceptions", {**said, "words": "A merger.", **other}, person=person, **headers)


def test_of_two_who_decide_at_once_one_is_told_and_one_act_stands() -> None:
    begin()
    key = ask().json()["id"]
    with act_for_owner("harbor"):
        read = [TierException.objects.select_related("enrolment").get(pk=key) for _nth in range(2)]
    with acting("second-manager") as actor:
        move_exception(read[0], "grant", actor=actor)
    with pytest.raises(ChangedMeanwhileError), acting("second-manager") as actor:
        move_exception(read[1], "decline", actor=actor, words="No.")
    with act_for_owner("harbor"):
        acts = AuditEntry.objects.filter(subject=key).exclude(action="exception.ask").values_list("action", flat=True)
        assert list(acts) == ["exception.grant"]


@pytest.mark.parametrize("act", ["grant", "decline"])
def test_whoever_asked_decides_nothing(act: str) -> None:
    begin()
    key = ask().json()["id"]
    assert decide(f"/exceptions/{key}", act, "So it is.").status_code == 403
    assert get(f"/exceptions/{key}").json()["state"] == "asked"


@pytest.mark.parametrize("person", ["other-vendor", "other-partner", "partner-admin", "both-programs", "executive"])
def test_nobody_else_reads_or_decides_an_exception(person: str) -> None:
    for act in ("grant", "decline", "end"):
        assert decide(ASKED, act, "So it is.", person=person).status_code in {403, 404}
    if person != "executive":
        answer = get(ASKED, person=person)
        assert (answer.status_code in {403, 404}, b"asked_by" in answer.content) == (True, False)


def test_whoever_may_not_decide_any_more_decides_nothing_also_with_an_old_token() -> None:
    begin()
    key = ask().json()["id"]
    with act_for_owner("harbor"):
        Membership.objects.filter(person_id="second-manager").delete()
    assert decide(f"/exceptions/{key}", "grant", person="second-manager").status_code in {401, 403, 404}
    assert get(f"/exceptions/{key}").json()["state"] == "asked"


def test_lines_of_another_review_are_not_approved_with_this_one() -> None:
    with act_for_owner("quay"), connection.cursor() as found:
        found.execute("SELECT id FROM review_lines")
        others = [key for (key,) in found.fetchall()]
    answer = post(f"{REVIEW}/approve", {"lines": [*others, "no-such-line", f"{TARN}-line-waits", f"{TARN}-line-waits"]})
    assert (answer.status_code, answer.json()["approved"], len(answer.json()["refused"])) == (200, 0, 1)


def test_learning_of_another_firm_is_told_by_nobody() -> None:
    said = {"word": "agree", "learner": "other-partner-key", "code": "expert"}
    assert post(f"/firms/{FIRM}/learning", said, person=ADMIN).status_code == 422
    assert post("/firms/loom/learning", said, person=ADMIN).status_code == 404
