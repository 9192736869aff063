from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from swingby.web.console.version_pages import Question, movers_file
from swingby.web.domain.kept_comparisons import compute_comparison
from swingby.web.models import ComparisonState, Enrolment, Organization, ProposedVersion, VersionComparison
from swingby.web.tenancy import act_for_owner
from tests.web.acting import acting, signed_in
from tests.web.domain.proposing import LETTER, act, announced, drafted, sent, text_of

pytestmark = pytest.mark.django_db
VERSIONS = "/console/harbor/versions/"


def _address(proposed: ProposedVersion) -> str:
    return f"{VERSIONS}{proposed.pk}/"


def test_an_upload_leads_to_what_it_does_in_words() -> None:
    answer = signed_in("manager").post(
        VERSIONS,
        {"program": "harbor-program", "files": SimpleUploadedFile("program.yaml", text_of().encode())},
        follow=True,
    )

    assert answer.context["page"].difference == (
        ("Tiers and what they ask for", ("Tier “gold”, asks for, Points: before, at least 40; now, at least 60.",)),
        ("The program as a whole", ("Program, holds from: before, 1 January 2025; now, 1 August 2026.",)),
        ("Words that change no result", ("Program, version: before, 1; now, 2.",)),
    )
    assert answer.context["page"].acts == {"try", "show", "ask", "withdraw"}


def test_mistakes_stand_beside_their_lines_and_are_kept() -> None:
    wrong = text_of().replace("at_least: 20", "at_leest: 20")
    answer = signed_in("manager").post(
        VERSIONS,
        {"program": "harbor-program", "files": SimpleUploadedFile("program.yaml", wrong.encode())},
        follow=True,
    )
    lines = [line for excerpt in answer.context["page"].excerpts for line in excerpt.lines]
    number = next(nth for nth, text in enumerate(wrong.split("\n"), start=1) if "at_leest" in text)

    assert [line.number for line in lines if line.issues] == [number]
    assert [line.number for line in lines] == list(range(number - 2, number + 3))
    assert 'no key "at_leest"' in answer.content.decode().replace("&quot;", '"')
    assert answer.context["page"].acts == {"withdraw"}


@pytest.mark.parametrize(
    ("name", "content"), [("a.zip", b"PK\x03\x04nothing"), ("a.txt", b"x"), ("program.yaml", b"\xff\xfe\x00")]
)
def test_what_is_no_program_keeps_nothing_and_says_so(name: str, content: bytes) -> None:
    client = signed_in("manager")
    before = len(client.get(VERSIONS).context["page"].proposals)
    answer = client.post(VERSIONS, {"program": "harbor-program", "files": SimpleUploadedFile(name, content)})

    assert answer.status_code == 422
    assert answer.context["refused"]
    assert len(answer.context["page"].proposals) == before


def test_never_just_publish() -> None:
    page = signed_in("manager").get(_address(drafted())).content.decode()

    assert [word for word in ("Try unseen", "Show partners", "Ask for second approval") if word in page] == [
        "Try unseen",
        "Show partners",
        "Ask for second approval",
    ]
    assert "Publish<" not in page


def test_the_letter_begins_with_what_partners_notice_and_from_which_day() -> None:
    letter = signed_in("manager").get(_address(drafted())).context["page"].letter

    assert letter.split("\n\n") == [
        "Dear partner,",
        "from 1 August 2026 version 2 of Harbor Example program holds.",
        "What changes on 1 August 2026:\n- Gold asks for Points: at least 60 instead of at least 40.",
        "What it means for you, as you stand today, is shown above this letter in your portal.",
        "Your partner success manager answers your questions.",
    ]


def test_who_may_not_change_reads_and_is_offered_no_act() -> None:
    proposed = drafted()
    page = signed_in("executive").get(_address(proposed)).content.decode()

    assert 'name="act"' not in page
    assert "/compare/" not in page


def test_the_second_person_approves_by_the_button_and_the_first_is_refused() -> None:
    proposed = drafted()
    act(proposed, "ask", letter=LETTER)
    refused = signed_in("manager").post(f"{_address(proposed)}act/", {"act": "approve"})
    approved = signed_in("second-manager").post(f"{_address(proposed)}act/", {"act": "approve"}, follow=True)

    assert refused.status_code == 403
    assert approved.context["page"].state == "approved"


@pytest.mark.parametrize(
    "data", [{}, {"act": "no such act"}, {"act": "return", "words": "a\0b"}, {"act": "take effect"}]
)
def test_an_act_that_cannot_be_changes_nothing(data: dict[str, str]) -> None:
    proposed = drafted()
    answer = signed_in("manager").post(f"{_address(proposed)}act/", data, follow=True)

    assert answer.context["page"].state == "draft"
    assert len(list(answer.context["messages"])) == 1


