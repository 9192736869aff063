from __future__ import annotations

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from swingby.web.console.published_parts import PublishedPage
from swingby.web.models import ProgramVersion
from swingby.web.tenancy import act_for_owner
from tests.web.acting import signed_in

pytestmark = pytest.mark.django_db
VERSIONS = "/console/harbor/versions/"


def _version(owner: str = "harbor") -> ProgramVersion:
    with act_for_owner(owner):
        return ProgramVersion.objects.get(owner_id=owner)


def _page() -> PublishedPage:
    page = signed_in("executive").get(f"{VERSIONS}published/{_version().pk}/").context["page"]
    assert isinstance(page, PublishedPage)
    return page


def test_the_version_in_force_is_opened_from_the_list() -> None:
    (row,) = signed_in("manager").get(VERSIONS).context["page"].published

    assert signed_in("manager").get(row.url).context["page"].is_in_force


def test_it_is_read_in_sentences_and_as_it_was_written() -> None:
    page = _page()

    assert [chapter.heading for chapter in page.chapters][:2] == ["About", "Tiers"]
    assert "What holds unless a rule says otherwise" in {chapter.heading for chapter in page.chapters}
    assert all(rule.lines for chapter in page.chapters for rule in chapter.rules)
    assert dict(page.files) == _version().files


def test_the_zip_can_be_uploaded_as_a_draft_again() -> None:
    answer = signed_in("manager").get(f"{VERSIONS}published/{_version().pk}/program.zip")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        files = {name: archive.read(name).decode() for name in archive.namelist()}
    sent = {"program": "harbor-program", "files": SimpleUploadedFile("program.zip", answer.content)}
    drafted = signed_in("manager").post(VERSIONS, sent)

    assert files == _version().files
    assert answer.headers["Content-Disposition"] == 'attachment; filename="harbor-program-1.zip"'
    assert drafted.status_code == 302


@pytest.mark.parametrize("path", ["", "program.zip"])
def test_the_version_of_another_vendor_is_not_found(path: str) -> None:
    key = _version("quay").pk

    assert signed_in("manager").get(f"{VERSIONS}published/{key}/{path}").status_code == 404


def test_a_text_that_this_release_cannot_read_is_still_shown_and_packed() -> None:
    with act_for_owner("harbor"):
        broken = ProgramVersion.objects.create(
            program_id="harbor-program",
            owner_id="harbor",
            version="0",
            effective="2024-01-01",
            files={"program.yaml": "program: {}"},
            hash="broken",
        )
    address = f"{VERSIONS}published/{broken.pk}/"
    page = signed_in("manager").get(address).context["page"]

    assert (page.chapters, page.is_in_force, dict(page.files)) == ((), False, {"program.yaml": "program: {}"})
    assert page.refused
    assert signed_in("manager").get(f"{address}program.zip").status_code == 200
