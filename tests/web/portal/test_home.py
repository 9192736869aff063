"""What lies ahead on the partner's home page: from facts, from what jobs keep, in the order of the screen."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob

from swingby.web.domain.facts import take_position
from swingby.web.domain.prospects import ask_for_path, find_prospect, keep_risks
from swingby.web.domain.reports import submit_report
from swingby.web.domain.standings import assess_enrolment, latest_standing
from swingby.web.models import ActivityReport, PortfolioRow, Prospect, RhythmPeriod, RhythmState
from swingby.web.portal.ahead import people_words, risk_words
from swingby.web.portal.home import Cheer, DealLine, HomePage, Promise, Risk
from swingby.web.tenancy import act_for_owner
from tests.web.acting import ENROLMENT, acting, signed_in, the_enrolment
from tests.web.missing import kept_missing

pytestmark = pytest.mark.django_db
HOME = f"/partner/{ENROLMENT}/"
ORDER = ("happened", "deals", "between-title", "next-title", "owe-title", "risk-title", "cheers", "history")


def _home(person: str = "partner-admin") -> HomePage:
    page = signed_in(person).get(HOME).context["page"]
    assert isinstance(page, HomePage)
    return page


def _fact(kind: str, partner: str = "tarn", **columns: Any) -> None:
    """One more fact of the small world."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM fact_{kind}")
        row = {
            "fact_id": f"new-{partner}-{cursor.fetchone()[0]}",
            "position": 1,
            "owner_org": "harbor",
            "partner_org": partner,
            "source": "crm",
            **columns,
        }
        cursor.execute(
            f"INSERT INTO fact_{kind} ({', '.join(row)}) VALUES ({', '.join(['%s'] * len(row))})", list(row.values())
        )


def _clear(*kinds: str) -> None:
    with connection.cursor() as cursor:
        for kind in kinds:
            cursor.execute(f"UPDATE fact_{kind} SET reversed_position = 2 WHERE owner_org = 'harbor'")


def _assessed() -> None:
    with act_for_owner("harbor"):
        position = take_position("harbor", batch="now")
    assess_enrolment(ENROLMENT, owner="harbor", position=position)


def _deal(deal: str, stage: str, day: date, **more: Any) -> None:
    _fact("deals", deal=deal, stage=stage, happened_on=day, **more)


def _customer(key: str, name: str) -> None:
    with connection.cursor() as cursor:
        said = ("harbor", "tarn", key, name)
        cursor.execute(
            "INSERT INTO ref_customers (owner_org, partner_org, customer, name) VALUES (%s, %s, %s, %s)", said
        )


def test_deals_under_way_are_listed_by_their_newest_news() -> None:
    with act_for_owner("harbor"):
        _clear("deals")
        _deal("d-1", "registered", date(2026, 3, 1), customer="c-1", amount=100, currency="USD")
        _deal("d-1", "proposed", date(2026, 3, 9), amount=120, currency="USD")
        for product in ("keep_base", "chart", "notes"):
            _fact("deal_lines", deal="d-1", product=product, happened_on=date(2026, 3, 1))
        _customer("c-1", "Sallowby Foods")
        _fact("deal_lines", deal="d-7", product="beacon", happened_on=date(2026, 3, 1))
        _deal("d-2", "registered", date(2026, 3, 20), customer="c-2")
        _deal("d-2", "won", date(2026, 3, 25))
        _deal("d-3", "registered", date(2024, 1, 1))
        _fact("deals", partner="loom", deal="d-4", stage="registered", happened_on=date(2026, 3, 30))
        for number in range(5, 8):
            _deal(f"d-{number}", "registered", date(2026, 2, number), customer="c-5" if number == 5 else None)
    page = _home()

    assert tuple(deal for deal in page.deals if not deal.protection) == (
        DealLine(
            name="Sallowby Foods",
            stage="Proposed",
            day=date(2026, 3, 9),
            product="Chart, Keep base and 1 more",
            amount=Decimal(120),
            currency="USD",
            reference="d-1",
        ),
        DealLine(name="Beacon", stage="Registered", day=date(2026, 2, 7), reference="d-7"),
        DealLine(name="Deal d-6, customer not named", stage="Registered", day=date(2026, 2, 6)),
    )
    assert page.deals_total == 4


def _works(person: str, **more: Any) -> None:
    _fact("employments", organization="tarn", person=person, starts_on=date(2024, 1, 1), **more)


def _holds(person: str, code: str, first: date, last: date | None) -> None:
    _fact("credentials", person=person, code=code, starts_on=first, ends_on=last)


