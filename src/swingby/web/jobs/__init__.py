"""Background jobs: the only module that knows which queue stands behind them.

A job is enqueued by name, in the caller's transaction, and its arguments are keys only: the queue's table has no
row-level security. Every job may run twice.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

ASSESS_ENROLMENT = "assess_enrolment"
ASSESS_MANY = "assess_many"
COMPARE_VERSION = "compare_version"
COMPUTE_CARD = "compute_card"
DRAW_EXPERIMENT = "draw_experiment"
WORK_OUT_AFTERMATH = "work_out_aftermath"
MAKE_EFFECTIVE = "make_effective"
LIVE_QUEUE = "live"
#: Standings that facts just sent ask for: nothing that takes long runs in front of them.
STANDINGS_QUEUE = "standings"
UPLOAD_QUEUE = "uploads"
#: What may take minutes: comparisons, cards, nights. Uploads, mails and all that is soon done do not wait for it.
LONG_QUEUE = "long"
HANDLE_UPLOAD = "handle_upload"
OPEN_REVIEWS = "open_reviews"
END_NOTICE = "end_notice"
REPLAY_REVIEW = "replay_review"
REASSESS_TOUCHED = "reassess_touched"
REFRESH_OUTLOOK = "refresh_outlook"
REFRESH_OUTLOOKS = "refresh_outlooks"
SEND_MAIL = "send_mail"
MAIL_QUEUE = "mails"
FIND_PROSPECT = "find_prospect"
SEND_DIGEST = "send_digest"
TELL_MANY = "tell_many"
RUN_NIGHT = "run_night"
BEGIN_NEW_DAY = "begin_new_day"
REMIND_LEARNERS = "remind_learners"
REFRESH_NEEDS = "refresh_needs"
COUNT_COVERAGE = "count_coverage"
#: When the mails of a day go out, by UTC.
DIGEST_HOUR = 6
#: When people are reminded of what lapses, by UTC.
REMINDING_HOUR = 5
#: When nights are run, by UTC: after the reviews of the day were opened.
NIGHT_HOUR = 1
#: So many standings at most are one job: a second or two, because others wait behind it.
MOST_IN_ONE = 50
#: An outlook waits for others for so long, and a count for which nobody waits.
OUTLOOK_SECONDS, COVERAGE_SECONDS = 3, 5
#: So many jobs that ask the same are taken at once.
MOST_AT_ONCE = 10_000
HEARTBEAT_SECONDS = 3
#: A worker that was silent for so long is dead, and its jobs go to another one.
STALLED_SECONDS = 10


def enqueue_assessment(*, owner: str, enrolment: str, position: int, day: date | None = None) -> None:
    """Ask for a standing that knows at least ``position``, now or on a day to come.

    Jobs of one enrolment run one after another, and one that finds a standing at its position or a later one does
    nothing. Dropping a second job while a first one waits would be wrong: the first may run before the second's
    fact is committed.
    """
    moment = datetime.combine(day, time(), UTC) if day else None
    task = app.configure_task(
        ASSESS_ENROLMENT, queue=STANDINGS_QUEUE, lock=_lock(f"enrolment:{enrolment}", day), schedule_at=moment
    )
    task.defer(owner=owner, enrolment=enrolment, position=position)


def enqueue_assessments(*, owner: str, enrolments: Sequence[str], position: int) -> int:
    """Ask for the standings of many that know at least ``position``; returns in how many jobs."""
    parts = [enrolments[start : start + MOST_IN_ONE] for start in range(0, len(enrolments), MOST_IN_ONE)]
    task = app.configure_task(ASSESS_MANY, queue=STANDINGS_QUEUE, lock=f"assessments:{owner}")
    for part in parts:
        task.defer(owner=owner, enrolments=list(part), position=position)
    return len(parts)


def _lock(name: str, day: date | None) -> str:
    """The queue lets a job that waits for a later day hold back all that share its lock: it gets one of its own."""
    return f"{name}:{day}" if day else name


def enqueue_outlooks(*, owner: str, enrolments: Sequence[str]) -> None:
    """Ask what partners will have lost at their next review, and which promises were kept.

    Behind everything that somebody waits for, and after a moment, so that those of many facts are answered together; a
    second job finds the outlook up to date.
    """
    task = app.configure_task(
        REFRESH_OUTLOOKS,
        queue=LIVE_QUEUE,
        lock=f"outlooks:{owner}",
        priority=-1,
        schedule_in={"seconds": OUTLOOK_SECONDS},
    )
    for start in range(0, len(enrolments), MOST_IN_ONE):
        task.defer(owner=owner, enrolments=list(enrolments[start : start + MOST_IN_ONE]))


def enqueue_path(*, owner: str, enrolment: str) -> None:
    """Ask for the way to a partner's next tier, once; those of one owner run one after another, behind all the rest."""
    task = app.configure_task(
        FIND_PROSPECT, queue=LIVE_QUEUE, lock=f"paths:{owner}", queueing_lock=f"path:{enrolment}", priority=-2
    )
    try:
        with transaction.atomic():
            task.defer(owner=owner, enrolment=enrolment)
    except AlreadyEnqueued:
        return


