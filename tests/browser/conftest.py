"""Fixtures for tests that use the product as a person does, in a real browser against the real web server."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from attest.cli.demo import WEB
from tests import identity_provider
from tests.browser.chromium import ARGUMENTS, ROOT, find_chromium, node
from tests.browser.discretion import Watch

DESKTOP = {"width": 1360, "height": 900}
PHONE = {"width": 390, "height": 844}
PATIENCE = 10_000  # milliseconds for anything to appear; the machine may be busy
ACCESSIBILITY_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# What FullCalendar itself gets wrong, and the part of the page in which it may.
KNOWN_FINDINGS = {"label-content-name-mismatch": "[data-calendar]"}
# What happens to lie half under a bar that stays in place is only too small until the page is scrolled.
SCROLLED_UNDER_A_BAR = """target => {
  const box = document.querySelector(target).getBoundingClientRect()
  return [...document.querySelectorAll('.action-bar, .phone-bar, .topbar, .page-actions > .btn-primary')]
    .filter(bar => ['sticky', 'fixed'].includes(getComputedStyle(bar).position))
    .map(bar => bar.getBoundingClientRect())
    .some(bar => bar.height && box.bottom > bar.top - 24 && box.top < bar.bottom + 24)
}"""


@dataclass(frozen=True)
class Live:
    """The running product: `url` is its address, without a slash at the end."""

    url: str
    watch: Watch
    """Looks for what people are called and what is said of them, in logs and in addresses."""
    provider_port: int = 0
    """Where an identity provider is looked for; a test that needs one runs it there."""


@pytest.fixture(scope="session")
def _web_server(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """The product's web server on the test database, as the application's role."""
    from django.db import connections

    port, provider_port = _free_port(), _free_port()
    name = connections["default"].settings_dict["NAME"]
    variables = {key: value for key, value in os.environ.items() if not key.startswith("DJANGO_ALLOW")}
    variables["APP_DATABASE_URL"] = urlunsplit(
        urlsplit(variables["APP_DATABASE_URL"])._replace(path=f"/{name}")
    )
    del variables["DATABASE_URL"]
    variables["ATTEST_IDENTITY_PROVIDERS"] = identity_provider.entries(provider_port)
    log = tmp_path_factory.mktemp("web") / "web.log"
    watch = Watch(log, asked=log.with_name("asked.log"))
    command = [sys.executable, *WEB, "--bind", f"127.0.0.1:{port}", "--workers", "1", *watch.options]
    with log.open("wb") as output:
        server = subprocess.Popen(command, env=variables, stdout=output, stderr=output)
    try:
        _wait_until_it_answers(port, server, log)
        yield Live(f"http://localhost:{port}", watch, provider_port)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(20)
    watch.check()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_it_answers(port: int, server: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and server.poll() is None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            connection.request("GET", "/accounts/login/", headers={"Host": "localhost"})
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.05)
        finally:
            connection.close()
    pytest.fail(f"The web server did not answer:\n{log.read_text()[-3000:]}")


@pytest.fixture
def live(_web_server: Live, transactional_db: None) -> Iterator[Live]:
    """The running product. What the test commits is seen by it, and is gone after the test."""
    yield _web_server
    _web_server.watch.learn()
    _wait_until_it_rests()


def _wait_until_it_rests() -> None:
    """Until no request of a window that is closed already holds a row: the tables are emptied next."""
    from django.db import connections

    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        with connections["owner"].cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database"
                " WHERE d.datname = current_database() AND l.pid <> pg_backend_pid()"
            )
            if cursor.fetchone() == (0,):
                return
        time.sleep(0.02)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One Chromium for all browser tests of this process."""
    chromium = find_chromium()
    os.environ["PLAYWRIGHT_NODEJS_PATH"] = node()
    # Playwright keeps an event loop in this thread; Django would refuse to use its database beside one.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium.program,
            args=list(ARGUMENTS),
            env={**os.environ, **chromium.environment},
        )
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def context_of(browser: Browser, live: Live) -> Iterator[Callable[..., BrowserContext]]:
    """Opens windows that know the product's address: `context_of(viewport=PHONE, color_scheme="dark")`."""
    opened: list[BrowserContext] = []

    def open_context(**options: Any) -> BrowserContext:
        usual = {"locale": "en-US", "timezone_id": "America/New_York", "reduced_motion": "reduce"}
        context = browser.new_context(**{"base_url": live.url, "viewport": DESKTOP, **usual, **options})
        context.set_default_timeout(PATIENCE)
        live.watch.follow(context)
        opened.append(context)
        return context

    yield open_context
    for context in opened:
        context.close()


@pytest.fixture
def page(context_of: Callable[..., BrowserContext]) -> Iterator[Page]:
    """A desktop window. The test fails when a script fails or the security policy refuses anything."""
    with _without_script_errors(context_of().new_page()) as page:
        yield page


@pytest.fixture
def phone(context_of: Callable[..., BrowserContext]) -> Iterator[Page]:
    """A window of a phone's size, with touch."""
    context = context_of(viewport=PHONE, has_touch=True, is_mobile=True, device_scale_factor=2)
    with _without_script_errors(context.new_page()) as page:
        yield page


class _without_script_errors:
    def __init__(self, page: Page) -> None:
        self.page = page
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda said: self._note(said.type, said.text))

    def _note(self, kind: str, text: str) -> None:
        refused_by_the_server = text.startswith(
            "Failed to load resource"
        )  # the test's own assertions see these
        if kind == "error" and not refused_by_the_server:
            self.errors.append(text)

    def __enter__(self) -> Page:
        return self.page

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            assert not self.errors, "\n".join(self.errors)


@pytest.fixture
def axe() -> Callable[[Page], None]:
    """`axe(page)` fails with the findings when the page has serious or critical accessibility faults."""
    source = (ROOT / "frontend/node_modules/axe-core/axe.min.js").read_text()

    def check(page: Page) -> None:
        page.evaluate(source)  # evaluated, not added as a script: the content security policy stays on
        violations = page.evaluate(
            "async rules => (await axe.run(document, {runOnly: {type: 'tag', values: rules}}))"
            ".violations.flatMap(v => v.nodes.map(n => ({rule: v.id, impact: n.impact, html: n.html,"
            " why: n.failureSummary, target: n.target.flat(9)})))",
            ACCESSIBILITY_RULES,
        )
        findings = [
            found
            for found in violations
            if found["impact"] in ("serious", "critical") and not _known(page, found["rule"], found["target"])
        ]
        assert not findings, json.dumps(findings, indent=1)

    return check


def _known(page: Page, rule: str, target: list[str]) -> bool:
    if rule == "target-size" and page.evaluate(SCROLLED_UNDER_A_BAR, target[0]):
        return True
    part = KNOWN_FINDINGS.get(rule)
    return part is not None and page.evaluate(
        "([target, part]) => document.querySelector(target)?.closest(part) != null", [target[0], part]
    )
