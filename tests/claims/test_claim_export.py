"""Ready claims leave in a file, each of them once, whatever happens in between."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, connections

from attest.claims.actions import CannotExport, Exported, export
from attest.claims.actions.exporting import decide
from attest.claims.models import Claim, ControlNumber, Delivery, Interchange
from attest.clients.models import Client
from attest.core import clock
from attest.core.models import AuditEvent, save_fields
from attest.x12 import wire
from tests.claims.making import AFTERWARDS, chip_of, held_claim, ready_claim, state_of
from tests.factories import Made, make_client, make_practice

pytestmark = pytest.mark.django_db


@pytest.fixture
def made() -> Made:
    return make_practice()


def run(made: Made, folder: Path, *, held: bool = False) -> Exported:
    with clock.at(AFTERWARDS):
        return export(organization=made.organization, directory=folder, held=held, by=made.by)


def another_client(made: Made, **more: Any) -> Client:
    return make_client(made.organization, made.provider, payer=made.payer, **more)


def numbers_in(path: Path) -> list[str]:
    """The patient control numbers of a file's claims."""
    segments = wire.read(path.read_text("ascii")).interchanges[0].segments
    return [segment.get(1) for segment in segments if segment.tag == "CLM"]


def isa(path: Path) -> list[str]:
    return path.read_text("ascii").split("~", 1)[0].split("*")


def everything(made: Made) -> list[object]:
    """All that an export could change."""
    with made.inside():
        tables = (Claim, Interchange, Delivery, ControlNumber, AuditEvent)
        return [list(table.objects.order_by("pk").values()) for table in tables]


def test_a_ready_claim_leaves_in_a_file_and_is_marked_sent(made: Made, tmp_path: Path) -> None:
    claim = ready_claim(made)
    (written,) = run(made, tmp_path).files
    assert numbers_in(written.path) == [claim.number]
    with made.inside():
        claim.refresh_from_db()
        kept = Interchange.objects.get()
        event = AuditEvent.objects.get(kind="claims.sent")
    assert (claim.state, claim.sent_at, claim.interchange_id) == ("sent", AFTERWARDS, kept.pk)
    assert chip_of(made, claim) == "claim_sent"
    assert kept.sha256 == hashlib.sha256(written.path.read_bytes()).hexdigest()
    assert kept.content.encode() == written.path.read_bytes()
    assert (event.user_id, event.data) == (made.by, {"claims": 1, "control_number": 1})
    assert (isa(written.path)[13], isa(written.path)[15]) == ("000000001", "P")


def test_only_its_owner_can_read_the_file_and_no_name_is_in_its_name(made: Made, tmp_path: Path) -> None:
    ready_claim(made)
    (written,) = run(made, tmp_path / "new folder").files
    assert written.path.stat().st_mode & 0o777 == 0o600
    assert written.path.name == f"{made.slug}-CLEARPATH-000000001.837"
    assert [path.name for path in written.path.parent.iterdir()] == [written.path.name]


def test_a_second_export_finds_nothing_new_in_any_folder(made: Made, tmp_path: Path) -> None:
    ready_claim(made)
    run(made, tmp_path / "a")
    before = everything(made)
    assert run(made, tmp_path / "a") == Exported((), ())
    assert run(made, tmp_path / "b") == Exported((), ())
    assert everything(made) == before


def test_each_file_takes_the_next_control_number(made: Made, tmp_path: Path) -> None:
    numbers = []
    for _ in range(3):
        ready_claim(made, client=another_client(made))
        numbers += [file.control_number for file in run(made, tmp_path).files]
    assert numbers == [1, 2, 3]


def test_held_claims_stay(made: Made, tmp_path: Path) -> None:
    claim = held_claim(made)
    assert run(made, tmp_path).files == ()
    assert list(tmp_path.iterdir()) == []
    assert state_of(made, claim) == "held"


def test_killed_between_decision_and_file_the_next_export_writes_the_same_bytes(
    made: Made, tmp_path: Path
) -> None:
    claim = ready_claim(made)
    with clock.at(AFTERWARDS):
        decide(organization=made.organization, claim_ids=[claim.pk], by=made.by)
    assert list(tmp_path.iterdir()) == []
    (written,) = run(made, tmp_path).files
    assert written.again
    with made.inside():
        kept = Interchange.objects.get()
    assert written.path.read_text("ascii") == kept.content
    assert written.control_number == kept.control_number == 1
    assert run(made, tmp_path).files == ()


