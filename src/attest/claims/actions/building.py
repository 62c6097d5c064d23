"""Building the claim of a session that is being confirmed."""

from datetime import datetime
from uuid import UUID

from attest.claims.actions.releasing import schedule_release, window_standing
from attest.claims.basis import ClaimBasis
from attest.claims.models import Claim, Hold
from attest.claims.snapshot import facts_of
from attest.core.ids import new_id
from attest.core.models import insert
from attest.policy.release import ReleaseState

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Digits and letters without those that are misread: no I, L, O, U."""
NUMBER_LENGTH = 12


def build(basis: ClaimBasis) -> Claim:
    """Build the claim of a confirmation, held: every fact is copied, nothing is looked up again later.

    It is held while the session can still be modified, and while the payer wants a signed note that is not
    there. With fewer days of filing time left than the policy wants, the first hold is left out and the claim
    becomes ready as soon as a worker is free. Runs within the caller's transaction, which holds the session's
    lock. Raises IntegrityError when the session has an unsent claim already or the total is not above zero.
    """
    claim_id = new_id()
    number = patient_control_number(claim_id)
    claim = Claim(
        id=claim_id,
        organization_id=basis.organization.pk,
        session=basis.session,
        provider=basis.provider,
        payer=basis.payer,
        coverage=basis.coverage,
        number=number,
        date_of_service=basis.date_of_service,
        total_cents=basis.total_cents,
        facts=facts_of(basis, number=number),
        file_by=basis.file_by,
        confirmed_at=basis.confirmed_at,
        built_at=basis.confirmed_at,
    )
    insert(claim)
    window = window_standing(claim, now=basis.confirmed_at, policy=basis.policy)
    holds = []
    if window.state is ReleaseState.EDIT_HOLD:
        holds.append(_hold(claim, "edit_window", "It waits for a time after confirming.", window.leaves_at))
    wants_note = basis.rule is not None and basis.rule.requires_signed_note
    if wants_note and not basis.note_standing.satisfies_signature:
        holds.append(_hold(claim, "signature", "This plan wants a signed note before the claim.", None))
    insert(*holds)
    schedule_release(claim, window)
    return claim


def patient_control_number(claim_id: UUID) -> str:
    """The number by which payers answer about a claim (CLM01, at most 20 characters): twelve letters and digits
    made of the random part of the claim's id. It says nothing of the client and is the same in every file."""
    value, letters = claim_id.int, []
    for _ in range(NUMBER_LENGTH):
        value, rest = divmod(value, len(_ALPHABET))
        letters.append(_ALPHABET[rest])
    return "".join(reversed(letters))


def _hold(claim: Claim, kind: str, reason: str, until: datetime | None) -> Hold:
    return Hold(
        organization_id=claim.organization_id,
        claim=claim,
        kind=kind,
        reason=reason,
        opened_at=claim.confirmed_at,
        until=until,
    )
