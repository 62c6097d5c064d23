"""Checking an exported note without a database: what was changed in it, said in plain words.

Pure and complete: only a file that is spelled exactly as it was written, whose every signature and whose seal hold,
passes. What names the place of a change (fingerprints, words) is a help to the reader, not what the verdict rests on.
"""

import base64
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from attest.core.ed25519 import ALGORITHM as KEY_ALGORITHM
from attest.core.ed25519 import KEY_BYTES, fingerprint, verifies
from attest.core.templatetags.times import date_text, in_zone, time_text, zone_letters
from attest.notes.export.form import BESIDE, FORM, NAMED, marks, seal_message, signed_part, spelled
from attest.notes.export.wording import addition, place
from attest.notes.signed import ALGORITHM, digest, digest_over, message

File = Mapping[str, Any]
PARTS = frozenset({"form", "about", "template", "answers", "note", "additions", "keys", "marks", "seal"})
NO_EXPORT = "This is not an exported note, or it was changed so much that it cannot be read."
RESPELLED = (
    "The file's bytes were changed: it is not spelled as it was written (blanks, order, doubled names)."
)
ONLY_MARKS = "The list of fingerprints was changed; what was signed is as it was."


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found. `problems` are sentences, empty for a whole file; the rest is told about a whole one."""

    problems: tuple[str, ...]
    facts: tuple[str, ...] = ()
    fingerprints: tuple[str, ...] = ()
    """Of the public keys that signed, the seal's last."""
    compared: bool = False

    @property
    def whole(self) -> bool:
        return not self.problems


def check(data: bytes, published: Mapping[str, bytes] | None = None) -> Checked:
    """Everything that was changed in an exported note, oldest part first; nothing for one that is whole.

    `published` are the practice's public keys as it publishes them, by fingerprint: with them a file that somebody
    else signed anew is found out. Without them, that it was not compared is for the caller to say.
    """
    try:
        file = _read(data)
    except (ValueError, RecursionError):
        return Checked((NO_EXPORT,))
    problems: list[str] = []
    steps: tuple[Callable[[], Iterator[str]], ...] = (
        lambda: _changed_parts(file),
        lambda: _entries(file),
        lambda: _order(file),
        lambda: _labels(file),
        lambda: _keys(file),
        lambda: _seal(file),
    )
    for step in steps:
        try:
            problems.extend(step())
        except (LookupError, TypeError, ValueError, AttributeError, RecursionError):
            problems.append("The file is not built as it was written: a part is missing or of another kind.")
    if not _spelled_right(data, file):
        problems.append(RESPELLED)
    used: tuple[str, ...] = ()
    try:
        used = _used(file)
        problems.extend(_unpublished(used, published))
        facts = tuple(_facts(file))
    except (LookupError, TypeError, ValueError, AttributeError):
        facts = ()
        problems.append(NO_EXPORT)
    return Checked(tuple(dict.fromkeys(problems)), facts, used, published is not None)


def _read(data: bytes) -> File:
    file = json.loads(data.decode(), parse_constant=_refused, parse_float=_refused)
    if not isinstance(file, dict) or file.get("form") != FORM or set(file) != PARTS:
        raise ValueError(NO_EXPORT)
    return file


def _refused(text: str) -> Any:
    raise ValueError(f"{text} stands in no export")


def _spelled_right(data: bytes, file: File) -> bool:
    try:
        return spelled(file) == data
    except (ValueError, RecursionError):
        return False


# -- which part was changed ------------------------------------------------------------------------------------


def _changed_parts(file: File) -> Iterator[str]:
    """Each part that does not fit the fingerprint that was written of it, was added, or was taken out."""
    held, now, sound = dict(file["marks"]), marks(file), _sound_entries(file)
    for path in sorted(dict.fromkeys((*now, *held)), key=_as_read):
        if path in NAMED or held.get(path) == now.get(path):
            continue
        owner = ".".join(path.split(".")[: 1 if path.startswith("note.") else 2])
        if owner in sound and not path.endswith(".label"):
            yield ONLY_MARKS
        elif path in held and path in now:
            yield f"Changed {place(path, file)}."
        elif not _of_a_whole_item(path, held if path in now else now):
            yield f"{'Added' if path in now else 'Taken out'} {place(path, file)}."
    yield from _rearranged(file, held, now)


