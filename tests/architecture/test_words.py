"""What must not stand in the repository: names of companies in the product, addresses of machines and registries."""

import re

import pytest

from tests.architecture.repository import text_of, tracked, within

COMPANIES = (
    "Microsoft",
    "AWS",
    "HubSpot",
    "QuickBooks",
    "Odoo",
    "Atlassian",
    "Automattic",
    "Deriv",
    "SAP",
    "Umbraco",
    "Harborline",
    "Thornquay",
)
SAMPLES = "src/swingby/web/design/gallery/"  # The gallery shows components with the example company in them.
# Each pattern is written so that it does not match itself.
PLACES = {
    "a registry": r"\bpyp[i]\b|registry\.npm[j]s|--(?:extra-)?index-ur[l]\b",
    "a path of one machine": r"(?<![\w./-])/(?:Users|root|work)/(?:[a-z])\w+",
}


def found(pattern: str, *, below: str, but: str = "\0") -> list[str]:
    """Where a pattern stands: file, line and match."""
    expression = re.compile(pattern, re.IGNORECASE)
    return [
        f"{within(path)}:{number}: {match[0]}"
        for path in tracked()
        if within(path).startswith(below) and not within(path).startswith(but)
        for number, line in enumerate(text_of(path).splitlines(), start=1)
        for match in expression.finditer(line)
    ]


def test_the_product_names_no_company_and_no_program() -> None:
    assert found(rf"(?<![a-z])(?:{'|'.join(COMPANIES)})(?![a-z])", below="src/", but=SAMPLES) == []


@pytest.mark.parametrize("what", PLACES)
def test_the_repository_names_no_place(what: str) -> None:
    assert found(PLACES[what], below="") == []
