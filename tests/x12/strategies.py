"""Hypothesis strategies for valid claims: whatever a practice may keep, within the limits the records state."""

from datetime import date, timedelta
from typing import Literal

from hypothesis import strategies as st

from attest.x12 import npi
from attest.x12.claim_837p import (
    Address,
    BillingProvider,
    Claim,
    Dependent,
    Payer,
    RenderingProvider,
    ServiceFacility,
    ServiceLine,
    Subscriber,
)
from attest.x12.codes import PLACES_OF_SERVICE, RELATIONSHIPS, STATES

ASCII = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
ACCENTED = "ÁÉÍÓÚÜÑÇØÅÆŁßáéíóúüñçøåæłžșœđ"
ICD = (
    "F41.1",
    "F331",
    "F43.23",
    "F90.0",
    "F42.2",
    "F50.81",
    "F32.A",
    "Z63.0",
    "F10.20",
    "F64.0",
    "G47.00",
    "R45.851",
)
ADD_ONS = ("90785", "90840", "90833")

plain_names = st.text(ASCII, min_size=2, max_size=20)
accented_names = st.builds(
    lambda a, b, c: f"{a}{b}{c}",
    st.text(ASCII, max_size=6),
    st.text(ACCENTED, min_size=1, max_size=4),
    plain_names,
)
apostrophe_names = st.builds(
    lambda a, mark, b: f"{a}{mark}{b}",
    st.text(ASCII + ACCENTED, min_size=1, max_size=3),
    st.sampled_from("''’"),
    plain_names,
)
double_names = st.builds(
    lambda a, between, b: f"{a}{between}{b}", plain_names, st.sampled_from("- "), plain_names
)
last_names = st.one_of(plain_names, accented_names, apostrophe_names, double_names)
first_names = st.one_of(plain_names, accented_names, double_names).map(lambda name: name[:35].rstrip("- "))
organizations = st.one_of(
    last_names.map(lambda name: f"{name} Counseling, PLLC"),
    last_names.map(lambda name: f"{name} & Partners: Care"),
)
identifiers = st.text(ASCII + "0123456789-", min_size=2, max_size=20)
npis = st.integers(0, 10**8 - 1).map(lambda n: f"1{n:08}" + npi.check_digit(f"1{n:08}"))
other_npis = st.integers(0, 10**8 - 1).map(lambda n: f"2{n:08}" + npi.check_digit(f"2{n:08}"))
taxonomies = st.sampled_from(("1041C0700X", "103TC0700X", "363LP0808X", "101YM0800X"))
nine_digits = st.integers(0, 10**9 - 1).map(lambda n: f"{n:09}")
charges = st.integers(1, 99_999_99)
session_days = st.integers(0, 700).map(lambda n: date(2026, 11, 20) - timedelta(days=n))


@st.composite
def addresses(draw: st.DrawFn, nine: bool = False) -> Address:
    digits = draw(nine_digits)
    if not nine and draw(st.booleans()):
        digits = digits[:5]
    street = (
        f"{draw(st.integers(1, 9999))} {draw(last_names)} {draw(st.sampled_from(('St', 'Ave #4', 'Lane*B')))}"
    )
    return Address(
        line1=street,
        line2=draw(st.sampled_from(("", "", "Suite 12", "2° piso"))),
        city=draw(first_names)[:30],
        state=draw(st.sampled_from(sorted(STATES))),
        postal_code=f"{digits[:5]}-{digits[5:]}" if len(digits) == 9 else digits,
    )


@st.composite
def billing_providers(draw: st.DrawFn) -> BillingProvider:
    person = draw(st.booleans())
    return BillingProvider(
        name=draw(last_names if person else organizations),
        first_name=draw(first_names) if person else "",
        npi=draw(npis),
        tax_id=draw(st.sampled_from(("219-09-9999", "078051120"))) if person else draw(nine_digits),
        tax_id_kind="SY" if person else "EI",
        taxonomy=draw(taxonomies),
        address=draw(addresses(nine=True)),
    )


rendering_providers = st.builds(
    RenderingProvider,
    last_name=last_names,
    first_name=first_names,
    npi=other_npis,
    taxonomy=taxonomies,
    middle_name=st.sampled_from(("", "", "Q", "José")),
    suffix=st.sampled_from(("", "", "Jr.")),
)
facilities = st.builds(
    ServiceFacility, name=organizations, address=addresses(nine=True), npi=st.one_of(st.just(""), npis)
)
payers = st.builds(Payer, name=organizations, id=identifiers)


