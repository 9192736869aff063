"""A firm's people in the demonstration: what its files say is what its pages show."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
from django.urls import reverse

from swingby.generation.firm import company_file, generate_firm
from swingby.web import demo
from swingby.web.domain.kept_aftermaths import ask_for_aftermaths, known_aftermaths, work_out_aftermath
from swingby.web.domain.organizations import give_role, register_organization
from swingby.web.domain.queries.firm import firm_enrolments
from swingby.web.domain.queries.leavers import candidates, employed_of
from swingby.web.enablement.parts import AheadPage, CoveragePage
from swingby.web.models import BoardChoice, KeptAftermath, Learner, Membership, Person, Role, StudyCircle
from swingby.web.tenancy import Scope, open_scope
from tests.web.acting import acting, signed_in
from tests.web.demo.tiny import write_example
from tests.web.enablement.test_vendor import words

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
FIRM = "thornquay-consulting"
DESCRIBED = company_file("thornquay")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("demo") / "firm"
    generate_firm(place, DESCRIBED)
    return place


def enrol() -> None:
    """The firm is a partner of a vendor that was loaded before, with somebody who signs in."""
    with open_scope(Scope(owner_orgs=frozenset({"harbor"}), partner_orgs=frozenset({FIRM}))):
        register_organization(FIRM, name="Thornquay Consulting", registered_by="harbor")
        person = Person.objects.create_user("noor@thornquay.example", name="Noor Ballard", key="noor")
        give_role(person, organization=FIRM, role=Role.PARTNER_ADMIN)


def test_a_firm_that_is_no_partner_is_left_out(folder: Path) -> None:
    assert not demo.load_firm(folder, DESCRIBED)


def test_the_pages_show_what_the_firm_is_known_for(folder: Path) -> None:
    enrol()
    assert demo.load_firm(folder, DESCRIBED)
    assert not demo.load_firm(folder, DESCRIBED)
    client = signed_in("noor")
    page = client.get(reverse("learning:coverage", args=[FIRM])).context["page"]
    assert isinstance(page, CoveragePage)
    assert (page.people, page.held, page.empty, page.total, page.unknown) == (300, 812, 21, 72, 0)
    assert [one for one in words(page) if one.startswith("Quaysign Engineering, Advanced")] == [
        "Quaysign Engineering, Advanced: 3 held, 1 on the way, 4 needed"
    ]
    wanted = [one for one in words(page) if ": 0 held" in one and "needed" in one]
    assert len(wanted) == 9
    lapses = client.get(reverse("learning:ahead", args=[FIRM])).context["page"]
    assert isinstance(lapses, AheadPage)
    assert [(one.source, one.day) for one in lapses.falls] == [("Orrinstack Alliance Advanced", date(2026, 4, 30))]
    assert [one.last_day for one in lapses.resting][:2] == [date(2026, 5, 13)] * 2
    assert client.get(reverse("learning:mine", args=[FIRM])).context["page"].is_linked


def test_a_firm_whose_loading_broke_in_the_middle_comes_in_whole_the_next_time(folder: Path) -> None:
    enrol()
    broken = folder / "facts" / "zz-none" / "credentials.csv"
    broken.parent.mkdir()
    broken.write_text("nothing\nto read\n", encoding="utf-8")
    with pytest.raises(KeyError):
        demo.load_firm(folder, DESCRIBED)
    shutil.rmtree(broken.parent)

    assert demo.load_firm(folder, DESCRIBED)
    with open_scope(Scope(owner_orgs=frozenset({FIRM}), partner_orgs=frozenset({FIRM}))):
        assert min(Learner.objects.count(), BoardChoice.objects.count(), StudyCircle.objects.count()) > 0


def test_the_boards_show_the_year_that_the_firm_is_known_for(folder: Path) -> None:
    enrol()
    assert demo.load_firm(folder, DESCRIBED)
    client, place = signed_in("noor"), reverse("learning:boards", args=[FIRM])
    raw = client.get(place, {"period": "year", "by": "net"}).context["page"]
    assert [(row.rank, row.label, row.net) for row in raw.rows] == [
        (1, "Chicago", 82),
        (2, "Toronto", 76),
        (3, "Austin", 52),
        (4, "Monterrey", 45),
        (5, "Seattle", 22),
    ]
    assert client.get(place, {"period": "year", "by": "head"}).context["page"].rows[0].label == "Monterrey"
    assert len(client.get(place, {"of": "person"}).context["page"].people) >= 10
    teams = client.get(place, {"of": "team"}).context["page"]
    assert all(row.heads >= 10 for row in teams.rows)


def test_the_wall_has_examples_and_one_that_waits(folder: Path) -> None:
    enrol()
    assert demo.load_firm(folder, DESCRIBED)
    page = signed_in("noor").get(reverse("learning:wall", args=[FIRM])).context["page"]
    assert (len(page.lines), len(page.waiting)) == (3, 1)
    assert [line.thanking for line in page.lines].count("unthank") == 1
    assert all(line.why.startswith("An example: ") for line in (*page.lines, *page.waiting))


def test_study_groups_have_examples_and_one_to_join(folder: Path) -> None:
    enrol()
    assert demo.load_firm(folder, DESCRIBED)
    with open_scope(Scope(partner_orgs=frozenset({FIRM}))):
        member = min(Membership.objects.filter(organization_id=FIRM).values_list("person_id", flat=True))
    client = signed_in(member)
    page = client.get(reverse("learning:groups", args=[FIRM])).context["page"]
    assert len(page.mine) == 1
    group = client.get(page.mine[0].href).context["page"]
    assert (len(group.members), len(group.check_ins)) == (5, 3)
    assert all(line.words.startswith("An example: ") for line in group.check_ins)
    assert len(group.weeks) >= 6


@pytest.mark.proof
def test_the_same_people_are_known_to_every_vendor_under_one_key(folder: Path, tmp_path: Path) -> None:
    """The vendor that was loaded by itself had keys of its own; what if two left has an answer there too."""
    demo.load(write_example(tmp_path))
    assert demo.load_firm(folder, DESCRIBED)
    demo.load_firm_vendors(folder, DESCRIBED)
    with acting("p-noor-ballard") as actor:
        rows = list(firm_enrolments(on=date(2026, 3, 31)).select_related("partner"))
        found = candidates(rows, on=date(2026, 3, 31))
        known = employed_of(rows, [one.key for one in found], on=date(2026, 4, 1))
        harborline = next(row for row in rows if row.owner_id == "harborline")
        there = [one for one in found if one.key in known[harborline.pk]]
        assert all(one.name != one.key for one in there)
        people = sorted(one.key for one in there if one.programs > 1)[:2]
        assert len(people) == 2
        ask_for_aftermaths(rows, people, gone_on=date(2026, 4, 30), actor=actor)
        asked = list(KeptAftermath.objects.filter(people=people))
    mine = next(row for row in asked if row.enrolment_id == harborline.pk)
    work_out_aftermath(mine.pk, organization=FIRM)
    with acting("p-noor-ballard") as actor:
        answer = known_aftermaths(rows, people, gone_on=date(2026, 4, 30), actor=actor)[harborline.pk]
    assert (answer.state, answer.aftermath.unknown) == ("done", "")
