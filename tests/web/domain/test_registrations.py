"""Deal registrations: a table of acts, one protection at a time, and what an approval is among the facts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.db import connection, transaction

from swingby.web.clock import now
from swingby.web.domain.customer_names import comparable_name, domain_of, is_same_domain
from swingby.web.domain.errors import ChangedMeanwhileError, NotAllowedError, RefusedError
from swingby.web.domain.queries.registrations import alike_registrations, known_customer
from swingby.web.domain.registration_news import remind_of_protection
from swingby.web.domain.registrations import (
    TRANSITIONS,
    DealSaid,
    acts_open_to,
    answer_ask,
    approve_registration,
    ask_for_longer,
    decline_registration,
    end_protection,
    is_protected,
    register_deal,
    resubmit_registration,
    return_registration,
    say_outcome,
    withdraw_registration,
)
from swingby.web.domain.sent_facts import Delivery, SentIssue
from swingby.web.models import AuditEntry, DealProgress, DealRegistration, Notification, RegistrationState, Side
from swingby.web.tenancy import Scope, act_for_owner, open_scope
from swingby.web.visibility import Actor
from tests.web.acting import ENROLMENT, acting, the_enrolment

pytestmark = pytest.mark.django_db
S = RegistrationState
TODAY = date(2026, 3, 31)
SAID = DealSaid(
    customer=" Sallowby  Foods Ltd. ", words="They ask for a quote.", website="https://www.Sallowby.example/x"
)
REGISTRANTS = {"partner-admin", "partner-manager", "partner-member"}
ANSWERERS = {"manager", "success"}
EVERYBODY = (*sorted(REGISTRANTS), "partner-finance", *sorted(ANSWERERS), "operations", "lead", "finance", "executive")


def registered(said: DealSaid = SAID, *, by: str = "partner-member", at: str = ENROLMENT) -> str:
    with acting(by) as actor:
        return register_deal(the_enrolment(at), actor=actor, said=said).pk


def row(key: str) -> DealRegistration:
    rows = DealRegistration.objects.select_related(
        "partner", "enrolment__program", "enrolment__partner", "progress", "decided_by"
    )
    return rows.get(pk=key)


def done(person: str, act: str, key: str) -> None:
    """Do an act as it is done at first try."""
    with acting(person) as actor:
        _acts(actor, row(key))[act]()


def _acts(actor: Actor, found: DealRegistration) -> dict[str, Callable[[], object]]:
    longer = partial(ask_for_longer, found, actor=actor, until=date(2026, 8, 31), words="They decide in August.")
    said = partial(resubmit_registration, found, actor=actor, said=SAID)
    return {
        "approve": partial(approve_registration, found, actor=actor),
        "return": partial(return_registration, found, actor=actor, words="Who decides there?"),
        "decline": partial(decline_registration, found, actor=actor, reason="customer", words="They buy from us."),
        "end": partial(end_protection, found, actor=actor, words="They asked for another partner."),
        "grant": partial(answer_ask, found, actor=actor, granted=True),
        "refuse": partial(answer_ask, found, actor=actor, granted=False, words="It is long enough."),
        "resubmit": said,
        "withdraw": partial(withdraw_registration, found, actor=actor),
        "ask": longer,
        "won": partial(say_outcome, found, "won", actor=actor, on=TODAY),
        "lost": partial(say_outcome, found, "lost", actor=actor, on=TODAY),
    }


#: By which acts a registration comes to each place, and which acts are open there, said a second time.
PLACES: dict[str, tuple[list[tuple[str, str]], set[str]]] = {
    "waiting": ([], {"approve", "return", "decline", "withdraw"}),
    "returned": ([("manager", "return")], {"resubmit", "withdraw"}),
    "protected": ([("manager", "approve")], {"end", "ask", "won", "lost"}),
    "asked": ([("manager", "approve"), ("partner-admin", "ask")], {"end", "grant", "refuse", "won", "lost"}),
    "won": ([("manager", "approve"), ("partner-admin", "won")], set()),
    "declined": ([("manager", "decline")], set()),
    "withdrawn": ([("partner-admin", "withdraw")], set()),
    "ended": ([("manager", "approve"), ("manager", "end")], set()),
}
_THEIRS = {"resubmit", "withdraw", "ask", "won", "lost"}


@pytest.mark.parametrize("person", EVERYBODY)
@pytest.mark.parametrize("place", PLACES)
def test_whoever_does_whatever_only_the_tables_acts_happen(place: str, person: str) -> None:
    way, acts = PLACES[place]
    key = registered()
    for who, act in way:
        done(who, act, key)
    mine = (acts & _THEIRS if person in REGISTRANTS else set()) | (acts - _THEIRS if person in ANSWERERS else set())
    with acting(person) as actor:
        assert set(acts_open_to(actor, registration=row(key))) == mine
    for act in TRANSITIONS:
        with acting(person) as actor, transaction.atomic():
            if act not in mine:
                with pytest.raises((NotAllowedError, RefusedError)):
                    _acts(actor, row(key))[act]()
    for act in sorted(mine):
        with transaction.atomic():
            done(person, act, key)
            transaction.set_rollback(True)


def test_a_registration_is_kept_as_it_was_said_and_sent_once() -> None:
    with acting("partner-member") as actor:
        first = register_deal(the_enrolment(), actor=actor, said=SAID, key="0" * 32)
        again = register_deal(the_enrolment(), actor=actor, said=SAID, key="0" * 32)
    assert first.pk == again.pk
    with acting("manager"):
        found = row(first.pk)
        assert (found.customer, found.website, found.alike) == (
            "Sallowby Foods Ltd.",
            "sallowby.example",
            "sallowby foods",
        )
        assert AuditEntry.objects.filter(action="registration.send", subject=first.pk).count() == 1
    with act_for_owner("harbor"):
        assert found.answer_due > found.registered_at


@pytest.mark.parametrize(
    ("changed", "match"),
    [
        ({"customer": " "}, "who the customer is"),
        ({"words": ""}, "what the customer needs"),
        ({"website": "not a site"}, "no website"),
        ({"amount": Decimal(-1)}, "amount above 0"),
        ({"amount": Decimal(5), "currency": "XXX"}, "currency"),
        ({"closes_on": date(2026, 3, 30)}, "lies ahead"),
        ({"customer": "x" * 201}, "201 characters"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_what_to_do(changed: dict[str, Any], match: str) -> None:
    said = DealSaid(**{"customer": "Wrenfield", "words": "A quote.", **changed})
    with pytest.raises(RefusedError, match=match):
        registered(said)


def test_a_partner_registers_a_customer_once_until_that_is_over() -> None:
    key = registered()
    with pytest.raises(RefusedError, match="registered by you already"):
        registered(DealSaid(customer="SALLOWBY FOODS", words="Again."))
    other = registered(DealSaid(customer="Otterdale", words="A quote."))
    done("manager", "return", other)
    with acting("partner-admin") as actor, pytest.raises(RefusedError, match="registered by you already"):
        resubmit_registration(row(other), actor=actor, said=SAID)
    with acting("manager"):
        assert (row(other).state, row(other).customer) == (S.RETURNED, "Otterdale")
    done("partner-admin", "withdraw", key)
    registered()


def test_an_approval_is_a_deal_among_the_facts_as_the_docs_say() -> None:
    key = registered(DealSaid(customer="Sallowby", words="A quote.", amount=Decimal("1200.50"), currency="USD"))
    with acting("manager") as actor:
        approve_registration(row(key), actor=actor, deal="D-17", words="Good luck.")
    with act_for_owner("harbor"), connection.cursor() as cursor:
        cursor.execute(
            "SELECT partner_org, role, starts_on, accepted_on FROM fact_deal_parties WHERE owner_org = 'harbor' AND deal = 'D-17'"
        )
        assert cursor.fetchall() == [("tarn", "registrant", TODAY, TODAY)]
        cursor.execute(
            "SELECT stage, happened_on, amount, customer FROM fact_deals WHERE owner_org = 'harbor' AND deal = 'D-17'"
        )
        assert cursor.fetchall() == [("registered", TODAY, Decimal("1200.50"), "Sallowby")]
    with acting("partner-member"):
        found = row(key)
        assert (is_protected(found), found.protected_until) == (True, TODAY + timedelta(days=90))
        told = Notification.objects.filter(kind="registration", side=Side.PARTNER, person_id="partner-member")
        assert [one.words for one in told] == ["Sallowby is yours: protected until 29 June 2026."]


def test_two_partners_may_have_one_customer_only_if_somebody_says_so() -> None:
    first = registered()
    with act_for_owner("harbor"):
        other = _other_partner()
    done("manager", "approve", first)
    with acting("manager") as actor:
        assert [each.pk for each in alike_registrations(row(other))] == [first]
        with pytest.raises(RefusedError, match="is protected for Tarn Example"):
            approve_registration(row(other), actor=actor)
        approve_registration(row(other), actor=actor, despite=True)
        assert is_protected(row(other))


def _other_partner() -> str:
    """A registration of another partner, as its people would send it."""
    with open_scope(Scope(partner_orgs=frozenset({"sedge"}))):
        made = DealRegistration.objects.create(
            owner_id="harbor",
            partner_id="sedge",
            enrolment_id="harbor-program-sedge",
            customer="Sallowby foods",
            alike="sallowby foods",
            words="Mine.",
            registered_by_id="partner-admin",
            registered_at=now(),
            answer_due=now(),
        )
        DealProgress.objects.create(registration=made, owner_id="harbor", partner_id="sedge")
    return made.pk


def test_longer_protection_is_asked_for_once_at_a_time_and_the_answer_may_be_another_day() -> None:
    key = registered()
    done("manager", "approve", key)
    done("partner-admin", "ask", key)
    with acting("partner-member") as actor, pytest.raises(ChangedMeanwhileError):
        ask_for_longer(row(key), actor=actor, until=date(2026, 9, 1), words="More.")
    with acting("manager") as actor:
        answer_ask(row(key), actor=actor, granted=True, until=date(2026, 7, 31))
        assert row(key).protected_until == date(2026, 7, 31)
    with acting("partner-admin") as actor, pytest.raises(RefusedError, match="after 31 July 2026"):
        ask_for_longer(row(key), actor=actor, until=date(2026, 7, 1), words="More.")


def test_a_protection_ends_by_itself_and_its_partner_is_told_before() -> None:
    key = registered()
    with acting("manager") as actor:
        approve_registration(row(key), actor=actor, until=TODAY + timedelta(days=10))
    with act_for_owner("harbor"):
        assert (remind_of_protection("harbor"), remind_of_protection("harbor")) == (1, 1)
        DealRegistration.objects.filter(pk=key).update(protected_until=TODAY - timedelta(days=1))
        assert remind_of_protection("harbor") == 0
    with acting("partner-member") as actor:
        told = Notification.objects.filter(kind="registration", words__contains="ends on")
        assert told.count() == 1
        assert acts_open_to(actor, registration=row(key)) == ("won", "lost")
    registered()


def test_of_two_who_answer_at_once_one_is_told() -> None:
    key = registered()
    with acting("manager"):
        seen_by_both = row(key)
    done("success", "approve", key)
    with acting("manager") as actor, pytest.raises(ChangedMeanwhileError, match="Success was faster"):
        decline_registration(seen_by_both, actor=actor, reason="other", words="No.")


def test_what_fails_among_the_facts_takes_the_approval_back(monkeypatch: pytest.MonkeyPatch) -> None:
    issue = SentIssue(1, "amount", "rate-missing", "There is no rate.")
    refused = Delivery(("new", "wrong"), (issue,), None)
    monkeypatch.setattr("swingby.web.domain.registration_facts.write_facts", lambda *_, **__: refused)
    key = registered()
    with (
        acting("manager") as actor,
        pytest.raises(RefusedError, match="could not be added to the records"),
    ):
        approve_registration(row(key), actor=actor)
    with acting("manager"):
        assert row(key).state == S.WAITING


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("Café Lumen, Inc.", "cafe lumen"),
        ("CAFE LUMEN", "cafe lumen"),
        ("Brackenholt Trading Co. Ltd", "brackenholt trading"),
        ("A.B.C. GmbH", "abc"),
        ("GmbH", "gmbh"),
        ("東京 KK", "東京"),
    ],
)
def test_names_are_compared_without_legal_forms_marks_and_accents(name: str, plain: str) -> None:
    assert comparable_name(name) == plain


def test_domains_are_read_however_they_were_copied() -> None:
    for text in (
        "sallowby.example",
        "HTTPS://www.sallowby.example/a?b#c",
        "http://me@sallowby.example:8080",
        "sallowby.example.",
    ):
        assert domain_of(text) == "sallowby.example"
    assert domain_of(" ") == ""
    assert is_same_domain("shop.sallowby.example", "sallowby.example")
    assert not is_same_domain("notsallowby.example", "sallowby.example")
    assert not is_same_domain("", "")


def test_a_customer_is_known_by_its_name_if_only_one_is_called_so() -> None:
    with act_for_owner("harbor"), connection.cursor() as cursor:
        for key, name in (("c1", "Wrenfield Clinics Ltd"), ("c2", "Otterdale"), ("c3", "OTTERDALE Inc.")):
            cursor.execute(
                "INSERT INTO ref_customers (owner_org, partner_org, customer, name) VALUES ('harbor', 'tarn', %s, %s)",
                [key, name],
            )
        assert known_customer("harbor", "wrenfield clinics") == "c1"
        assert known_customer("harbor", "Otterdale") == ""
        assert known_customer("harbor", "100%") == ""
