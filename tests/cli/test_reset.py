"""`attest demo-reset` removes the demo and nothing else."""

from pathlib import Path

import pytest

from attest.cli.demo import forget_demo
from attest.cli.home import Home, Unable
from attest.cli.roles import OWN_PLACE


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A data folder whose database is our own server's."""
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.delenv("APP_DATABASE_URL")
    made = Home(tmp_path / "attest")
    made.create()
    (made.folder / "postgres").mkdir()
    (made.folder / "postgres" / "rows").write_text("invented")
    (made.folder / "keys.json").write_text("{}")
    made.demo_file.write_text("{}")
    return made


def test_the_demos_rows_and_its_purpose_go(home: Home) -> None:
    home.dedicate("demo", OWN_PLACE)
    forget_demo(home)
    assert not (home.folder / "postgres").exists()
    assert not (home.folder / "keys.json").exists()
    assert not home.demo_file.exists()
    assert home.purpose == {}


def test_a_practice_is_never_removed(home: Home) -> None:
    home.dedicate("practice", OWN_PLACE)
    with pytest.raises(Unable, match=r"holds a practice, not the demo\. Nothing was removed"):
        forget_demo(home)
    assert (home.folder / "postgres" / "rows").read_text() == "invented"
    assert (home.folder / "keys.json").exists()
    assert home.purpose["purpose"] == "practice"


def test_a_folder_of_no_known_purpose_is_left_alone(home: Home) -> None:
    forget_demo(home)
    assert (home.folder / "postgres" / "rows").read_text() == "invented"


def test_files_of_others_in_the_folder_stay(home: Home) -> None:
    (home.folder / "notes.txt").write_text("mine")
    home.dedicate("demo", OWN_PLACE)
    forget_demo(home)
    assert (home.folder / "notes.txt").read_text() == "mine"


def test_the_demo_on_one_database_is_not_removed_from_another(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.dedicate("demo", "db.example:5432/clinic")
    from django.conf import settings

    owner = settings.DATABASES["owner"]
    monkeypatch.setenv(
        "DATABASE_URL", f"postgresql://{owner['USER']}:{owner['PASSWORD']}@127.0.0.1:{owner['PORT']}/attest"
    )
    home.keep_secret("app-password", settings.DATABASES["default"]["PASSWORD"])
    with pytest.raises(Unable, match=r"The demo is on db\.example:5432/clinic"):
        forget_demo(home)
    assert home.purpose["purpose"] == "demo"
