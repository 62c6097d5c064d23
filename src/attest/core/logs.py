"""Logs that say what broke and where, and nothing about anybody.

The words of an exception may hold what somebody typed, a name, a diagnosis, or the values of a database statement.
Of an exception only its type and the places in the code are written; every line bears the request's reference, the
number that the page for faults shows.
"""

import logging
import secrets
import sys
import threading
import traceback
from contextvars import ContextVar
from types import TracebackType
from typing import Any

DEEPEST = 24
"""So many places in the code are named for each exception, the innermost ones."""
_LETTERS = "23456789BCDFGHJKLMNPQRSTVWXZ"  # none that look alike, none that make words
_reference: ContextVar[str] = ContextVar("attest_reference", default="-")


def new_reference() -> str:
    """A fresh number for this request, such as `7KQ2-93BT`: shown on the page for faults and written to the logs."""
    letters = "".join(secrets.choice(_LETTERS) for _ in range(8))
    made = f"{letters[:4]}-{letters[4:]}"
    _reference.set(made)
    return made


def reference() -> str:
    """The number of the request in hand, "-" outside of one."""
    return _reference.get()


def places(error: BaseException) -> str:
    """What broke and where: types and places of an exception and of those it came from, without their words."""
    lines: list[str] = []
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        kind = type(current)
        state = getattr(current, "sqlstate", None)
        said = f"{kind.__module__}.{kind.__qualname__}" + (f" (SQLSTATE {state})" if state else "")
        lines.append(said if len(seen) == 1 else f"from {said}")
        frames = traceback.extract_tb(current.__traceback__)[-DEEPEST:]
        lines += [f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        if isinstance(current, BaseExceptionGroup):
            lines += [f"  | {line}" for inner in current.exceptions for line in places(inner).splitlines()]
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return "\n".join(lines)


class Discreet(logging.Formatter):
    """One line for each record, and places instead of the words of exceptions, also where one is an argument.

    A record about a request names its path only when the path is one of the product's: anything else was typed.
    """

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s [%(reference)s] %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        shown = logging.makeLogRecord(record.__dict__)
        shown.exc_text = shown.stack_info = None
        shown.reference = reference()
        shown.args = _without_words(shown.args)
        if isinstance(shown.msg, BaseException):
            shown.msg, shown.args = type(shown.msg).__qualname__, ()
        request = getattr(record, "request", None)
        if request is not None and getattr(request, "path", None):
            path = request.path if getattr(request, "resolver_match", None) else "(no address of ours)"
            status = getattr(record, "status_code", "")
            shown.msg, shown.args = "%s %s %s", (getattr(request, "method", ""), path, status)
        return super().format(shown).replace("\r", " ")

    def formatException(self, ei: Any) -> str:
        error = ei[1] if isinstance(ei, tuple) else ei
        return places(error) if error is not None else ""


def _without_words(args: Any) -> Any:
    if isinstance(args, BaseException):
        return type(args).__qualname__
    if isinstance(args, tuple):
        return tuple(_without_words(one) for one in args)
    if isinstance(args, dict):
        return {name: _without_words(one) for name, one in args.items()}
    return args


def speak_discreetly() -> None:
    """Faults that nothing catches, in threads too, are written as the logs are: for processes that run for long."""
    log = logging.getLogger("attest.fault")

    def fault(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt | SystemExit) or error is None:
            sys.__excepthook__(kind, error or kind(), trace)
            return
        log.critical("not caught", exc_info=(kind, error, trace))

    sys.excepthook = fault
    threading.excepthook = lambda args: fault(args.exc_type, args.exc_value, args.exc_traceback)
    sys.unraisablehook = lambda args: fault(args.exc_type, args.exc_value, args.exc_traceback)
