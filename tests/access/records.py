"""What a practice of these tests holds: something for every part of every address."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from attest.calendar.models import Handover
from attest.clients.grants import ChartGrant
from attest.clients.models import ChartDiagnosis, Client
from attest.core import clock
from attest.core.access import Role
from attest.core.models import User
from attest.notes.actions import start_client_note, upload_note
from attest.notes.actions.own_templates import copy_template
from attest.notes.actions.snippets import keep_snippet
from attest.notes.queries import template_by_key
from attest.practice.actions import invite, start_recovery
from attest.practice.models import Member, Notice, Provider, SupportOpening
from attest.workspace.models import Packet
from tests.confirmation.hands import press, type_details, write
from tests.core.inspection.hostile import honest
from tests.factories import (
    Made,
    make_client,
    make_contract,
    make_diagnosis,
    make_fees,
    make_member,
    make_practice,
    make_provider,
    make_session,
    today,
)
from tests.notes.test_plans import written


def marked_practice(mark: str) -> Made:
    """A practice with one of everything, in whose every name the mark stands."""
    made = make_practice(name=f"{mark} Counseling", contact_name=f"{mark} Vale", city=mark)
    for member, called in ((made.admin, "Admin"), (made.clinician, "Clinician")):
        User.objects.filter(pk=member.user_id).update(
            name=f"{called} {mark}", email=f"{called}@{mark}.example".lower()
        )
        member.user.refresh_from_db()
    with made.inside():
        for row, values in (
            (made.client, {"legal_last_name": mark, "preferred_name": f"Pet{mark}", "folded": mark.lower()}),
            (made.provider, {"last_name": mark}),
            (made.payer, {"name": f"{mark} Health"}),
            (made.location, {"name": f"{mark} office"}),
            *((service, {"label": f"{mark} {service.code}"}) for service in made.services.values()),
        ):
            type(row)._default_manager.filter(pk=row.pk).update(**values)
            row.refresh_from_db()
    return made


def make_colleague(made: Made, mark: str) -> tuple[Provider, Client, Member]:
    """A second provider with a client of their own."""
    colleague = make_provider(made.organization, location=made.location, last_name=f"{mark}ee")
    make_contract(colleague, made.payer)
    make_fees(colleague, made.payer, made.services.values())
    client = make_client(made.organization, colleague, payer=made.payer, legal_last_name=f"{mark}ide")
    member = make_member(made.organization, "provider", provider=colleague, name=f"Colleague {mark}")
    return colleague, client, member


def make_staff(made: Made, mark: str) -> dict[Role, Member]:
    """A member of every role."""
    members = {Role.PROVIDER: made.clinician, Role.ADMIN: made.admin}
    for role in Role:
        if role not in members:
            members[role] = make_member(made.organization, role.value, name=f"{role.value} {mark}")
    return members


def fill_chart(made: Made, client: Client, author: Member, mark: str) -> None:
    """Sessions with note and claim, with a draft, and with a file; a diagnosis, a plan, a note, a packet."""
    made = replace(made, provider=author.provider, client=client, clinician=author)
    diagnosis = make_diagnosis(client)
    done = make_session(client, starts_at=clock.now() - timedelta(days=2))
    begun = make_session(client)
    by_phone = make_session(client, starts_at=clock.now() - timedelta(days=4), modality="audio_only")
    with made.inside():
        ChartDiagnosis.objects.filter(pk=diagnosis.pk).update(label=f"Worry of {mark}")
        for session in (done, begun):
            write(made, session, focus=f"{mark} slept badly.")
            type_details(session)
        press(made, done)
        keep_snippet(name=f"{mark} words", text=f"{mark} felt heard.", by_member=author)
        written(made)
        template = template_by_key(made.organization.pk, "discharge")
        assert template is not None
        start_client_note(client=client, template=template, by_member=author)
        upload = upload_note(
            session_id=by_phone.pk,
            content=honest()["pdf"],
            author=f"{mark} Holt",
            signed_on=today(made.organization.zone),
            by_member=author,
        )
        Packet.objects.create(
            organization=made.organization,
            client=client,
            kind="chart",
            asked_by=author.user_id,
            state="ready",
            file=upload.file,
            expires_at=clock.now() + timedelta(days=1),
        )


def fill_office(made: Made, members: dict[Role, Member], second: Member, theirs: Client, mark: str) -> None:
    """What admins see to: grants, emergencies and openings that are over, an invitation, a recovery, a handover."""
    then = clock.now() - timedelta(days=3)
    rows: dict[str, Any] = {"organization": made.organization, "reason": f"{mark} asked us to."}
    over: dict[str, Any] = {"starts_at": then, "ends_at": then + timedelta(hours=1)}
    with made.inside():
        ChartGrant.objects.create(**rows, member=second, client=made.client, given_by=made.by)
        for role in (Role.PROVIDER, Role.ADMIN):
            ChartGrant.objects.create(
                **rows, **over, kind="emergency", member=members[role], client=theirs, given_by=made.by
            )
        SupportOpening.objects.create(**rows, **over, member=members[Role.SUPPORT], category="question")
        for member in members.values():
            Notice.objects.create(
                organization=made.organization,
                member=member,
                kind="test",
                sentence=f"{mark}!",
                path=f"/o/{made.slug}/settings/",
            )
        Handover.objects.create(organization=made.organization, provider=made.provider, made_by=made.by)
        admin = made.admin.user
        invite(
            organization=made.organization,
            email=f"new@{mark}.example".lower(),
            name=f"New {mark}",
            roles=["biller"],
            by=admin,
        )
        start_recovery(member=second, by=made.admin)
        dap = template_by_key(made.organization.pk, "dap")
        assert dap is not None
        copy_template(template=dap, name=f"{mark} DAP", by=made.admin.user_id)
