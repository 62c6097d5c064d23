"""A signed note on paper: the header on every page, the note, who signed it and when, and all that was added later."""

from collections.abc import Iterator
from datetime import date, datetime

from attest.core.paper import Block, Part, answers, facts, heading, mark, text
from attest.core.templatetags.times import date_text, in_zone, time_text, zone_letters
from attest.notes.header import Header, signature_name, spans_text
from attest.notes.models import Signature
from attest.notes.reading import ReadAddendum, Reading


def note_part(reading: Reading) -> Part:
    """One signed note as a part of a paper, with its addenda in place and every signature."""
    return Part(
        title=f"{reading.template_name} note",
        head=page_head(reading.version.header),
        blocks=tuple(_blocks(reading)),
    )


def page_head(header: Header) -> tuple[tuple[str, str], ...]:
    """What every page of a note says: whose record it is, when the session was, who wrote it."""
    client, provider = header["client"], header["provider"]
    born = date_text(date.fromisoformat(client["birth_date"]))
    day = date_text(date.fromisoformat(header["date_of_service"]))
    return (
        (f"{client['name']}, born {born}", f"Date of service {day}"),
        (f"{signature_name(header)}, NPI {provider['npi']}", spans_text(header)),
    )


def _blocks(reading: Reading) -> Iterator[Block]:
    version, zone = reading.version, reading.zone
    if version.late:
        yield mark("Signed late")
    yield facts(reading.header_rows)
    for section in reading.sections:
        yield heading(section.label)
        yield answers(section.answers)
    yield heading("Signature")
    for line in reading.attestation:
        yield text(line)
    if version.late:
        yield text(
            f"Signed late: it was due {moment(version.due_at, zone)}. Reason given: {version.late_reason}"
        )
    yield from _proof(reading.signature)
    for added in reading.addenda:
        yield from _added(added, zone)


def _added(added: ReadAddendum, zone: str) -> Iterator[Block]:
    row = added.addendum
    yield heading(added.label)
    yield text("Added later. The note above is unchanged.", quiet=True)
    yield facts([("Reason", row.reason), ("Added", moment(row.signed_at, zone))])
    yield text(row.text)
    if added.signature is not None:
        yield text(f"Signed electronically by {added.signature.signed_as}, on {moment(row.signed_at, zone)}.")
    yield from _proof(added.signature)


def _proof(signature: Signature | None) -> Iterator[Block]:
    """What lets somebody prove later that nothing was changed."""
    if signature is not None:
        yield text(
            f"Entry {signature.number} in the signer’s chain, fingerprint {signature.digest},"
            f" signed with the practice’s key {signature.key_id}.",
            quiet=True,
        )


def moment(at: datetime, zone: str) -> str:
    """11/25/2026, 4:50 PM ET: on paper always with the zone's letters."""
    there = in_zone(at, zone)
    return f"{date_text(there.date())}, {time_text(there)} {zone_letters(at, zone)}"
