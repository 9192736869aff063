"""Every operation of the API against every actor and every scope of tokens, driven by its own description."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from swingby.web.api.urls import api, urlpatterns
from swingby.web.models import ApiToken, Membership, TokenScope
from swingby.web.tenancy import Scope, open_scope
from tests.permissions.asked import ASKED
from tests.permissions.presenting import token_of
from tests.permissions.test_routes import ACTORS, ENROLMENT, RETURNED, WAITING
from tests.web.acting import signed_in

ACCEPTED = f"{ENROLMENT}-accepted"
WORDS = {"answer": "Please name the customer."}
REPORT = {"kind": "plan_reviewed", "happened_on": "2026-03-20"}
DONE = {"organization": "tarn", "kind": "plan_reviewed", "happened_on": "2026-03-20"}
FACT = {"kind": "activities", "source": "crm", "id": "a-1", "values": DONE}


@dataclass(frozen=True, slots=True)
class Call:
    """A request with the answers to the actors, in the order of ``ACTORS``."""

    answers: str
    args: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] | None = None
    file: str = ""


DISPUTE = {"dispute": f"{ENROLMENT}-dispute"}
WAITS = f"{ENROLMENT}-line-waits"
DEAL, PROTECTED = {"registration": f"{ENROLMENT}-deal-waiting"}, {"registration": f"{ENROLMENT}-deal-approved"}
CUSTOMER = {"customer": "Wrenfield Clinics", "words": "They ask for a quote."}
LOAD = {"load": "harbor-upload"}
PROGRAM, PARTNER = {"program": "harbor-program"}, {"partner": ENROLMENT}
#           anon str  oven opar both memb admn exec fina oper succ mana
OWN_LIST = "401 401 200 200 200 200 200 200 200 200 200 200"
ENROLLED = "401 401 404 404 200 200 200 200 200 200 200 200"
CONCERNED = "401 401 404 404 404 200 200 200 200 200 200 200"
CHECKERS = "401 401 404 404 404 200 200 403 403 200 200 200"
DECIDERS = "401 401 404 404 404 403 403 403 403 403 200 200"
#: The bytes of the small world's files are not on the disk.
FILES = "401 401 404 404 404 404 404 403 403 404 404 404"
CARDS = "401 401 404 404 403 403 403 200 200 403 403 200"
LOADED = "401 401 404 404 403 403 403 403 403 200 403 200"
TOLD = "401 401 404 404 404 200 200 403 403 403 403 403"
TOLD_VENDOR = "401 401 404 404 403 403 403 200 200 200 200 200"
LOADERS = "401 401 404 404 404 404 404 403 403 200 403 200"
LOADED_ONE = "401 401 404 404 403 403 403 403 403 201 403 201"
REGISTRANTS = "401 401 404 404 404 200 200 403 403 403 403 403"
REPORTERS = "401 401 404 404 404 403 200 403 403 403 403 403"

CALLS: Mapping[str, Call] = {
    "list_programs": Call(OWN_LIST),
    "read_program": Call(ENROLLED, PROGRAM),
    "list_versions": Call(ENROLLED, PROGRAM),
    "read_version": Call(ENROLLED, {**PROGRAM, "version": "1"}),
    "list_proposals": Call(ENROLLED, PROGRAM),
    "read_coverage": Call(ENROLLED, PROGRAM),
    "list_partners": Call(ENROLLED, PROGRAM),
    "read_partner": Call(CONCERNED, PARTNER),
    "read_standing": Call(CONCERNED, PARTNER),
    "list_standings": Call(CONCERNED, PARTNER),
    "read_old_standing": Call(CONCERNED, {**PARTNER, "standing": "1"}),
    "read_points_history": Call(CONCERNED, PARTNER),
    "list_reports": Call("401 401 200 200 200 200 200 403 403 200 200 200"),
    "list_kinds": Call(CONCERNED, PARTNER),
    "read_report": Call(CHECKERS, {"report": WAITING}),
    "read_report_file": Call(FILES, {"report": WAITING, "file": "1000001"}),
    "send_report": Call("401 401 404 404 404 403 201 403 403 403 403 403", PARTNER, REPORT),
    "correct_report": Call(REPORTERS, {"report": RETURNED}, REPORT),
    "take_report_away": Call(REPORTERS, {"report": WAITING}, {}),
    "accept": Call(DECIDERS, {"report": WAITING}, {}),
    "send_back": Call(DECIDERS, {"report": WAITING}, WORDS),
    "decline": Call(DECIDERS, {"report": WAITING}, WORDS),
    # It was not drawn for a second look, so nobody may give it one.
    "confirm": Call("401 401 404 404 404 403 403 403 403 403 403 403", {"report": ACCEPTED}, {}),
    "take_back": Call("401 401 404 404 404 403 403 403 403 403 403 403", {"report": ACCEPTED}, WORDS),
    "list_cards": Call(CARDS, PROGRAM),
    "read_card": Call(CARDS, {**PROGRAM, "card": "harbor-program-card"}),
    "list_shared_cards": Call(CONCERNED, PARTNER),
    "send_fact": Call(LOADED_ONE, PROGRAM, FACT),
    "send_batch": Call(LOADED, PROGRAM, {"facts": [FACT]}),
    "send_events": Call("401 401 404 404 415 415 415 415 415 415 415 415", PROGRAM, {}),
    "send_load": Call(
        "401 401 404 404 403 403 403 403 403 202 403 202",
        PROGRAM,
        {"kind": "activities"},
        "fact_id,organization,kind,happened_on\nA1,tarn,plan_reviewed,2026-03-10\n",
    ),
    "list_loads": Call(LOADED, PROGRAM),
    "read_load": Call(LOADERS, LOAD),
    # The bytes of the small world's files are not on the disk.
    "read_wrong_rows": Call("401 401 404 404 404 404 404 403 403 404 403 404", LOAD),
    "load_file": Call("401 401 404 404 404 404 404 403 403 202 403 202", LOAD, {}),
    # It was not loaded, so nobody may take it back.
    "undo_load": Call("401 401 404 404 404 404 404 403 403 409 403 409", LOAD, {}),
    "read_scorecard": Call(CONCERNED, PARTNER),
    "list_scorecard_lines": Call(CONCERNED, {**PARTNER, "number": "plans"}),
    "list_disputes": Call("401 401 200 200 200 200 200 403 403 200 200 200"),
    "read_dispute": Call(CHECKERS, DISPUTE),
    "open_case": Call(
        "401 401 404 404 404 403 201 403 403 403 403 403", PARTNER, {"number": "plans", "words": "One is missing."}
    ),
    "answer_case": Call(DECIDERS, DISPUTE, {"answer": "decline", "words": "It is right."}),
    "withdraw_case": Call(REPORTERS, DISPUTE, {}),
    "list_registrations": Call("401 401 200 200 200 200 200 403 403 200 200 200"),
    "read_registration": Call(CHECKERS, DEAL),
    "send_registration": Call("401 401 404 404 404 201 201 403 403 403 403 403", PARTNER, CUSTOMER),
    "mend_registration": Call(REGISTRANTS, {"registration": f"{ENROLMENT}-deal-returned"}, CUSTOMER),
    "take_registration_back": Call(REGISTRANTS, DEAL, {}),
    "ask_longer": Call(REGISTRANTS, PROTECTED, {"until": "2026-06-30", "words": "They decide in June."}),
    "say_how_it_went": Call(REGISTRANTS, PROTECTED, {"outcome": "won", "on": "2026-03-30"}),
    "approve": Call(DECIDERS, DEAL, {}),
    "send_registration_back": Call(DECIDERS, DEAL, {"words": "Who decides there?"}),
    "decline_deal": Call(DECIDERS, DEAL, {"reason": "customer", "words": "They buy from us."}),
    "end_early": Call(DECIDERS, PROTECTED, {"words": "The customer asked for another partner."}),
    # Nobody asked for longer protection of it.
    "answer_longer": Call("401 401 404 404 404 403 403 403 403 403 409 409", PROTECTED, {"granted": True}),
    "list_benefits": Call(CONCERNED, PARTNER),
    "list_partner_notifications": Call(TOLD, PARTNER),
    "read_partner_notifications": Call(TOLD, PARTNER, {}),
    "list_program_notifications": Call(TOLD_VENDOR, PROGRAM),
    "read_program_notifications": Call(TOLD_VENDOR, PROGRAM, {}),
    "list_notes": Call(CONCERNED, PARTNER),
    # No number of the small world counts people by what they hold.
    "say_missing": Call("401 401 404 404 404 403 409 403 403 403 403 403", PARTNER, {"words": "Ada is missing."}, "x"),
    # What waits is not decided, so nobody may appeal against it.
    "send_appeal": Call(
        "401 401 404 404 404 403 422 403 403 403 403 403", {**PARTNER, "line": WAITS}, {"words": "Look again."}, "x"
    ),
    **{name: Call(*said) for name, said in ASKED.items()},
    "add_note": Call("401 401 404 404 404 403 403 403 403 403 201 201", PARTNER, {"text": "A word."}),
}


@cache
def described() -> dict[str, tuple[str, str, str]]:
    """Operation -> its method, its path and the scope that it asks for."""
    schema = api.get_openapi_schema(path_prefix="/api/v1/")
    return {
        operation["operationId"]: (method, path, operation["security"][0]["Token"][0])
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
    }


def ask(name: str, call: Call, *, token: str | None) -> Any:
    method, path, _ = described()[name]
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    address = path.format(**call.args)
    if method == "get":
        return Client().get(address, headers=headers)
    if call.file:
        said = {**(call.body or {}), "file": SimpleUploadedFile("example.csv", call.file.encode())}
        return Client().post(address, data=said, headers=headers)
    return Client().post(address, data=call.body, content_type="application/json", headers=headers)


def test_every_operation_is_expected() -> None:
    assert set(described()) == set(CALLS)


def test_every_address_of_the_api_is_described() -> None:
    """Beside the description itself, which is for everybody, and a root that holds nothing."""
    assert {getattr(each, "name", "") for each in urlpatterns} == {*CALLS, "openapi-json", "api-root"}


@pytest.mark.django_db
@pytest.mark.parametrize("actor", ACTORS)
@pytest.mark.parametrize("name", CALLS)
def test_each_operation_answers_each_actor_as_expected(name: str, actor: str) -> None:
    call = CALLS[name]
    answer = ask(name, call, token=None if actor == "anonymous" else token_of(actor))

    assert answer.status_code == int(call.answers.split()[ACTORS.index(actor)]), answer.content


@pytest.mark.django_db
@pytest.mark.parametrize("name", CALLS)
def test_each_operation_asks_for_its_own_scope(name: str) -> None:
    """A token with every other scope is refused, whoever made it; one with this scope alone is not."""
    method, _, scope = described()[name]
    call = CALLS[name]
    person = next(each for each in ("manager", "partner-admin", "success") if _may(call, each))
    every = sorted(str(each) for each in TokenScope)

    _give_scopes(person, [each for each in every if each != scope])
    refused = ask(name, call, token=token_of(person))
    _give_scopes(person, [scope])
    let_in = ask(name, call, token=token_of(person))

    assert (refused.status_code, refused.json()["code"]) == (403, "scope")
    assert let_in.status_code == int(call.answers.split()[ACTORS.index(person)])
    assert scope.endswith(":read") == (method == "get")


def _may(call: Call, person: str) -> bool:
    """Whether the answer tells something about the scope: refused for another reason only as a last resort."""
    return call.answers.split()[ACTORS.index(person)] != "403" or person == "success"


def _give_scopes(person: str, scopes: list[str]) -> None:
    with open_scope(Scope(owner_orgs=frozenset({"harbor"}), partner_orgs=frozenset({"tarn"}))):
        ApiToken.objects.filter(pk=person).update(scopes=scopes)


@pytest.mark.django_db
def test_a_partner_may_make_a_token_for_whatever_opens_something_to_it() -> None:
    """The scopes of every operation that answers a partner's admin, and of no other."""
    offered = signed_in("partner-admin").get("/tokens/tarn/").context["form"].fields["scopes"].choices
    admins = {name: call.answers.split()[ACTORS.index("partner-admin")] for name, call in CALLS.items()}
    # A media type that is none is refused before anybody asks who sends it.
    open_to = {described()[name][2] for name, answer in admins.items() if answer not in {"403", "404", "415"}}

    assert {scope for scope, _label in offered} == open_to


@pytest.mark.django_db
def test_a_session_opens_no_door_of_the_api() -> None:
    from swingby.web.models import Person

    client = Client()
    client.force_login(Person.objects.get(pk="manager"))

    assert client.get("/api/v1/programs").status_code == 401


@pytest.mark.django_db
def test_a_token_opens_no_page() -> None:
    answer = Client().get("/console/harbor/", headers={"Authorization": f"Bearer {token_of('manager')}"})

    assert answer.status_code == 302


@pytest.mark.django_db
def test_a_token_ends_with_the_work_of_its_maker() -> None:
    with open_scope(Scope(owner_orgs=frozenset({"harbor"}))):
        Membership.objects.filter(person_id="manager").delete()

    assert ask("list_programs", CALLS["list_programs"], token=token_of("manager")).status_code == 401