def enqueue_comparison(*, owner: str, comparison: str) -> None:
    """Ask for a comparison of a proposed version; those of one owner run one after another."""
    app.configure_task(COMPARE_VERSION, queue=LONG_QUEUE, lock=f"comparisons:{owner}").defer(
        owner=owner, comparison=comparison
    )


def enqueue_card(*, owner: str, card: str, priority: int = 0) -> None:
    """Ask for a card of evidence; those of one owner run one after another."""
    task = app.configure_task(COMPUTE_CARD, queue=LONG_QUEUE, lock=f"cards:{owner}", priority=priority)
    task.defer(owner=owner, card=card)


def enqueue_experiment(*, owner: str, experiment: str, priority: int = 0) -> None:
    """Ask for the lot of an experiment to be drawn, in turn with the owner's cards."""
    task = app.configure_task(DRAW_EXPERIMENT, queue=LONG_QUEUE, lock=f"cards:{owner}", priority=priority)
    task.defer(owner=owner, experiment=experiment)


def enqueue_aftermath(*, organization: str, aftermath: int) -> None:
    """Ask what becomes of one program if somebody left, once; those of a firm run one after another, behind others' work."""
    task = app.configure_task(
        WORK_OUT_AFTERMATH,
        queue=LONG_QUEUE,
        lock=f"aftermaths:{organization}",
        queueing_lock=f"aftermath:{aftermath}",
        priority=-1,
    )
    try:
        with transaction.atomic():
            task.defer(organization=organization, aftermath=aftermath)
    except AlreadyEnqueued:
        return


def enqueue_effective(*, owner: str, proposed: str, day: date, again: bool = False) -> None:
    """Look on a version's first day whether it is in force; ``again`` an hour after a look that came too early."""
    moment = _on_day(day, again=again)
    task = app.configure_task(MAKE_EFFECTIVE, queue=LIVE_QUEUE, lock=f"effective:{proposed}", schedule_at=moment)
    task.defer(owner=owner, proposed=proposed)


def enqueue_upload(act: str, *, owner: str, upload: str) -> None:
    """Ask for the check, the load or the undoing of an upload; those of one owner run one after another."""
    task = app.configure_task(HANDLE_UPLOAD, queue=UPLOAD_QUEUE, lock=f"uploads:{owner}")
    task.defer(act=act, owner=owner, upload=upload)


def enqueue_touched(*, owner: str, upload: str) -> None:
    """Ask for the standings of everybody whom an upload touched, in one job."""
    task = app.configure_task(REASSESS_TOUCHED, queue=LIVE_QUEUE, lock=f"touched:{owner}")
    task.defer(owner=owner, upload=upload)


def enqueue_reviews(*, owner: str, program: str, day: date | None = None) -> None:
    """Ask for the reviews whose days have come: now, or early on a day, for which it is asked for once."""
    moment = datetime.combine(day, time(0, 5), UTC) if day else None
    waiting = f"reviews:{program}:{day}" if day else None
    task = app.configure_task(
        OPEN_REVIEWS, queue=LONG_QUEUE, lock=_lock(f"reviews:{program}", day), queueing_lock=waiting, schedule_at=moment
    )
    try:
        with transaction.atomic():
            task.defer(owner=owner, program=program)
    except AlreadyEnqueued:
        return


def _on_day(day: date, *, again: bool) -> datetime:
    """The beginning of a day, but an hour from now where a look came too early: the queue's day may begin before ours."""
    first = datetime.combine(day, time(), UTC)
    return max(first, datetime.now(UTC) + timedelta(hours=1)) if again else first


