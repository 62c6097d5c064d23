"""Two practices for all tests of a file, made once; whatever a test writes is taken back after it."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from attest.core.models import User
from attest.practice.models import Member
from tests.access.practices import House, make_house, undone
from tests.factories import PASSWORD, make_member


@dataclass
class World:
    """Two practices that know nothing of each other, and two people beside them."""

    ours: House
    theirs: House
    in_both: Member
    """An admin of ours who is an admin of theirs too."""
    former: Member
    """An admin of ours who is one no longer."""
    stranger: User
    """Somebody with a login who belongs to no practice."""


@pytest.fixture(scope="module")
def _world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        ours, theirs = make_house("Quillonby"), make_house("Vextrumley")
        in_both = make_member(ours.made.organization, "admin", name="Both")
        Member.objects.create(
            organization=theirs.made.organization, user=in_both.user, roles=["admin", "provider"]
        )
        former = make_member(ours.made.organization, "admin", name="Former")
        Member.objects.filter(pk=former.pk).update(active=False)
        stranger = User.objects.create_user("stranger@elsewhere.example", PASSWORD, name="Stranger")
        yield World(ours, theirs, in_both, former, stranger)
        transaction.set_rollback(True)


@pytest.fixture
def world(_world: World) -> Iterator[World]:
    """See `World`."""
    logging.disable(logging.CRITICAL)  # thousands of refusals, each of which would be written down
    with undone():
        yield _world
    logging.disable(logging.NOTSET)