def subscribers(patient: bool) -> st.SearchStrategy[Subscriber]:
    return st.builds(
        Subscriber,
        last_name=last_names,
        first_name=first_names,
        middle_name=st.sampled_from(("", "M", "Núria")),
        suffix=st.sampled_from(("", "", "III")),
        member_id=identifiers,
        birth_date=st.dates(date(1920, 1, 1), date(2020, 12, 31)) if patient else st.none(),
        sex=st.sampled_from(("F", "M")) if patient else st.none(),
        address=addresses() if patient else st.none(),
        group_number=st.one_of(st.just(""), identifiers),
        group_name=st.one_of(st.just(""), organizations),
    )


dependents = st.builds(
    Dependent,
    last_name=last_names,
    first_name=first_names,
    middle_name=st.sampled_from(("", "M")),
    suffix=st.sampled_from(("", "Jr")),
    relationship=st.sampled_from(sorted(RELATIONSHIPS)),
    birth_date=st.dates(date(1950, 1, 1), date(2023, 12, 31)),
    sex=st.sampled_from(("F", "M")),
    address=addresses(),
)


@st.composite
def service_lines(draw: st.DrawFn, diagnoses: int, day: date, number: str) -> tuple[ServiceLine, ...]:
    modifiers = st.lists(st.sampled_from(("95", "93", "HO", "59", "25")), max_size=4, unique=True).map(tuple)
    pointers = st.lists(st.integers(1, diagnoses), min_size=1, max_size=4, unique=True).map(tuple)
    codes = [draw(st.sampled_from(("90832", "90834", "90837", "90847", "90853", "99214")))]
    codes += draw(st.lists(st.sampled_from(ADD_ONS), max_size=2, unique=True))
    return tuple(
        ServiceLine(
            procedure=code,
            charge_cents=draw(charges),
            date=day,
            control_number=f"{number}-{position}",
            diagnosis_pointers=draw(pointers),
            modifiers=draw(modifiers),
            units=draw(st.integers(1, 3)),
            place_of_service=draw(st.sampled_from(("", "", "02"))),
            authorization=draw(st.sampled_from(("", "", "LINE AUTH 1"))),
        )
        for position, code in enumerate(codes, 1)
    )


@st.composite
def claims(draw: st.DrawFn) -> Claim:
    """A valid claim: for a subscriber or a dependent, of an organization or a person in private practice."""
    number = draw(identifiers)
    billing = draw(billing_providers())
    patient = draw(st.one_of(st.none(), dependents))
    diagnoses = tuple(draw(st.lists(st.sampled_from(ICD), min_size=1, max_size=12, unique=True)))
    day = draw(session_days)
    lines = draw(service_lines(len(diagnoses), day, number))
    own_hands = RenderingProvider(
        last_name=billing.name, first_name=billing.first_name, npi=billing.npi, taxonomy=billing.taxonomy
    )
    rendering = draw(
        st.one_of(st.none(), st.just(own_hands), rendering_providers)
        if billing.first_name
        else rendering_providers
    )
    frequency: Literal["1", "7", "8"] = draw(st.sampled_from(("1", "1", "1", "7", "8")))
    total = sum(line.charge_cents for line in lines)
    return Claim(
        control_number=number,
        billing=billing,
        payer=draw(payers),
        subscriber=draw(subscribers(patient=patient is None)),
        patient=patient,
        claim_filing_indicator=draw(st.sampled_from(("CI", "BL", "HM", "16", "MC"))),
        place_of_service=draw(st.sampled_from(sorted(PLACES_OF_SERVICE))),
        diagnoses=diagnoses,
        lines=lines,
        rendering=rendering,
        facility=draw(st.one_of(st.none(), facilities)),
        frequency=frequency,
        payer_claim_control_number="" if frequency == "1" else draw(identifiers),
        note=draw(st.sampled_from(("", "", "Corrected procedure code", "Señal: *see* note"))),
        authorization=draw(st.one_of(st.just(""), identifiers)),
        medical_record_number=draw(st.one_of(st.just(""), identifiers)),
        amount_paid_cents=draw(st.one_of(st.just(0), st.integers(0, total))),
        onset=draw(st.one_of(st.none(), st.just(day - timedelta(days=30)))),
        accepts_assignment=draw(st.sampled_from(("A", "C"))),
        benefits_assigned=draw(st.sampled_from(("Y", "N"))),
        release_of_information=draw(st.sampled_from(("Y", "I"))),
    )
