"""What the worker runs: single pieces of work by id, and the sweep over all that is due."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.db import close_old_connections, connection
from procrastinate.contrib.django import app

from attest.core import files, work
from attest.core.audit.sealing import seal_all
from attest.core.audit.verifying import verify_all
from attest.core.shared_cache import SharedCache
from attest.core.walls import inside


def fresh_connection(function: Callable[..., Any]) -> Callable[..., Any]:
    """A job's thread keeps no dead connection from the job before it."""

    @wraps(function)
    def run(*args: Any, **kwargs: Any) -> Any:
        close_old_connections()
        try:
            return function(*args, **kwargs)
        finally:
            close_old_connections()

    return run


@app.task(name="attest.run_item")
@fresh_connection
def run_item(*, item_id: str) -> None:
    """Do one piece of work now."""
    work.run(UUID(item_id))


@app.periodic(cron="* * * * *")
@app.task(name="attest.sweep")
@fresh_connection
def sweep(timestamp: int = 0) -> None:
    """Do everything that is due."""
    work.sweep()


@app.periodic(cron="* * * * *")
@app.task(name="attest.seal")
@fresh_connection
def seal(timestamp: int = 0) -> None:
    """Give the audit events of the last minute their places in their practices' chains."""
    seal_all()


@app.periodic(cron="41 3 * * *")
@app.task(name="attest.verify_trails")
@fresh_connection
def verify_trails(timestamp: int = 0) -> None:
    """Seal whatever the minutes have missed, then check every practice's trail from its beginning."""
    seal_all(thorough=True)
    verify_all()


@app.periodic(cron="17 3 * * *")
@app.task(name="attest.tidy")
@fresh_connection
def tidy(timestamp: int = 0) -> None:
    """Delete queue entries untouched for a week, those of dead workers too: the sweep does their work anyway.

    What the shared cache remembers goes when its time is over.
    """
    SharedCache.forget_old()
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM procrastinate_jobs job WHERE status <> 'todo' AND NOT EXISTS ("
            "SELECT 1 FROM procrastinate_events e WHERE e.job_id = job.id AND e.at > now() - interval '7 days')"
        )


@app.periodic(cron="37 3 * * *")
@app.task(name="attest.sweep_orphans")
@fresh_connection
def sweep_orphans(timestamp: int = 0) -> None:
    """Delete the bytes of files whose transaction was undone."""
    for folder in files.stored_folders():
        with inside(folder):
            files.sweep_orphans()
