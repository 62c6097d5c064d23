"""pyx12's error codes and messages in plain words."""

import re
from typing import Final

_LONGEST_QUOTE: Final = 40

_MISSING = re.compile(r'Mandatory (segment|loop) "(.+)" \((\w+)\) missing')
_UNEXPECTED = re.compile(r"Segment (.+?)\*? not found\.\s+Started at (\S+)")
_TOO_OFTEN = re.compile(r"(Segment|Loop) (\w+) exceeded max count\.\s+Found (\d+), should have (\d+)")
_NOT_USED = re.compile(r"(Segment|Loop) (\w+) found but marked as not used")

_READER_SENTENCES: Final = {
    "HL1": "HL01 must count the HL segments of the transaction set from 1 without a gap. Number them anew.",
    "HL2": "HL02 names a parent level that is not above this one. Name the level this one belongs to.",
    "LX": "LX01 must count the lines of each claim from 1 without a gap. Number them anew.",
    "SEG1": "The segment ends with empty elements. Remove the separators at its end.",
}


def quote(value: str | None) -> str:
    """A value in quotation marks, shortened when it is long."""
    text = value or ""
    return f"“{text}”" if len(text) <= _LONGEST_QUOTE else f"“{text[:_LONGEST_QUOTE]}…”"


def element_sentence(code: str, name: str, value: str | None) -> str:
    """What is wrong with an element called `name`, for a code of X12 element 723 (IK403)."""
    shown = quote(value)
    return {
        "1": f"{name} is missing. Fill it in.",
        "2": f"{name} needs another element beside it that is missing.",
        "3": f"There is one element too many behind {name}. Remove it.",
        "4": f"{name} {shown} is too short. Correct it.",
        "5": f"{name} {shown} is too long. Shorten it.",
        "6": f"{name} {shown} has a character that is not allowed here, or blanks at its end. Remove it.",
        "7": f"{name} {shown} is not one of the codes allowed here. Choose an allowed one.",
        "8": f"{name} {shown} is not a possible date. Correct it (year, month, day as CCYYMMDD).",
        "9": f"{name} {shown} is not a possible time. Correct it.",
        "10": f"{name} must be empty here. Remove it.",
    }.get(code, f"{name} {shown} is not valid. Correct it.")


def segment_sentence(code: str, message: str) -> str:
    """What is wrong with a segment, for a code of X12 element 620 (IK304) or one of pyx12's reader."""
    if code in _READER_SENTENCES:
        return _READER_SENTENCES[code]
    if match := _MISSING.search(message):
        return f"The {match[1]} “{match[2]}” ({match[3]}) is missing before this segment. Add it."
    if match := _UNEXPECTED.search(message):
        loop, _, last = str(match[2]).rpartition("/")
        loop = loop.rpartition("/")[2]
        return f"{match[1]} is not expected here, after {last} in loop {loop}. Move or remove it."
    if match := _TOO_OFTEN.search(message):
        what = "loop " if match[1] == "Loop" else ""
        return f"{what}{match[2]} occurs {match[3]} times here where {match[4]} is allowed. Remove the rest."
    if match := _NOT_USED.search(message):
        return f"{match[2]} may not be used here. Remove it."
    return f"{message}. Correct the segment."
