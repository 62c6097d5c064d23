"""The people of the invented practice. No real person, insurer or place of business is meant."""

import csv
from dataclasses import dataclass
from datetime import date
from importlib.resources import files

PRACTICE = {
    "name": "Quillwater Therapy Group",
    "slug": "quillwater",
    "zone": "America/New_York",
    "npi": "1730294851",
    "tax_id": "471830296",
    "tax_id_kind": "EI",
    "taxonomy": "261QM0801X",
    "line1": "48 Tallow Street",
    "line2": "Suite 3",
    "city": "Kingsbrook",
    "state": "NY",
    "zip_code": "124010043",
    "phone": "8455550142",
    "contact_name": "Odell Marsh",
    "submitter_id": "QWTG0417",
    "receiver_id": "DEMOHOUSE",
    "receiver_name": "Demo Clearinghouse",
}

LOCATIONS = (
    {"name": "Tallow Street office", "place_of_service": "11", "line1": "48 Tallow Street", "line2": "Suite 3",
     "city": "Kingsbrook", "state": "NY", "zip_code": "124010043"},
    {"name": "Juniper Court office", "place_of_service": "11", "line1": "902 Juniper Court", "line2": "",
     "city": "Larkspur Mesa", "state": "CO", "zip_code": "803020117"},
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class DemoProvider:
    """A clinician of the practice with their login, licences and usual place (index into LOCATIONS)."""

    key: str
    first: str
    last: str
    credentials: str
    email: str
    npi_base: str
    taxonomy: str
    zone: str
    prescriber: bool
    place: int
    licences: tuple[tuple[str, str], ...]
    template: str


PROVIDERS = (
    DemoProvider(
        "maren", "Maren", "Oakhollow", "LCSW", "maren@quillwater.example", "143852907", "1041C0700X",
        "America/New_York", False, 0, (("NY", "091834"), ("NJ", "44SC0718")), "dap",
    ),
    DemoProvider(
        "tobias", "Tobias", "Fennimore", "PhD", "tobias@quillwater.example", "152974130", "103TC0700X",
        "America/New_York", False, 0, (("NY", "023317"), ("CT", "005128")), "soap",
    ),
    DemoProvider(
        "ines", "Ines", "Calloway", "PMHNP-BC", "ines@quillwater.example", "186420753", "363LP0808X",
        "America/Denver", True, 1, (("CO", "0996214"), ("UT", "1140883")), "birp",
    ),
)  # fmt: skip

STAFF = (
    ("Practice admin", "Priscilla Venn", "priscilla@quillwater.example", "admin"),
    ("Biller", "Odell Marsh", "odell@quillwater.example", "biller"),
    ("Auditor", "Wilhelmina Stroud", "wilhelmina@quillwater.example", "auditor"),
    ("Support", "Fenwick Ames", "fenwick@attest.example", "support"),
)
PASSWORD = "quiet-river-demo-48"

PAYERS = {
    "northlight": {"name": "Northlight Health Plan", "payer_id": "NLH01", "line_of_business": "commercial",
                   "filing_indicator": "CI"},
    "cedar": {"name": "Cedar Basin Mutual", "payer_id": "CBM77", "line_of_business": "commercial",
              "filing_indicator": "CI"},
    "medicare": {"name": "Medicare Part B (demo region)", "payer_id": "DMB00", "line_of_business": "medicare",
                 "filing_indicator": "MB"},
    "medicaid": {"name": "State Medicaid (demo)", "payer_id": "DMCD1", "line_of_business": "medicaid",
                 "filing_indicator": "MC"},
}  # fmt: skip

RULES = {
    "northlight": {"filing_kind": "days", "filing_amount": 120},
    "cedar": {"filing_kind": "days", "filing_amount": 90, "telehealth_pos_home": "02", "video_modifier": "",
              "audio_paid": False, "audio_modifier": ""},
    "medicare": {"filing_kind": "calendar_years", "filing_amount": 1, "requires_signed_note": True,
                 "correction_method": "reopening", "video_modifier": ""},
    "medicaid": {"filing_kind": "days", "filing_amount": 180, "requires_signed_note": True, "video_modifier": "GT"},
}  # fmt: skip

# code, our own label, kind, minutes from, to, one more unit each, minutes decide, prescribers only
SERVICES = """\
code,label,kind,minutes_from,minutes_to,minutes_each,timed,units_a_day,addon_to,prescriber_only
90791,Diagnostic evaluation,diagnostic_evaluation,16,90,,no,1,,no
90792,Diagnostic evaluation with medical services,diagnostic_evaluation_medical,,,,no,1,,yes
90832,Therapy 30,psychotherapy,16,37,,yes,1,,no
90834,Therapy 45,psychotherapy,38,52,,yes,1,,no
90837,Therapy 60,psychotherapy,53,,,yes,1,,no
90833,Therapy 30 beside an E/M visit,psychotherapy_with_em,16,37,,yes,1,,yes
90836,Therapy 45 beside an E/M visit,psychotherapy_with_em,38,52,,yes,1,,yes
90839,Crisis first hour,crisis,30,74,,yes,1,,no
90840,Crisis each further half hour,crisis_additional,75,,30,yes,,,no
90846,Family without the client,family_without_client,26,,,yes,1,,no
90847,Couple or family with the client,family_with_client,26,,,yes,1,,no
90853,Group,group,,,,no,1,,no
90785,Interactive complexity,interactive_complexity,,,,no,1,,no
99213,Office visit low,em,,,,no,1,,yes
99214,Office visit moderate,em,,,,no,1,,yes
"""

# charge and allowed amount in cents, by code; allowed differs a little by payer
FEES = {
    "90791": (22000, 16800), "90792": (26000, 19500), "90832": (9500, 7400), "90834": (14000, 10600),
    "90837": (18000, 14800), "90833": (9000, 6900), "90836": (12000, 8700), "90839": (21000, 15500),
    "90840": (10500, 7400), "90846": (15000, 11000), "90847": (16000, 11600), "90853": (6000, 4200),
    "90785": (2500, 1500), "99213": (13000, 9200), "99214": (18500, 13100),
}  # fmt: skip
ALLOWED_PERCENT = {"northlight": 100, "cedar": 94, "medicare": 88, "medicaid": 76}


@dataclass(frozen=True, slots=True)
class DemoClient:
    """A client: names, plan, weekly slot (weekday 0 = Monday, local hour and minute) and what is special.

    `special` holds words such as ``unverified``, ``no_card``, ``no_forms``, ``no_address``, ``moved``, ``self_pay``,
    ``dependent``, ``secondary``, ``qmb``, ``part2``, ``do_not_bill``, ``new``, ``crisis``.
    """

    first: str
    last: str
    born: date
    sex: str
    provider: str
    payer: str
    slot: tuple[int, int, int]
    minutes: int
    every: int
    modality: str
    kind: str
    diagnoses: tuple[str, ...]
    preferred: str
    pronouns: str
    copay: int | None
    coinsurance: int | None
    deductible: int
    special: frozenset[str]


def clients() -> tuple[DemoClient, ...]:
    """The clients of `clients.csv`: amounts in cents, slots as weekday and local time, lists separated by blanks."""
    text = files("attest.demo").joinpath("clients.csv").read_text()
    return tuple(_client(row) for row in csv.DictReader(text.splitlines()))


def _client(row: dict[str, str]) -> DemoClient:
    weekday, clock = row["slot"].split()
    hour, minute = clock.split(":")
    return DemoClient(
        first=row["first"],
        last=row["last"],
        born=date.fromisoformat(row["born"]),
        sex=row["sex"],
        provider=row["provider"],
        payer=row["payer"],
        slot=(["Mon", "Tue", "Wed", "Thu", "Fri"].index(weekday), int(hour), int(minute)),
        minutes=int(row["minutes"]),
        every=int(row["every"]),
        modality=row["modality"],
        kind=row["kind"],
        diagnoses=tuple(row["diagnoses"].split()),
        preferred=row["preferred"],
        pronouns=row["pronouns"],
        copay=int(row["copay"]) if row["copay"] else None,
        coinsurance=int(row["coinsurance"]) if row["coinsurance"] else None,
        deductible=int(row["deductible"]),
        special=frozenset(row["special"].split()),
    )


TOWNS = {
    "NY": (("Kingsbrook", "12401"), ("Fallow Creek", "12477"), ("Aldermere", "12498")),
    "CO": (("Larkspur Mesa", "80302"), ("Pinyon Flats", "80027"), ("Cold Spring Park", "80466")),
}
STREETS = (
    "Alder Row",
    "Fennel Lane",
    "Copperkettle Road",
    "Mill Pond Way",
    "Thistledown Drive",
    "Harrow Street",
)
