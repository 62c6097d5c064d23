"""The settings' first page, and the practice's own facts, policy numbers and locations."""

from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse

from attest.core.access import MemberRequest, Role, access, may
from attest.practice import actions
from attest.practice.form_page import form_page, onward, typed
from attest.practice.forms import LocationForm, OrganizationForm, PolicyForm
from attest.practice.models import Location, Member
from attest.practice.queries import policy_for
from attest.practice.setup import pages_for, steps_for


def url(request: MemberRequest, name: str, *ids: UUID) -> str:
    """The address of a settings page of this practice."""
    return reverse(f"practice:{name}", args=[request.practice.slug, *ids])


def admins(request: MemberRequest) -> list[Member]:
    """Whom to ask for a change one may not make."""
    return list(
        Member.objects.filter(
            organization_id=request.practice.pk, active=True, roles__contains=[Role.ADMIN.value]
        )
        .select_related("user")
        .order_by("user__name")
    )


@access("settings.view")
def home(request: MemberRequest) -> HttpResponseBase:
    """Every settings page, and what is still missing until the first session can be confirmed."""
    steps = steps_for(request.practice)
    left = [step for step in steps if not step.done]
    context = {
        "pages": pages_for(request.member),
        "steps": steps,
        "left": left,
        "next_step": left[0] if left else None,
        "may_edit": may(request.member, "settings.edit"),
        "admins": admins(request),
    }
    return TemplateResponse(request, "practice/settings.html", context)


@access("settings.view")
def organization(request: MemberRequest) -> HttpResponseBase:
    """The practice's billing facts: a form for those who may change them, else what they are and whom to ask."""
    practice = request.practice
    if not may(request.member, "settings.edit"):
        if request.method == "POST":
            raise PermissionDenied("settings.edit")
        facts = [
            (bound.label, _shown(bound.value(), bound.field)) for bound in OrganizationForm(instance=practice)
        ]
        context = {"facts": facts, "admins": admins(request), **onward(request)}
        return TemplateResponse(request, "practice/organization.html", context)

    def save(values: dict[str, Any]) -> None:
        actions.update_organization(organization=practice, by=request.member.user_id, **values)

    return form_page(
        request,
        OrganizationForm(typed(request), instance=practice),
        save,
        title="Practice",
        then=url(request, "settings"),
        said="The practice's facts are saved.",
        lead="A claim needs all of it but the suite. You can fill it in bit by bit.",
    )


def _shown(value: Any, field: forms.Field) -> str:
    """A field's value as a person reads it."""
    if isinstance(field, forms.ChoiceField):
        return str(dict(field.choices).get(value, value) or "")  # type: ignore[arg-type]
    return str(value or "")


@access("settings.edit")
def policy(request: MemberRequest) -> HttpResponseBase:
    """The practice's own numbers: only tighter ones than the defaults."""

    def save(values: dict[str, Any]) -> None:
        numbers = {name: value for name, value in values.items() if value.strip()}
        actions.set_policy_numbers(
            organization_id=request.practice.pk, numbers=numbers, by=request.member.user_id
        )

    return form_page(
        request,
        PolicyForm(typed(request), policy=policy_for(request.practice.pk)),
        save,
        title="Policy numbers",
        then=url(request, "settings"),
        said="The numbers are saved. They count from now on.",
        template="practice/policy.html",
    )


@access("settings.view")
def locations(request: MemberRequest) -> HttpResponseBase:
    """Every location, those in use first."""
    rows = Location.objects.filter(organization_id=request.practice.pk).order_by("-active", "name")
    context = {"locations": rows, "may_edit": may(request.member, "settings.edit")}
    return TemplateResponse(request, "practice/locations.html", context)


@access("settings.edit")
def location_new(request: MemberRequest) -> HttpResponseBase:
    """A new location."""
    practice = request.practice
    start = {"city": practice.city, "state": practice.state, "active": True}

    def save(values: dict[str, Any]) -> None:
        actions.add_location(organization_id=practice.pk, by=request.member.user_id, **values)

    return form_page(
        request,
        LocationForm(typed(request), initial=start),
        save,
        title="New location",
        then=url(request, "locations"),
        parent_title="Locations",
        said="The location is saved.",
    )


@access("settings.edit")
def location(request: MemberRequest, location_id: UUID) -> HttpResponseBase:
    """Mend a location."""
    row = get_object_or_404(Location, organization_id=request.practice.pk, pk=location_id)

    def save(values: dict[str, Any]) -> None:
        actions.update_location(location=row, by=request.member.user_id, **values)

    return form_page(
        request,
        LocationForm(typed(request), instance=row),
        save,
        title=row.name,
        then=url(request, "locations"),
        parent_title="Locations",
        said="The location is saved.",
    )
