from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from pytest_django.fixtures import Settings

from swingby.web.domain.errors import ChangedMeanwhileError, NotAllowedError, RefusedError
from swingby.web.domain.programs import publish_version, version_in_force
from swingby.web.domain.proposals import (
    TRANSITIONS,
    acts_open_to,
    check_notice,
    confirm_letter,
    make_effective,
    move_version,
)
from swingby.web.domain.telling import tell_many
from swingby.web.models import (
    AuditEntry,
    Mail,
    Notification,
    NotificationKind,
    Program,
    ProgramVersion,
    ProposedVersion,
    VersionLetter,
    VersionState,
)
from swingby.web.tenancy import act_for_owner
from tests.web.acting import acting
from tests.web.domain.proposing import LETTER, PROGRAM, act, announced, drafted, sent, state_of, text_of

pytestmark = pytest.mark.django_db


def test_two_people_bring_a_version_into_force(settings: Settings) -> None:
    proposed = announced()
    with acting("manager"):
        letters = set(VersionLetter.objects.filter(proposed=proposed).values_list("enrolment_id", "text"))
        force = [version_in_force(PROGRAM, on=day).version for day in (date(2026, 7, 31), date(2026, 8, 1))]
    settings.SWINGBY_TODAY = date(2026, 8, 1)
    made = make_effective(proposed.pk, owner="harbor"), make_effective(proposed.pk, owner="harbor")

    assert letters == {(f"harbor-program-{name}", LETTER) for name in ("tarn", "sedge", "sedge-north")}
    assert force == ["1", "2"]
    assert made == (True, False)
    with acting("manager"):
        acts = list(ProposedVersion.objects.get(pk=proposed.pk).acts.values_list("act", "person_id"))
    assert acts == [
        ("draft", "manager"),
        ("ask", "manager"),
        ("approve", "second-manager"),
        ("announce", "manager"),
        ("take effect", None),
    ]


def test_a_look_before_the_first_day_is_repeated_and_changes_nothing() -> None:
    proposed = announced()

    assert make_effective(proposed.pk, owner="harbor") is False
    assert state_of(proposed) == VersionState.ANNOUNCED
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'make_effective'"
            " AND args ->> 'proposed' = %s AND scheduled_at >= '2026-08-01'",
            [proposed.pk],
        )
        assert cursor.fetchone() == (2,)


@pytest.mark.parametrize("name", ["approve", "return"])
def test_who_drafted_it_cannot_be_the_second_person(name: str) -> None:
    proposed = drafted()
    act(proposed, "ask", letter=LETTER)

    with pytest.raises(NotAllowedError):
        act(proposed, name, words="Looks good.")
    assert state_of(proposed) == VersionState.WAITS


def test_the_database_refuses_an_approval_by_who_drafted_it() -> None:
    proposed = drafted()
    with acting("manager"), pytest.raises(IntegrityError), transaction.atomic():
        ProposedVersion.objects.filter(pk=proposed.pk).update(approved_by_id="manager")


@pytest.mark.parametrize("changed", [{"files": {}}, {"version": "9"}, {"effective": date(2027, 1, 1)}, {"hash": "x"}])
def test_the_database_refuses_other_text_under_the_same_proposal(changed: dict[str, object]) -> None:
    proposed = drafted()
    with acting("manager"), pytest.raises(IntegrityError), transaction.atomic():
        ProposedVersion.objects.filter(pk=proposed.pk).update(**changed)


def test_a_letter_that_was_approved_stays() -> None:
    proposed = drafted()
    act(proposed, "ask", letter=LETTER)
    act(proposed, "approve", by="second-manager")
    with acting("manager"), pytest.raises(IntegrityError), transaction.atomic():
        ProposedVersion.objects.filter(pk=proposed.pk).update(letter="Other words.")


@pytest.mark.parametrize("person", ["success", "operations", "finance", "executive"])
def test_others_on_our_side_change_nothing(person: str) -> None:
    proposed = drafted()
    with pytest.raises(NotAllowedError):
        drafted(by=person)
    with pytest.raises(NotAllowedError):
        act(proposed, "try", by=person)
    with acting(person) as actor:
        assert acts_open_to(actor, proposed=proposed) == ()


def test_a_draft_with_mistakes_is_kept_and_goes_nowhere_but_away() -> None:
    proposed = drafted(sent("program: {id: harbor-program}\nmeasures: 3\n"))

    assert (proposed.is_sound, proposed.version, proposed.effective) == (False, "", None)
    with pytest.raises(RefusedError, match="mistakes"):
        act(proposed, "try")
    with acting("manager") as actor:
        assert acts_open_to(actor, proposed=proposed) == ("withdraw",)
    act(proposed, "withdraw", words="Full of mistakes.")
    assert state_of(proposed) == VersionState.WITHDRAWN


def test_rules_of_another_program_are_refused() -> None:
    with pytest.raises(RefusedError, match="id: harbor-program"):
        drafted(sent(text_of().replace("harbor-program", "quay-program")))


def test_notice_too_short_says_from_when_it_would_do() -> None:
    proposed = drafted(sent(text_of().replace("2026-08-01", "2026-05-01")))
    act(proposed, "ask", letter=LETTER)
    act(proposed, "approve", by="second-manager")

    with acting("manager"):
        found = check_notice(ProposedVersion.objects.select_related("program").get(pk=proposed.pk))
    assert (found.days, found.earliest, found.is_kept) == (60, date(2026, 5, 30), False)
    with pytest.raises(RefusedError, match="60 days of notice: not before 30 May 2026"):
        act(proposed, "announce")
    assert state_of(proposed) == VersionState.APPROVED


