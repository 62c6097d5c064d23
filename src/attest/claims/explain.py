"""The segments of a claim in words, for somebody who does not read X12.

Only the segments that this product writes are known; any other is shown as it stands.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from attest.core.templatetags.money import money_text
from attest.practice.models import PLACES, Payer
from attest.x12.codes import FREQUENCIES, RELATIONSHIPS


@dataclass(frozen=True, slots=True)
class Explained:
    """One segment: what it is about, what it says, and the segment itself."""

    label: str
    words: str
    segment: str


@dataclass(slots=True)
class Part:
    """A group of segments under a heading: who is paid, who is insured, what was done."""

    title: str
    rows: list[Explained] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Labels:
    """Our own words for codes: procedures of the practice's catalogue, diagnoses without their dot."""

    procedures: Mapping[str, str] = field(default_factory=dict)
    diagnoses: Mapping[str, str] = field(default_factory=dict)


_PLACES = dict(PLACES)
_INDICATORS = dict(Payer.INDICATORS)
_SEXES = {"F": "female", "M": "male", "U": "unknown or not stated"}
_PARTIES = {
    "85": "Billing provider",
    "IL": "Subscriber",
    "PR": "Payer",
    "QC": "Client",
    "82": "Rendering provider",
    "77": "Place of the session",
}
_TITLES = {"20": "Who is paid", "22": "Whose plan it is", "23": "Who was treated"}
_REFERENCES = {
    "EI": "Employer tax id",
    "SY": "Social Security number",
    "G1": "Authorization",
    "F8": "The payer's number of the earlier claim",
    "EA": "Medical record number",
    "6R": "Our number of the line",
}
HIDDEN = "•••••"


def explain(segments: Iterable[str], labels: Labels) -> list[Part]:
    """Every segment in its place, with words. The digits of a Social Security number stay hidden but the last four."""
    parts: list[Part] = []
    for segment in segments:
        elements = [*segment.split("*"), *[""] * 20]
        tag = elements[0]
        if tag == "HL":
            parts.append(Part(_TITLES.get(elements[3], "Level")))
        elif tag == "CLM":
            parts.append(Part("The claim"))
        elif tag == "LX":
            parts.append(Part(f"Service {elements[1]}"))
        elif not parts:
            parts.append(Part("The claim"))
        if tag == "REF" and elements[1] == "SY":
            elements[2] = HIDDEN + elements[2][-4:]
            segment = f"REF*SY*{elements[2]}"
        label, words = _WORDS.get(tag, _as_it_is)(elements, labels)
        parts[-1].rows.append(Explained(label, words, segment))
    return parts


Words = tuple[str, str]


def _as_it_is(e: list[str], labels: Labels) -> Words:
    return e[0], ", ".join(value for value in e[1:] if value)


def _level(e: list[str], labels: Labels) -> Words:
    below = "more levels follow" if e[4] == "1" else "the claim follows"
    return "Level", f"{_TITLES.get(e[3], e[3]).lower()}; {below}"


def _name(e: list[str], labels: Labels) -> Words:
    name = " ".join(value for value in (e[4], e[5], e[3], e[7]) if value)
    identity = {"XX": f", NPI {e[9]}", "MI": f", member id {e[9]}", "PI": f", payer id {e[9]}"}
    return _PARTIES.get(e[1], e[1]), name + identity.get(e[8], f", id {e[9]}" if e[9] else "")


def _provider(e: list[str], labels: Labels) -> Words:
    return "Taxonomy", f"{e[3]}, the kind of provider"


def _street(e: list[str], labels: Labels) -> Words:
    return "Street", ", ".join(value for value in e[1:3] if value)


def _city(e: list[str], labels: Labels) -> Words:
    code = f"{e[3][:5]}-{e[3][5:]}" if len(e[3]) == 9 else e[3]
    return "City", f"{e[1]}, {e[2]} {code}"


