"""Addresses of notes, of sessions and about clients, under /o/<practice>/."""

from django.urls import path

from attest.notes import snippets, uploads, views
from attest.notes import template_views as templates

app_name = "notes"
_NOTE = "sessions/<uuid:session_id>/note/"
_OF_CLIENT = "clients/<uuid:client_id>/notes/<uuid:note_id>/"
urlpatterns = [
    path("snippets/", snippets.snippets, name="snippets"),
    path("snippets/new/", snippets.snippet_new, name="snippet_new"),
    path("snippets/<uuid:snippet_id>/", snippets.snippet, name="snippet"),
    path("snippets/<uuid:snippet_id>/throw-away/", snippets.snippet_gone, name="snippet_gone"),
    path(_NOTE, views.note, name="note"),
    path(f"{_NOTE}pdf/", views.pdf, name="pdf"),
    path(f"{_NOTE}upload/", uploads.upload, name="upload"),
    path(f"{_NOTE}upload/file/", uploads.uploaded, name="uploaded"),
    path(f"{_NOTE}upload/withdraw/", uploads.withdraw, name="withdraw_upload"),
    path(f"{_NOTE}start/", views.start, name="start"),
    path(f"{_NOTE}save/", views.save, name="save"),
    path(f"{_NOTE}template/", views.switch, name="switch"),
    path(f"{_NOTE}discard/", views.discard, name="discard"),
    path(f"{_NOTE}sign/", views.sign, name="sign"),
    path(f"{_NOTE}side/", views.side, name="side"),
    path(f"{_NOTE}addendum/", views.addendum, name="addendum"),
    path("clients/<uuid:client_id>/notes/start/", views.start_for_client, name="client_start"),
    path(_OF_CLIENT, views.note, name="client_note"),
    path(f"{_OF_CLIENT}pdf/", views.pdf, name="client_pdf"),
    path(f"{_OF_CLIENT}save/", views.save, name="client_save"),
    path(f"{_OF_CLIENT}template/", views.switch, name="client_switch"),
    path(f"{_OF_CLIENT}discard/", views.discard, name="client_discard"),
    path(f"{_OF_CLIENT}sign/", views.sign, name="client_sign"),
    path(f"{_OF_CLIENT}side/", views.side, name="client_side"),
    path(f"{_OF_CLIENT}addendum/", views.addendum, name="client_addendum"),
    path("settings/note-templates/", templates.templates, name="templates"),
    path("settings/note-templates/arrange/", templates.templates_arrange, name="templates_arrange"),
    path("settings/note-templates/<slug:key>/", templates.template, name="template"),
    path("settings/note-templates/<slug:key>/copy/", templates.template_copy, name="template_copy"),
    path("settings/note-templates/<slug:key>/edit/", templates.template_edit, name="template_edit"),
]
