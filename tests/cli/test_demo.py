"""`attest demo` from its first start to its end: what a newcomer does, and what is left afterwards."""

import http.cookiejar
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from attest.cli.server import Server

FIRST_START_SECONDS = 300  # the machine may be busy with other tests
LATER_START_SECONDS = 60
END_SECONDS = 30


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def wait_until(happened: Any, seconds: float, told: Path) -> None:
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, told.read_text()
        time.sleep(0.05)


@dataclass
class Demo:
    """A demo in a data folder of its own."""

    folder: Path
    port: int
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def printed(self) -> Path:
        return self.folder / "printed"

    @property
    def said(self) -> list[str]:
        return self.printed.read_text().splitlines()

    def command(self, folder: Path | None = None) -> dict[str, Any]:
        variables = {"PATH": os.defpath, "PORT": str(self.port), "ATTEST_HOME": str(folder or self.home)}
        return {
            "args": [sys.executable, "-m", "attest.cli.main", "demo"],
            "env": variables,
            "cwd": self.folder,
        }

    @property
    def home(self) -> Path:
        return self.folder / "home"

    def start(self, seconds: float) -> None:
        with self.printed.open("wb") as output:
            self.process = subprocess.Popen(**self.command(), stdout=output, stderr=output)
        process = self.process
        wait_until(lambda: self.ready() or process.poll() is not None, seconds, self.printed)
        assert self.ready(), self.printed.read_text()

    def ready(self) -> bool:
        return any(line.startswith("Ready: ") for line in self.said)

    def end(self, number: signal.Signals) -> int:
        assert self.process is not None
        self.process.send_signal(number)
        return self.process.wait(END_SECONDS)

    def left_behind(self) -> list[str]:
        """Every process that works for this data folder."""
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            try:
                about = (process / "cmdline").read_bytes() + (process / "environ").read_bytes()
            except OSError:
                continue
            if str(self.home).encode() in about:
                found.append(about.split(b"\0\0")[0].decode(errors="replace")[:200])
        return found


@pytest.fixture(scope="module")
def folder() -> Path:
    made = Path(tempfile.mkdtemp(dir=os.environ["ATTEST_HOME"]))
    made.chmod(0o711)
    return made


@pytest.fixture(scope="module")
def any_demo(folder: Path) -> Iterator[Demo]:
    demo = Demo(folder, free_port())
    try:
        demo.start(FIRST_START_SECONDS)
        yield demo
    finally:
        if demo.process is not None and demo.process.poll() is None:
            demo.end(signal.SIGTERM)


@pytest.fixture
def demo(any_demo: Demo) -> Demo:
    """A demo that runs; the tests of this file take turns with it."""
    if any_demo.process is None or any_demo.process.poll() is not None:
        any_demo.start(LATER_START_SECONDS)
    return any_demo


def test_its_last_line_is_where_to_go(demo: Demo) -> None:
    assert demo.said[-1] == f"Ready: http://localhost:{demo.port}"


def test_demo_json_holds_the_address_and_a_login_for_each_role(demo: Demo) -> None:
    told = json.loads((demo.home / "demo.json").read_text())
    assert told["address"] == f"http://localhost:{demo.port}"
    roles = {login["role"].lower() for login in told["logins"]}
    assert {"provider", "admin", "biller"} <= {word for role in roles for word in role.split()}
    assert all(login["email"] in demo.printed.read_text() for login in told["logins"])


def test_every_login_of_demo_json_gets_in(demo: Demo) -> None:
    told = json.loads((demo.home / "demo.json").read_text())
    for login in told["logins"]:
        browser = urllib.request.build_opener(
            urllib.request.ProxyHandler({}),
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()),
        )
        page = browser.open(f"{told['address']}/accounts/login/").read().decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
        assert token is not None
        form = {"csrfmiddlewaretoken": token[1], "login": login["email"], "password": login["password"]}
        answer = browser.open(
            f"{told['address']}/accounts/login/", data=urllib.parse.urlencode(form).encode()
        )
        assert answer.status == 200
        assert "/accounts/login/" not in answer.geturl(), login["role"]


def test_it_listens_on_loopback_alone(demo: Demo) -> None:
    listening = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    addresses = {row[1].split(":")[0] for row in listening if int(row[1].split(":")[1], 16) == demo.port}
    assert addresses == {"0100007F"}


def test_a_second_one_on_the_same_data_is_refused_in_a_sentence(demo: Demo) -> None:
    answer = subprocess.run(**demo.command(), capture_output=True, text=True)
    assert answer.returncode == 1
    assert answer.stderr.startswith("Attest already runs with the data folder ")


def test_a_taken_port_is_refused_in_a_sentence(demo: Demo) -> None:
    answer = subprocess.run(**demo.command(demo.folder / "elsewhere"), capture_output=True, text=True)
    assert answer.returncode == 1
    assert answer.stderr == (
        f"Port {demo.port} is taken by another program. Choose another one, for example PORT={demo.port + 1}.\n"
    )


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_cleanly_and_leaves_no_process_behind(demo: Demo, number: signal.Signals) -> None:
    assert demo.end(number) == 0
    assert demo.said[-1] == "Stopped."
    assert demo.left_behind() == []
    assert not Server(demo.home / "postgres", demo.home / "log").running()


def test_killed_with_no_chance_to_clean_up_it_still_leaves_nothing_behind(demo: Demo) -> None:
    demo.end(signal.SIGKILL)
    wait_until(lambda: not demo.left_behind(), END_SECONDS, demo.printed)


def test_when_a_part_of_it_dies_it_says_which_and_ends(demo: Demo) -> None:
    assert demo.process is not None
    children = Path(f"/proc/{demo.process.pid}/task/{demo.process.pid}/children").read_text().split()
    worker = next(
        pid for pid in children if b"worker" in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    )
    os.kill(int(worker), signal.SIGKILL)
    assert demo.process.wait(END_SECONDS) == 1
    assert demo.said[-1].startswith("The worker stopped (exit status -9). Its log: ")
    assert demo.left_behind() == []
