"""National Provider Identifiers: ten digits, the last one a check digit.

Rule: 45 CFR 162.406. The check digit is the Luhn digit of the nine digits before it with the prefix 80840
(80 = health, 840 = United States) put in front; a number starts with 1 or 2.
"""

_PREFIX_SUM = 24  # what the constant prefix 80840 adds to the Luhn sum
_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)  # digit sum of twice the digit


def check_digit(first_nine: str) -> str:
    """Return the tenth digit for nine digits. Raises ValueError when they are not nine digits."""
    if not (len(first_nine) == 9 and first_nine.isascii() and first_nine.isdigit()):
        raise ValueError("An NPI check digit is worked out from exactly nine digits.")
    total = _PREFIX_SUM
    for position, digit in enumerate(first_nine):
        total += _DOUBLED[int(digit)] if position % 2 == 0 else int(digit)
    return str(-total % 10)


def problem(npi: str) -> str:
    """Return a plain sentence saying why `npi` cannot be an NPI, or "" when it can."""
    if not (len(npi) == 10 and npi.isascii() and npi.isdigit()):
        return f"An NPI has exactly 10 digits; “{npi}” has not. Copy it again from the NPI registry."
    if npi[0] not in "12":
        return f"An NPI starts with 1 or 2; {npi} does not. Copy it again from the NPI registry."
    if check_digit(npi[:9]) != npi[9]:
        return (
            f"The check digit of NPI {npi} is wrong, so a digit is mistyped. "
            "Copy the number again from the NPI registry."
        )
    return ""


def is_valid(npi: str) -> bool:
    """True when `npi` has ten digits, starts with 1 or 2 and carries the right check digit.

    This says nothing about whether the number was ever given to anybody.
    """
    return not problem(npi)
