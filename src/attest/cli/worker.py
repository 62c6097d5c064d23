"""The job worker: runs what the queue names, and sweeps what is due, until it is asked to stop."""

import asyncio
import os

CONCURRENCY = 4
HEARTBEAT_SECONDS = 5.0
DEAD_AFTER_SECONDS = 30.0
SECONDS_TO_FINISH = 10.0


def run_worker() -> None:
    """Work until SIGTERM or SIGINT; jobs under way get ten seconds to finish, then they are interrupted.

    An interrupted job has changed nothing, and the sweep does its work later. The worker listens for new jobs
    on a connection of its own, so it must reach PostgreSQL itself and not through a pooler of transactions.
    """
    from procrastinate.contrib.django import app

    from attest.core.logs import speak_discreetly

    speak_discreetly()
    worker_app = app.with_connector(app.connector.get_worker_connector())  # type: ignore[attr-defined]

    async def work() -> None:
        async with worker_app.open_async():
            await worker_app.run_worker_async(
                name=f"attest-{os.getpid()}",
                concurrency=CONCURRENCY,
                update_heartbeat_interval=HEARTBEAT_SECONDS,
                stalled_worker_timeout=DEAD_AFTER_SECONDS,
                shutdown_graceful_timeout=SECONDS_TO_FINISH,
            )

    asyncio.run(work())
