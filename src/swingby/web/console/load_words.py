"""How lists, columns and states are called on the pages about loading."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from swingby.web.design.parts import Tone

_TABLES: Mapping[str, str] = {
    "enrolments": "Who is in the program",
    "organizations": "Partners and their firms",
    "people": "People",
    "point_of_sale": "Sell-through of distributors",
    "organization_names": "Other names of partners",
    "mails": "Mail addresses of people",
    "coverage": "Days for which sources are complete",
    "associations": "Whose customer is whose",
    "deal_parties": "Who has a part in a deal",
    "employments": "Who works where",
}
_COLUMNS: Mapping[str, str] = {
    "fact_id": "Its own number",
    "recorded_at": "When it was recorded",
    "happened_on": "Day",
    "cancelled_on": "Cancelled on",
    "organization": "Partner",
    "enrolment": "Number in the program",
    "person": "Person",
}
#: State of an upload -> its tone; the words come from the state itself.
TONES: Mapping[str, Tone] = {
    "described": "warn",
    "checking": "brand",
    "checked": "brand",
    "loading": "brand",
    "loaded": "good",
    "asking_undo": "brand",
    "undoing": "brand",
    "undone": "plain",
    "failed": "bad",
}
#: Code of a warning -> what it means for its row or file, whether it is loaded or not.
_MEANS: Mapping[str, str] = {
    "column-unknown": "not read",
    "file-unknown": "not read",
    "file-twice": "not read",
    "row-twice": "counts once",
    "rate-missing": "no amount",
    "cancelled-before": "never counts",
}
RUNNING = frozenset({"checking", "loading", "asking_undo", "undoing"})


#: States in which the rows of a file are among the records.
_LOADED = frozenset({"loaded", "asking_undo", "undoing"})


def table_words(table: str) -> str:
    """A list by a name that people use."""
    return _TABLES.get(table, table.replace("_", " ").capitalize())


def column_words(column: str) -> str:
    """A column by a name that people use."""
    return _COLUMNS.get(column, column.replace("_", " ").capitalize())


def source_words(source: str | None) -> str:
    """A source, or that it has no name."""
    return source or "no named source"


def issue_words(issue: Mapping[str, Any], *, state: str) -> tuple[str, Tone]:
    """What becomes of a row with this issue while its file is in this state, and in which tone that is said."""
    if issue["level"] == "error":
        return "left out", "bad"
    if issue.get("waits"):
        return "waits", "warn"
    if state == "undone":
        return "taken back", "plain"
    if issue.get("code") in _MEANS:
        return _MEANS[issue["code"]], "plain"
    return ("counts" if state in _LOADED else "would count"), "plain"
