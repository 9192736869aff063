"""The pages of evidence: what they show, in every state, and to whom."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from swingby.insight import Figure, card_data
from swingby.insight.cards import refused_card
from swingby.web.evidence.card_pages import card_view
from swingby.web.models import CardShare, KeptCard
from swingby.web.tenancy import act_for_owner
from tests.permissions.evidence import SETTINGS
from tests.web.acting import acting, signed_in

pytestmark = pytest.mark.django_db
ROOM = "/console/harbor/evidence/"
CARD = f"{ROOM}harbor-program-card/"


def text_of(address: str, *, by: str = "manager") -> str:
    answer = signed_in(by).get(address)
    assert answer.status_code == 200
    found: str = answer.content.decode()
    return found


def sent(address: str, data: dict[str, str], *, by: str = "manager") -> Any:
    return signed_in(by).post(address, data, follow=True)


def test_a_card_without_figures_has_no_empty_half() -> None:
    page = text_of(CARD)
    assert 'class="columns" data-split="even">\n<div class="stack">' in page
    with act_for_owner("harbor"):
        row = KeptCard.objects.get(pk=CARD.split("/")[-2])
        KeptCard.objects.filter(pk=row.pk).update(card={**row.card, "figures": [], "mind": []})
    page = text_of(CARD)
    assert page.index('class="columns">') < page.index("What was checked")


def test_a_range_in_a_table_is_not_broken() -> None:
    long = Figure("Cost", 1.23456e9, "money", -9.99e8, 1.2345e9, "USD")
    short = Figure("Won", 116_476, "money", 98_446, 134_507, "USD")
    card = replace(refused_card("Why?", "So."), figures=(short, long))
    assert [words.count(" ") for _, words in card_view(card_data(card)).figures] == [1, 3]


def test_numbers_of_deals_say_what_they_count_and_lead_to_how_many_there_are() -> None:
    """Three pages showed three totals of deals won; each was right, and none said of what."""
    plain = text_of(CARD)
    with act_for_owner("harbor"):
        row = KeptCard.objects.get(pk=CARD.split("/")[-2])
        counts = [*row.card["counts"], {"label": "deals won", "number": 23_040}]
        KeptCard.objects.filter(pk=row.pk).update(card={**row.card, "counts": counts})
    page = text_of(CARD)

    assert "Direct deals, deals outside of them" in page
    assert ('href="/console/harbor/evidence/#readiness-title"' in page, "How many there are in all" in plain) == (
        True,
        False,
    )
    assert "Deals are counted here once each" in text_of(ROOM)


def test_the_room_says_what_can_be_answered_and_what_was() -> None:
    page = text_of(ROOM)

    assert "Missing: lost deals. There: 120 deals won." in page
    assert "Looked at on 2 March 2026, from 1 April 2023 to 31 March 2026, at position 1." in page
    assert page.count("Did the first training raise deal size?") == 2
    assert "Decided: Keep, by An example, until 30 September 2026." in page
    assert "Decisions to look at again" not in page


def test_a_decision_whose_day_has_come_stands_first(settings: Any) -> None:
    settings.SWINGBY_TODAY = date(2026, 10, 1)
    page = text_of(ROOM)

    assert page.index("Decisions to look at again") < page.index("Ask")
    assert 'class="count"' in page


def test_operations_sees_what_is_missing_and_no_card() -> None:
    page = text_of(ROOM, by="operations")

    assert "Missing: lost deals." in page
    assert "Look again" in page
    assert "Did the first training" not in page


def test_finance_reads_only_what_tells_of_money() -> None:
    assert text_of(ROOM, by="finance").count("Did the first training raise deal size?") == 1


def test_the_form_states_what_is_usual_and_offers_what_can_be_asked_about() -> None:
    page = text_of(f"{ROOM}ask/effect/")

    assert 'value="2023-04-01"' in page
    assert 'value="2026-03-31"' in page
    assert "Activities: training (60 began, 60 never did)" in page
    assert "3 began" not in page


def test_a_refusal_stands_on_the_form_with_what_was_written() -> None:
    answer = sent(f"{ROOM}ask/effect/", {**SETTINGS, "outcome": "win rate"})
    wrong = sent(f"{ROOM}ask/effect/", {**SETTINGS, "first": "soon"})

    assert (answer.status_code, wrong.status_code) == (422, 422)
    assert "Your data cannot answer this. Missing: lost deals." in answer.content.decode()
    assert "From: this is no day. Write it as 2026-03-31." in wrong.content.decode()
    assert 'value="soon"' in wrong.content.decode()


def test_a_decision_that_is_refused_keeps_what_was_written() -> None:
    said = {"word": "change", "by_whom": "Ida Example", "until": "2020-01-01", "words": "Because & so."}
    answer = signed_in("manager").post(f"{CARD}decide/", said)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "This day is over. Choose a day to come." in page
    for kept in (
        'value="change" required checked',
        'value="Ida Example"',
        'value="2020-01-01"',
        "Because &amp; so.</textarea>",
    ):
        assert kept in page


def test_a_card_that_waits_says_so_and_asks_again_by_itself() -> None:
    answer = sent(f"{ROOM}ask/effect/", SETTINGS)

    assert "Waits for its turn" in answer.content.decode()
    assert "every 2s" in answer.content.decode()
    progress = signed_in("manager").get(f"{answer.request['PATH_INFO']}progress/")
    assert "HX-Refresh" not in progress.headers
    with act_for_owner("harbor"):
        KeptCard.objects.filter(state="waiting").update(state="failed", progress="It broke off.")
    assert signed_in("manager").get(f"{answer.request['PATH_INFO']}progress/").headers["HX-Refresh"] == "true"
    assert "It broke off." in text_of(answer.request["PATH_INFO"])


def test_a_card_shows_the_answer_with_the_naive_number_beside_it() -> None:
    page = text_of(CARD)

    for words in (
        "The first training raised deal size by 18",
        "Difference, not effect: partners with the act against all others",
        "What would change our mind",
        "Callaway and Sant&#x27;Anna (2021).",
        "Keep, by An example, until 30 September 2026",
        "from what had come in up to position 1",
    ):
        assert words in page
    assert page.count("<svg xmlns") == 2


def test_asking_again_begins_with_the_same_settings() -> None:
    page = text_of(f"{ROOM}ask/effect/?again=harbor-program-card")

    assert 'value="the first training"' in page
    assert '<option value="deal size" selected>' in page


def test_the_paper_is_the_same_card() -> None:
    answer = signed_in("executive").get(f"{CARD}paper/")

    assert answer.headers["Content-Type"] == "application/pdf"
    assert "did-the-first-training-raise-deal-size.pdf" in answer.headers["Content-Disposition"]
    assert answer.content.startswith(b"%PDF")


def test_sharing_shows_first_what_partners_would_read() -> None:
    page = text_of(f"{CARD}share/")

    assert "Figure: Effect without the biggest partner" in page
    assert "Sedge Example" in page
    answer = sent(f"{CARD}share/", {"with": "*"})
    assert "Shared with 1 partner." in answer.content.decode()
    with acting("manager"):
        assert CardShare.objects.filter(edition__kept_id="harbor-program-card", withdrawn_at=None).count() == 3


def test_a_partner_reads_its_card_and_its_paper() -> None:
    listed = text_of("/partner/harbor-program-tarn/evidence/", by="partner-member")
    card = text_of("/partner/harbor-program-tarn/evidence/harbor-program-tarn-shared/", by="partner-member")
    paper = signed_in("partner-member").get("/partner/harbor-program-tarn/evidence/harbor-program-tarn-shared/paper/")

    assert listed.count("Did the first training raise deal size?") == 1
    assert "The first training raised deal size by 18" in card
    assert "An example" not in card
    assert paper.content.startswith(b"%PDF")


def test_a_partner_without_cards_has_no_entry_in_its_navigation() -> None:
    assert "/evidence/" in text_of("/partner/harbor-program-tarn/", by="partner-admin")
    assert "/evidence/" not in text_of("/partner/harbor-program-sedge/", by="both-programs")


def test_older_cards_are_a_page_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("swingby.web.evidence.room_pages.MOST_CARDS", 1)

    assert "?from=1" in text_of(ROOM)
    assert "?from=" not in text_of(f"{ROOM}?from=1")
    assert "?from=1" in text_of(f"{ROOM}?from=²")
