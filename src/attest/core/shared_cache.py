"""The cache of the site: one small table, so that all processes count the same attempts.

It serves the login library's limits and its list of used one-time codes. Keys are hashed, so neither addresses nor
e-mails lie in it; values are JSON, so that what is read from it is never run. In a process of its own memory a limit
of five attempts would be five for each process.
"""

import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache

from attest.core import clock

FOREVER = datetime(9999, 1, 1, tzinfo=UTC)


class SharedCache(BaseCache):
    """A Django cache on the table `core_cacheentry`. What is past its time counts as not there."""

    def __init__(self, location: str, params: dict[str, Any]) -> None:
        super().__init__(params)

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        found = _rows().filter(pk=self._hashed(key, version), until__gt=clock.real_now()).first()
        return default if found is None else found.value

    def set(
        self, key: Any, value: Any, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None
    ) -> None:
        _rows().bulk_create(
            [_rows().model(key=self._hashed(key, version), value=value, until=self._until(timeout))],
            update_conflicts=True,
            unique_fields=["key"],
            update_fields=["value", "until"],
        )

    def add(
        self, key: Any, value: Any, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        """Set it unless it is there; of several processes that add it at once, one does."""
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO core_cacheentry (key, value, until) VALUES (%s, %s::jsonb, %s)"
                " ON CONFLICT (key) DO UPDATE SET value = excluded.value, until = excluded.until"
                " WHERE core_cacheentry.until <= %s",
                [self._hashed(key, version), json.dumps(value), self._until(timeout), clock.real_now()],
            )
            return bool(cursor.rowcount == 1)

    def touch(self, key: Any, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        there = _rows().filter(pk=self._hashed(key, version), until__gt=clock.real_now())
        return bool(there.update(until=self._until(timeout)))

    def delete(self, key: Any, version: int | None = None) -> bool:
        deleted, _ = _rows().filter(pk=self._hashed(key, version)).delete()
        return bool(deleted)

    def clear(self) -> None:
        _rows().all().delete()

    @staticmethod
    def forget_old() -> int:
        """Delete what is past its time; returns how much."""
        deleted, _ = _rows().filter(until__lte=clock.real_now()).delete()
        return int(deleted)

    def _hashed(self, key: Any, version: int | None) -> str:
        return hashlib.sha256(self.make_key(key, version=version).encode()).hexdigest()

    def _until(self, timeout: float | None) -> datetime:
        seconds = self.default_timeout if timeout is DEFAULT_TIMEOUT else timeout
        return FOREVER if seconds is None else clock.real_now() + timedelta(seconds=seconds)


def _rows() -> Any:
    from attest.core.models import CacheEntry

    return CacheEntry.objects
