"""`make docs`: print the table of rights into `docs/rights.md`, from the code that enforces it."""

import os
from pathlib import Path

PAGE = Path(__file__).resolve().parents[1] / "docs/rights.md"
HEAD = """\
# Who may do what

Made by `make docs` from `RIGHTS` in `src/attest/core/access.py`, the table the product itself asks. Every address of
the product names one of these rights; an address that names none is opened by nobody.

- *own*: the sessions the person holds, the clients who are theirs.
- *own+*: own; of their own clients also what others held; and the charts that were opened to them. Reading only.
- *granted*: nothing but charts that were opened to them.
- *opened*: the whole practice, for a while, after stating a reason; before that, nothing.
- *all*: the whole practice. Empty: not at all.

A person with several roles may do what any of them may. *Leaves a trace*: opening such a page is written to the audit
trail, with who, when and whose chart.

"""
FOOT = """
What no role may do: read another practice's rows, change or delete a signed note, or remove a line of the audit trail.
Those three are refused by the database itself.

## Charts that are not one's own

What a scope means for one record is said in one place, `src/attest/core/reach.py`.

**A grant** lets a provider read one client's chart, or those of all clients of a colleague, from a day to a day. The
client's own provider gives it for one chart (*Client → Who may see this chart*), an admin for one or all (*Settings →
Access and grants*); nobody gives one to themselves. Notes are opened to an admin by the client's own provider alone.
The one who is let in and the one whose client it is get a notice.

**In an emergency** a provider or admin opens a chart themselves: with the exact name, the birth date and a reason,
for {emergency} minutes, to read. There is nothing to browse, and after {tries} names that are nobody's the page stays
shut for an hour. The admins and the client's provider get a notice at once, and an admin marks it as reviewed
afterwards; not their own, while there is another admin.

**A practice may open its charts** to all its providers, for reading (*Settings → Policy numbers*). It is off unless
the practice chooses it.

**Support** has no page of a practice before stating a reason. Then, for {support} minutes, it sees sessions, claims
and who clients are: never a note, never a diagnosis, and it changes nothing. The admins get a notice and can end it;
a practice may want to allow each time first.

**A handover** makes clients those of another provider, with their sessions to come. The new provider reads the chart
with what others held before; the former one keeps what they held, to confirm and to sign, until their login is
closed.

Whatever is read by a grant, in an emergency or for support bears its id in the audit trail. The lengths above are the
longest a practice can choose; it can choose shorter ones.

The role *client* opens nothing yet: there is no page for clients in this version, and the role cannot be given.
"""


def page() -> str:
    """The whole of `docs/rights.md`."""
    from attest.clients.views.access import MOST_TRIES
    from attest.core.access import RIGHTS, Role, Scope
    from attest.policy.record import DEFAULT_POLICY

    lines = [
        f"| Right | {' | '.join(role.value.title() for role in Role)} | Leaves a trace |",
        f"|---|{':-:|' * len(Role)}:-:|",
    ]
    for name, right in RIGHTS.items():
        held = (right.grants.get(role, Scope.NONE) for role in Role)
        cells = ("" if scope is Scope.NONE else scope.value for scope in held)
        lines.append(f"| {right.meaning} (`{name}`) | {' | '.join(cells)} | {'yes' if right.chart else ''} |")
    foot = FOOT.format(
        emergency=DEFAULT_POLICY.emergency_minutes, tries=MOST_TRIES, support=DEFAULT_POLICY.support_minutes
    )
    return HEAD + "\n".join(lines) + "\n" + foot


def main() -> None:
    """Write the page. Needs no database."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "attest.config.settings")
    os.environ.setdefault("ATTEST_SECRET_KEY", "only-for-documents")
    import django

    django.setup()
    PAGE.write_text(page())


if __name__ == "__main__":
    main()
