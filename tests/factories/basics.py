"""Numbers that no other record of a run has, and today's date."""

from datetime import date
from itertools import count
from zoneinfo import ZoneInfo

from attest.core import clock
from attest.x12.npi import check_digit

PASSWORD = "a long password for tests"


LONG_AGO = date(2020, 1, 1)


_numbers = count(1)


def a_number() -> int:
    """A number that no other record of this run has."""
    return next(_numbers)


def an_npi(seed: int | None = None) -> str:
    """An NPI with a correct check digit that no other record of this run has."""
    nine = f"1{(a_number() if seed is None else seed):08d}"
    return nine + check_digit(nine)


def today(zone: str = "America/New_York") -> date:
    """The local date of business time."""
    return clock.now().astimezone(ZoneInfo(zone)).date()
