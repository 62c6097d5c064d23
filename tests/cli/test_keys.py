"""`attest keys` as somebody at a terminal uses it: no secret is shown, everything is told in sentences."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from attest.cli.keys import keys
from attest.cli.prepare import tell_missing_keys
from attest.core.keys import masters, public_keys, sealing, sign
from attest.core.models import AuditEvent
from attest.core.walls import inside
from attest.practice.organization import Organization

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


@pytest.fixture(autouse=True)
def practice(settings: Any, tmp_path: Path) -> Iterator[Organization]:
    """A practice with a signing key; whatever a command sets in its process is put back."""
    settings.ATTEST_HOME = tmp_path
    sealing.forget_opened()
    made = Organization.objects.create(slug="harbor", name="Harbor")
    with inside(made.pk):
        sign(b"", organization_id=made.pk)
    before = dict(os.environ)
    yield made
    os.environ.clear()
    os.environ.update(before)


def attest_keys(*arguments: str) -> Result:
    return CliRunner().invoke(keys, list(arguments))


def test_show_lists_every_key_and_no_secret(practice: Organization) -> None:
    master = masters.ring().active
    with inside(practice.pk):
        (key,) = public_keys(practice.pk)
    shown = attest_keys("show")
    assert shown.exit_code == 0
    assert f"{master.id}  active, fingerprint {master.fingerprint}" in shown.output
    assert "wraps 2 data keys" in shown.output
    assert "Practice harbor:" in shown.output
    assert f"signing key 1  {key.id}, in force" in shown.output
    assert "signed 0 things" in shown.output
    assert f"fingerprint {key.fingerprint}" in shown.output
    secret = json.loads(masters.key_file().read_text())["keys"][0]["key"]
    assert secret not in shown.output
    assert master.secret.hex() not in shown.output


def test_check_says_what_cannot_be_opened_and_ends_with_1() -> None:
    good = attest_keys("check")
    assert (good.exit_code, good.output) == (0, "All keys can be opened: 2 data keys, 1 signing key.\n")
    masters.key_file().chmod(0o644)
    assert attest_keys("check").exit_code == 1
    lost = masters.ring().active_id
    masters.key_file().unlink()
    bad = attest_keys("check")
    assert bad.exit_code == 1
    assert f"The master key {lost} is not in the key file" in bad.output
    assert "MISSING, wraps 2 data keys" in attest_keys("show").output


def test_rotate_and_forget(practice: Organization) -> None:
    first = masters.ring().active_id
    done = attest_keys("rotate")
    assert done.exit_code == 0
    assert (
        "2 data keys wrapped by it, 0 lost ones given up.\n1 practice: new data key, new signing key."
        in done.output
    )
    assert first in attest_keys("show").output
    with inside(practice.pk):
        assert AuditEvent.objects.get().kind == "keys.rotated"
    assert f"Removed the master key {first}" in attest_keys("forget").output
    assert attest_keys("forget").output == "Every master key is still needed.\n"
    assert attest_keys("check").exit_code == 0
    assert json.loads(attest_keys("public", "harbor").output)["organization"] == {
        "id": str(practice.pk), "name": "Harbor",
    }  # fmt: skip
    assert len(json.loads(attest_keys("public", "harbor").output)["keys"]) == 2


def test_a_lost_master_key_stops_rotation_until_it_is_given_up() -> None:
    masters.key_file().unlink()
    done = attest_keys("rotate")
    assert done.exit_code == 1
    assert "is not in the key file" in done.output
    assert not masters.key_file().exists()
    assert "2 lost ones given up" in attest_keys("rotate", "--give-up-lost").output
    assert attest_keys("check").exit_code == 0
    assert "given up" in attest_keys("show").output


def test_with_keys_in_the_environment_next_prints_what_it_must_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "are in a file" in attest_keys("next").output
    monkeypatch.setenv("ATTEST_KEYS", masters.key_file().read_text())
    masters.key_file().unlink()
    assert "attest keys next" in attest_keys("rotate").output
    secret = attest_keys("next").output
    assert secret.count("\n") == 1
    monkeypatch.setenv("ATTEST_KEYS", secret)
    assert attest_keys("rotate").exit_code == 0
    assert "attest keys next" in attest_keys("rotate").output
    assert not masters.key_file().exists()


def test_the_public_keys_of_nobody_are_told_in_a_sentence() -> None:
    done = attest_keys("public", "nobody")
    assert (done.exit_code, done.output) == (1, "There is no practice called nobody.\n")


def test_a_start_says_which_key_is_missing_and_goes_on(capsys: pytest.CaptureFixture[str]) -> None:
    tell_missing_keys()
    assert capsys.readouterr().err == ""
    lost = masters.ring().active_id
    masters.key_file().write_text("{")
    tell_missing_keys()
    assert "does not hold complete master keys" in capsys.readouterr().err
    masters.key_file().unlink()
    tell_missing_keys()
    assert f"The master key {lost} is not in the key file" in capsys.readouterr().err
