"""Addresses of a session's note, under /o/<practice>/."""

from django.urls import path

from attest.notes import views

app_name = "notes"
_NOTE = "sessions/<uuid:session_id>/note/"
urlpatterns = [
    path(_NOTE, views.note, name="note"),
    path(f"{_NOTE}pdf/", views.pdf, name="pdf"),
    path(f"{_NOTE}start/", views.start, name="start"),
    path(f"{_NOTE}save/", views.save, name="save"),
    path(f"{_NOTE}template/", views.switch, name="switch"),
    path(f"{_NOTE}discard/", views.discard, name="discard"),
    path(f"{_NOTE}sign/", views.sign, name="sign"),
    path(f"{_NOTE}side/", views.side, name="side"),
    path(f"{_NOTE}addendum/", views.addendum, name="addendum"),
]
