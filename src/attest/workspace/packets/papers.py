"""The files of each piece of a packet: papers to read, and beside them the records as they were signed and sent.

Names of files hold dates and kinds, never a client's name.
"""

from collections.abc import Iterator
from uuid import UUID

from attest.claims.models import Claim
from attest.claims.shown import shown_claim
from attest.clients.models import Client, Coverage, FormAcknowledgement
from attest.clients.queries import chart_diagnoses
from attest.core import clock, files
from attest.core.paper import Block, Paper, Part, facts, heading, pdf, table, text
from attest.core.templatetags.money import money_text
from attest.core.templatetags.times import date_text
from attest.notes.export.writing import exported
from attest.notes.models import Note, NoteVersion, TreatmentPlan
from attest.notes.printing import moment, note_part
from attest.notes.queries import note_of, upload_of
from attest.notes.reading import reading_of
from attest.policy.deadlines import local_date
from attest.workspace.models import Packet
from attest.workspace.packets.contents import Piece, sessions_of
from attest.workspace.queries.trail import Wanted, chunks, rows_of

File = tuple[str, bytes]
"""Path within the packet, and content."""
MOST_LOGGED = 20_000


def files_of(packet: Packet, kind: Piece, about: UUID) -> list[File]:
    """Every file of one piece; none when the record holds nothing to hand out."""
    return list(_MADE[kind](packet, about))


def _client(packet: Packet, about: UUID) -> Iterator[File]:
    own = {"organization_id": packet.organization_id, "client_id": packet.client_id}
    client = packet.client
    covers = Coverage.objects.filter(**own).select_related("payer").order_by("rank", "effective_from")
    signed = FormAcknowledgement.objects.filter(**own).select_related("document").order_by("acknowledged_at")
    zone = packet.organization.zone
    blocks: list[Block] = [
        facts(
            [
                ("Client", client.legal_name),
                ("Born", date_text(client.birth_date)),
                ("Provider", client.provider.signature_name if client.provider else ""),
            ]
        ),
        heading("Diagnoses on the chart"),
        table(
            ("Code", "Diagnosis", "Onset", "Resolved"),
            [(row.dotted, row.label, _day(row.onset), _day(row.resolved)) for row in chart_diagnoses(client)],
        ),
        heading("Insurance"),
        table(
            ("Plan", "Member id", "Rank", "In force", "Verified"),
            [
                (
                    f"{row.payer.name} {row.plan_name}".strip(),
                    row.member_id,
                    row.get_rank_display(),
                    f"{_day(row.effective_from)} – {_day(row.effective_to)}",
                    moment(row.verified_at, zone) if row.verified_at else row.get_verification_display(),
                )
                for row in covers
            ],
        ),
        heading("Forms acknowledged"),
        table(
            ("Form", "Version", "Name typed", "When", "How"),
            [
                (
                    row.document.title,
                    str(row.document.version),
                    row.typed_name,
                    moment(row.acknowledged_at, zone),
                    row.get_how_display(),
                )
                for row in signed
            ],
        ),
    ]
    yield "client.pdf", _paper(packet, "Client, insurance and forms", blocks)


def _plan(packet: Packet, about: UUID) -> Iterator[File]:
    plan = TreatmentPlan.objects.select_related("version__note").get(
        organization_id=packet.organization_id, pk=about
    )
    yield from _note(packet, plan.version.note, f"plans/{plan.starts_on}-treatment-plan")


def _session(packet: Packet, about: UUID) -> Iterator[File]:
    session = sessions_of(packet).select_related("client", "provider").get(pk=about)
    stem = f"sessions/{local_date(session.starts_at, session.zone)}-{str(session.pk)[-6:]}"
    note = note_of(session)
    if note is not None and note.state == "signed":
        yield from _note(packet, note, f"{stem}/note")
    elif (upload := upload_of(session)) is not None:
        extension = upload.file.name.rpartition(".")[2]
        yield f"{stem}/uploaded-note.{extension}", files.content_of(upload.file)
    claims = Claim.objects.filter(organization_id=packet.organization_id, session_id=session.pk)
    for claim in claims.select_related("payer").order_by("version", "built_at"):
        yield from _claim(packet, claim, f"{stem}/claim-{claim.version}")


