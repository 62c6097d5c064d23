"""What each field of a claim may hold, and how a value is brought into that shape.

A record's values are checked together: joined by line feeds (which no value may hold) and matched against one
pattern. Values that need no mending but capitals and plain letters pass in a few microseconds a record; the
others take the long way, which mends what may be mended and names every field that cannot be.
"""

import re
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from attest.x12.charset import ID_CLASS, TEXT_CLASS, Change, transliterate, without_accents
from attest.x12.codes import STATES
from attest.x12.envelope import Problem


class Field(NamedTuple):
    """One field: texts are transliterated and sent in capitals, identifiers are sent as they are."""

    name: str
    least: int
    most: int
    text: bool
    pattern: str
    advice: str

    def slack(self) -> str:
        """The pattern, or nothing at all where the field may be empty."""
        return self.pattern if self.least else f"(?:{self.pattern})?"


def text(name: str, least: int, most: int) -> Field:
    """A name, an address line, a remark. `least` 0: may be empty."""
    pattern = rf"(?! )[{TEXT_CLASS}]{{{max(least, 1)},{most}}}(?<! )"
    return Field(name, least, most, True, pattern, "Use Latin letters, digits and common punctuation.")


def identifier(name: str, least: int, most: int) -> Field:
    """A number or code somebody else gave out; only blanks around it are taken away."""
    pattern = rf"(?! )[{ID_CLASS}]{{{max(least, 1)},{most}}}(?<! )"
    return Field(
        name, least, most, False, pattern, "Remove separators (* : ~ ^) and characters X12 does not have."
    )


def shaped(name: str, pattern: str, advice: str) -> Field:
    """An identifier of a fixed shape, such as a ZIP code; always needed."""
    return Field(name, 1, 80, False, pattern, advice)


def state(name: str) -> Field:
    """A two-letter state or territory, in any case."""
    return Field(name, 1, 80, True, "|".join(sorted(STATES)), "Use the two-letter postal abbreviation.")


class Fields:
    """The fields of one kind of record, texts first, in the order their values are given."""

    def __init__(self, *fields: Field) -> None:
        self.fields: Final = fields
        self._texts: Final = sum(field.text for field in fields)
        assert all(field.text for field in fields[: self._texts])
        self._fast: Final = re.compile("\n".join(f"(?:{field.slack()})" for field in fields)).fullmatch
        self._each: Final = [re.compile(field.slack()).fullmatch for field in fields]

    def clean(self, values: tuple[str, ...], problems: list[Problem], claim: str) -> Sequence[str]:
        """Return the values as they are sent; add a problem for each that cannot be.

        With problems added the result is incomplete and must not be used.
        """
        split = self._texts
        joined = without_accents("\n".join(values[:split]).upper()) + "\n" + "\n".join(values[split:])
        if self._fast(joined) and "  " not in joined:
            return joined.split("\n")
        return [
            _clean(field, fits, value, problems, claim)
            for field, fits, value in zip(self.fields, self._each, values, strict=True)
        ]

    def changes(self, values: tuple[str, ...]) -> list[tuple[str, str, str, tuple[Change, ...]]]:
        """(field, value, what is sent, changed characters) for each text that is not sent as it is."""
        found = []
        for field, value in zip(self.fields, values, strict=True):
            if field.text:
                result = transliterate(value)
                if result.changes:
                    found.append((field.name, value, result.text, result.changes))
        return found


class One:
    """A single field, checked on its own."""

    def __init__(self, field: Field) -> None:
        self._field: Final = field
        self._fits: Final = re.compile(field.slack()).fullmatch

    def clean(self, value: str, problems: list[Problem], claim: str) -> str:
        """Return the value as it is sent; add a problem when it cannot be."""
        if not self._field.text and self._fits(value):
            return value
        return _clean(self._field, self._fits, value, problems, claim)


def _clean(
    field: Field, fits: Callable[[str], object], value: str, problems: list[Problem], claim: str
) -> str:
    unknown: tuple[str, ...] = ()
    if field.text:
        sent, _, unknown = transliterate(value)
    else:
        sent = value.strip()
    if unknown:
        problems.append(
            Problem(
                "character",
                field.name,
                f"“{value}” has characters that X12 cannot carry ({' '.join(unknown)}). "
                "Write it in Latin letters, as on the insurance card.",
                claim,
            )
        )
    elif not fits(sent):
        problems.append(_misfit(field, value, sent, claim))
    return sent


