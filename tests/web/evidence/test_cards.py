"""Asking for cards, keeping them as they were, deciding on them, and what partners read of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from swingby.insight import Count, Figure, Mark, Remaining, Series, answer_signs, card_data, card_from
from swingby.web.domain.cards.answering import ANSWERS
from swingby.web.domain.cards.asking import ask_for_card, usual_span
from swingby.web.domain.cards.computing import compute_card
from swingby.web.domain.cards.deciding import decide_on_card
from swingby.web.domain.cards.plain_words import in_plain_words
from swingby.web.domain.cards.questions import LOOK, QUESTIONS, Asked
from swingby.web.domain.cards.reading import card_before, cards_open_to, changes_since, due_decisions
from swingby.web.domain.cards.settings import SettingsError
from swingby.web.domain.cards.sharing import partners_card, share_card, withdraw_card, without_names
from swingby.web.domain.errors import NotAllowedError, RefusedError
from swingby.web.domain.telling import tell_many
from swingby.web.models import (
    AuditEntry,
    CardDecision,
    CardShare,
    Enrolment,
    KeptCard,
    Notification,
    NotificationKind,
    Organization,
    Program,
)
from swingby.web.tenancy import act_for_owner
from tests.insight.company import facts
from tests.insight.staying.test_cards import SIGNS, subscribed
from tests.permissions.evidence import CARD, SETTINGS, keep_card
from tests.web.acting import acting

pytestmark = pytest.mark.django_db
PROGRAM, KEY = "harbor-program", "harbor-program-card"
SPAN = {"first": "2025-01-01", "last": "2026-03-31"}
EXPOSED = {"last": "2026-03-31", "years": "3", "soon": "12", "part": ""}


def asked(asked: Asked, written: dict[str, str], *, by: str = "manager") -> KeptCard:
    with acting(by) as actor:
        return ask_for_card(Program.objects.get(pk=PROGRAM), asked, actor=actor, written=written)


def computed(row: KeptCard) -> KeptCard:
    compute_card(row.pk, owner="harbor")
    with acting("manager"):
        return KeptCard.objects.get(pk=row.pk)


def the_card(key: str = KEY) -> KeptCard:
    return KeptCard.objects.select_related("program").get(pk=key)


# --- asking --------------------------------------------------------------------------------------------------------------


def test_usually_one_looks_at_three_years_that_end_with_a_month() -> None:
    assert usual_span() == (date(2023, 4, 1), date(2026, 3, 31))


def test_every_question_has_its_answer_and_its_own_settings() -> None:
    assert {*QUESTIONS, LOOK.key} == set(ANSWERS)
    assert [key for key, one in QUESTIONS.items() if len(set(one.names)) != len(one.names)] == []
    assert sorted(key for key, one in QUESTIONS.items() if one.can_be_shared) == [
        "change",
        "effect",
        "experiment",
        "signs",
        "staying",
    ]


def test_a_card_is_computed_once_and_kept_with_what_it_stands_on() -> None:
    row = computed(asked(QUESTIONS["exposure"], EXPOSED))
    kept = card_data(card_from(row.card))

    assert (row.state, row.progress, row.verdict) == ("done", "", "cannot be answered from these data")
    assert (row.settings, row.program_version, row.position is not None) == (EXPOSED, "1", True)
    assert (row.words, row.sentence) == (kept["question"], kept["sentence"])
    compute_card(row.pk, owner="harbor")
    with acting("manager"):
        assert KeptCard.objects.get(pk=row.pk).finished_at == row.finished_at


def test_whether_it_would_have_been_won_anyway_is_looked_at_before_it_is_computed() -> None:
    written = {**SPAN, "part": "seller", "origin": "", "within": "7"}
    with pytest.raises(RefusedError, match="Missing: direct deals that were won"):
        asked(QUESTIONS["anyway"], written)
    with pytest.raises(RefusedError, match='deals has no column of words "nowhere"'):
        asked(QUESTIONS["anyway"], {**written, "origin": "nowhere"})


def test_readiness_is_kept_with_what_can_be_asked_about() -> None:
    row = computed(asked(LOOK, SPAN, by="operations"))

    assert (row.state, row.words) == ("done", "Which questions can these records answer?")
    assert {check["name"] for check in row.card["checks"]} >= {"exposure", "effect on deal size", "next quarter"}
    assert [sorted(act) for act in row.acts[:1]] in (
        [],
        [sorted(["kind", "column", "word", "begun", "never", "is_askable"])],
    )


def test_the_same_that_waits_is_asked_once() -> None:
    first, second = (asked(QUESTIONS["exposure"], EXPOSED) for _ in range(2))

    assert first.pk == second.pk
    assert asked(QUESTIONS["exposure"], {**EXPOSED, "years": "2"}).pk != first.pk


@pytest.mark.parametrize(
    ("written", "wrong"),
    [
        ({"years": ""}, {"years": "Years looked at: this is missing."}),
        ({"years": "many"}, {"years": "Years looked at: this is no number."}),
        ({"years": "1.5"}, {"years": "Years looked at: write a whole number from 1 to 20."}),
        ({"years": "NaN"}, {"years": "Years looked at: this is no number."}),
        ({"last": "yesterday"}, {"last": "To: this is no day. Write it as 2026-03-31."}),
        ({"last": "2026-04-01"}, {"last": "To: this day is still to come. Choose today or an earlier day."}),
        ({"part": "everybody"}, {"part": "Whose deals count: choose one of the list."}),
        ({"part": "x" * 200}, {"part": "Whose deals count: at most 120 characters."}),
    ],
)
def test_settings_that_cannot_be_are_refused_each_with_its_reason(
    written: dict[str, str], wrong: dict[str, str]
) -> None:
    with pytest.raises(SettingsError) as refused:
        asked(QUESTIONS["exposure"], {**EXPOSED, **written})
    assert refused.value.wrong == wrong


def test_what_the_data_cannot_answer_is_refused_before_it_is_computed() -> None:
    assert asked(QUESTIONS["effect"], SETTINGS).state == "waiting"
    with pytest.raises(RefusedError, match=r"cannot answer this. Missing: lost deals. .* Looked at on 2 March 2026."):
        asked(QUESTIONS["effect"], {**SETTINGS, "outcome": "win rate"})
    with pytest.raises(RefusedError, match="3 partners began with it and 117 never did"):
        asked(QUESTIONS["effect"], {**SETTINGS, "act": "activities:kind=visit"})
    with pytest.raises(SettingsError, match="choose one of the list"):
        asked(QUESTIONS["effect"], {**SETTINGS, "act": "activities:kind=other"})
    with pytest.raises(RefusedError, match="is not the first day of a month"):
        asked(QUESTIONS["effect"], {**SETTINGS, "first": "2023-04-02"})


def test_what_partners_did_is_chosen_from_what_was_looked_at() -> None:
    with act_for_owner("harbor"):
        KeptCard.objects.filter(pk="harbor-program-readiness").update(state="failed")
    with pytest.raises(RefusedError, match="Look first which questions your data can answer"):
        asked(QUESTIONS["effect"], SETTINGS)


def test_a_change_is_asked_of_a_version_that_has_one_before_it() -> None:
    written = {**SPAN, "version": "1", "outcome": "revenue", "part": "", "line": ""}
    with pytest.raises(SettingsError, match="there is none before it"):
        asked(QUESTIONS["change"], written)
    with pytest.raises(SettingsError, match="choose one of the list"):
        asked(QUESTIONS["change"], {**written, "version": "9"})


@pytest.mark.parametrize("person", ["executive", "finance", "operations", "success", "lead", "vendor-admin"])
def test_only_program_managers_ask(person: str) -> None:
    with pytest.raises(NotAllowedError):
        asked(QUESTIONS["exposure"], EXPOSED, by=person)


def test_what_breaks_off_says_so_and_can_be_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    row = asked(QUESTIONS["exposure"], EXPOSED)

    def broken(*_: object) -> Any:
        raise ZeroDivisionError

    monkeypatch.setattr("swingby.web.domain.cards.computing.answer", broken)
    with pytest.raises(ZeroDivisionError):
        compute_card(row.pk, owner="harbor")
    with acting("manager"):
        failed = KeptCard.objects.get(pk=row.pk)
    assert (failed.state, failed.progress.split(".")[0]) == ("failed", "It broke off")
    assert asked(QUESTIONS["exposure"], EXPOSED).pk != row.pk


def test_the_words_of_the_machine_are_not_kept() -> None:
    told = {"sentence": "Facts of deals", "checks": [{"words": "No fact, and a factor."}], "n": 1}

    assert in_plain_words(told) == {
        "sentence": "Records of deals",
        "checks": [{"words": "No record, and a factor."}],
        "n": 1,
    }


# --- reading, deciding ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("person", "cards"),
    [
        ("manager", {KEY, "harbor-program-card-of-shares"}),
        ("executive", {KEY, "harbor-program-card-of-shares"}),
        ("finance", {KEY}),
        ("operations", set()),
        ("success", set()),
        ("lead", set()),
        ("partner-admin", set()),
        ("other-vendor", set()),
    ],
)
def test_each_role_reads_its_cards(person: str, cards: set[str]) -> None:
    with acting(person) as actor:
        assert set(cards_open_to(actor, owner="harbor").values_list("pk", flat=True)) == cards


def test_asking_again_says_what_changed() -> None:
    later = date(2026, 3, 20)
    with act_for_owner("harbor"):
        told = card_data(replace(CARD, figures=(Figure("Effect", 0.1, "share", -0.02, 0.2), *CARD.figures[1:])))
        after = keep_card(
            Program.objects.get(pk=PROGRAM), "after", asked_at=f"{later}T09:00Z", position=7, verdict="not shown",
            card=told, settings={**SETTINGS, "first": "2024-01-01"},
        )  # fmt: skip
        after = the_card("after")
        keep_card(
            Program.objects.get(pk=PROGRAM), "other", asked_at=f"{later}T10:00Z", settings={**SETTINGS, "act": "x:y=z"}
        )
        before = card_before(after)

        assert before is not None
        assert before.pk == KEY
        assert card_before(the_card("other")) is None
        assert changes_since(after, before) == (
            "The verdict was shown and is now not shown.",
            "Effect: it was 18 % (11 % to 26 %) and is now +10 % (−2.0 % to +20 %).",
            "From: 2023-04-01 then, 2024-01-01 now.",
            "Your data went on from position 1 to 7.",
        )


def test_decisions_stand_beside_each_other_and_in_the_record() -> None:
    until = date(2026, 6, 30)
    with acting("manager") as actor:
        for word in ("test", "stop"):
            decide_on_card(the_card(), actor=actor, word=word, by_whom=" Ana ", until=until, words="Because.")
        row = the_card()
        assert (row.decision, row.decision_by, row.decision_until) == ("stop", "Ana", until)
        assert list(CardDecision.objects.filter(card=row).values_list("word", flat=True)) == ["stop", "test", "keep"]
        acts = AuditEntry.objects.filter(subject=KEY, action="card.decide").values_list("detail", flat=True)
        assert [one["word"] for one in acts] == ["test", "stop"]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"word": "wait"}, "Choose one"),
        ({"by_whom": " "}, "Say by whom"),
        ({"until": None}, "Say until when"),
        ({"until": date(2026, 3, 31)}, "This day is over"),
        ({"words": "x" * 2001}, "too long"),
    ],
)
def test_a_decision_says_what_by_whom_and_until_when(changes: dict[str, Any], reason: str) -> None:
    said = {"word": "keep", "by_whom": "Ana", "until": date(2026, 4, 1), **changes}
    with acting("manager") as actor, pytest.raises(RefusedError, match=reason):
        decide_on_card(the_card(), actor=actor, **said)
    with acting("executive") as actor, pytest.raises(NotAllowedError):
        decide_on_card(the_card(), actor=actor, **said)


def test_a_decision_is_due_when_its_day_has_come(settings: Any) -> None:
    with acting("manager") as actor:
        assert due_decisions(actor, owner="harbor") == 0
        settings.SWINGBY_TODAY = date(2026, 9, 30)
        assert due_decisions(actor, owner="harbor") == 1
        decide_on_card(the_card(), actor=actor, word="keep", by_whom="Ana", until=date(2026, 9, 30) + timedelta(days=1))
        assert due_decisions(actor, owner="harbor") == 0


# --- for partners --------------------------------------------------------------------------------------------------------


def test_partners_read_no_names_and_nothing_that_rests_on_few() -> None:
    with acting("manager"):
        told = partners_card(the_card())

    assert [one.label for one in told.figures] == [one.label for one in CARD.figures[:3]]
    assert [one.name for one in told.checks] == ["leads"]
    assert [(one.label, one.number) for one in told.counts] == [("partners studied", 120), ("that began", 60)]
    assert (told.notes, told.decision, told.sentence, told.picture) == ((), "", CARD.sentence, CARD.picture)


def test_names_are_found_whole_and_in_any_case() -> None:
    checked = [
        replace(one, words=words) for one, words in zip(CARD.checks, ("targets", "x", "by TARN example"), strict=True)
    ]
    told = without_names(replace(CARD, checks=tuple(checked)), ["Tarn Example", "tarn", "tar"])

    assert [one.words for one in told.checks] == ["targets"]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"sentence": "Tarn Example gained."}, "names a partner"),
        ({"about": "The largest partner."}, "names a partner"),
        ({"counts": (Count("that began", 9),)}, r"Fewer than 10 .*that began"),
        ({"sentence": "In the year since 25 ended just above it and 3 just below."}, "tells of fewer than 10"),
        ({"sentence": "If nobody changed behaviour: 4 of 1,105 Gold drop."}, "tells of fewer than 10"),
    ],
)
def test_an_answer_about_few_stays_ours(changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(RefusedError, match=reason):
        without_names(replace(CARD, **changes), ["Tarn Example"])


@pytest.mark.parametrize(
    "sentence",
    [
        "It rose by 3 % after 2 of 6 months.",
        "42 of 105 Gold drop, 10 just below.",
        "Of 8.5 partners 2024-01-03 just was.",
    ],
)
def test_months_shares_and_ten_are_no_few(sentence: str) -> None:
    assert without_names(replace(CARD, sentence=sentence), []).sentence == sentence


def test_a_few_partners_are_told_by_no_figure_and_no_picture() -> None:
    assert CARD.picture is not None
    few, many = (
        Figure(label, number, "count") for label, number in (("Just below it", 3.0), ("Just above the line", 25.0))
    )
    months = Figure("Paid back after so many months", 4.0, "count")
    series = Series("", (Mark(1, 25, 25, 25), Mark(-1, 3, 3, 3)))
    card = replace(CARD, figures=(few, many, months), picture=replace(CARD.picture, unit="count", series=(series,)))
    told = without_names(card, [])
    assert (told.figures, told.picture) == ((many, months), None)


def test_the_card_of_signs_names_nobody_and_can_be_shared() -> None:
    """Its method spoke of the largest area, which was taken for the largest partner."""
    with facts(subscribed()) as found:
        card = answer_signs(SIGNS, found)
    told = without_names(card, ["Ardenveil Group"])
    assert (told.sentence, told.figures) == (card.sentence, card.figures)


def test_a_curve_ends_where_fewer_than_ten_are_left() -> None:
    assert CARD.picture is not None
    curve = Series("all", tuple(Mark(x, 1, 1, 1) for x in range(4)), (Remaining(0, 30), Remaining(2, 9)))
    told = without_names(replace(CARD, picture=replace(CARD.picture, series=(curve,), form="steps")), [])

    assert told.picture is not None
    assert [mark.x for mark in told.picture.series[0].marks] == [0, 1]
    assert told.picture.series[0].at_risk == (Remaining(0, 30),)


@pytest.mark.parametrize("question", ["anyway", "exposure", "gaming", "return", "value", "forecast"])
def test_what_tells_of_single_partners_or_of_our_money_is_never_shared(question: str) -> None:
    with act_for_owner("harbor"):
        row = keep_card(Program.objects.get(pk=PROGRAM), "ours", question=question)
        with pytest.raises(RefusedError, match="stays ours"):
            partners_card(row)


def reads(person: str) -> set[str]:
    with acting(person):
        return set(CardShare.objects.values_list("pk", flat=True))


def test_a_card_is_shared_by_a_deliberate_act_and_taken_back() -> None:
    before = reads("both-programs")
    with acting("manager") as actor:
        sedge = list(Enrolment.objects.select_related("partner").filter(partner_id="sedge", program_id=PROGRAM))
        (share,) = share_card(the_card(), actor=actor, enrolments=sedge)
        assert share_card(the_card(), actor=actor, enrolments=sedge) == []
    assert reads("both-programs") == {*before, share.pk}
    for _ in range(2):
        tell_many("card", owner="harbor", key=KEY)
    with acting("both-programs"):
        (told,) = Notification.objects.filter(kind=NotificationKind.EVIDENCE, path__endswith=f"/evidence/{share.pk}/")
    assert told.words.startswith("An answer from evidence is shared with you: Did")
    assert sedge[0].partner.name not in told.words
    assert share.pk not in reads("partner-admin") | reads("other-partner") | reads("other-vendor")
    with acting("manager") as actor:
        assert withdraw_card(the_card(), actor=actor, share=share.pk) == 1
        assert AuditEntry.objects.filter(subject=KEY, action="card.withdraw", partner_id="sedge").count() == 1
    assert reads("both-programs") == before
    with acting("manager") as actor:
        withdraw_card(the_card(), actor=actor)
        with pytest.raises(RefusedError, match="No partner reads this card"):
            withdraw_card(the_card(), actor=actor)
    assert reads("partner-admin") == set()


def test_a_name_that_came_later_is_not_handed_on_with_an_older_edition() -> None:
    with acting("manager") as actor:
        Organization.objects.filter(pk="sedge-north").update(name="Both sides")
        with pytest.raises(RefusedError, match="from before names were added"):
            share_card(the_card(), actor=actor, enrolments=list(Enrolment.objects.filter(partner_id="sedge")))


def test_nobody_else_shares() -> None:
    with acting("executive") as actor, pytest.raises(NotAllowedError):
        share_card(the_card(), actor=actor, enrolments=list(Enrolment.objects.all()))
    with acting("manager") as actor, pytest.raises(RefusedError, match="Choose one partner"):
        share_card(the_card(), actor=actor, enrolments=[])
