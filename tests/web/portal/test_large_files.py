"""Files that are larger than anything we keep: refused by name, with the rest of the form still there."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django.fixtures import Settings

from swingby.web.models import ActivityReport
from swingby.web.tenancy import act_for_owner
from tests.web.acting import ENROLMENT, signed_in

pytestmark = pytest.mark.django_db
REPORT = {"kind": "plan_reviewed", "happened_on": "2026-03-20", "details": "We met the customer."}


@pytest.mark.parametrize("size", [11_000, 70_000, 200_000], ids=["a little", "more than a form takes", "far more"])
def test_a_file_that_is_too_large_is_named_and_the_report_waits(size: int, settings: Settings) -> None:
    """The report was sent without its evidence, and nobody was told."""
    settings.SWINGBY_MOST_EVIDENCE = 10_000
    with act_for_owner("harbor"):
        before = ActivityReport.objects.count()
    file = SimpleUploadedFile("proof.pdf", b"%PDF-1.7 " + b"0" * size, "application/pdf")
    answer = signed_in("partner-admin").post(f"/partner/{ENROLMENT}/reports/new/", {**REPORT, "evidence": file})
    said = answer.content.decode()
    assert answer.status_code == 200
    assert "proof.pdf is larger than" in said
    assert "We met the customer." in said
    with act_for_owner("harbor"):
        assert ActivityReport.objects.count() == before


def test_a_file_that_is_too_large_to_load_is_refused(settings: Settings) -> None:
    settings.SWINGBY_MOST_UPLOAD = 10_000
    file = SimpleUploadedFile("facts.csv", b"fact_id\n" + b"1\n" * 100_000, "text/csv")
    client = signed_in("operations")
    answer = client.post("/console/harbor/loads/", {"file": file, "program": "harbor-program"})
    page = client.get("/console/harbor/loads/") if answer.status_code == 302 else answer
    assert "facts.csv is too large" in page.content.decode()
