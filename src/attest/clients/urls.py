"""Addresses of the client pages and of this room's settings, under /o/<practice>/."""

from django.urls import path

from attest.clients.views import chart, clients, coverage, settings

app_name = "clients"
_C = "clients/<uuid:client_id>/"
urlpatterns = [
    path("clients/", clients.index, name="list"),
    path("clients/new/", clients.new, name="new"),
    path(f"{_C}edit/", clients.edit, name="edit"),
    path(f"{_C}plan/", coverage.coverage, name="coverage"),
    path(f"{_C}plans/new/", coverage.coverage_new, name="coverage_new"),
    path(f"{_C}plans/<uuid:coverage_id>/", coverage.coverage_edit, name="coverage_edit"),
    path(f"{_C}payment-methods/new/", coverage.payment_method_new, name="payment_method_new"),
    path(
        f"{_C}payment-methods/<uuid:method_id>/default/",
        coverage.payment_method_default,
        name="payment_method_default",
    ),
    path(
        f"{_C}payment-methods/<uuid:method_id>/remove/",
        coverage.payment_method_remove,
        name="payment_method_remove",
    ),
    path(f"{_C}sign-forms/", chart.forms, name="forms"),
    path(f"{_C}diagnoses/", chart.diagnoses, name="diagnoses"),
    path(f"{_C}diagnoses/add/", chart.diagnosis_add, name="diagnosis_add"),
    path(f"{_C}diagnoses/<uuid:diagnosis_id>/resolve/", chart.diagnosis_resolve, name="diagnosis_resolve"),
    path("diagnosis-codes/search/", chart.diagnosis_search, name="diagnosis_search"),
    path("settings/forms/", settings.forms, name="settings_forms"),
    path("settings/forms/new/", settings.form_new, name="form_new"),
    path("settings/forms/<slug:key>/new-version/", settings.form_version, name="form_version"),
    path("settings/diagnosis-codes/", settings.diagnosis_codes, name="diagnosis_codes"),
]
