"""Small makers of records for tests, each with sensible, complete defaults.

`make_practice()` gives a practice in which a session can be confirmed at once; `make_session(made.client)`
is yesterday's session, held in person, with nothing in its way. Every maker goes through the wall by itself;
a test that reads or writes rows does so inside `made.inside()` (or `core.walls.inside`).
"""

from tests.factories.basics import LONG_AGO, PASSWORD, a_number, an_npi, today
from tests.factories.clients import (
    acknowledge_forms,
    make_client,
    make_coverage,
    make_diagnosis,
    make_payment_method,
    make_session,
)
from tests.factories.codes import ICD, SERVICES_CSV, make_icd, make_services
from tests.factories.logins import code_of, make_app
from tests.factories.made import Made, browser_of, make_practice
from tests.factories.practices import (
    found_organization,
    make_contract,
    make_fees,
    make_location,
    make_medicare,
    make_member,
    make_organization,
    make_payer,
    make_provider,
)

__all__ = [
    "ICD",
    "LONG_AGO",
    "PASSWORD",
    "SERVICES_CSV",
    "Made",
    "a_number",
    "acknowledge_forms",
    "an_npi",
    "browser_of",
    "code_of",
    "found_organization",
    "make_app",
    "make_client",
    "make_contract",
    "make_coverage",
    "make_diagnosis",
    "make_fees",
    "make_icd",
    "make_location",
    "make_medicare",
    "make_member",
    "make_organization",
    "make_payer",
    "make_payment_method",
    "make_practice",
    "make_provider",
    "make_services",
    "make_session",
    "today",
]
