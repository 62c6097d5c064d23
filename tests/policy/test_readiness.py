"""Every roadblock: what raises it, that it stands alone, and that all are reported at once."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

import pytest

from attest.policy.catalogue import SessionKind
from attest.policy.coding import Diagnosis
from attest.policy.minutes import Interval
from attest.policy.payer import LineOfBusiness, PayerRule
from attest.policy.place import Modality, Setting
from attest.policy.readiness import (
    ActualTimes,
    Authorization,
    ClaimProblem,
    Details,
    Facts,
    FixTarget,
    Licence,
    NoteChoice,
    NoteFacts,
    Owner,
    Period,
    RoadblockCode,
    SessionStatus,
    Verification,
    roadblocks,
)
from attest.policy.record import DEFAULT_POLICY
from tests.policy.rows import ANXIETY, BY_CODE, NOW, START, STOP, at, details, in_minutes, line, ready

C = RoadblockCode
DAY = date(2026, 11, 24)
MINUTE = timedelta(minutes=1)


def codes(facts: Facts, now: datetime = NOW) -> list[RoadblockCode]:
    return [roadblock.code for roadblock in roadblocks(facts, now=now, policy=DEFAULT_POLICY)]


def test_a_ready_session_has_no_roadblock() -> None:
    assert codes(ready()) == []


class Case(NamedTuple):
    """What raises one roadblock, and nothing else."""

    code: RoadblockCode
    facts: Facts
    now: datetime = NOW


def typed(**changes: object) -> Facts:
    """READY with changes to what was typed."""
    return ready(details=replace(details(), **changes))  # type: ignore[arg-type]


def coded(*services: str, spent: int = 50, **changes: object) -> Facts:
    """READY with other codes and minutes."""
    return ready(details=replace(in_minutes(spent, *services), **changes))  # type: ignore[arg-type]


def by_prescriber(facts: Facts) -> Facts:
    return replace(facts, provider=replace(facts.provider, prescriber=True))


PO_BOX = ClaimProblem(
    "The practice's address: A PO box is not allowed here. Give the street address.",
    Owner.ORGANIZATION,
    FixTarget.ORGANIZATION_DETAILS,
)
UNSIGNED = NoteFacts(choice=NoteChoice.TEMPLATE, draft=True)
OWED = NoteFacts(choice=NoteChoice.OWED)
ASKS_SIGNATURE = (PayerRule(date(2020, 1, 1), requires_signed_note=True),)
NO_AUDIO = (PayerRule(date(2020, 1, 1), audio_modifier=None),)
NEXT_DAY = timedelta(days=1)

CASES = [
    Case(C.SESSION_CANCELLED, ready(session__status=SessionStatus.CANCELLED)),
    Case(C.DID_NOT_TAKE_PLACE, ready(session__status=SessionStatus.NO_SHOW)),
    Case(C.CLOSED_NOT_BILLABLE, ready(session__status=SessionStatus.NOT_BILLABLE)),
    Case(C.ALREADY_CONFIRMED, ready(session__status=SessionStatus.CONFIRMED)),
    Case(C.CONSULTATION, ready(session__kind=SessionKind.CONSULTATION)),
    Case(C.TOO_LATE, ready(note=NoteFacts(signed=True)), at("2026-12-25 00:00")),
    Case(
        C.NOT_STARTED, ready(session__scheduled_start=NOW + MINUTE, session__scheduled_stop=NOW + 51 * MINUTE)
    ),
    Case(C.NOT_READABLE, typed(unreadable=("date",))),
    Case(C.TIMES_MISSING, typed(times=())),
    Case(C.TIMES_MISSING, typed(times=(ActualTimes(START, None),))),
    Case(C.TIME_AMBIGUOUS, typed(times=(ActualTimes(START, STOP, ambiguous=True),))),
    Case(C.TIMES_REVERSED, typed(times=(ActualTimes(STOP, START),))),
    Case(C.TIMES_REVERSED, typed(times=(ActualTimes(START, START),))),
    Case(C.TIMES_IN_FUTURE, ready(), STOP - timedelta(seconds=1)),
    Case(
        C.TIMES_TOO_LONG,
        coded("90853", spent=24 * 60 + 1, same_day_services=()),
        NOW + NEXT_DAY,
    ),
    Case(
        C.TIMES_OVERLAP_EACH_OTHER,
        typed(times=(ActualTimes(START, STOP), ActualTimes(STOP - MINUTE, STOP))),
    ),
    Case(
        C.TIMES_ON_SEVERAL_DATES,
        typed(
            times=(
                ActualTimes(START, START + 20 * MINUTE),
                ActualTimes(START + NEXT_DAY, START + NEXT_DAY + 20 * MINUTE),
            )
        ),
        NOW + NEXT_DAY,
    ),
    Case(C.TIMES_NOT_AFFIRMED, typed(affirmed=False)),
    Case(C.DATE_REASON_MISSING, ready(details=details(start=START - NEXT_DAY, stop=STOP - NEXT_DAY))),
    Case(C.OVERLAP, typed(other_sessions=(Interval(STOP - MINUTE, STOP + 40 * MINUTE),))),
    Case(C.LOCATION_MISSING, typed(setting=Setting(Modality.IN_PERSON, location_state="NY"))),
    Case(C.CLIENT_STATE_MISSING, typed(setting=Setting(Modality.VIDEO, client_at_home=True))),
    Case(C.HOME_NOT_SAID, typed(setting=Setting(Modality.VIDEO, client_state="NY"))),
    Case(
        C.AUDIO_NOT_PAID,
        replace(
            ready(coverage__rules=NO_AUDIO),
            details=replace(details(), setting=Setting(Modality.AUDIO_ONLY, True, "NY")),
        ),
    ),
    Case(C.NO_CODE, typed(lines=())),
    Case(
        C.CODE_NOT_IN_FORCE,
        typed(
            lines=(
                replace(line("90834"), service=replace(BY_CODE["90834"], effective_to=date(2026, 11, 23))),
            )
        ),
    ),
    Case(C.CODE_FOR_PRESCRIBERS, coded("90792")),
    Case(C.CODE_AND_PRESENCE, typed(client_present=False)),
    Case(C.CODE_AND_PRESENCE, coded("90846")),
    Case(C.TOO_FEW_MINUTES, coded("90837", spent=52)),
    Case(C.THERAPY_MINUTES_MISSING, by_prescriber(coded("99213", "90833"))),
    Case(C.THERAPY_MINUTES_TOO_MANY, by_prescriber(coded("99213", "90836", therapy_minutes=50))),
    Case(C.CODES_NOT_TOGETHER, typed(same_day_services=(BY_CODE["90791"],))),
    Case(C.CODE_TWICE, coded("90834", "90834")),
    Case(C.TOO_MANY_UNITS, typed(lines=(line("90834", units=2),))),
    Case(
        C.TOO_MANY_UNITS,
        ready(details=replace(in_minutes(80), lines=(line("90839"), line("90840", units=2)))),
        NOW + NEXT_DAY,
    ),
    Case(C.ADDON_ALONE, coded("90785", complexity_factors=("caregiver",))),
    Case(C.FACTOR_MISSING, coded("90834", "90785")),
    Case(C.NO_FEE, ready(coverage__priced_codes=frozenset({"90837"}))),
    Case(C.NO_DIAGNOSIS, typed(diagnoses=())),
    Case(C.TOO_MANY_DIAGNOSES, typed(diagnoses=tuple(Diagnosis(f"F{n}") for n in range(200, 213)))),
    Case(C.DIAGNOSIS_TWICE, typed(diagnoses=(ANXIETY, ANXIETY))),
    Case(C.DIAGNOSIS_UNKNOWN, typed(diagnoses=(Diagnosis("F41.11", known=False),))),
    Case(C.DIAGNOSIS_CATEGORY, typed(diagnoses=(Diagnosis("F41", is_category=True),))),
    Case(C.DIAGNOSIS_NOT_VALID, typed(diagnoses=(Diagnosis("F43.8", valid_to=date(2022, 9, 30)),))),
    Case(C.Z_CODE_FIRST, typed(diagnoses=(Diagnosis("Z63.0"), ANXIETY))),
    Case(C.POINTERS, typed(lines=(line("90834", pointers=(2,)),))),
    Case(C.NOTE_NOT_CHOSEN, ready(note=NoteFacts())),
    Case(C.NOTE_UNSIGNED, ready(note=UNSIGNED)),
    Case(C.NOTE_UNSIGNED, ready(note=replace(OWED, draft=True))),
    Case(C.NOTE_UNSIGNED, ready(note=NoteFacts(choice=NoteChoice.TEMPLATE))),
    Case(C.NOTE_NOT_BILLABLE, ready(note__not_billable=True)),
    Case(C.NOTE_INCOMPLETE, ready(note__empty_required=("Risk",))),
    Case(C.NOTE_NOT_UPLOADED, ready(note=NoteFacts(choice=NoteChoice.UPLOAD))),
    Case(C.NOTE_NOT_DECLARED, ready(note=NoteFacts(choice=NoteChoice.ELSEWHERE))),
    Case(C.LATE_REASON_MISSING, ready(), at("2026-11-27 14:50:01")),
    Case(C.NO_PAYMENT_METHOD, ready(client__has_payment_method=False)),
    Case(C.FORMS_MISSING, ready(client__forms_missing=("Consent to treatment",))),
    Case(C.ADDRESS_MISSING, ready(client__has_address=False)),
    Case(C.CLIENT_DETAILS_MISSING, ready(client__has_birth_date=False)),
    Case(C.CLIENT_DETAILS_MISSING, ready(client__has_sex_for_claim=False)),
    Case(C.PART2_CONSENT_MISSING, ready(client__part2_program=True)),
    Case(C.NO_COVERAGE, ready(coverage=None)),
    Case(C.COVERAGE_NOT_IN_FORCE, ready(coverage__period=Period(None, date(2026, 11, 23)))),
    Case(C.PLAN_NOT_VERIFIED, ready(coverage__verification=Verification.NEVER)),
    Case(C.PLAN_NOT_VERIFIED, ready(coverage__verified_on=None)),
    Case(C.PLAN_VERIFICATION_PENDING, ready(coverage__verification=Verification.PENDING)),
    Case(C.PLAN_VERIFICATION_OLD, ready(coverage__verified_on=date(2026, 10, 24))),
    Case(C.PLAN_INACTIVE, ready(coverage__verification=Verification.INACTIVE)),
    Case(C.PLAN_NOT_FOUND, ready(coverage__verification=Verification.NOT_FOUND)),
    Case(C.COVERAGE_INCOMPLETE, ready(coverage__has_member_id=False)),
    Case(C.COVERAGE_INCOMPLETE, ready(coverage__subscriber_complete=False)),
    Case(C.AUTHORIZATION_MISSING, ready(coverage__needs_authorization=True)),
    Case(
        C.AUTHORIZATION_USED_UP,
        ready(
            coverage__needs_authorization=True, coverage__authorization=Authorization("A1", sessions_left=0)
        ),
    ),
    Case(
        C.AUTHORIZATION_EXPIRED,
        ready(
            coverage__needs_authorization=True,
            coverage__authorization=Authorization("A1", Period(None, date(2026, 11, 23))),
        ),
    ),
    Case(C.NO_LICENCE, ready(provider__licences=(Licence("NJ"),))),
    Case(C.NO_LICENCE, ready(provider__licences=(Licence("NY", Period(None, date(2026, 11, 23))),))),
    Case(C.NOT_CONTRACTED, ready(coverage__contracts=())),
    Case(C.NOT_CONTRACTED, ready(coverage__contracts=(Period(date(2026, 11, 25)),))),
    Case(C.PROVIDER_DETAILS_MISSING, ready(provider__has_npi=False)),
    Case(C.PROVIDER_DETAILS_MISSING, ready(provider__has_taxonomy=False)),
    Case(C.PAYER_ID_MISSING, ready(coverage__has_payer_id=False)),
    Case(C.ORGANIZATION_DETAILS_MISSING, ready(organization__has_npi=False)),
    Case(C.ORGANIZATION_DETAILS_MISSING, ready(organization__has_tax_id=False)),
    Case(C.ORGANIZATION_DETAILS_MISSING, ready(organization__has_taxonomy=False)),
    Case(C.ORGANIZATION_DETAILS_MISSING, ready(organization__has_zip_plus_four=False)),
    Case(C.ORGANIZATION_DETAILS_MISSING, ready(organization__has_submitter_id=False)),
    Case(C.CLAIM_NOT_WRITABLE, ready(claim_problems=(PO_BOX,))),
    Case(
        C.DATE_DIFFERS,
        ready(
            details=replace(
                details(start=START - NEXT_DAY, stop=STOP - NEXT_DAY), date_reason="Client asked for Monday."
            )
        ),
    ),
    Case(C.ENTERED_AFTERWARDS, ready(session__entered_afterwards=True)),
    Case(C.SAME_TIMES, typed(same_minutes_in_a_row=5)),
    Case(C.MINUTES_UNUSUAL, coded("90834", spent=60)),
    Case(C.FEWER_UNITS, coded("90839", "90840", spent=105), NOW + NEXT_DAY),
    Case(C.CODES_IF_SEPARATE, typed(same_day_services=(BY_CODE["90847"],))),
    Case(C.EVALUATION_AGAIN, coded("90791", last_evaluation_on=DAY - timedelta(days=179))),
    Case(C.CODE_RELEASE_NOT_LOADED, typed(code_release_loaded=False)),
    Case(C.DIAGNOSIS_UNSPECIFIED, typed(diagnoses=(Diagnosis("F41.9"),))),
    Case(C.NOTE_LATE, ready(note__late_reason="Power was out."), at("2026-11-27 14:50:01")),
    Case(C.NOTE_LATE, ready(note=OWED), at("2026-11-27 14:50:01")),
    Case(C.CLAIM_WAITS_FOR_NOTE, ready(note=OWED, coverage__rules=ASKS_SIGNATURE)),
    Case(
        C.MEDICAID_SELF_PAY,
        ready(client__self_pay=True, lines_of_business=frozenset({LineOfBusiness.MEDICAID})),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=[f"{n:02} {case.code}" for n, case in enumerate(CASES)])
def test_each_roadblock_is_raised_by_its_own_cause_and_stands_alone(case: Case) -> None:
    assert codes(case.facts, case.now) == [case.code]


def test_no_roadblock_is_without_a_case() -> None:
    assert {case.code for case in CASES} == set(RoadblockCode)


WARNINGS = {
    C.DATE_DIFFERS,
    C.ENTERED_AFTERWARDS,
    C.SAME_TIMES,
    C.MINUTES_UNUSUAL,
    C.FEWER_UNITS,
    C.CODES_IF_SEPARATE,
    C.EVALUATION_AGAIN,
    C.CODE_RELEASE_NOT_LOADED,
    C.DIAGNOSIS_UNSPECIFIED,
    C.NOTE_LATE,
    C.CLAIM_WAITS_FOR_NOTE,
    C.MEDICAID_SELF_PAY,
}


@pytest.mark.parametrize("case", CASES, ids=[f"{n:02} {case.code}" for n, case in enumerate(CASES)])
def test_each_roadblock_speaks_plainly_and_blocks_unless_it_only_warns(case: Case) -> None:
    (found,) = roadblocks(case.facts, now=case.now, policy=DEFAULT_POLICY)
    assert found.blocks is (case.code not in WARNINGS)
    for words in (found.sentence, found.what):
        assert words.endswith(".")
        assert words[0] == words[0].upper()
        for unwanted in ("invalid", "error", "please", "must not", "failed", "wrong"):
            assert unwanted not in words.lower()
    assert len(found.sentence) <= 170
    assert len(found.what) >= 60


EVERYTHING_WRONG = ready(
    client__has_payment_method=False,
    client__forms_missing=("Consent to treatment", "Financial agreement"),
    client__has_address=False,
    coverage__verification=Verification.NEVER,
    coverage__contracts=(),
    provider__licences=(),
    note=UNSIGNED,
    details=Details(times=(ActualTimes(STOP, START),), other_sessions=(), same_minutes_in_a_row=9),
)


def test_all_roadblocks_come_at_once_the_blocking_ones_first() -> None:
    found = roadblocks(EVERYTHING_WRONG, now=NOW, policy=DEFAULT_POLICY)
    assert [roadblock.code for roadblock in found] == [
        C.TIMES_REVERSED,
        C.TIMES_NOT_AFFIRMED,
        C.NO_CODE,
        C.NO_DIAGNOSIS,
        C.NOTE_UNSIGNED,
        C.NO_PAYMENT_METHOD,
        C.FORMS_MISSING,
        C.ADDRESS_MISSING,
        C.PLAN_NOT_VERIFIED,
        C.NO_LICENCE,
        C.NOT_CONTRACTED,
        C.SAME_TIMES,
    ]
    assert [roadblock.blocks for roadblock in found] == [True] * 11 + [False]


def test_what_is_missing_is_not_said_a_second_time_as_a_claim_that_cannot_be_written() -> None:
    both = ready(claim_problems=(PO_BOX,), organization__has_npi=False)
    assert codes(both) == [C.ORGANIZATION_DETAILS_MISSING]


def test_a_plan_that_is_not_verified_does_not_hide_how_it_is_written() -> None:
    group = ClaimProblem("The plan's group number: Remove the star.", Owner.PROVIDER, FixTarget.COVERAGE)
    both = ready(claim_problems=(group,), coverage__verification=Verification.NEVER)
    assert codes(both) == [C.PLAN_NOT_VERIFIED, C.CLAIM_NOT_WRITABLE]


@pytest.mark.parametrize(
    ("code", "owner", "fix"),
    [
        (C.NO_PAYMENT_METHOD, Owner.CLIENT, FixTarget.CLIENT_PAYMENT_METHOD),
        (C.FORMS_MISSING, Owner.CLIENT, FixTarget.CLIENT_FORMS),
        (C.ADDRESS_MISSING, Owner.CLIENT, FixTarget.CLIENT_ADDRESS),
        (C.PLAN_NOT_VERIFIED, Owner.ORGANIZATION, FixTarget.COVERAGE),
        (C.PLAN_VERIFICATION_PENDING, Owner.PAYER, FixTarget.COVERAGE),
        (C.PLAN_INACTIVE, Owner.CLIENT, FixTarget.COVERAGE),
        (C.TIMES_REVERSED, Owner.PROVIDER, FixTarget.SESSION_TIMES),
        (C.NO_CODE, Owner.PROVIDER, FixTarget.CODE),
        (C.NO_DIAGNOSIS, Owner.PROVIDER, FixTarget.DIAGNOSIS),
        (C.NOTE_UNSIGNED, Owner.PROVIDER, FixTarget.NOTE),
        (C.NO_LICENCE, Owner.PROVIDER, FixTarget.LICENCE),
        (C.NOT_CONTRACTED, Owner.ORGANIZATION, FixTarget.CONTRACT),
        (C.ORGANIZATION_DETAILS_MISSING, Owner.ORGANIZATION, FixTarget.ORGANIZATION_DETAILS),
        (C.CLAIM_NOT_WRITABLE, Owner.ORGANIZATION, FixTarget.ORGANIZATION_DETAILS),
        (C.TOO_LATE, Owner.PROVIDER, FixTarget.NOTHING),
    ],
)
def test_a_roadblock_says_who_must_act_and_where(code: C, owner: Owner, fix: FixTarget) -> None:
    case = next(case for case in CASES if case.code is code)
    (found,) = roadblocks(case.facts, now=case.now, policy=DEFAULT_POLICY)
    assert (found.owner, found.fix) == (owner, fix)


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        (C.TOO_LATE, "The last day to confirm this session was 12/24/2026."),
        (C.NOT_READABLE, "The date cannot be read as typed."),
        (C.TIMES_REVERSED, "The stop time is before the start time."),
        (C.TOO_FEW_MINUTES, "90837 needs at least 53 min; this was 52 min."),
        (C.NO_LICENCE, "You have no licence on file for NY on 11/24/2026."),
        (C.NOTE_INCOMPLETE, "Still empty in the note: Risk."),
        (C.AUDIO_NOT_PAID, "Harbor Health does not pay for audio-only sessions."),
        (C.PLAN_VERIFICATION_OLD, "The Harbor Health plan was last verified on 10/24/2026: verify it again."),
    ],
)
def test_sentences_as_a_therapist_reads_them(code: C, sentence: str) -> None:
    case = next(case for case in CASES if case.code is code)
    assert roadblocks(case.facts, now=case.now, policy=DEFAULT_POLICY)[0].sentence == sentence
