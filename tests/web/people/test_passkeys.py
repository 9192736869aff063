"""What is posted as a passkey and is none: refused in words, whatever it is."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode

import pytest
from django.core.cache import cache
from django.test import Client

pytestmark = pytest.mark.django_db

LOGIN = "/accounts/security/webauthn/login/"
REFUSED = "This passkey did not let you in."


def _words(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


def _shown(handle: bytes = b"partner-admin", **changes: object) -> dict[str, object]:
    data = _words(json.dumps({"type": "webauthn.get", "challenge": "AA", "origin": "http://testserver"}).encode())
    response = {
        "authenticatorData": _words(b"\0" * 37),
        "clientDataJSON": data,
        "signature": "AA",
        "userHandle": _words(handle),
    }
    return {"id": "AA", "rawId": "AA", "type": "public-key", "response": {**response, **changes}}


POSTED = {
    "nothing": "",
    "no JSON": "{",
    "a list": "[]",
    "a number": "7",
    "an empty object": "{}",
    "no response": json.dumps({"id": "AA", "rawId": "AA", "type": "public-key", "response": None}),
    "a stranger's key": json.dumps(_shown()),
    "nobody's handle": json.dumps(_shown(b"nobody")),
    "a zero in the handle": json.dumps(_shown(b"a\0b")),
    "a handle that is no text": json.dumps(_shown(b"\xff\xfe")),
    "a handle that is a number": json.dumps(_shown(userHandle=7)),
    "no handle": json.dumps(_shown(userHandle=None)),
    "short data": json.dumps(_shown(authenticatorData="AA")),
    "data of another kind": json.dumps(_shown(clientDataJSON=[])),
    "no data": json.dumps(_shown(clientDataJSON="!!")),
}


@pytest.mark.parametrize("posted", POSTED.values(), ids=POSTED.keys())
def test_whatever_is_no_passkey_is_refused(posted: str) -> None:
    cache.clear()
    client = Client()
    client.get(LOGIN, headers={"Accept": "application/json", "X-Requested-With": "XMLHttpRequest"})
    answer = client.post(LOGIN, {"credential": posted}, follow=True)

    page = answer.content.decode()
    assert answer.redirect_chain == [("/accounts/login/", 302)]
    assert REFUSED in page or "A passkey needs JavaScript" in page
    assert client.get("/partner/harbor-program-tarn/").status_code == 302


def test_a_signature_without_a_challenge_of_ours_is_refused() -> None:
    cache.clear()
    client = Client()

    assert REFUSED in client.post(LOGIN, {"credential": json.dumps(_shown())}, follow=True).content.decode()


def test_the_challenge_asks_for_finger_face_or_pin() -> None:
    headers = {"Accept": "application/json", "X-Requested-With": "XMLHttpRequest"}
    asked = Client().get(LOGIN, headers=headers).json()["request_options"]["publicKey"]

    assert (asked["rpId"], asked["userVerification"], asked["allowCredentials"]) == ("testserver", "required", [])
