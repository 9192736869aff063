"""The worker process: ``python -m swingby.web.jobs.worker``."""

from __future__ import annotations

import asyncio
import os
import signal

from swingby.web.jobs import HEARTBEAT_SECONDS, STALLED_SECONDS


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
    from procrastinate.contrib.django import app

    worker_app = app.with_connector(app.connector.get_worker_connector())  # type: ignore[attr-defined]
    async with worker_app.open_async():
        await worker_app.run_worker_async(
            # One: a second slot finds the jobs of the same enrolment locked, and then waits for the next look.
            concurrency=1,
            fetch_job_polling_interval=1,
            update_heartbeat_interval=HEARTBEAT_SECONDS,
            stalled_worker_timeout=STALLED_SECONDS,
            shutdown_graceful_timeout=2,
            delete_jobs="successful",
            install_signal_handlers=False,
        )


def main() -> None:
    """Set Django up, then work."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "swingby.web.settings")
    import django

    django.setup()
    asyncio.run(work())


if __name__ == "__main__":
    main()
