"""The demo's own pages: the time machine."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from attest.core import clock
from attest.core.access import MemberRequest, access
from attest.core.templatetags.times import date_text, in_zone, time_text
from attest.demo import machine


@access("demo.clock")
@require_POST
def move_clock(request: MemberRequest) -> HttpResponse:
    """Move the clock forward by one of the buttons and come back to the same page."""
    try:
        happened = machine.jump(request.POST.get("to", ""), request.member.zone)
    except LookupError:
        messages.error(request, "Choose one of the buttons to move the clock.")
    else:
        there = in_zone(clock.now(), request.member.zone)
        sentence = f"It is now {date_text(there.date())}, {time_text(there)}."
        if happened:
            sentence += f" {', '.join(happened)}."
        messages.success(request, sentence)
    back = request.POST.get("back", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = reverse("workspace:calendar", args=[request.practice.slug])
    return HttpResponseRedirect(back)
