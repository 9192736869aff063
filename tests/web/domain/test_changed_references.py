"""What a delivery says anew of organizations and enrolments that are known counts from then on."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.db import connection
from pytest_django.fixtures import Settings

from swingby.web.models import Enrolment, Organization, PortfolioRow, Upload
from tests.web.acting import ENROLMENT, acting
from tests.web.domain.test_uploads import _counts, _load, _send, _state

pytestmark = pytest.mark.django_db
ENROLMENTS = """\
files:
  - read: "*"
    as: enrolments
    columns: {enrolment: ID, organization: Partner, joined_on: From, ended_on: Until}
"""
ORGANIZATIONS = """\
files:
  - read: "*"
    as: organizations
    columns: {organization: ID, name: Name, region: Region}
"""


@pytest.fixture(autouse=True)
def files(settings: Settings, tmp_path: Path) -> Path:
    settings.SWINGBY_FILES = str(tmp_path)
    return tmp_path


def _sent(lines: str, mapping: str) -> str:
    return _send(lines.encode(), mapping=mapping)


def _enrolled(key: str) -> tuple[object, ...]:
    """From when until when, as pages read it and as the engine does."""
    with acting("operations"), connection.cursor() as cursor:
        row = Enrolment.objects.get(pk=key)
        cursor.execute("SELECT joined_on, ended_on FROM ref_enrolments WHERE enrolment = %s", [key])
        return (row.joined_on, row.ended_on), cursor.fetchone()


def test_the_end_of_an_enrolment_counts_everywhere_once_it_is_loaded() -> None:
    assert _enrolled(ENROLMENT) == ((date(2025, 3, 1), None), (date(2025, 3, 1), None))
    key = _sent(f"ID,Partner,From,Until\n{ENROLMENT},tarn,2025-03-01,2026-06-30\n", ENROLMENTS)
    counts = _counts(key)
    _load(key)

    assert (_state(key), counts) == (("loaded", ""), {"rows": 1, "changed": 1})
    assert _enrolled(ENROLMENT) == ((date(2025, 3, 1), date(2026, 6, 30)),) * 2
    with acting("operations"):
        assert Upload.objects.get(pk=key).touched == {"tarn": 1}


def test_what_a_delivery_says_nothing_of_stays_as_it_is_known() -> None:
    _load(_sent(f"ID,Partner,From,Until\n{ENROLMENT},tarn,2025-03-01,2026-06-30\n", ENROLMENTS))
    key = _sent(f"ID,Partner,From,Until\n{ENROLMENT},tarn,2025-03-01,\n", ENROLMENTS)
    counts = _counts(key)
    _load(key)

    assert counts == {"rows": 1, "same": 1}
    assert _enrolled(ENROLMENT) == ((date(2025, 3, 1), date(2026, 6, 30)),) * 2


def test_a_partner_that_comes_with_an_end_has_it_for_pages_and_for_the_engine() -> None:
    _load(_sent("ID,Name,Region\nnew-firm,New Firm Example,north\n", ORGANIZATIONS))
    _load(_sent("ID,Partner,From,Until\nnew-one,new-firm,2025-05-01,2026-05-01\n", ENROLMENTS))

    assert _enrolled("new-one") == ((date(2025, 5, 1), date(2026, 5, 1)),) * 2


def test_another_name_and_region_of_a_partner_are_shown_and_computed_with() -> None:
    with acting("operations"):
        Organization.objects.filter(pk="tarn").update(registered_by="harbor")
    key = _sent("ID,Name,Region\ntarn,Tarn Example,west\n", ORGANIZATIONS)
    _load(key)

    assert _state(key) == ("loaded", "")
    with acting("operations"), connection.cursor() as cursor:
        shown = PortfolioRow.objects.get(enrolment=ENROLMENT)
        cursor.execute(
            "SELECT name, region FROM ref_organizations WHERE owner_org = 'harbor' AND organization = 'tarn'"
        )
        assert [(shown.name, shown.region), *cursor.fetchall()] == [("Tarn Example", "west")] * 2


@pytest.mark.parametrize(
    ("table", "header", "before", "after"),
    [
        ("people", "person,country", "p-9,FR", "p-9,BE"),
        (
            "customers",
            "customer,country,market,won_on,name",
            "c-9,FR,retail,2025-01-01,One",
            "c-9,BE,retail,2025-01-01,Two",
        ),
        ("offices", "office,organization,name,country,region", "o-9,tarn,One,FR,north", "o-9,tarn,Two,FR,west"),
        ("products", "product,family,name", "x-9,one,One", "x-9,two,Two"),
        (
            "credential_types",
            "code,family,role,level,product,counts_until",
            "k-9,f,r,l,p,2026-01-01",
            "k-9,f,r,l,p,2027-01-01",
        ),
        ("exchange_rates", "currency,valued_on,rate", "XTS,2026-01-01,1.5", "XTS,2026-01-01,2.5"),
    ],
)
def test_every_list_is_written_anew(table: str, header: str, before: str, after: str) -> None:
    names = header.split(",")
    columns = ", ".join(f"{name}: {name}" for name in names)
    mapping = f'files:\n  - read: "*"\n    as: {table}\n    columns: {{{columns}}}\n'
    for row in (before, after):
        key = _sent(f"{header}\n{row}\n", mapping)
        _load(key)
        assert _state(key) == ("loaded", "")

    with acting("operations"), connection.cursor() as cursor:
        texts = ", ".join(f"{name}::text" for name in names)
        cursor.execute(
            f"SELECT {texts} FROM ref_{table} WHERE owner_org = 'harbor' AND {names[0]} = %s",
            [before.split(",", maxsplit=1)[0]],
        )
        ((*found,),) = cursor.fetchall()
    assert [word.rstrip("0") if "." in word else word for word in found] == after.split(",")
