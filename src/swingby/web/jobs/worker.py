"""The worker process: ``python -m swingby.web.jobs.worker``."""

from __future__ import annotations

import asyncio
import os


async def work() -> None:
    """Run jobs until told to stop by SIGTERM or SIGINT."""
    from procrastinate.contrib.django import app

    worker_app = app.with_connector(app.connector.get_worker_connector())  # type: ignore[attr-defined]
    async with worker_app.open_async():
        await worker_app.run_worker_async(
            concurrency=2,
            fetch_job_polling_interval=5,
            shutdown_graceful_timeout=2,
            delete_jobs="successful",
            install_signal_handlers=True,
        )


def main() -> None:
    """Set Django up, then work."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "swingby.web.settings")
    import django

    django.setup()
    asyncio.run(work())


if __name__ == "__main__":
    main()
