"""Diagnoses of a client's chart."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from django.db import connection

from attest.clients.icd import codes_valid_on, dotted, plain
from attest.clients.models import ChartDiagnosis, Client
from attest.core import audit, clock
from attest.core.models import save_fields
from attest.practice.queries import today_in
from attest.practice.refusal import Refused, saving

ONCE = {"chart_diagnosis_once": ("code", "This diagnosis is in the chart already.")}


def add_diagnosis(*, client: Client, code: str, by: UUID, onset: date | None = None) -> ChartDiagnosis:
    """A diagnosis for the chart, with or without its dot, labelled by the table of codes in force today.

    Raises Refused for a code the table does not know, a heading, an onset in the future, or one that is there.
    """
    today = today_in(client.organization_id)
    known = codes_valid_on([code], today)
    found = known.diagnoses[0]
    if known.release is None:
        raise Refused({"code": "No diagnosis codes are loaded yet: see Settings, Diagnosis codes."})
    if not found.known:
        raise Refused({"code": f"{dotted(code)} is not in the table of diagnosis codes."})
    if found.is_category:
        raise Refused({"code": f"{found.code} is a heading: choose one of the more specific codes below it."})
    if onset is not None and onset > today:
        raise Refused({"onset": "The onset lies in the future."})
    diagnosis = ChartDiagnosis(
        organization_id=client.organization_id,
        client=client,
        code=plain(code),
        label=known.labels[plain(code)],
        onset=onset,
    )
    with saving(diagnosis, **ONCE):
        diagnosis.save(force_insert=True)
    _record("diagnosis.added", diagnosis, by)
    return diagnosis


def resolve_diagnosis(*, diagnosis: ChartDiagnosis, resolved: date, by: UUID) -> ChartDiagnosis:
    """The diagnosis no longer holds from this date on; it stays in the chart. Raises Refused before its onset."""
    if diagnosis.onset is not None and resolved < diagnosis.onset:
        raise Refused({"resolved": "It cannot be resolved before its onset."})
    if resolved > today_in(diagnosis.organization_id):
        raise Refused({"resolved": "That date lies in the future."})
    save_fields(diagnosis, resolved=resolved)
    _record("diagnosis.resolved", diagnosis, by)
    return diagnosis


def use_diagnoses(*, client: Client, codes: Mapping[str, str], by: UUID) -> None:
    """A session was confirmed for these codes (no dot, with labels): all are in the chart from now on, used now."""
    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE clients_chartdiagnosis SET last_used_at = %s"
            " WHERE organization_id = %s AND client_id = %s AND code = ANY(%s) AND resolved IS NULL"
            " RETURNING code",
            [now, client.organization_id, client.pk, list(codes)],
        )
        known = {code for (code,) in cursor.fetchall()}
    for code in [code for code in codes if code not in known]:
        diagnosis = ChartDiagnosis.objects.create(
            organization_id=client.organization_id,
            client=client,
            code=code,
            label=codes[code],
            last_used_at=now,
        )
        _record("diagnosis.added", diagnosis, by)


def _record(kind: str, diagnosis: ChartDiagnosis, by: UUID) -> None:
    audit.record(
        kind, subject_type="diagnosis", subject_id=diagnosis.pk, client_id=diagnosis.client_id, by=by
    )
