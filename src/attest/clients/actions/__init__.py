"""Every write to clients: who they are, their plans, what they pay with, forms, and diagnoses of the chart.

Each function is one use case inside the organization's wall and the caller's transaction; it takes the acting user's
id as `by`, leaves an audit event naming the client's id, and raises `Refused` with a sentence for each field.
"""

from attest.clients.actions.chart import add_diagnosis, resolve_diagnosis, use_diagnoses
from attest.clients.actions.clients import create_client, set_flags, update_client
from attest.clients.actions.coverage import add_coverage, update_coverage, verify_coverage
from attest.clients.actions.forms import install_forms, publish_form, record_acknowledgement
from attest.clients.actions.grants import end_grant, grant_chart, open_in_emergency, review_emergency
from attest.clients.actions.payment import add_payment_method, make_default, remove_payment_method
from attest.practice.refusal import Refused

__all__ = [
    "Refused",
    "add_coverage",
    "add_diagnosis",
    "add_payment_method",
    "create_client",
    "end_grant",
    "grant_chart",
    "install_forms",
    "make_default",
    "open_in_emergency",
    "publish_form",
    "record_acknowledgement",
    "remove_payment_method",
    "resolve_diagnosis",
    "review_emergency",
    "set_flags",
    "update_client",
    "update_coverage",
    "use_diagnoses",
    "verify_coverage",
]
