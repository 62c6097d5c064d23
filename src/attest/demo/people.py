"""The people of the invented practice. No real person, insurer or place of business is meant."""

from dataclasses import dataclass, field
from datetime import date

PRACTICE = {
    "name": "Quillwater Therapy Group",
    "slug": "quillwater",
    "zone": "America/New_York",
    "npi": "1730294856",
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
        "America/Denver", True, 1, (("CO", "0996214"), ("UT", "1140883")), "soap",
    ),
)  # fmt: skip

STAFF = (
    ("Practice admin", "Priscilla Venn", "priscilla@quillwater.example", "admin"),
    ("Biller", "Odell Marsh", "odell@quillwater.example", "biller"),
    ("Auditor", "Wilhelmina Stroud", "wilhelmina@quillwater.example", "auditor"),
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
    ``dependent``, ``secondary``, ``qmb``, ``part2``, ``do_not_bill``, ``new``.
    """

    first: str
    last: str
    born: date
    sex: str
    provider: str
    payer: str
    slot: tuple[int, int, int]
    minutes: int = 53
    every: int = 1
    modality: str = "in_person"
    kind: str = "individual"
    diagnoses: tuple[str, ...] = ("F41.1",)
    preferred: str = ""
    pronouns: str = ""
    copay: int | None = 2500
    coinsurance: int | None = None
    deductible: int = 0
    special: frozenset[str] = field(default_factory=frozenset)


def _c(first: str, last: str, born: str, sex: str, provider: str, payer: str, slot: str, **more: object) -> DemoClient:
    day, clock = slot.split()
    hour, minute = clock.split(":")
    weekday = ["Mon", "Tue", "Wed", "Thu", "Fri"].index(day)
    special = frozenset(str(more.pop("special", "")).split())
    return DemoClient(
        first, last, date.fromisoformat(born), sex, provider, payer, (weekday, int(hour), int(minute)),
        special=special, **more,  # type: ignore[arg-type]
    )  # fmt: skip


CLIENTS = (
    # Maren Oakhollow, LCSW
    _c("Imogen", "Tarrant", "1991-04-12", "F", "maren", "northlight", "Mon 9:00", diagnoses=("F41.1",)),
    _c("Callum", "Weatherby", "1984-09-30", "M", "maren", "northlight", "Mon 10:00", minutes=50, diagnoses=("F33.1",)),
    _c("Anaïs", "Peñafiel", "1996-02-03", "F", "maren", "cedar", "Mon 11:00", modality="video", diagnoses=("F43.10",), copay=3000),
    _c("Rory", "O'Dunmore", "1978-12-19", "M", "maren", "medicare", "Mon 13:00", diagnoses=("F33.1", "G47.00"), copay=None, coinsurance=20, deductible=4000),
    _c("Beatrix", "Lorne", "2009-07-08", "F", "maren", "northlight", "Mon 15:00", minutes=50, diagnoses=("F43.23",), special="dependent", pronouns="they/them", preferred="Bix"),
    _c("Dashiell", "Crewe", "1989-01-25", "M", "maren", "cedar", "Tue 9:00", diagnoses=("F40.10",), copay=3000, special="no_card"),
    _c("Thea", "Marchbanks", "1993-10-11", "F", "maren", "northlight", "Tue 10:00", minutes=50, diagnoses=("F50.2",)),
    _c("Jonah", "Silverlake", "1970-05-05", "M", "maren", "medicaid", "Tue 11:00", minutes=45, diagnoses=("F32.1",), copay=300),
    _c("Winifred", "Appleyard", "1951-08-21", "F", "maren", "medicare", "Tue 14:00", minutes=50, diagnoses=("F43.21",), copay=None, coinsurance=20, special="qmb"),
    _c("Leonie", "Brackenridge", "1987-03-17", "F", "maren", "northlight", "Wed 9:00", minutes=55, kind="family", diagnoses=("F43.23",)),
    _c("Micah", "Thornfield", "2001-11-02", "M", "maren", "cedar", "Wed 10:00", modality="video", diagnoses=("F90.0",), copay=3000, special="unverified"),
    _c("Saoirse", "Valcourt", "1995-06-29", "F", "maren", "northlight", "Wed 11:00", diagnoses=("F42.2",), special="no_forms"),
    _c("Ezra", "Pemberly", "1982-02-14", "M", "maren", "northlight", "Thu 9:00", minutes=50, diagnoses=("F41.0",), deductible=12000),
    _c("Coralie", "Ashdown", "1999-09-09", "F", "maren", "medicaid", "Thu 10:00", minutes=45, diagnoses=("F31.81",), copay=0),
    _c("Niall", "Fairweather", "1975-04-01", "M", "maren", "northlight", "Thu 13:00", diagnoses=("F10.20",), special="self_pay"),
    _c("Odette", "Marlowe-Finch", "1990-12-30", "F", "maren", "cedar", "Fri 9:00", modality="video", diagnoses=("F43.12",), copay=3000),
    _c("Silas", "Quarrington", "1986-07-15", "M", "maren", "northlight", "Fri 11:00", minutes=50, every=2, diagnoses=("F34.1",)),
    # Tobias Fennimore, PhD
    _c("Vesper", "Hallowell", "1994-05-20", "F", "tobias", "northlight", "Mon 10:00", diagnoses=("F43.10",)),
    _c("Alaric", "Stonebridge", "1969-11-11", "M", "tobias", "medicare", "Mon 11:00", diagnoses=("F41.1",), copay=None, coinsurance=20),
    _c("Maribel", "Ashgrove", "1998-08-08", "F", "tobias", "cedar", "Mon 14:00", minutes=50, modality="video", diagnoses=("F33.0",), copay=3000),
    _c("Fintan", "Dellacourt", "1980-03-03", "M", "tobias", "northlight", "Tue 9:00", diagnoses=("F60.3",), special="secondary"),
    _c("Philippa", "Rusk", "2011-01-30", "F", "tobias", "northlight", "Tue 15:00", minutes=45, diagnoses=("F90.2",), special="dependent"),
    _c("Gideon", "Larkham", "1992-06-06", "M", "tobias", "medicaid", "Wed 10:00", minutes=45, diagnoses=("F20.9",), copay=0),
    _c("Rosalind", "Whitcombe", "1988-10-24", "F", "tobias", "northlight", "Wed 13:00", diagnoses=("F40.01",)),
    _c("Lucian", "Abernathy-Cole", "1997-12-12", "M", "tobias", "cedar", "Wed 15:00", minutes=50, diagnoses=("F32.1",), copay=3000, special="no_address"),
    _c("Tamsin", "Brightwater", "1973-02-27", "F", "tobias", "northlight", "Thu 10:00", diagnoses=("F43.22",)),
    _c("Joachim", "Pell", "1985-09-18", "M", "tobias", "northlight", "Thu 11:00", minutes=50, modality="video", diagnoses=("F42.2",), special="moved"),
    _c("Delphine", "Graymoor", "2000-04-04", "F", "tobias", "cedar", "Fri 10:00", diagnoses=("F50.2", "F41.1"), copay=3000),
    _c("Barnaby", "Coldwell", "1977-07-07", "M", "tobias", "northlight", "Fri 13:00", minutes=50, every=2, diagnoses=("F33.1",), special="do_not_bill"),
    # Ines Calloway, PMHNP
    _c("Oriana", "Castellane", "1990-01-15", "F", "ines", "northlight", "Mon 9:00", minutes=25, diagnoses=("F31.81",), kind="medication"),
    _c("Thaddeus", "Birchall", "1983-05-28", "M", "ines", "cedar", "Mon 10:00", minutes=30, diagnoses=("F90.2",), modality="video", copay=3000),
    _c("Luz", "Muñoz-Hale", "1995-11-19", "F", "ines", "medicaid", "Mon 13:00", minutes=45, diagnoses=("F33.2",), copay=0),
    _c("Casimir", "Vance", "1966-08-02", "M", "ines", "medicare", "Tue 10:00", minutes=50, diagnoses=("F33.1",), copay=None, coinsurance=20, deductible=8000),
    _c("Elodie", "Farthing", "2003-03-23", "F", "ines", "northlight", "Tue 14:00", minutes=40, diagnoses=("F41.0",), modality="video"),
    _c("Wendell", "Ostrander", "1979-10-31", "M", "ines", "northlight", "Wed 9:00", minutes=50, diagnoses=("F11.20",), special="part2"),
    _c("Bronwyn", "Tallis", "1992-12-05", "F", "ines", "cedar", "Wed 11:00", diagnoses=("F32.2",), copay=3000),
    _c("Emeric", "Hathersage", "1987-06-16", "M", "ines", "northlight", "Thu 9:00", minutes=45, diagnoses=("F43.10",)),
    _c("Zinnia", "Rowntree", "1998-02-21", "F", "ines", "northlight", "Thu 13:00", diagnoses=("F41.1",), special="new"),
    _c("Auberon", "Skye", "1974-04-18", "M", "ines", "medicaid", "Fri 10:00", minutes=45, diagnoses=("F25.0",), copay=0),
    _c("Marguerite", "D'Ancourt", "1981-09-27", "F", "ines", "cedar", "Fri 11:00", minutes=50, modality="video", diagnoses=("F33.1",), copay=3000),
)  # fmt: skip

TOWNS = {
    "NY": (("Kingsbrook", "12401"), ("Fallow Creek", "12477"), ("Aldermere", "12498")),
    "CO": (("Larkspur Mesa", "80302"), ("Pinyon Flats", "80027"), ("Cold Spring Park", "80466")),
}
STREETS = ("Alder Row", "Fennel Lane", "Copperkettle Road", "Mill Pond Way", "Thistledown Drive", "Harrow Street")
