"""Every write to notes: templates, drafts, signatures, addenda. One file per use case.

Each locks the note's session (if it has one) first, then the note, then (to sign) its author's row: always in this
order.
"""

from attest.notes.actions.addenda import add_addendum
from attest.notes.actions.client_notes import sign_client_note, start_client_note
from attest.notes.actions.drafts import discard_draft, save_draft, start_draft, switch_template
from attest.notes.actions.own_templates import (
    arrange_templates,
    change_template,
    copy_template,
    hide_template,
)
from attest.notes.actions.signing import mark_signed, sign, sign_alone, when_signed
from attest.notes.actions.snippets import LONGEST as LONGEST_SNIPPET
from attest.notes.actions.snippets import keep_snippet, throw_away_snippet
from attest.notes.actions.templates import install_templates
from attest.notes.actions.uploads import removable, upload_note, when_uploaded, withdraw_upload

__all__ = [
    "LONGEST_SNIPPET",
    "add_addendum",
    "arrange_templates",
    "change_template",
    "copy_template",
    "discard_draft",
    "hide_template",
    "install_templates",
    "keep_snippet",
    "mark_signed",
    "removable",
    "save_draft",
    "sign",
    "sign_alone",
    "sign_client_note",
    "start_client_note",
    "start_draft",
    "switch_template",
    "throw_away_snippet",
    "upload_note",
    "when_signed",
    "when_uploaded",
    "withdraw_upload",
]
