"""Packets of records: what belongs in, made step by step in the background, listed, signed, and gone after a week."""

import hashlib
import io
import json
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse
from pypdf import PdfReader

from attest.calendar.models import Session
from attest.core import clock, work
from attest.core.ed25519 import verifies
from attest.core.files import Gone, StoredFile, content_of
from attest.core.models import AuditEvent
from attest.practice.refusal import Refused
from attest.workspace.models import Packet, PacketPart
from attest.workspace.packets import making
from tests.confirmation.hands import press, type_details, write
from tests.core.inspection.hostile import honest
from tests.factories import (
    Made,
    browser_of,
    make_client,
    make_member,
    make_practice,
    make_provider,
    make_session,
)

pytestmark = pytest.mark.django_db
DOCUMENT = honest()["docx"]


@pytest.fixture
def made() -> Made:
    return make_practice()


def confirmed(made: Made, days: int = 1, **note: Any) -> Session:
    session = make_session(made.client, starts_at=clock.now() - timedelta(days=days, hours=2))
    with made.inside():
        write(made, session, late_reason="I was ill.", **note)
        type_details(session)
        press(made, session)
    return session


def made_packet(made: Made, **asked: Any) -> Packet:
    with made.inside():
        packet = making.ask(client=made.client, by=made.by, **asked)
    work.sweep()
    with made.inside():
        return Packet.objects.select_related("file").get(pk=packet.pk)


