"""The jobs: each takes keys, opens the owner's scope and makes one domain call."""

from __future__ import annotations

import logging
from datetime import UTC, date, datetime
from time import monotonic, sleep
from typing import NamedTuple

import procrastinate
from procrastinate.contrib.django import app

from swingby.web.clock import today
from swingby.web.domain.cards.computing import compute_card
from swingby.web.domain.experiments.planning import draw_experiment
from swingby.web.domain.kept_aftermaths import work_out_aftermath
from swingby.web.domain.kept_comparisons import compute_comparison
from swingby.web.domain.learning.board_news import recount_boards, recount_partner_boards
from swingby.web.domain.learning.counting_all import count_coverage
from swingby.web.domain.learning.needs import refresh_needs
from swingby.web.domain.learning.reminders import remind_learners
from swingby.web.domain.mails import MOST_ATTEMPTS as MOST_MAIL_ATTEMPTS
from swingby.web.domain.mails import send_mail
from swingby.web.domain.nightly import begin_new_day, run_night
from swingby.web.domain.notifications import send_digest
from swingby.web.domain.portfolio.outlook import refresh_outlooks
from swingby.web.domain.proposals import make_effective
from swingby.web.domain.prospects import find_prospect
from swingby.web.domain.registration_news import remind_of_protection
from swingby.web.domain.review_opening import ONE_DAY, open_due_reviews
from swingby.web.domain.reviews import end_notice, replay_review
from swingby.web.domain.standings import assess_enrolments, raise_first
from swingby.web.domain.stories.news import tell_of_stories
from swingby.web.domain.study.nudging import nudge_buddies
from swingby.web.domain.telling import tell_many
from swingby.web.domain.uploading import handle_upload, reassess_touched
from swingby.web.jobs import (
    ASSESS_ENROLMENT,
    ASSESS_MANY,
    BEGIN_NEW_DAY,
    COMPARE_VERSION,
    COMPUTE_CARD,
    COUNT_COVERAGE,
    DRAW_EXPERIMENT,
    END_NOTICE,
    FIND_PROSPECT,
    HANDLE_UPLOAD,
    LIVE_QUEUE,
    LONG_QUEUE,
    MAIL_QUEUE,
    MAKE_EFFECTIVE,
    MOST_IN_ONE,
    OPEN_REVIEWS,
    REASSESS_TOUCHED,
    REFRESH_NEEDS,
    REFRESH_OUTLOOK,
    REFRESH_OUTLOOKS,
    REMIND_LEARNERS,
    REPLAY_REVIEW,
    RUN_NIGHT,
    SEND_DIGEST,
    SEND_MAIL,
    STALLED_SECONDS,
    STANDINGS_QUEUE,
    TELL_MANY,
    UPLOAD_QUEUE,
    WORK_OUT_AFTERMATH,
    enqueue_coverage,
    enqueue_night,
    enqueue_reminding,
    enqueue_reviews,
    take_waiting_coverage,
)
from swingby.web.tenancy import act_for_owner

log = logging.getLogger(__name__)

MOST_ATTEMPTS = 5
#: A job that failed is tried again, later each time.
AGAIN = procrastinate.RetryStrategy(max_attempts=MOST_ATTEMPTS, exponential_wait=3)


@app.task(name=ASSESS_ENROLMENT, queue=STANDINGS_QUEUE, retry=AGAIN)
def task_assess_enrolment(*, owner: str, enrolment: str, position: int) -> None:
    """Bring one standing up to date, and those that wait behind it."""
    raise_first(assess_enrolments([enrolment], owner=owner, position=position))


@app.task(name=ASSESS_MANY, queue=STANDINGS_QUEUE, retry=AGAIN)
def task_assess_many(*, owner: str, enrolments: list[str], position: int) -> None:
    """Bring many standings up to date; known ones are passed over."""
    if len(enrolments) < MOST_IN_ONE:
        _let_others_come(owner)
    begun = monotonic()
    try:
        raise_first(assess_enrolments(enrolments, owner=owner, position=position))
    finally:
        _last[owner] = _Run(begun, monotonic())


