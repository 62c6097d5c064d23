"""Every action that writes, and whether it reaches `audit.record`, found by reading the source."""

import ast
from collections import defaultdict
from pathlib import Path

import attest

SOURCE = Path(attest.__file__).parent
WRITING = {
    "save_fields", "insert", "save", "create", "bulk_create", "bulk_update", "update", "delete", "get_or_create",
    "update_or_create",
}  # fmt: skip
OWN_NAMES = {"save_fields", "insert"}


def silent_actions() -> tuple[set[str], set[str]]:
    """The public functions of action modules that write, and those of them that never come to `audit.record`.

    Functions are followed by their names through the whole source, so that one that only calls others is right too.
    """
    calls: dict[str, set[str]] = defaultdict(set)
    actions: dict[str, ast.FunctionDef] = {}
    for path in SOURCE.rglob("*.py"):
        place = path.relative_to(SOURCE)
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.FunctionDef):
                continue
            calls[node.name] |= _called(node)
            if place.name == "actions.py" or place.parent.name == "actions":
                actions[f"{place}:{node.name}"] = node
    writers = {
        name for name, node in actions.items() if not node.name.startswith("_") and _writes(node, actions)
    }
    return writers, {name for name in writers if not _reaches(actions[name].name, calls, set())}


def _called(node: ast.AST) -> set[str]:
    return {_name(call) for call in ast.walk(node) if isinstance(call, ast.Call)} - {""}


def _name(call: ast.Call) -> str:
    text = ast.unparse(call.func)
    return "audit.record" if text == "audit.record" else text.rpartition(".")[2]


def _writes(node: ast.FunctionDef, actions: dict[str, ast.FunctionDef]) -> bool:
    """Whether the function, or a private one that it calls, writes rows itself."""
    for call in ast.walk(node):
        if not isinstance(call, ast.Call):
            continue
        name = _name(call)
        if name in OWN_NAMES or (
            name in WRITING and isinstance(call.func, ast.Attribute) and _of_rows(call.func)
        ):
            return True
        inner = next(
            (one for key, one in actions.items() if key.endswith(f":{name}") and name.startswith("_")), None
        )
        if inner is not None and inner is not node and _writes(inner, {}):
            return True
    return False


def _of_rows(called: ast.Attribute) -> bool:
    """Not a dictionary's or a set's own `update`."""
    text = ast.unparse(called.value)
    return called.attr in ("save", "delete", "create", "bulk_create") or "objects" in text or "filter" in text


def _reaches(name: str, calls: dict[str, set[str]], seen: set[str]) -> bool:
    if name == "audit.record":
        return True
    if name in seen:
        return False
    seen.add(name)
    onward = calls.get(name, set()) - WRITING
    return any(_reaches(one, calls, seen) for one in onward if one == "audit.record" or one in calls)
