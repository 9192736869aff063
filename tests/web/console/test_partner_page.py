from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from swingby.web.console.daily_parts import PartnerPage
from swingby.web.domain.facts import take_position
from swingby.web.domain.notes import write_note
from swingby.web.domain.portfolio.outlook import refresh_outlooks
from swingby.web.domain.standings import latest_standing
from swingby.web.models import (
    Audience,
    Membership,
    PartnerDocument,
    PartnerVisit,
    PortfolioRow,
    Prospect,
    RhythmPeriod,
    Side,
    StoredFile,
)
from swingby.web.tenancy import Scope, act_for_owner, open_scope
from tests.web.acting import ENROLMENT, acting, signed_in, the_enrolment
from tests.web.missing import kept_missing

pytestmark = pytest.mark.django_db
ADDRESS = f"/console/harbor/partners/{ENROLMENT}/"


def _page(person: str = "success", *, show: str = "") -> PartnerPage:
    page = signed_in(person).get(ADDRESS, {"show": show}).context["page"]
    assert isinstance(page, PartnerPage)
    return page


def _let_time_pass() -> None:
    """As if everybody had last looked an hour ago."""
    with acting("success"):
        for visit in PartnerVisit.objects.filter(enrolment=ENROLMENT):
            visit.seen_at -= timedelta(hours=1)
            visit.save()


def _won(name: str, amount: int, on: str = "2026-03-02") -> None:
    with act_for_owner("harbor"), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO fact_deals (fact_id, position, happened_on, deal, stage, amount, currency, owner_org, partner_org)"
            " VALUES (%s, %s, %s, %s, 'won', %s, 'USD', 'harbor', 'tarn')",
            [name, take_position("harbor", batch=name), on, name, amount],
        )


def test_the_page_says_what_is_new_since_the_visit_before() -> None:
    _won("old-deal", 500)
    _let_time_pass()
    _page()
    _let_time_pass()
    _won("new-deal", 18_200)
    with acting("manager") as manager:
        write_note(the_enrolment(), actor=manager, side=Side.VENDOR, audience=Audience.ONLY_US, text="Call in April.")
    page = _page()
    deals = [each.detail for each in page.timeline if each.what == "Deal won"]

    assert [each.detail for each in page.changes if each.what == "Deal won"] == ["USD 18,200"]
    assert [each.detail for each in page.changes if each.detail.startswith("Call")] == ["Call in April."]
    assert sorted(deals) == ["USD 18,200", "USD 500"]


def test_what_happened_is_narrowed_to_one_sort_and_what_is_new_stays_whole() -> None:
    _let_time_pass()
    _page()
    _let_time_pass()
    _won("new-deal", 18_200)
    with acting("manager") as manager:
        write_note(the_enrolment(), actor=manager, side=Side.VENDOR, audience=Audience.ONLY_US, text="Call in April.")
    whole = _page()
    found = {show: _page(show=show) for show in ("deal", "note", "nothing")}

    assert {line.icon for line in found["deal"].timeline} == {"handshake"}
    assert {line.icon for line in found["note"].timeline} <= {"message-square", "file-text"}
    assert found["nothing"].timeline == whole.timeline
    assert found["deal"].changes == whole.changes
    assert [choice.value for choice in found["deal"].shows if choice.chosen] == ["deal"]


def test_all_that_is_new_is_counted_and_listed_also_what_comes_late() -> None:
    """What became known of days long ago was in no list, and the number beside it counted what stood in another list."""
    for number in range(45):
        _won(f"old-{number}", 500)
    _let_time_pass()
    _page()
    _let_time_pass()
    for number in range(11):
        _won(f"late-{number}", 700, on="2025-12-01")
    page, listed = _page(), _page(show="new")
    text = signed_in("success").get(ADDRESS).content.decode()

    assert [each.detail for each in page.changes if each.what == "Deal won"] == ["USD 700"] * 11
    assert listed.timeline == page.changes
    assert [choice.value for choice in listed.shows if choice.chosen] == ["new"]
    assert f"The first 8 of {len(page.changes)}." in text
    assert f'href="?show=new#happened-title">See all {len(page.changes)}</a>' in text


def test_looking_again_at_once_keeps_what_was_new() -> None:
    _let_time_pass()
    _page()
    _let_time_pass()
    _won("new-deal", 1)
    first, second = _page(), _page()

    assert first.changes == second.changes != ()


def test_each_person_has_visits_of_her_own() -> None:
    _page("success")
    assert _page("executive").is_first_visit


def test_what_was_said_stands_with_who_may_read_it() -> None:
    for side, person in ((Side.VENDOR, "manager"), (Side.PARTNER, "partner-admin")):
        with acting(person) as actor:
            for audience in Audience:
                write_note(the_enrolment(), actor=actor, side=side, audience=audience, text=f"{side} said {audience}")
    told = {(note.side, note.audience) for note in _page().notes if " said " in note.text}

    assert told == {("vendor", "shared"), ("vendor", "only_us"), ("partner", "shared")}


