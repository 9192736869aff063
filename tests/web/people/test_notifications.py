"""What people are told: whom, once, how, and what each of them sees of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from swingby.web.clock import now
from swingby.web.domain.invitations import accept_invitation, invite, opened_invitation
from swingby.web.domain.mails import letter_of, send_mail
from swingby.web.domain.notes import write_note
from swingby.web.domain.notification_kinds import RULES
from swingby.web.domain.notifications import (
    Desk,
    News,
    about,
    choose_ways,
    desk_of,
    read_all,
    send_digest,
    tell_partner,
    tell_partners,
    told,
    unread_count,
)
from swingby.web.domain.reports import accept_report, resubmit_report, return_report, submit_report
from swingby.web.domain.telling import tell_many
from swingby.web.models import (
    ActivityReport,
    Audience,
    Enrolment,
    Mail,
    Membership,
    Notification,
    NotificationKind,
    ReviewLine,
    Role,
    Side,
    VersionLetter,
    Way,
)
from swingby.web.people.notification_pages import ICONS
from swingby.web.tenancy import Scope, act_for_owner, open_scope
from tests.web.acting import ENROLMENT, acting, signed_in, the_enrolment
from tests.web.many import add_partners, add_people

pytestmark = pytest.mark.django_db
PAGE = f"/partner/{ENROLMENT}/notifications/"
K = NotificationKind


@pytest.fixture(autouse=True)
def nothing_told_yet() -> None:
    """The examples of the small world are not what these tests are about."""
    for person in ("partner-admin", "partner-manager", "partner-member", "manager", "success", "second-manager"):
        with acting(person):
            Notification.objects.filter(person_id=person).delete()


def _told(person: str) -> list[tuple[str, str]]:
    with acting(person):
        return list(Notification.objects.filter(person_id=person).order_by("at", "id").values_list("kind", "words"))


def _tell(number: int = 0, *, kind: NotificationKind = K.NUDGE, by: str = "") -> int:
    with act_for_owner("harbor"):
        enrolment = Enrolment.objects.get(pk=ENROLMENT)
        return tell_partner(
            about(enrolment), News(kind=kind, key=f"example:{number}", words=f"Word {number}.", path="/", by=by)
        )


def _choose(person: str, **ways: str) -> None:
    with acting(person) as actor:
        choose_ways(actor, desk_of(the_enrolment()), ways)


def _mails(person: str) -> list[str]:
    with act_for_owner("harbor"):
        rows = Mail.objects.filter(person_id=person).exclude(key__startswith="example:")
        return list(rows.order_by("posted_at", "pk").values_list("subject", flat=True))


@contextmanager
def at(organization: str) -> Iterator[None]:
    """In the scope of an organization, whoever acts there."""
    own = frozenset({organization})
    with transaction.atomic(), open_scope(Scope(owner_orgs=own, partner_orgs=own)):
        yield


def _report() -> str:
    with acting("partner-admin") as actor:
        return submit_report(the_enrolment(), actor=actor, kind="plan_reviewed", happened_on=date(2026, 3, 3)).pk


def _found(key: str) -> ActivityReport:
    return ActivityReport.objects.select_related("partner", "enrolment").get(pk=key)


def test_a_report_and_its_answers_are_told_to_those_concerned() -> None:
    key = _report()
    with acting("manager") as actor:
        return_report(_found(key), actor=actor, answer="Please name the customer.")
    with acting("partner-manager") as actor:
        resubmit_report(
            _found(key), actor=actor, kind="plan_reviewed", happened_on=date(2026, 3, 3), details="Sallowby"
        )
    with acting("second-manager") as actor:
        accept_report(_found(key), actor=actor)

    came_in = ("report_in", "Tarn Example reported an activity of 3 March 2026.")
    assert _told("manager") == [came_in, came_in]
    assert _told("success") == []
    assert _told("partner-admin") == [("report_back", "Your report of 3 March came back to you.")]
    assert _told("partner-manager") == [("report_accepted", "Your report of 3 March is accepted.")]
    assert _mails("partner-admin") == ["Your report of 3 March came back to you."]
    with act_for_owner("harbor"):
        mail = Mail.objects.select_related("person", "sent_by").get(subject="Your report of 3 March came back to you.")
        assert letter_of(mail).text == "Manager answers:\n\nPlease name the customer."


def test_whoever_looks_after_the_partner_is_told_alone() -> None:
    with act_for_owner("harbor"):
        Enrolment.objects.filter(pk=ENROLMENT).update(success_manager="success")
    _report()

    assert [kind for kind, _ in _told("success")] == ["report_in"]
    assert _told("manager") == []


def test_nobody_is_told_what_they_did_and_nobody_is_told_twice() -> None:
    assert [_tell(by="partner-admin"), _tell(by="partner-admin")] == [1, 1]
    assert _told("partner-admin") == []
    assert _told("partner-manager") == [("nudge", "Word 0.")]
    assert _mails("partner-manager") == ["Word 0."]


def _tell_all(keys: list[str]) -> int:
    """Tell partners of the vendor, each under the name of its enrolment; returns in how many statements."""
    with act_for_owner("harbor"):
        rows = list(Enrolment.objects.filter(pk__in=keys).order_by("pk"))
        with CaptureQueriesContext(connection) as asked:
            tell_partners([(about(row), News(kind=K.TIER, key=f"all:{row.pk}", words=f"To {row.pk}.")) for row in rows])
    return len(asked)


def test_of_many_partners_each_is_told_its_own_and_asked_for_together() -> None:
    add_partners(6)
    few, many = _tell_all([ENROLMENT, "many-0"]), _tell_all([ENROLMENT, *(f"many-{n}" for n in range(6))])
    assert few == many, "partners without people ask for nothing of their own"
    with acting("partner-admin"):
        assert [row.words for row in Notification.objects.filter(words__startswith="To ")] == [f"To {ENROLMENT}."]
    add_people(1, first=3)
    _tell_all([ENROLMENT, "many-3"])
    with act_for_owner("harbor"):
        found = Notification.objects.filter(words__startswith="To ").order_by("person_id")
        assert {(row.partner_id, row.words) for row in found} == set()
    with at("many-3"), open_scope(Scope(partner_orgs=frozenset({"many-3"}), person="many-3-admin")):
        assert [row.words for row in Notification.objects.all()] == ["To many-3."]


def test_the_mail_goes_out_once() -> None:
    _tell()
    with act_for_owner("harbor"):
        mail = Mail.objects.get(person_id="partner-manager", key__startswith="notification:")
    for _ in range(2):
        send_mail(mail.pk, organization="harbor")
    with act_for_owner("harbor"):
        assert (Mail.objects.get(pk=mail.pk).state, Mail.objects.get(pk=mail.pk).attempts) == ("kept", 1)


def test_shared_notes_are_told_and_others_are_not() -> None:
    for audience in (Audience.SHARED, Audience.ONLY_US):
        with acting("success") as actor:
            write_note(the_enrolment(), actor=actor, side=Side.VENDOR, audience=audience, text="A word.")

    assert _told("partner-admin") == [("note", "A note is shared with you.")]


def test_a_review_and_a_version_are_told_to_many_by_a_job_that_may_run_twice() -> None:
    with act_for_owner("harbor"):
        line = ReviewLine.objects.get(pk=f"{ENROLMENT}-line-waits")
        letter = VersionLetter.objects.filter(enrolment=ENROLMENT).first()
        assert letter is not None
        review, proposed = line.review_id, letter.proposed_id
    for _ in range(2):
        tell_many("review", owner="harbor", key=review)
        tell_many("version", owner="harbor", key=proposed)
    kinds = [kind for kind, _ in _told("partner-admin")]

    assert kinds.count("version") == 1
    assert sorted(set(kinds)) == ["review", "tier", "version"]
    assert [kind for kind, _ in _told("manager")] == ["review_open"]
    assert {kind for kind, _ in _told("partner-member")} == {"tier"}


def test_who_joins_is_told_to_the_admins() -> None:
    with acting("partner-admin") as actor:
        invitation = invite("tarn", actor=actor, email="new@tarn.test", name="New", role=Role.PARTNER_MEMBER)
    with at("tarn"):
        mail = Mail.objects.get(key__startswith=f"invitation:{invitation.pk}")
        opened = opened_invitation(letter_of(mail).link.rstrip("/").rpartition("/")[2])
    assert opened is not None
    accept_invitation(opened)

    assert _told("partner-admin") == [("member", "Somebody joined Tarn Example as partner member.")]
    with acting("partner-admin") as actor:
        assert unread_count(actor, desk_of(the_enrolment())) == 1


def test_each_way_does_what_it_says() -> None:
    for number, way in enumerate((Way.PAGE, Way.MAIL, Way.DIGEST, Way.NONE)):
        _choose("partner-admin", nudge=way)
        _tell(number)

    assert _mails("partner-admin") == ["Word 1."]
    with acting("partner-admin") as actor:
        assert told(actor, desk_of(the_enrolment())).count() == 0, "who wants none of a kind sees none of it"
    _choose("partner-admin", nudge=Way.DIGEST)
    day = date(2026, 4, 1)
    assert [send_digest(owner="harbor", person="partner-admin", day=day) for _ in range(2)] == [True, False]
    assert _mails("partner-admin") == ["Word 1.", "Harbor Example: 4 things to know"]


def test_somebody_else_chooses_for_themselves() -> None:
    _choose("partner-admin", nudge=Way.NONE)
    _tell()

    assert _mails("partner-admin") == []
    assert _mails("partner-manager") == ["Word 0."]


def test_a_way_that_there_is_not_changes_nothing() -> None:
    answer = signed_in("partner-admin").post(f"{PAGE}settings/", {"nudge": "by pigeon", "note": "mail"}, follow=True)

    assert "Choose one of the ways" in answer.content.decode()
    assert signed_in("partner-admin").post(f"{PAGE}settings/", {"note": "mail"}, follow=True).status_code == 200
    with acting("partner-admin") as actor:
        assert choose_ways(actor, desk_of(the_enrolment()), {"note": "mail"}) == 0


def test_what_was_read_is_no_longer_new() -> None:
    for number in range(3):
        _tell(number)
    client = signed_in("partner-admin")
    page = client.get(PAGE).context["page"]
    followed = client.get(page.lines[0].href)
    after = client.get(PAGE).context["page"]
    only_new = client.get(f"{PAGE}?show=new&kind=nudge").context["page"]

    assert (page.unread, after.unread, only_new.total, after.total) == (3, 2, 2, 3)
    assert (followed.status_code, followed["Location"]) == (302, "/")
    assert client.get(PAGE).context["shell"].bell.count == 2
    assert client.get(f"{PAGE}?kind=nonsense&page=x").context["page"].total == 3
    client.post(f"{PAGE}read/")
    assert client.get(PAGE).context["page"].unread == 0


def test_it_is_kept_for_half_a_year() -> None:
    _tell(1)
    _tell(2)
    with acting("partner-admin") as actor:
        desk = desk_of(the_enrolment())
        old = told(actor, desk).order_by("words")[0].pk
        Notification.objects.filter(pk=old).update(at=now() - timedelta(days=181))
        assert [row.words for row in told(actor, desk)] == ["Word 2."]
        read_all(actor, desk)
        assert Notification.objects.filter(pk=old).count() == 0


def test_who_loses_the_role_no_longer_sees_what_it_was_told() -> None:
    _tell()
    with at("tarn"):
        Membership.objects.filter(person_id="partner-manager", organization_id="tarn").update(role=Role.PARTNER_MEMBER)
    with acting("partner-manager") as actor:
        assert told(actor, desk_of(the_enrolment())).count() == 0
        assert Notification.objects.filter(person_id="partner-manager").count() == 1
    with at("tarn"):
        Membership.objects.filter(person_id="partner-manager", organization_id="tarn").delete()
    with acting("partner-manager"):
        assert Notification.objects.filter(person_id="partner-manager").count() == 0


def test_a_desk_shows_one_vendor_only() -> None:
    _tell()
    with acting("partner-admin") as actor:
        elsewhere = Desk(side=Side.PARTNER, owner="quay", partner="tarn", lineage=frozenset({"tarn"}))
        assert told(actor, elsewhere).count() == 0


def test_a_page_of_hundreds_asks_as_little_as_one_of_ten() -> None:
    client = signed_in("partner-admin")
    for number in range(10):
        _tell(number)
    client.get(PAGE)
    with CaptureQueriesContext(connection) as few:
        client.get(PAGE)
    _choose("partner-admin", nudge=Way.PAGE)
    for number in range(10, 120):
        _tell(number)
    with CaptureQueriesContext(connection) as many:
        page = client.get(PAGE)

    assert len(many) == len(few)
    assert len(page.content) < 150_000
    assert (page.context["page"].total, len(page.context["page"].lines)) == (120, 40)
    assert client.get(f"{PAGE}?page=3").context["page"].older == ""


def test_every_kind_has_its_rule_and_its_sign() -> None:
    assert set(RULES) == set(ICONS) == set(NotificationKind)