def _claim(packet: Packet, claim: Claim, stem: str) -> Iterator[File]:
    shown = shown_claim(claim, packet.organization)
    zone = packet.organization.zone
    blocks: list[Block] = [
        facts(
            [
                ("Payer", claim.payer.name),
                ("Our number", claim.number),
                ("Date of service", date_text(claim.date_of_service)),
                ("Charge", money_text(claim.total_cents)),
                ("State", claim.get_state_display()),
                ("Sent", moment(claim.sent_at, zone) if claim.sent_at else "not yet"),
            ]
        ),
        *(text(problem) for problem in (*shown.problems, *shown.practice_problems)),
    ]
    for part in shown.parts:
        blocks += [
            heading(part.title),
            table(("What", "Says", "Segment"), [(row.label, row.words, row.segment) for row in part.rows]),
        ]
    yield f"{stem}.pdf", _paper(packet, "Claim", blocks)
    if shown.parts:
        lines = "\n".join(row.segment for part in shown.parts for row in part.rows)
        yield f"{stem}.x12.txt", f"{lines}\n".encode()


def _of_note(packet: Packet, about: UUID) -> Iterator[File]:
    note = Note.objects.select_related("template").get(organization_id=packet.organization_id, pk=about)
    version = NoteVersion.objects.get(organization_id=packet.organization_id, note_id=note.pk)
    day = local_date(version.signed_at, packet.organization.zone)
    yield from _note(packet, note, f"notes/{day}-{note.template.key}-{str(note.pk)[-6:]}")


def _note(packet: Packet, note: Note, stem: str) -> Iterator[File]:
    """The note on paper, and the same as a file that proves itself."""
    reading = reading_of(note)
    if reading is None:
        return
    paper = Paper(reading.template_name, packet.organization.name, (note_part(reading),))
    yield f"{stem}.pdf", pdf(paper)
    yield f"{stem}.json", exported(note, at=clock.now())


def _log(packet: Packet, about: UUID) -> Iterator[File]:
    zone = packet.organization.zone
    wanted = Wanted(client_id=packet.client_id, since=packet.since, until=packet.until)
    rows: list[tuple[str, ...]] = []
    for chunk in chunks(wanted.of(packet.organization_id, zone)):
        rows += [
            (moment(row.event.at, zone), row.who, row.did, row.why)
            for row in rows_of(chunk, packet.organization_id)
        ]
        if len(rows) >= MOST_LOGGED:
            break
    blocks: list[Block] = [table(("When", "Who", "What", "Why"), rows[:MOST_LOGGED])]
    if len(rows) >= MOST_LOGGED:
        blocks.append(
            text(f"Only the first {MOST_LOGGED:,} entries. Ask for a shorter time to see the others.")
        )
    yield "access-log.pdf", _paper(packet, "Who read and changed the record", blocks)


def contents_paper(packet: Packet, parts: list[tuple[str, int, str]]) -> bytes:
    """The first paper: what is in the packet, with a fingerprint of each file (path, size, SHA-256)."""
    zone = packet.organization.zone
    about = {
        "session": "One session",
        "range": f"Sessions from {_day(packet.since)} to {_day(packet.until)}",
        "chart": "The whole chart",
    }[packet.kind]
    blocks: list[Block] = [
        facts([("About", about), ("Made", moment(clock.now(), zone)), ("Files", str(len(parts)))]),
        heading("Files and their fingerprints"),
        text(
            "Each file's SHA-256 stands below and in manifest.json, which the practice's own key has signed. Notes"
            " lie here twice: on paper, and as a file that can be checked with “attest notes verify”.",
            quiet=True,
        ),
        table(("File", "Size", "SHA-256"), [(path, f"{size:,}", digest) for path, size, digest in parts]),
    ]
    return _paper(packet, "Contents", blocks)


def _paper(packet: Packet, title: str, blocks: list[Block]) -> bytes:
    client: Client = packet.client
    head = ((f"{client.legal_name}, born {date_text(client.birth_date)}", title),)
    return pdf(Paper(title, packet.organization.name, (Part(title, head, tuple(blocks)),)))


def _day(day: object) -> str:
    return date_text(day) if day else ""  # type: ignore[arg-type]


_MADE = {
    Piece.CLIENT: _client,
    Piece.PLAN: _plan,
    Piece.SESSION: _session,
    Piece.NOTE: _of_note,
    Piece.LOG: _log,
}
