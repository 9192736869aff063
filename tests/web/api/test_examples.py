"""The examples of the page about the API, sent as they stand."""

from __future__ import annotations

import json
import re
import shlex
from itertools import pairwise
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.architecture.repository import ROOT
from tests.permissions.presenting import token_of
from tests.permissions.vouched import seal_anew
from tests.web.api.asking import get
from tests.web.api.test_people import countable
from tests.web.enablement.firm import ADMIN, MEMBER, certify, employ, key_of

pytestmark = pytest.mark.django_db
PAGE = ROOT / "docs" / "how-to" / "use-the-api.md"
LINE = "harbor-program-tarn-line-waits"


def examples() -> list[str]:
    return re.findall(r"```sh\n(curl .*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


def sent(example: str) -> Any:
    """What the application answers to a command."""
    words = shlex.split(filled(example).replace("\\\n", " "))
    headers, form, body = {}, {}, ""
    for name, value in pairwise(words):
        if name == "-H":
            key, _, said = value.partition(": ")
            headers[key] = said
        elif name == "-F":
            key, _, said = value.partition("=")
            form[key] = said
        elif name == "-d":
            body = value
    return answered(words[1].removeprefix("https://swingby.example"), headers, form, body)


def answered(address: str, headers: dict[str, str], form: dict[str, str], body: str) -> Any:
    if form:
        said = {name: _file(text) if text.startswith("@") else text for name, text in form.items()}
        return Client().post(address, data=said, headers=headers)
    if body:
        return Client().post(address, data=json.loads(body), content_type="application/json", headers=headers)
    return Client().get(address, headers=headers)


def filled(example: str) -> str:
    """With the small world's names in the place of those of the page."""
    said = {
        "$PARTNER_TOKEN": token_of("partner-admin"),
        "$TOKEN": token_of("manager"),
        "$LINE": LINE,
        "$PERSON": "partner-finance",
        '$ETAG"': f'{get(f"/review-lines/{LINE}")["ETag"]}"'.replace('"', '\\"', 2),
        "harborline": "harbor-program",
    }
    for name, value in said.items():
        example = example.replace(name, value)
    return example


def _file(name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name.removeprefix("@"), b"%PDF-1.4\n%%EOF\n")


def test_the_examples_do_what_the_page_says() -> None:
    employ(key_of(MEMBER))
    countable()
    employ(key_of(ADMIN))
    certify(key_of(ADMIN), "expert")
    seal_anew("tarn")
    answers = [sent(example) for example in examples()]

    assert [answer.status_code for answer in answers] == [200, 201, 201, 200, 200, 201, 200, 200, 201]
    assert answers[2].json()["kind"] == "agreed"
    assert (answers[5].json()["email"], answers[5].json()["state"]) == ("nina@tarn.example", "open")
    assert (answers[7].json()["id"], answers[7].json()["state"]) == ("tarn-gift", "given")
    assert (answers[8].json()["code"], answers[8].json()["is_public"]) == ("expert", False)
    assert answers[6].json()["roles"] == ["partner_manager", "partner_finance"]
    assert (answers[4].json()["state"], answers[4].json()["protected_until"]) == ("protected", "2026-09-30")
