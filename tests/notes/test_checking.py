"""What the rules are told about a draft: every criterion can be met in every template it measures."""

from datetime import timedelta
from typing import Any

import pytest

from attest.calendar.models import Session
from attest.core import clock
from attest.notes.actions import sign_alone
from attest.notes.checking import demanded_of, kind_of
from attest.notes.definition import Definition, shipped
from attest.notes.header import facts_of, header_digest, header_for
from attest.notes.problems import Incomplete
from attest.notes.queries import content_digest
from attest.policy.note_checks import CRITERIA, Fact
from attest.practice.actions import set_payer_rule
from tests.factories import Made, make_session
from tests.notes.conftest import drafted
from tests.notes.pages import text, url

SHIPPED = {definition["key"]: Definition.parse(definition) for definition in shipped()}
IN_HEADER = frozenset(Fact)
KIND_OF_SESSION = {"intake": "intake", "crisis": "crisis", "group": "group", "family": "family"}


@pytest.mark.parametrize("key", sorted(SHIPPED))
def test_every_criterion_can_be_met_in_every_template_that_it_measures(key: str) -> None:
    definition = SHIPPED[key]
    kind = KIND_OF_SESSION.get(key, "individual")
    if definition.purpose != "progress":
        kind = {"treatment_plan": "plan", "discharge": "discharge", "missed": "missed", "contact": "contact"}[
            key
        ]
    fields = set(definition.by_key())
    for criterion in CRITERIA.values():
        if criterion.applies(kind=kind, telehealth=True):
            assert criterion.facts or fields & set(criterion.fields), criterion.name


@pytest.mark.django_db
def test_without_a_plan_in_force_the_checks_say_so(made: Made, session: Any, browser: Any) -> None:
    with made.inside():
        drafted(made, session)
    page = text(browser.get(url(made, session, "side") + "?side=checks", HTTP_HX_REQUEST="true"))
    assert "No treatment plan is in force on this date." in page
    assert kind_of(make_session(made.client, kind="intake"), SHIPPED["soap"].purpose) == "intake"


@pytest.mark.django_db
def test_what_the_clients_payer_demands_blocks_signing_with_or_without_confirming(made: Made) -> None:
    session = make_session(made.client, modality="video")
    with made.inside():
        set_payer_rule(
            payer=made.payer,
            effective_from=session.starts_at.date() - timedelta(days=400),
            by=made.by,
            required_criteria=["telehealth_consent"],
        )
        note = drafted(made, session)
        fresh = Session.objects.select_related("client", "provider", "location").get(pk=session.pk)
        header = header_for(fresh, facts_of(fresh))
        assert demanded_of(note, header) == (("telehealth",),)
        with pytest.raises(Incomplete) as refused:
            sign_alone(
                session_id=session.pk,
                seen_digest=content_digest(note),
                seen_header=header_digest(header),
                by_member=made.clinician,
                proof_at=clock.real_now(),
            )
    assert [field.key for field in refused.value.missing] == ["telehealth"]
