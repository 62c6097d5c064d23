"""Where each roadblock is mended, by whom: the rules name the place, this page of the product names its address."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from attest.calendar.models import Session
from attest.clients.models import Coverage
from attest.core.access import Role, scope_of
from attest.core.reach import way_to
from attest.policy.readiness import FixTarget, Owner, Roadblock, RoadblockCode
from attest.practice.models import Member

_ON_CONFIRM_PAGE = {
    FixTarget.SESSION_TIMES: "times",
    FixTarget.SESSION_PLACE: "place",
    FixTarget.CODE: "code",
    FixTarget.DIAGNOSIS: "diagnosis",
    FixTarget.NOTE: "note",
}
SECTIONS = tuple(_ON_CONFIRM_PAGE.values())
_FIELDS = {
    RoadblockCode.TIMES_MISSING: "id_start_1",
    RoadblockCode.TIME_AMBIGUOUS: "times-follow",
    RoadblockCode.TIMES_NOT_AFFIRMED: "id_affirmed",
    RoadblockCode.DATE_REASON_MISSING: "id_date_reason",
    RoadblockCode.LOCATION_MISSING: "id_location",
    RoadblockCode.CLIENT_STATE_MISSING: "id_client_state",
    RoadblockCode.THERAPY_MINUTES_MISSING: "id_therapy_minutes",
    RoadblockCode.THERAPY_MINUTES_TOO_MANY: "id_therapy_minutes",
    RoadblockCode.FACTOR_MISSING: "complexity",
    RoadblockCode.NO_DIAGNOSIS: "diagnosis-search",
    RoadblockCode.NOTE_NOT_DECLARED: "id_elsewhere_author",
    RoadblockCode.NOTE_NOT_UPLOADED: "upload-note",
    RoadblockCode.LATE_REASON_MISSING: "note_late_reason",
}
"""The very field of the confirm page, where one field is meant and not a section of several."""
_OF_CLIENT = {
    FixTarget.CLIENT_PAYMENT_METHOD: "clients:payment_method_new",
    FixTarget.CLIENT_FORMS: "clients:forms",
    FixTarget.CLIENT_ADDRESS: "clients:edit",
    FixTarget.CLIENT_DETAILS: "clients:edit",
}
_OF_PROVIDER = (FixTarget.LICENCE, FixTarget.PROVIDER_DETAILS, FixTarget.CONTRACT, FixTarget.FEES)
_OF_PRACTICE = {
    FixTarget.ORGANIZATION_DETAILS: "practice:organization",
    FixTarget.PAYER_DETAILS: "practice:payers",
    FixTarget.LOCATIONS: "practice:locations",
    FixTarget.DIAGNOSIS_CODES: "clients:diagnosis_codes",
}
_BY_BILLERS_TOO = (FixTarget.CONTRACT, FixTarget.FEES, FixTarget.PAYER_DETAILS)


@dataclass(frozen=True, slots=True)
class Fixable:
    """A roadblock with the address that mends it and the one that explains it.

    `fix_url` is empty when nobody can mend it, or not this member: then `who` names somebody who can, else it is
    empty and the roadblock's own owner acts.
    """

    roadblock: Roadblock
    fix_url: str
    what_url: str
    who: str = ""


def with_fixes(
    roadblocks: Iterable[Roadblock],
    session: Session,
    slug: str,
    member: Any,
    back: str = "",
    empty_note_field: str = "",
) -> tuple[Fixable, ...]:
    """Each roadblock as the member can mend it; `back` is the page to return to after mending.

    `empty_note_field` is the id of the first required field of the drafted note that is still empty.
    """
    return tuple(_fixable(r, session, slug, member, back, empty_note_field) for r in roadblocks)


def _fixable(
    roadblock: Roadblock, session: Session, slug: str, member: Any, back: str, empty_note_field: str
) -> Fixable:
    what_url = reverse("workspace:roadblock_help", args=[slug, str(roadblock.code)])
    right = right_to_mend(roadblock.fix)
    whose = session.client.provider_id
    holder = session.provider_id if right in ("session.confirm", "session.view") else whose
    scope = scope_of(member, right)
    if way_to(member, scope, holder_id=holder, client_id=session.client_id, client_of=whose):
        return Fixable(roadblock, fix_url(roadblock, session, slug, back, empty_note_field), what_url)
    if right == "session.confirm":
        return Fixable(roadblock, "", what_url, "" if roadblock.owner is not Owner.PROVIDER else "Provider")
    return Fixable(roadblock, "", what_url, _admin(session))


def right_to_mend(target: FixTarget) -> str:
    """The permission that mending there takes."""
    if target in _ON_CONFIRM_PAGE:
        return "session.confirm"
    if target in _OF_CLIENT or target is FixTarget.COVERAGE:
        return "client.edit"
    if target in _BY_BILLERS_TOO:
        return "payer.edit"
    if target in _OF_PROVIDER or target in _OF_PRACTICE:
        return "settings.edit"
    return "session.view"


def _admin(session: Session) -> str:
    """Somebody of the practice who may change everything."""
    admins = Member.objects.filter(
        organization_id=session.organization_id, active=True, roles__contains=[Role.ADMIN.value]
    )
    admin = admins.select_related("user").order_by("pk").first()
    return f"{admin.user.name} (practice admin)" if admin else "Practice admin"


def section_of(roadblock: Roadblock) -> str:
    """The section of the confirm page it belongs to, or '' when it is mended elsewhere."""
    return _ON_CONFIRM_PAGE.get(roadblock.fix, "")


def place_on_page(roadblock: Roadblock, empty_note_field: str = "") -> str:
    """The id on the confirm page where the roadblock is mended, or '' when it is mended elsewhere.

    `empty_note_field` is the first required field of the drafted note that is still empty.
    """
    section = section_of(roadblock)
    if roadblock.code is RoadblockCode.NOTE_INCOMPLETE and empty_note_field:
        return empty_note_field
    return _FIELDS.get(roadblock.code, section) if section else ""


def fix_url(
    roadblock: Roadblock, session: Session, slug: str, back: str = "", empty_note_field: str = ""
) -> str:
    """The address where the roadblock is mended, or '' when there is none."""
    target = roadblock.fix
    if place := place_on_page(roadblock, empty_note_field):
        return f"{reverse('confirmation:confirm', args=[slug, session.pk])}#{place}"
    url = ""
    if target in _OF_CLIENT:
        url = reverse(_OF_CLIENT[target], args=[slug, session.client_id])
    elif target is FixTarget.COVERAGE:
        plan = (
            Coverage.objects.filter(
                organization_id=session.organization_id, client_id=session.client_id, rank="primary"
            )
            .order_by("-effective_from")
            .first()
        )
        name, more = ("clients:coverage_edit", [plan.pk]) if plan else ("clients:coverage_new", [])
        url = reverse(name, args=[slug, session.client_id, *more])
    elif target in _OF_PROVIDER:
        url = reverse("practice:provider", args=[slug, session.provider_id])
    elif target in _OF_PRACTICE:
        url = reverse(_OF_PRACTICE[target], args=[slug])
    elif target is FixTarget.SESSION:
        return reverse("workspace:session", args=[slug, session.pk])
    return f"{url}?{urlencode({'next': back})}" if url and back else url
