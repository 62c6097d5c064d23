"""Logs say what broke and where, and hold nothing that anybody typed."""

import logging
import threading
from typing import Any

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client as Browser
from django.test import override_settings
from django.urls import path
from hypothesis import given
from hypothesis import strategies as st

from attest.core import logs
from attest.core.access import public
from attest.core.logs import Discreet, places

NAME = "Alex Quillonby"


def line(message: object, *args: object, error: BaseException | None = None, **more: Any) -> str:
    """What is written for a record."""
    record = logging.LogRecord("attest.test", logging.ERROR, __file__, 1, message, args, None)
    record.exc_info = (type(error), error, error.__traceback__) if error else None
    record.__dict__.update(more)
    return Discreet().format(record)


def raised(error: BaseException) -> BaseException:
    try:
        raise error
    except BaseException as caught:
        return caught


def test_an_exception_is_written_as_its_type_and_the_places_it_passed() -> None:
    said = line("no luck", error=raised(ValueError(NAME)))
    assert "builtins.ValueError" in said and "test_logs.py" in said and "raised" in said
    assert NAME not in said


def test_what_an_exception_came_from_is_written_without_words_too() -> None:
    try:
        try:
            raise KeyError(NAME)
        except KeyError as first:
            raise RuntimeError(f"about {NAME}") from first
    except RuntimeError as error:
        said = line("no luck", error=error)
    assert "RuntimeError" in said and "from builtins.KeyError" in said and NAME not in said


def test_a_group_of_exceptions_names_each_without_words() -> None:
    said = line("", error=raised(ExceptionGroup(NAME, [ValueError(NAME), OSError(NAME)])))
    assert "ValueError" in said and "OSError" in said and NAME not in said


@pytest.mark.parametrize("message", ["failed: %s", "failed: %r"])
def test_an_exception_as_an_argument_is_its_type(message: str) -> None:
    assert line(message, ValueError(NAME)).endswith("ValueError" if "%s" in message else "'ValueError'")


def test_an_exception_as_the_message_is_its_type() -> None:
    assert line(ValueError(NAME)).endswith("ValueError")


def test_the_path_of_a_request_is_written_only_when_it_is_one_of_ours() -> None:
    request = HttpRequest()
    request.method, request.path = "GET", f"/{NAME}/"
    assert NAME not in line("Not Found: %s", request.path, request=request, status_code=404)
    request.path, request.resolver_match = "/o/practice/calendar/", object()  # type: ignore[assignment]
    assert "GET /o/practice/calendar/ 500" in line("x: %s", NAME, request=request, status_code=500)


@pytest.mark.django_db
def test_a_statement_that_the_database_refuses_is_named_by_its_code_and_place() -> None:
    with pytest.raises(Exception) as caught, connection.cursor() as cursor:
        cursor.execute("SELECT %s::date", [NAME])
    said = line("no luck", error=caught.value)
    assert "SQLSTATE 22007" in said and NAME not in said and "SELECT" not in said


def test_what_nothing_catches_in_a_thread_is_written_as_discreetly(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("excepthook", "unraisablehook"):
        monkeypatch.setattr(f"sys.{name}", getattr(__import__("sys"), name))
    monkeypatch.setattr("threading.excepthook", threading.excepthook)
    logs.speak_discreetly()

    def break_down() -> None:
        raise ValueError(NAME)

    thread = threading.Thread(target=break_down)
    thread.start()
    thread.join()
    (record,) = [record for record in caplog.records if record.name == "attest.fault"]
    said = Discreet().format(record)
    assert "ValueError" in said and "break_down" in said and NAME not in said


@given(st.text(min_size=5))
def test_no_word_of_an_exception_is_ever_written(word: str) -> None:
    typed = f"<{word}>"
    assert typed not in line("%s and %s", ValueError(typed), OSError(typed), error=raised(KeyError(typed)))
    assert typed not in places(raised(ValueError(typed)))


@public
def breaks(request: HttpRequest) -> HttpResponse:
    raise ValueError(NAME)


urlpatterns = [path("breaks/", breaks)]
handler500 = "attest.core.views.server_error"


@pytest.mark.django_db
@override_settings(ROOT_URLCONF="tests.core.test_logs")
def test_the_page_for_faults_shows_the_number_that_the_log_bears_and_nothing_else(
    caplog: pytest.LogCaptureFixture,
) -> None:
    browser = Browser(raise_request_exception=False)
    answer = browser.post("/breaks/", {"note": NAME})
    said = "\n".join(Discreet().format(record) for record in caplog.records)
    number = answer["X-Reference"]
    assert answer.status_code == 500
    assert number in answer.content.decode() and f"[{number}]" in said and "POST /breaks/ 500" in said
    assert NAME not in answer.content.decode() and NAME not in said
    assert browser.get("/breaks/")["X-Reference"] != number
