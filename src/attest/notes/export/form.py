"""How an exported note is spelled, which fingerprints it carries of its parts, and what the seal over it covers.

The file is JSON in its one spelling. `note` and each of `additions` hold exactly what was signed, with its signature;
`answers` holds the note as it is read; `keys` the public keys; `marks` a fingerprint of every part, so that a change
can be named; `seal` the practice's signature over all of it, so that nothing can be taken out or added either.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from attest.notes.signed import digest

FORM = "attest note export 1"
BESIDE = ("form", "marks", "seal")
"""Parts of the file that carry no marks."""
ENTRY = ("label", "signature")
"""What stands in `note` and in an addition beside what was signed."""
NAMED = ("additions", "keys")
"""Lists whose items are known by their id, wherever they stand."""


def spelled(file: Mapping[str, Any]) -> bytes:
    """The one spelling of such a file: keys sorted, one space deep, UTF-8, one line end at the end."""
    return (json.dumps(file, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n").encode()


def seal_message(file: Mapping[str, Any]) -> bytes:
    """What the practice's key signs: the whole file but the seal."""
    whole = digest({name: part for name, part in file.items() if name != "seal"})
    return b"attest note export seal 1\0" + whole.encode()


def marks(file: Mapping[str, Any]) -> dict[str, str]:
    """A short fingerprint of every part of the file, by its path such as ``note.content.plan``."""
    found: dict[str, str] = {}
    for name, part in file.items():
        if name not in BESIDE:
            found.update(_marks(name, part))
    return found


def _marks(path: str, part: Any) -> Iterator[tuple[str, str]]:
    if path in NAMED and isinstance(part, list):
        yield path, _mark([item.get("id") for item in part])
        for item in part:
            yield from _marks(f"{path}.{item.get('id')}", item)
    elif isinstance(part, dict) and part and path != "template.definition":
        for name, inner in part.items():
            yield from _marks(f"{path}.{name}", inner)
    elif isinstance(part, list) and part and path.partition(".")[0] == "answers":
        for number, inner in enumerate(part):
            yield from _marks(f"{path}.{number}", inner)
    else:
        yield path, _mark(part)


def _mark(part: Any) -> str:
    return digest(part)[:16]


def signed_part(entry: Mapping[str, Any]) -> dict[str, Any]:
    """What was signed of the note or of an addition: the entry without what stands beside it."""
    return {name: part for name, part in entry.items() if name not in ENTRY}
