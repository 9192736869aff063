"""What a practitioner does to lists that were loaded before, and what must not come of it."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import connection
from pytest_django.fixtures import Settings

from swingby.web.clock import today
from swingby.web.domain.organizations import enrol_partner, register_organization
from swingby.web.domain.uploading import handle_upload, reassess_touched
from swingby.web.models import Enrolment, Organization, PortfolioRow, Program, Standing, Upload
from swingby.web.tenancy import act_for_owner
from tests.web.acting import ENROLMENT, acting
from tests.web.domain.test_changed_references import ENROLMENTS, ORGANIZATIONS, _enrolled, _sent
from tests.web.domain.test_uploads import _counts, _load, _send, _state

pytestmark = pytest.mark.django_db
TREE = ORGANIZATIONS.replace("name: Name, region: Region", "parent: Above")
HEAD = "ID,Partner,From,Until\n"


@pytest.fixture(autouse=True)
def files(settings: Settings, tmp_path: Path) -> Path:
    settings.SWINGBY_FILES = str(tmp_path)
    return tmp_path


def _loaded(lines: str, mapping: str, **options: object) -> str:
    key = _sent(lines, mapping)
    _load(key, **options)
    assert _state(key) == ("loaded", "")
    return key


def _told(key: str) -> list[tuple[int, str, str]]:
    with acting("operations"):
        issues = Upload.objects.get(pk=key).issues
    return [(each["line"], each["column"], each["reason"]) for each in issues]


def _asked(query: str, *values: str) -> list[tuple[object, ...]]:
    with acting("operations"), connection.cursor() as cursor:
        cursor.execute(query, values)
        return list(cursor.fetchall())


# --- dates of an enrolment --------------------------------------------------------------------------------------------


def test_a_day_after_2100_takes_an_end_back() -> None:
    _loaded(f"{HEAD}{ENROLMENT},tarn,2025-03-01,2026-06-30\n", ENROLMENTS)
    key = _loaded(f"{HEAD}{ENROLMENT},tarn,2025-03-01,9999-12-31\n", ENROLMENTS)

    assert _counts(key) == {"rows": 1, "changed": 1}
    assert _enrolled(ENROLMENT) == ((date(2025, 3, 1), None),) * 2
    assert _counts(_sent(f"{HEAD}{ENROLMENT},tarn,2025-03-01,9999-12-31\n", ENROLMENTS)) == {"rows": 1, "same": 1}


def test_an_end_before_the_known_begin_is_a_wrong_row_where_it_stands() -> None:
    key = _loaded(f"{HEAD}{ENROLMENT},tarn,,2024-06-30\n", ENROLMENTS)

    assert _counts(key) == {"rows": 1, "wrong": 1}
    assert _told(key) == [(2, "Until", "With what is known already, it would end before it starts.")]
    assert _enrolled(ENROLMENT) == ((date(2025, 3, 1), None),) * 2


def test_who_left_in_the_past_stops_nobody_else_from_being_assessed() -> None:
    ended = today() - timedelta(days=40)
    key = _loaded(f"{HEAD}{ENROLMENT},tarn,2025-03-01,{ended}\n", ENROLMENTS)
    before = _asked("SELECT count(*) FROM standings WHERE enrolment = %s", ENROLMENT)
    reassess_touched(key, owner="harbor")

    assert _asked("SELECT count(*) FROM standings WHERE enrolment = %s", ENROLMENT) == before


def test_who_leaves_is_counted_before_the_load() -> None:
    key = _sent(f"{HEAD}{ENROLMENT},tarn,2025-03-01,{today() - timedelta(days=1)}\n", ENROLMENTS)
    with acting("operations"):
        moves = Upload.objects.get(pk=key).moves

    assert [(each["enrolment"], each["direction"], each["was"], each["now"]) for each in moves] == [
        (ENROLMENT, "down", "Member", "Left the program")
    ]


def test_a_partner_that_begins_again_under_another_id_is_told_which_id_it_has() -> None:
    _loaded(f"{HEAD}{ENROLMENT},tarn,2025-03-01,2025-12-31\n", ENROLMENTS)
    key = _loaded(f"{HEAD}tarn-again,tarn,2026-02-01,\n", ENROLMENTS)

    assert _counts(key) == {"rows": 1, "wrong": 1}
    assert _told(key) == [(2, "Partner", f"This partner is in the program already, under the id {ENROLMENT}.")]
    assert _asked("SELECT enrolment FROM ref_enrolments WHERE organization = 'tarn'") == [(ENROLMENT,)]

    _loaded(f"{HEAD}{ENROLMENT},tarn,2026-02-01,9999-12-31\n", ENROLMENTS)
    assert _enrolled(ENROLMENT) == ((date(2026, 2, 1), None),) * 2


def test_an_enrolment_never_becomes_another_partners() -> None:
    key = _loaded(f"{HEAD}{ENROLMENT},sedge,2025-03-01,\n", ENROLMENTS)

    assert _counts(key) == {"rows": 1, "wrong": 1}
    assert _told(key) == [(2, "Partner", "This id is known as another partner's.")]
    assert _asked("SELECT partner_org, organization FROM ref_enrolments WHERE enrolment = %s", ENROLMENT) == [
        ("tarn", "tarn")
    ]


def test_a_partner_that_nobody_knows_is_not_taken_in_silently_and_comes_in_once_it_is_known() -> None:
    key = _loaded(f"{HEAD}late-one,late-firm,2025-05-01,\n", ENROLMENTS)
    assert _counts(key) == {"rows": 1, "wrong": 1}
    _loaded("ID,Name,Region\nlate-firm,Late Firm Example,north\n", ORGANIZATIONS)
    _loaded(f"{HEAD}late-one,late-firm,2025-05-01,\n", ENROLMENTS)

    assert _enrolled("late-one") == ((date(2025, 5, 1), None),) * 2


def test_dates_of_a_partner_in_the_second_program_reach_that_program() -> None:
    with act_for_owner("harbor"):
        second = Program.objects.create(id="zz-second", owner_id="harbor", name="Second")
        enrol_partner(second, partner=Organization.objects.get(pk="tarn"), joined_on=date(2025, 4, 1), key="zz-tarn")
    _loaded(f"{HEAD}zz-tarn,tarn,2025-04-01,2026-05-01\n", ENROLMENTS)

    assert _enrolled("zz-tarn") == ((date(2025, 4, 1), date(2026, 5, 1)),) * 2
    assert _enrolled(ENROLMENT) == ((date(2025, 3, 1), None),) * 2


def test_the_same_row_twice_in_one_file_with_other_content_is_wrong_the_second_time() -> None:
    key = _loaded(f"{HEAD}{ENROLMENT},tarn,2025-03-02,\n{ENROLMENT},tarn,2025-03-03,\n", ENROLMENTS)

    assert _counts(key) == {"rows": 2, "changed": 1, "wrong": 1}
    assert _enrolled(ENROLMENT)[1] == (date(2025, 3, 2), None)


def test_who_is_held_stays_as_it_is_in_the_lists_too() -> None:
    row = f"{HEAD}{ENROLMENT},tarn,2025-03-01,2026-06-30\n"
    key = _loaded(row, ENROLMENTS, held=["tarn"])
    assert _enrolled(ENROLMENT) == ((date(2025, 3, 1), None),) * 2

    _load(key)
    assert _enrolled(ENROLMENT) == ((date(2025, 3, 1), date(2026, 6, 30)),) * 2


def test_two_loads_of_the_same_list_at_once_write_it_once() -> None:
    row = f"{HEAD}{ENROLMENT},tarn,2025-03-01,2026-06-30\n"
    one, two = _sent(row, ENROLMENTS), _sent(row, ENROLMENTS)
    _load(one)
    _load(two)

    assert (_counts(one), _counts(two)) == ({"rows": 1, "changed": 1}, {"rows": 1, "same": 1})
    with acting("operations"):
        assert [len(Upload.objects.get(pk=key).positions) for key in (one, two)] == [1, 0]


def test_a_job_that_runs_twice_changes_a_list_once() -> None:
    key = _loaded(f"{HEAD}{ENROLMENT},tarn,2025-03-01,2026-06-30\n", ENROLMENTS)
    before = _asked("SELECT count(*) FROM ref_positions WHERE owner_org = 'harbor'")
    handle_upload(key, owner="harbor", act="load")

    assert _asked("SELECT count(*) FROM ref_positions WHERE owner_org = 'harbor'") == before


# --- organizations ----------------------------------------------------------------------------------------------------


def _tree(lines: str) -> str:
    return _loaded(f"ID,Above\n{lines}", TREE)


def _lineages(*keys: str) -> list[list[str]]:
    with acting("operations"):
        return [Organization.objects.get(pk=key).lineage for key in keys]


def test_who_stands_below_an_organization_that_moves_moves_with_it() -> None:
    _tree("t-a,\nt-b,t-a\nt-c,t-b\nt-d,\n")
    assert _lineages("t-c") == [["t-c", "t-b", "t-a"]]
    key = _tree("t-b,t-d\n")

    assert _lineages("t-b", "t-c") == [["t-b", "t-d"], ["t-c", "t-b", "t-d"]]
    with acting("operations"):
        assert set(Upload.objects.get(pk=key).touched) == {"t-b", "t-a", "t-d"}


def test_a_parent_that_makes_a_ring_stays_out_and_is_told() -> None:
    _tree("r-a,\nr-b,r-a\n")
    key = _tree("r-a,r-b\n")

    assert _counts(key) == {"rows": 1, "same": 1}
    assert [(line, column) for line, column, _ in _told(key)] == [(2, "Above")]
    assert _lineages("r-a", "r-b") == [["r-a"], ["r-b", "r-a"]]
    assert _asked("SELECT organization, parent FROM ref_organizations WHERE organization LIKE 'r-%%' ORDER BY 1") == [
        ("r-a", None),
        ("r-b", "r-a"),
    ]


def test_a_ring_of_new_ones_and_one_with_itself_are_cut_at_one_place() -> None:
    _tree("n-a,n-b\nn-b,n-a\nn-c,n-c\n")

    rows = _asked("SELECT organization, parent FROM ref_organizations WHERE organization LIKE 'n-%%' ORDER BY 1")
    assert rows == [("n-a", None), ("n-b", "n-a"), ("n-c", None)]


def test_a_tree_that_would_become_too_deep_stays_where_it_stood() -> None:
    _tree("d-1,\nd-2,d-1\nd-3,d-2\nd-4,d-3\nd-5,d-4\nd-6,d-5\nd-7,d-6\ne-1,\ne-2,e-1\n")
    key = _tree("e-1,d-7\n")

    assert _counts(key) == {"rows": 1, "same": 1}
    assert [(line, column) for line, column, _ in _told(key)] == [(2, "Above")]
    assert _lineages("e-2") == [["e-2", "e-1"]]


def test_another_vendors_partner_is_renamed_for_this_vendor_alone_and_stays_so() -> None:
    with act_for_owner("fjord"):
        firm = register_organization("both", name="Both Example", registered_by="fjord", region="north")
    with act_for_owner("harbor"):
        program = Program.objects.filter(owner_id="harbor").earliest("pk")
        enrol_partner(program, partner=firm, joined_on=date(2025, 4, 1), key="both-here")
    _loaded("ID,Name,Region\nboth,Both As We Say,west\n", ORGANIZATIONS)
    _loaded(f"{HEAD}both-here,both,2025-03-02,\n", ENROLMENTS)

    assert _asked("SELECT name, region, registered_by FROM organizations WHERE id = 'both'") == [
        ("Both Example", "north", "fjord")
    ]
    with acting("operations"):
        shown = PortfolioRow.objects.get(enrolment="both-here")
    said = _asked("SELECT name, region FROM ref_organizations WHERE owner_org = 'harbor' AND organization = 'both'")
    assert [(shown.name, shown.region), *said] == [("Both As We Say", "west")] * 2


def test_an_id_that_is_taken_by_a_company_that_is_not_seen_is_told_and_nothing_is_written() -> None:
    with act_for_owner("fjord"):
        register_organization("unseen", name="Unseen Example", registered_by="fjord")
    key = _sent("ID,Name,Region\nfree-one,Free Example,north\nunseen,Other Example,north\n", ORGANIZATIONS)
    _load(key)

    assert _state(key) == ("checked", "The id unseen is taken by another company. Give this one another id.")
    assert _asked("SELECT organization FROM ref_organizations WHERE organization IN ('unseen', 'free-one')") == []


def test_a_name_that_two_partners_have_stands_for_neither() -> None:
    _loaded("ID,Name,Region\nsame-a,Same Example,north\nsame-b,Other Example,north\n", ORGANIZATIONS)
    _loaded("ID,Name,Region\nsame-b,Same Example,north\n", ORGANIZATIONS)
    sales = b"distributor,reseller,happened_on,amount,currency\ntarn,Same Example,2026-03-01,100,USD\n"
    key = _send(sales, name="point_of_sale.csv", mapping=None)

    assert [(column, reason[:25]) for _, column, reason in _told(key)] == [
        ("reseller", "No organization is known "),
        ("", "No rule in force asks for"),
    ]


# --- what else lists say ----------------------------------------------------------------------------------------------

OFFICES = (
    'files:\n  - read: "*"\n    as: offices\n    columns: {office: office, organization: organization, name: name}\n'
)


def test_an_office_that_another_partner_takes_over_is_seen_by_that_one_alone() -> None:
    _loaded("office,organization,name\no-1,tarn,One\n", OFFICES)
    key = _loaded("office,organization,name\no-1,sedge,One\n", OFFICES)

    assert _asked("SELECT partner_org, organization FROM ref_offices WHERE office = 'o-1'") == [("sedge", "sedge")]
    with acting("operations"):
        assert set(Upload.objects.get(pk=key).touched) == {"tarn", "sedge"}


RATES = 'files:\n  - read: "*"\n    as: exchange_rates\n    columns: {currency: currency, valued_on: day, rate: rate}\n'
CLAIMS = b"""organization,activity,happened_on,amount,currency
tarn,event,2026-03-01,100,XTS
sedge,event,2025-12-01,100,XTS
"""


def test_a_rate_touches_those_whose_amounts_it_is_for() -> None:
    _loaded("currency,day,rate\nXTS,2026-01-01,1.5\n", RATES)
    _load(_send(CLAIMS, name="claims.csv", mapping=None))
    key = _loaded("currency,day,rate\nXTS,2026-01-01,2.5\n", RATES)

    with acting("operations"):
        assert (_counts(key), Upload.objects.get(pk=key).touched) == ({"rows": 1, "changed": 1}, {"tarn": 1})
    reassess_touched(key, owner="harbor")
    with acting("operations"):
        (position,) = Upload.objects.get(pk=key).positions
        assert Standing.objects.filter(enrolment=ENROLMENT, position=position).exists()


def test_a_list_that_changes_nothing_takes_no_position() -> None:
    key = _loaded(f"{HEAD}{ENROLMENT},tarn,2025-03-01,\n", ENROLMENTS)

    with acting("operations"):
        assert Upload.objects.get(pk=key).positions == []
        assert Enrolment.objects.filter(pk=ENROLMENT).exists()
