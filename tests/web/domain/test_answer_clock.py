"""Working hours run from nine to five, Monday to Friday, without holidays, in the program's time zone."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from swingby.web.domain.answer_clock import due_after

HOLIDAY = date(2026, 4, 3)


@pytest.mark.parametrize(
    ("moment", "hours", "due"),
    [
        ("2026-03-31T10:00+02:00", 4, "2026-03-31T14:00+02:00"),
        ("2026-03-31T10:00+02:00", 7, "2026-03-31T17:00+02:00"),
        ("2026-03-31T16:00+02:00", 4, "2026-04-01T12:00+02:00"),
        ("2026-03-31T06:00+02:00", 1, "2026-03-31T10:00+02:00"),
        ("2026-03-31T22:00+02:00", 1, "2026-04-01T10:00+02:00"),
        ("2026-03-31T10:00+02:00", 16, "2026-04-02T10:00+02:00"),
        # Friday 3 April is a holiday, then comes the weekend.
        ("2026-04-02T16:00+02:00", 2, "2026-04-06T10:00+02:00"),
        ("2026-04-04T12:00+02:00", 8, "2026-04-06T17:00+02:00"),
        # Clocks go forward in the night to Sunday 29 March: Monday still begins at nine.
        ("2026-03-27T16:30+01:00", 1, "2026-03-30T09:30+02:00"),
        # What is written in another zone is the same moment.
        ("2026-03-31T08:00+00:00", 4, "2026-03-31T14:00+02:00"),
    ],
)
def test_answers_are_due_after_working_hours(moment: str, hours: int, due: str) -> None:
    found = due_after(datetime.fromisoformat(moment), hours=hours, zone="Europe/Berlin", holidays={HOLIDAY})

    assert found == datetime.fromisoformat(due)
