"""The demo's guided path on the first page: confirm a session, then see its claim."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from attest.calendar.models import CONSULTATION, Session
from attest.calendar.queries import unconfirmed, visible_sessions
from attest.claims.queries import claim_of
from attest.confirmation.queries import session_cases
from attest.core.access import MemberRequest, Scope, may
from attest.core.models import AuditEvent
from attest.core.templatetags.people import shown_name
from attest.policy.chips import UNCONFIRMED
from attest.workspace.forms.asked import read_id
from attest.workspace.links import session_url

_SESSION, _DISMISSED = "guide_session", "guide_dismissed"
LOOKED_AT = 40


@dataclass(frozen=True, slots=True)
class GuideStep:
    """One step: words, where it happens, and whether it is done."""

    title: str
    url: str
    done: bool


@dataclass(frozen=True, slots=True)
class Guide:
    """The path with the session it is about."""

    session: Session
    steps: tuple[GuideStep, ...]

    @property
    def next(self) -> GuideStep | None:
        """The first step that is not done; None when the path has been walked."""
        return next((step for step in self.steps if not step.done), None)


def suggested(request: MemberRequest, now: datetime) -> Guide | None:
    """The path for this person, only in the demo; None when it was dismissed or there is no session to show it with.

    The session stays the same for the whole login, so that the steps tick themselves off as it is confirmed.
    """
    if (
        not settings.ATTEST_DEMO
        or request.session.get(_DISMISSED)
        or not may(request.member, "session.confirm")
    ):
        return None
    session = _remembered(request) or _ready(request, now)
    if session is None:
        return None
    if request.session.get(_SESSION) != str(session.pk):
        request.session[_SESSION] = str(session.pk)
    return Guide(session, _steps(request, session))


def dismiss(request: MemberRequest) -> None:
    """Do not show the path again in this login."""
    request.session[_DISMISSED] = True


def _remembered(request: MemberRequest) -> Session | None:
    known: UUID | None = read_id(request.session.get(_SESSION))
    if known is None:
        return None
    return visible_sessions(request.member, Scope.OWN).select_related("client").filter(pk=known).first()


def _ready(request: MemberRequest, now: datetime) -> Session | None:
    """The newest session of this person that can be confirmed at once: nothing in its way, no note begun."""
    waiting = (
        unconfirmed(visible_sessions(request.member, Scope.OWN), now)
        .exclude(kind=CONSULTATION)
        .select_related("client")
        .order_by("-starts_at")
    )
    found = list(waiting[:LOOKED_AT])
    judged = session_cases(found, now)
    for session in found:
        case = judged[session.pk]
        if not any(block.blocks for block in case.roadblocks) and case.behind.note is None and case.insured:
            return session
    return None


def _steps(request: MemberRequest, session: Session) -> tuple[GuideStep, ...]:
    slug = request.practice.slug
    confirmed = session.chip not in [str(chip) for chip in UNCONFIRMED]
    claim = claim_of(session)
    left = claim is not None and claim.state != "held"
    here = session_url(slug, session.pk)
    there = reverse("claims:claim", args=[slug, claim.pk]) if claim else here
    return (
        GuideStep(
            f"Open {shown_name(session.client)}",
            here,
            confirmed or _looked_at(request, "session.view", session.pk),
        ),
        GuideStep(
            "Sign its note and confirm",
            reverse("confirmation:confirm", args=[slug, session.pk]),
            confirmed,
        ),
        GuideStep(
            "See its claim",
            there,
            claim is not None and (left or _looked_at(request, "claim.view", claim.pk)),
        ),
        GuideStep("Move the clock 48 h", there, left),
    )


def _looked_at(request: MemberRequest, kind: str, subject_id: UUID) -> bool:
    """Whether this person has opened it: the audit trail knows."""
    return AuditEvent.objects.filter(
        organization_id=request.member.organization_id,
        subject_id=subject_id,
        kind=kind,
        user_id=request.member.user_id,
    ).exists()