def _as_read(path: str) -> int:
    """Changes are told as a reader meets them: the note, what was added, then what stands around them."""
    return ("note", "additions", "answers", "template", "keys", "about", "").index(_known_part(path))


def _known_part(path: str) -> str:
    part = path.partition(".")[0]
    return part if part in PARTS and part not in BESIDE else ""


def _sound_entries(file: File) -> set[str]:
    """The note and additions, by path, that still fit their signatures."""
    entries = {"note": file["note"]} | {f"additions.{entry['id']}": entry for entry in file["additions"]}
    return {path for path, entry in entries.items() if not list(_entry(entry, "it", file))}


def _of_a_whole_item(path: str, others: Mapping[str, str]) -> bool:
    """Whether the path belongs to an addition or key of which the other side has nothing at all."""
    name, _, rest = path.partition(".")
    return name in NAMED and rest.partition(".")[0] not in _items(name, others)


def _items(name: str, paths: Mapping[str, str]) -> list[str]:
    """The ids of additions or keys that have a mark, in order."""
    return list(dict.fromkeys(path.split(".")[1] for path in paths if path.startswith(f"{name}.")))


def _rearranged(file: File, held: Mapping[str, str], now: Mapping[str, str]) -> Iterator[str]:
    """Additions and keys that were put in, taken out, doubled, or put in another order."""
    for name, noun in zip(NAMED, ("addition", "public key"), strict=True):
        if held.get(name) == now.get(name):
            continue
        there, before = [str(item["id"]) for item in file[name]], _items(name, held)
        for which in there:
            if which not in before:
                yield f"Put in after the export: {addition(which, file) if name == 'additions' else which}."
        for which in before:
            if which not in there:
                yield f"Taken out: the {noun} {which}."
        if len(there) != len(set(there)):
            yield f"The same {noun} stands in the file twice."
        elif set(there) == set(before):
            yield f"The {noun}s do not stand in the order in which they were exported."


# -- signatures ------------------------------------------------------------------------------------------------


def _named_entries(file: File) -> list[tuple[str, File]]:
    """The note and its additions, each with what to call it."""
    named: list[tuple[str, File]] = [("the note", file["note"])]
    return named + [(addition(str(entry["id"]), file), entry) for entry in file["additions"]]


def _entries(file: File) -> Iterator[str]:
    for name, entry in _named_entries(file):
        yield from _entry(entry, name, file)
        if entry["signature"]["organization"] != file["about"]["organization"]["id"]:
            yield f"{_start(name)} was signed in another practice."
    for name, entry in _named_entries(file)[1:]:
        if entry["note"] != file["note"]["note"]:
            yield f"{_start(name)} belongs to another note."
        if entry["author"] != entry["signature"]["signer"]:
            yield f"{_start(name)} was not signed by its author."
    if file["note"]["author"] != file["note"]["signature"]["signer"]:
        yield "The note was not signed by its author."
    template = file["template"]
    shown = {name: template[name] for name in ("key", "version")} | {
        "definition": digest(template["definition"])
    }
    if file["note"]["template"] != shown or set(template) != {"key", "version", "definition"}:
        yield "The template in the file is not the one in which the note was signed."


def _entry(entry: File, name: str, file: File) -> Iterator[str]:
    """Why an entry and its signature do not belong together; nothing when they do."""
    signature = entry["signature"]
    if signature["algorithm"] != ALGORITHM:
        yield f"The signature of {name} is of a kind that is not known."
    if digest_over(signature, signed_part(entry)) != signature["digest"]:
        yield f"{_start(name)} is not as it was signed."
    raw = _raw_keys(file).get(signature["key"])
    if raw is None:
        yield f"The public key for the signature of {name} is missing."
    elif not verifies(message(signature["digest"]), _bytes(signature["signature"]), raw):
        yield f"The signature of {name} was not made over it with the key {fingerprint(raw)}."


