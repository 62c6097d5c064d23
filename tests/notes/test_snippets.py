"""Snippets are a provider's own words: kept, changed, offered in the editor, seen by nobody else."""

from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from attest.calendar.models import Session
from attest.notes.actions import keep_snippet, throw_away_snippet
from attest.notes.models import Snippet
from attest.notes.problems import NotYours
from attest.practice.refusal import Refused
from tests.factories import Made, browser_of, make_member, make_provider
from tests.notes.conftest import drafted
from tests.notes.pages import text, url

pytestmark = pytest.mark.django_db


def kept(made: Made, **changes: Any) -> Snippet:
    given: dict[str, Any] = {
        "name": "sleep",
        "text": "We reviewed the sleep diary.",
        "by_member": made.clinician,
    }
    return keep_snippet(**given | changes)


def page(made: Made, name: str, *ids: Any) -> str:
    return reverse(f"notes:{name}", args=[made.slug, *ids])


def test_a_snippet_is_kept_and_changed_and_its_name_is_there_once(made: Made) -> None:
    with made.inside():
        first = kept(made)
        keep_snippet(name="sleep", text="Other words.", by_member=made.clinician, snippet=first)
        assert Snippet.objects.get().text == "Other words."
        with pytest.raises(Refused) as refused:
            kept(made)
        assert "name" in refused.value.sentences


@pytest.mark.parametrize(
    ("field", "value"), [("name", "  "), ("text", " \n "), ("text", "a" * 2001), ("text", "\x07")]
)
def test_a_name_and_plain_words_are_needed(made: Made, field: str, value: str) -> None:
    with made.inside(), pytest.raises(Refused) as refused:
        kept(made, **{field: value})
    assert field in refused.value.sentences


def test_nobody_changes_or_throws_away_anothers(made: Made) -> None:
    colleague = make_member(made.organization, "provider", provider=make_provider(made.organization))
    with made.inside():
        snippet = kept(made)
        with pytest.raises(NotYours):
            keep_snippet(name="x", text="y", by_member=colleague, snippet=snippet)
        with pytest.raises(NotYours):
            throw_away_snippet(snippet=snippet, by_member=colleague)
        with pytest.raises(NotYours):
            kept(made, by_member=made.admin)
    assert browser_of(colleague).get(page(made, "snippet", snippet.pk)).status_code == 404
    assert "sleep diary" not in text(browser_of(colleague).get(page(made, "snippets")))


def test_the_page_keeps_changes_and_throws_away(made: Made, browser: Browser) -> None:
    assert "No snippet yet" in text(browser.get(page(made, "snippets")))
    sent = {"name": "next time", "text": "Next session in a week, same time."}
    assert "next time" in text(browser.post(page(made, "snippet_new"), sent, follow=True))
    again = browser.post(page(made, "snippet_new"), sent)
    assert again.status_code == 422
    assert "Next session in a week" in text(again)
    with made.inside():
        snippet = Snippet.objects.get()
    assert "No snippet yet" in text(browser.post(page(made, "snippet_gone", snippet.pk), follow=True))


def test_the_editor_offers_the_authors_snippets_with_their_words(
    made: Made, session: Session, browser: Browser
) -> None:
    with made.inside():
        kept(made, text='We reviewed the "sleep" diary.')
        drafted(made, session)
    shown = text(browser.get(url(made, session)))
    assert 'data-snippet="We reviewed the &quot;sleep&quot; diary."' in shown
