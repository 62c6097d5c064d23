"""What each person may expect of each address, told by the table of rights alone."""

from enum import Enum

from django.http import HttpResponse

from attest.core.access import RIGHTS, Role
from tests.access.addresses import Address

NOT_THERE = {403, 404, 405}
"""Answers that give nothing away: refused, not there, or not in this way."""
ANSWERS = {200, 204, 302, 303, 400, 405, 409, 422}
"""Answers of somebody who was let in, to a request without a form's values."""

ALSO_TO_POST = {
    "practice:organization": "settings.edit",
}
"""Addresses whose page takes one right to see and another, too, to send."""


NOTHING_WITHOUT_VALUES = {"notes:templates_arrange"}
"""Addresses where sending nothing names nothing, and so finds nothing."""


class Reach(Enum):
    """Whose records a person gets to under an address."""

    REFUSED = "refused"
    ASKED_WHY = "asked for a reason first"
    OPENED = "only what was opened to them"
    OWN = "own"
    ALL = "all"


_REACHES = {
    "none": Reach.REFUSED,
    "opened": Reach.ASKED_WHY,
    "granted": Reach.OPENED,
    "own": Reach.OWN,
    "own+": Reach.OWN,
    "all": Reach.ALL,
}


def reach(address: Address, role: Role) -> Reach:
    """How far the table of rights lets the role under this address."""
    scope = RIGHTS[address.access].grants.get(role)
    return _REACHES["none" if scope is None else scope.value]


def may_send(address: Address, role: Role) -> bool:
    """Whether the role may also send what the page of this address holds."""
    also = ALSO_TO_POST.get(address.name)
    return also is None or role in RIGHTS[also].grants


def sent_to_login(response: HttpResponse) -> bool:
    """Whether the answer to somebody unknown is the way to the login, or that nobody may ask like that."""
    return response.status_code in (401, 405) or (
        response.status_code == 302 and response["Location"].startswith("/accounts/login/")
    )
