"""The clock of answers: a report is answered within so many working hours, which weekends and holidays do not use up."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import connection

#: A working day in the program's time zone, Monday to Friday.
OPENS, CLOSES = time(9), time(17)
_SATURDAY = 5
#: Holidays are looked at so many days ahead.
_MOST_DAYS = 366


def due_after(moment: datetime, *, hours: int, zone: str, holidays: Collection[date] = frozenset()) -> datetime:
    """The moment at which so many working hours have passed.

    Parameters
    ----------
    moment
        With its offset; what comes in outside working hours starts with the next working day.
    zone
        In which the day begins and ends.
    holidays
        Days on which nobody works.
    """
    at, left = moment.astimezone(ZoneInfo(zone)), timedelta(hours=hours)
    for _ in range(_MOST_DAYS):
        opens, closes = (datetime.combine(at.date(), limit, at.tzinfo) for limit in (OPENS, CLOSES))
        begins = max(at, opens)
        if at.weekday() < _SATURDAY and at.date() not in holidays and begins < closes:
            if left <= closes - begins:
                return begins + left
            left -= closes - begins
        at = datetime.combine(at.date() + timedelta(days=1), time(), at.tzinfo)
    return at


def holidays_of(owner: str, *, since: date) -> frozenset[date]:
    """The owner's holidays from a day on."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT day FROM ref_holidays WHERE owner_org = %s AND day BETWEEN %s AND %s",
            [owner, since, since + timedelta(days=_MOST_DAYS)],
        )
        return frozenset(row[0] for row in cursor.fetchall())