class _Run(NamedTuple):
    """When some standings of an owner were worked out."""

    begun: float
    ended: float


#: A few standings cost nearly as much as fifty. So the next few of an owner wait as long as the last took, this at most:
#: whatever came meanwhile is answered with them, and a busy machine is asked less often.
GATHER_SECONDS = 0.25
_last: dict[str, _Run] = {}


def _let_others_come(owner: str) -> None:
    last = _last.get(owner)
    if last:
        sleep(max(0.0, last.ended + min(last.ended - last.begun, GATHER_SECONDS) - monotonic()))


@app.task(name=COMPARE_VERSION, queue=LONG_QUEUE, retry=AGAIN)
def task_compare_version(*, owner: str, comparison: str) -> None:
    """Compare a proposed version with the one in force."""
    compute_comparison(comparison, owner=owner)


@app.task(name=COMPUTE_CARD, queue=LONG_QUEUE, retry=AGAIN)
def task_compute_card(*, owner: str, card: str) -> None:
    """Answer a question of evidence."""
    compute_card(card, owner=owner)


@app.task(name=DRAW_EXPERIMENT, queue=LONG_QUEUE, retry=AGAIN)
def task_draw_experiment(*, owner: str, experiment: str) -> None:
    """Draw the lot of an experiment."""
    draw_experiment(experiment, owner=owner)


@app.task(name=WORK_OUT_AFTERMATH, queue=LONG_QUEUE, retry=AGAIN)
def task_work_out_aftermath(*, organization: str, aftermath: int) -> None:
    """Work out what becomes of one program if somebody left."""
    work_out_aftermath(aftermath, organization=organization)


@app.task(name=MAKE_EFFECTIVE, queue=LIVE_QUEUE, retry=AGAIN)
def task_make_effective(*, owner: str, proposed: str) -> None:
    """Note that a version is in force."""
    make_effective(proposed, owner=owner)


@app.task(name=HANDLE_UPLOAD, queue=UPLOAD_QUEUE, retry=AGAIN)
def task_handle_upload(*, act: str, owner: str, upload: str) -> None:
    """Check, load or undo one upload."""
    handle_upload(upload, owner=owner, act=act)


@app.task(name=REASSESS_TOUCHED, queue=LIVE_QUEUE, retry=AGAIN)
def task_reassess_touched(*, owner: str, upload: str) -> None:
    """Bring the standings up to date of everybody whom an upload touched."""
    reassess_touched(upload, owner=owner)


@app.task(name=REFRESH_OUTLOOK, queue=LIVE_QUEUE, retry=AGAIN)
def task_refresh_outlook(*, owner: str, enrolment: str) -> None:
    """Bring one partner's outlook and promises up to date."""
    refresh_outlooks([enrolment], owner=owner)


@app.task(name=REFRESH_OUTLOOKS, queue=LIVE_QUEUE, retry=AGAIN)
def task_refresh_outlooks(*, owner: str, enrolments: list[str]) -> None:
    """The same for some, with those that wait behind them."""
    refresh_outlooks(enrolments, owner=owner)


@app.task(name=FIND_PROSPECT, queue=LIVE_QUEUE, retry=AGAIN)
def task_find_prospect(*, owner: str, enrolment: str) -> None:
    """Find the way to one partner's next tier."""
    find_prospect(enrolment, owner=owner)


@app.task(name=OPEN_REVIEWS, queue=LONG_QUEUE, retry=AGAIN)
def task_open_reviews(*, owner: str, program: str) -> None:
    """Open the reviews whose days have come, and look again tomorrow."""
    enqueue_reviews(owner=owner, program=program, day=max(today(), datetime.now(UTC).date()) + ONE_DAY)
    open_due_reviews(program, owner=owner)


