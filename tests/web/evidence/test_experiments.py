"""Experiments in the application: planned before anybody looks, kept as they were drawn, looked at by cards."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from swingby.insight import plan_hash, read_plan
from swingby.values import add_months
from swingby.web.domain.cards.asking import ask_for_card
from swingby.web.domain.cards.computing import compute_card
from swingby.web.domain.cards.questions import QUESTIONS
from swingby.web.domain.cards.settings import SettingsError
from swingby.web.domain.cards.sharing import partners_card
from swingby.web.domain.cards.working import BROKE_OFF
from swingby.web.domain.errors import NotAllowedError, RefusedError
from swingby.web.domain.experiments.asking import ask_for_plan
from swingby.web.domain.experiments.design import read_design, usual_start
from swingby.web.domain.experiments.planning import draw_experiment
from swingby.web.domain.experiments.reading import Stage, partners_of, stage_of
from swingby.web.domain.facts import take_position
from swingby.web.models import AuditEntry, Experiment, ExperimentPlan, KeptCard, Program
from swingby.web.tenancy import act_for_owner
from tests.permissions.lotted import COMING, DESIGN, example_plan, keep_experiment
from tests.web.acting import acting, signed_in
from tests.web.many import add_partners

pytestmark = pytest.mark.django_db
PROGRAM, KEY = "harbor-program", "harbor-program-experiment"
LIST = "/console/harbor/evidence/experiments/"
FIRST_MONTH = date(2025, 12, 1)
#: What comes to partners by itself, on so short a past and so short a time that the small world has it.
BY_ITSELF = {
    **COMING,
    "act": "",
    "said": "the new portal",
    "start": "2026-04-01",
    "every": "2",
    "before": "1",
    "part": "seller",
}


def asked(written: Mapping[str, str] = COMING, *, by: str = "manager") -> Experiment:
    with acting(by) as actor:
        return ask_for_plan(Program.objects.get(pk=PROGRAM), actor=actor, written=written)


def drawn(row: Experiment) -> Experiment:
    draw_experiment(row.pk, owner="harbor")
    with act_for_owner("harbor"):
        return Experiment.objects.select_related("plan").get(pk=row.pk)


def sell(partners: int, months: range, *, larger: Mapping[str, float] | None = None) -> None:
    """Three deals a month for so many partners, of sizes that differ, since December 2025."""
    with act_for_owner("harbor"), connection.cursor() as cursor:
        position = take_position("harbor", batch=f"deals-{months}")
        for nth in range(partners):
            for month in months:
                for number in range(3):
                    _sell(cursor, position, f"many-{nth}", (nth, month, number), (larger or {}).get(f"many-{nth}", 1.0))


def _sell(
    cursor: Any, position: int, partner: str, which: tuple[int, int, int], factor: float, *, deal: str = ""
) -> None:
    nth, month, number = which
    day = add_months(FIRST_MONTH, month).replace(day=4 + 8 * number)
    deal = deal or f"{partner}-{month}-{number}"
    amount = round((5000 + 97 * nth + 131 * ((nth * 7 + month * 5 + number * 3) % 11)) * factor, 2)
    cursor.execute(
        "INSERT INTO fact_deals (fact_id, position, happened_on, deal, stage, amount, currency, owner_org, partner_org)"
        " VALUES (%s, %s, %s, %s, 'won', %s, 'USD', %s, %s)",
        [deal, position, day, deal, amount, "harbor", partner],
    )
    cursor.execute(
        "INSERT INTO fact_deal_parties (fact_id, position, starts_on, deal, organization, role, owner_org, partner_org)"
        " VALUES (%s, %s, %s, %s, %s, 'seller', 'harbor', %s)",
        [deal, position, day, deal, partner, partner],
    )


def enrol(partners: int) -> None:
    add_partners(partners)
    with act_for_owner("harbor"), connection.cursor() as cursor:
        for nth in range(partners):
            cursor.execute(
                "INSERT INTO ref_organizations (owner_org, partner_org, organization, region) VALUES ('harbor', %s, %s, 'emea')",
                [f"many-{nth}", f"many-{nth}"],
            )
            cursor.execute(
                "INSERT INTO ref_enrolments (owner_org, partner_org, enrolment, organization, joined_on)"
                " VALUES ('harbor', %s, %s, %s, '2025-03-01')",
                [f"many-{nth}", f"many-{nth}", f"many-{nth}"],
            )


# --- planning ------------------------------------------------------------------------------------------------------------


def test_the_first_wave_usually_begins_when_there_is_time_to_invite(settings: Any) -> None:
    assert usual_start() == date(2026, 5, 1)
    settings.SWINGBY_TODAY = date(2026, 3, 10)
    assert usual_start() == date(2026, 4, 1)


@pytest.mark.parametrize(
    ("written", "wrong"),
    [
        ({"start": "2026-05-02"}, {"start": "The first wave begins on: it begins a month. Write 2026-05-01 or another first day."}),
        (
            {"start": "2026-03-01"},
            {"start": "The first wave begins on: this day has come. A plan is made before anybody can look; choose a month to come."},
        ),
        ({"start": "soon"}, {"start": "The first wave begins on: this is no day. Write it as 2026-03-31."}),
        ({"waves": "1"}, {"waves": "Waves: write a whole number from 2 to 12."}),
        ({"seed": "-1"}, {"seed": "Seed of the lot: write a whole number from 0 to 999999999."}),
        ({"act": "", "said": ""}, {"said": "How the card calls it: what comes to partners by itself has to be named."}),
        ({"act": "activities:kind=other"}, {"act": "What partners are invited to do: choose one of the list."}),
        ({"outcome": "everything"}, {"outcome": "What it should raise: choose one of the list."}),
    ],
)  # fmt: skip
def test_a_design_that_cannot_be_is_refused_each_part_with_its_reason(
    written: dict[str, str], wrong: dict[str, str]
) -> None:
    with pytest.raises(SettingsError) as refused:
        asked({**COMING, **written})
    assert refused.value.wrong == wrong


def test_a_seed_that_is_left_empty_is_drawn_and_kept() -> None:
    seeds = {read_design({**COMING, "seed": ""})["seed"] for _ in range(5)}
    assert len(seeds) == 5
    row = asked({**COMING, "seed": ""})
    assert row.settings["seed"].isdecimal()
    assert asked({**COMING, "seed": ""}).pk == row.pk
    assert asked({**COMING, "seed": "12"}).pk != row.pk


def test_only_program_managers_plan() -> None:
    for person in ("executive", "success", "operations"):
        with pytest.raises(NotAllowedError):
            asked(by=person)


def test_too_few_partners_are_refused_with_the_number() -> None:
    enrol(6)
    sell(6, range(4))
    row = drawn(asked(BY_ITSELF))
    assert (row.state, stage_of(row)) == ("failed", Stage.REFUSED)
    assert row.progress.startswith(
        "This experiment cannot be planned. The smallest wave would have 3 partners; 10 are needed."
    )
    page = signed_in("manager").get(f"{LIST}{row.pk}/").content.decode()
    assert "It cannot be planned like this" in page
    assert "The smallest wave would have 3 partners" in page
    assert 'value="the new portal"' in signed_in("manager").get(f"{LIST}plan/?again={row.pk}").content.decode()


def test_a_lot_that_breaks_off_says_so_and_leaves_no_progress_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    row = asked()

    def broken(*_: object, **__: object) -> Any:
        raise ZeroDivisionError

    monkeypatch.setattr("swingby.web.domain.experiments.planning.plan_experiment", broken)
    with pytest.raises(ZeroDivisionError):
        draw_experiment(row.pk, owner="harbor")
    with act_for_owner("harbor"):
        failed = Experiment.objects.get(pk=row.pk)
    assert (failed.state, failed.progress) == ("failed", BROKE_OFF)
    assert signed_in("manager").get(f"{LIST}{row.pk}/progress/").headers["HX-Refresh"] == "true"


@pytest.fixture
def planned() -> Experiment:
    enrol(24)
    sell(24, range(4))
    return drawn(asked(BY_ITSELF))


def test_a_plan_is_drawn_from_what_was_known_and_its_hash_stands_in_the_chain(planned: Experiment) -> None:
    plan = planned.plan
    read = read_plan(plan.text, registered=plan.hash)

    assert (planned.state, stage_of(planned), planned.progress) == ("done", Stage.PLANNED, "")
    assert (plan.waves, plan.days) == ([12, 12], ["2026-04-01", "2026-06-01"])
    assert (plan.starts_on, plan.ends_on, plan.planned_on) == (date(2026, 4, 1), date(2026, 6, 1), date(2026, 3, 31))
    assert (plan_hash(read), read.position, read.design.seed) == (plan.hash, plan.position, 7)
    assert [(one.organization, one.wave) for one in partners_of(plan)] == [
        (one.candidate.organization, one.wave) for one in read.partners
    ]
    with act_for_owner("harbor"):
        acts = AuditEntry.objects.filter(subject=planned.pk).order_by("number")
        assert list(acts.values_list("action", "actor")) == [
            ("experiment.ask", "manager"),
            ("experiment.draw", "manager"),
        ]
        assert acts[1].detail == {"hash": plan.hash}
    assert drawn(planned).plan.made_at == plan.made_at


def test_nobody_changes_a_plan(planned: Experiment) -> None:
    with act_for_owner("harbor"), pytest.raises(DatabaseError), transaction.atomic():
        ExperimentPlan.objects.filter(pk=planned.plan.pk).update(hash="sha256:another")
    with act_for_owner("harbor"), pytest.raises(DatabaseError), transaction.atomic():
        ExperimentPlan.objects.filter(pk=planned.plan.pk).delete()
    with act_for_owner("harbor"), pytest.raises(IntegrityError), transaction.atomic():
        ExperimentPlan.objects.create(**{**_copied(planned.plan), "id": "another"})
    with act_for_owner("harbor"):
        assert ExperimentPlan.objects.get(pk=planned.plan.pk).hash == planned.plan.hash


def _copied(plan: ExperimentPlan) -> dict[str, Any]:
    return {field.attname: getattr(plan, field.attname) for field in ExperimentPlan._meta.concrete_fields}


# --- looking -------------------------------------------------------------------------------------------------------------


def looked(row: Experiment, *, last: str = "") -> KeptCard:
    with acting("manager") as actor:
        written = {"experiment": row.pk, "last": last}
        card = ask_for_card(Program.objects.get(pk=PROGRAM), QUESTIONS["experiment"], actor=actor, written=written)
    compute_card(card.pk, owner="harbor")
    with act_for_owner("harbor"):
        return KeptCard.objects.select_related("program").get(pk=card.pk)


def test_there_is_nothing_to_look_at_before_the_first_month_is_over(planned: Experiment, settings: Any) -> None:
    with pytest.raises(
        RefusedError, match=r"begins on 1 April 2026\. There is a whole month to look at from 1 May 2026 on\."
    ):
        looked(planned)
    answer = signed_in("manager").post(f"{LIST}{planned.pk}/look/", follow=True)
    assert "There is a whole month to look at from 1 May 2026 on." in answer.content.decode()
    settings.SWINGBY_TODAY = date(2026, 4, 30)
    assert stage_of(planned) is Stage.RUNNING
    with pytest.raises(RefusedError, match="Which experiment"):
        looked(Experiment(pk="harbor-program-refused"))


def test_the_card_of_an_experiment_says_what_the_lot_shows(planned: Experiment, settings: Any) -> None:
    drawn_first = {one.organization: 1.5 for one in partners_of(planned.plan, wave=1)}
    settings.SWINGBY_TODAY = date(2026, 6, 10)
    sell(24, range(4, 6), larger=drawn_first)
    card = looked(planned)

    assert (card.state, card.question, card.words) == (
        "done",
        "experiment",
        "Does the new portal raise deal size, as the lot fell?",
    )
    assert (card.verdict, stage_of(planned)) == ("shown", Stage.ENDED)
    assert card.card["decision"].startswith("Stop: it works.")
    checks = {check["name"]: check["result"] for check in card.card["checks"]}
    assert (checks["plan and lot"], checks["past as it was"]) == ("passed", "passed")
    page = signed_in("executive").get(f"{LIST}{planned.pk}/").content.decode()
    assert card.sentence.replace("'", "&#x27;") in page
    paper = signed_in("executive").get(f"/console/harbor/evidence/{card.pk}/paper/")
    assert (paper.status_code, paper.content[:5]) == (200, b"%PDF-")
    assert f"{LIST}{planned.pk}/" in signed_in("manager").get(f"/console/harbor/evidence/{card.pk}/").content.decode()


@pytest.mark.parametrize("is_changed", [False, True])
def test_only_a_past_that_was_changed_is_noticed(planned: Experiment, settings: Any, *, is_changed: bool) -> None:
    settings.SWINGBY_TODAY = date(2026, 6, 10)
    sell(24, range(4, 6))
    with act_for_owner("harbor"), connection.cursor() as cursor:
        # What comes in later about days before stands at a later position, and was not known when it was planned.
        _sell(cursor, take_position("harbor", batch="late"), "many-0", (0, 3, 0), 9.0, deal="late")
        if is_changed:
            cursor.execute("UPDATE fact_deals SET amount = 2 * amount WHERE deal = 'many-0-3-0'")
    checks = {check["name"]: check["result"] for check in looked(planned).card["checks"]}
    assert checks["past as it was"] == ("failed" if is_changed else "passed")


def test_a_card_of_an_experiment_is_shared_as_others_are(planned: Experiment, settings: Any) -> None:
    settings.SWINGBY_TODAY = date(2026, 6, 10)
    sell(24, range(4, 6))
    card = looked(planned)
    assert card.verdict == "not shown"
    with acting("manager"):
        told = partners_card(card)
    assert (told.decision, told.notes) == ("", ())
    assert [check.name for check in told.checks if "biggest" in check.name] == []


# --- pages ---------------------------------------------------------------------------------------------------------------


def text_of(address: str, *, by: str = "manager") -> str:
    answer = signed_in(by).get(address)
    assert answer.status_code == 200
    found: str = answer.content.decode()
    return found


def test_the_list_says_how_far_each_is() -> None:
    page = text_of(LIST)
    order = [page.index(f'id="{stage}-title"') for stage in ("running", "planned", "refused")]
    assert order == sorted(order)
    assert "24 partners in 2 waves, compared from 1 October 2025 until 1 April 2026." in page
    assert "An effect of 11 % is seen in 80 of 100 such experiments." in page
    assert "The smallest wave would have 4 partners; 10 are needed." in page
    assert 'id="ended-title"' not in page
    assert "Plan an experiment" in page


def test_an_executive_reads_and_is_offered_nothing_to_do() -> None:
    assert "Plan an experiment" not in text_of(LIST, by="executive")
    page = text_of(f"{LIST}{KEY}/", by="executive")
    assert "Look now" not in page
    assert "Look now" in text_of(f"{LIST}{KEY}/")


def test_an_experiment_that_is_over_stands_under_ended(settings: Any) -> None:
    settings.SWINGBY_TODAY = date(2026, 4, 1)
    page = text_of(f"{LIST}?stage=ended")
    assert "Does the first training raise deal size, as the lot fell?" in page
    assert 'id="planned-title"' not in page
    assert "All experiments" in page


def test_the_page_of_a_plan_shows_the_hash_the_waves_and_who_takes_part() -> None:
    with act_for_owner("harbor"):
        plan = ExperimentPlan.objects.get(experiment_id=KEY)
    page = text_of(f"{LIST}{KEY}/")

    assert plan.hash in page
    assert "24 partners were drawn into 2 waves. They are compared from 1 October 2025 until 1 April 2026" in page
    assert "At the end of each of 6 months, for the first time on 31 October 2025" in page
    assert "Invite nobody else before 1 April 2026, when the next wave begins." in page
    assert "Stop at the first month whose range lies above zero." in page
    assert "Tarn Example" in page
    assert "1 to 24 of 24." in page
    first = text_of(f"{LIST}{KEY}/?wave=1")
    assert "1 to 12 of 12." in first
    assert sum(f">{one.organization}<" in first for one in partners_of(plan, wave=2)) == 0


@pytest.mark.parametrize("query", ["?wave=99", "?from=9999999", "?wave=x&from=-1", "?from=400"])
def test_addresses_that_say_nonsense_show_a_page(query: str) -> None:
    assert signed_in("manager").get(f"{LIST}{KEY}/{query}").status_code == 200
    assert signed_in("manager").get(f"{LIST}{query}&stage=none").status_code == 200


def test_the_file_is_the_plan_that_the_command_line_reads() -> None:
    answer = signed_in("executive").get(f"{LIST}{KEY}/file/")
    text = answer.content.decode()
    found = json.loads(text)

    assert answer.headers["Content-Disposition"] == (
        'attachment; filename="does-the-first-training-raise-deal-size-as-the-lot-fell.json"'
    )
    assert read_plan(text, registered=found["hash"]) == example_plan(PROGRAM)


def test_whoever_draws_twice_is_told_so() -> None:
    with act_for_owner("harbor"):
        plain = Program.objects.get(pk=PROGRAM)
        keep_experiment(plain, "another-lot", plan=example_plan(PROGRAM, design=DESIGN))
    assert "There are 3 plans that ask this." in text_of(f"{LIST}{KEY}/")


def test_a_lot_that_is_drawn_says_so_and_asks_again_by_itself() -> None:
    answer = signed_in("manager").post(f"{LIST}plan/", COMING, follow=True)
    address = answer.request["PATH_INFO"]
    assert "The lot is being drawn." in answer.content.decode()
    assert "Waits for its turn" in answer.content.decode()
    assert "HX-Refresh" not in signed_in("manager").get(f"{address}progress/").headers
    draw_experiment(address.rstrip("/").rpartition("/")[2], owner="harbor")
    assert signed_in("manager").get(f"{address}progress/").headers["HX-Refresh"] == "true"


def test_a_mistake_stands_on_the_form_with_what_was_written() -> None:
    answer = signed_in("manager").post(f"{LIST}plan/", {**COMING, "start": "2026-06-03", "said": "<b>coaching</b>"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "it begins a month. Write 2026-06-01 or another first day." in page
    assert "&lt;b&gt;coaching&lt;/b&gt;" in page


def test_many_experiments_are_read_in_parts(django_assert_max_num_queries: Any) -> None:
    with act_for_owner("harbor"):
        program = Program.objects.get(pk=PROGRAM)
        for nth in range(30):
            keep_experiment(program, f"refused-{nth:02}", plan=None, progress=f"Reason {nth}.")
    client = signed_in("manager")
    with django_assert_max_num_queries(45):
        page = client.get(LIST).content.decode()
    assert "Older ones, of 31 in all" in page
    alone = text_of(f"{LIST}?stage=refused&from=25")
    assert alone.count('class="row-link"') == 6


def test_a_partner_finds_nothing_of_it() -> None:
    for address in (LIST, f"{LIST}{KEY}/", f"{LIST}{KEY}/file/"):
        assert signed_in("partner-admin").get(address).status_code == 404
