"""Files are sealed under random names, served so that nothing in them runs, and gone when they are removed."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from attest.config.stores import file_store
from attest.core import clock, files, keys
from attest.core.files import Gone, StoredFile, content_of, download, keep, remove
from tests.factories import Made, make_practice

pytestmark = pytest.mark.django_db
WORDS = b"%PDF-1.7 what only the reader may see"


@pytest.fixture
def made() -> Made:
    return make_practice()


def kept(content: bytes = WORDS, media_type: str = "application/pdf") -> StoredFile:
    return keep(content, purpose="test", name="paper.pdf", media_type=media_type, by=None)


def on_disk(file: StoredFile) -> Path:
    return Path(settings.STORAGES["default"]["OPTIONS"]["location"]) / file.stored_as


def test_a_file_comes_back_as_it_was_kept_and_lies_sealed_for_its_owner_alone(made: Made) -> None:
    with made.inside():
        file = kept()
        assert content_of(StoredFile.objects.get(pk=file.pk)) == WORDS
        stored = on_disk(file)
        assert WORDS not in stored.read_bytes()
        assert stored.stat().st_mode & 0o077 == 0
        assert stored.parent.stat().st_mode & 0o077 == 0
        assert "paper" not in file.stored_as


def test_a_file_opens_in_no_other_practice_and_in_no_other_row(made: Made) -> None:
    other = make_practice()
    with made.inside():
        one, two = kept(), kept(b"another")
        on_disk(one).write_bytes(on_disk(two).read_bytes())
        with pytest.raises(keys.Altered):
            content_of(one)
    with other.inside():
        assert not StoredFile.objects.filter(pk=two.pk).exists()


def test_a_changed_file_is_refused(made: Made) -> None:
    with made.inside():
        file = kept()
        sealed = bytearray(on_disk(file).read_bytes())
        sealed[-1] ^= 1
        on_disk(file).write_bytes(bytes(sealed))
        with pytest.raises(keys.Altered):
            content_of(file)


@pytest.mark.parametrize(
    ("media_type", "in_page", "shown"),
    [
        ("application/pdf", True, "inline"),
        ("application/pdf", False, "attachment"),
        ("image/png", True, "inline"),
        ("text/html", True, "attachment"),
        ("image/svg+xml", True, "attachment"),
    ],
)
def test_a_browser_runs_nothing_of_a_file(made: Made, media_type: str, in_page: bool, shown: str) -> None:
    with made.inside():
        answer = download(kept(media_type=media_type), in_page=in_page)
    assert answer["Content-Disposition"].startswith(shown)
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["Content-Type"] == media_type


@pytest.mark.django_db(transaction=True)
def test_a_removed_file_is_gone_when_that_is_committed_and_says_so(made: Made) -> None:
    with made.inside():
        file = kept()
    with pytest.raises(ZeroDivisionError), made.inside():
        remove(StoredFile.objects.get(pk=file.pk))
        raise ZeroDivisionError
    assert on_disk(file).exists()
    with made.inside():
        remove(StoredFile.objects.get(pk=file.pk))
    assert not on_disk(file).exists()
    with made.inside(), pytest.raises(Gone, match="removed"):
        content_of(StoredFile.objects.get(pk=file.pk))


def test_a_file_that_is_missing_from_the_store_says_what_to_do(made: Made) -> None:
    with made.inside():
        file = kept()
        on_disk(file).unlink()
        with pytest.raises(Gone, match="backup"):
            content_of(file)


def test_bytes_of_an_undone_transaction_are_swept_after_a_day_and_no_others(
    made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    with made.inside():
        file = kept()
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            lost = kept(b"undone")
            raise ZeroDivisionError
        assert files.sweep_orphans() == 0
        later = clock.real_now() + timedelta(days=2)
        monkeypatch.setattr(clock, "real_now", lambda: later)
        assert files.sweep_orphans() == 1
        assert not on_disk(lost).exists()
        assert content_of(file) == WORDS


def test_files_lie_in_the_data_folder_or_in_a_bucket() -> None:
    folder = file_store("", Path("/srv/attest"))
    assert folder["OPTIONS"]["location"] == Path("/srv/attest/files")
    bucket = file_store("s3://notes-of-us?endpoint=https://store.example&region=eu-1", Path("/srv/attest"))
    assert bucket["BACKEND"] == "storages.backends.s3.S3Storage"
    assert bucket["OPTIONS"]["bucket_name"] == "notes-of-us"
    assert bucket["OPTIONS"]["endpoint_url"] == "https://store.example"
    with pytest.raises(ValueError, match="ATTEST_FILES"):
        file_store("ftp://somewhere", Path("/srv/attest"))


def test_the_storage_of_the_settings_is_used(made: Made) -> None:
    with made.inside():
        assert default_storage.exists(kept().stored_as)
        assert default_storage.save("x/y", ContentFile(b"1"))
        default_storage.delete("x/y")
