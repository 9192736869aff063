"""Badges over the API: one's own and nobody else's, shown as the page does, and no file that others made is a trap."""

from __future__ import annotations

import base64
import json
from datetime import date
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from swingby.web.domain.badges.signing import base64url, new_key, public_jwk, read_jws, sign
from swingby.web.models import AuditEntry, Badge, ForeignBadge
from tests.web.acting import acting, signed_in
from tests.web.api.asking import get, post
from tests.web.enablement.firm import ADMIN, FIRM, LEAD, MEMBER, certify, employ, key_of, of_the_firm
from tests.web.enablement.test_badges import foreign, tampered, verified

pytestmark = pytest.mark.django_db
END = date(2026, 6, 14)
WHERE = f"/firms/{FIRM}/badges"
OWN = f"{WHERE}/own"
ADDRESS = "https://partners.example.test"
#: That of the small world, which its holder shows, and one that nobody shows.
SHOWN, KEPT = "tarn-partner-member-badge", "tarn-partner-admin-badge"
ODD: tuple[Any, ...] = ("a\0", "\ud800", 10**400, True, {}, None, [[]], -1, "")


@pytest.fixture(autouse=True)
def _site(settings: Settings) -> None:
    settings.SWINGBY_ADDRESS = ADDRESS


@pytest.fixture(scope="module")
def pem() -> str:
    return new_key()


def hold() -> None:
    employ(key_of(MEMBER))
    certify(key_of(MEMBER), "expert", until=END)


def make(code: str = "expert", *, by: str = MEMBER, **headers: str) -> Any:
    return post(OWN, {"code": code}, person=by, **headers)


def made() -> str:
    hold()
    return str(make().json()["id"])


def act(key: str, word: str, body: Any = None, *, by: str = MEMBER, where: str = OWN, **headers: str) -> Any:
    return post(f"{where}/{key}/{word}", body or {}, person=by, **headers)


def read(key: str, *, by: str = MEMBER) -> Any:
    return get(f"{OWN}/{key}", person=by)


def world(key: str, *, by: str = "other-vendor") -> Any:
    """What anybody with a token reads."""
    return get(f"/badges/{key}", person=by)


def issues(answer: Any) -> list[tuple[str, str]]:
    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    return [(issue["location"], issue["code"]) for issue in answer.json()["issues"]]


# --- one's own ----------------------------------------------------------------------------------------------------------


def test_what_is_held_becomes_a_badge_that_nobody_else_sees() -> None:
    hold()
    before = get(f"{OWN}/to-make", person=MEMBER).json()
    answer = make()
    row = answer.json()

    assert before == {"items": [{"code": "expert", "label": "Harbor Expert"}]}
    assert get(f"{OWN}/to-make", person=MEMBER).json() == {"items": []}
    assert answer.status_code == 201
    assert {name: row[name] for name in row if name not in {"id", "issued_at"}} == {
        "code": "expert",
        "label": "Harbor Expert",
        "vendor": "Harbor Example",
        "state": "good",
        "starts_on": "2025-06-01",
        "ends_on": "2026-06-14",
        "is_public": False,
        "shows_name": False,
        "page": None,
    }
    assert read(row["id"]).json() == row
    assert {read(row["id"], by=by).status_code for by in (ADMIN, LEAD, "partner-finance")} == {404}
    assert {world(row["id"], by=by).status_code for by in (MEMBER, ADMIN, "manager", "other-vendor")} == {404}


def test_the_page_and_the_api_show_the_same() -> None:
    made()
    certify(key_of(MEMBER), "basics")
    page = signed_in(MEMBER).get(reverse("learning:badges", args=[FIRM])).context["page"]
    listed = get(OWN, person=MEMBER).json()["items"]

    assert [(line.label, line.state, line.public_url or None) for line in page.badges] == [
        (row["label"], row["state"], row["page"]) for row in listed
    ]
    assert [choice.value for choice in page.free] == ["basics"]
    assert [row["code"] for row in get(f"{OWN}/to-make", person=MEMBER).json()["items"]] == ["basics"]


def test_badges_come_page_by_page_and_each_once() -> None:
    made()
    certify(key_of(MEMBER), "basics")
    make("basics")
    seen: list[str] = []
    following: str | None = ""
    while following is not None:
        page = get(f"{OWN}?limit=1&cursor={following}", person=MEMBER).json()
        seen += [row["label"] for row in page["items"]]
        following = page["next"]

    assert seen == ["Example badge", "Harbor Basics", "Harbor Expert"]


def test_only_what_is_held_becomes_one() -> None:
    employ(key_of(MEMBER))
    certify(key_of(MEMBER), "expert", until=date(2026, 3, 1))

    assert issues(make()) == issues(make("no-such-code")) == [("body.code", "not-held")]
    assert get(f"{OWN}/to-make", person=MEMBER).json() == {"items": []}