@pytest.mark.parametrize(
    "data",
    [
        {"first": "yesterday", "last": "2026-03-31"},
        {"first": "2026-03-31", "last": "2026-01-01"},
        {"first": "2026-01-01", "last": "2026-03-31", "price-nothing": "3"},
        {"first": "2026-01-01", "last": "2026-03-31", "price-a\0": "3"},
    ],
)
def test_a_comparison_that_cannot_be_says_why(data: dict[str, str]) -> None:
    proposed = drafted()
    answer = signed_in("manager").post(f"{_address(proposed)}compare/", data, follow=True)

    assert answer.context["page"].comparison is None
    assert len(list(answer.context["messages"])) == 1


def test_the_page_shows_progress_until_the_job_is_done_and_then_asks_for_itself_again() -> None:
    proposed = drafted()
    client = signed_in("manager")
    client.post(f"{_address(proposed)}compare/", {"first": "2026-01-01", "last": "2026-03-31"})
    before = client.get(f"{_address(proposed)}progress/")
    compute_comparison(before.context["comparison"].key, owner="harbor")
    after = client.get(f"{_address(proposed)}progress/")
    page = client.get(_address(proposed)).context["page"]

    assert ("HX-Refresh" in before.headers, after.headers["HX-Refresh"]) == (False, "true")
    assert (page.comparison.state, page.comparison.summary["headline"]) == (
        "done",
        "If nobody changed behaviour: none drop, none rise.",
    )


def test_a_partner_is_told_nothing_of_its_tier_before_it_was_worked_out() -> None:
    """It read that its tier stays, until the comparison that "Show partners" asks for had ended."""
    proposed = drafted()
    act(proposed, "show")
    address = f"/partner/harbor-program-tarn/changes/{proposed.pk}/"
    before = signed_in("partner-admin").get(address).content.decode()
    assert "still being worked out" in before
    assert "your tier stays" not in before
    with acting("manager"):
        waiting = VersionComparison.objects.filter(proposed=proposed).order_by("-pk").first()
    assert waiting is not None
    compute_comparison(waiting.pk, owner="harbor")
    after = signed_in("partner-admin").get(address).content.decode()
    assert "still being worked out" not in after


def test_the_notice_is_checked_before_anybody_is_told() -> None:
    page = (
        signed_in("manager")
        .get(_address(drafted(sent(text_of().replace("2026-08-01", "2026-05-01")))))
        .content.decode()
    )

    assert "60 days: not before 30 May 2026." in page
    assert "The first day is too early" in page


def _approved() -> ProposedVersion:
    proposed = drafted()
    act(proposed, "ask", letter=LETTER)
    act(proposed, "approve", by="second-manager")
    return proposed


def test_before_letters_go_out_it_is_asked_to_how_many_and_what_they_read() -> None:
    proposed = _approved()
    client = signed_in("manager")
    page = client.get(_address(proposed))
    refused = client.post(f"{_address(proposed)}act/", {"act": "announce"}, follow=True)
    fewer = client.post(f"{_address(proposed)}act/", {"act": "announce", "partners": "2"}, follow=True)
    done = client.post(f"{_address(proposed)}act/", {"act": "announce", "partners": "3"}, follow=True)

    assert page.context["page"].question == Question(partners=3, unread=0)
    assert "Send this letter to 3 partners" in page.content.decode()
    assert [str(one) for answer in (refused, fewer) for one in answer.context["messages"]] == [
        "The letter goes to 3 partners now. Read what they get, and confirm it again."
    ] * 2
    assert [answer.context["page"].state for answer in (refused, fewer, done)] == ["approved", "approved", "announced"]


def test_an_announced_version_is_withdrawn_by_the_button_and_the_partner_reads_why() -> None:
    proposed = announced()
    client = signed_in("manager")
    before = client.get(_address(proposed)).content.decode()
    client.post(f"{_address(proposed)}act/", {"act": "withdraw", "words": "Gold at 60 is too high."})
    after = client.get(_address(proposed)).content.decode()
    partner = signed_in("partner-admin")
    listed = partner.get("/partner/harbor-program-tarn/changes/").context["rows"]
    answer = partner.get(f"/partner/harbor-program-tarn/changes/{proposed.pk}/")

    assert "3 partners have the letter, and read these words." in before
    assert "Withdrawn after it was announced" in after
    assert [(row.state, row.waits_for_receipt) for row in listed if row.version == "2"] == [("Withdrawn", False)]
    assert (answer.context["page"].withdrawn_because, answer.context["page"].may_confirm) == (
        "Gold at 60 is too high.",
        False,
    )
    assert "The rules stay as they are." in answer.content.decode()
    assert "As you stand today" not in answer.content.decode()


