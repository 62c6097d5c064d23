"""`make docs`: print the table of rights into `docs/rights.md`, from the code that enforces it."""

import os
from pathlib import Path

PAGE = Path(__file__).resolve().parents[1] / "docs/rights.md"
HEAD = """\
# Who may do what

Made by `make docs` from `RIGHTS` in `src/attest/core/access.py`, the table the product itself asks. Every address of
the product names one of these rights; an address that names none is opened by nobody.

*own*: the person's own clients and sessions. *all*: those of the whole practice. Empty: not at all.
A person with several roles may do what any of them may. *Leaves a trace*: opening such a page is written to the audit
trail, with who, when and whose chart.

"""
FOOT = """
What no role may do: read another practice's rows, change or delete a signed note, or remove a line of the audit trail.
Those three are refused by the database itself.

The role *support* is there for requests that later versions bring; so far it opens no page of a practice.
"""


def page() -> str:
    """The whole of `docs/rights.md`."""
    from attest.core.access import RIGHTS, Role, Scope

    lines = [
        f"| Right | {' | '.join(role.value.title() for role in Role)} | Leaves a trace |",
        f"|---|{':-:|' * len(Role)}:-:|",
    ]
    for name, right in RIGHTS.items():
        held = (right.grants.get(role, Scope.NONE) for role in Role)
        cells = ("" if scope is Scope.NONE else scope.value for scope in held)
        lines.append(f"| {right.meaning} (`{name}`) | {' | '.join(cells)} | {'yes' if right.chart else ''} |")
    return HEAD + "\n".join(lines) + "\n" + FOOT


def main() -> None:
    """Write the page. Needs no database."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "attest.config.settings")
    os.environ.setdefault("ATTEST_SECRET_KEY", "only-for-documents")
    import django

    django.setup()
    PAGE.write_text(page())


if __name__ == "__main__":
    main()
