"""Addresses of the demo's mail: outside every practice, because people read it who are not signed in yet."""

from django.urls import path

from attest.demo import mail

urlpatterns = [
    path("mail/", mail.outbox, name="demo_mail"),
    path("mail/<uuid:message_id>/", mail.message, name="demo_mail_message"),
]
