"""The table of diagnosis codes: loading it whole, finding codes fast and in the right order, judging them by date."""

import io
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date

import pytest
from django.core.management import call_command
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoDbBlocker

from attest.clients.folding import fold
from attest.clients.icd import (
    FoundCode,
    codes_valid_on,
    diagnoses_on,
    dotted,
    labels_of,
    latest_start,
    missing_release,
    search_diagnoses,
)
from attest.clients.icd_loading import load_icd, next_release_after, packaged_release
from attest.clients.models import IcdCode, IcdRelease
from attest.policy.coding import FindingKind, check_diagnoses
from tests.factories import make_icd, make_practice

IN_FORCE, AFTERWARDS = date(2026, 9, 1), date(2026, 11, 24)


@pytest.fixture(scope="class")
def whole_table(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[float]:
    """The packaged release, really committed; gives the seconds that loading took."""
    with django_db_blocker.unblock():
        begun = time.perf_counter()
        call_command("load_icd", verbosity=0, stdout=io.StringIO())
        yield time.perf_counter() - begun
        IcdCode.objects.all().delete()
        IcdRelease.objects.all().delete()


def codes(text: str, on: date = IN_FORCE, limit: int = 20) -> list[str]:
    return [found.dotted for found in search_diagnoses(text, on=on, limit=limit)]


@pytest.mark.django_db
class TestTheWholeTable:
    def test_it_is_all_there_with_the_dates_of_its_release(self, whole_table: float) -> None:
        release = IcdRelease.objects.get()
        assert (release.name, release.effective_from, release.effective_to) == (
            "April 2026",
            date(2026, 4, 1),
            date(2026, 9, 30),
        )
        assert IcdCode.objects.filter(billable=True).count() == 74_719
        assert IcdCode.objects.count() == 98_186
        adjustment = {
            row.code: row.billable for row in IcdCode.objects.filter(code__in=["F432", "F4323", "I10"])
        }
        assert adjustment == {"F432": False, "F4323": True, "I10": True}
        assert not IcdCode.objects.filter(code__contains="-").exists()

    def test_loading_it_again_changes_nothing(self, whole_table: float) -> None:
        before = IcdRelease.objects.get().loaded_at
        assert load_icd() == (IcdRelease.objects.get(), 0)
        assert IcdRelease.objects.get().loaded_at == before

    def test_searching_takes_a_few_milliseconds(self, whole_table: float) -> None:
        for text in ("f41.1", "generalized anxiety", "depress recurrent moder", "xyzzy", "z63", "gad", "a"):
            took = []
            for _ in range(5):
                begun = time.perf_counter()
                search_diagnoses(text, on=IN_FORCE)
                took.append(time.perf_counter() - begun)
            assert min(took) < 0.020, f"{text}: {min(took) * 1000:.1f} ms"

    def test_the_codes_of_therapy_come_first(self, whole_table: float) -> None:
        found = codes("disorder", limit=20)
        assert all(code.startswith("F") for code in found)
        chapters = [code[0] for code in codes("suicid", limit=60)]
        ours = [chapter for chapter in chapters if chapter in "FRZ"]
        assert chapters[: len(ours)] == ours == sorted(ours)
        assert {"R", "Z", "T"} <= set(chapters)
        # Words that belong elsewhere still find their codes, after ours.
        assert codes("vitamin b12 deficiency")[0].startswith("D51")

    @pytest.mark.parametrize(
        ("text", "first"),
        [
            ("F41.1", "F41.1"),
            ("f411", "F41.1"),
            ("generalized anxiety", "F41.1"),
            ("anxiety generalized", "F41.1"),
            ("GAD", "F41.1"),
            ("major depressive recurrent moderate", "F33.1"),
            ("adjustment mixed anxiety depressed", "F43.23"),
            ("f43 mixed anxiety", "F43.23"),
            ("suicidal ideations", "R45.851"),
            ("problems spouse", "Z63.0"),
            ("post-traumatic acute", "F43.11"),
        ],
    )
    def test_what_a_therapist_types_finds_what_she_means(
        self, whole_table: float, text: str, first: str
    ) -> None:
        assert codes(text)[0] == first

    def test_a_prefix_lists_its_codes_in_order_with_their_headings(self, whole_table: float) -> None:
        found = search_diagnoses("F43.2", on=IN_FORCE)
        assert [(row.dotted, row.billable) for row in found[:3]] == [
            ("F43.2", False),
            ("F43.20", True),
            ("F43.21", True),
        ]

    def test_with_words_billable_codes_stand_before_headings(self, whole_table: float) -> None:
        flags = [row.billable for row in search_diagnoses("ptsd", on=IN_FORCE)]
        assert flags == sorted(flags, reverse=True) and False in flags

    @pytest.mark.parametrize(
        "text", ["", "   ", "%", "_", "%%%", "'; DROP TABLE", "F41%", "\\", "\0", "é", "💡"]
    )
    def test_no_text_whatever_breaks_it_or_is_a_pattern(self, whole_table: float, text: str) -> None:
        assert len(search_diagnoses(text, on=IN_FORCE)) <= 20
        if text in ("%", "_", "%%%", "\\", "💡"):
            assert search_diagnoses(text, on=IN_FORCE) == []


@pytest.mark.django_db
class TestByDate:
    def test_the_release_of_the_date_is_used(self) -> None:
        make_icd(
            name="old",
            effective_from=date(2025, 10, 1),
            effective_to=date(2026, 3, 31),
            codes=[("F32.A", "Old", True)],
        )
        make_icd(
            name="new",
            effective_from=date(2026, 4, 1),
            effective_to=date(2026, 9, 30),
            codes=[("F41.1", "New", True)],
        )
        assert codes("f", on=date(2026, 3, 31)) == ["F32.A"]
        assert codes("f", on=date(2026, 4, 1)) == ["F41.1"]
        known = codes_valid_on(["F32.A"], date(2026, 4, 1))
        assert known.in_force and not known.diagnoses[0].known

    def test_without_the_release_of_the_date_the_newest_stands_in_and_only_warns(self) -> None:
        make_icd(name="April 2026", effective_from=date(2026, 4, 1), effective_to=date(2026, 9, 30))
        diagnoses, loaded = diagnoses_on(["F43.2", "F41.1", "Q99.X"], AFTERWARDS)
        assert not loaded
        findings = check_diagnoses(diagnoses, on=AFTERWARDS, release_loaded=loaded, insurance=True)
        assert FindingKind.RELEASE_NOT_LOADED in {finding.kind for finding in findings}
        assert not any(finding.blocks for finding in findings)

    def test_in_its_dates_headings_and_unknown_codes_block(self) -> None:
        make_icd()
        diagnoses, loaded = diagnoses_on(["F43.2", "F41.1", "Q99.X"], IN_FORCE)
        assert loaded
        findings = check_diagnoses(diagnoses, on=IN_FORCE, release_loaded=True, insurance=True)
        assert {finding.kind for finding in findings if finding.blocks} == {
            FindingKind.DIAGNOSIS_CATEGORY,
            FindingKind.DIAGNOSIS_UNKNOWN,
        }

    def test_with_no_table_at_all_nothing_is_blocked(self) -> None:
        diagnoses, loaded = diagnoses_on(["F41.1"], IN_FORCE)
        findings = check_diagnoses(diagnoses, on=IN_FORCE, release_loaded=loaded, insurance=True)
        assert not any(finding.blocks for finding in findings)
        assert search_diagnoses("F41", on=IN_FORCE) == []

    def test_labels_are_given_under_the_code_as_it_was_asked(self) -> None:
        make_icd()
        assert labels_of(["F41.1", "F411", "Q99.X"], IN_FORCE) == {
            "F41.1": "Generalized anxiety disorder",
            "F411": "Generalized anxiety disorder",
        }
        assert labels_of([], IN_FORCE) == {}

    def test_a_missing_newer_release_is_noticed_from_its_first_day(self) -> None:
        assert missing_release(AFTERWARDS) == date(2026, 10, 1)
        make_icd(name="April 2026", effective_from=date(2026, 4, 1), effective_to=date(2026, 9, 30))
        assert missing_release(date(2026, 9, 30)) is None
        assert missing_release(date(2026, 10, 1)) == date(2026, 10, 1)
        assert missing_release(date(2027, 4, 1)) == date(2027, 4, 1)


def test_the_package_says_which_release_it_holds_without_being_imported() -> None:
    program = (
        "import sys; from attest.clients import icd_loading as l; import json;"
        "r = l.packaged_release(); print(json.dumps([r.name, 'simple_icd_10_cm' in sys.modules]))"
    )
    prelude = "import django; django.setup();"
    done = subprocess.run(
        [sys.executable, "-c", prelude + program], capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout) == ["April 2026", False]
    assert packaged_release().effective_to == date(2026, 9, 30)


@given(day=st.dates(date(2020, 1, 1), date(2040, 12, 31)))
def test_releases_begin_on_april_1_and_october_1_and_leave_no_day_out(day: date) -> None:
    start, following = latest_start(day), next_release_after(day)
    assert start <= day < following
    assert {(start.month, start.day), (following.month, following.day)} == {(4, 1), (10, 1)}
    assert next_release_after(start) == following


@given(text=st.text(max_size=40))
def test_folded_text_is_small_words_with_single_spaces_and_folds_to_itself(text: str) -> None:
    once = fold(text)
    assert fold(once) == once == " ".join(once.split())
    assert all(
        letter == " " or (letter.isascii() and letter.isalnum() and letter == letter.lower())
        for letter in once
    )


def test_codes_are_written_with_a_dot_after_the_third_sign() -> None:
    assert [dotted(code) for code in ("f411", "I10", "R45.851", "F4")] == ["F41.1", "I10", "R45.851", "F4"]
    assert FoundCode("F4323", "", True).dotted == "F43.23"


@pytest.mark.django_db
def test_the_search_answers_a_combobox_and_leaves_no_trace_of_what_was_typed() -> None:
    from attest.core.models import AuditEvent

    made = make_practice()
    browser = made.browser("provider")
    address = reverse("clients:diagnosis_search", args=[made.slug])
    results = browser.post(f"{address}?on=2026-09-01", {"q": "f43.2"}).json()["results"]
    assert results == [
        {
            "value": "F432",
            "code": "F43.2",
            "label": "Adjustment disorders",
            "note": "A heading: choose a code below it",
            "disabled": True,
        },
        {
            "value": "F4323",
            "code": "F43.23",
            "label": "Adjustment disorder with mixed anxiety and depressed mood",
            "note": "",
            "disabled": False,
        },
    ]
    assert browser.post(f"{address}?on=tomorrow", {"q": "anxiety"}).status_code == 200
    assert browser.post(address).json() == {"results": []}
    assert browser.get(address, {"q": "anxiety"}).status_code == 405  # no address holds what was typed
    assert made.browser("support").post(address, {"q": "f"}).status_code == 403
    assert make_practice().browser("admin").post(address, {"q": "f"}).status_code == 404
    with made.inside():
        assert not AuditEvent.objects.filter(kind="codes.view").exists()
