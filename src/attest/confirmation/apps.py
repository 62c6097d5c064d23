"""Registration of the room with Django."""

from django.apps import AppConfig


class Confirmation(AppConfig):
    name = "attest.confirmation"
    label = "confirmation"

    def ready(self) -> None:
        """Tell the notes room where a session's facts come from and who hears of a signature."""
        from attest.confirmation.note_header import after_signing, after_upload, known_of
        from attest.notes.actions import when_signed, when_uploaded
        from attest.notes.header import facts_come_from

        facts_come_from(known_of)
        when_signed(after_signing)
        when_uploaded(after_upload)
