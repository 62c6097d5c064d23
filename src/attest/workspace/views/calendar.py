"""The calendar: its page, the sessions it draws, and a session dragged to another time."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from attest.calendar.actions import Refused, move_session
from attest.calendar.models import KINDS, MODALITIES, Session
from attest.calendar.queries import session_for
from attest.core import clock
from attest.core.access import MemberRequest, Scope, access, may
from attest.core.templatetags.people import shown_name
from attest.policy.deadlines import local
from attest.practice.models import Provider
from attest.practice.queries import active_providers
from attest.workspace import guide
from attest.workspace.forms.asked import read_day, read_id, read_instant
from attest.workspace.links import session_url
from attest.workspace.queries.booking import clashes
from attest.workspace.queries.calendar import (
    Shown,
    agenda,
    days_between,
    hours,
    owed,
    sessions_of,
    shown_between,
)

VIEWS = ("week", "day", "month", "list")
MOST_DAYS = 45
"""The longest range a calendar page asks for at once."""
AGENDA_DAYS = 7
_KINDS, _MODALITIES = dict(KINDS), dict(MODALITIES)


@access("calendar.view")
@require_safe
def calendar(request: MemberRequest) -> HttpResponse:
    """Week, day, month or list; on a phone the agenda of seven days from the date in the address."""
    now, member = clock.now(), request.member
    zone = member.zone
    today = local(now, zone).date()
    day = read_day(request.GET.get("date"), today)
    view = request.GET.get("view", "week")
    view = view if view in VIEWS else "week"
    providers = list(active_providers(member.organization_id)) if request.scope is Scope.ALL else []
    chosen = _chosen(request, providers)
    sessions = sessions_of(member, request.scope, chosen.pk if chosen else None)
    start, end = days_between(day, AGENDA_DAYS, zone)
    shown = shown_between(sessions, start, end, now)
    everybody = request.scope is Scope.ALL and chosen is None
    first_hour, last_hour = hours(sessions, day, zone)
    # Whoever only looks owes nothing, and the list of what is owed is not theirs to open.
    waiting = owed(sessions, now, member.organization_id) if may(member, "todo.view") else None
    return render(
        request,
        "workspace/calendar.html",
        {
            "day": day,
            "view": view,
            "owed": waiting,
            "agenda": agenda(shown, day, AGENDA_DAYS, zone, now),
            "has_sessions": bool(shown),
            "first_hour": first_hour,
            "last_hour": last_hour,
            "agenda_last": day + timedelta(days=AGENDA_DAYS - 1),
            "earlier_url": _address(request, day - timedelta(days=AGENDA_DAYS), chosen),
            "later_url": _address(request, day + timedelta(days=AGENDA_DAYS), chosen),
            "today_url": _address(request, None, chosen),
            "events_url": _with(reverse("workspace:events", args=[request.practice.slug]), chosen),
            "new_url": _with(reverse("workspace:session_new", args=[request.practice.slug]), chosen),
            "may_schedule": may(member, "session.schedule"),
            "providers": [
                {"name": p.signature_name, "url": _address(request, day, p, view), "chosen": p == chosen}
                for p in providers
            ],
            "everybody_url": _address(request, day, None, view),
            "chosen": chosen,
            "shows_provider": everybody,
            "guide": guide.suggested(request, now),
        },
    )


def _chosen(request: MemberRequest, providers: list[Provider]) -> Provider | None:
    wanted = read_id(request.GET.get("provider"))
    return next((provider for provider in providers if provider.pk == wanted), None)


def _address(request: MemberRequest, day: date | None, provider: Provider | None, view: str = "") -> str:
    asked: dict[str, Any] = {}
    if view and view != "week":
        asked["view"] = view
    if day:
        asked["date"] = day.isoformat()
    if provider:
        asked["provider"] = provider.pk
    page = reverse("workspace:calendar", args=[request.practice.slug])
    return f"{page}?{urlencode(asked)}" if asked else page


def _with(url: str, provider: Provider | None) -> str:
    return f"{url}?provider={provider.pk}" if provider else url


@access("calendar.view")
@require_safe
def events(request: MemberRequest) -> HttpResponse:
    """The sessions that start in [start, end) as the calendar draws them; at most 45 days at once."""
    start, end = read_instant(request.GET.get("start")), read_instant(request.GET.get("end"))
    if start is None or end is None or end <= start or end - start > timedelta(days=MOST_DAYS):
        return JsonResponse(
            {"message": f"The calendar shows at most {MOST_DAYS} days at once, from a start to a later end."},
            status=400,
        )
    now, member = clock.now(), request.member
    # Of a provider who is not the practice's (or, without the right to see all, not oneself) there is nothing.
    sessions = sessions_of(member, request.scope, read_id(request.GET.get("provider")))
    names = request.scope is Scope.ALL and not request.GET.get("provider")
    movable = may(member, "session.schedule")
    shown = shown_between(sessions, start, end, now)
    return JsonResponse([_event(one, request.practice.slug, names, movable) for one in shown], safe=False)


def _event(one: Shown, slug: str, names: bool, movable: bool) -> dict[str, Any]:
    session = one.session
    return {
        "id": str(session.pk),
        "title": shown_name(session.client),
        "start": session.starts_at.isoformat(),
        "end": session.ends_at.isoformat(),
        "url": session_url(slug, session.pk),
        "word": one.chip.word,
        "tone": str(one.chip.tone),
        "icon": one.chip.icon,
        "roadblock": one.roadblock,
        "note": one.note_signed,
        "telehealth": session.modality != "in_person",
        "movable": movable and one.movable,
        "move_url": reverse("workspace:session_move", args=[slug, session.pk]),
        "off": one.off,
        "detail": _detail(session, one.minutes, names),
    }


def _detail(session: Session, minutes: int, names: bool) -> str:
    said = [f"{minutes} min"]
    if session.kind != "individual":
        said.append(_KINDS[session.kind])
    if session.modality != "in_person":
        said.append(_MODALITIES[session.modality])
    if names:
        said.append(session.provider.full_name)
    return " · ".join(said)


@access("session.schedule")
@require_POST
def move(request: MemberRequest, session_id: UUID) -> HttpResponseBase:
    """A session dragged to another time. What cannot be is answered with 409 and the sentence; nothing changes."""
    session = session_for(request.member, request.scope, session_id)
    starts_at, ends_at = read_instant(request.POST.get("start")), read_instant(request.POST.get("end"))
    if starts_at is None or ends_at is None or not timedelta(0) < ends_at - starts_at <= timedelta(hours=8):
        return _refused("A session needs a start and an end at most 8 hours later.", 422)
    clash = clashes(session.provider, starts_at, ends_at, besides=session.pk)
    if clash is not None:
        return _refused("There is another session at that time. To have both, use Reschedule.")
    try:
        move_session(session_id=session.pk, starts_at=starts_at, ends_at=ends_at, by=request.member.user_id)
    except Refused as refused:
        return _refused(str(refused))
    return HttpResponse(status=204)


def _refused(sentence: str, status: int = 409) -> JsonResponse:
    return JsonResponse({"message": sentence}, status=status)


@access("calendar.view")
@require_POST
def dismiss_guide(request: MemberRequest) -> HttpResponseBase:
    """The demo's guided path is not shown again in this login."""
    guide.dismiss(request)
    return HttpResponseRedirect(reverse("workspace:calendar", args=[request.practice.slug]))