def _order(file: File) -> Iterator[str]:
    """Signatures of one person have rising numbers, and each covers the one before it."""
    last: dict[str, Mapping[str, Any]] = {}
    for name, entry in _named_entries(file):
        signature = entry["signature"]
        before = last.get(signature["signer"])
        if before is not None and signature["number"] <= before["number"]:
            yield f"{_start(name)} does not stand in the order in which it was signed."
        elif (
            before
            and signature["number"] == before["number"] + 1
            and signature["previous"] != before["digest"]
        ):
            yield f"{_start(name)} does not follow from the signature before it."
        last[signature["signer"]] = signature


def _labels(file: File) -> Iterator[str]:
    note = file["note"]
    late = note["signed_at"] > note["due_at"]
    if note["late"] is not late or note["label"] != ("Signed late" if late else "Signed"):
        yield "Whether the note is labelled as signed late does not fit when it was signed and due."
    if note["signed_at"] != note["signature"]["signed_at"]:
        yield "The note and its signature say different times of signing."


# -- keys and seal ---------------------------------------------------------------------------------------------


def _raw_keys(file: File) -> dict[str, bytes]:
    return {key["id"]: base64.b64decode(key["public"], validate=True) for key in file["keys"]}


def _keys(file: File) -> Iterator[str]:
    for key in file["keys"]:
        raw = base64.b64decode(key["public"], validate=True)
        if (key["algorithm"], len(raw), key["fingerprint"]) != (KEY_ALGORITHM, KEY_BYTES, fingerprint(raw)):
            yield f"The public key {key['id']} and its fingerprint do not belong together."


def _seal(file: File) -> Iterator[str]:
    seal = file["seal"]
    raw = _raw_keys(file).get(seal["key"])
    held = set(seal) == {"key", "signature"} and raw is not None
    if not held or not verifies(seal_message(file), _bytes(seal["signature"]), raw or b""):
        yield "The seal over the whole file does not hold: something in it, or the seal, was changed."


def _bytes(digits: str) -> bytes:
    """Bytes from their one hexadecimal spelling. Raises ValueError for any other."""
    value = bytes.fromhex(digits)
    if value.hex() != digits:
        raise ValueError("capital letters or blanks")
    return value


def _used(file: File) -> tuple[str, ...]:
    """Fingerprints of the keys that signed, the seal's last."""
    raw = _raw_keys(file)
    ids = [entry["signature"]["key"] for _, entry in _named_entries(file)] + [file["seal"]["key"]]
    return tuple(reversed(dict.fromkeys(fingerprint(raw[key_id]) for key_id in reversed(ids))))


def _unpublished(used: tuple[str, ...], published: Mapping[str, bytes] | None) -> Iterator[str]:
    for each in used:
        if published is not None and each not in published:
            yield f"It was signed with the key {each}, which is not among the published ones."


def _facts(file: File) -> Iterator[str]:
    """What a whole file is, without a client's name: it may be printed anywhere."""
    note, about, zone = file["note"], file["about"], file["note"]["header"]["zone"]
    yield f"Note {note['note']}."
    for entry in (note, *file["additions"]):
        yield f"{entry['label']} by {entry['signature']['signed_as']}, {_moment(entry['signed_at'], zone)}."
    yield f"Exported by {about['organization']['name']}, {_moment(about['exported_at'], zone)}."


def _moment(text: str, zone: str) -> str:
    """11/25/2026, 4:50 PM ET."""
    at = datetime.fromisoformat(text)
    there = in_zone(at, zone)
    return f"{date_text(there.date())}, {time_text(there)} {zone_letters(at, zone)}"


def _start(name: str) -> str:
    return name[0].upper() + name[1:]
