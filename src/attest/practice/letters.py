"""What a practice writes to its people by e-mail: invitations, notices, and the way back for a lost second factor."""

from datetime import timedelta

from attest.core.letters import letter

DAY = timedelta(days=1)

letter(
    "member.invited",
    "{who} invites you to {practice}",
    """
Hello {person},

{who} invites you to work in {practice} with Attest, its practice software.

Open this page to accept. It works once, until {until}:
{link}

If you do not know {practice}, do nothing.
""",
    useful_for=7 * DAY,
)
letter(
    "notice",
    "There is something for you in {practice}",
    """
Hello {person},

{practice} has something to tell you in Attest. Sign in to read it:
{link}
""",
    useful_for=7 * DAY,
)
letter(
    "recovery.confirm",
    "Get back into your login: confirm it is you",
    """
Hello {person},

{who} of {practice} started to take the second step off your login to Attest, because you told them that you lost it.
Nothing happens unless you confirm it yourself, with your password, until {until}:
{link}

If you did not ask for this, stop it here, and change your password:
{stop_link}
""",
    useful_for=2 * DAY,
)
letter(
    "recovery.started",
    "A second step is about to be taken off a login",
    """
{who} of {practice} started to take the second step off the login of {person}, who has to confirm it from their own
e-mail. You are told because you are an admin.

If this should not happen, stop it here:
{stop_link}
""",
    useful_for=2 * DAY,
)
letter(
    "recovery.waiting",
    "A second step will be taken off a login on {until}",
    """
The login of {person} was confirmed to have lost its second step. It will be taken off on {until}; after that,
{person} signs in with the password alone once and sets up a new one.

If this should not happen, stop it here:
{stop_link}
""",
    useful_for=7 * DAY,
)
letter(
    "recovery.stopped",
    "A second step stays as it is",
    """
Taking the second step off the login of {person} was stopped. Everything stays as it was.
""",
    useful_for=7 * DAY,
)
letter(
    "recovery.done",
    "A second step was taken off a login",
    """
The second step was taken off the login of {person}, and every place where it was signed in was signed out. The next
time, {person} signs in with the password alone and sets up a new second step:
{link}

If you did not expect this, tell an admin of {practice} at once.
""",
    useful_for=7 * DAY,
)