def inside_of(made: Made, packet: Packet) -> dict[str, bytes]:
    assert packet.file is not None
    with made.inside(), zipfile.ZipFile(io.BytesIO(content_of(packet.file))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def words(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def test_the_packet_of_a_session_holds_its_note_its_claim_and_who_read_it(made: Made) -> None:
    session = confirmed(made, focus="Sleepless since the move, four nights of seven.")
    other = confirmed(made, 3, focus="Something of another session.")
    found = inside_of(made, made_packet(made, kind="session", session=session))
    note = next(name for name in found if name.endswith("note.pdf"))
    assert str(session.pk)[-6:] in note
    assert "Sleepless since the move" in words(found[note])
    assert not any(str(other.pk)[-6:] in name for name in found)
    claim = next(name for name in found if name.endswith("claim-1.x12.txt"))
    assert found[claim].decode().splitlines()[-1].startswith(("SV1", "DTP", "REF"))
    assert "confirmed the session" in words(found["access-log.pdf"])
    assert made.payer.name in words(found["client.pdf"])


def test_no_file_is_named_after_the_client(made: Made) -> None:
    session = confirmed(made)
    packet = made_packet(made, kind="session", session=session)
    assert packet.file is not None
    named = " ".join([packet.file.name, *inside_of(made, packet)])
    assert made.client.legal_last_name not in named


def test_the_manifest_lists_every_file_and_is_signed_with_the_practices_key(made: Made) -> None:
    found = inside_of(made, made_packet(made, kind="session", session=confirmed(made)))
    manifest = json.loads(found.pop("manifest.json"))
    listed = {one["path"]: one["sha256"] for one in manifest["packet"]["files"]}
    assert listed == {path: hashlib.sha256(content).hexdigest() for path, content in found.items()}
    signed = manifest["signed"]
    text = json.dumps(manifest["packet"], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    message = b"attest packet 1\0" + text.encode()
    signature, public = bytes.fromhex(signed["signature"]), bytes.fromhex(signed["public"])
    assert verifies(message, signature, public)
    assert not verifies(message + b" ", signature, public)
    for path, digest in listed.items():
        if path != "contents.pdf":
            assert digest[:20] in words(found["contents.pdf"]).replace("\n", "")


def test_a_range_holds_the_sessions_of_its_days_and_no_others(made: Made) -> None:
    sessions = [confirmed(made, days) for days in (2, 10, 20)]
    day = clock.now().date() - timedelta(days=11)
    packet = made_packet(made, kind="range", since=day, until=day + timedelta(days=3))
    names = " ".join(inside_of(made, packet))
    assert [str(session.pk)[-6:] in names for session in sessions] == [False, True, False]


@pytest.mark.parametrize(("since", "until", "field"), [(5, 9, "until"), (-400, -390, "since")])
def test_a_time_that_runs_backwards_or_is_empty_is_refused(
    made: Made, since: int, until: int, field: str
) -> None:
    confirmed(made)
    today = clock.now().date()
    first, last = today + timedelta(days=since), today + timedelta(days=until)
    if field == "until":
        first, last = last, first
    with made.inside(), pytest.raises(Refused) as refused:
        making.ask(client=made.client, kind="range", since=first, until=last, by=made.by)
    assert field in refused.value.sentences


def test_an_uploaded_note_is_in_it_byte_for_byte(made: Made) -> None:
    from attest.notes.actions import upload_note

    session = make_session(made.client)
    with made.inside():
        upload_note(
            session_id=session.pk, content=DOCUMENT, author="Maren Holt, LCSW",
            signed_on=session.starts_at.date(), by_member=made.clinician,
        )  # fmt: skip
    found = inside_of(made, made_packet(made, kind="chart"))
    assert DOCUMENT in found.values()


def test_a_long_one_is_made_in_steps_and_none_is_made_twice(
    made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    for days in (1, 2, 3):
        confirmed(made, days)
    with made.inside():
        packet = making.ask(client=made.client, kind="chart", by=made.by)
    monkeypatch.setattr(making, "SECONDS_A_STEP", 0.0)
    steps = []
    original = making.step

    def counted(packet_id: Any) -> None:
        original(packet_id)
        steps.append(Packet.objects.get(pk=packet_id).done)

    monkeypatch.setattr(making, "step", counted)
    work.sweep()
    with made.inside():
        packet.refresh_from_db()
        assert steps == list(range(1, packet.total + 1))
        assert packet.state == "ready"
        assert PacketPart.objects.values("path").distinct().count() == PacketPart.objects.count()


def test_a_finished_packet_leaves_no_loose_parts_and_is_gone_after_a_week(made: Made) -> None:
    packet = made_packet(made, kind="session", session=confirmed(made))
    with made.inside():
        assert packet.file_id is not None
        assert [file.pk for file in StoredFile.objects.filter(gone_at=None)] == [packet.file_id]
    with clock.at(clock.now() + making.KEPT + timedelta(hours=1)):
        work.sweep()
    with made.inside():
        packet.refresh_from_db()
        assert packet.state == "gone"
        with pytest.raises(Gone):
            content_of(StoredFile.objects.get(purpose="packet", name__startswith="audit"))


# -- pages ---------------------------------------------------------------------------------------------------


@pytest.fixture
def browser(made: Made) -> Browser:
    return browser_of(made.clinician)


def address(made: Made, name: str, about: Any) -> str:
    return reverse(f"workspace:{name}", args=[made.slug, about])


def test_it_is_asked_for_from_the_session_watched_and_taken(made: Made, browser: Browser) -> None:
    session = confirmed(made)
    assert "Audit packet" in browser.get(address(made, "session", session.pk)).content.decode()
    answer = browser.post(address(made, "session_packet", session.pk))
    assert answer.status_code == 303
    page = browser.get(answer["Location"]).content.decode()
    assert "Being made" in page
    assert 'hx-trigger="every 1s"' in page
    work.sweep()
    page = browser.get(answer["Location"], HTTP_HX_REQUEST="true").content.decode()
    assert "Download" in page
    assert "every 1s" not in page
    with made.inside():
        packet = Packet.objects.get()
    file = browser.get(address(made, "packet_file", packet.pk))
    assert file["Content-Disposition"].startswith("attachment")
    with made.inside():
        assert AuditEvent.objects.filter(kind="packet.taken", client_id=made.client.pk).count() == 1


def test_a_time_is_needed_for_sessions_of_some_time_and_what_was_typed_stays(
    made: Made, browser: Browser
) -> None:
    answer = browser.post(address(made, "packets", made.client.pk), {"kind": "range", "since": "2026-01-05"})
    assert answer.status_code == 422
    assert 'value="2026-01-05"' in answer.content.decode()


def test_a_packet_can_be_stopped_and_keeps_nothing(made: Made, browser: Browser) -> None:
    confirmed(made)
    browser.post(address(made, "packets", made.client.pk), {"kind": "chart"})
    with made.inside():
        packet = Packet.objects.get()
    page = browser.post(address(made, "packet_stop", packet.pk), follow=True).content.decode()
    assert "Nothing of it was kept" in page
    work.sweep()
    with made.inside():
        packet.refresh_from_db()
        assert packet.state == "stopped"
        assert not StoredFile.objects.filter(gone_at=None).exists()


def test_only_who_may_read_the_chart_takes_its_packet(made: Made) -> None:
    packet = made_packet(made, kind="chart")
    colleague = make_member(made.organization, "provider", provider=make_provider(made.organization))
    assert browser_of(colleague).get(address(made, "packet_file", packet.pk)).status_code == 404
    assert browser_of(made.admin).get(address(made, "packet_file", packet.pk)).status_code == 403
    stranger = make_client(made.organization, colleague.provider)
    assert browser_of(made.clinician).get(address(made, "packets", stranger.pk)).status_code == 404
