"""Learning over the API: coverage and needs, proposals and their answers, and what only one person may read."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from swingby.web.models import CertificationNeed, LearningEvent
from tests.web.api.asking import get, post
from tests.web.enablement.firm import ADMIN, FIRM, MEMBER, certify, employ, key_of, of_the_firm

pytestmark = pytest.mark.django_db
FIRMS = f"/firms/{FIRM}"
LEARNING, OWN, CELLS = f"{FIRMS}/learning", f"{FIRMS}/learning/own", f"{FIRMS}/certifications"
MEI = key_of(MEMBER)


@pytest.fixture(autouse=True)
def mei_is_certified() -> None:
    employ(MEI)
    certify(MEI, "basics")


def tell(word: str, *, person: str = MEMBER, **more: object) -> Any:
    return post(OWN, {"word": word, "code": "expert", **more}, person=person)


def propose(word: str = "agree", *, learner: str = MEI, code: str = "expert", **headers: str) -> Any:
    return post(LEARNING, {"word": word, "learner": learner, "code": code}, person=ADMIN, **headers)


def plan(person: str = MEMBER) -> tuple[str, bool, list[str]] | None:
    found = get(OWN, person=person).json()["plans"]
    return next(((one["state"], one["by_lead"], one["acts"]) for one in found if one["code"] == "expert"), None)


def waiting() -> list[tuple[str, str, list[str]]]:
    found = get(LEARNING, person=ADMIN).json()["items"]
    return [(one["learner"], one["state"], one["acts"]) for one in found if one["code"] == "expert"]


def test_what_a_lead_proposes_is_accepted_begun_booked_and_passed() -> None:
    assert propose().status_code == 201
    assert (plan(), waiting()) == (("proposed", True, ["want", "drop"]), [(MEI, "proposed", [])])
    told = tell("want").json()
    assert (told["learner"], told["code"], told["kind"], told["told_by"]) == (MEI, "expert", "wanted", MEMBER)
    assert plan() == ("planned", False, ["start", "drop", "book"])
    tell("start")
    tell("book", exam_on="2026-04-20")
    assert plan() == ("exam booked", False, ["passed", "failed", "cancel"])
    tell("passed")
    (own,) = (one for one in get(OWN, person=MEMBER).json()["plans"] if one["code"] == "expert")
    assert (own["passed_on"], own["acts"]) == ("2026-03-31", ["drop"])


def test_a_proposal_is_declined() -> None:
    propose()
    tell("drop")

    assert (plan(), waiting()) == (None, [])


def test_a_wish_waits_for_the_answer_of_a_lead() -> None:
    tell("want")
    assert waiting() == [(MEI, "proposed", ["agree", "decline"])]
    propose("decline")
    assert waiting() == []


def test_coverage_counts_as_the_screen_does() -> None:
    found = get(CELLS, person=MEMBER).json()
    cells = {cell["code"]: cell for cell in found["items"]}

    assert (found["as_of"], found["people"], found["offices"], found["ahead_days"]) == ("2026-03-31", 1, ["north"], 90)
    assert cells["basics"]["held"] == 1
    assert cells["expert"] == {
        "code": "expert",
        "label": "Harbor Expert",
        "vendor": "harbor",
        "product": "harbor",
        "role": "engineering",
        "level": "advanced",
        "held": 0,
        "in_progress": 0,
        "lapsing": 0,
        "needed": 1,
        "missing": 1,
        "uncovered": 1,
        "hours": "40",
    }
    assert found["asks"] == [
        {
            "source": "Harbor Gold",
            "purpose": "keep",
            "label": "Experts",
            "codes": ["expert"],
            "people": 1,
            "held": 0,
            "lapsing": 0,
            "missing": 1,
            "spare": 0,
        }
    ]


def test_a_lead_reads_who_holds_it_and_who_could_take_it() -> None:
    basics, expert = (get(f"{CELLS}/{code}", person=ADMIN).json() for code in ("basics", "expert"))

    assert basics["holders"] == [{"learner": MEI, "name": "Partner-member", "until": "2027-06-01"}]
    assert (expert["held"], expert["holders"]) == (0, [])
    assert [(one["learner"], one["hours"], one["first"]) for one in expert["candidates"]] == [(MEI, "40", [])]
    assert get(f"{CELLS}/no-such", person=ADMIN).status_code == 404


def test_an_office_is_asked_for_nothing() -> None:
    found = get(f"{CELLS}?office=north", person=MEMBER).json()

    assert (found["office"], found["asks"], [cell["needed"] for cell in found["items"]]) == ("north", [], [0, 0])


def test_certifications_come_page_by_page() -> None:
    first = get(f"{CELLS}?limit=1", person=MEMBER).json()
    second = get(f"{CELLS}?limit=1&cursor={first['next']}", person=MEMBER).json()

    assert [cell["code"] for page in (first, second) for cell in page["items"]] == ["basics", "expert"]
    assert second["next"] is None


def test_needs_are_those_of_today() -> None:
    with of_the_firm():
        for source, first, last in (("over", 1, date(2026, 3, 31)), ("to come", 4, None)):
            CertificationNeed.objects.create(
                organization_id=FIRM, vendor="harbor", kind="deal", source=source, codes=["expert"], people=2,
                starts_on=date(2026, first, 1), ends_on=last,
            )  # fmt: skip
    found = get(f"{FIRMS}/needs", person=MEMBER).json()["items"]

    assert [(need["source"], need["kind"], need["codes"], need["people"]) for need in found] == [
        ("Harbor Gold", "keep", ["expert"], 1)
    ]


def test_a_vendor_reads_numbers_of_its_own_records_and_no_plan() -> None:
    tell("start")
    employ(MEI, owner="harbor")
    certify(MEI, "basics", owner="harbor")
    found = get("/partners/harbor-program-tarn/certifications").json()

    assert {cell["code"]: (cell["held"], cell["in_progress"]) for cell in found["items"]} == {
        "basics": (1, 0),
        "expert": (0, 0),
    }
    assert MEI not in str(found)


def test_a_failure_is_read_by_the_person_alone() -> None:
    tell("start")
    tell("failed")
    (own,) = (one for one in get(OWN, person=MEMBER).json()["plans"] if one["code"] == "expert")

    assert own["failures"] == ["2026-03-31"]
    assert "fail" not in get(LEARNING, person=ADMIN).content.decode()


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"word": "want", "code": "no-such"}, 422, "refused"),
        ({"word": "book", "code": "expert"}, 422, "refused"),
        ({"word": "book", "code": "expert", "exam_on": 20260420}, 422, "invalid"),
        ({"word": "agree", "code": "expert"}, 422, "invalid"),
        ({"word": "want", "code": "a\0b"}, 422, "invalid"),
        ({"word": "want"}, 422, "invalid"),
    ],
)
def test_what_cannot_be_told_is_refused(body: dict[str, Any], status: int, code: str) -> None:
    answer = post(OWN, body, person=MEMBER)

    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_lead_can_tell_nothing_to_nobody() -> None:
    answers = [propose(learner=learner) for learner in ("nobody", "both-programs-key")]

    assert [(each.status_code, each.json()["code"]) for each in answers] == [(422, "refused"), (422, "refused")]


def test_a_proposal_with_one_key_is_made_once() -> None:
    first, again = (propose(**{"Idempotency-Key": "once"}) for _ in range(2))
    other = propose("decline", **{"Idempotency-Key": "once"})
    with of_the_firm():
        kept = LearningEvent.objects.filter(learner=MEI, code="expert").count()

    assert (first.content, other.json()["code"], kept) == (again.content, "key-reused", 1)


def test_to_other_firms_there_is_nothing() -> None:
    for name in ("certifications", "needs", "learning", "learning/own"):
        assert get(f"/firms/sedge/{name}", person=ADMIN).status_code == 404
        assert get(f"{FIRMS}/{name}").status_code == 404