def test_the_same_is_made_once_with_a_key_and_without() -> None:
    hold()
    first, again = (make(**{"Idempotency-Key": "once"}) for _ in range(2))

    assert (again.content, again["Idempotency-Replayed"]) == (first.content, "true")
    assert make().json()["id"] == first.json()["id"]
    assert make("basics", **{"Idempotency-Key": "once"}).json()["code"] == "key-reused"


def test_the_world_sees_what_the_holder_shows_and_no_more() -> None:
    key = made()
    shown = act(key, "show").json()
    without = world(key).json()
    named = act(key, "show", {"with_name": True}).json()
    with_name = world(key).json()
    page = Client().get(reverse("badge", args=[key])).content.decode()
    hidden = act(key, "hide").json()

    assert (shown["is_public"], shown["shows_name"], shown["page"]) == (True, False, f"{ADDRESS}/badge/{key}/")
    assert without == {
        "id": key,
        "label": "Harbor Expert",
        "vendor": "Harbor Example",
        "issuer": "Tarn Example",
        "holder": None,
        "state": "good",
        "starts_on": "2025-06-01",
        "ends_on": "2026-06-14",
        "page": f"{ADDRESS}/badge/{key}/",
        "file": f"{ADDRESS}/badge/{key}/file/",
    }
    assert (named["shows_name"], with_name["holder"], "Partner-member" in page) == (True, "Partner-member", True)
    assert (hidden["is_public"], hidden["shows_name"], world(key).status_code) == (False, False, 404)
    assert Client().get(reverse("badge", args=[key])).status_code == 404


def test_a_file_is_verified_by_somebody_else_until_it_is_withdrawn() -> None:
    key = made()
    act(key, "show")
    answer = get(f"{OWN}/{key}/file", person=MEMBER)
    text = answer.content.decode()
    again = get(f"{OWN}/{key}/file", person=MEMBER, **{"If-None-Match": answer["ETag"]})
    before = verified(text)
    withdrawn = act(key, "withdraw")

    assert (answer["X-Content-Type-Options"], answer["Content-Disposition"]) == (
        "nosniff",
        f'attachment; filename="badge-{key}.jwt"',
    )
    assert (again.status_code, again.content) == (304, b"")
    assert before == {"valid": True, "name": "Harbor Expert", "identifier": []}
    assert (withdrawn.status_code, withdrawn.json()["state"]) == (200, "withdrawn")
    assert verified(text) == {"valid": False, "why": "withdrawn"}
    assert (read(key).json()["state"], world(key).json()["state"]) == ("withdrawn", "withdrawn")
    assert get(f"{OWN}/{key}/file", person=MEMBER).status_code == 404


@pytest.mark.parametrize("word", ["show", "hide", "withdraw"])
def test_what_is_withdrawn_is_so_for_ever(word: str) -> None:
    key = made()
    act(key, "withdraw")
    before = read(key).json()

    assert (act(key, word).status_code, read(key).json()) == (409, before)
    assert make().json()["id"] != key


@pytest.mark.parametrize("word", ["show", "hide", "withdraw"])
def test_what_changed_meanwhile_is_not_written_over(word: str) -> None:
    key = made()
    mark = read(key)["ETag"]
    act(key, "show", {"with_name": True})
    fresh = read(key)["ETag"]

    assert act(key, word, **{"If-Match": mark}).status_code == 412
    assert read(key, by=MEMBER)["ETag"] == fresh
    assert get(f"{OWN}/{key}", person=MEMBER, **{"If-None-Match": fresh}).status_code == 304
    assert act(key, word, **{"If-Match": fresh}).status_code == 200


def test_the_record_of_acts_says_of_badges_what_the_page_makes_it_say() -> None:
    """Nothing: what somebody shows is the own business, and no admin reads of it."""

    def told() -> int:
        with of_the_firm("harbor"):
            return AuditEntry.objects.count()

    hold()
    before = told()
    page = signed_in(MEMBER)
    page.post(reverse("learning:badge_issue", args=[FIRM]), {"code": "expert"})
    with of_the_firm():
        key = Badge.objects.get(code="expert", learner=key_of(MEMBER)).pk
    page.post(reverse("learning:badge_change", args=[FIRM, key]), {"act": "withdraw"})
    by_page = told() - before
    other = make().json()["id"]
    for word in ("show", "hide", "withdraw"):
        assert act(other, word).status_code == 200

    assert (by_page, told() - before) == (0, 0)