def test_a_number_that_is_published_is_refused() -> None:
    proposed = drafted(sent(text_of(version="1")))
    with pytest.raises(RefusedError, match="Version 1 is published already"):
        act(proposed, "ask", letter=LETTER)


def test_nobody_is_asked_without_a_letter() -> None:
    proposed = drafted()
    with pytest.raises(RefusedError, match="letter"):
        act(proposed, "ask", letter="  ")


def test_what_was_published_says_what_was_drafted() -> None:
    proposed = announced()
    with acting("manager"):
        published = ProgramVersion.objects.get(proposal=proposed.pk)

    assert (published.version, published.files, published.hash) == ("2", proposed.files, proposed.hash)


def test_of_two_who_decide_at_once_one_is_told() -> None:
    proposed = drafted()
    act(proposed, "ask", letter=LETTER)
    with acting("second-manager") as actor:
        one, other = (ProposedVersion.objects.select_related("program").get(pk=proposed.pk) for _ in range(2))
        move_version(one, "approve", actor=actor)
        with pytest.raises(ChangedMeanwhileError):
            move_version(other, "return", actor=actor, words="Not yet.")

    assert state_of(proposed) == VersionState.APPROVED


def test_a_partner_confirms_its_letter_once() -> None:
    proposed = announced()
    with acting("partner-member") as actor:
        letter = VersionLetter.objects.select_related("partner").get(proposed=proposed)
        with pytest.raises(NotAllowedError):
            confirm_letter(letter, actor=actor)
    with acting("partner-manager") as actor:
        first = confirm_letter(VersionLetter.objects.select_related("partner").get(proposed=proposed), actor=actor)
    with acting("partner-admin") as actor:
        again = confirm_letter(VersionLetter.objects.select_related("partner").get(proposed=proposed), actor=actor)

    assert (again.pk, again.person_id) == (first.pk, "partner-manager")


def test_an_announced_version_is_withdrawn_and_those_who_were_told_are_told_why(settings: Settings) -> None:
    proposed = announced()
    tell_many("version", owner="harbor", key=proposed.pk)
    with pytest.raises(RefusedError, match="why"):
        act(proposed, "withdraw")
    act(proposed, "withdraw", by="second-manager", words="Gold at 60 points is too high.")
    for _ in range(2):
        tell_many("withdrawal", owner="harbor", key=proposed.pk)

    with acting("partner-admin"):
        told = set(Notification.objects.filter(kind=NotificationKind.VERSION).values_list("words", flat=True))
    with act_for_owner("harbor"):
        mails = Mail.objects.filter(person_id="partner-admin", subject__contains="is withdrawn")
        texts = list(mails.values_list("text", flat=True))
        last = AuditEntry.objects.filter(owner_id="harbor", partner_id="harbor").order_by("-number").first()
    gone = (
        "Harbor Example program: version 2, announced for 1 August 2026, is withdrawn. The rules stay as they are.",
        "Harbor Example program: new rules hold from 1 August 2026. Please read the letter and confirm it.",
    )
    assert told == set(gone)
    assert texts == [f"{gone[0]}\n\nWhy: Gold at 60 points is too high."]
    assert last is not None
    assert (last.action, last.actor, last.subject) == ("version.withdraw", "second-manager", proposed.pk)
    settings.SWINGBY_TODAY = date(2026, 8, 1)
    with acting("manager"):
        assert version_in_force(PROGRAM, on=date(2026, 8, 1)).version == "1"
    assert make_effective(proposed.pk, owner="harbor") is False
    assert state_of(proposed) == VersionState.WITHDRAWN


def test_a_version_that_holds_is_not_withdrawn(settings: Settings) -> None:
    """Also before the clock has noted that it holds: it holds by its date."""
    proposed = announced()
    settings.SWINGBY_TODAY = date(2026, 8, 1)

    with pytest.raises(RefusedError, match="Version 2 holds since 1 August 2026"):
        act(proposed, "withdraw", words="Too late.")
    assert state_of(proposed) == VersionState.ANNOUNCED


def test_a_number_that_partners_know_is_not_given_again() -> None:
    act(announced(), "withdraw", words="Too high.")
    again = drafted(sent(text_of()))

    with pytest.raises(RefusedError, match="Version 2 was announced and withdrawn"):
        act(again, "ask", letter=LETTER)
    with act_for_owner("harbor"), pytest.raises(RefusedError, match="Version 2 was announced and withdrawn"):
        publish_version(Program.objects.get(pk=PROGRAM), files={"program.yaml": text_of()})


def test_partners_still_see_what_was_withdrawn_once_they_had_been_told_of_it() -> None:
    told, never = announced(), drafted(sent(text_of(version="3")))
    act(told, "withdraw", words="Too high.")
    act(never, "withdraw", words="A slip.")

    with acting("partner-admin"):
        seen = set(ProposedVersion.objects.filter(pk__in=[told.pk, never.pk]).values_list("pk", "withdrawn_because"))
    assert seen == {(told.pk, "Too high.")}


def test_every_state_that_is_not_an_end_leads_on() -> None:
    ends = {VersionState.EFFECTIVE, VersionState.WITHDRAWN}

    assert {state for state, _ in TRANSITIONS} == set(VersionState) - ends
    assert {step.after for step in TRANSITIONS.values()} == set(VersionState)
