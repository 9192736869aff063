"""Lists that come in as files: partners and who is in the program, names, days of completeness; other formats."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pytest
from django.db import connection
from pytest_django.fixtures import Settings

from swingby.web.models import CureDecision, Enrolment, Organization, Upload
from tests.web.acting import acting
from tests.web.domain.test_uploads import ACTIVITIES, MAPPING, _counts, _load, _send, _standing_facts, _state, _undo

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files(settings: Settings, tmp_path: Path) -> None:
    settings.SWINGBY_FILES = str(tmp_path)


def test_a_new_partner_comes_in_with_the_firm_above_it() -> None:
    firms = b"organization,parent,name,region\nfen-north,fen,Fen North,apac\nfen,,Fen Holding,apac\n"
    _load(_send(firms, name="organizations.csv", mapping=None))
    _load(_send(b"enrolment,organization,joined_on\nfen-1,fen-north,2026-02-01\n", name="enrolments.csv", mapping=None))
    with acting("operations"):
        row = Enrolment.objects.select_related("partner").get(pk="fen-1")
        assert (row.partner.name, row.partner.lineage, row.joined_on) == (
            "Fen North",
            ["fen-north", "fen"],
            date(2026, 2, 1),
        )
    key = _send(
        b"organization,kind,happened_on\nfen-north,plan_reviewed,2026-03-01\n", name="activities.csv", mapping=None
    )
    _load(key)
    with acting("operations"):
        assert list(Upload.objects.get(pk=key).touched) == ["fen-north"]


def test_what_a_list_says_otherwise_is_counted_and_written() -> None:
    key = _send(b"organization,name\ntarn,Tarn Renamed\n", name="organizations.csv", mapping=None)
    with acting("operations"):
        assert Organization.objects.get(pk="tarn").name == "Tarn Example"
    _load(key)

    assert _counts(key) == {"rows": 1, "changed": 1}
    with acting("operations"):
        assert Organization.objects.get(pk="tarn").name == "Tarn Renamed"


def test_other_names_in_a_file_are_remembered() -> None:
    _load(_send(b"name,organization\nTarn & Sons,tarn\n", name="organization_names.csv", mapping=None))
    with acting("operations"):
        found = CureDecision.objects.filter(reference="organization_names").values_list("value", "means")
        assert list(found) == [("tarn & sons", "tarn")]
    sales = b"distributor,reseller,happened_on\nsedge,TARN & sons,2026-03-01\n"
    key = _send(sales, name="point_of_sale.csv", mapping=None)
    _load(key)
    with acting("operations"), connection.cursor() as cursor:
        cursor.execute("SELECT organization, partner_org FROM fact_point_of_sale WHERE reseller = 'TARN & sons'")
        assert cursor.fetchall() == [("tarn", "tarn")]


COMPLETE = MAPPING + "    complete: {from: 2026-01-01, to: %s}\n"


def test_a_source_is_complete_for_longer_with_each_file() -> None:
    for until in ("2026-03-01", "2026-04-01"):
        _load(_send(ACTIVITIES, mapping=COMPLETE % until))
    with acting("operations"), connection.cursor() as cursor:
        cursor.execute(
            "SELECT complete_from, complete_to FROM ref_coverage WHERE owner_org = 'harbor' AND source = 'lms'"
        )
        assert cursor.fetchall() == [(date(2026, 1, 1), date(2026, 4, 1))]


def test_a_parquet_file_is_read_as_well(tmp_path: Path) -> None:
    file = tmp_path / "activities.parquet"
    with duckdb.connect() as database:
        query = "SELECT 'P1' AS fact_id, 'lms' AS source, 'tarn' AS organization, 'plan_reviewed' AS kind, DATE '2026-03-10' AS happened_on"
        database.execute(f"COPY ({query}) TO '{file}' (FORMAT parquet)")
    key = _send(file.read_bytes(), name="activities.parquet", mapping=None)
    assert _state(key) == ("checked", "")
    _load(key)

    # The file says itself which source its rows are of, but a guess does not take that for granted.
    assert _counts(key) == {"rows": 1, "new": 1}
    with acting("operations"), connection.cursor() as cursor:
        cursor.execute("SELECT happened_on FROM fact_activities WHERE owner_org = 'harbor' AND fact_id = 'P1'")
        assert cursor.fetchall() == [(date(2026, 3, 10),)]


PEOPLE = b"fact_id,organization,person,starts_on\nE1,tarn,mila,2025-06-01\n"


def test_a_partner_sees_what_its_new_colleague_brought_along() -> None:
    _load(
        _send(
            b"fact_id,person,code,starts_on\nC1,mila,harbor-catalogue,2026-01-10\n",
            name="credentials.csv",
            mapping=None,
        )
    )
    with acting("partner-admin"), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM fact_credentials WHERE fact_id = 'C1'")
        assert cursor.fetchone() == (0,)
    _load(_send(PEOPLE, name="employments.csv", mapping=None))
    with acting("partner-admin"), connection.cursor() as cursor:
        cursor.execute("SELECT partner_org FROM fact_credentials WHERE fact_id = 'C1'")
        assert cursor.fetchall() == [("tarn",)]


def test_after_an_undo_the_file_can_come_in_again() -> None:
    first = _send()
    _load(first)
    _undo(first)
    assert _standing_facts() == []
    again = _send(mapping=None)
    _load(again)

    assert _counts(again) == {"rows": 6, "new": 4, "wrong": 1, "repeated": 1}
    assert [row[1:] for row in _standing_facts()] == [
        ("2026-03-10", "tarn"),
        ("2026-03-11", "tarn"),
        ("2026-03-12", "tarn"),
        ("2026-03-12", None),
    ]
