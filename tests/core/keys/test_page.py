"""Without its key nothing is signed, nothing is half done, and the page says so without giving anything away."""

from pathlib import Path

import pytest
from django.conf import LazySettings

from attest.core import clock
from attest.core.keys import masters, sealing, signing
from attest.notes.models import Note, Signature
from tests.factories import browser_of, make_practice, make_session
from tests.notes.conftest import drafted, signed
from tests.notes.pages import form_of, text, url


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, settings: LazySettings) -> None:
    settings.ATTEST_HOME = tmp_path


def as_a_fresh_process() -> None:
    """Forget every key that was opened."""
    sealing.forget_opened()
    signing.forget_opened()


@pytest.mark.django_db
def test_signing_without_the_practices_key_changes_nothing_and_says_why(
    caplog: pytest.LogCaptureFixture,
) -> None:
    made = make_practice()
    earlier, session = make_session(made.client), make_session(made.client)
    with made.inside():
        signed(made, drafted(made, earlier), now=clock.now())
        drafted(made, session)
    browser = browser_of(made.clinician)
    page = browser.get(url(made, session))
    missing = masters.ring().active_id
    masters.key_file().unlink()
    as_a_fresh_process()

    answer = browser.post(url(made, session, "sign"), form_of(page))
    assert answer.status_code == 503
    assert "A key of this site is missing" in text(answer)
    assert missing not in text(answer)
    assert str(masters.key_file()) not in text(answer)
    assert f"The master key {missing} is not in the key file" in caplog.text
    with made.inside():
        assert Note.objects.get(session=session).state == "draft"
        assert Signature.objects.count() == 1
    assert browser.get(url(made, earlier)).status_code == 200  # what is not sealed is read as ever
