"""What this room adds to the settings and to the checklist of a fresh practice."""

from attest.clients.grants import EMERGENCY
from attest.clients.icd import missing_release, release_on
from attest.clients.models import ChartGrant, Client, FormDocument
from attest.core import clock
from attest.policy.deadlines import local_date
from attest.practice.models import Organization, SupportOpening
from attest.practice.setup import SettingsPage, Step, add_page, add_step


def release_notice(organization: Organization) -> str:
    """A few words when the diagnosis codes in force today are not loaded; else empty."""
    today = local_date(clock.now(), organization.zone)
    missing = missing_release(today)
    return f"Codes of {missing:%m/%d/%Y} missing" if missing else ""


def access_notice(organization: Organization) -> str:
    """A few words when an emergency is not reviewed yet, or support waits to be let in; else empty."""
    own = {"organization_id": organization.pk}
    review = ChartGrant.objects.filter(kind=EMERGENCY, reviewed_at__isnull=True, **own).count()
    waiting = SupportOpening.objects.filter(starts_at__isnull=True, ended_at__isnull=True, **own).count()
    said = [f"{review} to review"] if review else []
    return ", ".join([*said, *([f"{waiting} waiting"] if waiting else [])])


def add_pages_and_steps() -> None:
    """Forms and diagnosis codes among the settings; forms, codes and the first client among the steps."""
    add_page(
        SettingsPage(
            60, "Forms", "What every client acknowledges, with its versions", "form", "clients:settings_forms"
        )
    )
    add_page(
        SettingsPage(
            85,
            "Access and grants",
            "Who was let into charts that are not theirs, why, and until when",
            "shield-check",
            "clients:access",
            access_notice,
            "access.view",
        )
    )
    add_page(
        SettingsPage(
            90,
            "Diagnosis codes",
            "Which release of ICD-10-CM is loaded, and until when it is in force",
            "book",
            "clients:diagnosis_codes",
            release_notice,
        )
    )
    add_step(
        Step(
            90,
            "Standard forms",
            "A client acknowledges them before the first session is confirmed.",
            "clients:settings_forms",
            lambda organization: FormDocument.objects.filter(organization_id=organization.pk).exists(),
        )
    )
    add_step(
        Step(
            100,
            "Diagnosis codes",
            "The public table of codes, loaded once for each release.",
            "clients:diagnosis_codes",
            lambda organization: release_on(local_date(clock.now(), organization.zone)) is not None,
        )
    )
    add_step(
        Step(
            110,
            "A first client",
            "With a verified plan, a payment method and the forms acknowledged.",
            "clients:list",
            lambda organization: Client.objects.filter(organization_id=organization.pk).exists(),
        )
    )
