"""Where each roadblock is mended: the rules name the place, this page of the product names its address."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from attest.calendar.models import Session
from attest.clients.models import Coverage
from attest.policy.readiness import FixTarget, Roadblock

_ON_CONFIRM_PAGE = {
    FixTarget.SESSION_TIMES: "times",
    FixTarget.SESSION_PLACE: "place",
    FixTarget.CODE: "code",
    FixTarget.DIAGNOSIS: "diagnosis",
    FixTarget.NOTE: "note",
}
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
    FixTarget.DIAGNOSIS_CODES: "clients:diagnosis_codes",
}


@dataclass(frozen=True, slots=True)
class Fixable:
    """A roadblock with the address that mends it ('' when nobody can) and the one that explains it."""

    roadblock: Roadblock
    fix_url: str
    what_url: str


def with_fixes(
    roadblocks: Iterable[Roadblock], session: Session, slug: str, back: str = ""
) -> tuple[Fixable, ...]:
    """Each roadblock with its addresses; `back` is the page to return to after mending."""
    return tuple(
        Fixable(
            r,
            fix_url(r, session, slug, back),
            reverse("workspace:roadblock_help", args=[slug, str(r.code)]),
        )
        for r in roadblocks
    )


def place_on_page(roadblock: Roadblock) -> str:
    """The section of the confirm page where the roadblock is mended, or ''."""
    return _ON_CONFIRM_PAGE.get(roadblock.fix, "")


def fix_url(roadblock: Roadblock, session: Session, slug: str, back: str = "") -> str:
    """The address where the roadblock is mended, or '' when there is none."""
    target = roadblock.fix
    if target in _ON_CONFIRM_PAGE:
        return f"{reverse('confirmation:confirm', args=[slug, session.pk])}#{_ON_CONFIRM_PAGE[target]}"
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
