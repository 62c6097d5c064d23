"""Standard forms a client acknowledges, and the diagnoses of the chart."""

from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from attest.clients import actions
from attest.clients.forms import AcknowledgeForm, DiagnosisForm
from attest.clients.icd import codes_valid_on, plain, search_diagnoses
from attest.clients.models import ChartDiagnosis, Client, FormAcknowledgement
from attest.clients.queries import chart_diagnoses, client_for, forms_in_force, may_with
from attest.clients.views.clients import home
from attest.core import clock
from attest.core.access import MemberRequest, access
from attest.policy.deadlines import local_date
from attest.practice.fields import DayField
from attest.practice.form_page import SeeOther, form_page, next_of, tell, typed


@access("client.edit")
def forms(request: MemberRequest, client_id: UUID) -> HttpResponseBase:
    """The forms in force, which of them the client has acknowledged, and recording the others."""
    client = client_for(request.member, request.scope, client_id)
    zone = request.practice.zone
    today = local_date(clock.now(), zone)
    documents = forms_in_force(request.practice.pk, today)
    given = {
        row.document_id: row
        for row in FormAcknowledgement.objects.filter(organization_id=request.practice.pk, client=client)
    }
    missing = [document for document in documents if document.pk not in given]
    start = {
        "documents": [document.pk for document in missing],
        "typed_name": client.legal_name,
        "acknowledged_on": today,
    }

    def save(values: dict[str, Any]) -> None:
        day = values["acknowledged_on"]
        moment = clock.now()
        if day != today:
            moment = datetime.combine(day, time(12), ZoneInfo(zone)).astimezone(UTC)
        for document in values["documents"]:
            actions.record_acknowledgement(
                client=client,
                document=document,
                typed_name=values["typed_name"],
                at=moment,
                by=request.member.user_id,
            )

    return form_page(
        request,
        AcknowledgeForm(typed(request), initial=start, documents=missing),
        save,
        title="Forms",
        then=home(request, client),
        said="Recorded.",
        template="clients/forms.html",
        submit="Record as signed on paper",
        client=client,
        documents=[(document, given.get(document.pk)) for document in documents],
        missing=missing,
    )


@access("diagnosis.view")
def diagnoses(request: MemberRequest, client_id: UUID) -> HttpResponseBase:
    """The diagnoses of the chart."""
    client = client_for(request.member, request.scope, client_id)
    return _diagnoses_page(request, client, DiagnosisForm())


def _diagnoses_page(request: MemberRequest, client: Client, form: DiagnosisForm) -> TemplateResponse:
    today = local_date(clock.now(), request.practice.zone)
    rows = chart_diagnoses(client)
    chosen = []
    if form.is_bound and (code := plain(str(form.data.get("code", ""))[:10])):
        known = codes_valid_on([code], today)
        chosen = [{"value": code, "code": known.diagnoses[0].code, "label": known.labels.get(code, "")}]
    context = {
        "client": client,
        "form": form,
        "chosen": chosen,
        "current": [row for row in rows if row.resolved is None],
        "past": [row for row in rows if row.resolved is not None],
        "today": today,
        "may_edit": may_with(request.member, "diagnosis.edit", client),
        "back": home(request, client),
        "next": next_of(request),
        "search_address": reverse("clients:diagnosis_search", args=[request.practice.slug]),
    }
    return TemplateResponse(request, "clients/diagnoses.html", context, status=422 if form.is_bound else 200)


@access("diagnosis.edit")
@require_POST
def diagnosis_add(request: MemberRequest, client_id: UUID) -> HttpResponseBase:
    """Add a diagnosis to the chart."""
    client = client_for(request.member, request.scope, client_id)
    form = DiagnosisForm(request.POST)
    if form.is_valid():
        try:
            with transaction.atomic():
                actions.add_diagnosis(client=client, by=request.member.user_id, **form.cleaned_data)
        except actions.Refused as refusal:
            tell(form, refusal)
        else:
            messages.success(request, "The diagnosis is in the chart.")
            return SeeOther(next_of(request) or _own_page(request, client))
    return _diagnoses_page(request, client, form)


@access("diagnosis.edit")
@require_POST
def diagnosis_resolve(request: MemberRequest, client_id: UUID, diagnosis_id: UUID) -> HttpResponseBase:
    """A diagnosis no longer holds."""
    client = client_for(request.member, request.scope, client_id)
    row = get_object_or_404(
        ChartDiagnosis,
        organization_id=request.practice.pk,
        client=client,
        resolved__isnull=True,
        pk=diagnosis_id,
    )
    today = local_date(clock.now(), request.practice.zone)
    try:
        typed_day = DayField(required=False).clean(request.POST.get("resolved"))
        actions.resolve_diagnosis(diagnosis=row, resolved=typed_day or today, by=request.member.user_id)
    except actions.Refused as refusal:
        messages.error(request, str(refusal))
    except ValidationError:
        messages.error(request, "Write the date as MM/DD/YYYY. Nothing was changed.")
    else:
        messages.success(request, f"{row.dotted} is marked as resolved.")
    return SeeOther(_own_page(request, client))


def _own_page(request: MemberRequest, client: Client) -> str:
    return reverse("clients:diagnoses", args=[request.practice.slug, client.pk])


@access("codes.view")
@require_POST
def diagnosis_search(request: MemberRequest) -> HttpResponseBase:
    """Codes for a combobox: `q` what was typed, `?on=` the date of service (today when it is left out).

    What is typed is posted: no address, and so no log and no history, says what somebody may suffer from.
    """
    today = local_date(clock.now(), request.practice.zone)
    try:
        on = DayField(required=False).clean(request.GET.get("on")) or today
    except ValidationError:
        on = today
    found = search_diagnoses(request.POST.get("q", ""), on=on)
    results = [
        {
            "value": row.code,
            "code": row.dotted,
            "label": row.label,
            "note": "" if row.billable else "A heading: choose a code below it",
            "disabled": not row.billable,
        }
        for row in found
    ]
    return JsonResponse({"results": results})
