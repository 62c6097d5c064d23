"""Settings of this room: standard forms, and the release of diagnosis codes."""

from typing import Any

from django.http import Http404, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse

from attest.clients import actions
from attest.clients.forms import FormNewForm, FormVersionForm
from attest.clients.icd import missing_release
from attest.clients.models import FormDocument, IcdRelease
from attest.clients.queries import forms_in_force
from attest.core import clock
from attest.core.access import MemberRequest, access, may
from attest.policy.deadlines import local_date
from attest.practice.form_page import form_page, onward, typed
from attest.practice.refusal import Refused


def _today(request: MemberRequest) -> Any:
    return local_date(clock.now(), request.practice.zone)


@access("settings.view")
def forms(request: MemberRequest) -> HttpResponseBase:
    """Every standard form with its versions."""
    today = _today(request)
    in_force = {document.key: document for document in forms_in_force(request.practice.pk, today)}
    versions: dict[str, list[FormDocument]] = {}
    for document in FormDocument.objects.filter(organization_id=request.practice.pk).order_by(
        "title", "-version"
    ):
        versions.setdefault(document.key, []).append(document)
    context = {
        "forms": [(in_force.get(key), rows) for key, rows in versions.items()],
        "today": today,
        "may_edit": may(request.member, "settings.edit"),
    }
    return TemplateResponse(request, "clients/settings_forms.html", context)


@access("settings.edit")
def form_new(request: MemberRequest) -> HttpResponseBase:
    """A form that the practice did not have before."""

    def save(values: dict[str, Any]) -> None:
        if FormDocument.objects.filter(organization_id=request.practice.pk, key=values["key"]).exists():
            raise Refused({"key": "A form with this short name is there already."})
        actions.publish_form(organization_id=request.practice.pk, by=request.member.user_id, **values)

    start = {"effective_from": _today(request), "required": True}
    return _version_page(request, FormNewForm(typed(request), initial=start), save, "New form")


@access("settings.edit")
def form_version(request: MemberRequest, key: str) -> HttpResponseBase:
    """The next version of a form, beginning with the words of the last one."""
    last = (
        FormDocument.objects.filter(organization_id=request.practice.pk, key=key).order_by("-version").first()
    )
    if last is None:
        raise Http404("no such form")

    def save(values: dict[str, Any]) -> None:
        actions.publish_form(
            organization_id=request.practice.pk, key=key, by=request.member.user_id, **values
        )

    start = {
        "title": last.title,
        "body": last.body,
        "required": last.required,
        "effective_from": _today(request),
    }
    form = FormVersionForm(typed(request), initial=start)
    return _version_page(request, form, save, f"{last.title}, version {last.version + 1}")


def _version_page(request: MemberRequest, form: Any, save: Any, title: str) -> HttpResponseBase:
    return form_page(
        request,
        form,
        save,
        title=title,
        then=reverse("clients:settings_forms", args=[request.practice.slug]),
        parent_title="Forms",
        said="The version is published.",
        submit="Publish this version",
        lead=(
            "Every client acknowledges the new version from its date on, before their next session is confirmed. "
            "What was acknowledged before stays on file."
        ),
    )


@access("settings.view")
def diagnosis_codes(request: MemberRequest) -> HttpResponseBase:
    """Which releases of the diagnosis codes are loaded, and whether one is missing."""
    today = _today(request)
    context = {
        "releases": IcdRelease.objects.order_by("-effective_from"),
        "missing": missing_release(today),
        "today": today,
        **onward(request),
    }
    return TemplateResponse(request, "clients/diagnosis_codes.html", context)