def test_an_exam_that_was_failed_is_in_no_answer() -> None:
    """The small world's people all failed an exam once."""
    key = made()
    act(key, "show", {"with_name": True})
    answers = [get(OWN, person=MEMBER), read(key), world(key), get(f"{OWN}/{key}/file", person=MEMBER)]
    texts = [answer.content.decode() for answer in answers]
    texts.append(json.dumps(read_jws(texts[-1])[1]))

    assert not [text for text in texts if "fail" in text.lower()]


def test_no_badge_is_reached_by_somebody_else() -> None:
    for by, where in ((ADMIN, OWN), (LEAD, OWN), ("both-programs", OWN), ("manager", OWN), ("other-partner", OWN)):
        answers = [act(SHOWN, word, by=by, where=where) for word in ("show", "hide", "withdraw")]
        answers += [get(f"{where}/{SHOWN}{end}", person=by) for end in ("", "/file")]
        assert {answer.status_code for answer in answers} == {404}
    assert act(SHOWN, "hide", where="/firms/sedge/badges/own").status_code == 404
    assert read(SHOWN).json()["is_public"] is True


def test_each_reads_the_own_ones_only() -> None:
    found = {by: [row["id"] for row in get(OWN, person=by).json()["items"]] for by in (MEMBER, ADMIN, LEAD)}

    assert found == {by: [f"tarn-{by}-badge"] for by in (MEMBER, ADMIN, LEAD)}
    assert {get(OWN, person=by).status_code for by in ("manager", "both-programs", "other-partner")} == {404}


def test_of_a_badge_that_nobody_shows_there_is_none_not_even_for_its_holder() -> None:
    found = {by: world(KEPT, by=by).status_code for by in (MEMBER, ADMIN, "manager", "other-partner")}

    assert found == dict.fromkeys(found, 404)
    assert world(SHOWN).json()["holder"] is None


def test_without_a_catalogue_none_is_made_and_those_that_are_there_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("swingby.web.api.firms.catalogue_of", lambda _: None)
    answers = [make(), get(f"{OWN}/to-make", person=MEMBER), get(OWN, person=MEMBER), read(SHOWN)]

    assert [answer.status_code for answer in answers] == [409, 409, 200, 200]


@pytest.mark.parametrize("key", ["%00", "%ED%A0%80", "x" * 300, "%2e%2e", "' OR 1=1 --", "😀", "%0a", "-1", "to-make"])
def test_keys_of_no_badge_find_none(key: str) -> None:
    answers = [act(key, word) for word in ("show", "hide", "withdraw")]
    answers += [get(f"{OWN}/{key}/file", person=MEMBER), world(key)]

    assert {answer.status_code for answer in answers} <= {404, 422}


@pytest.mark.parametrize(
    ("address", "right", "name"),
    [
        (OWN, {"code": "expert"}, "code"),
        (f"{OWN}/{SHOWN}/show", {}, "with_name"),
        (f"{WHERE}/foreign", {"text": "a.b.c"}, "text"),
        (f"{WHERE}/foreign", {"text": "a.b.c"}, "key"),
    ],
)
def test_odd_bodies_are_refused_at_their_place(address: str, right: dict[str, Any], name: str) -> None:
    wrong: list[Any] = [None, [], "x", 1, *({**right, name: odd} for odd in (*ODD, "x" * 300_000))]
    wrong = [each for each in wrong if each not in ({"with_name": True}, {"with_name": None})]
    found = [(str(said)[:60], post(address, said, person=MEMBER).status_code) for said in wrong]

    assert [(said, status) for said, status in found if status not in {400, 413, 422}] == []


# --- badges of others ---------------------------------------------------------------------------------------------------


def keep(text: str, key: Any = "", *, by: str = MEMBER) -> Any:
    said = key if isinstance(key, str) else json.dumps(key)
    return post(f"{WHERE}/foreign", {"text": text, "key": said}, person=by)


def names(by: str = MEMBER) -> list[str]:
    return [row["name"] for row in get(f"{WHERE}/foreign", person=by).json()["items"]]


def test_a_badge_of_others_is_kept_once_and_read_by_who_keeps_it(pem: str) -> None:
    text = sign(foreign(pem), pem=pem, kid="https://college.example/keys/1")
    without = keep(text)
    answer = keep(text, public_jwk(pem))

    assert issues(without) == [("body.key", "not-signed")]
    assert (answer.status_code, answer.json()["name"], answer.json()["proof"]) == (201, "Welding", "given")
    assert issues(keep(text, public_jwk(pem))) == [("body.text", "kept")]
    assert names() == ["Example of others", "Welding"]
    assert {by: "Welding" in names(by) for by in (ADMIN, LEAD)} == {ADMIN: False, LEAD: False}
    assert keep(text, public_jwk(pem), by=LEAD).status_code == 201