def enqueue_end_of_notice(*, owner: str, line: str, day: date, again: bool = False) -> None:
    """Look on the day after a notice whether what was missed is mended; ``again`` an hour after a look that came too early."""
    moment = _on_day(day, again=again)
    task = app.configure_task(END_NOTICE, queue=LIVE_QUEUE, lock=f"review line:{line}", schedule_at=moment)
    task.defer(owner=owner, line=line)


def enqueue_replay(*, owner: str, review: str) -> None:
    """Ask for a review to be worked out again."""
    app.configure_task(REPLAY_REVIEW, queue=LONG_QUEUE, lock=f"replay:{owner}").defer(owner=owner, review=review)


def enqueue_mail(*, organization: str, mail: str) -> None:
    """Ask for a mail to be sent, behind everything that somebody waits for at a screen."""
    app.configure_task(SEND_MAIL, queue=MAIL_QUEUE, priority=-1).defer(organization=organization, mail=mail)


def enqueue_digest(*, owner: str, person: str, day: date) -> None:
    """Ask for somebody's mail of a day, once."""
    task = app.configure_task(
        SEND_DIGEST,
        queue=MAIL_QUEUE,
        queueing_lock=f"digest:{owner}:{person}:{day}",
        schedule_at=datetime.combine(day, time(DIGEST_HOUR), UTC),
        priority=-1,
    )
    try:
        with transaction.atomic():
            task.defer(owner=owner, person=person, day=day.isoformat())
    except AlreadyEnqueued:
        return


def enqueue_telling(what: str, *, owner: str, key: str) -> None:
    """Ask for the people of many partners to be told of a review, a version or a card."""
    app.configure_task(TELL_MANY, queue=MAIL_QUEUE, priority=-1).defer(what=what, owner=owner, key=key)


def enqueue_night(*, owner: str, day: date | None = None) -> None:
    """Ask for an owner's nightly run: now, or in the night before a day, for which it is asked for once."""
    _enqueue_once(RUN_NIGHT, owner=owner, name="night", day=day, hour=NIGHT_HOUR, queue=LONG_QUEUE)


def _enqueue_once(task: str, *, owner: str, name: str, day: date | None, hour: int, queue: str) -> None:
    """Ask for an owner's work now, or on a day for which it is asked for once; behind everything somebody waits for."""
    asked = app.configure_task(
        task,
        queue=queue,
        lock=_lock(f"{name}:{owner}", day),
        queueing_lock=f"{name}:{owner}:{day or 'now'}",
        schedule_at=datetime.combine(day, time(hour), UTC) if day else None,
        priority=-1,
    )
    try:
        with transaction.atomic():
            asked.defer(owner=owner)
    except AlreadyEnqueued:
        return


def enqueue_new_day(*, owner: str) -> None:
    """Ask for a slice of the new day's standings."""
    app.configure_task(BEGIN_NEW_DAY, queue=LIVE_QUEUE, lock=f"night:{owner}", priority=-1).defer(owner=owner)


def enqueue_reminding(*, owner: str, day: date | None = None) -> None:
    """Ask for a firm's people to be reminded of what lapses: now, or on a day, for which it is asked for once."""
    _enqueue_once(REMIND_LEARNERS, owner=owner, name="reminding", day=day, hour=REMINDING_HOUR, queue=MAIL_QUEUE)


def enqueue_needs(*, owner: str) -> None:
    """Ask for what tiers ask of a firm to be worked out anew.

    Dropping a second job while a first one waits would be wrong: the first may run before the second's standing is
    committed.
    """
    app.configure_task(REFRESH_NEEDS, queue=LIVE_QUEUE, lock=f"needs:{owner}", priority=-1).defer(owner=owner)


def take_waiting_assessments(*, owner: str, most: int) -> dict[str, int]:
    """Take assessments that wait out of the queue, to answer them with one's own; if the transaction fails they wait again.

    Parameters
    ----------
    most
        How many enrolments they may be about.

    Returns
    -------
    dict of str to int
        By enrolment the highest position that was asked for.
    """
    found: dict[str, int] = {}
    for args in _take_waiting([ASSESS_ENROLMENT, ASSESS_MANY], owner=owner, most=most, due=True):
        for enrolment in args.get("enrolments") or [args["enrolment"]]:
            found[enrolment] = max(int(args["position"]), found.get(enrolment, 0))
    return found


def take_waiting_outlooks(*, owner: str, most: int) -> set[str]:
    """The same for outlooks, whether or not their moment has come."""
    taken = _take_waiting([REFRESH_OUTLOOKS], owner=owner, most=most, due=False)
    return {key for args in taken for key in args["enrolments"]}


