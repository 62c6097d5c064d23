"""The service catalogue and a handful of diagnosis codes."""

from collections.abc import Iterable
from datetime import date

from attest.clients.folding import fold
from attest.clients.models import (
    IcdCode,
    IcdRelease,
)
from attest.core.walls import inside
from attest.practice.models import (
    Organization,
    ServiceCode,
)

SERVICES_CSV = """\
code,label,kind,minutes_from,minutes_to,addon_to,prescriber_only,timed,minutes_each,units_a_day
90791,Evaluation,diagnostic_evaluation,16,90,,no,no,,1
90792,Evaluation with medical services,diagnostic_evaluation_medical,,,,yes,no,,1
90832,Therapy 30,psychotherapy,16,37,,no,yes,,1
90834,Therapy 45,psychotherapy,38,52,,no,yes,,1
90837,Therapy 60,psychotherapy,53,,,no,yes,,1
90833,Therapy 30 with E/M,psychotherapy_with_em,16,37,,yes,yes,,1
90836,Therapy 45 with E/M,psychotherapy_with_em,38,52,,yes,yes,,1
90838,Therapy 60 with E/M,psychotherapy_with_em,53,,,yes,yes,,1
90839,Crisis first hour,crisis,30,74,,no,yes,,1
90840,Crisis each further half hour,crisis_additional,75,,,no,yes,30,
90846,Family without the client,family_without_client,26,,,no,yes,,1
90847,Family with the client,family_with_client,26,,,no,yes,,1
90853,Group,group,,,,no,no,,1
90785,Interactive complexity,interactive_complexity,,,,no,no,,1
99213,Office visit low,em,,,,yes,no,,1
99214,Office visit moderate,em,,,,yes,no,,1
"""
"""The usual codes with our own labels; `attest.practice.actions.import_services` reads the same columns."""


ICD = [
    ("F41.1", "Generalized anxiety disorder", True),
    ("F32.A", "Depression, unspecified", True),
    ("F33.1", "Major depressive disorder, recurrent, moderate", True),
    ("F43.1", "Post-traumatic stress disorder (PTSD)", False),
    ("F43.10", "Post-traumatic stress disorder, unspecified", True),
    ("F43.2", "Adjustment disorders", False),
    ("F43.23", "Adjustment disorder with mixed anxiety and depressed mood", True),
    ("F90.2", "Attention-deficit hyperactivity disorder, combined type", True),
    ("R45.851", "Suicidal ideations", True),
    ("Z63.0", "Problems in relationship with spouse or partner", True),
    ("I10", "Essential (primary) hypertension", True),
]


def make_services(organization: Organization) -> dict[str, ServiceCode]:
    """The catalogue of SERVICES_CSV by code."""
    header, *lines = SERVICES_CSV.splitlines()
    made = []
    for line in lines:
        row = dict(zip(header.split(","), line.split(","), strict=True))
        number = {name: int(row[name]) if row[name] else None for name in row if "minutes" in name}
        made.append(
            ServiceCode(
                organization=organization,
                code=row["code"],
                label=row["label"],
                kind=row["kind"],
                prescriber_only=row["prescriber_only"] == "yes",
                timed=row["timed"] == "yes",
                units_a_day=int(row["units_a_day"]) if row["units_a_day"] else None,
                **number,
            )
        )
    with inside(organization.pk):
        ServiceCode.objects.bulk_create(made)
    return {service.code: service for service in made}


def make_icd(
    *,
    name: str = "test release",
    effective_from: date = date(2025, 10, 1),
    effective_to: date = date(2027, 9, 30),
    codes: Iterable[tuple[str, str, bool]] = ICD,
) -> IcdRelease:
    """A release of diagnosis codes with a handful of rows: (code, label, billable)."""
    release, made = IcdRelease.objects.get_or_create(
        name=name, defaults={"effective_from": effective_from, "effective_to": effective_to}
    )
    if made:
        IcdCode.objects.bulk_create(
            IcdCode(
                release=release,
                code=code.replace(".", ""),
                label=label,
                folded=f"{code.replace('.', '').lower()} {fold(label)}",
                billable=billable,
            )
            for code, label, billable in codes
        )
    return release