def _misfit(field: Field, value: str, sent: str, claim: str) -> Problem:
    if not sent:
        return Problem("missing", field.name, "It is missing. Fill it in.", claim)
    if len(sent) > field.most:
        return Problem(
            "too-long",
            field.name,
            f"“{value}” has {len(sent)} characters where {field.most} are allowed. Shorten it.",
            claim,
        )
    if len(sent) < field.least:
        return Problem(
            "too-short",
            field.name,
            f"“{value}” has {len(sent)} character(s) where {field.least} are needed.",
            claim,
        )
    return Problem("invalid", field.name, f"“{value}” is not valid. {field.advice}", claim)


_ZIP_ADVICE = "Use 5 or 9 digits."
_ZIP9_ADVICE = "Here all nine digits (ZIP+4) are needed; look them up at the postal service."


def _person(who: str) -> tuple[Field, ...]:
    return (
        text(f"{who} last name", 1, 60),
        text(f"{who} first name", 0, 35),
        text(f"{who} middle name", 0, 25),
        text(f"{who} suffix", 0, 10),
    )


def _place(who: str) -> tuple[Field, ...]:
    return (
        text(f"{who} address, line 1", 1, 55),
        text(f"{who} address, line 2", 0, 55),
        text(f"{who} city", 2, 30),
        state(f"{who} state"),
    )


def _npi(who: str) -> Field:
    return shaped(f"{who} NPI", r"[0-9]{10}", "An NPI has 10 digits.")


def _taxonomy(who: str) -> Field:
    return shaped(f"{who} taxonomy", r"[0-9A-Z]{9}X", "A taxonomy code has 10 characters and ends with X.")


SUBMITTER: Final = Fields(
    text("submitter name", 1, 60), text("submitter contact name", 1, 60), identifier("submitter id", 2, 80)
)
RECEIVER: Final = Fields(text("receiver name", 1, 60), identifier("receiver id", 2, 80))
BILLING: Final = Fields(
    text("billing provider name", 1, 60),
    text("billing provider first name", 0, 35),
    text("billing provider middle name", 0, 25),
    text("billing provider suffix", 0, 10),
    *_place("billing provider"),
    shaped("billing provider ZIP code", r"[0-9]{9}", _ZIP9_ADVICE),
    _npi("billing provider"),
    _taxonomy("billing provider"),
    shaped("billing provider tax id", r"[0-9]{9}", "A tax number has nine digits."),
    shaped("billing provider tax id kind", "EI|SY", "Say EI for an EIN or SY for a Social Security number."),
)
RENDERING: Final = Fields(
    *_person("rendering provider"), _npi("rendering provider"), _taxonomy("rendering provider")
)
FACILITY: Final = Fields(
    text("service facility name", 1, 60),
    *_place("service facility"),
    shaped("service facility ZIP code", r"[0-9]{9}", _ZIP9_ADVICE),
    Field("service facility NPI", 0, 80, False, r"[0-9]{10}", "An NPI has 10 digits."),
)
PAYER: Final = Fields(
    text("payer name", 1, 60), identifier("payer id", 2, 80), shaped("payer id kind", "PI|XV", "Use PI.")
)
SUBSCRIBER: Final = Fields(
    *_person("subscriber"),
    text("subscriber group name", 0, 60),
    identifier("subscriber member id", 2, 80),
    identifier("subscriber group number", 0, 50),
)
SUBSCRIBER_AS_PATIENT: Final = Fields(
    *_person("subscriber"),
    text("subscriber group name", 0, 60),
    *_place("subscriber"),
    identifier("subscriber member id", 2, 80),
    identifier("subscriber group number", 0, 50),
    shaped("subscriber ZIP code", r"[0-9]{5}(?:[0-9]{4})?", _ZIP_ADVICE),
    shaped("subscriber sex", "[FMU]", "Use F, M or U, as the plan has it."),
)
PATIENT: Final = Fields(
    *_person("patient"),
    *_place("patient"),
    shaped("patient ZIP code", r"[0-9]{5}(?:[0-9]{4})?", _ZIP_ADVICE),
    shaped("patient sex", "[FMU]", "Use F, M or U, as the plan has it."),
    shaped(
        "patient relationship",
        "01|19|20|21|39|40|53|G8",
        "Use 01 spouse, 19 child, 53 life partner or G8 other.",
    ),
)
CONTROL_NUMBER: Final = One(identifier("claim control number", 1, 20))
PAYER_CLAIM_CONTROL_NUMBER: Final = One(identifier("payer claim control number", 0, 50))
AUTHORIZATION: Final = One(identifier("authorization number", 0, 50))
MEDICAL_RECORD_NUMBER: Final = One(identifier("medical record number", 0, 50))
NOTE: Final = Fields(text("claim note", 0, 80))
LINE_CONTROL_NUMBER: Final = One(identifier("line control number", 1, 50))
LINE_AUTHORIZATION: Final = One(identifier("line authorization number", 0, 50))
REFERENCE: Final = One(identifier("batch reference", 1, 50))
