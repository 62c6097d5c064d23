"""Every page that a link leads to opens, for every role, from the first page on."""

from collections import Counter, deque
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
from django.test import Client as Browser
from django.urls import resolve

from attest.notes.actions import start_draft
from attest.notes.queries import template_by_key
from tests.factories import make_client
from tests.workspace.confirming import confirm
from tests.workspace.people import Desk, desk

pytestmark = pytest.mark.django_db
LEADS_NOWHERE = ("/static/", "/accounts/logout/")
MOST_ALIKE = 2
"""So many pages of one view are opened that differ only in their ids or dates."""


class Links(HTMLParser):
    """The addresses that a page's links lead to."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if value and tag == "a" and name == "href"]


def links_of(page: str, here: str) -> Iterator[str]:
    """Addresses of this site that the page links to."""
    parser = Links()
    parser.feed(page)
    for address in parser.found:
        parts = urlsplit(urljoin(f"http://testserver{here}", address))
        if parts.netloc == "testserver" and not parts.path.startswith(LEADS_NOWHERE):
            yield parts._replace(scheme="", netloc="", fragment="").geturl()


def sort_of(address: str) -> str:
    """What pages that look alike have in common: the view, its words, the names of what it is asked."""
    parts = urlsplit(address)
    match = resolve(parts.path)
    words = [value for value in match.kwargs.values() if isinstance(value, str)]
    return f"{match.view_name} {words} {sorted(parse_qs(parts.query))}"


def walk(browser: Browser) -> tuple[Counter[str], list[str]]:
    """Open what can be reached from the first page: how many of each sort there were, and what did not open."""
    waiting, seen = deque([("/", "")]), {"/"}
    opened: Counter[str] = Counter()
    wrong = []
    while waiting:
        address, source = waiting.popleft()
        sort = sort_of(address)
        if opened[sort] == MOST_ALIKE:
            continue
        opened[sort] += 1
        answer = browser.get(address)
        found: list[str] = []
        if answer.status_code in (302, 303):
            found = [urlsplit(urljoin(address, answer["Location"]))._replace(fragment="").geturl()]
        elif answer.status_code == 200:
            found = [] if answer.streaming else list(links_of(answer.content.decode(), address))
        else:
            wrong.append(f"{address}, linked from {source}: {answer.status_code}")
        waiting += [(link, address) for link in found if link not in seen]
        seen.update(found)
    return opened, wrong


def lively() -> Desk:
    """A practice with sessions in every state that a person can bring about in a day."""
    at = desk()
    confirm(at.made, at.session(days=-2))
    at.session(days=-1)
    at.session(days=-40)
    at.session(days=1)
    at.session(days=-3, chip="cancelled")
    at.session(days=-4, kind="consultation")
    bare = make_client(at.made.organization, at.made.provider, legal_last_name="Bare", ready=False)
    at.session(days=-5, client=bare)
    begun = at.session(days=-6)
    with at.made.inside():
        template = template_by_key(at.made.organization.pk, "dap")
        assert template is not None
        start_draft(session=begun, template=template, by_member=at.made.clinician)
    return at


@pytest.mark.parametrize(
    ("role", "at_least"), [("provider", 45), ("admin", 65), ("biller", 40), ("auditor", 20)]
)
def test_every_link_leads_to_a_page_that_opens(role: str, at_least: int) -> None:
    opened, wrong = walk(lively().made.browser(role))
    assert not wrong, "\n".join(wrong)
    assert opened.total() >= at_least, opened
