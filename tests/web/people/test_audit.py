"""The record of acts: read by admins, checked on request and by a command, also against heads kept elsewhere."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from swingby.web.domain.audit import record_act, record_owner_act
from swingby.web.domain.audit_checks import Chain, check_chains
from swingby.web.models import AuditEntry, Side
from tests.web.acting import acting, signed_in, the_enrolment

pytestmark = pytest.mark.django_db


def verify(*arguments: str) -> str:
    said = StringIO()
    call_command("verify_audit", *arguments, stdout=said)
    return said.getvalue()


def test_every_chain_of_the_small_world_is_whole() -> None:
    assert verify("harbor").startswith("6 chains with ")
    assert verify("harbor", "quay", "tarn").endswith("entries are whole.\n")


def test_heads_that_were_kept_show_what_was_cut_off_later(tmp_path: Path) -> None:
    heads = tmp_path / "heads.json"
    with acting("manager"):
        record_owner_act("harbor", actor="manager", action="test.first", subject="x")
    verify("harbor", "--heads", str(heads))
    with acting("manager"):
        record_owner_act("harbor", actor="manager", action="test.second", subject="x")
    verify("harbor", "--heads", str(heads))
    kept = json.loads(heads.read_text())
    number, _ = kept["harbor/harbor/vendor"]

    with acting("manager"):
        (chain,) = (each for each in check_chains("harbor") if each.name == "harbor/harbor/vendor")
        assert (chain.number, chain.breaks) == (number, ())
        later = {"harbor/harbor/vendor": (number + 1, "a hash that was there"), "quay/quay/vendor": (1, "not ours")}
        (cut,) = (each for each in check_chains("harbor", heads=later) if each.breaks)
        gone = check_chains("harbor", heads={"harbor/nobody/vendor": (3, "h")})[-1]
    assert cut.breaks == (f"Entry {number + 1}, the newest one when it was written down, is missing or was replaced.",)
    assert gone == Chain("harbor/nobody/vendor", 0, "", ("All of its entries are gone.",))


def test_an_entry_that_says_something_else_is_found_by_page_and_command() -> None:
    assert "The record is whole" in signed_in("vendor-admin").post("/audit/harbor/").content.decode()
    with acting("manager"):
        entry = record_act(the_enrolment(), side=Side.VENDOR, actor="manager", action="note.write", subject="n")
        entry.pk, entry.number, entry.previous_hash, entry.subject = None, entry.number + 1, entry.hash, "other"
        entry.save(force_insert=True)
    page = signed_in("vendor-admin").post("/audit/harbor/").content.decode()
    with pytest.raises(CommandError):
        verify("harbor")

    assert "The record was changed" in page
    assert f"harbor/tarn/vendor: Entry {entry.number} was changed after it was written." in page


def test_a_file_that_holds_no_heads_is_refused(tmp_path: Path) -> None:
    for text in ("", "[1]", '{"a": 1}', '{"a": ["x", 1]}'):
        (tmp_path / "heads").write_text(text)
        with pytest.raises(CommandError):
            verify("harbor", "--heads", str(tmp_path / "heads"))


def test_a_vendors_admin_reads_both_sides_a_partners_admin_its_own() -> None:
    with acting("manager"):
        record_act(the_enrolment(), side=Side.VENDOR, actor="manager", action="report.accept", subject="of-vendor")
    with acting("partner-admin"):
        record_act(the_enrolment(), side=Side.PARTNER, actor="partner-member", action="share.end", subject="of-partner")
    vendors = signed_in("vendor-admin").get("/audit/harbor/").content.decode()
    partners = signed_in("partner-admin").get("/audit/tarn/").content.decode()

    assert ("of-vendor" in vendors, "of-partner" in vendors) == (True, True)
    assert ("of-vendor" in partners, "of-partner" in partners) == (False, True)
    assert "Partner-member</b> ended sharing" in partners


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("about=report", {"r"}),
        ("who=manag", {"r", "n"}),
        ("who=nobody", set()),
        ("about=note&who=manager", {"n"}),
        ("since=2026-03-31&until=2026-03-31&about=note", {"n"}),
        ("since=2026-04-01", set()),
        ("since=yesterday&before=x&about=nothing&who=manager", {"r", "n"}),
        ("before=99999999999999999999999", {"r", "n"}),
    ],
)
def test_acts_are_narrowed_and_nonsense_is_passed_over(asked: str, found: set[str]) -> None:
    with acting("manager"):
        record_act(the_enrolment(), side=Side.VENDOR, actor="manager", action="report.accept", subject="subject-r")
        record_act(the_enrolment(), side=Side.VENDOR, actor="manager", action="note.write", subject="subject-n")
    page = signed_in("vendor-admin").get(f"/audit/harbor/?{asked}").content.decode()

    assert {letter for letter in ("r", "n") if f"subject-{letter}" in page} == found


def test_the_page_costs_the_same_however_many_acts_there_are_and_leads_to_older_ones() -> None:
    client = signed_in("vendor-admin")
    with acting("manager"):
        record_act(the_enrolment(), side=Side.VENDOR, actor="manager", action="note.write", subject="s")
    few = _statements(client)
    with acting("manager"):
        for number in range(120):
            said = {"actor": "manager", "action": "note.write", "subject": f"s-{number}"}
            record_act(the_enrolment(), side=Side.VENDOR, **said)
        oldest = AuditEntry.objects.filter(owner="harbor").order_by("pk").first()
    page = client.get("/audit/harbor/")

    assert _statements(client) == few
    assert len(page.content) < 50_000
    seen, address, pages = "", "/audit/harbor/", 0
    while address:
        seen = client.get(address).content.decode()
        before = [part.split('"')[0] for part in seen.split("/audit/harbor/?before=")[1:]]
        address, pages = (f"/audit/harbor/?before={before[0]}", pages + 1) if before else ("", pages + 1)
    assert oldest is not None
    assert oldest.subject in seen
    assert pages > 3


def _statements(client: Client) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get("/audit/harbor/").status_code == 200
    return len(captured)
