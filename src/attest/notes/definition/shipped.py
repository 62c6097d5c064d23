"""The templates that come with the product: a JSON file each, and `shared.json` with what several of them ask."""

import json
from functools import cache
from importlib import resources
from typing import Any

from attest.notes.definition.kinds import BadDefinition

SHARED = "shared.json"


def shipped() -> list[dict[str, Any]]:
    """The definitions as whole JSON data, in the order in which they are offered.

    A section or field that says `"use": "name"` is the one of that name in `shared.json`; what else it says (its
    label, hint, rows, required) goes before what stands there. Raises BadDefinition when there is none.
    """
    return json.loads(json.dumps(_shipped()))  # type: ignore[no-any-return]


@cache
def _shipped() -> list[dict[str, Any]]:
    folder = resources.files("attest.notes") / "definitions"
    files = {
        entry.name: json.loads(entry.read_text(encoding="utf-8"))
        for entry in folder.iterdir()
        if entry.name.endswith(".json")
    }
    shared = files.pop(SHARED)
    whole = [spelled_out(data, shared) for data in files.values()]
    return sorted(whole, key=lambda data: (data.get("order", 500), data["name"]))


def spelled_out(data: dict[str, Any], shared: dict[str, Any]) -> dict[str, Any]:
    """A definition in which nothing refers to `shared` any more."""
    sections = []
    for one in data["sections"]:
        section = _of(one, shared["sections"])
        sections.append({**section, "fields": [_of(field, shared["fields"]) for field in section["fields"]]})
    return {**data, "sections": sections}


def _of(item: dict[str, Any], shared: dict[str, dict[str, Any]]) -> dict[str, Any]:
    if "use" not in item:
        return item
    name = item["use"]
    if name not in shared:
        raise BadDefinition(f"use: nothing shared is called {name}")
    own = {key: value for key, value in item.items() if key != "use"}
    base = {"key": name} | shared[name]
    if "required" in own:
        base.pop("required_unless", None)
        base.pop("required_when", None)
    whole = base | own
    if whole.get("required") is False:
        del whole["required"]
    return whole
