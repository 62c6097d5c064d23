"""The front door: on to the one practice a person belongs to, or a choice of them."""

from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from attest.core.access import signed_in
from attest.practice.models import Member


@signed_in
def front_door(request: HttpRequest) -> HttpResponseBase:
    """One practice: its calendar. Several: a list. None: a page that says so."""
    members = (
        Member.objects.select_related("organization")
        .filter(user__email=request.user.get_username(), active=True)
        .order_by("organization__name")
    )
    places = [(m.organization, reverse("workspace:calendar", args=[m.organization.slug])) for m in members]
    if len(places) == 1:
        return HttpResponseRedirect(places[0][1])
    return TemplateResponse(request, "practice/front_door.html", {"places": places})
