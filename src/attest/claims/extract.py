"""One claim's segments out of a file of many, as they were sent."""


def segments_of(text: str, number: str) -> list[str]:
    """The segments that speak of the claim `number` in a file we wrote: its billing provider, subscriber and
    patient levels, then the claim itself, without terminators. Raises LookupError when it is not in the file.

    A file holds thousands of claims, so it is searched backwards from the claim and not read as a whole.
    """
    begins = text.find(f"~CLM*{number}*") + 1
    if not begins:
        raise LookupError("the claim is not in this file")
    levels: list[str] = []
    wanted, before = "", begins
    while True:
        level = text.rfind(f"~HL*{wanted}", 0, before) + 1
        if not level:
            raise LookupError("the levels above the claim are not in this file")
        levels.insert(0, text[level : _end(text, level + 1, "HL*", "CLM*")])
        parent = text[level : text.index("~", level)].split("*")[2]
        if not parent:
            break
        wanted, before = f"{parent}*", level
    claim = text[begins : _end(text, begins + 1, "CLM*", "HL*", "SE*")]
    return [segment for part in (*levels, claim) for segment in part.split("~") if segment]


def _end(text: str, start: int, *tags: str) -> int:
    """Where the next segment with one of these ids begins."""
    found = [at for tag in tags if (at := text.find(f"~{tag}", start)) >= 0]
    return min(found) if found else len(text)
