"""What a vendor sees of a partner's certifications: how many, and what its tiers ask."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from swingby.web.enablement.parts import CoveragePage
from tests.web.acting import ENROLMENT, signed_in
from tests.web.enablement.firm import FIRM, LEAD, MEMBER, certify, employ, key_of

pytestmark = pytest.mark.django_db
ADDRESS = reverse("console:certifications", args=["harbor", ENROLMENT])
SOON = date(2026, 5, 30)
#: In the small world every table holds a row; this one is somebody who works for the partner.
FILLED = 1


def seen(person: str = "success", address: str = ADDRESS) -> CoveragePage:
    page = signed_in(person).get(address).context["page"]
    assert isinstance(page, CoveragePage)
    return page


def words(page: CoveragePage) -> list[str]:
    assert page.matrix is not None
    return [cell.words for row in page.matrix.rows for slot in row.slots for cell in slot]


def test_it_counts_by_the_vendors_facts_and_sees_no_plans() -> None:
    employ("anna", "ben", owner="harbor")
    certify("anna", "basics", until=SOON, owner="harbor")
    certify("elsewhere", "expert", owner="harbor")
    employ(key_of(MEMBER))
    certify(key_of(MEMBER), "expert")
    signed_in(MEMBER).post(reverse("learning:tell", args=[FIRM]), {"word": "start", "code": "expert"})
    found = seen()
    assert words(found) == ["Harbor Basics: 1 held, 1 lapsing", "Harbor Expert: 0 held"]
    assert (found.people, found.held) == (2 + FILLED, 1)
    text = signed_in("success").get(ADDRESS).content.decode()
    assert [name for name in ("anna", "ben", key_of(MEMBER), "Partner-member") if name in text] == []
    firms = signed_in(LEAD).get(reverse("learning:coverage", args=[FIRM])).context["page"]
    assert words(firms) == ["Harbor Basics: 0 held, 1 on the way", "Harbor Expert: 1 held, 1 lapsing, 1 needed"]


def test_without_a_catalogue_the_types_of_credentials_are_it() -> None:
    found = seen("other-vendor", reverse("console:certifications", args=["quay", "quay-program-loom"]))
    assert words(found) == ["Quay catalogue: 0 held"]


def _statements() -> int:
    client = signed_in("success")
    client.get(ADDRESS)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(ADDRESS).status_code == 200
    return len(queries)


def test_statements_do_not_depend_on_how_many_people_there_are() -> None:
    for number in range(10):
        employ(f"person-{number}", owner="harbor")
        certify(f"person-{number}", "basics", owner="harbor")
    few = _statements()
    for number in range(10, 300):
        employ(f"person-{number}", owner="harbor")
        certify(f"person-{number}", "basics", owner="harbor")
    assert (_statements(), seen().people) == (few, 300 + FILLED)
