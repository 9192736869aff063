"""Requests that are sent again, too often, or wrong: how the API refuses, and what it keeps."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from swingby.web.api.limits import LIMITER, Limiter
from swingby.web.domain.tokens import bearer_of, make_token, revoke_token
from swingby.web.models import ApiToken, KeptAnswer, Note, TokenScope
from swingby.web.tenancy import act_for_owner
from tests.web.acting import acting
from tests.web.api.asking import get, post

pytestmark = pytest.mark.django_db
NOTES = "/partners/harbor-program-tarn/notes"
KEY = {"Idempotency-Key": "once"}


def notes() -> int:
    with act_for_owner("harbor"):
        return Note.objects.filter(text="Once.").count()


def test_the_same_key_gets_the_same_answer() -> None:
    first, again = (post(NOTES, {"text": "Once."}, **KEY) for _ in range(2))

    assert (first.status_code, again.status_code, first.content) == (201, 201, again.content)
    assert (first.get("Idempotency-Replayed"), again["Idempotency-Replayed"], notes()) == (None, "true", 1)


def test_a_key_with_another_request_is_refused() -> None:
    post(NOTES, {"text": "Once."}, **KEY)
    answer = post(NOTES, {"text": "Twice."}, **KEY)

    assert (answer.status_code, answer.json()["code"]) == (422, "key-reused")


def test_a_key_is_of_one_token_and_one_route() -> None:
    post(NOTES, {"text": "Once."}, **KEY)
    other = post(NOTES, {"text": "Once."}, person="success", **KEY)
    route = post("/partners/harbor-program-sedge/notes", {"text": "Once."}, **KEY)

    assert (other.status_code, route.status_code, notes()) == (201, 201, 3)


def test_a_refusal_is_not_kept() -> None:
    wrong = post(NOTES, {"text": ""}, **KEY)
    right = post(NOTES, {"text": "Once."}, **KEY)

    assert (wrong.status_code, right.status_code) == (422, 201)


def test_an_answer_is_kept_for_a_day() -> None:
    post(NOTES, {"text": "Once."}, **KEY)
    with act_for_owner("harbor"):
        kept = KeptAnswer.objects.get(key="once")
        KeptAnswer.objects.filter(pk=kept.pk).delete()
        kept.kept_at = timezone.now() - timedelta(hours=25)
        kept.save(force_insert=True)
    answer = post(NOTES, {"text": "Once."}, **KEY)

    assert (answer.status_code, answer.get("Idempotency-Replayed"), notes()) == (201, None, 2)


@pytest.mark.parametrize("key", ["", " ", "a b", "x" * 256])
def test_a_key_is_a_word(key: str) -> None:
    assert post(NOTES, {"text": "Once."}, **{"Idempotency-Key": key}).json()["code"] == "key"


def test_a_refused_operation_leaves_nothing() -> None:
    """The report is stored before its day is looked at by nobody: whatever fails later undoes it."""
    body = {"kind": "plan_reviewed", "happened_on": "2026-03-20", "quantity": "0"}
    answer = post("/partners/harbor-program-tarn/reports", body, person="partner-admin")

    assert (answer.status_code, answer.json()["code"]) == (422, "refused")


def test_a_report_travels_from_the_partner_to_the_standing() -> None:
    body = {"kind": "plan_reviewed", "happened_on": "2026-03-20", "quantity": "2.50", "details": "Ferry terminal"}
    sent = post("/partners/harbor-program-tarn/reports", body, person="partner-admin").json()
    accepted = post(f"/reports/{sent['id']}/accept", {"quantity": "1", "answer": "One counts."}).json()

    assert (sent["state"], sent["quantity"], sent["acts"]) == ("submitted", "2.5", ["withdraw"])
    assert (accepted["state"], accepted["accepted_quantity"], accepted["answer"]) == ("accepted", "1", "One counts.")


def test_a_kind_that_no_rule_counts_is_refused_at_its_place() -> None:
    body = {"kind": "golf", "happened_on": "2026-03-20"}
    answer = post("/partners/harbor-program-tarn/reports", body, person="partner-admin").json()

    assert [(each["location"], each["hint"]) for each in answer["issues"]] == [
        ("body.kind", "plan_reviewed, training_completed")
    ]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "bad-request"),
        (b"\xff", 400, "bad-request"),
        (b"[]", 422, "invalid"),
        (b'{"text": NaN}', 400, "bad-request"),
    ],
)
def test_what_is_no_body_is_told(body: bytes, status: int, code: str) -> None:
    answer = post(NOTES, body)

    assert (answer.status_code, answer.json()["code"], answer["Content-Type"]) == (
        status,
        code,
        "application/problem+json",
    )


@pytest.mark.parametrize("text", ["a\0b", "a\ud800b"])
def test_a_text_that_cannot_be_kept_is_refused(text: str) -> None:
    assert post(NOTES, {"text": text}).json()["issues"][0]["location"] == "body.text"


@pytest.mark.parametrize(("method", "address", "status"), [("get", "/nothing", 404), ("delete", "/programs", 405)])
def test_refusals_of_no_route_of_ours_speak_the_same_way(method: str, address: str, status: int) -> None:
    answer: Any = getattr(Client(), method)(f"/api/v1{address}")

    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")


def test_a_token_makes_so_many_requests_a_minute(settings: Settings) -> None:
    settings.SWINGBY_API_PER_MINUTE = 2
    LIMITER._buckets.clear()
    answers = [get("/programs") for _ in range(3)]
    other = get("/programs", person="success")

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert (answers[2]["Retry-After"], other.status_code) == ("30", 200)
    LIMITER._buckets.clear()


def test_a_bucket_fills_again() -> None:
    moment = [0.0]
    limiter = Limiter(clock=lambda: moment[0])
    waits = [limiter.seconds_to_wait("a", per_minute=60) for _ in range(61)]
    moment[0] = 1.0

    assert (waits.count(0), waits[60]) == (60, 1.0)
    assert limiter.seconds_to_wait("a", per_minute=60) == 0
    assert limiter.seconds_to_wait("a", per_minute=60) == 1.0


def made(days: int = 1) -> tuple[str, str]:
    with acting("manager") as actor:
        token, text = make_token("harbor", actor=actor, name="CRM", scopes=[TokenScope.FACTS_WRITE], days=days)
    return token.pk, text


def test_only_the_fingerprint_of_a_token_is_kept() -> None:
    key, text = made()
    with act_for_owner("harbor"):
        row = ApiToken.objects.get(pk=key)
    secret = text.split("_", 2)[2]

    assert text.startswith(f"swb_{key}_")
    assert secret not in str(vars(row))
    assert (len(secret), row.scopes) == (43, ["facts:write"])
    assert bearer_of(text) is not None
    assert bearer_of(text[:-1]) is None


def test_a_token_that_is_over_or_revoked_opens_nothing() -> None:
    over, revoked = made(), made()
    with act_for_owner("harbor"):
        ApiToken.objects.filter(pk=over[0]).update(expires_at=timezone.now())
    with acting("manager") as actor:
        revoke_token(ApiToken.objects.get(pk=revoked[0]), actor=actor)

    assert [bearer_of(text) for _, text in (over, revoked)] == [None, None]


def test_the_last_use_of_a_token_is_noted() -> None:
    get("/programs")
    with act_for_owner("harbor"):
        used = ApiToken.objects.get(pk="manager").last_used_at

    assert used is not None
    assert timezone.now() - used < timedelta(minutes=1)
