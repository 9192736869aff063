from __future__ import annotations

import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client

from swingby.web.models import Person
from tests.web.acting import signed_in

pytestmark = pytest.mark.django_db

PASSWORD = "an-example-password"


def _person(key: str) -> Person:
    return Person.objects.create_user(f"{key}@example.test", name="Example", password=PASSWORD, key=key)


def _sign_in(client: Client, email: str, password: str) -> int:
    return client.post("/accounts/login/", {"login": email, "password": password}).status_code


def test_signing_in_by_mail_address_leads_home_whatever_its_case() -> None:
    _person("case")
    client = Client()

    assert _sign_in(client, "CASE@example.test", PASSWORD) == 302
    assert client.get("/accounts/login/").headers["Location"] == "/"


def test_after_five_wrong_passwords_the_right_one_is_refused_for_a_while() -> None:
    _person("guessed")
    client = Client()
    wrong = [_sign_in(client, "guessed@example.test", f"wrong-{number}") for number in range(5)]

    assert wrong == [200] * 5
    assert _sign_in(client, "guessed@example.test", PASSWORD) == 200
    assert client.get("/").status_code == 302


def test_nobody_makes_an_account_for_themselves() -> None:
    page = Client().post(
        "/accounts/signup/", {"email": "new@example.test", "password1": PASSWORD, "password2": PASSWORD}
    )

    assert page.status_code == 200
    assert not Person.objects.filter(email="new@example.test").exists()


def test_signing_out_ends_it() -> None:
    client = signed_in("partner-admin")
    client.post("/accounts/logout/")

    assert client.get("/").status_code == 302


def test_a_new_password_is_chosen_by_the_link_of_a_mail() -> None:
    """With a key as everybody has it, who was made by the application."""
    cache.clear()
    person = Person.objects.create_user("reset@example.test", name="Example", password=PASSWORD)
    client = Client()
    client.post("/accounts/password/reset/", {"email": "RESET@example.test"})
    (sent,) = mail.outbox
    (path,) = re.findall(r"http://localhost:8000(/accounts/password/reset/key/\S+)", str(sent.body))
    asked = client.get(path).headers["Location"]
    assert person.pk in path

    new = {"password1": "another-example-password", "password2": "another-example-password"}
    assert client.post(asked, new).status_code == 302
    assert _sign_in(Client(), "reset@example.test", PASSWORD) == 200
    assert _sign_in(Client(), "reset@example.test", new["password1"]) == 302
    over = Client().get(path).content.decode()
    assert ("This link is over" in over, "<form" in over) == (True, False)
