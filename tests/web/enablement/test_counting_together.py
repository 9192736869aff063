"""Partners counted many at a time: each as if it were alone, with as many statements as a few take."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from swingby.enablement import AHEAD, Stay, TierAsk, ask_standings, coverage, needs_of, tallies
from swingby.web.clock import today
from swingby.web.domain.errors import RefusedError
from swingby.web.domain.learning import partner_counting
from swingby.web.domain.learning.catalogues import take_catalogue
from swingby.web.domain.learning.counting import standings_changed
from swingby.web.domain.learning.partner_counting import count_partners, kept_catalogue
from swingby.web.domain.learning.records import newest_position, offices_everywhere, partner_records
from swingby.web.domain.learning.vendors import partner_asks, vendor_catalogue
from swingby.web.domain.live import organizations_of
from swingby.web.domain.organizations import enrol_partner, register_organization
from swingby.web.models import Enrolment, Organization, PartnerCoverage, Program, ProgramVersion, Standing
from swingby.web.tenancy import act_for_owner
from tests.web.enablement.test_program_coverage import OWNER, certify, employ
from tests.web.many import add_partners

pytestmark = pytest.mark.django_db
JOINED, SOON = date(2025, 3, 1), date(2026, 5, 30)
CATALOGUE = """\
vendors: {harbor: Harbor Example}
roles: {engineering: Engineering, sales: Sales}
levels: {fundamentals: Fundamentals, advanced: Advanced}
certifications:
  basics: {label: Basics, vendor: harbor, role: engineering, level: fundamentals, valid: 24 months}
  expert: {label: Expert, vendor: harbor, role: engineering, level: advanced, valid: 12 months}
  master: {label: Master, vendor: harbor, role: engineering, level: advanced, valid: 12 months, counts_as: [expert]}
  bygone:
    {label: Bygone, vendor: harbor, role: sales, level: advanced, retired: {exams_until: 2025-09-01, counts_until: 2026-01-01}}
  going:
    {label: Going, vendor: harbor, role: sales, level: advanced, retired: {exams_until: 2026-01-01, counts_until: 2026-05-01}}
"""
RULES = """\
program: {id: NAME, label: Rules of NAME, language: 1, version: "1", effective: 2025-01-01, currency: USD}
measures:
  experts: {count: person, of: credentials, where: {role: engineering, level: advanced}, label: Experts}
  sellers: {count: person, of: credentials, where: {role: sales}, label: Sellers}
  beginners: {count: person, of: credentials, where: {code: basics}, label: Beginners}
ladders:
  level:
    tiers:
      - {id: member, requires: {measure: beginners, at_least: 1}}
      - {id: select, requires: {all: [{measure: experts, at_least: 2}, {measure: beginners, at_least: 3}]}}
      - {id: gold, requires: {all: [{measure: experts, at_least: 5}, {measure: sellers, at_least: 2}]}}
"""
#: By organization the one above it; those named in ``PROGRAMS`` are partners themselves.
TREE = {
    "north": None,
    "north-one": "north",
    "north-two": "north",
    "north-two-a": "north-two",
    "south": None,
    "south-one": "south",
    "empty": None,
    "lonely": None,
}
PROGRAMS: Mapping[str, tuple[str, ...]] = {
    "first": ("north", "north-two", "south", "lonely"),
    "second": ("north", "south-one", "empty"),
    "without-rules": ("south", "lonely"),
    "wrong-rules": ("north",),
}
HELD = {("first", "north"): "select", ("first", "south"): "member", ("second", "north"): "gold"}
#: Who worked where, since when and until when; the last place is where somebody is counted.
PLACES: Sequence[tuple[str, str, date, date | None]] = (
    ("ann", "north", date(2024, 1, 1), None),
    ("ben", "north-one", date(2024, 1, 1), None),
    ("cid", "north-two", date(2024, 1, 1), None),
    ("dot", "north-two-a", date(2024, 1, 1), None),
    ("eve", "north", date(2024, 1, 1), None),
    ("eve", "south", date(2025, 6, 1), None),  # Nobody reported that she left.
    ("fay", "south-one", date(2024, 1, 1), date(2025, 1, 1)),
    ("fay", "north-two", date(2025, 1, 1), None),
    ("gil", "south-one", date(2024, 1, 1), None),
    ("hal", "south", date(2024, 1, 1), date(2025, 12, 1)),  # Gone altogether.
    ("ida", "lonely", date(2026, 9, 1), None),  # Still to come.
    ("jon", "south", date(2024, 1, 1), None),
    ("jon", "north-one", date(2025, 6, 1), date(2025, 9, 1)),  # Left there; he is nowhere.
)
HOLDS: Mapping[str, Sequence[tuple[str, date]]] = {
    "ann": (("basics", date(2027, 1, 1)), ("expert", SOON)),
    "ben": (("master", date(2027, 1, 1)), ("unheard-of", date(2027, 1, 1))),
    "cid": (("expert", date(2026, 2, 1)), ("bygone", date(2027, 1, 1))),
    "dot": (("going", date(2027, 1, 1)),),
    "eve": (("expert", date(2027, 1, 1)), ("basics", SOON)),
    "fay": (("master", SOON),),
    "gil": (("basics", date(2027, 1, 1)), ("going", date(2027, 1, 1)), ("expert", date(2027, 1, 1))),
    "hal": (("expert", date(2027, 1, 1)),),
    "ida": (("basics", date(2027, 1, 1)),),
    "jon": (("basics", date(2027, 1, 1)),),
}
#: What a row says of a partner; the moment at which it was counted is the only other thing in it.
SAID = tuple(one.attname for one in PartnerCoverage._meta.concrete_fields if one.attname not in {"id", "counted_at"})


@pytest.fixture
def made() -> None:
    """A vendor's partners of every kind, none of which was counted."""
    with act_for_owner(OWNER):
        PartnerCoverage.objects.all().delete()
        take_catalogue(OWNER, {"all.yaml": CATALOGUE}, on=date(2026, 3, 1))
        for key, above in TREE.items():
            register_organization(key, name=key.capitalize(), registered_by=OWNER, parent=above)
        for name, partners in PROGRAMS.items():
            _enrol(name, partners)
        ended = Enrolment.objects.filter(program="without-rules", partner="lonely")
        ended.update(ended_on=date(2026, 1, 1))
    for person, organization, since, until in PLACES:
        employ(person, organization, since=since, until=until)
    for person, held in HOLDS.items():
        for code, until in held:
            certify(person, code, next(place[1] for place in PLACES if place[0] == person), until=until)


