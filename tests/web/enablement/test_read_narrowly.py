"""What is read for one page is what is read of everybody: people are left out who are in none of its numbers."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import date, timedelta

import pytest
from django.urls import reverse

from swingby.enablement import (
    PREPARING,
    Candidate,
    Catalogue,
    Records,
    Suggestion,
    coverage,
    holders_of,
    make_records,
    ways_for,
)
from swingby.web.clock import now, today
from swingby.web.domain.learning.catalogues import catalogue_of
from swingby.web.domain.learning.certification import CertificationOfFirm
from swingby.web.domain.learning.records import records_of, told_records
from swingby.web.domain.learning.steps import learning_of
from swingby.web.models import Learner, LearningEvent
from tests.web.acting import signed_in
from tests.web.enablement.firm import FIRM, LEAD, MEMBER, certify, employ, key_of, of_the_firm

pytestmark = pytest.mark.django_db
ROLES = ("engineering", "sales", "")
KINDS = ("wanted", "agreed", "started", "cancelled", "withdrawn")


def known() -> Catalogue:
    with of_the_firm():
        found = catalogue_of(FIRM)
    assert found is not None
    return found.catalogue


def draw_firm(seed: int, people: int = 60) -> None:
    """People in several roles, some gone, with credentials that run, lapse and lapsed, and what they told."""
    dice = random.Random(seed)
    codes = [*known().certifications, "unknown"]
    for number in range(people):
        person = f"drawn-{number:02}"
        if dice.random() < 0.9:
            gone = date(2026, 2, 1) if dice.random() < 0.2 else None
            employ(person, role=dice.choice(ROLES), office=dice.choice(("north", "south")), until=gone)
        for code in dice.sample(codes, dice.randrange(0, 3)):
            # Few days, so that the same happens to several people.
            since = date(2025, dice.choice((1, 6)), 1)
            certify(person, code, since=since, until=dice.choice((None, date(2026, 3, 1), date(2026, 5, 1))))
    with of_the_firm():
        LearningEvent.objects.bulk_create(
            LearningEvent(
                organization_id=FIRM,
                learner=f"drawn-{dice.randrange(people):02}",
                code=dice.choice(codes),
                kind=dice.choice(KINDS),
                day=date(2026, 3, 1) + timedelta(days=dice.randrange(20)),
                told_at=now(),
            )
            for _ in range(people)
        )


def ways_of_all(records: Records, catalogue: Catalogue, code: str) -> list[Suggestion]:
    """Everybody in the role who is not on the way, one after the other."""
    stays = {stay.person: stay for stay in records.stays if today() in stay.counted}
    role, found = catalogue.certifications[code].role, list[Suggestion]()
    for person, own in records.present(today()).items():
        life = own.get(code)
        if stays[person].role == role and not (life and life.preparing_on(today()) in PREPARING):
            found += ways_for(catalogue, own, Candidate(person, role), today(), codes=(code,))
    return found


def keys(found: Iterable[Suggestion]) -> list[tuple[str, str, tuple[str, ...], str]]:
    return sorted((way.person, str(way.hours), way.first, way.reason) for way in found)


@pytest.mark.parametrize("seed", range(3))
def test_one_certification_is_what_reading_everybody_says(seed: int) -> None:
    draw_firm(seed)
    catalogue, numbers = known(), 0
    with of_the_firm():
        everybody = records_of(FIRM, catalogue, today())
        here = everybody.present(today())
        cells = {cell.code: cell for cell in coverage(catalogue, here, everybody.needs, today())}
        for code in catalogue.certifications:
            found = CertificationOfFirm(FIRM, catalogue, code)
            holders = holders_of(catalogue.codes_for(code), here, today())
            assert found.cell() == cells[code]
            assert {person for person, _ in found.holders()} == holders
            assert {one.person for one in found.learners()} == {
                person for person, own in here.items() if code in own and own[code].preparing_on(today()) in PREPARING
            }
            assert keys(found.candidates()) == keys(ways_of_all(everybody, catalogue, code))
            numbers += len(holders) + len(found.candidates())
    assert numbers > 20


@pytest.mark.parametrize("seed", range(3))
def test_who_is_on_the_way_is_read_from_what_was_told_alone(seed: int) -> None:
    draw_firm(seed)
    with of_the_firm():
        everybody = learning_of(records_of(FIRM, known(), today()), FIRM, today())
        assert learning_of(told_records(FIRM, known(), today()), FIRM, today()) == everybody
        linked = set(Learner.objects.filter(organization_id=FIRM).values_list("key", flat=True))
        found = learning_of(told_records(FIRM, known(), today(), linked=True), FIRM, today())
    assert found == tuple(one for one in everybody if one.person in linked)
    assert everybody


def test_lives_of_the_same_events_are_the_lives_of_each() -> None:
    draw_firm(5)
    with of_the_firm():
        together = records_of(FIRM, known(), today())
        for person in together.lives:
            assert records_of(FIRM, known(), today(), people=[person]).lives[person] == together.lives[person]
    assert make_records((), (), known()).lives == {}


def test_who_waits_for_a_voucher_does_not_change_with_certificates_of_which_nobody_told() -> None:
    employ(key_of(MEMBER))
    client, address = signed_in(LEAD), reverse("learning:vouchers", args=[FIRM])
    before = client.get(address).context["page"].waiting
    certify(key_of(MEMBER), "expert", since=date(2025, 1, 1))
    assert [(line.code, line.state) for line in before] == [("basics", "In progress")]
    assert client.get(address).context["page"].waiting == before