def test_letters_and_receipts_are_counted() -> None:
    proposed = announced()
    client = signed_in("partner-admin")
    address = f"/partner/harbor-program-tarn/changes/{proposed.pk}/"
    shown = client.get(address).context["page"]
    client.post(f"{address}confirm/")
    page = signed_in("manager").get(_address(proposed)).context["page"]

    assert (shown.letter, shown.may_confirm) == (LETTER, True)
    assert (page.receipts, page.letters) == (1, 3)
    assert client.get(address).context["page"].confirmed_by == "Partner-admin"


def test_a_formula_in_a_name_is_no_formula_in_the_file() -> None:
    _many(drafted(), count=1, name="=HYPERLINK(1)")
    with acting("manager"):
        text = movers_file(ProposedVersion.objects.get(state="draft", version="2"))

    assert text.splitlines()[1].startswith("'=HYPERLINK(1),,level,Gold,Select,down,misses Points,")


def test_the_page_says_that_a_replay_starts_by_the_rules_alone_and_names_who_holds_another_tier() -> None:
    proposed = drafted()
    _many(proposed, count=1)
    with act_for_owner("harbor"):
        comparison = VersionComparison.objects.get(pk="comparison-1")
        differs = {"enrolment": "many-1-0", "by_rules": "Select", "held": "Gold", "because": "by exception"}
        tiers = [{"label": "Gold", "old": 35, "new": 31, "up": 0, "down": 4, "aside": 0}]
        said = {"tiers": tiers, "held_on": "2026-03-31", "held": [36], "differing": 1, "differ": [differs]}
        VersionComparison.objects.filter(pk="comparison-1").update(summary={**comparison.summary, **said})
    answer = signed_in("manager").get(_address(proposed))
    page, text = answer.context["page"].comparison, answer.content.decode()

    assert [(row.partner, row.url) for row in page.differ] == [
        ("Example partner", "/console/harbor/partners/many-1-0/")
    ]
    assert "Gold: 35 by the rules alone, 36 held on 31 March 2026." in text
    assert "Who holds another tier: 1 partner" in text


@pytest.mark.parametrize("path", ["", "movers", "list"])
def test_a_page_asks_as_often_for_300_partners_as_for_10(path: str) -> None:
    client, proposed = signed_in("manager"), drafted()
    address = {"": _address(proposed), "movers": f"{_address(proposed)}who-moves.csv", "list": VERSIONS}[path]
    counts = []
    for count in (10, 300):
        _many(proposed, count=count)
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(address)
        counts.append(len(asked))
        assert len(answer.content) < 150 * 1024

    assert counts[0] == counts[1]


def _many(proposed: ProposedVersion, *, count: int, name: str = "Example partner") -> None:
    """A finished comparison in which so many partners drop and are near a line."""
    with act_for_owner("harbor"):
        for number in range(count):
            key = f"many-{count}-{number}"
            organization = Organization.objects.create(id=key, name=name, registered_by="harbor", lineage=[key])
            Enrolment.objects.create(
                id=key, owner_id="harbor", partner=organization, program_id="harbor-program", joined_on=date(2025, 1, 1)
            )
        movers = [_mover(f"many-{count}-{number}") for number in range(count)]
        near = [
            {**row, "tier": "Gold", "label": "Points", "value": "61", "line": "60", "above": True} for row in movers
        ]
        VersionComparison.objects.filter(proposed=proposed).update(state=ComparisonState.FAILED)
        VersionComparison.objects.create(
            id=f"comparison-{count}",
            owner_id="harbor",
            proposed=proposed,
            kind="backtest",
            first=date(2025, 3, 31),
            last=date(2026, 3, 31),
            asked_at=f"2026-03-31T10:00:{count % 60:02}Z",
            state=ComparisonState.DONE,
            summary={
                "headline": "If nobody changed behaviour: many of them drop.",
                "movers": movers[:50],
                "moving": count,
                "near": near,
                "near_above": count,
                "near_below": 0,
                "money": "Bookings",
                "currency": "USD",
                "scenarios": {},
                "reviews": [],
            },
            movers=movers,
        )


def _mover(key: str) -> dict[str, object]:
    said = {"ladder": "level", "old": "Gold", "new": "Select", "direction": "down", "why": "misses Points"}
    return {"enrolment": key, **said, "money": "1200", "lost": None}
