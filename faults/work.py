"""Kill the worker at random moments under load: no work may be lost, none may be done twice.

All ways by which work comes about are mixed: to do now, due now, due in some seconds, and work of transactions
that are rolled back, which must never be done. In the end the worker is left alone until nothing is open; then
the effects are counted.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from uuid import UUID, uuid4

KILLS = 50
LONGEST_LIFE = 1.5  # seconds from the worker's first breath to the latest moment it is killed
QUEUED = 100  # pieces kept in the queue, so that the worker is always in the middle of something
SETTLE_SECONDS = 240


class _ChangedItsMind(Exception):
    """Rolls a transaction back."""


def run() -> bool:
    """Carry the scenario out on a database of its own; True when nothing was lost or repeated."""
    from attest.cli.database import temporary_product

    seed = int(os.environ.get("SEED", random.randrange(10**6)))
    print(f"Killing the worker {KILLS} times (SEED={seed}) …", flush=True)
    with temporary_product():
        return Scenario(random.Random(seed)).carry_out()


class Scenario:
    """One run: what was asked for, what must never happen, and the worker of the moment."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.organization = uuid4()
        self.wanted: list[UUID] = []
        self.withdrawn: list[UUID] = []

    def carry_out(self) -> bool:
        """Kill, feed, kill again; then let everything settle and count."""
        from procrastinate.contrib.django.models import ProcrastinateJob

        for _ in range(KILLS):
            worker = self.start_worker()
            moment = time.monotonic() + self.rng.uniform(0, LONGEST_LIFE)
            while time.monotonic() < moment:
                self.feed()
            worker.send_signal(signal.SIGKILL)
            worker.wait()
        cut_short = ProcrastinateJob.objects.filter(status="doing").count()
        worker = self.start_worker()
        self.wait_until_nothing_is_open()
        worker.send_signal(signal.SIGTERM)
        worker.wait(30)
        return self.report(cut_short)

    def start_worker(self) -> "subprocess.Popen[str]":
        """A worker that has just begun to work."""
        variables = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        worker = subprocess.Popen(
            [sys.executable, "-m", "faults.worker"],
            env=variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert worker.stdout is not None
        if worker.stdout.readline().strip() != "up":
            raise RuntimeError("the worker did not start")
        return worker

    def feed(self) -> None:
        """Ask for more work, a few pieces a transaction, unless enough is waiting."""
        from procrastinate.contrib.django.models import ProcrastinateJob

        from attest.core import clock, work
        from attest.core.walls import inside
        from faults.marking import KIND

        if ProcrastinateJob.objects.filter(status="todo").count() >= QUEUED:
            time.sleep(0.01)
            return
        rows = [uuid4() for _ in range(self.rng.randint(1, 10))]
        kept = self.rng.random() >= 0.1
        with suppress(_ChangedItsMind), inside(self.organization):
            for row in rows:
                how = self.rng.random()
                if how < 0.8:
                    work.enqueue(KIND, row)
                else:
                    later = timedelta(seconds=0 if how < 0.9 else self.rng.uniform(1, 20))
                    work.schedule(KIND, row, at=clock.now() + later)
            if not kept:
                raise _ChangedItsMind
        (self.wanted if kept else self.withdrawn).extend(rows)

    def wait_until_nothing_is_open(self) -> None:
        """Give the worker's own sweep the time it needs, up to a limit."""
        from attest.core.models import WorkItem

        deadline = time.monotonic() + SETTLE_SECONDS
        while time.monotonic() < deadline and WorkItem.objects.filter(done_at__isnull=True).exists():
            time.sleep(0.5)

    def report(self, cut_short: int) -> bool:
        """Compare effects with what was asked for and print the result."""
        from attest.core.models import AuditEvent
        from attest.core.walls import inside
        from faults.marking import KIND

        with inside(self.organization):
            done = Counter(AuditEvent.objects.filter(kind=KIND).values_list("subject_id", flat=True))
        lost = sum(1 for row in self.wanted if not done[row])
        repeated = sum(1 for times in done.values() if times > 1)
        unwanted = sum(1 for row in self.withdrawn if done[row])
        print(
            f"{len(self.wanted):,} pieces of work asked for, {len(self.withdrawn):,} withdrawn; "
            f"{cut_short} were cut short by a kill; {unwanted} withdrawn ones were done."
        )
        print(f"{KILLS} kills, {lost} lost, {repeated} repeated", flush=True)
        return not (lost or repeated or unwanted)
