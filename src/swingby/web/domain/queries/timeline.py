"""What happened with one partner, the newest first, from everything that is dated: one statement, and nothing twice."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from django.db import connection

from swingby.web.clock import today
from swingby.web.domain.queries.partner_facts import ABOUT_DEALS
from swingby.web.domain.visits import Before
from swingby.web.models import Enrolment

Sort = Literal["activity", "deal", "touch", "report", "decision", "note", "document", "tier", "week"]
MOST_LINES = 40
#: Of what is new so many are shown and counted.
MOST_NEW = 200


@dataclass(frozen=True, slots=True)
class Happening:
    """One dated line: its day, when or at which ledger position it became known, and the words of its source."""

    sort: Sort
    day: date
    known_at: datetime
    position: int
    word: str
    detail: str
    audience: str
    amount: str


def happenings(
    enrolment: Enrolment, *, kinds: Collection[str], sorts: Collection[Sort] = (), since: Before | None = None
) -> tuple[Happening, ...]:
    """The newest lines that the reader may see; row-level security leaves out the others.

    Parameters
    ----------
    kinds
        The activities that count in the program; all if there are none. Page views would bury them.
    sorts
        The sorts of lines that are wanted; all if there are none.
    since
        Only what became known after it, whatever its day, and more of it.
    """
    values: Mapping[str, str | int | date | datetime | list[str] | None] = {
        "owner": enrolment.owner_id,
        "partner": enrolment.partner_id,
        "enrolment": enrolment.pk,
        "today": today(),
        "most": MOST_NEW if since else MOST_LINES,
        "since": since.at if since else None,
        "after": since.position if since else None,
        "kinds": sorted(kinds) or None,
        "sorts": sorted(sorts) or None,
    }
    with connection.cursor() as cursor:
        cursor.execute(_HAPPENINGS, values)
        return tuple(Happening(*row) for row in cursor.fetchall())


_OWN = "owner_org = %(owner)s AND partner_org = %(partner)s"
_COUNTS = (
    "reversed_position IS NULL AND cancelled_on IS NULL AND happened_on <= %(today)s"
    " AND (%(after)s::bigint IS NULL OR position > %(after)s)"
    " ORDER BY happened_on DESC, fact_id LIMIT %(most)s"
)
_FACT = f"{_OWN} AND {_COUNTS}"
#: A report that was accepted is an activity from then on, and stands here as that alone.
_HAPPENINGS = f"""
SELECT sort, day, known_at, position, word, detail, audience, amount FROM (
(SELECT 'activity' AS sort, happened_on AS day, recorded_at AS known_at, position, kind AS word, coalesce(source, '') AS detail,
    '' AS audience, '' AS amount FROM fact_activities
    WHERE (%(kinds)s::text[] IS NULL OR kind = ANY (%(kinds)s)) AND {_FACT})
UNION ALL (SELECT 'deal', happened_on, recorded_at, position, stage, coalesce(lost_reason, ''), '',
    coalesce(currency || ' ', '') || to_char(round(amount), 'FM999,999,999,999,990') FROM {ABOUT_DEALS} AS f
    WHERE stage IN ('won', 'lost') AND {_COUNTS})
UNION ALL (SELECT 'touch', happened_on, recorded_at, position, kind, '', 'only_us', '' FROM fact_touches WHERE {_FACT})
UNION ALL (SELECT 'report', submitted_at::date, submitted_at, 0, kind, details, '', '' FROM activity_reports
    WHERE {_OWN} AND enrolment = %(enrolment)s AND state <> 'accepted' AND (%(since)s::timestamptz IS NULL OR submitted_at > %(since)s) ORDER BY 3 DESC LIMIT %(most)s)
UNION ALL (SELECT 'decision', decided_at::date, decided_at, 0, state, answer, '', '' FROM activity_reports
    WHERE {_OWN} AND enrolment = %(enrolment)s AND state IN ('returned', 'declined')
    AND decided_at IS NOT NULL AND (%(since)s::timestamptz IS NULL OR decided_at > %(since)s) ORDER BY 3 DESC LIMIT %(most)s)
UNION ALL (SELECT 'note', written_at::date, written_at, 0, '', text, audience, '' FROM notes
    WHERE {_OWN} AND (%(since)s::timestamptz IS NULL OR written_at > %(since)s) ORDER BY 3 DESC LIMIT %(most)s)
UNION ALL (SELECT 'document', d.added_at::date, d.added_at, 0, '', f.name, d.audience, '' FROM partner_documents AS d
    JOIN stored_files AS f ON f.id = d.file WHERE d.owner_org = %(owner)s AND d.partner_org = %(partner)s
    AND (%(since)s::timestamptz IS NULL OR d.added_at > %(since)s) ORDER BY 3 DESC LIMIT %(most)s)
UNION ALL (SELECT 'tier', as_of, computed_at, position, label, coalesce(before, ''), '', '' FROM (
    SELECT as_of, position, id, computed_at, coalesce(result -> 'tier' ->> 'label', '') AS label,
        lag(coalesce(result -> 'tier' ->> 'label', '')) OVER (ORDER BY as_of, position, id) AS before
    FROM standings WHERE enrolment = %(enrolment)s) AS held
    WHERE before IS NOT NULL AND before IS DISTINCT FROM label AND (%(after)s::bigint IS NULL OR position > %(after)s)
    ORDER BY as_of DESC LIMIT %(most)s)
UNION ALL (SELECT 'week', at::date, at, 0, deed || ' ' || rule, words, 'only_us', to_char(until, 'YYYY-MM-DD') FROM week_acts
    WHERE {_OWN} AND enrolment = %(enrolment)s AND deed <> 'wrote' AND (%(since)s::timestamptz IS NULL OR at > %(since)s) ORDER BY 3 DESC LIMIT %(most)s)
) AS all_lines WHERE %(sorts)s::text[] IS NULL OR sort = ANY (%(sorts)s) ORDER BY day DESC, known_at DESC, sort, word LIMIT %(most)s
"""
