"""Work to do now or later, done exactly once.

A piece of work is a row: a kind, the id of what it is about, and when it is due. A handler registered for the kind
does it inside the organization's wall, in the same transaction that marks the row done: killed half-way, nothing
has happened and it is done again; done, it is never done twice. One periodic job sweeps what is due; the queue
carries only ids of rows to do now, so losing a queue entry loses no work.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from attest.core import clock
from attest.core.models import WorkItem, insert
from attest.core.walls import current_organization, inside

log = logging.getLogger("attest.work")
Handler = Callable[[UUID], None]
_handlers: dict[str, Handler] = {}
_RETRY_AFTER = timedelta(minutes=1)


def handler(kind: str) -> Callable[[Handler], Handler]:
    """Decorator: the function that does the work of `kind`, given the row's id. Rooms register in `jobs.py`."""

    def register(function: Handler) -> Handler:
        if kind in _handlers:
            raise LookupError(f"two handlers for {kind}")
        _handlers[kind] = function
        return function

    return register


def schedule(kind: str, row_id: UUID, *, at: datetime) -> WorkItem:
    """Do `kind` for the row at `at` or soon after, if the current transaction commits."""
    if kind not in _handlers:
        raise LookupError(f"nobody handles {kind}")
    item = WorkItem(organization_id=current_organization(), kind=kind, row_id=row_id, due_at=at)
    insert(item)
    return item


def enqueue(kind: str, row_id: UUID) -> WorkItem:
    """Do `kind` for the row as soon as a worker is free, if the current transaction commits."""
    item = schedule(kind, row_id, at=clock.now())
    from attest.core.jobs import run_item

    run_item.defer(item_id=str(item.pk))
    return item


def drop(kind: str, row_id: UUID) -> None:
    """Forget scheduled work of `kind` for the row that has not been done."""
    WorkItem.objects.filter(
        organization_id=current_organization(), kind=kind, row_id=row_id, done_at__isnull=True
    ).update(done_at=clock.now(), dropped=True)


def sweep(limit: int = 10_000) -> int:
    """Do everything that is due, oldest first; returns how many pieces were done. Several sweeps may run at once."""
    clock.forget()
    done = 0
    for _ in range(limit):
        outcome = _run_next()
        if outcome is None:
            return done
        done += outcome
    return done


def run(item_id: UUID) -> bool:
    """Do one piece of work if it is still to do and due; True when it was done here."""
    clock.forget()
    return bool(_run_next(item_id))


def _run_next(item_id: UUID | None = None) -> int | None:
    """Do one due piece. 1 done, 0 it failed and was put off, None there is nothing to do."""
    now = clock.now()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id, organization_id, kind, row_id, due_at, attempts FROM core_workitem"
                " WHERE done_at IS NULL AND due_at <= %s AND (%s::uuid IS NULL OR id = %s::uuid)"
                " ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED",
                [now, item_id, item_id],
            )
            row = cursor.fetchone()
        if row is None:
            return None
        item = WorkItem(
            pk=row[0], organization_id=row[1], kind=row[2], row_id=row[3], due_at=row[4], attempts=row[5]
        )
        try:
            # The demo's clock jumps days at once; what happens then bears the time it was due.
            moment = item.due_at if settings.ATTEST_DEMO else now
            with clock.at(moment), inside(item.organization_id):
                _handlers[item.kind](item.row_id)
        except Exception as problem:  # the row's work is undone by its savepoint; it is put off, never lost
            log.error("work %s (%s) failed: %s", item.pk, item.kind, type(problem).__name__)
            wait = _RETRY_AFTER * 2 ** min(item.attempts, 8)
            WorkItem.objects.filter(pk=item.pk).update(
                attempts=item.attempts + 1, problem=type(problem).__name__[:120], due_at=now + wait
            )
            return 0
        WorkItem.objects.filter(pk=item.pk).update(done_at=now, attempts=item.attempts + 1, problem="")
    return 1