def test_killed_between_file_and_delivery_the_same_bytes_are_put_there_again(
    made: Made, tmp_path: Path
) -> None:
    claim = ready_claim(made)
    with clock.at(AFTERWARDS):
        kept = decide(organization=made.organization, claim_ids=[claim.pk], by=made.by)
    assert kept is not None
    (tmp_path / kept.file_name).write_text(kept.content[:40], "ascii")
    (written,) = run(made, tmp_path).files
    assert [path.name for path in tmp_path.iterdir()] == [kept.file_name]
    assert written.path.read_text("ascii") == kept.content


def test_a_file_that_cannot_be_put_in_place_is_written_by_the_next_export(made: Made, tmp_path: Path) -> None:
    claim = ready_claim(made)
    in_the_way = tmp_path / f"{made.slug}-CLEARPATH-000000001.837"
    in_the_way.mkdir()
    with pytest.raises(CannotExport, match="cannot be written"):
        run(made, tmp_path)
    assert state_of(made, claim) == "sent"
    assert list(tmp_path.iterdir()) == [in_the_way]
    in_the_way.rmdir()
    (written,) = run(made, tmp_path).files
    assert (written.control_number, numbers_in(written.path)) == (1, [claim.number])


def test_a_folder_that_cannot_be_used_changes_nothing(made: Made, tmp_path: Path) -> None:
    claim = ready_claim(made)
    (tmp_path / "file").write_text("")
    with pytest.raises(CannotExport, match="cannot be written"):
        run(made, tmp_path / "file")
    assert state_of(made, claim) == "ready"


def test_a_claim_with_findings_is_left_out_with_all_its_reasons_and_the_others_leave(
    made: Made, tmp_path: Path
) -> None:
    good = ready_claim(made)
    bad = ready_claim(made, client=another_client(made, city="", birth_date=date(2026, 11, 22)))
    result = run(made, tmp_path)
    assert [numbers_in(file.path) for file in result.files] == [[good.number]]
    (left,) = result.left_out
    assert left.number == bad.number
    assert any("city" in sentence for sentence in left.sentences)
    assert any("birth date" in sentence for sentence in left.sentences)
    assert state_of(made, bad) == "ready"


def test_a_diagnosis_that_is_not_complete_on_the_date_of_service_does_not_leave(
    made: Made, tmp_path: Path
) -> None:
    ready_claim(made, diagnoses=("F432",))
    (left,) = run(made, tmp_path).left_out
    assert [sentence.partition(":")[0] for sentence in left.sentences] == ["diagnoses"]
    assert "F432 is not a valid, complete ICD-10-CM code" in left.sentences[0]


def test_what_every_file_needs_is_asked_for_before_anything_is_sent(made: Made, tmp_path: Path) -> None:
    claim = ready_claim(made)
    save_fields(made.organization, submitter_id="")
    with pytest.raises(CannotExport, match="submitter id"):
        run(made, tmp_path)
    assert state_of(made, claim) == "ready"


def test_a_trial_takes_held_and_ready_claims_as_a_test_and_changes_nothing(
    made: Made, tmp_path: Path
) -> None:
    ready = ready_claim(made)
    held = held_claim(made, client=another_client(made))
    before = everything(made)
    result = run(made, tmp_path, held=True)
    (written,) = result.files
    assert result.test
    assert sorted(numbers_in(written.path)) == sorted([ready.number, held.number])
    assert isa(written.path)[15] == "T"
    assert int(isa(written.path)[13]) >= 900_000_000
    assert "TEST" in written.path.name
    assert everything(made) == before
    assert (chip_of(made, ready), chip_of(made, held)) == ("claim_ready", "confirmed")


def test_a_practice_sends_its_own_claims_only(made: Made, tmp_path: Path) -> None:
    claim = ready_claim(made)
    other = make_practice()
    assert run(other, tmp_path).files == ()
    assert state_of(made, claim) == "ready"


@pytest.mark.django_db(transaction=True)
def test_two_exports_at_once_send_each_claim_once(made: Made, tmp_path: Path) -> None:
    claims = [ready_claim(made, client=another_client(made)) for _ in range(6)]
    start = Barrier(2)

    def one(folder: str) -> Exported:
        try:
            start.wait(10)
            return run(made, tmp_path / folder)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(one, ["a", "b"]))
    sent = [number for path in tmp_path.glob("*/*.837") for number in numbers_in(path)]
    assert sorted(sent) == sorted(claim.number for claim in claims)
    assert any(result.files for result in results)
    with made.inside(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM claims_delivery")
        assert cursor.fetchone() == (1,)
