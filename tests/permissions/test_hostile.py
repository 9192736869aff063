"""All routes as somebody who did not build them: what a page lets slip, and what it does with words nobody expects."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import urljoin, urlsplit

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from swingby.web.models import Person
from tests.permissions.test_routes import ROUTES, Route

pytestmark = pytest.mark.django_db
MOST_PAGES = 150
#: What each sees nothing of: the names and keys of organizations that it has nothing to do with.
STRANGE = {
    "partner-admin": ("sedge", "loom", "quay"),
    "partner-member": ("sedge", "loom", "quay"),
    "other-partner": ("harbor", "sedge", "tarn"),
    "both-programs": ("loom",),
    "other-vendor": ("harbor", "tarn", "sedge-north"),
    "lead": ("sedge", "loom", "quay"),
}
#: Pages of which that is the purpose: who shares where it stands, and whose certifications a firm learns.
NAMED = ("/sharing/", "/learning/")
#: The example card and the example experiments name the same partners for each owner.
EXAMPLES = ("/evidence/quay-program-card", "/evidence/experiments/quay-program-")
#: A deal in which the other partner has a part is called by its key, which holds the name of the first one here.
SHARED_DEAL = re.compile(r"\bquay-sedge\b(?!-)", re.IGNORECASE)
#: What anybody may keep.
PUBLIC = ("design:brand", "badge_list")
#: What a query may hold. No name of a parameter is left out: a page that takes another one is caught by review only.
NAMES = (
    "q page show whose version view sort tier region manager next hue who what first last before after from to on as_of"
    " product office role vendor level days without search rule kind state column cell known page_size cursor offset"
    " program name unit words"
).split()
ODD = {
    "a zero": "\0",
    "a huge number": "9" * 40,
    "a number below zero": "-1",
    "a quote": "' OR 1=1 --",
    "markup": "<script>alert(1)</script>\"'>",
    "a path": "../../../../etc/passwd",
    "a day that is none": "2026-02-30",
    "a long word": "x" * 5000,
    "digits of another script": "٣",
    "a template": "{{7*7}}{% now 'Y' %}",
}


def _client(actor: str, *, strict: bool = False) -> Client:
    client = Client(raise_request_exception=False, enforce_csrf_checks=strict)
    client.force_login(Person.objects.get(pk=actor))
    return client


def _all(method: str) -> Iterator[tuple[str, Route]]:
    yield from ((name, each) for name, routes in ROUTES.items() for each in routes if each.method == method)


def _pages_of(client: Client) -> dict[str, str]:
    """Every page that somebody comes to by links from the first one, with its text."""
    found: dict[str, str] = {}
    waiting = ["/"]
    while waiting and len(found) < MOST_PAGES:
        here = waiting.pop(0)
        if here in found:
            continue
        answer = client.get(here)
        if 300 <= answer.status_code < 400:
            waiting.append(urljoin(here, answer.headers["Location"]))
            found[here] = ""
            continue
        is_page = answer.headers.get("Content-Type", "").startswith("text/html")
        found[here] = answer.content.decode() if is_page else b"".join(answer).decode(errors="replace")
        links = re.findall(r'(?:href|action|hx-get)="([^"#]+)', found[here]) if is_page else []
        paths = [urljoin(here, unescape(link)) for link in links if not urlsplit(unescape(link)).netloc]
        waiting += [path for path in paths if not path.startswith(("/static/", "/gallery", "/accounts/", "/look/"))]
    return found


@pytest.mark.proof(turns=3)
@pytest.mark.parametrize("actor", STRANGE)
def test_no_page_names_an_organization_that_is_none_of_ones_business(actor: str) -> None:
    pages = _pages_of(_client(actor))
    slips = [
        (path, word)
        for path, text in pages.items()
        if not path.startswith(NAMED) and not any(each in path for each in EXAMPLES)
        for word in STRANGE[actor]
        if re.search(rf"\b{word}\b", SHARED_DEAL.sub("", re.sub(r"https?://\S+", "", text)), re.IGNORECASE)
    ]

    assert slips == []
    assert len(pages) > 5


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.parametrize("odd", ODD.values(), ids=ODD.keys())
@pytest.mark.parametrize("actor", ["manager", "partner-admin", "vendor-admin"])
def test_no_page_breaks_over_an_odd_question(actor: str, odd: str) -> None:
    client = _client(actor)
    question = dict.fromkeys(NAMES, odd)
    broken = []
    for name, route in _all("get"):
        answer = client.get(reverse(name, args=route.args), question)
        if answer.status_code >= 500 or (b"<script>alert(1)" in getattr(answer, "content", b"")):
            broken.append((name, answer.status_code))

    assert broken == []


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.parametrize("odd", ODD.values(), ids=ODD.keys())
@pytest.mark.parametrize("actor", ["manager", "partner-admin", "vendor-admin"])
def test_no_form_breaks_over_odd_words(actor: str, odd: str) -> None:
    client = _client(actor)
    broken = []
    for name, route in _all("post"):
        if name in {"account_logout", "end_looking", "users:look"}:
            continue
        fields = {**dict.fromkeys(("act", "text", "words", "answer", "name", "email", "q"), odd), **route.data}
        for field in fields:
            cache.clear()
            answer = client.post(reverse(name, args=route.args), {**fields, field: odd})
            if answer.status_code >= 500:
                broken.append((name, field, answer.status_code))

    assert broken == []


def test_every_address_refuses_a_form_of_another_page() -> None:
    client = _client("manager", strict=True)
    taken = [
        name
        for name, routes in ROUTES.items()
        for route in routes[:1]
        if client.post(reverse(name, args=route.args)).status_code != 403
    ]

    assert taken == []


def test_nothing_personal_stays_in_a_cache() -> None:
    kept = []
    for actor in ("", "manager", "partner-admin"):
        client = _client(actor) if actor else Client(raise_request_exception=False)
        for name, route in _all("get"):
            answer = client.get(reverse(name, args=route.args))
            said = answer.headers.get("Cache-Control", "")
            if "no-store" not in said and "no-cache" not in said and name not in PUBLIC:
                kept.append((actor, name, said))

    assert kept == []


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.parametrize(
    "onward",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "https:evil.example"],
)
def test_no_address_leads_to_another_site(onward: str) -> None:
    cache.clear()
    led = []
    for client in (Client(raise_request_exception=False), _client("partner-admin")):
        for name, route in (*_all("get"), *_all("post")):
            address = reverse(name, args=route.args)
            if name == "mfa_login_webauthn":
                continue
            for answer in (client.get(address, {"next": onward}), client.post(address, {**route.data, "next": onward})):
                where = answer.headers.get("Location", "").partition("?")[0]
                led += [(name, where)] if "evil" in where else []

    assert led == []


def test_a_strange_host_is_refused_and_mails_lead_to_our_own_address(settings: Settings) -> None:
    cache.clear()
    client = Client(raise_request_exception=False)
    assert client.get("/accounts/login/", headers={"host": "evil.example"}).status_code == 400
    assert client.get("/accounts/login/", headers={"x-forwarded-host": "evil.example"}).status_code == 200

    settings.ALLOWED_HOSTS = ["*"]
    person = Person.objects.get(pk="partner-member")
    person.set_password("an-example-password")
    person.save()
    asked = client.post("/accounts/password/reset/", {"email": person.email}, headers={"host": "evil.example"})
    assert asked.status_code == 302
    (sent,) = mail.outbox
    assert "http://localhost:8000/accounts/password/reset/key/" in sent.body
    assert "evil" not in sent.body


def test_asking_for_a_new_password_tells_nothing_about_accounts() -> None:
    cache.clear()
    answers = []
    for email in ("partner-member@example.test", "nobody@example.test", "open@tarn.test"):
        answer = Client().post("/accounts/password/reset/", {"email": email}, follow=True)
        answers.append((answer.redirect_chain, re.sub(r'value="[^"]*"|Token": "[^"]*"', "", answer.content.decode())))

    assert answers[0] == answers[1] == answers[2]


def test_a_wrong_password_tells_nothing_about_accounts() -> None:
    answers = []
    for email in ("partner-member@example.test", "nobody@example.test", "open@tarn.test"):
        cache.clear()
        page = Client().post("/accounts/login/", {"login": email, "password": "wrong-example"}).content.decode()
        answers.append(re.sub(r'value="[^"]*"|Token": "[^"]*"', "", page))

    assert answers[0] == answers[1] == answers[2]


def test_a_zero_byte_or_a_number_for_an_address_is_only_wrong() -> None:
    zero = "harbor-program-tarn\0"
    for actor, path, fields in (
        ("partner-admin", reverse("sharing:sharing", args=["tarn"]), {"program": zero, "code": "x"}),
        ("manager", reverse("console:orphans", args=["harbor"]), {"partner": zero, "email": "a@b.test", "name": "A"}),
    ):
        assert _client(actor).post(path, fields).status_code < 500
    assert _client("partner-admin").get("/terms/?next=-1").headers["Location"] == "/"


def test_too_much_in_a_form_is_refused() -> None:
    client = _client("partner-admin")

    assert client.post("/people/tarn/", {"email": "x" * 3_000_000}).status_code in {400, 413}
    assert client.post("/people/tarn/", {f"field-{number}": "x" for number in range(1100)}).status_code == 400
