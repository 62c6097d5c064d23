"""Settings: the service catalogue."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse

from attest.core.access import MemberRequest, access, may
from attest.practice import actions
from attest.practice.actions.services import COLUMNS_ALL
from attest.practice.form_page import SeeOther, form_page, next_of, typed
from attest.practice.forms import ImportForm, ServiceForm
from attest.practice.models import ServiceCode
from attest.practice.queries import service_row
from attest.practice.views.settings import url

LARGEST_FILE = 1024 * 1024


@access("settings.view")
def services(request: MemberRequest) -> HttpResponseBase:
    """The whole catalogue, in use first."""
    rows = ServiceCode.objects.filter(organization_id=request.practice.pk).order_by("-active", "code")
    context = {
        "services": [(row, service_row(row)) for row in rows],
        "may_edit": may(request.member, "settings.edit"),
    }
    return TemplateResponse(request, "practice/services.html", context)


@access("settings.edit")
def service_new(request: MemberRequest) -> HttpResponseBase:
    """A new row of the catalogue."""
    practice = request.practice

    def save(values: dict[str, Any]) -> None:
        actions.add_service(organization_id=practice.pk, by=request.member.user_id, **values)

    return form_page(
        request,
        ServiceForm(typed(request), initial={"active": True, "timed": True, "units_a_day": 1}),
        save,
        title="New service",
        then=url(request, "services"),
        parent_title="Services",
        said="The service is saved.",
    )


@access("settings.edit")
def service(request: MemberRequest, service_id: UUID) -> HttpResponseBase:
    """Mend a row of the catalogue."""
    row = get_object_or_404(ServiceCode, organization_id=request.practice.pk, pk=service_id)

    def save(values: dict[str, Any]) -> None:
        actions.update_service(service=row, by=request.member.user_id, **values)

    return form_page(
        request,
        ServiceForm(typed(request), instance=row),
        save,
        title=f"{row.code} {row.label}",
        then=url(request, "services"),
        parent_title="Services",
        said="The service is saved.",
    )


@access("settings.edit")
def services_import(request: MemberRequest) -> HttpResponseBase:
    """Import the catalogue from CSV: all of it, or nothing and every line that is wrong."""
    form = ImportForm(typed(request), request.FILES or None)
    context: dict[str, Any] = {"form": form, "columns": COLUMNS_ALL, "next": next_of(request)}
    if request.method != "POST" or not form.is_valid():
        return TemplateResponse(
            request, "practice/services_import.html", context, status=422 if form.is_bound else 200
        )
    try:
        text = _text_of(form.cleaned_data)
        with transaction.atomic():
            done = actions.import_services(
                organization_id=request.practice.pk, text=text, by=request.member.user_id
            )
    except actions.ImportRefused as refusal:
        context |= {"problems": refusal.problems, "form": ImportForm(initial={"text": text})}
    except actions.Refused as refusal:
        form.add_error(None, str(refusal))
    else:
        messages.success(request, f"{done.added} services added, {done.changed} changed.")
        return SeeOther(next_of(request) or url(request, "services"))
    return TemplateResponse(request, "practice/services_import.html", context, status=422)


def _text_of(values: dict[str, Any]) -> str:
    """The table as text, from the file or the box."""
    file: UploadedFile[Any] | None = values["file"]
    if file is None:
        text: str = values["text"]
        if not text.strip():
            raise actions.Refused("Choose a file, or paste the table into the box.")
        return text
    if file.size and file.size > LARGEST_FILE:
        raise actions.Refused("The file is larger than 1 MB: that is no table of services.")
    data: bytes = file.read()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")