def _enrol(name: str, partners: Sequence[str]) -> None:
    program = Program.objects.create(id=name, owner_id=OWNER, name=name)
    texts = {"first": RULES, "second": RULES.replace("at_least: 2}", "at_least: 4}"), "wrong-rules": "program: {}"}
    if text := texts.get(name):
        ProgramVersion.objects.create(
            program=program,
            owner_id=OWNER,
            version="1",
            effective=date(2025, 1, 1),
            files={"program.yaml": text.replace("NAME", name)},
            hash=f"hash-of-{name}",
        )
    for partner in partners:
        enrolment = enrol_partner(program, partner=Organization.objects.get(pk=partner), joined_on=JOINED)
        if held := HELD.get((name, partner)):
            _stand(enrolment, "member", day=date(2026, 1, 1))
            _stand(enrolment, held, day=date(2026, 3, 1))


def _stand(enrolment: Enrolment, tier: str, *, day: date, position: int = 1) -> None:
    version = ProgramVersion.objects.filter(program=enrolment.program).latest("id")
    Standing.objects.create(
        owner_id=OWNER,
        partner_id=enrolment.partner_id,
        enrolment=enrolment,
        as_of=day,
        position=position,
        program_version=version,
        program_hash=version.hash,
        engine_version="0",
        tier=tier,
        result={"tier": {"id": tier}, "held": {"level": tier}},
    )


def _rows() -> dict[str, dict[str, Any]]:
    with act_for_owner(OWNER):
        rows = PartnerCoverage.objects.filter(owner_id=OWNER)
        return {row.partner_id: {name: getattr(row, name) for name in SAID} for row in rows}


def _one_by_one() -> dict[str, dict[str, Any]]:
    partners = {each.partner_id for each in _running()}
    homes = _nearest(partners)
    return {partner: _alone(partner, homes) for partner in partners}


def _alone(partner: str, homes: Mapping[str, str]) -> dict[str, Any]:
    """What the functions for one partner, which its own page takes, say of it."""
    catalogue, day = vendor_catalogue(OWNER), today()
    enrolments = [each for each in _running() if each.partner_id == partner]
    organizations = sorted({one for each in enrolments for one in organizations_of(each)} | {partner})
    records = partner_records(OWNER, organizations, catalogue)
    asks = [ask for each in enrolments for ask in _asked(each)]
    here = records.present(day)
    own = [one for one in here if homes.get(_last_place(one)) == partner]
    cells = coverage(catalogue, here, needs_of(asks), day)
    counted = tallies(catalogue, (records.lives.get(one, {}) for one in own), day)
    standings = ask_standings(asks, records.lives, records.belonging(), day, ahead=AHEAD)
    listed = [cell for cell in cells if cell.code in counted or cell.needed]
    lacking = sorted(
        (one for one in standings if one.missing), key=lambda one: (one.ask.purpose != "keep", -one.missing)
    )
    return {
        "owner_id": OWNER,
        "partner_id": partner,
        "day": day,
        "position": newest_position(OWNER),
        "catalogue": kept_catalogue(OWNER),
        "is_due": False,
        "people": len(own),
        "codes": [cell.code for cell in listed],
        "held": [counted[cell.code].held if cell.code in counted else 0 for cell in listed],
        "lapsing": [counted[cell.code].lapsing if cell.code in counted else 0 for cell in listed],
        **{name: [getattr(cell, name) for cell in listed] for name in ("needed", "missing", "uncovered")},
        "to_keep": sum(one.missing for one in standings if one.ask.purpose == "keep"),
        "to_reach": sum(one.missing for one in standings if one.ask.purpose == "next"),
        "lacks": f"{lacking[0].ask.requirement.source}: {lacking[0].ask.label}" if lacking else "",
    }