def test_people_of_both_sides_are_named() -> None:
    page = _page()

    assert [person.name for person in page.ours] == ["Manager", "Second-manager"]
    assert [(person.name, person.mail) for person in page.theirs] == [("Partner-admin", "partner-admin@example.test")]


@pytest.mark.parametrize(("audience", "partner"), [("shared", "tarn"), ("only_us", None), ("", None)])
def test_a_document_is_kept_for_those_who_may_read_it(
    audience: str, partner: str | None, settings: Settings, tmp_path: Any
) -> None:
    settings.SWINGBY_FILES = str(tmp_path)
    client = signed_in("manager")
    client.post(f"{ADDRESS}documents/", {"audience": audience, "file": SimpleUploadedFile("plan.pdf", b"a plan")})
    found = next(each for each in _page("manager").documents if each.name == "plan.pdf")
    answer: Any = client.get(found.url)

    assert found.audience == ("shared" if partner else "only_us")
    assert b"".join(answer.streaming_content) == b"a plan"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="plan.pdf"'
    with acting("manager"):
        assert StoredFile.objects.get(name="plan.pdf").partner_id == partner
    with acting("partner-admin"):
        assert StoredFile.objects.filter(name="plan.pdf").exists() == bool(partner)


def test_a_document_that_is_sent_twice_is_one_and_another_one_is_another(
    settings: Settings, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SWINGBY_FILES = str(tmp_path)
    address = f"{ADDRESS}documents/"
    sent = [
        ("manager", "plan.pdf", b"a plan", "shared"),
        ("manager", "plan.pdf", b"a plan", "shared"),
        ("manager", "plan.pdf", b"a plan", "only_us"),
        ("manager", "plan.pdf", b"another plan", "shared"),
        ("manager", "copy.pdf", b"a plan", "shared"),
        ("success", "plan.pdf", b"a plan", "shared"),
    ]
    for person, name, content, audience in sent:
        signed_in(person).post(address, {"audience": audience, "file": SimpleUploadedFile(name, content)})
    with acting("manager"):
        kept = Counter(PartnerDocument.objects.values_list("file__name", "audience"))
    assert {key: kept[key] for key in kept if key[0] in {"plan.pdf", "copy.pdf"}} == {
        ("plan.pdf", "shared"): 3,
        ("plan.pdf", "only_us"): 1,
        ("copy.pdf", "shared"): 1,
    }
    monkeypatch.setattr("swingby.web.domain.sent_twice.SENT_TWICE", timedelta(0))
    signed_in("manager").post(address, {"audience": "shared", "file": SimpleUploadedFile("plan.pdf", b"a plan")})
    with acting("manager"):
        assert PartnerDocument.objects.filter(file__name="plan.pdf", audience="shared").count() == 4


def test_a_document_of_nothing_is_refused_in_words() -> None:
    answer = signed_in("manager").post(f"{ADDRESS}documents/", follow=True)

    assert [str(message) for message in answer.context["messages"]] == ["Choose a file first."]


def test_what_is_at_risk_is_said_with_its_day() -> None:
    refresh_outlooks([ENROLMENT], owner="harbor")
    with act_for_owner("harbor"):
        PortfolioRow.objects.filter(enrolment=ENROLMENT).update(
            outlook=[{"label": "Plan reviews", "words": "one more", "now": False}], loses_on="2026-08-01"
        )
    html = signed_in("executive").get(ADDRESS).content.decode()

    assert "Member is at risk on 1 August 2026" in html
    assert "Plan reviews" in html


def test_a_page_asks_as_often_for_three_hundred_lines_as_for_ten() -> None:
    client = signed_in("manager")
    for number in range(10):
        _won(f"few-{number}", number)
    client.get(ADDRESS)
    with CaptureQueriesContext(connection) as few:
        client.get(ADDRESS)
    for number in range(300):
        _won(f"many-{number}", number)
    with CaptureQueriesContext(connection) as many:
        page = client.get(ADDRESS)

    assert len(many) == len(few)
    assert len(page.content) < 150_000


def _recorded(kind: str, fact: str, person: str, **more: str) -> None:
    columns: dict[str, str | int] = {
        "fact_id": fact, "position": 1, "owner_org": "harbor", "partner_org": "tarn", "person": person,
        "starts_on": "2024-01-01", **more,
    }  # fmt: skip
    with act_for_owner("harbor"), connection.cursor() as cursor:
        marks = ", ".join(["%s"] * len(columns))
        cursor.execute(f"INSERT INTO fact_{kind} ({', '.join(columns)}) VALUES ({marks})", list(columns.values()))


def test_all_who_are_known_stand_with_role_and_certificates_and_named_is_who_wrote() -> None:
    with act_for_owner("harbor"), connection.cursor() as cursor:
        for kind in ("employments", "credentials"):
            cursor.execute(f"UPDATE fact_{kind} SET reversed_position = position WHERE owner_org = 'harbor'")
    for person in ("partner-admin", "partner-member"):
        _recorded("employments", f"job-{person}", person, organization="tarn", role="pre_sales")
    _recorded("credentials", "held", "partner-member", code="expert", ends_on="2026-06-15")
    page = signed_in("executive").get(f"{ADDRESS}people/").context["page"]

    assert [(row.name, row.is_named, row.role, row.held) for row in page.people] == [
        ("Partner-admin", True, "pre sales", ()),
        ("partner-member", False, "pre sales", ("Expert until 14 June 2026",)),
    ]
    assert (page.total, page.next_url, [person.name for person in page.wrote]) == (2, "", ["Partner-admin"])


def test_who_lost_access_is_no_longer_named_among_those_who_wrote() -> None:
    page = f"{ADDRESS}people/"
    before = [person.name for person in signed_in("executive").get(page).context["page"].wrote]
    with act_for_owner("harbor"), open_scope(Scope(partner_orgs=frozenset({"tarn"}))):
        Membership.objects.filter(organization="tarn", person="partner-admin").delete()
    after = [person.name for person in signed_in("executive").get(page).context["page"].wrote]

    assert (before, after) == (["Partner-admin"], [])
    assert "partner-admin@" not in signed_in("executive").get(ADDRESS).content.decode()


def _period(rhythm: str, label: str, *states: str, side: str = "partner") -> None:
    """Periods of a promise, the oldest first."""
    with act_for_owner("harbor"):
        for nth, state in enumerate(states):
            first = date(2025, 1, 1) + timedelta(days=30 * nth)
            RhythmPeriod.objects.create(
                owner_id="harbor", partner_id="tarn", enrolment_id=ENROLMENT, rhythm=rhythm, label=label, side=side,
                starts_on=first, last_day=first + timedelta(days=29), asked=1, state=state,
            )  # fmt: skip


def _rhythms() -> tuple[object, ...]:
    tile = next(each for each in _page().tiles if each.icon == "repeat")
    return tile.label, tile.value, tile.of, tile.note


def test_rhythms_of_one_kind_are_counted_by_period_and_of_several_by_kind() -> None:
    with act_for_owner("harbor"):
        RhythmPeriod.objects.filter(enrolment=ENROLMENT).delete()
    assert _rhythms() == ("Rhythms kept", None, None, "")

    _period("plan", "Plan review", "kept", "missed", "kept", "open")
    assert _rhythms() == ("Rhythms kept", 2, 3, "Plan review")

    _period("campaign", "Campaign", "kept", "missed", "unknown")
    _period("call", "Call", "kept", "missed", side="vendor")
    assert _rhythms() == (
        "Rhythms kept when last due", 1, 2, "Campaign 1 of 2, Plan review 2 of 3. Ours: Call 1 of 2",
    )  # fmt: skip


def test_a_deal_of_two_partners_stands_in_what_happened_with_each_until_its_part_ends() -> None:
    _won("shared-deal", 18_200)
    with act_for_owner("harbor"), connection.cursor() as cursor:
        cursor.execute("UPDATE fact_deals SET partner_org = 'sedge' WHERE deal = 'shared-deal'")
        assert [each.detail for each in _page().timeline if each.what == "Deal won"] == []
        cursor.execute(
            "INSERT INTO fact_deal_parties (fact_id, position, starts_on, deal, organization, role, owner_org, partner_org)"
            " VALUES ('part', 1, '2026-01-01', 'shared-deal', 'tarn', 'deliverer', 'harbor', 'tarn')"
        )
        found = [each.detail for each in _page().timeline if each.what == "Deal won"]
        cursor.execute("UPDATE fact_deal_parties SET ends_on = '2026-03-01' WHERE fact_id = 'part'")
        ended = [each.detail for each in _page().timeline if each.what == "Deal won"]

    assert (found, ended) == (["USD 18,200"], [])


def test_a_keep_that_is_missed_says_until_when_it_can_be_mended() -> None:
    _know(kept_missing(tier="select", then="Member"))
    _keep("unmet")
    assert _page().mending == (
        "What keeps Select has not been met since 1 March 2026. "
        "If they meet it on no day up to 30 June 2026, they hold Member from 11 July 2026."
    )
    assert "Select is not kept up" in signed_in("success").get(ADDRESS).content.decode()

    _keep("met")
    assert _page().mending == "", "met again since that was worked out"


def test_nothing_is_said_of_another_tier_or_where_nothing_was_worked_out() -> None:
    _keep("unmet")
    assert _page().mending == ""

    _know(kept_missing())
    assert _page().mending == ""


def _know(mending: dict[str, Any]) -> None:
    with acting("success"):
        Prospect.objects.update_or_create(
            enrolment_id=ENROLMENT,
            defaults={"owner_id": "harbor", "partner_id": "tarn", "path": {"mending": mending}},
        )


def _keep(state: str) -> None:
    with acting("success"):
        standing = latest_standing(the_enrolment())
        assert standing is not None
        standing.result |= {
            "tier": {"id": "select", "label": "Select", "rank": 1},
            "keeps": [{"label": "Points", "state": state}],
        }
        standing.pk = None
        standing.position += 1
        standing.save(force_insert=True)
