"""Addresses of the provider's pages: calendar, session panel, to-do, client."""

from django.urls import path

from attest.workspace.views import (
    access_log,
    booking,
    calendar,
    client,
    handover,
    packets,
    protection,
    session,
    todo,
    trail,
)

app_name = "workspace"
urlpatterns = [
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/events/", calendar.events, name="events"),
    path("calendar/guide/hide/", calendar.dismiss_guide, name="guide_dismiss"),
    path("sessions/new/", booking.session_new, name="session_new"),
    path("sessions/new/clients/", booking.client_search, name="client_search"),
    path("sessions/<uuid:session_id>/", session.session, name="session"),
    path("sessions/<uuid:session_id>/move/", calendar.move, name="session_move"),
    path("sessions/<uuid:session_id>/change/", booking.session_edit, name="session_edit"),
    path("sessions/<uuid:session_id>/cancel/", session.cancel, name="session_cancel"),
    path("sessions/<uuid:session_id>/not-held/", session.not_held, name="session_not_held"),
    path("sessions/<uuid:session_id>/took-place/", session.took_place, name="session_took_place"),
    path("sessions/<uuid:session_id>/close/", session.close, name="session_close"),
    path("help/roadblocks/<slug:code>/", session.roadblock_help, name="roadblock_help"),
    path("settings/providers/<uuid:provider_id>/hand-over/", handover.hand_over, name="hand_over"),
    path(
        "settings/providers/<uuid:provider_id>/hand-over/<uuid:handover_id>/",
        handover.handed_over,
        name="handed_over",
    ),
    path(
        "settings/providers/<uuid:provider_id>/hand-over/<uuid:handover_id>/undo/",
        handover.undo,
        name="handover_undo",
    ),
    path("clients/<uuid:client_id>/packets/", packets.packets, name="packets"),
    path("sessions/<uuid:session_id>/packet/", packets.session_packet, name="session_packet"),
    path("packets/<uuid:packet_id>/", packets.packet, name="packet"),
    path("packets/<uuid:packet_id>/file/", packets.packet_file, name="packet_file"),
    path("packets/<uuid:packet_id>/stop/", packets.packet_stop, name="packet_stop"),
    path("to-do/", todo.todo, name="todo"),
    path("protection/", protection.protection, name="protection"),
    path("audit/", trail.trail, name="trail"),
    path("audit/export/", trail.export, name="trail_export"),
    path("clients/<uuid:client_id>/access-log/", access_log.handed_out, name="client_log_list"),
    path("clients/<uuid:client_id>/", client.client, name="client"),
    path("clients/<uuid:client_id>/chart/<slug:tab>/", client.client, name="client_tab"),
]