def test_credentials_of_those_who_work_here_are_congratulated_and_watched() -> None:
    with act_for_owner("harbor"):
        _clear("employments", "credentials")
        _works("partner-member")
        _works("p-2")
        _works("p-left", ends_on=date(2026, 1, 1))
        _holds("partner-member", "keep_adv", date(2026, 3, 20), date(2027, 3, 20))
        _holds("p-2", "keep_adv", date(2026, 3, 10), date(2027, 3, 10))
        _holds("p-left", "keep_adv", date(2026, 3, 25), date(2026, 4, 25))
        _holds("p-2", "beacon", date(2025, 1, 1), date(2026, 5, 1))
        _holds("partner-member", "chart", date(2025, 1, 1), date(2026, 4, 2))
        _holds("partner-member", "chart", date(2026, 2, 1), date(2027, 2, 1))
    page = _home()

    assert page.cheers == (Cheer(who="Partner-member, one of your people", what="Keep adv", day=date(2026, 3, 20)),)
    assert page.risks == (Risk(what="Beacon", detail="One of your people", last_day=date(2026, 4, 30)),)


@pytest.mark.parametrize(
    ("people", "said"),
    [
        ([], ""),
        (["a"], "Ash"),
        (["x"], "One of your people"),
        (["x", "y"], "2 of your people"),
        (["a", "x", "y"], "Ash, 2 of your people"),
    ],
)
def test_people_are_named_where_their_names_are_known(people: list[str], said: str) -> None:
    assert people_words(people, {"a": "Ash"}) == said


def test_what_the_vendor_owes_stands_with_what_is_late_first() -> None:
    with act_for_owner("harbor"):
        RhythmPeriod.objects.filter(enrolment=ENROLMENT).delete()
        whose = {"owner_id": "harbor", "partner_id": "tarn", "enrolment_id": ENROLMENT, "asked": 3}
        for state, first, last in (
            (RhythmState.OPEN, date(2026, 2, 1), date(2026, 4, 30)),
            (RhythmState.MISSED, date(2025, 11, 1), date(2026, 1, 31)),
            (RhythmState.MISSED, date(2025, 8, 1), date(2025, 10, 31)),
        ):
            RhythmPeriod.objects.create(
                **whose,
                rhythm="visits",
                label="Visits",
                side="vendor",
                starts_on=first,
                last_day=last,
                done=1,
                state=state,
            )
        RhythmPeriod.objects.create(
            **whose, rhythm="plans", label="Plans", side="partner", starts_on=date(2026, 2, 1),
            last_day=date(2026, 4, 30), state=RhythmState.OPEN,
        )  # fmt: skip
    with acting("partner-admin") as actor:
        report = submit_report(the_enrolment(), actor=actor, kind="plan_reviewed", happened_on=date(2026, 3, 1))
    with act_for_owner("harbor"):
        ActivityReport.objects.exclude(pk=report.pk).filter(enrolment=ENROLMENT).update(answer_due=None)
        ActivityReport.objects.filter(pk=report.pk).update(answer_due=datetime(2026, 3, 29, 9, tzinfo=UTC))
    found = [
        (each.what, each.days_late, each.due, each.detail) for each in _home().promises if "appeal" not in each.what
    ]

    assert found[0][:2] == ("Visits", 59)
    assert found[1][0] == "Answer on your report of 1 March"
    assert found[1][1] >= 1
    assert found[2] == ("Visits", 0, date(2026, 4, 30), "1 of 3 so far.")
    assert isinstance(_home().promises[0], Promise)


def test_the_outlook_is_told_to_the_partner_without_the_vendor_s_row() -> None:
    closing = [{"label": "Plan reviews", "words": "one more", "now": False, "is_score": False}]
    _assessed()
    with act_for_owner("harbor"):
        _clear("credentials")
        PortfolioRow.objects.filter(pk=ENROLMENT).update(loses_on=date(2026, 8, 1), outlook=closing)
        keep_risks(PortfolioRow.objects.filter(pk=ENROLMENT))
    page = _home()

    assert page.risks == (
        Risk(
            what="Plan reviews: one more",
            detail="Met today, and missing then if nothing happens.",
        ),
    )
    assert page.risk_words == f"The review of 1 August 2026 decides whether you keep {page.tier}."
    assert _jobs() == 1


