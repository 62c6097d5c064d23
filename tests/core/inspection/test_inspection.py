"""A file is taken for what is in it; broken and hostile ones are refused with a reason."""

import socketserver
import threading
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from attest.core.inspection import Refused, inspect
from tests.core.inspection.hostile import honest, hostile

HOSTILE = dict(hostile())


def test_there_are_two_hundred_hostile_files() -> None:
    assert len(HOSTILE) >= 200


@pytest.mark.parametrize("name", sorted(honest()))
def test_an_honest_file_is_taken_for_what_it_is(name: str) -> None:
    kind = inspect(honest()[name]).kind
    assert kind.extension == {"jpeg": "jpg"}.get(name.split()[0], name.split()[0])


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_a_hostile_or_broken_file_is_refused_with_a_reason(name: str) -> None:
    with pytest.raises(Refused) as refused:
        inspect(HOSTILE[name])
    sentence = str(refused.value)
    assert sentence[0].isupper()
    assert sentence.endswith(".")


@given(st.binary(max_size=300), st.sampled_from(sorted(honest())))
def test_no_bytes_make_it_fail_otherwise(rubbish: bytes, name: str) -> None:
    for content in (rubbish, honest()[name][:9] + rubbish):
        try:
            inspect(content)
        except Refused as refused:
            assert str(refused).endswith(".")


class Scanner(socketserver.BaseRequestHandler):
    """Speaks clamd's INSTREAM: reads the pieces, and finds what contains the word *evil*."""

    def handle(self) -> None:
        link = self.request.makefile("rb")
        assert link.read(10) == b"zINSTREAM\0"
        content = b""
        while length := int.from_bytes(link.read(4), "big"):
            content += link.read(length)
        found = b"stream: Evil-Test FOUND\0" if b"evil" in content else b"stream: OK\0"
        self.request.sendall(b"INSTREAM size limit exceeded. ERROR\0" if b"vast" in content else found)


@pytest.fixture
def scanner(settings: Settings) -> Iterator[None]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Scanner) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        settings.ATTEST_CLAMAV = f"127.0.0.1:{server.server_address[1]}"
        yield
        server.shutdown()


def behind(word: bytes) -> bytes:
    return honest()["jpeg"] + word


@pytest.mark.usefixtures("scanner")
def test_the_scanner_is_asked_where_one_is_configured() -> None:
    assert inspect(behind(b"fine")).scanned
    with pytest.raises(Refused, match="harmful"):
        inspect(behind(b"evil"))
    with pytest.raises(Refused, match="cannot be reached"):
        inspect(behind(b"vast"))


def test_without_a_scanner_nothing_claims_to_have_been_scanned() -> None:
    assert not inspect(honest()["png"]).scanned


def test_a_scanner_that_does_not_answer_keeps_files_out(settings: Settings) -> None:
    settings.ATTEST_CLAMAV = "127.0.0.1:1"
    with pytest.raises(Refused, match="Try again"):
        inspect(honest()["png"])
