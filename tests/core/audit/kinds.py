"""Every kind of event that the source records, found by reading the source."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import attest

SOURCE = Path(attest.__file__).parent


@dataclass(frozen=True)
class Recorder:
    """A function that records an event whose kind is its parameter at `place` (or named `name`)."""

    function: str
    place: int
    name: str


@dataclass(frozen=True)
class Call:
    """A call somewhere in the source, and the function around it."""

    module: str
    line: int
    called: str
    node: ast.Call
    around: ast.FunctionDef | None


def recorded_kinds() -> tuple[dict[str, list[str]], list[str]]:
    """The kinds with where they are recorded, and the places whose kind cannot be told from the source.

    A kind is a text in a call of `audit.record`, or reaches it as a parameter through functions of the same module, or
    of the module that they are imported from.
    """
    modules = {str(path.relative_to(SOURCE)): ast.parse(path.read_text()) for path in SOURCE.rglob("*.py")}
    calls = [call for module, tree in modules.items() for call in _calls(module, tree)]
    kinds: dict[str, list[str]] = defaultdict(list)
    unclear: list[str] = []
    todo = [(Recorder("audit.record", 0, "kind"), "")]
    seen = set()
    while todo:
        recorder, module = todo.pop()
        if (recorder, module) in seen:
            continue
        seen.add((recorder, module))
        for call in calls:
            if not _is_call_of(call, recorder, module):
                continue
            argument = _argument(call.node, recorder)
            where = f"{call.module}:{call.line}"
            for value in _values(argument, call.around):
                if isinstance(value, ast.Constant) and isinstance(value.value, str):
                    kinds[value.value].append(where)
                    continue
                parameter = _parameter(value, call.around)
                if parameter is None:
                    unclear.append(where)
                else:
                    assert call.around is not None
                    todo.append((Recorder(call.around.name, *parameter), call.module))
    return dict(kinds), unclear


def _calls(module: str, tree: ast.Module) -> Iterator[Call]:
    def look(node: ast.AST, around: ast.FunctionDef | None) -> Iterator[Call]:
        for child in ast.iter_child_nodes(node):
            inner = child if isinstance(child, ast.FunctionDef) else around
            if isinstance(child, ast.Call):
                yield Call(module, child.lineno, ast.unparse(child.func), child, around)
            yield from look(child, inner)

    return look(tree, None)


def _is_call_of(call: Call, recorder: Recorder, module: str) -> bool:
    if recorder.function == "audit.record":
        return call.called == "audit.record"
    if call.module == module:
        return call.called in (recorder.function, f"self.{recorder.function}")
    stem = module.removesuffix(".py").rpartition("/")[2]
    same_room = call.module.split("/")[0] == module.split("/")[0]
    return call.called == f"{stem}.{recorder.function}" or (
        same_room and not recorder.function.startswith("_") and call.called == recorder.function
    )


def _argument(node: ast.Call, recorder: Recorder) -> ast.expr | None:
    for keyword in node.keywords:
        if keyword.arg == recorder.name:
            return keyword.value
    return node.args[recorder.place] if len(node.args) > recorder.place else None


def _values(argument: ast.expr | None, around: ast.FunctionDef | None) -> list[ast.expr | None]:
    """What the argument may be: both sides of a choice, and whatever a local name was set to."""
    if isinstance(argument, ast.IfExp):
        return [*_values(argument.body, around), *_values(argument.orelse, around)]
    if isinstance(argument, ast.Name) and around is not None:
        set_to = [
            node.value
            for node in ast.walk(around)
            if isinstance(node, ast.Assign)
            and any(isinstance(target, ast.Name) and target.id == argument.id for target in node.targets)
        ]
        if set_to:
            return [value for one in set_to for value in _values(one, None)]
    return [argument]


def _parameter(value: ast.expr | None, around: ast.FunctionDef | None) -> tuple[int, str] | None:
    """The place and name of the parameter that the value is, if it is one."""
    if not isinstance(value, ast.Name) or around is None:
        return None
    names = [argument.arg for argument in around.args.args]
    offset = 1 if names[:1] == ["self"] else 0
    if value.id in names:
        return names.index(value.id) - offset, value.id
    if value.id in [argument.arg for argument in around.args.kwonlyargs]:
        return 99, value.id
    return None