def test_what_keeps_the_tier_comes_before_what_could_be_gained() -> None:
    closing = [
        _gate("Bookings", "USD 12 more", control="outcome", now=True),
        _gate("Engineers or partners", "Nearest: Engineers: one more"),
        _gate("Plan reviews", "one more", control="controllable", now=True),
    ]
    step = {
        "label": "Plan reviews", "word": "", "count": 1, "people": [], "hours": None, "start_on": "2026-04-01",
        "ready_on": "2026-04-20", "unlocks": [], "points": None,
    }  # fmt: skip
    path = {
        "tier": "select", "outlook": "path", "verified": True, "steps": [step, {**step, "label": "Talks"}, {**step, "count": 2}],
        "hours": None, "review_on": None, "depends_on": [], "blocked_by": [], "earliest": None,
    }  # fmt: skip
    _assessed()
    with act_for_owner("harbor"):
        Prospect.objects.update_or_create(
            pk=ENROLMENT,
            defaults={
                "owner_id": "harbor", "partner_id": "tarn", "path": path, "closing": closing,
                "loses_on": date(2026, 8, 1),
            },
        )  # fmt: skip
    page = _home()
    keeps = f"Keeps {page.tier} at the review of 1 August 2026"

    assert [(action.title, action.unlocks) for action in page.actions] == [
        ("Plan reviews: one more", keeps),
        ("Engineers: one more", keeps),
        ("Talks: one more", ""),
    ]
    assert page.path_words == "1 more step after these."


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({}, "What keeps Gold has not been met since 1 March 2026. Meet it on any day up to 30 June 2026, or you hold Select from 11 July 2026."),
        ({"has_grace": False, "then": ""}, "What keeps Gold has not been met since 1 March 2026. Meet it on 30 June 2026, or you hold no tier from 11 July 2026."),
        (
            {"kept_on": "2026-04-01", "missed_since": None, "mend_until": None},
            "What keeps Gold has not been met for more than a year. The review of 1 April 2026 let it stand, because it was met on 28 February 2026. The review of 1 July 2026 took it: you hold Select from 11 July 2026.",
        ),
        ({"mend_until": None, "lost_on": None}, "What keeps Gold has not been met since 1 March 2026."),
        ({"tier": "elite"}, "The review of 1 August 2026 decides whether you keep Gold."),
    ],
)  # fmt: skip
def test_the_days_until_which_a_tier_can_be_mended(more: dict[str, Any], words: str) -> None:
    closing = [_gate("Plan reviews", "one more")]
    prospect = Prospect(loses_on=date(2026, 8, 1), closing=closing, path={"mending": kept_missing(**more)})
    assert risk_words(prospect, tier="Gold", held="gold") == words


def _gate(label: str, words: str, *, control: str | None = None, now: bool = False) -> dict[str, Any]:
    return {"label": label, "words": words, "now": now, "is_score": False, "control": control}


def _jobs() -> int:
    return ProcrastinateJob.objects.filter(task_name="find_prospect", args__enrolment=ENROLMENT).count()


def test_the_way_ahead_is_asked_for_once_and_again_when_the_standing_is_newer() -> None:
    _assessed()
    before = _home().version
    assert (_home().version, _jobs()) == (before, 1)
    find_prospect(ENROLMENT, owner="harbor")
    with acting("partner-admin"):
        known = ask_for_path(the_enrolment(), standing=latest_standing(the_enrolment()))

    assert known is not None
    assert (known.path["tier"], known.path_on) == ("select", date(2026, 3, 31))
    assert _home().version != before
    stamp = (known.path_position, known.path_on, known.path_hash)
    find_prospect(ENROLMENT, owner="harbor")
    with act_for_owner("harbor"):
        assert Prospect.objects.values_list("path_position", "path_on", "path_hash").get(pk=ENROLMENT) == stamp


def test_a_way_to_another_tier_than_the_next_is_not_shown() -> None:
    _assessed()
    step = {
        "label": "Plan reviews", "word": "", "count": 2, "people": ["partner-member"], "hours": "4",
        "start_on": "2026-04-01", "ready_on": "2026-04-20", "unlocks": ["Plan reviews at least 3"], "points": "40",
    }  # fmt: skip
    path = {
        "tier": "select", "outlook": "conditional", "verified": True, "steps": [step] * 4, "hours": "16",
        "review_on": "2026-05-01", "depends_on": ["Bookings at least 60"], "blocked_by": [], "earliest": None,
    }  # fmt: skip
    with act_for_owner("harbor"):
        Prospect.objects.filter(pk=ENROLMENT).update(path=path)
    page = _home()

    assert [(each.title, each.who, each.effort, each.ready_by, each.unlocks, each.points) for each in page.actions] == [
        (
            "Plan reviews: 2 more", "Partner-member", "4 hours", date(2026, 4, 20),
            "Opens: Plan reviews at least 3", Decimal(40),
        )
    ] * 3  # fmt: skip
    assert page.path_words == (
        "1 more step after these. It also depends on: Bookings at least 60. The review of 1 May 2026 can give Select."
    )
    with act_for_owner("harbor"):
        Prospect.objects.filter(pk=ENROLMENT).update(path={**path, "tier": "gold"})
    assert (_home().path_words, [each.title for each in _home().actions if "2 more" in each.title]) == ("", [])


def test_the_parts_stand_in_the_order_of_the_screen_and_cost_the_same_for_many_rows() -> None:
    _assessed()
    client = signed_in("partner-admin")
    with act_for_owner("harbor"):
        _works("p-1")
        _holds("p-1", "keep", date(2026, 3, 1), date(2026, 5, 1))
        _deal("d-0", "registered", date(2026, 3, 1))
    client.get(HOME)
    with CaptureQueriesContext(connection) as few:
        text = client.get(HOME).content.decode()
    found = [text.find(f'id="{name}') for name in ORDER]
    with act_for_owner("harbor"):
        for number in range(40):
            _works(f"p-more-{number}")
            _holds(f"p-more-{number}", f"code-{number}", date(2026, 3, 1), date(2026, 5, 1))
            _deal(f"d-more-{number}", "registered", date(2026, 3, 2))
    with CaptureQueriesContext(connection) as many:
        page = client.get(HOME)

    assert -1 not in found
    assert found == sorted(found)
    assert len(many) == len(few)
    assert len(page.content) < 150_000
