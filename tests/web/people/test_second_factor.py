"""A second factor: set up with an app, asked for at each sign-in, with codes for a lost phone; its secret is sealed."""

from __future__ import annotations

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from django.test import Client
from pytest_django.fixtures import Settings

from swingby.web.models import Person

pytestmark = pytest.mark.django_db
PASSWORD = "an-example-password"
MAIL = "partner-member@example.test"
HOME = "/partner/harbor-program-tarn/"


def code_of(secret: str, *, steps: int = 0) -> str:
    """What an app shows now, or so many half minutes away."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps)))


@pytest.fixture
def client() -> Client:
    """Somebody who just signed in with a password."""
    cache.clear()
    person = Person.objects.get(pk="partner-member")
    person.set_password(PASSWORD)
    person.save()
    return signed_in_by_password()


def signed_in_by_password() -> Client:
    client = Client()
    client.post("/accounts/login/", {"login": MAIL, "password": PASSWORD})
    return client


def set_up(client: Client) -> str:
    """Set the app up; returns its secret."""
    asked = client.get("/accounts/security/totp/activate/").headers["Location"]
    assert client.post(asked, {"password": PASSWORD}).headers["Location"] == "/accounts/security/totp/activate/"
    page = client.get("/accounts/security/totp/activate/").content.decode()
    (secret,) = re.findall(r"<code>([A-Z2-7]+)</code>", page)
    wrong = client.post("/accounts/security/totp/activate/", {"code": "000000"})
    assert wrong.status_code == 200
    assert not Authenticator.objects.exists()
    done = client.post("/accounts/security/totp/activate/", {"code": code_of(secret)})
    assert done.headers["Location"] == "/accounts/security/recovery-codes/"
    return str(secret)


def test_a_password_alone_no_longer_lets_in(client: Client) -> None:
    secret = set_up(client)
    cache.clear()
    other = signed_in_by_password()

    assert other.get(HOME).status_code == 302
    assert other.post("/accounts/security/authenticate/", {"code": "000000"}).status_code == 200
    assert other.get(HOME).status_code == 302
    # The code that set it up was used a moment ago; the next one counts.
    assert other.post("/accounts/security/authenticate/", {"code": code_of(secret, steps=1)}).status_code == 302
    assert other.get(HOME).status_code == 200


def test_a_recovery_code_lets_in_once(client: Client) -> None:
    set_up(client)
    page = client.get("/accounts/security/recovery-codes/").content.decode()
    codes = re.findall(r"<li><code>(\w+)</code>", page)
    cache.clear()

    tries = [signed_in_by_password().post("/accounts/security/authenticate/", {"code": codes[0]}) for _ in range(2)]

    assert len(codes) == 10
    assert [answer.status_code for answer in tries] == [302, 200]
    file = client.get("/accounts/security/recovery-codes/download/").content.decode()
    assert (codes[0] in file, codes[1] in file) == (False, True)


def test_guessing_codes_is_stopped(client: Client) -> None:
    secret = set_up(client)
    cache.clear()
    other = signed_in_by_password()
    for number in range(6):
        other.post("/accounts/security/authenticate/", {"code": f"{number:06}"})

    assert other.post("/accounts/security/authenticate/", {"code": code_of(secret, steps=1)}).status_code == 200
    assert other.get(HOME).status_code == 302


def test_the_database_holds_no_secret_in_the_clear(client: Client, settings: Settings) -> None:
    secret = set_up(client)
    stored = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in stored

    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "a-newer-key"
    (totp,) = Authenticator.objects.filter(type="totp")
    assert totp.wrap().validate_code(code_of(secret, steps=1))


def test_taking_it_away_ends_the_codes_too(client: Client) -> None:
    set_up(client)
    assert "In use" in client.get("/accounts/security/").content.decode()
    assert client.post("/accounts/security/totp/deactivate/").status_code == 302

    assert not Authenticator.objects.exists()
    assert signed_in_by_password().get(HOME).status_code == 200