def test_badges_of_others_come_page_by_page(pem: str) -> None:
    keep(sign(foreign(pem), pem=pem, kid="k"), public_jwk(pem))
    first = get(f"{WHERE}/foreign?limit=1", person=MEMBER).json()
    second = get(f"{WHERE}/foreign?limit=1&cursor={first['next']}", person=MEMBER).json()

    assert [first["items"][0]["name"], second["items"][0]["name"]] == ["Example of others", "Welding"]
    assert second["next"] is None


@pytest.mark.parametrize(
    ("claims", "code"),
    [
        ({"validUntil": "2026-03-31T00:00:00Z"}, "expired"),
        ({"validFrom": "2026-04-01T00:00:00Z"}, "not-yet"),
        ({"validFrom": "0001-01-01T00:00:00+23:59"}, "moment"),
        ({"validUntil": "9999-12-31T23:59:59-23:59"}, "moment"),
        ({"validUntil": {"a": 1}}, "moment"),
        ({"type": {}}, "no-badge"),
        ({"type": [{}, [], None]}, "no-badge"),
        ({"@context": {"a": []}}, "no-badge"),
        ({"iss": "https://other.example"}, "contradiction"),
        ({"issuer": 5}, "contradiction"),
        ({"credentialSubject": None}, "no-name"),
        ({"credentialSubject": {"achievement": {"name": "\ud800"}}}, "no-name"),
        ({"credentialSubject": {"achievement": {"name": "a\0b"}}}, "no-name"),
        ({"credentialSubject": {"achievement": [[]]}}, "no-name"),
    ],
    ids=str,
)
def test_what_a_signed_file_says_wrongly_is_refused_at_its_place(claims: dict[str, Any], code: str, pem: str) -> None:
    said = {key: value for key, value in foreign(pem, **claims).items() if value is not None}

    assert issues(keep(signed(said, pem), public_jwk(pem))) == [("body.text", code)]
    with acting(MEMBER):
        assert not ForeignBadge.objects.exclude(name="Example of others").exists()


def signed(payload: dict[str, Any], pem: str) -> str:
    """As `sign`, with what no text of ours would hold written as JSON writes it."""
    key = serialization.load_pem_private_key(pem.encode(), password=None)
    assert isinstance(key, rsa.RSAPrivateKey)
    parts = ({"alg": "RS256", "kid": "k", "typ": "JWT"}, payload)
    text = ".".join(base64url(json.dumps(part).encode()) for part in parts)
    return f"{text}.{base64url(key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256()))}"


@pytest.mark.parametrize(
    "issuer",
    ["did:jwk:", "did:jwk:!!!", "did:jwk:gA", "did:jwk:bnVsbA", f"did:jwk:{base64url(b'[' * 20_000)}", "did:jwk:é"],
)
def test_an_issuer_that_names_no_key_is_refused(issuer: str, pem: str) -> None:
    text = sign(foreign(pem, issuer={"id": issuer}, iss=issuer), pem=pem, kid=f"{issuer}#0")
    ((place, code),) = issues(keep(text))

    assert (place in {"body.text", "body.key"}, code) == (True, "not-signed")


@pytest.mark.parametrize("key", ["{", "[]", "5", "[" * 20_000, '{"kty": "RSA"}', '{"kty": {}, "crv": []}', "{}"])
def test_a_key_that_is_none_is_refused_at_its_place(key: str, pem: str) -> None:
    assert issues(keep(sign(foreign(pem), pem=pem, kid="k"), key)) == [("body.key", "not-signed")]


@pytest.mark.parametrize(
    "text",
    ["a", "a.b", "a.b.c", "e30.e30.e30", "é.é.é", ". .", "..", base64.b64encode(b"[" * 90_000).decode() + ".e30.a"],
)
def test_what_is_no_badge_is_refused_at_its_place(text: str, pem: str) -> None:
    ((place, code),) = issues(keep(text, public_jwk(pem)))

    assert (place in {"body.text", "body.key"}, code) == (True, "not-signed")


def test_a_changed_badge_is_refused(pem: str) -> None:
    text = tampered(sign(foreign(pem), pem=pem, kid="k"), name="Diving")

    assert issues(keep(text, public_jwk(pem))) == [("body.text", "not-signed")]


def test_no_firm_but_the_own_takes_one_in(pem: str) -> None:
    text = sign(foreign(pem), pem=pem, kid="k")
    for by, where in (("manager", FIRM), ("both-programs", FIRM), (MEMBER, "sedge"), (MEMBER, "harbor")):
        said = {"text": text, "key": json.dumps(public_jwk(pem))}
        assert post(f"/firms/{where}/badges/foreign", said, person=by).status_code == 404
    for by in ("manager", "both-programs", MEMBER):
        with acting(by):
            assert not ForeignBadge.objects.filter(name="Welding").exists()