@app.task(name=END_NOTICE, queue=LIVE_QUEUE, retry=AGAIN)
def task_end_notice(*, owner: str, line: str) -> None:
    """Look whether a partner has mended what it missed."""
    end_notice(line, owner=owner)


@app.task(name=REPLAY_REVIEW, queue=LONG_QUEUE, retry=AGAIN)
def task_replay_review(*, owner: str, review: str) -> None:
    """Work a review out again."""
    replay_review(review, owner=owner)


#: The row counts its own attempts; the queue looks often enough to outlast a mail that lost its worker.
MAIL_AGAIN = procrastinate.RetryStrategy(max_attempts=2 * MOST_MAIL_ATTEMPTS, linear_wait=20)


@app.task(name=SEND_MAIL, queue=MAIL_QUEUE, retry=MAIL_AGAIN)
def task_send_mail(*, organization: str, mail: str) -> None:
    """Send one mail."""
    send_mail(mail, organization=organization)


@app.task(name=SEND_DIGEST, queue=MAIL_QUEUE, retry=AGAIN)
def task_send_digest(*, owner: str, person: str, day: str) -> None:
    """Post somebody's mail of a day."""
    send_digest(owner=owner, person=person, day=date.fromisoformat(day))


@app.task(name=TELL_MANY, queue=MAIL_QUEUE, retry=AGAIN)
def task_tell_many(*, what: str, owner: str, key: str) -> None:
    """Tell the people of many partners."""
    tell_many(what, owner=owner, key=key)


@app.task(name=RUN_NIGHT, queue=LONG_QUEUE, retry=AGAIN)
def task_run_night(*, owner: str) -> None:
    """Recompute everything of an owner and compare, and do so again tomorrow."""
    enqueue_night(owner=owner, day=max(today(), datetime.now(UTC).date()) + ONE_DAY)
    enqueue_coverage(owner=owner)
    recount_partner_boards(owner)
    with act_for_owner(owner):
        remind_of_protection(owner)
    run_night(owner)


@app.task(name=BEGIN_NEW_DAY, queue=LIVE_QUEUE, retry=AGAIN)
def task_begin_new_day(*, owner: str) -> None:
    """Assess a few more for the new day."""
    begin_new_day(owner)


@app.task(name=REFRESH_NEEDS, queue=LIVE_QUEUE, retry=AGAIN)
def task_refresh_needs(*, owner: str) -> None:
    """Work out anew what tiers ask of a firm."""
    refresh_needs(owner)


@app.task(name=COUNT_COVERAGE, queue=LIVE_QUEUE, retry=AGAIN)
def task_count_coverage(*, owner: str) -> None:
    """Count some more of who holds what, for everybody who asked meanwhile."""
    with act_for_owner(owner):
        take_waiting_coverage(owner=owner)
    count_coverage(owner)


@app.task(name=REMIND_LEARNERS, queue=MAIL_QUEUE, retry=AGAIN)
def task_remind_learners(*, owner: str) -> None:
    """Work out what tiers ask of a firm, remind its people of what is due, count its boards, and look again tomorrow."""
    enqueue_reminding(owner=owner, day=max(today(), datetime.now(UTC).date()) + ONE_DAY)
    refresh_needs(owner)
    enqueue_coverage(owner=owner)
    recount_boards(owner)
    remind_learners(owner)
    nudge_buddies(owner)
    tell_of_stories(owner)


@app.periodic(cron="* * * * * */5")
@app.task(name="retry_stalled_jobs", queue=LIVE_QUEUE, queueing_lock="retry_stalled_jobs", pass_context=True)
async def task_retry_stalled_jobs(context: procrastinate.JobContext, timestamp: int) -> None:  # noqa: ARG001 - the queue passes it
    """Take back the jobs of workers that died: the queue does not do it by itself."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS):
        log.warning("Job %s stalled with its worker and is tried again", job.id)
        await manager.retry_job(job)
