"""Addresses of the client pages and of this room's settings, under /o/<practice>/."""

from django.urls import path

from attest.clients.views import access, chart, clients, coverage, settings

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
    path(f"{_C}who-may-see/", access.who, name="who"),
    path(f"{_C}who-may-see/<uuid:grant_id>/end/", access.who_end, name="who_end"),
    path("emergency/", access.emergency, name="emergency"),
    path("emergency/<uuid:grant_id>/end/", access.emergency_end, name="emergency_end"),
    path("settings/access/", access.overview, name="access"),
    path("settings/access/new/", access.grant_new, name="grant_new"),
    path("settings/access/<uuid:grant_id>/end/", access.grant_end, name="grant_end"),
    path("settings/access/<uuid:grant_id>/review/", access.review, name="grant_review"),
    path("settings/access/support/<uuid:opening_id>/allow/", access.support_allow, name="support_allow"),
    path("settings/access/support/<uuid:opening_id>/end/", access.support_close, name="support_close"),
    path("settings/forms/", settings.forms, name="settings_forms"),
    path("settings/forms/new/", settings.form_new, name="form_new"),
    path("settings/forms/<slug:key>/new-version/", settings.form_version, name="form_version"),
    path("settings/diagnosis-codes/", settings.diagnosis_codes, name="diagnosis_codes"),
]
