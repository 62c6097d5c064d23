"""An NPI has ten digits, starts with 1 or 2, and ends with the Luhn digit over 80840 and the nine before it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attest.x12 import npi

nine_digits = st.integers(0, 10**8 - 1).flatmap(lambda n: st.sampled_from((f"1{n:08}", f"2{n:08}")))


def luhn(number: str) -> bool:
    """The textbook check, written differently from the one under test."""
    digits = [int(digit) for digit in reversed(number)]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[1::2]]
    return (sum(digits[0::2]) + sum(doubled)) % 10 == 0


@pytest.mark.parametrize("number", ["1234567893", "1245319599", "1679576722", "1987654328"])
def test_known_numbers_are_valid(number: str) -> None:
    assert npi.is_valid(number)
    assert npi.problem(number) == ""


@pytest.mark.parametrize(
    ("number", "word"),
    [
        ("1234567890", "check digit"),
        ("1234567983", "check digit"),
        ("3234567891", "starts with"),
        ("123456789", "10 digits"),
        ("12345678930", "10 digits"),
        ("123456789X", "10 digits"),
        ("١٢٣٤٥٦٧٨٩٣", "10 digits"),
        ("", "10 digits"),
    ],
)
def test_a_wrong_number_is_refused_with_its_reason(number: str, word: str) -> None:
    assert not npi.is_valid(number)
    assert word in npi.problem(number)


@given(nine_digits)
def test_the_check_digit_makes_the_luhn_sum_over_the_prefix_even_out(nine: str) -> None:
    number = nine + npi.check_digit(nine)
    assert luhn("80840" + number)
    assert npi.is_valid(number)


@given(nine_digits, st.integers(0, 9), st.integers(1, 9))
def test_one_mistyped_digit_is_always_noticed(nine: str, place: int, by: int) -> None:
    number = nine + npi.check_digit(nine)
    wrong = number[:place] + str((int(number[place]) + by) % 10) + number[place + 1 :]
    assert not npi.is_valid(wrong)


@pytest.mark.parametrize("nine", ["12345678", "1234567890", "12345678x"])
def test_a_check_digit_needs_nine_digits(nine: str) -> None:
    with pytest.raises(ValueError, match="nine digits"):
        npi.check_digit(nine)
