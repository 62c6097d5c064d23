"""What the documents say is there is there: files, names, commands, pictures, and the table of rights."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from attest.cli.main import main as attest
from attest.demo.logins import logins
from scripts import rights
from scripts.tour import walk
from scripts.tour.pictures import CHAPTERS, CHOSEN, PICTURES, ROOT, chosen_files, gallery

DOCS = ROOT / "docs"
ROOM = ROOT / "src/attest"
MOST_BYTES_OF_PICTURES = 4_000_000
PAGES = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *DOCS.rglob("*.md")])
LINK = re.compile(r"""\]\(([^)\s]+)\)|src="([^"]+)\"""")
PLACE = re.compile(r"`([\w./-]+\.(?:py|json|csv|html|css|js|toml|md))(?::(\w+))?`")
FOLDER = re.compile(r"`([\w./]+/)`")


def names(pages: list[Path]) -> list[str]:
    return [str(page.relative_to(ROOT)) for page in pages]


@pytest.mark.parametrize("page", PAGES, ids=names(PAGES))
def test_every_link_leads_to_a_file_and_a_heading(page: Path) -> None:
    broken = []
    for found in LINK.finditer(page.read_text()):
        target = found[1] or found[2]
        if target.startswith("https://"):
            continue
        path, _, anchor = target.partition("#")
        there = (page.parent / path) if path else page
        if not there.exists() or (anchor and anchor not in headings(there)):
            broken.append(target)
    assert not broken


def headings(page: Path) -> set[str]:
    """The anchors of a page's headings."""
    found = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in found}


@pytest.mark.parametrize("page", PAGES, ids=names(PAGES))
def test_every_file_and_every_name_in_it_that_a_page_mentions_exists(page: Path) -> None:
    missing = []
    for path, name in PLACE.findall(page.read_text()):
        there = where(path)
        if there is None or (name and not defines(there, name)):
            missing.append(f"{path}:{name}" if name else path)
    assert not missing


def where(path: str) -> Path | None:
    """The file of a path told from the top of the repository, or from the rooms; of a bare name, any of that name.

    A file that is made and not kept is known by the list of what is not kept.
    """
    if path in (ROOT / ".gitignore").read_text().split():
        return ROOT / ".gitignore"
    if "/" not in path:
        return next((found for top in (ROOM, ROOT) for found in top.rglob(path)), None)
    return next((top / path for top in (ROOT, ROOM) if (top / path).exists()), None)


def defines(path: Path, name: str) -> bool:
    """Whether the file defines the name: a function, a class or a value."""
    return bool(re.search(rf"^(?:\s*def |class |){name}\b[^.\n]*[:=(]", path.read_text(), re.MULTILINE))


def test_every_folder_that_the_architecture_mentions_exists() -> None:
    mentioned = FOLDER.findall((DOCS / "architecture.md").read_text())
    assert len(mentioned) > 5
    assert not [folder for folder in mentioned if not is_folder(folder)]


def is_folder(path: str) -> bool:
    """Whether there is such a folder, told from the top of the repository, from the rooms, or in any room."""
    return any((top / path).is_dir() for top in (ROOT, ROOM, *ROOM.iterdir()))


def test_the_picture_of_the_rooms_shows_those_that_are_there() -> None:
    shown = set(re.findall(r'^  (\w+)\["', (DOCS / "architecture.md").read_text(), re.MULTILINE))
    rooms = {path.parent.name for path in ROOM.glob("*/__init__.py")}
    assert shown | {"config"} == rooms


def test_the_table_of_rights_is_the_one_that_is_enforced() -> None:
    assert rights.PAGE.read_text() == rights.page(), "Run make docs."


def commands(page: Path) -> Iterator[list[str]]:
    """Every `attest …` and `make …` of the page, taken apart; continued over a line end as well."""
    for text in re.findall(r"`((?:\.venv/bin/)?(?:attest|make)\s[^`]+)`", page.read_text()):
        yield shlex.split(text.removeprefix(".venv/bin/"))
    for block in re.findall(r"```sh\n(.*?)```", page.read_text(), re.DOTALL):
        for line in block.splitlines():
            if line.strip().startswith(("make ", "attest ")):
                yield shlex.split(line)


COMMANDS = [(page, words) for page in PAGES for words in commands(page)]


def test_every_make_target_that_a_page_mentions_exists() -> None:
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    asked = {words[1] for _, words in COMMANDS if words[0] == "make"}
    assert {"demo", "test", "tour", "docs"} <= asked
    assert asked <= targets


def test_every_command_and_option_of_attest_that_a_page_mentions_exists() -> None:
    asked = [words[1:] for _, words in COMMANDS if words[0] == "attest"]
    assert len(asked) > 8
    for words in asked:
        command: click.Command = attest
        options = [word for word in words if word.startswith("--")]
        for word in words:
            if isinstance(command, click.Group) and word in command.commands:
                command = command.commands[word]
        assert command is not attest, words
        known = {name for parameter in command.params for name in parameter.opts} | {"--help"}
        assert set(options) <= known, words


def test_every_command_of_attest_stands_in_the_readme() -> None:
    page = (ROOT / "README.md").read_text()
    for name, command in attest.commands.items():
        if not command.hidden:
            assert re.search(rf"`(?:attest )?{name}\b", page), name


def test_the_gallery_shows_the_pictures_that_are_there() -> None:
    assert (CHOSEN / "README.md").read_text() == gallery(), "Run make tour."
    there = {path.name for path in CHOSEN.iterdir()} - {"README.md"}
    assert there == set(chosen_files())


def test_the_pictures_stay_small() -> None:
    assert sum(path.stat().st_size for path in CHOSEN.glob("*.png")) < MOST_BYTES_OF_PICTURES


def test_every_picture_of_the_tour_is_named_once_and_taken_on_the_walk() -> None:
    listed = [picture.name for chapter in CHAPTERS for picture in chapter.pictures]
    assert len(listed) == len(set(listed)) == len(PICTURES)
    source = Path(walk.__file__).read_text()
    quoted = set(re.findall(r'"([\w-]+)"', source))
    views = {f"calendar-{view}" for view in ("day", "month", "list")}
    tabs = {f"client-{tab}" for tab in ("sessions", "notes", "plan", "coverage", "forms", "log")}
    assert set(PICTURES) <= quoted | views | tabs


def test_the_walk_is_walked_as_every_role_of_the_demo() -> None:
    walked = {walk.THERAPIST, walk.PRESCRIBER, walk.ADMIN, walk.BILLER, walk.AUDITOR, walk.SUPPORT}
    roles = {login["name"]: login["role"] for login in logins()}
    assert {roles[name] for name in walked} == set(roles.values())


def test_decisions_are_numbered_without_gaps_listed_and_of_one_shape() -> None:
    files = sorted((DOCS / "decisions").glob("[0-9]*.md"))
    assert [int(path.name[:4]) for path in files] == list(range(1, len(files) + 1))
    listed = (DOCS / "decisions/README.md").read_text()
    for path in files:
        text = path.read_text()
        assert text.startswith(f"# {path.name[:4]} ")
        assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["Context", "Choice", "What it costs"]
        assert f"[{path.name[:4]}]({path.name}) | {text.splitlines()[0][7:]} |" in listed


def test_the_readme_says_what_is_missing_the_notice_about_cpt_and_the_licence() -> None:
    page = (ROOT / "README.md").read_text()
    for words in ("Not in this version", "needs its own licence from the AMA", "Affero", "any warranty"):
        assert words in page
