"""`attest audit` as somebody at a terminal uses it."""

import csv
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from click.testing import CliRunner, Result

from attest.cli.audit import audit
from attest.core.audit.journal import Journal
from attest.core.audit.sealing import seal, seal_all
from attest.core.audit.verifying import verify_all
from attest.core.models import AuditEvent
from attest.core.walls import inside
from attest.practice.organization import Organization
from tests.core.audit.tampering import write_events

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


@pytest.fixture
def two(settings: Any, tmp_path: Path) -> Iterator[list[UUID]]:
    """Two practices with five sealed events each; whatever the command sets in its process is put back."""
    settings.ATTEST_HOME = tmp_path
    made = [Organization.objects.create(slug=name, name=name.title()).pk for name in ("harbor", "summit")]
    for practice in made:
        write_events(practice, 5)
        seal(practice)
    before = dict(os.environ)
    yield made
    os.environ.clear()
    os.environ.update(before)


def attest_audit(*arguments: str) -> Result:
    return CliRunner().invoke(audit, list(arguments))


def test_nothing_was_changed_is_said_for_each_practice_and_the_exit_status_is_0(two: list[UUID]) -> None:
    write_events(two[1], 2)
    result = attest_audit("verify")
    assert result.exit_code == 0
    assert result.output.splitlines() == [
        "Harbor: nothing was changed. 5 sealed events under 1 checkpoint, 0 events not sealed yet.",
        "Summit: nothing was changed. 5 sealed events under 1 checkpoint, 2 events not sealed yet.",
    ]


def test_a_difference_is_a_line_and_the_exit_status_is_1(two: list[UUID]) -> None:
    path = Journal(two[0]).path
    path.write_text(path.read_text().replace('"count":5', '"count":6'))
    result = attest_audit("verify")
    assert result.exit_code == 1
    first, second, third, other = result.output.splitlines()
    assert first == "Harbor: Line 1 of the file: its signature does not hold; the line was edited."
    assert second == "Harbor: The checkpoint at event 5 has no line in the file that fits it."
    assert third.startswith("Harbor: 2 differences.")
    assert other.startswith("Summit: nothing was changed.")
    assert attest_audit("verify", "summit").exit_code == 0
    assert verify_all() == 2


def test_a_practice_that_is_gone_from_the_database_is_known_by_its_file(
    two: list[UUID], tmp_path: Path
) -> None:
    Organization.objects.filter(pk=two[1]).delete()
    result = attest_audit("verify")
    assert result.exit_code == 1
    assert f"{two[1]}.jsonl belongs to a practice that the database does not have." in result.output


def test_a_practice_nobody_knows_is_a_sentence(two: list[UUID]) -> None:
    result = attest_audit("verify", "nowhere")
    assert result.exit_code == 1
    assert "There is no practice called nowhere." in result.output


def test_sealing_by_hand_says_how_many_and_what_the_file_had_lacked(two: list[UUID]) -> None:
    write_events(two[0], 3)
    Journal(two[1]).path.unlink()
    result = attest_audit("seal")
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "Harbor: 3 events sealed.",
        "Summit: 1 event sealed.",
        "  The file of checkpoints had lacked 1 line; the trail says so now.",
    ]


def test_the_export_is_json_lines_or_a_table_and_says_so_in_the_trail(
    two: list[UUID], tmp_path: Path
) -> None:
    lines, table = tmp_path / "trail.jsonl", tmp_path / "trail.csv"
    assert attest_audit("export", "harbor", "--out", str(lines)).exit_code == 0
    events = [json.loads(line) for line in lines.read_text().splitlines()]
    assert [event["proof"]["number"] for event in events] == [1, 2, 3, 4, 5]
    assert attest_audit("export", "harbor", "--out", str(table), "--from", "2020-01-01").exit_code == 0
    rows = list(csv.DictReader(table.open(newline="")))
    assert [row["Place"] for row in rows] == ["1", "2", "3", "4", "5", ""]
    assert rows[-1]["Person"] == "Whoever runs the server"
    assert attest_audit("export", "harbor", "--out", str(table), "--to", "2020-01-01").exit_code == 1
    assert lines.stat().st_mode & 0o077 == 0


def test_every_practice_is_sealed_by_the_job_though_one_cannot_be(two: list[UUID]) -> None:
    for practice in two:
        write_events(practice, 1)
    blocked = Journal(two[0]).path
    blocked.unlink()
    blocked.mkdir()
    assert seal_all() == 1
    with inside(two[1]):
        assert AuditEvent.objects.count() == 6
