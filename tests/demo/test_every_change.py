"""Whatever the demo's story changes in a practice's tables, it leaves an event in the same transaction."""

import re
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from attest.core.audit.verifying import Verification
from attest.demo.seed import seed
from tests.core.audit.writers import silent_actions

pytestmark = pytest.mark.django_db

WITHOUT = {
    "core_actionkey": "the key of a press; what was pressed has its event",
    "core_settledstamp": "set by triggers",
    "core_datakey": "keys have a log of their own",
    "core_signingkey": "made with the first signature",
    "core_auditevent": "the event itself",
    "core_auditlink": "the event's place",
    "core_auditcheckpoint": "the sealer's own",
    "confirmation_detailsdraft": "typed and not yet sent",
    "practice_notice": "what somebody is told of another event",
}
"""Tables whose changes alone need no event, and why."""
WRITES = re.compile(r'(?:^\s*UPDATE|INSERT INTO|DELETE FROM)\s+"?(\w+)"?')
"""Each table that a statement writes: one statement may write several."""


STEPS = {
    "calendar/actions.py:mark": "the chip follows what has an event of its own",
    "calendar/actions.py:record_intervals": "a part of confirming",
    "ledger/actions.py:schedule_client_share": "a part of confirming",
    "practice/actions/notices.py:tell": "tells of another event",
}
"""Actions that are only ever a step of another one, which leaves the event."""


class Transactions:
    """Sees every statement: which tables the outermost savepoint that is open has changed."""

    def __init__(self, walled: set[str]) -> None:
        self.walled, self.open, self.changed = walled, [], set()  # type: ignore[var-annotated]
        self.silent: dict[str, int] = defaultdict(int)
        self.events = 0

    def __call__(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        result = execute(sql, params, many, context)
        text = str(sql)
        words = text.split(maxsplit=2)[:2]
        if words[:1] == ["SAVEPOINT"]:
            self.open.append(words[1])
        elif words[:1] == ["RELEASE"]:
            self.open.pop()
            if not self.open:
                self._ended()
        else:
            tables = list(WRITES.finditer(text))
            ends = [*(found.start() for found in tables[1:]), len(text)]
            for found, end in zip(tables, ends, strict=False):
                self.changed.add(found[1])
                if found[1] == "core_auditevent":
                    self.events += text.count("), (", found.end(), end) + 1
        return result

    def _ended(self) -> None:
        """The outermost savepoint stands for the transaction that it would be outside a test."""
        if "core_auditevent" not in self.changed:
            for table in (self.changed & self.walled) - set(WITHOUT):
                self.silent[table] += 1
        self.changed = set()


def test_nothing_is_changed_without_an_event_and_the_trail_of_it_all_verifies(
    settings: Any, tmp_path: Any
) -> None:
    settings.ATTEST_HOME, settings.ATTEST_DEMO = tmp_path, True
    walled = {
        model._meta.db_table
        for model in apps.get_models()
        if any(field.column == "organization_id" for field in model._meta.concrete_fields)
    } - {"practice_member", "core_workitem"}
    transactions = Transactions(walled)
    with connection.execute_wrapper(transactions):
        practice = seed(say=lambda text: None, weeks=1)
    assert practice is not None
    assert transactions.events > 300
    assert dict(transactions.silent) == {}
    check = Verification(practice.pk)
    assert list(check.differences()) == []
    assert (check.sealed, check.unsealed) == (transactions.events, 0)


def test_every_action_that_writes_comes_to_record_an_event() -> None:
    writers, silent = silent_actions()
    assert len(writers) > 60
    assert silent == set(STEPS)
