"""What every kind of audit event is called for people: the one dictionary.

A phrase follows the name of who did it: "Maren Holt" + "opened {what}". `{what}` is the name of what the event is
about, made where names are known (`workspace/queries/trail.py`); `{right}` is what a right allows, in lower case.
`alone` is said instead where the event is about nothing in particular. A test fails for a kind that is recorded
anywhere without words here.
"""

from dataclasses import dataclass
from enum import StrEnum

from attest.core.access import RIGHTS


class Group(StrEnum):
    """What sort of event it is: the filter of the trail's page."""

    READ = "reads"
    CHANGE = "changes"
    REFUSED = "refusals"
    LOGIN = "logins"
    LET_IN = "let-in"
    TRAIL = "trail"

    @property
    def label(self) -> str:
        """The group's name on the page."""
        return _LABELS[self]


_LABELS = {
    Group.READ: "Reads",
    Group.CHANGE: "Changes",
    Group.REFUSED: "Refused or failed",
    Group.LOGIN: "Logins",
    Group.LET_IN: "Access given",
    Group.TRAIL: "The trail itself",
}


@dataclass(frozen=True, slots=True)
class Words:
    """A kind's group and phrases.

    `alone` empty: the phrase is said as it is. `by` is who did what nobody known to the product did.
    """

    group: Group
    phrase: str
    alone: str = ""
    by: str = "Attest"

    def said(self, what: str, right: str = "") -> str:
        """The phrase about `what` (a name, or empty). `right` is a permission of the table of rights."""
        phrase = self.phrase if what or not self.alone else self.alone
        meaning = RIGHTS[right].meaning if right in RIGHTS else ""
        return phrase.format(what=what or "a record", right=meaning[:1].lower() + meaning[1:])


_R, _C, _F, _L, _G, _T = (
    Group.READ,
    Group.CHANGE,
    Group.REFUSED,
    Group.LOGIN,
    Group.LET_IN,
    Group.TRAIL,
)

