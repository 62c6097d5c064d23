"""The session panel, and what its buttons do: cancel, did not take place, took place after all, close."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import trigger_client_event

from attest.calendar import actions
from attest.calendar.actions import Refused
from attest.calendar.models import Session
from attest.calendar.queries import session_for
from attest.confirmation.fixes import with_fixes
from attest.core import clock
from attest.core.access import MemberRequest, Scope, access
from attest.policy.readiness import RoadblockCode
from attest.policy.readiness.explained import EXPLAINED
from attest.workspace.forms.closing import NeededReasonForm, ReasonForm
from attest.workspace.forms.when import said
from attest.workspace.links import session_url, url_of
from attest.workspace.queries.panel import Panel, claim_id_of, panel
from attest.workspace.standing import Button, Go

IN_A_DIALOG = frozenset({Go.CANCEL, Go.CLOSE})


@access("session.view")
@require_safe
def session(request: MemberRequest, session_id: UUID) -> HttpResponse:
    """The panel: a fragment for the side of the calendar, or a page of its own."""
    return _panel(request, session_for(request.member, request.scope, session_id))


def _panel(request: MemberRequest, found: Session) -> HttpResponse:
    slug = request.practice.slug
    shown = panel(found, request.member, clock.now())
    return render(
        request,
        "workspace/session.html",
        {
            "panel": shown,
            "session": found,
            "primary": _button(shown, shown.primary, slug),
            "others": [_button(shown, button, slug) for button in shown.others],
            "steps": [
                {
                    "label": step.label,
                    "state": step.state,
                    "url": url_of(step.go, slug, found, claim_id_of(shown)) if step.go else "",
                }
                for step in shown.steps
            ],
            "roadblocks": with_fixes(
                shown.roadblocks, found, slug, request.member, session_url(slug, found.pk)
            ),
            "blocking": any(block.blocks for block in shown.roadblocks),
            "client_url": url_of(Go.CLIENT, slug, found) if "client.view" in shown.standing.may else "",
            "shows_provider": request.scope is Scope.ALL,
            "packet": shown.standing.confirmed and "packet.make" in shown.standing.may,
        },
    )


def _button(shown: Panel, button: Button, slug: str) -> dict[str, Any]:
    return {
        "label": button.label,
        "icon": button.icon,
        "url": url_of(button.go, slug, shown.session, claim_id_of(shown)),
        "posts": button.go.acts_at_once,
        "dialog": button.go in IN_A_DIALOG,
    }


@access("calendar.view")
@require_safe
def roadblock_help(request: MemberRequest, code: str) -> HttpResponse:
    """What a roadblock means, who mends it."""
    if code not in list(RoadblockCode):
        raise Http404("no such roadblock")
    return render(request, "workspace/roadblock_help.html", {"code": code, **_explained(RoadblockCode(code))})


def _explained(code: RoadblockCode) -> dict[str, str]:
    known = EXPLAINED[code]
    return {
        "title": str(code).replace("_", " ").capitalize(),
        "owner": str(known.owner),
        "what": known.what,
    }


Act = Callable[[UUID, str, UUID], Session]


@access("session.schedule")
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: MemberRequest, session_id: UUID) -> HttpResponseBase:
    """Cancel a session that has not started."""
    return _closing(
        request, session_id, "workspace/session_cancel.html", ReasonForm, _cancel, "Session cancelled."
    )


def _cancel(session_id: UUID, reason: str, by: UUID) -> Session:
    return actions.cancel_session(session_id=session_id, reason=reason, by=by)


@access("session.schedule")
@require_http_methods(["GET", "HEAD", "POST"])
def not_held(request: MemberRequest, session_id: UUID) -> HttpResponseBase:
    """A session whose start has passed did not take place. One press; it can be taken back."""
    return _closing(
        request,
        session_id,
        "workspace/session_not_held.html",
        ReasonForm,
        _not_held,
        "Marked: did not take place. You can take that back in its panel.",
    )


def _not_held(session_id: UUID, reason: str, by: UUID) -> Session:
    return actions.mark_not_held(session_id=session_id, reason=reason, by=by)


@access("session.schedule")
@require_POST
def took_place(request: MemberRequest, session_id: UUID) -> HttpResponseBase:
    """Take *did not take place* back."""
    found = session_for(request.member, request.scope, session_id)
    try:
        actions.reopen_not_held(session_id=found.pk, by=request.member.user_id)
    except Refused as refused:
        return _done(request, found, str(refused), "owed")
    return _done(request, found, "Taken back: the session waits to be confirmed.")


@access("session.close")
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: MemberRequest, session_id: UUID) -> HttpResponseBase:
    """Close a session as not billable, once it is too late to confirm it."""
    return _closing(
        request,
        session_id,
        "workspace/session_close.html",
        NeededReasonForm,
        _close,
        "Closed as not billable. Its note can still be signed.",
    )


def _close(session_id: UUID, reason: str, by: UUID) -> Session:
    return actions.close_not_billable(session_id=session_id, reason=reason, by=by)


def _closing(
    request: MemberRequest,
    session_id: UUID,
    template: str,
    form_class: type[ReasonForm],
    act: Act,
    sentence: str,
) -> HttpResponseBase:
    found = session_for(request.member, request.scope, session_id)
    form: Form = form_class(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                act(found.pk, form.cleaned_data["reason"], request.member.user_id)
            except Refused as refused:
                form.add_error(None, str(refused))
                status = 409
            else:
                return _done(request, found, sentence)
    return render(
        request,
        template,
        {
            "form": form,
            "session": found,
            "when": said(found.starts_at, found.zone),
            "back_url": session_url(request.practice.slug, found.pk),
            "action": request.path,
        },
        status=status,
    )


def _done(request: MemberRequest, found: Session, sentence: str, tone: str = "done") -> HttpResponseBase:
    """The panel as it is now: drawn anew where it was pressed, closed with its dialog, or opened as a page."""
    say = {"text": sentence, "tone": tone}
    htmx = getattr(request, "htmx", None)
    if htmx and htmx.target and "sheet" in htmx.target:
        response = HttpResponse(status=204)
        trigger_client_event(response, "close-overlay", {})
    elif htmx:
        response = _panel(request, session_for(request.member, request.scope, found.pk))
    else:
        level = messages.SUCCESS if tone == "done" else messages.WARNING
        messages.add_message(request, level, sentence)
        return HttpResponseRedirect(session_url(request.practice.slug, found.pk))
    trigger_client_event(response, "say", say)
    trigger_client_event(response, "sessions-changed", {})
    return response
