"""Badges: issued for what is held, verified by a program that shares no line with ours, and shown as the holder says."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from swingby.web.domain.badges.issuing import badge_file
from swingby.web.domain.badges.keys import rotate_key
from swingby.web.domain.badges.signing import new_key, public_jwk, read_jws, sign
from swingby.web.domain.learning.reminders import remind_learners
from swingby.web.enablement.badge_parts import BadgesPage
from swingby.web.models import Badge, BadgeKey, ForeignBadge
from tests.web.acting import acting, signed_in
from tests.web.enablement.firm import FIRM, LEAD, MEMBER, certify, employ, key_of, of_the_firm

pytestmark = pytest.mark.django_db
TODAY, END = date(2026, 3, 31), date(2026, 6, 14)
MEI = key_of(MEMBER)
VERIFIER = Path(__file__).with_name("verify_badge.mjs")
ADDRESS = "https://partners.example.test"


@pytest.fixture(autouse=True)
def site(settings: Settings) -> None:
    settings.SWINGBY_ADDRESS = ADDRESS


def seconds(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, 12, tzinfo=UTC).timestamp())


def badges(person: str = MEMBER) -> BadgesPage:
    page = signed_in(person).get(reverse("learning:badges", args=[FIRM])).context["page"]
    assert isinstance(page, BadgesPage)
    return page


def post(name: str, *args: str, person: str = MEMBER, **said: Any) -> list[str]:
    answer = signed_in(person).post(reverse(f"learning:{name}", args=[FIRM, *args]), said)
    assert answer.status_code == 302
    return [str(message) for message in get_messages(answer.wsgi_request)]


def issued() -> Badge:
    employ(MEI)
    certify(MEI, "expert", until=END)
    post("badge_issue", code="expert")
    with of_the_firm():
        return Badge.objects.get(code="expert", learner=MEI, withdrawn_at=None)


def file_of(badge: Badge) -> str:
    return signed_in(MEMBER).get(reverse("learning:badge_file", args=[FIRM, badge.pk])).content.decode()


def web() -> dict[str, str]:
    """What the world finds at our addresses, without signing in."""
    with of_the_firm():
        keys = list(BadgeKey.objects.filter(organization_id=FIRM).values_list("pk", flat=True))
    paths = [reverse("badge_key", args=[FIRM, key]) for key in keys]
    paths += [reverse("badge_issuer", args=[FIRM]), reverse("badge_list", args=[FIRM])]
    found = {path: Client().get(path) for path in paths}
    return {f"{ADDRESS}{path}": answer.content.decode() for path, answer in found.items() if answer.status_code == 200}


def verified(text: str, *, now: int | None = None, found: Mapping[str, str] | None = None) -> dict[str, Any]:
    node = shutil.which("node")
    if node is None:
        pytest.skip("Node is not here: badges are verified by a program that runs in it.")
    said = json.dumps({"badge": text, "web": found or web(), "now": now or seconds(TODAY)})
    done = subprocess.run([node, str(VERIFIER)], input=said, capture_output=True, text=True, check=True, timeout=60)
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def tampered(text: str, **claims: Any) -> str:
    header, _payload, signature = text.split(".")
    _, said = read_jws(text)
    changed = base64.urlsafe_b64encode(json.dumps({**said, **claims}).encode()).rstrip(b"=").decode()
    return f"{header}.{changed}.{signature}"


# --- the file, as somebody else verifies it ---------------------------------------------------------------------------


def test_a_badge_is_verified_by_somebody_else() -> None:
    assert verified(file_of(issued())) == {"valid": True, "name": "Harbor Expert", "identifier": []}


def test_a_badge_says_from_when_until_when() -> None:
    _, payload = read_jws(file_of(issued()))
    assert (payload["validFrom"], payload["validUntil"], payload["exp"]) == (
        "2025-06-01T00:00:00Z",
        "2026-06-14T00:00:00Z",
        1781395200,
    )


def test_a_file_has_the_layout_of_the_specification() -> None:
    """Section 8.2.4 of Open Badges 3.0: header of four words at most, the credential with its claims, no ``vc`` around it."""
    header, payload = read_jws(file_of(issued()))
    assert header == {"alg": "RS256", "kid": header["kid"], "typ": "JWT"}
    assert header["kid"] in web()
    assert set(payload) == {
        "@context", "id", "type", "name", "issuer", "validFrom", "validUntil", "credentialSubject", "credentialStatus",
        "iss", "jti", "sub", "nbf", "exp",
    }  # fmt: skip
    assert (payload["iss"], payload["jti"], payload["sub"], payload["nbf"]) == (
        payload["issuer"]["id"],
        payload["id"],
        payload["credentialSubject"]["id"],
        1748736000,
    )


def test_addresses_answer_as_verifiers_ask() -> None:
    badge = issued()
    post("badge_change", badge.pk, act="show")
    with of_the_firm():
        key = BadgeKey.objects.get(organization_id=FIRM, retired_at=None)
    paths = [
        reverse("badge_public_file", args=[badge.pk]),
        reverse("badge_key", args=[FIRM, key.pk]),
        reverse("badge_list", args=[FIRM]),
    ]
    assert [Client().get(path)["Content-Type"].partition(";")[0] for path in paths] == [
        "text/plain",
        "application/jwk+json",
        "application/vc+jwt",
    ]


@pytest.mark.parametrize(
    "claims", [{"name": "Harbor Master"}, {"validUntil": "2036-06-14T00:00:00Z"}, {"exp": 2097014400}]
)
def test_a_tampered_badge_is_refused(claims: Mapping[str, Any]) -> None:
    assert verified(tampered(file_of(issued()), **claims)) == {"valid": False, "why": "signature"}


def test_a_badge_of_another_key_is_refused() -> None:
    text = file_of(issued())
    header, payload = read_jws(text)
    forged = sign(payload, pem=new_key(), kid=header["kid"])
    assert verified(forged) == {"valid": False, "why": "signature"}


def test_a_withdrawn_badge_is_refused() -> None:
    badge = issued()
    text = file_of(badge)
    assert post("badge_change", badge.pk, act="withdraw") == ["Withdrawn. Its file does not hold any more."]
    assert verified(text) == {"valid": False, "why": "withdrawn"}


def test_withdrawing_one_leaves_the_others(settings: Settings) -> None:
    first = issued()
    certify(MEI, "basics")
    post("badge_issue", code="basics")
    with of_the_firm():
        second = Badge.objects.get(code="basics", learner=MEI)
    kept, gone = file_of(second), file_of(first)
    post("badge_change", first.pk, act="withdraw")
    assert (verified(kept)["valid"], verified(gone)["valid"]) == (True, False)


def test_an_expired_badge_is_refused() -> None:
    text, found = file_of(issued()), web()
    assert verified(text, now=seconds(END - timedelta(days=1)), found=found)["valid"]
    assert verified(text, now=seconds(END), found=found) == {"valid": False, "why": "expired"}


def test_a_new_key_leaves_what_was_signed_before_and_a_stolen_one_does_not() -> None:
    badge = issued()
    old = file_of(badge)
    with of_the_firm():
        rotate_key(FIRM)
    new = file_of(badge)
    assert read_jws(old)[0]["kid"] != read_jws(new)[0]["kid"]
    assert (verified(old)["valid"], verified(new)["valid"]) == (True, True)
    with of_the_firm():
        rotate_key(FIRM, is_stolen=True)
    assert (verified(old)["valid"], verified(new)["valid"], verified(file_of(badge))["valid"]) == (False, False, True)


def test_a_key_is_kept_sealed_and_only_its_public_half_is_shown() -> None:
    file_of(issued())
    with of_the_firm():
        row = BadgeKey.objects.get(organization_id=FIRM, retired_at=None)
    assert "PRIVATE" not in row.sealed
    assert set(json.loads(Client().get(reverse("badge_key", args=[FIRM, row.pk])).content)) == {
        "alg",
        "e",
        "kty",
        "n",
        "use",
    }


def test_a_key_whose_seal_is_lost_is_replaced(settings: Settings) -> None:
    badge = issued()
    old = file_of(badge)
    settings.SECRET_KEY = "another secret than the one before, and long enough"
    with of_the_firm():
        new = badge_file(badge)
    assert (verified(old)["valid"], verified(new)["valid"]) == (True, True)


# --- what becomes of it -----------------------------------------------------------------------------------------------


def test_only_what_is_held_becomes_a_badge() -> None:
    employ(MEI)
    refused = ["A badge is for what you hold today. Look at My path for what that is."]
    assert post("badge_issue", code="expert") == refused
    certify(MEI, "expert", until=date(2026, 3, 1))
    assert post("badge_issue", code="expert") == refused
    assert post("badge_issue", code="no-such-code") == refused


def test_the_same_badge_is_made_once_and_a_renewal_is_another() -> None:
    first = issued()
    post("badge_issue", code="expert")
    assert [line.label for line in badges().badges if line.state == "good"].count("Harbor Expert") == 1
    certify(MEI, "expert", since=date(2026, 3, 20), until=date(2027, 6, 14))
    assert [choice.value for choice in badges().free] == ["expert"]
    post("badge_issue", code="expert")
    with of_the_firm():
        ends = set(
            Badge.objects.filter(learner=MEI, code="expert", withdrawn_at=None).values_list("ends_on", flat=True)
        )
    assert ends == {first.ends_on, date(2027, 6, 14)}


def test_what_is_lost_before_its_end_is_withdrawn_by_itself() -> None:
    badge = issued()
    text = file_of(badge)
    with of_the_firm(), connection.cursor() as cursor:
        cursor.execute("UPDATE fact_credentials SET reversed_position = 2 WHERE person = %s", [MEI])
    remind_learners(FIRM)
    assert verified(text) == {"valid": False, "why": "withdrawn"}


# --- who sees what ----------------------------------------------------------------------------------------------------


def test_the_world_sees_nothing_before_the_holder_shows_it() -> None:
    badge = issued()
    for name in ("badge", "badge_public_file"):
        for client in (Client(), signed_in(LEAD), signed_in("manager"), signed_in(MEMBER)):
            assert client.get(reverse(name, args=[badge.pk])).status_code == 404


def test_the_world_sees_the_name_only_if_the_holder_says_so() -> None:
    badge = issued()
    address, name = reverse("badge", args=[badge.pk]), "Partner-member"
    post("badge_change", badge.pk, act="show")
    page = Client().get(address)
    assert (page.status_code, name in page.content.decode()) == (200, False)
    assert verified(Client().get(reverse("badge_public_file", args=[badge.pk])).content.decode())["identifier"] == []
    post("badge_change", badge.pk, act="name")
    assert name in Client().get(address).content.decode()
    told = verified(Client().get(reverse("badge_public_file", args=[badge.pk])).content.decode())
    assert [(one["identityType"], one["identityHash"]) for one in told["identifier"]] == [("name", name)]
    post("badge_change", badge.pk, act="hide")
    assert Client().get(address).status_code == 404
    assert name not in file_of(badge)


@pytest.mark.parametrize(
    ("day", "act", "words"),
    [
        (TODAY, "show", "This badge holds"),
        (END, "show", "This badge has expired"),
        (TODAY, "withdraw", "This badge was withdrawn"),
    ],
)
def test_the_public_page_says_whether_it_holds(day: date, act: str, words: str, settings: Settings) -> None:
    badge = issued()
    post("badge_change", badge.pk, act="show")
    if act == "withdraw":
        post("badge_change", badge.pk, act=act)
    settings.SWINGBY_TODAY = day
    assert words in Client().get(reverse("badge", args=[badge.pk])).content.decode()


def test_a_badge_of_a_colleague_is_nobodys_business() -> None:
    badge = issued()
    for name in ("badge_file", "badge_change"):
        client = signed_in(LEAD)
        address = reverse(f"learning:{name}", args=[FIRM, badge.pk])
        assert (
            client.get(address) if name == "badge_file" else client.post(address, {"act": "show"})
        ).status_code == 404
    with acting(LEAD):
        assert not Badge.objects.filter(pk=badge.pk).exists()


# --- badges of others -------------------------------------------------------------------------------------------------


def foreign(pem: str, **claims: Any) -> dict[str, Any]:
    issuer = "https://college.example/issuer"
    payload = {
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        ],
        "id": "https://college.example/badges/1",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": {"id": issuer, "type": ["Profile"], "name": "Example College"},
        "validFrom": "2025-01-01T00:00:00Z",
        "validUntil": "2027-01-01T00:00:00Z",
        "credentialSubject": {
            "id": "urn:uuid:1",
            "type": ["AchievementSubject"],
            "achievement": {
                "id": "urn:uuid:2",
                "type": ["Achievement"],
                "name": "Welding",
                "description": "d",
                "criteria": {"narrative": "n"},
            },
        },
        "iss": issuer,
        "jti": "https://college.example/badges/1",
        "sub": "urn:uuid:1",
        "nbf": 1735689600,
    }
    return payload | claims


CONTRADICTS = "The badge contradicts itself: its claims are not those of what it says."


@pytest.fixture(scope="module")
def pem() -> str:
    return new_key()


def brought(text: str, key: str = "") -> list[str]:
    return post("badge_import", file=SimpleUploadedFile("badge.jwt", text.encode()), key=key)


def test_a_badge_of_others_is_kept_if_its_signature_holds(pem: str) -> None:
    text = sign(foreign(pem), pem=pem, kid="https://college.example/keys/1")
    assert brought(text) == [
        "The badge names a key that stands elsewhere. Open that address, and give the key beside the file."
    ]
    assert brought(text, json.dumps(public_jwk(pem))) == ["Welding is in your records."]
    assert brought(text, json.dumps(public_jwk(pem))) == ["This badge is in your records already."]
    assert [(line.name, line.issuer, line.ends_on) for line in badges().foreign if line.name == "Welding"] == [
        ("Welding", "Example College", date(2027, 1, 1))
    ]
    assert [line.name for line in badges(LEAD).foreign if line.name == "Welding"] == []


def test_an_issuer_that_is_its_own_key(pem: str) -> None:
    did = f"did:jwk:{base64.urlsafe_b64encode(json.dumps(public_jwk(pem)).encode()).rstrip(b'=').decode()}"
    text = sign(foreign(pem, issuer={"id": did, "name": "Example College"}, iss=did), pem=pem, kid=f"{did}#0")
    assert brought(text) == ["Welding is in your records."]


@pytest.mark.parametrize(
    ("claims", "words"),
    [
        ({"validUntil": "2026-03-31T00:00:00Z"}, "The badge has expired on 31 March 2026."),
        ({"validUntil": "soon"}, "The badge holds a moment that cannot be read."),
        ({"validFrom": "2026-04-01T00:00:00Z"}, "The badge does not hold yet, or does not say since when."),
        ({"type": ["VerifiableCredential"]}, "This is signed, but it is no badge of Open Badges 3.0."),
        ({"exp": 1774915200}, "The badge has expired on 31 March 2026."),
        ({"exp": 1774915200, "validUntil": None}, "The badge has expired on 31 March 2026."),
        ({"exp": "never"}, "The badge holds a moment that cannot be read."),
        ({"exp": 1e300}, "The badge holds a moment that cannot be read."),
        ({"exp": True}, "The badge holds a moment that cannot be read."),
        ({"validFrom": "0001-01-01T00:00:00+14:00"}, "The badge holds a moment that cannot be read."),
        ({"nbf": 1735689601}, CONTRADICTS),
        ({"nbf": None}, CONTRADICTS),
        ({"nbf": "1735689600"}, CONTRADICTS),
        ({"sub": "urn:uuid:other"}, CONTRADICTS),
        ({"sub": None}, CONTRADICTS),
        ({"jti": None}, CONTRADICTS),
        (
            {"@context": [{"a": "b"}], "type": [["OpenBadgeCredential"]]},
            "This is signed, but it is no badge of Open Badges 3.0.",
        ),
        ({"iss": "https://other.example"}, "The badge contradicts itself: its claims are not those of what it says."),
        ({"credentialSubject": []}, "The badge does not say for what it is."),
    ],
)
def test_a_badge_of_others_that_does_not_hold_is_refused(claims: Mapping[str, Any], words: str, pem: str) -> None:
    text = sign(foreign(pem, **claims), pem=pem, kid="https://college.example/keys/1")
    assert brought(text, json.dumps(public_jwk(pem))) == [words]
    with acting(MEMBER):
        assert not ForeignBadge.objects.filter(name="Welding").exists()


def older(pem: str, **claims: Any) -> dict[str, Any]:
    """The same badge as it was written before Verifiable Credentials 2.0: inside the claim ``vc``."""
    said = foreign(pem)
    names = {"validFrom": "issuanceDate", "validUntil": "expirationDate"}
    registered = {name: said.pop(name) for name in ("iss", "jti", "sub", "nbf")}
    inside = {names.get(name, name): value for name, value in said.items()}
    inside["@context"] = [
        "https://www.w3.org/2018/credentials/v1",
        "https://purl.imsglobal.org/spec/ob/v3p0/context.json",
    ]
    return {**registered, "exp": 1798761600, "vc": inside, **claims}


def test_a_badge_in_the_older_layout_is_kept(pem: str) -> None:
    text = sign(older(pem), pem=pem, kid="https://college.example/keys/1")
    assert brought(text, json.dumps(public_jwk(pem))) == ["Welding is in your records."]
    (line,) = (line for line in badges().foreign if line.name == "Welding")
    assert (line.issuer, line.ends_on) == ("Example College", date(2027, 1, 1))


@pytest.mark.parametrize(
    ("claims", "words"),
    [
        ({"iss": "https://other.example"}, CONTRADICTS),
        ({"nbf": 0}, CONTRADICTS),
        ({"exp": 1774915200}, "The badge has expired on 31 March 2026."),
        ({"vc": "none"}, "This is signed, but it is no badge of Open Badges 3.0."),
    ],
)
def test_a_badge_in_the_older_layout_that_does_not_hold_is_refused(
    claims: Mapping[str, Any], words: str, pem: str
) -> None:
    text = sign(older(pem, **claims), pem=pem, kid="https://college.example/keys/1")
    assert brought(text, json.dumps(public_jwk(pem))) == [words]


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ({"typ": "at+jwt"}, "This is signed, but for something else than a badge."),
        ({"typ": ["JWT"]}, "This is signed, but for something else than a badge."),
        ({"crit": ["b64"], "b64": False}, "This is signed, but for something else than a badge."),
        (
            {"jwk": {"kty": "RSA", "d": "AQ"}},
            "The badge carries its issuer's private key: anybody could have signed it.",
        ),
    ],
)
def test_a_header_that_asks_for_more_is_refused(header: Mapping[str, Any], words: str, pem: str) -> None:
    _, payload, signature = sign(foreign(pem), pem=pem, kid="k").split(".")
    said = base64.urlsafe_b64encode(json.dumps({"alg": "RS256", **header}).encode()).rstrip(b"=").decode()
    assert brought(f"{said}.{payload}.{signature}", json.dumps(public_jwk(pem))) == [words]


def test_a_tampered_badge_of_others_is_refused(pem: str) -> None:
    text = tampered(sign(foreign(pem), pem=pem, kid="https://college.example/keys/1"), name="Diving")
    said = "The signature does not hold: the badge was changed, or another key signed it."
    assert brought(text, json.dumps(public_jwk(pem))) == [said]


@pytest.mark.parametrize("text", ["", "a.b", "a.b.c", "e30.e30.e30", "bnVsbA.bnVsbA.", "\u00e9.\u00e9.\u00e9"])
def test_what_is_no_badge_is_refused_without_a_trace(text: str, pem: str) -> None:
    (words,) = brought(text, json.dumps(public_jwk(pem)))
    assert words


def test_a_badge_without_a_signature_algorithm_is_refused(pem: str) -> None:
    _, payload, _ = sign(foreign(pem), pem=pem, kid="k").split(".")
    header = base64.urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=").decode()
    assert brought(f"{header}.{payload}.", json.dumps(public_jwk(pem))) == [
        "The key that belongs to it cannot be used."
    ]
