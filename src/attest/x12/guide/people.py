"""Checks of the hierarchy: subscribers, patients and the plan."""

from collections.abc import Iterator
from datetime import date

from attest.x12.finding import Finding, Severity
from attest.x12.guide.facts import ClaimFile, ClaimLoop, Level, day, first


def hierarchy(file: ClaimFile) -> Iterator[Finding]:
    """HL02 names a level above, HL04 says truly whether there are levels below, and no level is barren."""
    parents = {"22": "20", "23": "22"}
    for level in file.levels:
        header, needed = level.header, parents.get(level.code)
        if needed and (level.parent is None or level.parent.code != needed):
            yield Finding(
                "hierarchy-parent",
                f"HL02 “{header.get(2)}” must name the "
                f"{'billing provider' if needed == '20' else 'subscriber'} this level belongs to.",
                header.no,
                "HL02",
            )
        says = header.get(4)
        if says in ("0", "1") and (says == "1") != bool(level.children):
            there = "there are levels below it" if level.children else "there is no level below it"
            yield Finding(
                "hierarchy-children",
                f"HL04 says {says} but {there}. Put {int(bool(level.children))} there.",
                header.no,
                "HL04",
            )
        if not level.claims and not level.children:
            yield Finding(
                "no-claim",
                "There is no claim at this level. Remove the level or add its claim.",
                header.no,
                "HL",
            )


def subscriber(level: Level) -> Iterator[Finding]:
    """SBR02 agrees with who the patient is, and a subscriber who is the patient is described in full."""
    sbr = first(level.segments, "SBR")
    if level.code != "22" or sbr is None:
        return
    has_patient = any(child.code == "23" for child in level.children)
    if has_patient and sbr.get(2):
        yield Finding(
            "relationship",
            f"SBR02 is {sbr.get(2)} (the subscriber is the patient), but a patient level follows. Leave SBR02 "
            "empty, or remove the patient level and put the claim under the subscriber.",
            sbr.no,
            "subscriber, SBR02",
        )
    elif not has_patient and sbr.get(2) != "18":
        yield Finding(
            "relationship",
            "There is no patient level, so the subscriber is the patient: SBR02 must be 18. If the patient is a "
            "dependent, add the patient level.",
            sbr.no,
            "subscriber, SBR02",
        )
    if not sbr.get(9):
        yield Finding(
            "plan-kind-missing",
            "SBR09 does not say what kind of plan this is. Use CI commercial, BL Blue Cross, HM or 16 HMO, MB "
            "Medicare Part B, MC Medicaid.",
            sbr.no,
            "subscriber, SBR09",
        )
    person = level.party("IL")
    if person is not None and level.claims:
        missing = [
            words
            for tag, words in (("N3", "street"), ("N4", "city and ZIP code"), ("DMG", "birth date and sex"))
            if person.first(tag) is None
        ]
        if missing:
            yield Finding(
                "subscriber-incomplete",
                f"The subscriber is the patient, but {', '.join(missing)} "
                f"{'is' if len(missing) == 1 else 'are'} missing. Complete the client's page.",
                person.name.no,
                "subscriber",
            )
    for claim in _claims_of(level):
        if sbr.get(1) not in ("", "P") and not claim.other_payers:
            yield Finding(
                "secondary-without-primary",
                f"SBR01 {sbr.get(1)} asks a plan that pays after another one, but the claim does not say what the "
                "first plan did. Add the first plan with its payment (loop 2320).",
                claim.header.no,
                claim.where,
                Severity.WARNING,
            )


def _claims_of(level: Level) -> Iterator[ClaimLoop]:
    yield from level.claims
    for child in level.children:
        yield from child.claims


def birth_dates(level: Level, today: date) -> Iterator[Finding]:
    """Nobody is born in the future, nor after the date of service."""
    for role, who in (("IL", "subscriber"), ("QC", "patient")):
        party = level.party(role)
        details = party.first("DMG") if party is not None else None
        born = day(details.get(2)) if details is not None else None
        if details is None or born is None:
            continue
        if born > today:
            yield Finding(
                "birth-date", "The birth date lies in the future. Correct it.", details.no, f"{who}, DMG02"
            )
            continue
        for claim in level.claims:
            if any(born > begins for begins, _ in claim.service_dates()):
                yield Finding(
                    "birth-date",
                    f"The {who}'s birth date lies after the date of service. Correct one of them.",
                    details.no,
                    f"{claim.where}, {who}, DMG02",
                )
