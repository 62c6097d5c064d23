"""Small public code sets a professional claim needs. Values only, in our own words.

Sources: USPS (states), CMS place of service code set, X12 005010X222A1 value lists. Diagnosis and procedure
codes are not here: they change by date and come in as arguments.
"""

from typing import Final


def _codes(*lines: str) -> frozenset[str]:
    return frozenset(code for line in lines for code in line.split())


STATES: Final = _codes(
    "AA AE AK AL AP AR AS AZ CA CO CT DC DE FL FM GA GU HI IA ID IL IN KS KY LA MA MD ME MH MI MN MO MP MS",
    "MT NC ND NE NH NJ NM NV NY OH OK OR PA PR RI SC SD TN TX UT VA VI VT WA WI WV WY",
)

PLACES_OF_SERVICE: Final = _codes(
    "01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 31 32 33 34 41 42 49",
    "50 51 52 53 54 55 56 57 58 60 61 62 65 66 71 72 81 99",
)

CLAIM_FILING_INDICATORS: Final = _codes(
    "11 12 13 14 15 16 17 AM BL CH CI DS FI HM LM MA MB MC OF TV VA WC ZZ"
)

#: Relationship of the patient to the subscriber (PAT01) when the patient is not the subscriber.
RELATIONSHIPS: Final = {
    "01": "spouse",
    "19": "child",
    "20": "employee",
    "21": "unknown",
    "39": "organ donor",
    "40": "cadaver donor",
    "53": "life partner",
    "G8": "other",
}

SEXES: Final = _codes("F M U")

#: Claim frequency (CLM05-3): 1 original, 7 replacement and 8 void of a claim the payer has adjudicated.
FREQUENCIES: Final = {"1": "original", "7": "replacement", "8": "void"}

#: Kinds of tax number (REF01 in loop 2010AA).
TAX_ID_KINDS: Final = {"EI": "employer identification number", "SY": "Social Security number"}

INTERCHANGE_ID_QUALIFIERS: Final = _codes("01 14 20 27 28 29 30 33 ZZ")