def _running() -> list[Enrolment]:
    rows = Enrolment.objects.filter(owner_id=OWNER, ended_on=None).select_related("program")
    return list(rows.order_by("joined_on", "pk"))


def _asked(enrolment: Enrolment) -> tuple[TierAsk, ...]:
    try:
        return partner_asks(enrolment, vendor_catalogue(OWNER), today()).asks
    except RefusedError:
        return ()


def _last_place(person: str) -> str:
    here: list[Stay] = [stay for stay in offices_everywhere(OWNER, [person]) if today() in stay.counted]
    return here[0].firm if here else ""


def _nearest(partners: set[str]) -> dict[str, str]:
    """By organization the partner that its lineage names first."""
    rows = Organization.objects.values_list("pk", "lineage")
    nearest = {key: [one for one in lineage if one in partners] for key, lineage in rows}
    return {key: found[0] for key, found in nearest.items() if found}


@pytest.mark.parametrize("at_a_time", [1, 3, 100])
@pytest.mark.usefixtures("made")
def test_many_at_once_come_out_as_one_by_one(monkeypatch: pytest.MonkeyPatch, at_a_time: int) -> None:
    monkeypatch.setattr(partner_counting, "AT_A_TIME", at_a_time)
    assert count_partners(OWNER) is False
    with act_for_owner(OWNER):
        expected = _one_by_one()
    found = _rows()
    assert found == expected
    people = {
        partner: found[partner]["people"] for partner in ("north", "north-two", "south", "south-one", "empty", "lonely")
    }
    assert people == {"north": 2, "north-two": 3, "south": 1, "south-one": 1, "empty": 0, "lonely": 0}
    assert {partner for partner, row in found.items() if row["to_keep"]} == {"north"}


@pytest.mark.usefixtures("made")
def test_who_was_counted_once_is_counted_anew_as_one_by_one() -> None:
    count_partners(OWNER)
    employ("ann", "south-one", since=date(2026, 2, 1), position=5)
    certify("gil", "master", "south-one", position=6)
    with act_for_owner(OWNER):
        _stand(Enrolment.objects.get(program="second", partner="south-one"), "select", day=date(2026, 3, 2))
        standings_changed(OWNER, ["south-one"])
    assert count_partners(OWNER) is False
    with act_for_owner(OWNER):
        expected = _one_by_one()
    found = _rows()
    assert found == expected
    assert (found["north"]["people"], found["south-one"]["people"]) == (1, 2)


@pytest.mark.usefixtures("made")
def test_statements_do_not_grow_with_the_partners() -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert count_partners(OWNER) is False
        return len(queries)

    def more(first: int, count: int) -> None:
        add_partners(count, first=first)
        for number in range(first, first + count):
            employ(f"person-{number}", f"many-{number}")
            certify(f"person-{number}", "basics", f"many-{number}")

    count_partners(OWNER)
    more(0, 2)
    few = statements()
    more(2, 80)
    assert statements() == few


@pytest.mark.usefixtures("made")
def test_a_standing_that_comes_meanwhile_calls_the_partner_due_again(monkeypatch: pytest.MonkeyPatch) -> None:
    count_partners(OWNER)
    with act_for_owner(OWNER):
        PartnerCoverage.objects.filter(partner="south").update(is_due=True)

    def meanwhile(owner: str, people: list[str]) -> tuple[Stay, ...]:
        monkeypatch.setattr(partner_counting, "offices_everywhere", offices_everywhere)
        _stand(Enrolment.objects.get(program="first", partner="south"), "gold", day=today())
        standings_changed(owner, ["south"])  # The row is due at this moment: there is nothing to be said.
        return offices_everywhere(owner, people)

    before = _rows()
    monkeypatch.setattr(partner_counting, "offices_everywhere", meanwhile)
    assert count_partners(OWNER) is True
    assert _rows()["south"]["is_due"]
    assert count_partners(OWNER) is False
    with act_for_owner(OWNER):
        expected = _one_by_one()
    after = _rows()
    assert after == expected
    assert after["south"]["to_keep"] != before["south"]["to_keep"]
