"""The audit trail as people read it: who did what to what, in plain words, page by page.

Pages are cut by the moment and id of their first or last event, so the ten-thousandth is as near as the first.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from attest.clients.models import Client
from attest.core.audit.words import Group, kinds_of, words_of
from attest.core.models import AuditCheckpoint, AuditEvent, AuditLink, User
from attest.core.templatetags.people import shown_name
from attest.policy.deadlines import start_of_day
from attest.workspace.queries.trail_names import Names, Thing, reasons

A_PAGE = 50
PARTS = {"log": "access log"}
"""Parts of a page whose name in addresses is not their name for people."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which events: of a person, about a client, of some groups, from one local day to another (both included)."""

    user_id: UUID | None = None
    nobody: bool = False
    """Only what the product did by itself."""
    client_id: UUID | None = None
    groups: tuple[Group, ...] = ()
    since: date | None = None
    until: date | None = None

    def of(self, organization_id: UUID, zone: str) -> QuerySet[AuditEvent]:
        """The practice's events that are wanted; days are those of `zone`."""
        rows = AuditEvent.objects.filter(organization_id=organization_id)
        if self.nobody:
            rows = rows.filter(user_id__isnull=True)
        elif self.user_id:
            rows = rows.filter(user_id=self.user_id)
        if self.client_id:
            rows = rows.filter(client_id=self.client_id)
        if self.groups:
            rows = rows.filter(kind__in=[kind for group in self.groups for kind in kinds_of(group)])
        if self.since:
            rows = rows.filter(at__gte=start_of_day(self.since, zone))
        if self.until:
            rows = rows.filter(at__lt=start_of_day(self.until + timedelta(days=1), zone))
        return rows


@dataclass(frozen=True, slots=True)
class Row:
    """One event in words. `number` is its place in the sealed chain, None while it has none."""

    event: AuditEvent
    group: Group
    who: str
    did: str
    """Follows `who`: "opened the session of 11/24/2026 with Ada Park"."""
    why: str
    """As what they came, or by whose leave; empty for changes."""
    thing: Thing | None
    client: Client | None
    client_name: str
    number: int | None
    digest: str


@dataclass(frozen=True, slots=True)
class TrailPage:
    """Rows, the newest first, and the cursors of the pages beside them (empty: there is none)."""

    rows: list[Row]
    newer: str
    older: str


def page_of(
    events: QuerySet[AuditEvent], organization_id: UUID, *, before: str = "", after: str = ""
) -> TrailPage:
    """The page of events older than the cursor `before`, or newer than `after`; the newest without either.

    A cursor that cannot be read counts as none.
    """
    older_than, newer_than = _moment(before), _moment(after)
    if newer_than and not older_than:
        found = list(_newer(events, *newer_than).order_by("at", "id")[: A_PAGE + 1])
        more = len(found) > A_PAGE
        found = found[:A_PAGE][::-1]
        newer, older = more, True
    else:
        some = _older(events, *older_than) if older_than else events
        found = list(some.order_by("-at", "-id")[: A_PAGE + 1])
        newer, older = older_than is not None, len(found) > A_PAGE
        found = found[:A_PAGE]
    return TrailPage(
        rows=rows_of(found, organization_id),
        newer=cursor_of(found[0]) if found and newer else "",
        older=cursor_of(found[-1]) if found and older else "",
    )


def cursor_of(event: AuditEvent) -> str:
    """Where an event stands in the order of the trail, for an address."""
    return f"{(event.at - _EPOCH) // timedelta(microseconds=1)}-{event.pk.hex}"


def _moment(cursor: str) -> tuple[datetime, UUID] | None:
    micros, _, id_ = cursor.partition("-")
    try:
        return _EPOCH + timedelta(microseconds=int(micros)), UUID(id_)
    except (ValueError, OverflowError):
        return None


def _older(events: QuerySet[AuditEvent], at: datetime, id_: UUID) -> QuerySet[AuditEvent]:
    return events.filter(Q(at__lt=at) | Q(at=at, id__lt=id_), at__lte=at)


def _newer(events: QuerySet[AuditEvent], at: datetime, id_: UUID) -> QuerySet[AuditEvent]:
    return events.filter(Q(at__gt=at) | Q(at=at, id__gt=id_), at__gte=at)


def chunks(events: QuerySet[AuditEvent], size: int = 1000) -> Iterator[list[AuditEvent]]:
    """All events, the oldest first, in pieces; each is read when it is asked for, so the wall must stand then."""
    last: AuditEvent | None = None
    while True:
        some = _newer(events, last.at, last.pk) if last else events
        found = list(some.order_by("at", "id")[:size])
        if found:
            yield found
        if len(found) < size:
            return
        last = found[-1]


def rows_of(events: list[AuditEvent], organization_id: UUID, *, in_own_words: bool = True) -> list[Row]:
    """Events in words, in a number of queries that does not depend on how many they are.

    For `in_own_words` see `trail_names.reasons`.
    """
    people = names_of_users(event.user_id for event in events)
    links = {
        link.event_id: link
        for link in AuditLink.objects.filter(
            organization_id=organization_id, event_id__in=[event.pk for event in events]
        )
    }
    names = Names(organization_id, events)
    why = reasons(organization_id, events, in_own_words=in_own_words)
    return [_row(event, people, links.get(event.pk), names, why) for event in events]


def _row(
    event: AuditEvent,
    people: dict[UUID, str],
    link: AuditLink | None,
    names: Names,
    why: dict[UUID, str],
) -> Row:
    words = words_of(event.kind)
    thing = names.thing(event)
    client = names.clients.get(event.client_id) if event.client_id else None
    return Row(
        event=event,
        group=words.group,
        who=people.get(event.user_id, "Somebody who is gone") if event.user_id else words.by,
        did=words.said(thing.name if thing else "", str(event.data.get("right", ""))) + _part(event),
        why=why.get(event.pk, ""),
        thing=thing,
        client=client,
        client_name=shown_name(client) if client else "",
        number=link.number if link else None,
        digest=link.digest if link else "",
    )


def _part(event: AuditEvent) -> str:
    """Which part of a page it was, where a page has several: " (notes)"."""
    part = str(event.data.get("part", ""))
    return f" ({PARTS.get(part, part)})" if part else ""


def names_of_users(ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """The name of each user."""
    wanted = {one for one in ids if one}
    return dict(User.objects.filter(pk__in=wanted).values_list("pk", "name")) if wanted else {}


def sealed_up_to(organization_id: UUID) -> tuple[int, datetime] | None:
    """The newest checkpoint: up to which place, and when it was signed."""
    newest = AuditCheckpoint.objects.filter(organization_id=organization_id).order_by("-number").first()
    return (newest.number, newest.at) if newest else None
