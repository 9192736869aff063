"""Mails: posted with what they are about, sent once, kept where no server is set, tried again when it is down."""

from __future__ import annotations

import re
from datetime import timedelta
from smtplib import SMTPException, SMTPRecipientsRefused

import pytest
from django.core import mail as outbox
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.fixtures import Settings

from swingby.web.domain.mails import (
    MOST_ATTEMPTS,
    MailNotSentError,
    message_id,
    opened_seal,
    post_mail,
    send_again,
    send_mail,
)
from swingby.web.models import Mail, MailState, Person
from swingby.web.tenancy import Scope, open_scope
from tests.web.acting import signed_in

pytestmark = pytest.mark.django_db
LOCMEM = "django.core.mail.backends.locmem.EmailBackend"


class SecondWorker(BaseEmailBackend):
    """A second worker takes the same job while the first one talks to the server."""

    def send_messages(self, email_messages: list[EmailMessage]) -> int:  # type: ignore[override]
        with pytest.raises(MailNotSentError):
            sent()
        outbox.outbox.extend(email_messages)
        return len(email_messages)


class ServerIsDown(BaseEmailBackend):
    def send_messages(self, _: list[EmailMessage]) -> int:  # type: ignore[override]
        raise SMTPException("try later, dear someone@example.test")


class NobodyThere(BaseEmailBackend):
    def send_messages(self, _: list[EmailMessage]) -> int:  # type: ignore[override]
        raise SMTPRecipientsRefused({"someone@example.test": (550, b"no such user")})


@pytest.fixture(autouse=True)
def sends(settings: Settings) -> None:
    settings.SWINGBY_SENDS_MAIL = True
    settings.SWINGBY_ADDRESS = "https://partners.example.test"


def posted(key: str = "k", **said: str) -> Mail:
    person = Person.objects.get(pk="partner-admin")
    with transaction.atomic(), open_scope(Scope(owner_orgs=frozenset({"harbor"}))):
        words = {"subject": "Plan", "text": "{sender} to {recipient}", **said}
        mail = post_mail(person, organization="harbor", key=key, sent_by="manager", **words)
    assert mail is not None
    return mail


def found(key: str = "k") -> Mail:
    with transaction.atomic(), open_scope(Scope(owner_orgs=frozenset({"harbor"}))):
        return Mail.objects.get(key=key)


def sent(key: str = "k") -> Mail:
    send_mail(found(key).pk, organization="harbor")
    return found(key)


def test_a_mail_goes_out_once_with_the_names_put_in() -> None:
    mail = posted(path="/partner/e1/")
    assert (mail.subject, mail.text) == ("Plan", "{sender} to {recipient}")

    states = [sent().state, sent().state]

    assert states == [MailState.SENT, MailState.SENT]
    (message,) = outbox.outbox
    assert (message.to, message.subject) == (["partner-admin@example.test"], "Plan")
    assert message.body == "Manager to Partner-admin\n\nhttps://partners.example.test/partner/e1/\n"
    assert message.extra_headers["Message-ID"] == message_id(mail)
    assert re.fullmatch(r"<[0-9a-f]{40}@partners.example.test>", message_id(mail))


def test_what_is_posted_twice_goes_out_once() -> None:
    posted()
    with transaction.atomic(), open_scope(Scope(owner_orgs=frozenset({"harbor"}))):
        person = Person.objects.get(pk="partner-admin")
        again = post_mail(person, organization="harbor", key="k", subject="Plan", text="Again")

    assert again is None
    assert found().text == "{sender} to {recipient}"


def test_a_line_break_in_a_subject_is_no_new_header() -> None:
    posted(subject="Plan\r\nBcc: all@example.test")
    sent()

    assert outbox.outbox[0].subject == "Plan Bcc: all@example.test"
    assert outbox.outbox[0].recipients() == ["partner-admin@example.test"]


def test_without_a_server_it_is_kept(settings: Settings) -> None:
    settings.SWINGBY_SENDS_MAIL = False
    posted()

    assert sent().state == MailState.KEPT
    assert outbox.outbox == []


def test_a_server_that_is_down_is_asked_again_until_it_is_given_up(settings: Settings) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.ServerIsDown"
    posted()
    states = []
    for _ in range(MOST_ATTEMPTS - 1):
        with pytest.raises(MailNotSentError):
            sent()
        states.append(found().state)
    states.append(sent().state)

    assert states == [MailState.WAITING] * (MOST_ATTEMPTS - 1) + [MailState.FAILED]
    assert found().problem == "The mail server did not take it (SMTPException)."

    settings.EMAIL_BACKEND = LOCMEM
    with transaction.atomic(), open_scope(Scope(owner_orgs=frozenset({"harbor"}))):
        send_again(found())
    assert sent().state == MailState.SENT


def test_an_address_that_nobody_has_is_not_tried_again(settings: Settings) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.NobodyThere"
    posted()
    mail = sent()

    assert (mail.state, mail.attempts) == (MailState.FAILED, 1)
    assert mail.problem == "The mail server knows no such address (550)."


def test_a_mail_whose_worker_died_goes_out_once_more_after_a_while() -> None:
    mail = posted()
    with transaction.atomic(), open_scope(Scope(owner_orgs=frozenset({"harbor"}))):
        rows = Mail.objects.filter(pk=mail.pk)
        rows.update(state=MailState.SENDING, claimed_at=timezone.now() - timedelta(seconds=30), attempts=1)
    with pytest.raises(MailNotSentError):
        sent()
    with transaction.atomic(), open_scope(Scope(owner_orgs=frozenset({"harbor"}))):
        rows.update(claimed_at=timezone.now() - timedelta(minutes=3))
    assert (sent().state, found().attempts) == (MailState.SENT, 2)
    assert [message.extra_headers["Message-ID"] for message in outbox.outbox] == [message_id(mail)]


def test_two_workers_at_once_send_one_mail(settings: Settings) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.SecondWorker"
    posted()

    assert (sent().state, sent().state) == (MailState.SENT, MailState.SENT)
    assert len(outbox.outbox) == 1


def test_a_link_that_lets_somebody_in_is_signed_when_it_is_sent() -> None:
    mail = posted(path="/join/", sealed="an-invitation")
    sent()
    link = outbox.outbox[0].body.split()[-1]
    seal = link.removeprefix("https://partners.example.test/join/").removesuffix("/")

    assert opened_seal(seal, days=1) == "an-invitation"
    assert opened_seal(seal[:-1], days=1) is None
    assert opened_seal(seal, days=0) is None
    page = signed_in("operations").get(f"/mail/harbor/{mail.pk}/").content.decode()
    assert seal not in page
    assert "The link is for its reader alone." in page


def test_the_pages_cost_the_same_however_many_mails_there_are() -> None:
    client = signed_in("operations")
    few = _statements(client)
    for number in range(60):
        posted(f"many-{number}")

    assert _statements(client) == few
    page = client.get("/mail/harbor/")
    assert len(page.content) < 150_000
    assert client.get("/mail/harbor/?page=2").status_code == 200
    assert client.get("/mail/harbor/?page=99999999").status_code == 200


def _statements(client: Client) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get("/mail/harbor/").status_code == 200
    return len(captured)
