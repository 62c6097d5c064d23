"""`attest claims export`: what a person at a terminal gets told, and the exit status a script gets."""

from pathlib import Path

import pytest

from attest.claims.models import Claim
from tests.claims.making import held_claim, ready_claim, state_of
from tests.claims.terminal import attest_claims
from tests.factories import Made, make_client, make_practice

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def made() -> Made:
    return make_practice()


def test_export_says_where_the_claims_went_and_sends_them_once(made: Made, tmp_path: Path) -> None:
    claim = ready_claim(made)
    first = attest_claims("export", "--out", tmp_path)
    assert first.exit_code == 0, first.output
    (written,) = tmp_path.iterdir()
    assert first.output == f"{written}: 1 claim. Interchange 1.\n"
    assert state_of(made, claim) == "sent"
    assert attest_claims("export", "--out", tmp_path).output == "There is no claim to send.\n"
    assert attest_claims("validate", written).exit_code == 0


def test_a_trial_export_says_that_nothing_was_marked(made: Made, tmp_path: Path) -> None:
    claim = held_claim(made)
    result = attest_claims("export", "--held", "--out", tmp_path)
    (written,) = tmp_path.iterdir()
    assert result.output == f"{written}: 1 claim. Test file, nothing was marked sent.\n"
    assert "*T*:~" in written.read_text("ascii")[:110]
    assert state_of(made, claim) == "held"


def test_a_claim_left_out_is_named_by_number_with_its_reasons(made: Made, tmp_path: Path) -> None:
    client = make_client(made.organization, made.provider, payer=made.payer, city="")
    claim = ready_claim(made, client=client)
    result = attest_claims("export", "--out", tmp_path)
    assert result.output.splitlines() == [
        "No claim was sent.",
        "1 claim left out, to be mended first:",
        f"  Claim {claim.number}",
        "    subscriber city: It is missing. Fill it in.",
    ]


def test_a_folder_that_cannot_be_used_is_said_in_a_sentence(made: Made, tmp_path: Path) -> None:
    ready_claim(made)
    (tmp_path / "file").write_text("")
    result = attest_claims("export", "--out", tmp_path / "file" / "below")
    assert result.exit_code == 1
    assert "cannot be written to" in result.output
    with made.inside():
        assert Claim.objects.filter(state="ready").count() == 1


def test_of_several_practices_one_must_be_named(made: Made, tmp_path: Path) -> None:
    other = make_practice()
    result = attest_claims("export", "--out", tmp_path)
    assert result.exit_code == 1
    assert f"--practice: {made.slug}, {other.slug}" in result.output
    assert attest_claims("export", "--out", tmp_path, "--practice", other.slug).exit_code == 0
    unknown = attest_claims("export", "--out", tmp_path, "--practice", "nobody")
    assert (unknown.exit_code, "no practice called nobody" in unknown.output) == (1, True)
