"""The time machine: the demo's clock moves forward, and everything due by then happens in front of the viewer."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from attest.core import clock, work
from attest.core.models import WorkItem
from attest.policy.deadlines import local_date, resolve_local


@dataclass(frozen=True, slots=True)
class Jump:
    """One of the machine's buttons."""

    key: str
    label: str


JUMPS = (
    Jump("hour", "In an hour"),
    Jump("tomorrow", "Tomorrow, 9:00 AM"),
    Jump("48h", "In 48 hours"),
    Jump("30d", "In 30 days"),
)

_SAID = {
    "claim.release": ("{n} claim became ready to leave", "{n} claims became ready to leave"),
    "charge.due": ("{n} client's share fell due", "{n} clients' shares fell due"),
}


def target(key: str, zone: str) -> datetime:
    """The instant a button leads to, from now. Raises LookupError for an unknown button."""
    now = clock.now()
    if key == "hour":
        return now + timedelta(hours=1)
    if key == "tomorrow":
        return resolve_local(local_date(now, zone) + timedelta(days=1), time(9), zone).candidates[0]
    if key == "48h":
        return now + timedelta(hours=48, minutes=1)
    if key == "30d":
        return now + timedelta(days=30)
    raise LookupError(key)


def jump(key: str, zone: str) -> list[str]:
    """Move the clock and do all that is due by then; returns what happened, in sentences."""
    clock.move_to(target(key, zone))
    started = clock.now()
    due = WorkItem.objects.filter(done_at__isnull=True, due_at__lte=started).values_list("pk", "kind")
    waiting = dict(due)
    work.sweep()
    done = WorkItem.objects.filter(pk__in=list(waiting), done_at__isnull=False, dropped=False)
    counts = Counter(done.values_list("kind", flat=True))
    return [
        (one if counts[kind] == 1 else many).format(n=counts[kind])
        for kind, (one, many) in _SAID.items()
        if counts[kind]
    ]
