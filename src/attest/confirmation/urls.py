"""Addresses of the confirm page."""

from django.urls import path

from attest.confirmation import views

app_name = "confirmation"
urlpatterns = [
    path("sessions/<uuid:session_id>/confirm/", views.confirm, name="confirm"),
    path("sessions/<uuid:session_id>/confirm/save/", views.save, name="save"),
    path("sessions/<uuid:session_id>/confirm/preview/", views.preview, name="preview"),
]
