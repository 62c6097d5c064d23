"""The audit trail written out: CSV for people, JSON lines for programs, each event with the proof of its place."""

import csv
import io
import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db import connection

from attest.core.audit.chain import SELECTED, START, Event, hashed
from attest.core.models import AuditLink
from attest.core.templatetags.times import date_text, in_zone, time_text, zone_letters
from attest.core.walls import inside
from attest.workspace.queries.trail import Row, Wanted, chunks, rows_of

COLUMNS = (
    "Date", "Time", "Zone", "Person", "What", "Why", "Client", "Kind", "Event", "Place", "Digest", "Hashed text",
)  # fmt: skip
"""`Digest` is the SHA-256 of `Hashed text`, which holds the digest of the place before: anybody can check it."""


def csv_of(organization_id: UUID, zone: str, wanted: Wanted, *, user_id: UUID | None = None) -> Iterator[str]:
    """CSV in pieces, the oldest event first. Each piece is read inside the wall by itself."""
    yield _csv_lines([COLUMNS])
    for rows, proofs in _pieces(organization_id, zone, wanted, user_id):
        yield _csv_lines([_cells(row, zone, proofs.get(row.event.pk, "")) for row in rows])


def readers_csv(
    organization_id: UUID, zone: str, wanted: Wanted, *, user_id: UUID | None = None
) -> Iterator[str]:
    """The list for a client: when, who, what and why, the oldest first, without what was typed as a reason."""
    yield _csv_lines([("Date", "Time", "Zone", "Who", "What", "Why")])
    for rows, _ in _pieces(organization_id, zone, wanted, user_id, in_own_words=False):
        yield _csv_lines([_cells(row, zone, "")[:6] for row in rows])


def json_of(organization_id: UUID, zone: str, wanted: Wanted) -> Iterator[str]:
    """A JSON object for each event and line, the oldest first."""
    for rows, proofs in _pieces(organization_id, zone, wanted, None):
        yield "".join(_json_line(row, proofs.get(row.event.pk, "")) for row in rows)


def _pieces(
    organization_id: UUID, zone: str, wanted: Wanted, user_id: UUID | None, *, in_own_words: bool = True
) -> Iterator[tuple[list[Row], dict[UUID, str]]]:
    """Rows a thousand at a time, with the hashed text of those that are sealed."""
    source = chunks(wanted.of(organization_id, zone))
    while True:
        with inside(organization_id, user_id):
            found = next(source, None)
            if found is None:
                return
            rows = rows_of(found, organization_id, in_own_words=in_own_words)
            proofs = _hashed_texts(organization_id, rows)
        yield rows, proofs


def _hashed_texts(organization_id: UUID, rows: list[Row]) -> dict[UUID, str]:
    """What each digest is the SHA-256 of, by the event's id."""
    places = {row.event.pk: row.number for row in rows if row.number is not None}
    before = dict(
        AuditLink.objects.filter(
            organization_id=organization_id, number__in=[number - 1 for number in places.values()]
        ).values_list("number", "digest")
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {SELECTED} FROM core_auditevent e"  # noqa: S608 - columns of ours
            " WHERE e.organization_id = %s AND e.id = ANY(%s)",
            [organization_id, list(places)],
        )
        events = [Event(*row) for row in cursor.fetchall()]
    return {
        event.id: hashed(
            event,
            organization_id=organization_id,
            number=places[event.id],
            previous=before.get(places[event.id] - 1, START),
        )
        for event in events
    }


def _cells(row: Row, zone: str, proof: str) -> tuple[str, ...]:
    there = in_zone(row.event.at, zone)
    return (
        date_text(there.date()), time_text(there), zone_letters(row.event.at, zone), row.who, row.did, row.why,
        row.client_name, row.event.kind, str(row.event.pk), "" if row.number is None else str(row.number),
        row.digest, proof,
    )  # fmt: skip


def _json_line(row: Row, proof: str) -> str:
    event = row.event
    values: dict[str, Any] = {
        "at": event.at.isoformat(),
        "who": row.who,
        "did": row.did,
        "why": row.why,
        "kind": event.kind,
        "event": str(event.pk),
        "user": event.user_id and str(event.user_id),
        "subject_type": event.subject_type,
        "subject": event.subject_id and str(event.subject_id),
        "client": event.client_id and str(event.client_id),
        "client_name": row.client_name,
        "data": event.data,
        "proof": {"number": row.number, "digest": row.digest, "hashed": proof} if row.number else None,
    }
    return json.dumps(values, ensure_ascii=False) + "\n"


def _csv_lines(rows: list[tuple[str, ...]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerows([tuple(_harmless(cell) for cell in row) for row in rows])
    return text.getvalue()


def _harmless(cell: str) -> str:
    """A cell that a spreadsheet would take for a formula begins with an apostrophe."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell
