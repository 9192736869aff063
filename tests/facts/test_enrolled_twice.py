"""An organization that is enrolled twice on the same days is told, with the row and the other enrolment."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from swingby.facts import from_rows
from tests.program.reading import loaded


def enrolment(name: str, joined: date | None, ended: date | None = None, organization: str = "acme") -> dict[str, Any]:
    return {"enrolment": name, "organization": organization, "joined_on": joined, "ended_on": ended}


JANUARY, JUNE = date(2025, 1, 1), date(2025, 6, 1)


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([enrolment("a", JANUARY), enrolment("b", JUNE)], [(2, "a")]),
        ([enrolment("b", JUNE), enrolment("a", JANUARY)], [(1, "a")]),
        ([enrolment("a", None), enrolment("b", None)], [(2, "a")]),
        ([enrolment("a", JANUARY, JUNE), enrolment("b", JUNE)], []),
        ([enrolment("a", JANUARY), enrolment("b", JANUARY, organization="bolt")], []),
        ([enrolment("a", JANUARY), enrolment("b", JANUARY, JANUARY), enrolment("c", JUNE)], [(2, "a"), (3, "a")]),
    ],
    ids=["both open", "the later row first", "without days", "one after the other", "two organizations", "three"],
)
def test_who_is_enrolled_twice(rows: list[dict[str, Any]], told: list[tuple[int, str]]) -> None:
    with from_rows({"enrolments": rows}, loaded("measures: {m: {count: facts, of: deals, over: ever}}")) as facts:
        found = [issue for issue in facts.issues if issue.code == "enrolled-twice"]
        assert not facts.errors
        assert facts.count("ref_enrolments") == len(rows)
    assert [(issue.line, issue.reason.rsplit(" ", 1)[-1].rstrip(".")) for issue in found] == told
