"""The product's own web server for a measurement, and people signed in to it with real logins."""

import http.client
import os
import socket
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from attest.cli.children import Child
from attest.cli.demo import WEB
from attest.cli.home import Home

HOST = "127.0.0.1"
FORM = "application/x-www-form-urlencoded"
START_SECONDS = 60


@contextmanager
def web_server(home: Home) -> Iterator[int]:
    """The web server as the product runs it, for the time of the block; its port. It knows only the weak role."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
    variables = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    log: Path = home.logs / "web.log"
    command = [sys.executable, *WEB, "--bind", f"{HOST}:{port}"]
    child = Child.start("web server", command, environment=variables, log=log)
    try:
        _wait_until_it_answers(port, child, log)
        yield port
    finally:
        child.stop(12)


def _wait_until_it_answers(port: int, child: Child, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and not child.ended():
        try:
            Person(port).get("/accounts/login/")
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"the web server did not start:\n{log.read_text()[-2000:]}")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the status, where a redirect leads, and the body."""

    status: int
    location: str
    body: bytes


class Person:
    """One person's browser: a connection that stays open, and cookies."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection(HOST, port, timeout=60)
        self.cookies: dict[str, str] = {}

    def sign_in(self, user: Any) -> None:
        """Log in with the real forms, by password and an app that is made now. Raises RuntimeError when refused."""
        from tests.factories import PASSWORD
        from tests.factories.logins import code_of, make_app

        secret = make_app(user)
        self.get("/accounts/login/")
        self._log_in("/accounts/login/", login=user.email, password=PASSWORD)
        self._log_in("/accounts/login/second/", code=code_of(secret))

    def _log_in(self, path: str, **fields: str) -> None:
        if self.post(path, urlencode({**fields, "csrfmiddlewaretoken": self.token})).status != 302:
            raise RuntimeError("the login was refused")

    @property
    def token(self) -> str:
        """What a form of this person must carry against forgery."""
        return self.cookies["csrftoken"]

    @property
    def headers(self) -> dict[str, str]:
        """The cookies as a header."""
        return {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}

    def get(self, path: str) -> Answer:
        """Ask for a page, and keep the cookies that come with it."""
        answer, cookies = ask(self.connection, "GET", path, self.headers)
        self.cookies |= cookies
        return answer

    def post(self, path: str, body: str) -> Answer:
        """Send a form, and keep the cookies that come back."""
        answer, cookies = ask(self.connection, "POST", path, self.headers | {"Content-Type": FORM}, body)
        self.cookies |= cookies
        return answer


def ask(
    connection: http.client.HTTPConnection,
    method: str,
    path: str,
    headers: Mapping[str, str],
    body: str | None = None,
) -> tuple[Answer, dict[str, str]]:
    """One request over the connection, read to its end: the answer and the cookies it sets.

    A connection that the server has closed because nothing came over it is opened anew, as browsers do.
    """
    try:
        connection.request(method, path, body, dict(headers))
        response = connection.getresponse()
    except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
        connection.close()
        connection.request(method, path, body, dict(headers))
        response = connection.getresponse()
    content = response.read()
    cookies = SimpleCookie("\r\n".join(response.headers.get_all("Set-Cookie") or []))
    location = response.headers.get("Location", "")
    return Answer(response.status, location, content), {name: one.value for name, one in cookies.items()}


def processor_seconds() -> float:
    """Processor time that everything started by this process has taken so far: web server and PostgreSQL. Linux only.

    0 where the system does not tell it.
    """
    times: dict[int, tuple[int, float]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:  # it has just ended
            continue
        times[int(path.parent.name)] = (
            int(fields[1]),
            (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK"),
        )
    ours, found = {os.getpid()}, 0.0
    while young := {pid for pid, (parent, _) in times.items() if parent in ours and pid not in ours}:
        ours |= young
        found += sum(times[pid][1] for pid in young)
    return found


def percentile(seconds: list[float], percent: float) -> float:
    """The value below which `percent` of the measured times lie, in milliseconds with two digits."""
    ordered = sorted(seconds)
    return round(ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))] * 1000, 2)
