"""Making a packet: asked for once, then piece by piece in the background, each step in a transaction of its own.

A step makes a few pieces, keeps them sealed, says how far it is, and asks for the next step. Killed at any moment,
the last step is done again from where it began; nothing is made twice or left out.
"""

import hashlib
import io
import json
import time
import zipfile
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from attest.calendar.models import Session
from attest.clients.models import Client
from attest.core import audit, clock, files, keys, work
from attest.practice.refusal import Refused
from attest.workspace.models import Packet, PacketPart
from attest.workspace.packets.contents import Piece, pieces_of, sessions_of
from attest.workspace.packets.papers import contents_paper, files_of

STEP = "packet.step"
EXPIRE = "packet.expire"
SECONDS_A_STEP = 1.0
KEPT = timedelta(days=7)
"""How long a finished packet can be downloaded; then its bytes are removed."""
PURPOSE = "packet"


def ask(
    *,
    client: Client,
    kind: str,
    by: UUID,
    session: Session | None = None,
    since: date | None = None,
    until: date | None = None,
) -> Packet:
    """Ask for a packet: of one session, of the sessions of some time, or the whole chart.

    The caller has authorised the reader for this client. Raises Refused naming the field when the time runs backwards
    or holds no session.
    """
    if since and until and until < since:
        raise Refused({"until": "The last day is before the first."})
    with transaction.atomic():
        packet = Packet(
            organization_id=client.organization_id,
            client=client,
            kind=kind,
            session_id=session.pk if session else None,
            since=since,
            until=until,
            asked_by=by,
        )
        if kind == "range" and not sessions_of(packet).exists():
            raise Refused({"since": "There is no session in that time."})
        packet.items = pieces_of(packet)
        packet.save(force_insert=True)
        audit.record(
            "packet.asked",
            subject_type="client",
            subject_id=client.pk,
            client_id=client.pk,
            by=by,
            packet=str(packet.pk),
            of=kind,
            pieces=packet.total,
        )
        work.enqueue(STEP, packet.pk)
    return packet


def step(packet_id: UUID) -> None:
    """Make some more pieces of a packet, or finish it. Handler of `packet.step`; runs inside the wall."""
    packet = (
        Packet.objects.select_for_update(of=("self",))
        .select_related("organization", "client__provider")
        .get(pk=packet_id)
    )
    if packet.state != "working":
        return
    until = time.monotonic() + SECONDS_A_STEP
    while packet.done < packet.total:
        kind, about = packet.items[packet.done]
        for path, content in files_of(packet, Piece(kind), UUID(about)):
            _keep_part(packet, path, content)
        packet.done += 1
        if time.monotonic() > until:
            break
    if packet.done < packet.total:
        packet.save(update_fields=["done"])
        work.enqueue(STEP, packet.pk)
    else:
        _finish(packet)


def _keep_part(packet: Packet, path: str, content: bytes) -> None:
    kept = files.keep(
        content, purpose=PURPOSE, name="part", media_type="application/octet-stream", by=packet.asked_by
    )
    PacketPart.objects.create(organization_id=packet.organization_id, packet=packet, path=path, file=kept)


def _finish(packet: Packet) -> None:
    parts = list(
        PacketPart.objects.filter(organization_id=packet.organization_id, packet=packet)
        .select_related("file")
        .order_by("path")
    )
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        listed = [(part.path, part.file.size, part.file.sha256) for part in parts]
        contents = contents_paper(packet, listed)
        listed.insert(0, ("contents.pdf", len(contents), hashlib.sha256(contents).hexdigest()))
        archive.writestr("contents.pdf", contents)
        for part in parts:
            archive.writestr(part.path, files.content_of(part.file))
        archive.writestr("manifest.json", _manifest(packet, listed))
    day = f"{clock.now():%Y-%m-%d}"
    packet.file = files.keep(
        made.getvalue(),
        purpose=PURPOSE,
        name=f"{'chart' if packet.kind == 'chart' else 'audit-packet'}-{day}.zip",
        media_type="application/zip",
        by=packet.asked_by,
    )
    packet.state, packet.expires_at = "ready", clock.now() + KEPT
    packet.save(update_fields=["done", "state", "file", "expires_at"])
    for part in parts:
        files.remove(part.file)
    work.schedule(EXPIRE, packet.pk, at=packet.expires_at)
    audit.record(
        "packet.made",
        subject_type="client",
        subject_id=packet.client_id,
        client_id=packet.client_id,
        by=None,
        packet=str(packet.pk),
        files=len(parts),
        sha256=packet.file.sha256,
    )


def _manifest(packet: Packet, listed: list[tuple[str, int, str]]) -> str:
    """Every file with its hash, signed with the practice's key over the canonical text of `packet`."""
    body: dict[str, Any] = {
        "form": "attest packet 1",
        "packet": str(packet.pk),
        "practice": packet.organization.name,
        "made_at": clock.now().isoformat(),
        "files": [{"path": path, "size": size, "sha256": digest} for path, size, digest in listed],
    }
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    signed = keys.sign(b"attest packet 1\0" + text.encode(), organization_id=packet.organization_id)
    public = keys.public_key(signed.key_id, packet.organization_id)
    assert public is not None  # it has just signed
    proof = {
        "algorithm": 'Ed25519 over "attest packet 1", a zero byte, and `packet` as sorted JSON without blanks',
        "key": str(signed.key_id),
        "public": public.raw.hex(),
        "signature": signed.signature.hex(),
    }
    return json.dumps({"packet": body, "signed": proof}, ensure_ascii=False, indent=1)


def stop(*, packet: Packet, by: UUID) -> None:
    """Stop a packet that is still being made; what was made of it is removed."""
    with transaction.atomic():
        row = Packet.objects.select_for_update().get(organization_id=packet.organization_id, pk=packet.pk)
        if row.state != "working":
            return
        row.state = "stopped"
        row.save(update_fields=["state"])
        for part in PacketPart.objects.filter(organization_id=row.organization_id, packet=row).select_related(
            "file"
        ):
            files.remove(part.file)
        audit.record(
            "packet.stopped", subject_type="client", subject_id=row.client_id, client_id=row.client_id, by=by
        )


def expire(packet_id: UUID) -> None:
    """Remove a finished packet's bytes. Handler of `packet.expire`."""
    packet = Packet.objects.select_related("file").get(pk=packet_id)
    if packet.state == "ready" and packet.file is not None:
        packet.state = "gone"
        packet.save(update_fields=["state"])
        files.remove(packet.file)
