"""The worker process: ``python -m swingby.web.jobs.worker``."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Sequence

from swingby.web.jobs import (
    HEARTBEAT_SECONDS,
    LIVE_QUEUE,
    LONG_QUEUE,
    MAIL_QUEUE,
    STALLED_SECONDS,
    STANDINGS_QUEUE,
    UPLOAD_QUEUE,
)


async def work() -> None:
    """Run jobs until told to stop by SIGTERM or SIGINT.

    Raises
    ------
    SystemExit
        If the queue gave up by itself, as it does when the database is away for long: whoever started the worker
        starts it again.
    """
    running, loop = asyncio.create_task(_run()), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, running.cancel)
    try:
        await running
    except asyncio.CancelledError:
        return
    raise SystemExit("The worker ended by itself: look whether the database answers, then start it again.")


async def _run() -> None:
    """Three slots: standings that facts just sent ask for, what may take minutes, and all the rest.

    Each takes one job after another: a second one of a kind would find the jobs of the same enrolment or owner locked,
    and then wait for the next look.
    """
    from procrastinate.contrib.django import app

    worker_app = app.with_connector(app.connector.get_worker_connector())  # type: ignore[attr-defined]
    async with worker_app.open_async():
        slots = [
            asyncio.create_task(
                worker_app.run_worker_async(
                    queues=queues,
                    concurrency=1,
                    fetch_job_polling_interval=1,
                    update_heartbeat_interval=HEARTBEAT_SECONDS,
                    stalled_worker_timeout=STALLED_SECONDS,
                    shutdown_graceful_timeout=2,
                    delete_jobs="successful",
                    install_signal_handlers=False,
                )
            )
            for queues in ([STANDINGS_QUEUE], [LIVE_QUEUE, UPLOAD_QUEUE, MAIL_QUEUE], [LONG_QUEUE])
        ]
        await _end_together(slots)


async def _end_together(slots: Sequence[asyncio.Task[None]]) -> None:
    """When one ends, or the worker is told to stop, the others finish what they do and end as well."""
    try:
        await asyncio.wait(slots, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for slot in slots:
            slot.cancel()
        ended = await asyncio.gather(*slots, return_exceptions=True)
    for error in ended:
        if isinstance(error, Exception):
            raise error


def main() -> None:
    """Set Django up, then work."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "swingby.web.settings")
    import django

    django.setup()
    from swingby.web.domain.columnar.manifest import copied_owners
    from swingby.web.domain.warming import Warming

    Warming(many=True).start(copied_owners())
    asyncio.run(work())


if __name__ == "__main__":
    main()
