"""A signed note as a PDF: whose it is on every page, all of its words, and nothing read as markup."""

import io
from typing import Any

import pytest
from django.test import Client as Browser
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from attest.calendar.models import Session
from attest.core import clock
from attest.core.paper import Paper, Part, answers, pdf
from attest.notes.actions import add_addendum
from tests.factories import Made
from tests.notes.conftest import drafted, signed
from tests.notes.pages import url

pytestmark = pytest.mark.django_db


def pages_of(made: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(made)).pages]


def test_every_page_says_whose_record_it_is_and_which_page(
    made: Made, session: Session, browser: Browser
) -> None:
    with made.inside():
        signed(
            made, drafted(made, session, focus="\n".join(f"Line {number} of many." for number in range(150)))
        )
    answer = browser.get(url(made, session, "pdf"))
    assert answer["Content-Type"] == "application/pdf"
    pages = pages_of(answer.content)
    assert len(pages) > 2
    for number, page in enumerate(pages, start=1):
        assert f"{made.client.legal_name}, born" in page
        assert "Date of service" in page
        assert made.provider.signature_name in page
        assert made.provider.npi in page
        assert f"Page {number} of {len(pages)}" in page
    assert "Line 149 of many." in "\n".join(pages)


def test_the_file_is_accessible_and_its_name_names_nobody(
    made: Made, session: Session, browser: Browser
) -> None:
    with made.inside():
        signed(made, drafted(made, session))
    answer = browser.get(url(made, session, "pdf"))
    reader = PdfReader(io.BytesIO(answer.content))
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en-US"
    assert made.client.legal_last_name not in answer["Content-Disposition"]


def test_what_was_added_later_stands_below_with_its_reason(
    made: Made, session: Session, browser: Browser
) -> None:
    with made.inside():
        note = drafted(made, session)
        signed(made, note)
        add_addendum(
            note_id=note.pk, kind="correction", reason="A slip of the pen.", text="It was four nights.",
            by_member=made.clinician, proof_at=clock.real_now(), key="one",
        )  # fmt: skip
    words = "\n".join(pages_of(browser.get(url(made, session, "pdf")).content))
    assert words.index("Signature") < words.index("Correction") < words.index("It was four nights.")
    assert "A slip of the pen." in words


def test_a_draft_has_no_paper(made: Made, session: Session, browser: Browser) -> None:
    with made.inside():
        drafted(made, session)
    assert browser.get(url(made, session, "pdf")).status_code == 404


def test_nothing_written_is_read_as_markup() -> None:
    hostile = '#panic("no") *bold* $x$ ]{ \\ // /* @ref <a> `raw` _it_ "quoted" \u202e Ñ 漢 🙂'
    made = pdf(Paper("T", "Foot", (Part("T", (("a", "b"),), (answers([("Said", hostile)]),)),)))
    words = pages_of(made)[0]
    assert '#panic("no") *bold* $x$' in words
    assert "<a> `raw` _it_" in words
    assert "[slightly smiling face]" in " ".join(words.split())


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=60))
@example("\t\u9fa6")
def test_any_text_can_be_printed(written: str) -> None:
    assert pdf(Paper("T", "Foot", (Part("T", (("a", "b"),), (answers([("Said", written)]),)),))).startswith(
        b"%PDF"
    )
