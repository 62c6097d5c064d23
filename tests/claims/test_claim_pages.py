"""The claims pages: who sees which claims, the three figures, and a claim in words."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from attest.claims.actions import export
from attest.claims.models import Claim
from attest.claims.queries import ATTENTION, SENT, UNSENT, figures, narrowed, visible_claims
from attest.core import clock
from attest.core.access import Scope
from attest.core.models import AuditEvent
from attest.policy.record import DEFAULT_POLICY
from attest.policy.release import NoteStanding
from attest.practice.models import Member
from tests.claims.making import AFTERWARDS, held_claim, ready_claim
from tests.factories import (
    Made,
    browser_of,
    make_client,
    make_contract,
    make_medicare,
    make_member,
    make_practice,
    make_provider,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def made() -> Made:
    return make_practice()


def list_url(made: Made) -> str:
    return reverse("claims:list", args=[made.slug])


def claim_url(made: Made, claim: Claim) -> str:
    return reverse("claims:claim", args=[made.slug, claim.pk])


def page(member: Member, url: str, status: int = 200) -> str:
    """The page's text without markup's line breaks, as the member gets it."""
    with clock.at(AFTERWARDS):
        response = browser_of(member).get(url)
    assert response.status_code == status, response.status_code
    return " ".join(response.content.decode().split())


def sent_claim(made: Made, folder: Path, **more: Any) -> Claim:
    claim = ready_claim(made, client=make_client(made.organization, made.provider, payer=made.payer, **more))
    with clock.at(AFTERWARDS):
        export(organization=made.organization, directory=folder, by=made.by)
    return claim


def waiting_claim(made: Made) -> Claim:
    """A claim that waits for its note."""
    payer = make_medicare(made.organization)
    make_contract(made.provider, payer)
    client = make_client(made.organization, made.provider, payer=payer)
    return held_claim(made, client=client, note_standing=NoteStanding.OWED)


def test_a_provider_sees_their_own_claims_and_a_biller_all(made: Made) -> None:
    claim = held_claim(made)
    colleague = make_provider(made.organization, location=made.location, first_name="Jo", last_name="Quill")
    other = make_member(made.organization, "provider", provider=colleague)
    biller = make_member(made.organization, "biller")
    assert "Alex Rivera" in page(made.clinician, list_url(made))
    assert "Alex Rivera" in page(biller, list_url(made))
    assert "Alex Rivera" not in page(other, list_url(made))
    page(made.clinician, claim_url(made, claim))
    page(biller, claim_url(made, claim))
    page(other, claim_url(made, claim), status=404)


def test_another_practice_cannot_find_the_claim_even_by_its_address(made: Made) -> None:
    claim = held_claim(made)
    stranger = make_practice()
    page(stranger.admin, claim_url(stranger, claim), status=404)
    page(stranger.admin, claim_url(made, claim), status=404)
    assert "Alex Rivera" not in page(stranger.admin, list_url(stranger))


def test_without_a_login_the_way_leads_to_the_login(made: Made) -> None:
    response = Browser().get(list_url(made))
    assert response.status_code == 302
    assert "/accounts/login" in response["Location"]


def test_a_support_agent_sees_no_claims_before_they_say_why(made: Made) -> None:
    page(make_member(made.organization, "support"), list_url(made), status=302)


def test_opening_a_claim_leaves_its_mark_in_the_audit_trail(made: Made) -> None:
    claim = held_claim(made)
    page(made.clinician, claim_url(made, claim))
    with made.inside():
        event = AuditEvent.objects.get(kind="claim.view")
    assert (event.user_id, event.subject_id) == (made.by, claim.pk)


def test_the_three_figures_count_and_filter(made: Made, tmp_path: Path) -> None:
    sent_claim(made, tmp_path)
    held_claim(made)
    waiting_claim(made)
    with made.inside():
        claims = visible_claims(made.clinician, Scope.OWN)
        found = figures(claims, today=AFTERWARDS.date(), policy=DEFAULT_POLICY)
        assert [(figure.key, figure.count, figure.cents) for figure in found] == [
            (ATTENTION, 1, 15000),
            (UNSENT, 2, 30000),
            (SENT, 1, 15000),
        ]
        for figure in found:
            some = narrowed(claims, figure.key, today=AFTERWARDS.date(), policy=DEFAULT_POLICY)
            assert some.count() == figure.count
    assert "Medicare Part B" in page(made.clinician, list_url(made) + "?show=attention")
    assert "Medicare Part B" not in page(made.clinician, list_url(made) + "?show=sent")
    assert "Medicare Part B" in page(made.clinician, list_url(made) + "?show=nonsense&page=x")


@pytest.mark.parametrize(("day", "counted"), [(67, 0), (68, 1), (90, 1), (200, 1)])
def test_a_claim_needs_attention_once_three_quarters_of_its_filing_time_are_used(
    made: Made, day: int, counted: int
) -> None:
    held_claim(made)
    with made.inside():
        (attention, *_) = figures(
            visible_claims(made.clinician, Scope.OWN),
            today=date(2026, 11, 20) + timedelta(days=day),
            policy=DEFAULT_POLICY,
        )
    assert attention.count == counted


def test_a_practice_that_wants_to_be_told_sooner_is_told_sooner(made: Made) -> None:
    held_claim(made)
    policy = replace(DEFAULT_POLICY, filing_alert_percent_second=60)
    with made.inside():
        (attention, *_) = figures(
            visible_claims(made.clinician, Scope.OWN), today=date(2027, 1, 13), policy=policy
        )
    assert attention.count == 1


def test_a_claim_without_a_known_limit_never_runs_short(made: Made) -> None:
    held_claim(made, rule=None)
    with made.inside():
        (attention, *_) = figures(
            visible_claims(made.clinician, Scope.OWN), today=date(2036, 1, 1), policy=DEFAULT_POLICY
        )
    assert attention.count == 0


def test_an_empty_list_says_how_the_first_claim_comes_about(made: Made) -> None:
    assert "No claims yet" in page(made.clinician, list_url(made))
    assert "Nothing here" in page(made.clinician, list_url(made) + "?show=sent")


def test_a_held_claim_says_until_when_it_waits(made: Made) -> None:
    claim = held_claim(made)
    shown = page(made.clinician, claim_url(made, claim))
    assert "Waits for a time after confirming, until:" in shown
    assert "11/22/2026, 5:05 PM" in shown
    assert "What will be sent" in shown
    assert "Waits for a time" in page(made.clinician, list_url(made))


def test_a_claim_that_waits_for_its_note_says_whose_turn_it_is_and_by_when(made: Made) -> None:
    shown = page(made.clinician, claim_url(made, waiting_claim(made)))
    assert "The provider signs the note" in shown
    assert "Sat 11/20/2027, 11:59 PM ET" in shown


def test_a_sent_claim_names_its_file_and_shows_the_bytes_that_left(made: Made, tmp_path: Path) -> None:
    claim = sent_claim(made, tmp_path)
    before = page(made.clinician, claim_url(made, claim))
    (written,) = tmp_path.iterdir()
    assert f"Sent in {written.name}" in before
    assert "What we sent" in before
    made.organization.name = "Renamed Counseling"
    made.organization.save()
    assert "HARBOR LIGHT COUNSELING" in page(made.clinician, claim_url(made, claim))


def test_every_segment_of_the_claim_is_there_with_its_words(made: Made) -> None:
    shown = page(made.clinician, claim_url(made, held_claim(made)))
    for segment in (
        "CLM*",
        "HI*ABK:F411",
        "SV1*HC:90837*150*UN*1***1",
        "DTP*472*D8*20261120",
        "NM1*IL*1*RIVERA",
    ):
        assert f"<code>{segment}" in shown
    for words in (
        "1. F41.1 Generalized anxiety disorder",
        "90837 Therapy 60; $150.00; 1 unit; for diagnosis 1",
        "KINGSTON, NY 12401-0012",
        "place of service 11, office; original claim",
    ):
        assert words in shown


def test_letters_that_claim_files_do_not_have_are_shown_as_they_are_sent(made: Made, tmp_path: Path) -> None:
    claim = sent_claim(made, tmp_path, legal_first_name="Zoë", legal_last_name="Muñoz O’Hara")
    shown = page(made.clinician, claim_url(made, claim))
    assert "Sent with other letters" in shown
    assert "Muñoz O’Hara" in shown
    assert "MUNOZ O&#x27;HARA" in shown


def test_a_claim_that_cannot_be_written_says_everything_that_is_missing(made: Made) -> None:
    client = make_client(made.organization, made.provider, payer=made.payer, city="", line1="")
    shown = page(made.clinician, claim_url(made, held_claim(made, client=client)))
    assert "This claim cannot be sent" in shown
    assert "Subscriber city" in shown
    assert "Subscriber address, line 1" in shown


def test_what_every_file_of_the_practice_lacks_is_mended_in_settings(made: Made) -> None:
    made.organization.submitter_id = ""
    made.organization.save()
    shown = page(made.clinician, claim_url(made, held_claim(made)))
    assert reverse("practice:settings", args=[made.slug]) in shown
    assert "Submitter id" in shown
    assert "This claim cannot be sent" not in shown


def test_the_list_takes_the_same_number_of_statements_for_one_claim_and_for_many(
    made: Made, django_assert_max_num_queries: object
) -> None:
    browser_of(made.clinician).get(list_url(made))  # what the practice has settled is read once
    counts = []
    for more in (1, 5):
        for _ in range(more):
            held_claim(made, client=make_client(made.organization, made.provider, payer=made.payer))
        browser = browser_of(made.clinician)
        with clock.at(AFTERWARDS), django_assert_max_num_queries(30) as captured:  # type: ignore[operator]
            browser.get(list_url(made))
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_claims_are_turned_fifty_a_page(made: Made) -> None:
    claim = held_claim(made)
    with made.inside():
        copies = [
            Claim(
                **{f.attname: getattr(claim, f.attname) for f in Claim._meta.concrete_fields}
                | {"id": None, "number": f"COPY{n}", "state": "dropped"}
            )
            for n in range(55)
        ]
        for copy in copies:
            copy.pk = Claim._meta.pk.get_default()
        Claim.objects.bulk_create(copies)
    assert "1–50 of 56 claims" in page(made.clinician, list_url(made))
    assert "51–56 of 56 claims" in page(made.clinician, list_url(made) + "?page=2")
