"""Reminders: to each holder of the own certificates, once a week to those who lead, once whatever runs twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from email.message import Message

import pytest
from django.db import connection
from django.urls import reverse
from pytest_django.fixtures import Settings

from swingby.web.domain.learning.reminders import remind_learners
from swingby.web.domain.mails import letter_of, send_mail
from swingby.web.domain.notifications import choose_ways, desk_of
from swingby.web.models import Mail, Notification, NotificationKind
from tests.web.acting import acting, signed_in, the_enrolment
from tests.web.enablement.firm import ADMIN, FIRM, LEAD, MEMBER, certify, employ, key_of, of_the_firm
from tests.web.smtp import MailServer, mail_server, part

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 31)
IN_THIRTY = TODAY + timedelta(days=30)
MEI, LENA = key_of(MEMBER), key_of(LEAD)
K = NotificationKind


@pytest.fixture(autouse=True)
def nothing_told_yet() -> None:
    for person in (MEMBER, LEAD, ADMIN):
        with acting(person):
            Notification.objects.filter(person_id=person).delete()


@pytest.fixture
def server(settings: Settings) -> Iterator[MailServer]:
    with mail_server() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", server.port, False
        settings.SWINGBY_SENDS_MAIL = True
        settings.SWINGBY_ADDRESS = "https://partners.example.test"
        yield server


def told(person: str) -> list[tuple[str, str]]:
    with acting(person):
        return list(Notification.objects.filter(person_id=person).order_by("kind", "at").values_list("kind", "words"))


def posted() -> list[tuple[str, str]]:
    with of_the_firm():
        rows = Mail.objects.filter(organization_id=FIRM, key__startswith="notification:").order_by(
            "person_id", "subject"
        )
        return [(row.person_id, row.subject) for row in rows]


def sent(server: MailServer) -> dict[str, Message]:
    with of_the_firm():
        keys = list(Mail.objects.filter(key__startswith="notification:").values_list("pk", flat=True))
    for key in keys:
        send_mail(key, organization=FIRM)
        send_mail(key, organization=FIRM)
    return {f"{mail['To']}: {mail['Subject']}": mail for mail in server.mails}


def golds_last_expert() -> None:
    employ(MEI, LENA)
    certify(MEI, "expert", until=IN_THIRTY)


def test_the_holder_hears_and_those_who_lead_hear_what_rests_on_it() -> None:
    golds_last_expert()
    assert remind_learners(FIRM) == 1
    assert told(MEMBER) == [(K.CERTIFICATE, "Harbor Expert lapses on 30 April 2026, in 30 days.")]
    week = (K.LEARNING_WEEK, "Harbor Gold rests on one certificate, which lapses on 30 April 2026.")
    assert (told(LEAD), told(ADMIN)) == ([week], [week])


def test_whatever_runs_twice_nobody_hears_it_twice(settings: Settings) -> None:
    golds_last_expert()
    remind_learners(FIRM)
    before = (told(MEMBER), told(LEAD), posted())
    remind_learners(FIRM)
    settings.SWINGBY_TODAY = TODAY + timedelta(days=1)
    remind_learners(FIRM)
    assert (told(MEMBER), told(LEAD), posted()) == before
    assert [person for person, _ in posted()] == [ADMIN, LEAD, MEMBER]


def test_the_next_day_that_counts_brings_the_next_word(settings: Settings) -> None:
    golds_last_expert()
    remind_learners(FIRM)
    settings.SWINGBY_TODAY = IN_THIRTY - timedelta(days=7)
    remind_learners(FIRM)
    assert [words for kind, words in told(MEMBER) if kind == K.CERTIFICATE] == [
        "Harbor Expert lapses on 30 April 2026, in 30 days.",
        "Harbor Expert lapses on 30 April 2026, in 7 days.",
    ]
    assert len([kind for kind, _ in told(LEAD) if kind == K.LEARNING_WEEK]) == 2


def test_a_renewal_takes_the_word_back_before_it_is_said() -> None:
    golds_last_expert()
    certify(MEI, "expert", since=date(2026, 3, 20), until=date(2027, 4, 30))
    assert remind_learners(FIRM) == 0
    assert (told(MEMBER), told(LEAD)) == ([], [])


def test_who_left_is_not_reminded() -> None:
    employ(MEI, until=date(2026, 3, 1))
    certify(MEI, "expert", until=IN_THIRTY)
    assert remind_learners(FIRM) == 0


def test_the_mails_go_out_by_a_real_server_once(server: MailServer) -> None:
    golds_last_expert()
    remind_learners(FIRM)
    mails = sent(server)
    assert sorted(mails) == [
        "partner-admin@example.test: Harbor Gold rests on one certificate, which lapses on 30 April 2026.",
        "partner-manager@example.test: Harbor Gold rests on one certificate, which lapses on 30 April 2026.",
        "partner-member@example.test: Harbor Expert lapses on 30 April 2026, in 30 days.",
    ]
    assert len(server.mails) == len(mails)
    own = mails["partner-member@example.test: Harbor Expert lapses on 30 April 2026, in 30 days."]
    assert part(own, "text/plain").split("\n\n")[:3] == [
        "Harbor Expert lapses on 30 April 2026, in 30 days.",
        "A renewal goes on from the expiry: nothing is lost by being early.",
        "On it rests: Harbor Gold.",
    ]
    drawn = part(own, "text/html")
    assert "prefers-color-scheme: dark" in drawn
    assert f'href="https://partners.example.test{reverse("learning:mine", args=[FIRM])}"' in drawn
    assert "<img" not in drawn


def test_the_week_has_one_line_for_monday_with_the_name_of_today(server: MailServer) -> None:
    golds_last_expert()
    certify(LENA, "basics", since=date(2026, 3, 30))
    remind_learners(FIRM)
    week = next(mail for key, mail in sent(server).items() if key.startswith("partner-manager"))
    assert part(week, "text/plain").split("\n\n")[:3] == [
        "For Monday: Harbor Gold rests on the certificate of Partner-member, which lapses on 30 April 2026.",
        "Lapsing within 30 days: 1. Within 90 days: 1.",
        "To congratulate: Partner-manager, Harbor Basics.",
    ]
    with of_the_firm():
        kept = Mail.objects.filter(person_id=LEAD, key__startswith="notification:").get()
        assert "Partner-member" not in kept.text  # The row names people by their keys.


def test_the_line_for_monday_says_who_leaves(server: MailServer) -> None:
    employ(MEI, until=date(2026, 4, 20))
    certify(MEI, "expert", until=date(2026, 12, 1))
    remind_learners(FIRM)
    week = next(mail for key, mail in sent(server).items() if key.startswith("partner-manager"))
    assert part(week, "text/plain").split("\n\n")[0] == (
        "For Monday: Harbor Gold asks for 1; from 20 April 2026 there are 0. Partner-member leaves."
    )


def test_a_text_names_nobody_whom_the_mail_may_not_name() -> None:
    golds_last_expert()
    remind_learners(FIRM)
    with of_the_firm():
        mail = Mail.objects.filter(person_id=LEAD, key__startswith="notification:").get()
        mail.text = "{person:manager} {person:partner-member}"
        assert letter_of(mail).text == "{person:manager} Partner-member"


@pytest.mark.parametrize(("kind", "person"), [(K.CERTIFICATE, MEMBER), (K.LEARNING_WEEK, LEAD)])
def test_each_kind_can_be_switched_off(kind: NotificationKind, person: str) -> None:
    golds_last_expert()
    with acting(person) as actor:
        choose_ways(actor, desk_of(the_enrolment()), {kind: "none"})
    remind_learners(FIRM)
    assert person not in [who for who, _ in posted()]
    address = reverse("portal:notifications", args=[the_key()])
    assert "30 April 2026" not in signed_in(person).get(address).content.decode()


def the_key() -> str:
    with acting(MEMBER):
        return the_enrolment().pk


def test_a_failure_is_in_no_mail_and_no_notification() -> None:
    golds_last_expert()
    client = signed_in(MEMBER)
    address = reverse("learning:tell", args=[FIRM])
    for word in ("start", "failed"):
        client.post(address, {"word": word, "code": "expert"})
    remind_learners(FIRM)
    with of_the_firm():
        texts = " ".join(Mail.objects.values_list("text", flat=True))
    assert "fail" not in texts.lower()
    assert "not passed" not in texts.lower()


def test_taking_a_first_catalogue_asks_for_the_reminders_of_every_day() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT args ->> 'owner' FROM procrastinate_jobs WHERE task_name = 'remind_learners'")
        assert FIRM in {row[0] for row in cursor.fetchall()}
