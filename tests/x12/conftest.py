"""Prints what the corpus of generated claims consists of at the end of a run."""

from typing import Any


def pytest_terminal_summary(terminalreporter: Any) -> None:
    shares = [
        (name.removeprefix("share of "), value)
        for report in terminalreporter.getreports("passed")
        for name, value in getattr(report, "user_properties", ())
        if name.startswith("share of ") and report.when == "call"
    ]
    if shares:
        terminalreporter.write_line(
            "837P corpus: " + ", ".join(f"{name} {value}" for name, value in shares), green=True
        )
