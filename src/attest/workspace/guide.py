"""The demo's guided path on the first page: confirm a session, then see its claim."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from attest.calendar.models import Session
from attest.calendar.queries import unconfirmed, visible_sessions
from attest.claims.models import Claim
from attest.confirmation.queries import session_cases
from attest.core.access import MemberRequest, Scope, may
from attest.policy.chips import UNCONFIRMED
from attest.workspace.forms.asked import read_id
from attest.workspace.links import session_url
from attest.workspace.shown import CONSULTATION

_SESSION, _OPENED, _DISMISSED = "guide_session", "guide_opened", "guide_dismissed"
LOOKED_AT = 40


@dataclass(frozen=True, slots=True)
class GuideStep:
    """One step: words, where it happens, and whether it is done."""

    title: str
    text: str
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
    return Guide(session, _steps(request.practice.slug, session, bool(request.session.get(_OPENED))))


def opened(request: MemberRequest, session_id: UUID) -> None:
    """The person has opened a session's panel: if it is the one of the path, its first step is done."""
    if request.session.get(_SESSION) == str(session_id):
        request.session[_OPENED] = True


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


def _steps(slug: str, session: Session, seen: bool) -> tuple[GuideStep, ...]:
    confirmed = session.chip not in [str(chip) for chip in UNCONFIRMED]
    claim = (
        Claim.objects.filter(organization_id=session.organization_id, session=session)
        .exclude(state="dropped")
        .first()
    )
    left = claim is not None and claim.state != "held"
    here = session_url(slug, session.pk)
    return (
        GuideStep(
            "Open a session that was held",
            "One press on it in the calendar shows where it stands and what is owed.",
            here,
            confirmed or seen,
        ),
        GuideStep(
            "Confirm it with a signed note",
            "Check the times, take the suggested code, write a short note, sign.",
            reverse("confirmation:confirm", args=[slug, session.pk]),
            confirmed,
        ),
        GuideStep(
            "See its claim",
            "It was built as you signed, and is held while the details can still change.",
            reverse("claims:claim", args=[slug, claim.pk]) if claim else here,
            left,
        ),
    )
