"""The report on protection: which sessions are, which are not, why, and what would change it."""

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from attest.core import clock
from attest.core.access import MemberRequest, Scope, access
from attest.policy.deadlines import local_date
from attest.policy.protection import ProtectionState
from attest.practice.fields import DayField, PlainForm
from attest.practice.queries import active_providers
from attest.workspace.forms.asked import read_id
from attest.workspace.queries import protection as reads

USUALLY = timedelta(days=30)
TONES = {
    ProtectionState.PROTECTED: ("done", "shield-check"),
    ProtectionState.LATE: ("done", "shield-check"),
    ProtectionState.NO_TEMPLATE: ("quiet", "shield"),
    ProtectionState.MISSING: ("owed", "alert"),
}
"""Tone and icon of each standing."""


class TimeForm(PlainForm):
    """From which day to which."""

    since = DayField(label="From", required=False)
    until = DayField(label="Through", required=False)


@access("protection.view")
@require_safe
def protection(request: MemberRequest) -> HttpResponse:
    """The sessions of some time (the last 30 days), filtered by standing and provider."""
    member, now, here = (
        request.member,
        clock.now(),
        reverse("workspace:protection", args=[request.practice.slug]),
    )
    today = local_date(now, member.zone)
    asked = TimeForm({"since": request.GET.get("since", ""), "until": request.GET.get("until", "")})
    given = asked.cleaned_data if asked.is_valid() else {}
    until = given.get("until") or today
    since = given.get("since") or until - USUALLY
    providers = list(active_providers(member.organization_id)) if request.scope is Scope.ALL else []
    wanted = read_id(request.GET.get("provider"))
    chosen = next((one for one in providers if one.pk == wanted), None)
    state = next((one for one in ProtectionState if one == request.GET.get("state")), None)
    found = reads.report(
        member, request.scope, since=since, until=until, zone=member.zone, now=now,
        provider_id=chosen.pk if chosen else None, states=[state] if state else (),
    )  # fmt: skip
    kept = {"since": since.isoformat(), "until": until.isoformat()}
    if chosen:
        kept["provider"] = str(chosen.pk)
    return render(
        request,
        "workspace/protection.html",
        {
            "report": found,
            "form": TimeForm(initial={"since": since, "until": until}),
            "problem": not asked.is_valid(),
            "tiles": [
                {
                    "label": one.word,
                    "count": found.counts.get(one, 0),
                    "url": f"{here}?{urlencode(kept if one is state else kept | {'state': one})}",
                    "chosen": one is state,
                }
                for one in ProtectionState
            ],
            "rows": [
                {
                    "session": session,
                    "standing": standing,
                    "badge": (standing.state.word, *TONES[standing.state]),
                }
                for session, standing in found.rows
            ],
            "state": state,
            "providers": providers,
            "chosen": chosen,
            "shows_provider": request.scope is Scope.ALL and chosen is None,
        },
    )
