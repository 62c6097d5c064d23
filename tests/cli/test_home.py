"""The data folder keeps secrets to itself and never mixes the demo with a practice."""

import subprocess
import sys
from pathlib import Path

import pytest

from attest.cli.home import Home, Unable


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path / "attest")
    made.create()
    return made


def test_a_secret_is_made_once_and_only_its_owner_can_read_it(home: Home) -> None:
    first = home.secret("owner-password")
    assert len(first) >= 40
    assert home.secret("owner-password") == first
    assert (home.folder / "owner-password").stat().st_mode & 0o777 == 0o600


def test_two_secrets_differ(home: Home) -> None:
    assert home.secret("owner-password") != home.secret("app-password")


def test_others_cannot_list_the_data_folder(home: Home) -> None:
    assert home.folder.stat().st_mode & 0o066 == 0
    assert home.logs.stat().st_mode & 0o077 == 0


def test_a_practice_never_moves_into_the_folder_of_the_demo(home: Home) -> None:
    home.dedicate("demo", "127.0.0.1:5432/attest")
    with pytest.raises(Unable, match="belongs to the demo"):
        home.dedicate("practice", "127.0.0.1:5432/attest")
    assert home.purpose["purpose"] == "demo"


def test_the_demo_never_moves_into_the_folder_of_a_practice(home: Home) -> None:
    home.dedicate("practice", "db.example:5432/attest")
    with pytest.raises(Unable, match="belongs to the practice"):
        home.dedicate("demo", "db.example:5432/attest")


def test_the_demo_never_moves_to_another_database(home: Home) -> None:
    home.dedicate("demo", "127.0.0.1:5432/attest")
    with pytest.raises(Unable, match=r"127\.0\.0\.1:5432/attest"):
        home.dedicate("demo", "db.example:5432/clinic")


def test_a_folder_that_cannot_be_made_is_explained_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Unable, match="Set ATTEST_HOME to a folder you can write to"):
        Home(tmp_path / "file" / "attest").create()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["db", "url"], "The database does not run. Start it with: attest db start"),
        (["demo", "--port", "0"], "0 is not in the range 1<=x<=65535"),
    ],
)
def test_what_a_person_can_mend_is_said_without_a_traceback(
    tmp_path: Path, arguments: list[str], sentence: str
) -> None:
    answer = subprocess.run(
        [sys.executable, "-m", "attest.cli.main", *arguments],
        env={"PATH": "/usr/bin:/bin", "ATTEST_HOME": str(tmp_path / "home")},
        capture_output=True,
        text=True,
    )
    assert answer.returncode != 0
    assert sentence in answer.stderr
    assert "Traceback" not in answer.stderr
