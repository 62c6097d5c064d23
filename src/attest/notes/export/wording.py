"""Where in an exported note something was changed, in a reader's words."""

from collections.abc import Mapping
from typing import Any

HEADER = {
    "client.name": "the client's name",
    "client.birth_date": "the client's birth date",
    "date_of_service": "the date of service",
    "zone": "the time zone",
    "times.from": "where the times come from",
    "times.intervals": "the start and stop times",
    "times.minutes": "the minutes",
    "kind": "the kind of session",
    "not_held": "whether the session took place",
    "modality": "the modality",
    "place": "the place",
    "provider.name": "the provider's name",
    "provider.credentials": "the provider's credentials",
    "provider.npi": "the provider's NPI",
    "diagnoses": "the diagnoses",
    "services": "the services",
}
ENTRY = {
    "attestation": "the attestation",
    "author": "the author",
    "due_at": "when it was due",
    "id": "the id",
    "kind": "the kind of entry",
    "label": "the label",
    "late": "whether it was signed late",
    "late_reason": "the reason for signing late",
    "note": "the note it belongs to",
    "reason": "the reason",
    "session": "the session it belongs to",
    "signed_at": "when it was signed",
    "template": "the template it was written in",
    "text": "the text",
}
SIGNATURE = {
    "algorithm": "the algorithm",
    "digest": "the digest",
    "key": "which key made it",
    "number": "its number in the signer's chain",
    "organization": "the practice",
    "previous": "the link to the signature before it",
    "proof_at": "when the signer proved who they are",
    "signature": "the practice's signature itself",
    "signed_as": "the signer's name",
    "signed_at": "when it was signed",
    "signer": "the signer",
    "user": "the signer's login",
}
ABOUT = {
    "organization.id": "the practice's id",
    "organization.name": "the practice's name",
    "exported_at": "when it was exported",
}
KEY = {
    "algorithm": "its algorithm",
    "fingerprint": "its fingerprint",
    "id": "its id",
    "public": "the key itself",
    "since": "since when it is used",
    "until": "until when it was used",
}
ADDITIONS = {"addendum": "addendum", "correction": "correction", "late_entry": "late entry"}


def place(path: str, file: Mapping[str, Any]) -> str:
    """The words for a path such as ``note.content.plan``: "in the note: «Plan»". Unknown places keep their path."""
    first, _, rest = path.partition(".")
    if first == "note":
        return f"in the note: {_in_entry(rest, file)}"
    if first == "additions" and rest:
        which, _, rest = rest.partition(".")
        return f"in {addition(which, file)}: {_in_entry(rest, file)}"
    if first == "answers":
        return f"in the note as it is read: {_answer(rest, file)}"
    if first == "keys" and rest:
        which, _, rest = rest.partition(".")
        return f"in the public key {which}: {KEY.get(rest, rest)}"
    if first == "about":
        return f"about this file: {ABOUT.get(rest, rest)}"
    if first == "template":
        return "in the template: " + ("its labels and options" if rest == "definition" else rest)
    return f"in the file: {path}"


def addition(which: str, file: Mapping[str, Any]) -> str:
    """ "addition 2, the correction" for the id of one; its id alone when the file has none such."""
    for number, entry in enumerate(file["additions"], start=1):
        if str(entry["id"]) == which:
            return f"addition {number}, the {ADDITIONS.get(str(entry['kind']), 'entry')}"
    return f"the addition {which}"


def _in_entry(path: str, file: Mapping[str, Any]) -> str:
    first, _, rest = path.partition(".")
    if first == "signature":
        return f"its signature ({SIGNATURE.get(rest, rest)})"
    if first == "header":
        return HEADER.get(rest, rest)
    if first == "content":
        return f"«{_label(rest, file)}»"
    return ENTRY.get(first, first)


def _label(key: str, file: Mapping[str, Any]) -> str:
    """A field's label in the template; the bare key of one that is not there."""
    for section in file["template"]["definition"]["sections"]:
        for field in section["fields"]:
            if field["key"] == key:
                return str(field["label"])
    return key


def _answer(path: str, file: Mapping[str, Any]) -> str:
    """Which words of the note as it is read: ``2.answers.1.text``."""
    try:
        at, _, rest = path.partition(".")
        section = file["answers"][int(at)]
        if rest.startswith("answers."):
            number = int(rest.split(".")[1])
            return f"«{section['answers'][number]['label']}» under «{section['section']}»"
        return f"the heading «{section['section']}»"
    except (LookupError, ValueError, TypeError):
        return "something was taken out or added"
