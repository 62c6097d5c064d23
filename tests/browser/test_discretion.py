"""The search through logs and addresses finds what it has to find, and lets pass what tells nothing."""

from pathlib import Path

import pytest

from tests.browser.discretion import Watch


@pytest.fixture
def watch(tmp_path: Path) -> Watch:
    for name in ("web.log", "asked.log", "server.log"):
        (tmp_path / name).write_text("GET /o/practice-1/calendar/? from http://localhost/\n")
    watch = Watch(tmp_path / "web.log", tmp_path / "asked.log", database=tmp_path / "server.log")
    watch.words = {"Quillonby", "ann@mill.example", "1990-05-17", "Slept five hours", "F41.1", "Jo"}
    return watch


@pytest.mark.parametrize("name", ["web.log", "asked.log", "server.log"])
@pytest.mark.parametrize(
    "line",
    [
        "GET /o/practice-1/clients/?q=quillonby from -",
        "POST /x? from http://localhost/o/p/?next=%2Fclients%3Fq%3DQuillonby",
        "ERROR no such person: ann@mill.example",
        'DETAIL: Key (birth_date)=("1990-05-17")',
        "GET /notes/?text=Slept+five+hours from -",
        "GET /codes/?q=f41.1 from -",
    ],
)
def test_a_name_a_date_a_sentence_or_a_code_is_found_wherever_it_stands(
    watch: Watch, tmp_path: Path, name: str, line: str
) -> None:
    (tmp_path / name).write_text(f"{line}\n")
    with pytest.raises(pytest.fail.Exception, match=name):
        watch.check()


def test_an_address_of_a_window_is_searched_too(watch: Watch) -> None:
    watch.seen.add("http://localhost/o/practice-1/clients/#Quillonby")
    with pytest.raises(pytest.fail.Exception, match="window"):
        watch.check()


def test_ids_short_words_and_parts_of_words_are_nothing(watch: Watch, tmp_path: Path) -> None:
    (tmp_path / "web.log").write_text("Jo Quillonbyesque 01a210db-cb54-73f7-89a4-afded65fa28a F41.19\n")
    watch.check()
