"""Roles are said in words, and only those are given that open something."""

import pytest

from attest.core.access import RIGHTS, Role
from attest.core.templatetags.people import ROLE_NAMES, named, role_words
from attest.practice.actions import update_member
from attest.practice.forms import ROLE_WORDS
from attest.practice.models import Member
from attest.practice.refusal import Refused
from tests.factories import make_practice


def test_every_role_has_words_and_every_role_that_opens_something_can_be_given() -> None:
    assert set(ROLE_NAMES) == set(Role)
    opening = {role for right in RIGHTS.values() for role in right.grants}
    assert {Role(value) for value, _ in ROLE_WORDS} == opening == set(Role) - {Role.CLIENT}


def test_roles_are_said_in_one_order_and_a_person_who_left_by_a_sentence() -> None:
    assert role_words(["biller", "provider"]) == "Provider, Biller"
    assert role_words([]) == ""
    assert named({1: "Robin Vale"}, 1) == "Robin Vale"
    assert named({}, None) == "somebody who has left"


@pytest.mark.django_db
def test_nobody_is_made_a_client() -> None:
    made = make_practice()
    with made.inside():
        with pytest.raises(Refused, match="Clients have no login yet"):
            update_member(
                member=made.clinician,
                roles=["provider", "client"],
                provider_id=made.provider.pk,
                active=True,
                by=made.by,
            )
        assert Member.objects.get(pk=made.clinician.pk).roles == ["provider"]
