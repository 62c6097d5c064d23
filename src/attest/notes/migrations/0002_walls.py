"""The room's tables behind the wall."""

from django.db import migrations

from attest.core.walls import links, walls


class Migration(migrations.Migration):
    dependencies = [("notes", "0001_initial"), ("calendar", "0002_walls")]
    operations = [
        *walls("Note"),
        *walls(only_grow=("NoteTemplate", "NoteVersion", "Addendum", "Signature")),
        *links(note="session author template", noteversion="note template", addendum="note author"),
        *links(signature="signer version addendum"),
    ]