def _reference(e: list[str], labels: Labels) -> Words:
    return _REFERENCES.get(e[1], e[1]), e[2]


def _subscriber(e: list[str], labels: Labels) -> Words:
    said = ["primary plan" if e[1] == "P" else "secondary plan"]
    said.append("the client is the subscriber" if e[2] == "18" else "the client is a dependent")
    if e[3] or e[4]:
        said.append(f"group {e[3] or e[4]}")
    said.append(f"kind of plan {e[9]}" + (f", {_INDICATORS[e[9]]}" if e[9] in _INDICATORS else ""))
    return "Plan", "; ".join(said)


def _person(e: list[str], labels: Labels) -> Words:
    return "Born", f"{_day(e[2])}, {_SEXES.get(e[3], e[3])}"


def _relation(e: list[str], labels: Labels) -> Words:
    return "Relation", f"the subscriber's {RELATIONSHIPS.get(e[1], e[1])}" if e[
        1
    ] != "G8" else "another dependent"


def _claim(e: list[str], labels: Labels) -> Words:
    place, _, frequency = (*e[5].split(":"), "", "", "")[:3]
    where = f"{place}, {_PLACES[place].lower()}" if place in _PLACES else place
    said = [
        f"number {e[1]}",
        f"total {_money(e[2])}",
        f"place of service {where}",
        f"{FREQUENCIES.get(frequency, frequency)} claim",
    ]
    if (e[7], e[8]) == ("A", "Y"):
        said.append("the provider accepts the plan's amount and is paid by it")
    return "Claim", "; ".join(said)


def _date(e: list[str], labels: Labels) -> Words:
    return {"472": "Date of service", "431": "Onset"}.get(e[1], "Date"), _day(e[3])


def _amount(e: list[str], labels: Labels) -> Words:
    return "Paid by the client" if e[1] == "F5" else "Amount", _money(e[2])


def _note(e: list[str], labels: Labels) -> Words:
    return "Remark", e[2]


def _diagnoses(e: list[str], labels: Labels) -> Words:
    said = []
    for position, element in enumerate((value for value in e[1:] if value), 1):
        code = element.partition(":")[2]
        dotted = code if len(code) <= 3 else f"{code[:3]}.{code[3:]}"
        said.append(f"{position}. {dotted} {labels.diagnoses.get(code, '')}".strip())
    return "Diagnosis" if len(said) == 1 else "Diagnoses", " · ".join(said)


def _line(e: list[str], labels: Labels) -> Words:
    return "Line", f"number {e[1]} of the claim"


def _service(e: list[str], labels: Labels) -> Words:
    code, *modifiers = e[1].split(":")[1:]
    said = [f"{code} {labels.procedures.get(code, '')}".strip()]
    if modifiers:
        said.append(f"modifier{'s' if len(modifiers) > 1 else ''} {', '.join(modifiers)}")
    said += [_money(e[2]), f"{e[4]} unit{'' if e[4] == '1' else 's'}"]
    if e[5]:
        said.append(f"place of service {e[5]}")
    pointers = e[7].split(":")
    said.append(f"for diagnos{'es' if len(pointers) > 1 else 'is'} {', '.join(pointers)}")
    return "Service", "; ".join(said)


def _day(value: str) -> str:
    try:
        return f"{date.fromisoformat(value):%m/%d/%Y}"
    except ValueError:
        return value


def _money(value: str) -> str:
    return money_text(int(Decimal(value) * 100))


_WORDS: dict[str, Callable[[list[str], Labels], Words]] = {
    "HL": _level, "PRV": _provider, "NM1": _name, "N3": _street, "N4": _city, "REF": _reference, "SBR": _subscriber,
    "DMG": _person, "PAT": _relation, "CLM": _claim, "DTP": _date, "AMT": _amount, "NTE": _note, "HI": _diagnoses,
    "LX": _line, "SV1": _service,
}  # fmt: skip
