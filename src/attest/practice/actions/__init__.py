"""Every write to a practice's own records: one function a use case, each in the caller's transaction.

They take the acting user's id as `by`, leave an audit event, and raise `Refused` with a sentence for each field.
All but `create_organization` run inside the organization's wall.
"""

from attest.practice.actions.invitations import (
    accept_as_known,
    accept_as_new,
    invitation_of,
    invite,
    invite_again,
    withdraw_invitation,
)
from attest.practice.actions.notices import (
    admins_of,
    carry_notices_with,
    mark_notices_read,
    members_who_are,
    tell,
)
from attest.practice.actions.organization import (
    create_organization,
    on_new_organization,
    set_policy_numbers,
    update_organization,
)
from attest.practice.actions.payers import (
    add_contract,
    add_payer,
    set_fee,
    set_payer_rule,
    update_contract,
    update_payer,
)
from attest.practice.actions.people import (
    add_licence,
    add_member,
    add_provider,
    update_licence,
    update_member,
    update_provider,
)
from attest.practice.actions.places import add_location, update_location
from attest.practice.actions.recovery import (
    confirm_recovery,
    open_recoveries,
    recover_on_the_server,
    recovery_by,
    recovery_to_stop,
    start_recovery,
    stop_recovery,
)
from attest.practice.actions.services import (
    ImportRefused,
    LineProblem,
    add_service,
    import_services,
    update_service,
)
from attest.practice.actions.support import allow_support, end_support, open_for_support, reason_refused
from attest.practice.refusal import Refused

__all__ = [
    "ImportRefused",
    "LineProblem",
    "Refused",
    "accept_as_known",
    "accept_as_new",
    "add_contract",
    "add_licence",
    "add_location",
    "add_member",
    "add_payer",
    "add_provider",
    "add_service",
    "admins_of",
    "allow_support",
    "carry_notices_with",
    "confirm_recovery",
    "create_organization",
    "end_support",
    "import_services",
    "invitation_of",
    "invite",
    "invite_again",
    "mark_notices_read",
    "members_who_are",
    "on_new_organization",
    "open_for_support",
    "open_recoveries",
    "reason_refused",
    "recover_on_the_server",
    "recovery_by",
    "recovery_to_stop",
    "set_fee",
    "set_payer_rule",
    "set_policy_numbers",
    "start_recovery",
    "stop_recovery",
    "tell",
    "update_contract",
    "update_licence",
    "update_location",
    "update_member",
    "update_organization",
    "update_payer",
    "update_provider",
    "update_service",
    "withdraw_invitation",
]