WORDS: dict[str, Words] = {
    # -- reads: each right to a chart, by its own name
    "session.view": Words(_R, "opened {what}", "opened sessions"),
    "session.confirm": Words(_R, "opened the confirm page of {what}", "opened a confirm page"),
    "note.read": Words(_R, "read the note of {what}", "read notes"),
    "note.write": Words(_R, "opened the note editor of {what}", "opened a note editor"),
    "client.view": Words(_R, "opened {what}", "opened the list of clients"),
    "log.view": Words(_R, "looked at who read {what}", "looked at an access log"),
    "diagnosis.view": Words(_R, "saw the diagnoses in {what}", "saw diagnoses"),
    "diagnosis.edit": Words(_R, "opened the diagnoses in {what}", "opened a page of diagnoses"),
    "claim.view": Words(_R, "opened {what}", "opened the list of claims"),
    "client.searched": Words(_R, "searched for clients"),
    "audit.view": Words(_R, "looked at the audit trail about {what}", "looked at the audit trail"),
    "client.log_given": Words(_R, "made the list of who read {what}, to be handed out"),
    "protection.view": Words(_R, "looked at the protection of sessions"),
    "packet.make": Words(_R, "looked at packets of the records of {what}", "looked at a packet of records"),
    "packet.asked": Words(_R, "asked for a packet of the records of {what}"),
    "packet.made": Words(_R, "put together a packet of the records of {what}"),
    "packet.taken": Words(_R, "took a packet of the records of {what}"),
    "packet.stopped": Words(_R, "stopped a packet of the records of {what}"),
    # -- refusals and failures
    "access.refused": Words(
        _F, "tried to {right} and was refused: {what}", "tried to {right} and was refused"
    ),
    "access.not_found": Words(
        _F,
        "tried to {right} and found nothing they may see: {what}",
        "tried to {right} and found nothing they may see",
    ),
    "action.refused": Words(
        _F, "tried to {right} and was told why not: {what}", "tried to {right} and was told why not"
    ),
    "action.failed": Words(
        _F,
        "tried to {right} and met a fault of the product: {what}",
        "tried to {right} and met a fault of the product",
    ),
    "emergency.not_found": Words(_F, "looked for a client in an emergency and found nobody"),
    "login.failed": Words(_F, "failed at {what}", by="Somebody"),
    # -- sessions, notes, claims, money
    "session.scheduled": Words(_C, "scheduled {what}"),
    "session.moved": Words(_C, "moved {what}"),
    "session.edited": Words(_C, "changed how {what} is booked"),
    "session.cancelled": Words(_C, "cancelled {what}"),
    "session.not_held": Words(_C, "marked {what} as not having taken place"),
    "session.reopened": Words(_C, "marked {what} as having taken place after all"),
    "session.closed": Words(_C, "closed {what} as not billable"),
    "session.confirmed": Words(_C, "confirmed {what}"),
    "note.started": Words(_C, "started {what}"),
    "note.template_switched": Words(_C, "changed the template of {what}"),
    "note.discarded": Words(_C, "discarded {what}"),
    "note.signed": Words(_C, "signed {what}"),
    "note.addendum": Words(_C, "signed an addition to {what}"),
    "note.exported": Words(
        _R, "exported {what} into a file", "exported a note into a file", by="Whoever runs the server"
    ),
    "note.uploaded": Words(_C, "handed in a file as the note of {what}"),
    "note.upload_withdrawn": Words(_C, "took back the file handed in for {what}"),
    "snippet.kept": Words(_C, "kept a snippet for notes"),
    "snippet.thrown_away": Words(_C, "threw a snippet for notes away"),
    "note.delivered": Words(_C, "handed in the note that was owed for {what}"),
    "note_template.installed": Words(_C, "installed a note template"),
    "note_template.copied": Words(_C, "made a note template of their own"),
    "note_template.changed": Words(_C, "changed a note template"),
    "note_template.arranged": Words(_C, "arranged the note templates"),
    "note_template.hidden": Words(_C, "hid a note template"),
    "note_template.shown": Words(_C, "showed a note template again"),
    "treatment_plan.started": Words(_C, "started a treatment plan in {what}"),
    "treatment_plan.ended": Words(_C, "ended a treatment plan in {what}"),
    "claim.hold_ended": Words(_C, "ended a wait of {what}"),
    "claim.hold_moved": Words(_C, "moved the end of a wait of {what}"),
    "claim.ready": Words(_C, "made {what} ready to be sent"),
    "claims.sent": Words(_C, "sent claims in a file"),
    "charge.open": Words(_C, "made the client’s share of {what} due"),
    # -- clients
    "client.created": Words(_C, "created {what}"),
    "client.updated": Words(_C, "changed {what}"),
    "client.handed_over": Words(_C, "handed {what} over to another provider"),
    "client.handed_back": Words(_C, "gave {what} back to the provider who handed it over"),
    "clients.handed_over": Words(_C, "handed over the clients of {what}"),
    "clients.handed_back": Words(_C, "took back a handing over of the clients of {what}"),
    "session.handed_over": Words(_C, "handed {what} over to another provider"),
    "coverage.added": Words(_C, "added a plan to {what}"),
    "coverage.updated": Words(_C, "changed a plan in {what}"),
    "coverage.verified": Words(_C, "recorded in {what} that a plan is verified"),
    "coverage.failed": Words(_C, "recorded in {what} that a plan could not be verified"),
    "payment_method.added": Words(_C, "added a payment method to {what}"),
    "payment_method.default": Words(_C, "chose the payment method in {what}"),
    "payment_method.removed": Words(_C, "removed a payment method from {what}"),
    "diagnosis.added": Words(_C, "added a diagnosis to {what}"),
    "diagnosis.resolved": Words(_C, "resolved a diagnosis in {what}"),
    "form.acknowledged": Words(_C, "recorded in {what} that a form was acknowledged"),
    "form.published": Words(_C, "published a version of a standard form"),
    # -- the practice
    "organization.created": Words(_C, "created the practice"),
    "organization.updated": Words(_C, "changed the practice’s facts"),
    "keys.rotated": Words(_C, "replaced the practice’s keys", by="Whoever runs the server"),
    "policy.set": Words(_C, "set the policy numbers"),
    "location.added": Words(_C, "added {what}", "added a location"),
    "location.updated": Words(_C, "changed {what}", "changed a location"),
    "member.added": Words(_C, "added {what}"),
    "member.invited": Words(_C, "invited somebody"),
    "member.invited_again": Words(_C, "sent an invitation again"),
    "member.invitation_withdrawn": Words(_C, "withdrew an invitation"),
    "member.joined": Words(_C, "accepted an invitation"),
    "member.updated": Words(_C, "changed {what}"),
    "provider.added": Words(_C, "added {what}"),
    "provider.updated": Words(_C, "changed {what}"),
    "licence.added": Words(_C, "added a licence"),
    "licence.updated": Words(_C, "changed a licence"),
    "payer.added": Words(_C, "added {what}"),
    "payer.updated": Words(_C, "changed {what}"),
    "payer.rule_set": Words(_C, "set rules of {what}"),
    "contract.added": Words(_C, "added a contract"),
    "contract.updated": Words(_C, "changed a contract"),
    "fee.set": Words(_C, "set a fee"),
    "service.added": Words(_C, "added a service"),
    "service.updated": Words(_C, "changed a service"),
    "service.imported": Words(_C, "imported services"),
    # -- who was let in
    "grant.given": Words(_G, "opened {what} to a colleague", "opened charts to a colleague"),
    "grant.ended": Words(_G, "closed {what} to a colleague again", "closed charts to a colleague again"),
    "emergency.opened": Words(_G, "opened {what} in an emergency"),
    "emergency.ended": Words(_G, "ended the emergency access to {what}"),
    "emergency.reviewed": Words(_G, "reviewed the emergency access to {what}"),
    "support.asked": Words(_G, "asked to be let in for support"),
    "support.opened": Words(_G, "opened the practice for support"),
    "support.allowed": Words(_G, "let support in"),
    "support.ended": Words(_G, "ended the access of support"),
    # -- logins
    "login.succeeded": Words(_L, "signed in"),
    "login.ended": Words(_L, "ended a login"),
    "login.proven_again": Words(_L, "proved again who they are"),
    "login.factor_added": Words(_L, "added a second factor"),
    "login.factor_removed": Words(_L, "removed a second factor"),
    "login.codes_renewed": Words(_L, "made new recovery codes"),
    "login.password_changed": Words(_L, "changed their password"),
    "login.password_reset": Words(_L, "set a new password by a link", by="Somebody"),
    "login.provider_connected": Words(_L, "connected an identity provider"),
    "login.provider_disconnected": Words(_L, "disconnected an identity provider"),
    "recovery.started": Words(_L, "began to take a lost second step off {what}"),
    "recovery.confirmed": Words(_L, "confirmed that the second step of {what} is lost"),
    "recovery.stopped": Words(_L, "stopped taking the second step off {what}", by="Somebody by a link"),
    "recovery.done": Words(_L, "took the second step off {what}"),
    "recovery.done_on_server": Words(_L, "took the second step off {what}", by="Whoever runs the server"),
    # -- the trail
    "audit.verified": Words(_T, "checked the audit trail"),
    "audit.file_mended": Words(_T, "added lines that the file of checkpoints lacked"),
    "audit.exported": Words(_T, "exported the audit trail", by="Whoever runs the server"),
}


def kinds_of(group: Group) -> list[str]:
    """The kinds of a group."""
    return [kind for kind, words in WORDS.items() if words.group is group]


def words_of(kind: str) -> Words:
    """The words of a kind; for one that was recorded by another version, the kind itself."""
    return WORDS.get(kind) or Words(Group.CHANGE, f"did “{kind}” to {{what}}", f"did “{kind}”")