def _take_waiting(tasks: Sequence[str], *, owner: str, most: int, due: bool) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, {"tasks": list(tasks), "owner": owner, "most": max(0, most), "due": due})
        return [row[0] if isinstance(row[0], dict) else json.loads(row[0]) for row in cursor.fetchall()]


#: The oldest, as long as they are about no more than is wanted. One that was tried before waits for a turn of its own:
#: what is wrong with it must not stop others again.
_TAKE = """
WITH waiting AS (
    SELECT id, coalesce(jsonb_array_length(args -> 'enrolments'), 1) AS size FROM procrastinate_jobs
    WHERE task_name = ANY (%(tasks)s) AND args ->> 'owner' = %(owner)s AND status = 'todo' AND attempts = 0
      AND (scheduled_at IS NULL OR scheduled_at <= now() OR NOT %(due)s)
    ORDER BY id LIMIT %(most)s FOR UPDATE SKIP LOCKED
),
counted AS (SELECT id, sum(size) OVER (ORDER BY id) AS until FROM waiting)
DELETE FROM procrastinate_jobs WHERE id IN (SELECT id FROM counted WHERE until <= %(most)s) RETURNING args
"""


def enqueue_coverage(*, owner: str, after_seconds: int = 0) -> None:
    """Ask for who holds what to be counted anew, in a large firm or at a vendor's partners; behind everybody's work.

    Dropping a second job while a first one waits would be wrong, as of needs; one that finds nothing due does nothing.

    Parameters
    ----------
    after_seconds
        So long others may be waited for that ask the same.
    """
    task = app.configure_task(
        COUNT_COVERAGE,
        queue=LIVE_QUEUE,
        lock=f"coverage:{owner}",
        priority=-2,
        schedule_in={"seconds": after_seconds} if after_seconds else None,
    )
    task.defer(owner=owner)


def take_waiting_coverage(*, owner: str) -> None:
    """Take what else asks for the same out of the queue: the count that begins answers it."""
    _take_waiting([COUNT_COVERAGE], owner=owner, most=MOST_AT_ONCE, due=False)


def waiting_enrolments(*, owner: str, enrolments: Sequence[str]) -> set[str]:
    """Those whose standing a job will bring up to date, now or when it is tried again."""
    tasks = [ASSESS_ENROLMENT, ASSESS_MANY, REASSESS_TOUCHED, HANDLE_UPLOAD]
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, {"owner": owner, "tasks": tasks})
        found = {row[0] for row in cursor.fetchall()}
    return set(enrolments) if None in found else found.intersection(enrolments)


def job_counts(*, owner: str | None = None) -> dict[str, int]:
    """How many jobs of an owner, or of all, wait now, for how many seconds the oldest does, how many wait for a later day or were given up."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, {"owner": owner})
        return dict(zip(("waiting", "oldest_seconds", "later", "failed"), cursor.fetchone(), strict=True))


def newest_heartbeat() -> datetime | None:
    """The newest sign of life of a worker; None if there is none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(last_heartbeat) FROM procrastinate_workers")
        found: datetime | None = cursor.fetchone()[0]
        return found


#: A job is due from the day it was asked for, or from when it was asked for.
_COUNTS = """
SELECT count(*) FILTER (WHERE status = 'todo' AND due <= now()),
       coalesce(extract(epoch FROM now() - min(due) FILTER (WHERE status = 'todo' AND due <= now()))::bigint, 0),
       count(*) FILTER (WHERE status = 'todo' AND due > now()),
       count(*) FILTER (WHERE status = 'failed')
FROM (
    SELECT status, coalesce(scheduled_at, (
        SELECT max(at) FROM procrastinate_events AS e WHERE e.job_id = j.id AND e.type = 'deferred'
    ), now()) AS due
    FROM procrastinate_jobs AS j WHERE %(owner)s::text IS NULL OR args ->> 'owner' = %(owner)s
) AS jobs
"""
#: A job that names no enrolment is about many, and nobody knows yet about which.
_WAITING = """
SELECT coalesce(listed.enrolment, args ->> 'enrolment') FROM procrastinate_jobs
LEFT JOIN LATERAL jsonb_array_elements_text(args -> 'enrolments') AS listed (enrolment) ON true
WHERE task_name = ANY (%(tasks)s) AND args ->> 'owner' = %(owner)s AND status IN ('todo', 'doing')
  AND (scheduled_at IS NULL OR scheduled_at <= now() OR attempts > 0)
"""
