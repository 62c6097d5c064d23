"""The file beside the database: whoever edits it, cuts it or puts another one there is found out."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from attest.core.audit.chain import canonical
from attest.core.audit.journal import Line
from tests.core.audit.tampering import differences, file_as_it_was, sealed_trail

pytestmark = pytest.mark.django_db


@pytest.fixture
def trail(settings: Any, tmp_path: Path) -> UUID:
    """Thirty sealed events under three checkpoints."""
    settings.ATTEST_HOME = tmp_path
    return sealed_trail(10, 10, 10)


def edited(change: Callable[[dict[str, Any]], None]) -> Callable[[list[bytes]], list[bytes]]:
    def apply(lines: list[bytes]) -> list[bytes]:
        values = json.loads(lines[1])
        change(values)
        return [lines[0], canonical(values).encode() + b"\n", lines[2]]

    return apply


FILE: dict[str, Callable[[list[bytes]], list[bytes]]] = {
    "the last line cut off": lambda lines: lines[:-1],
    "a line in the middle taken out": lambda lines: [lines[0], lines[2]],
    "the file emptied": lambda lines: [],
    "the end of a line cut off": lambda lines: [*lines[:2], lines[2][:-9]],
    "two lines exchanged": lambda lines: [lines[0], lines[2], lines[1]],
    "a line repeated": lambda lines: [*lines, lines[2]],
    "words put in between": lambda lines: [lines[0], b"hello\n", *lines[1:]],
    **{
        f"the {name} edited": edited(lambda values, name=name: values.update({name: other(values[name])}))  # type: ignore[misc]
        for name in Line.__dataclass_fields__
    },
}


def other(value: Any) -> Any:
    """The nearest other value of that kind."""
    if isinstance(value, int):
        return value + 1
    place = 5 if value[5].isalnum() else 6
    return value[:place] + ("1" if value[place] != "1" else "0") + value[place + 1 :]


@pytest.mark.parametrize("what", FILE)
def test_any_change_of_the_file_is_found(trail: UUID, what: str) -> None:
    with file_as_it_was(trail) as path:
        path.write_bytes(b"".join(FILE[what](path.read_bytes().splitlines(keepends=True))))
        assert differences(trail)
    assert differences(trail) == []


def test_another_practices_file_is_not_this_ones(trail: UUID, tmp_path: Path) -> None:
    other_practice = sealed_trail(2)
    with file_as_it_was(trail) as path:
        path.write_bytes((tmp_path / "audit" / f"{other_practice}.jsonl").read_bytes())
        assert "Line 1 of the file: it belongs to another practice." in differences(trail)
