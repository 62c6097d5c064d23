"""Every picture of the tour, in the order of the work, and the page that shows the chosen ones."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CHOSEN = ROOT / "docs/tour"
"""Committed: the pictures that tell most."""
ALL = ROOT / ".build/tour"
"""Not committed: every picture in every look, to be looked through."""


class Look(StrEnum):
    """How a screen is drawn."""

    LIGHT = "light"
    DARK = "dark"
    PHONE = "phone"
    PHONE_DARK = "phone-dark"

    @property
    def words(self) -> str:
        return {
            Look.LIGHT: "",
            Look.DARK: "in the dark theme",
            Look.PHONE: "on a phone",
            Look.PHONE_DARK: "on a phone, dark",
        }[self]


@dataclass(frozen=True, slots=True)
class Picture:
    """A screen as one person sees it. `chosen` are the looks that are committed and shown in the documents."""

    name: str
    caption: str
    chosen: tuple[Look, ...] = ()

    def file(self, look: Look) -> str:
        """Its file name in that look."""
        return f"{self.name}.png" if look is Look.LIGHT else f"{self.name}-{look}.png"


@dataclass(frozen=True, slots=True)
class Chapter:
    """A stretch of the work."""

    title: str
    text: str
    pictures: tuple[Picture, ...]


LIGHT, DARK, PHONE, PHONE_DARK = Look.LIGHT, Look.DARK, Look.PHONE, Look.PHONE_DARK

CHAPTERS = (
    Chapter(
        "Coming in",
        "The demo's practice is invented, and so is everybody in it. Its login page lets you come in as any of them.",
        (Picture("sign-in", "The login page of the demo, one button for each role.", (LIGHT,)),),
    ),
    Chapter(
        "Calendar",
        "The day begins here. Each session says in one word where it stands, and what is owed stands above it.",
        (
            Picture(
                "calendar",
                "A therapist's week. Amber ones wait to be confirmed; a red mark: something is in the way.",
                (LIGHT, DARK, PHONE),
            ),
            Picture("calendar-day", "The day."),
            Picture("calendar-month", "The month.", (LIGHT,)),
            Picture("calendar-list", "The same week as a list."),
            Picture("calendar-all", "The admin sees every provider's week.", (LIGHT,)),
            Picture("session", "One press on a session opens it beside the calendar.", (LIGHT,)),
            Picture(
                "session-blocked",
                "What is in the way, who must act, and a link to where it is mended.",
                (LIGHT, PHONE),
            ),
            Picture("roadblock", "Every roadblock can say what it is about."),
            Picture("session-booked", "A session still to come."),
            Picture("session-new", "Scheduling a session."),
            Picture("session-cancel", "Cancelling one says what follows."),
            Picture("todo", "To do: everything owed, the most urgent first.", (LIGHT, PHONE_DARK)),
            Picture("protection", "Which sessions are protected, which are not, and what would change it.", (LIGHT,)),
        ),
    ),
    Chapter(
        "Confirm",
        "What happened, in five short parts. Everything typed is saved as it is typed.",
        (
            Picture(
                "confirm",
                "Times come from the calendar and are affirmed; the code follows from the minutes, with the reason.",
                (LIGHT, PHONE),
            ),
            Picture("confirm-missing", "Pressed too early, it says everything that is missing, and goes there."),
        ),
    ),
    Chapter(
        "Note",
        "The template opens in place. The client's last note and the checks stand beside it.",
        (
            Picture("confirm-note", "Writing the note on the confirm page.", (LIGHT,)),
            Picture(
                "confirm-ready",
                "Before the one press: what is signed, what the claim says and when it leaves, what the client owes.",
                (LIGHT, DARK),
            ),
            Picture("session-confirmed", "After it: note signed, claim built, dates set.", (LIGHT,)),
            Picture("note-signed", "The signed note. It can be added to, never changed.", (LIGHT,)),
            Picture("note-last", "The note by itself, beside the client's last one.", (LIGHT,)),
            Picture("note-checks", "The same with its checks: sentences, never a score."),
        ),
    ),
    Chapter(
        "Claim",
        "Built in the same moment, held while the edit window is open, then ready to leave in an X12 837P file.",
        (
            Picture("claim", "The claim in plain words, and the segment that carries each of them.", (LIGHT,)),
            Picture("claims", "All claims: what needs attention, what has not left, what is on its way.", (LIGHT,)),
            Picture("claims-ready", "48 hours later (the demo's clock was moved): the claim is ready.", (LIGHT,)),
        ),
    ),
    Chapter(
        "Due money",
        "The client's share falls due the day after. This version does not charge cards, and says so.",
        (
            Picture("money-due", "A client's money: what is due, why, and what is still to come.", (LIGHT,)),
            Picture("session-due", "The session with the client's share due."),
        ),
    ),
    Chapter(
        "Clients",
        "Whether a client is ready for the next session is seen before it, not after.",
        (
            Picture("clients", "Insurance, forms and payment of every client at a glance.", (LIGHT,)),
            Picture("client", "A client's page.", (LIGHT,)),
            Picture("client-sessions", "Their sessions."),
            Picture("client-notes", "Their notes."),
            Picture("client-plan", "The treatment plan in force, its goals, and those before it.", (LIGHT,)),
            Picture("client-log", "Who read the record, when and why."),
            Picture("packets", "Packets of records, for an audit or when the client asks."),
            Picture("client-coverage", "Their plans and payment methods."),
            Picture("client-forms", "The forms they acknowledged."),
            Picture("client-edit", "Mending a client."),
            Picture("plan", "A plan."),
            Picture("payment-method", "A payment method: only what may be shown of it."),
            Picture("forms-sign", "Recording what a client acknowledged."),
            Picture("diagnoses", "Diagnoses of the chart, found by code or words."),
        ),
    ),
    Chapter(
        "Settings",
        "Whatever differs between practices and payers is data that the practice keeps itself.",
        (
            Picture("settings", "Everything that can be set, with what still needs attention.", (LIGHT,)),
            Picture("payer", "A payer's rules, dated: filing limit, telehealth, signed note.", (LIGHT,)),
            Picture("policy", "The practice's own limits: tighter than the defaults, never looser.", (LIGHT,)),
            Picture("provider", "A provider with licences, contracts and fees.", (LIGHT,)),
            Picture("practice", "The practice's own facts."),
            Picture("locations", "Locations."),
            Picture("payers", "Payers."),
            Picture("payer-rule", "New rules from a date on."),
            Picture("fees", "Fees of a provider with one payer."),
            Picture("services", "The service catalogue: rows of data."),
            Picture("services-import", "Importing the catalogue from a CSV file."),
            Picture("members", "Who may come in, as what."),
            Picture("access", "Who was let into charts that are not theirs."),
            Picture("note-templates", "The practice's note templates: ordered, hidden, copied, changed."),
            Picture("audit", "The audit trail: who read, changed or was refused what.", (LIGHT,)),
            Picture("forms", "The practice's standard forms."),
            Picture("diagnosis-codes", "The table of diagnosis codes."),
        ),
    ),
    Chapter(
        "Other roles",
        "Everybody sees the least they need. [The whole table](../rights.md).",
        (
            Picture("provider-west", "A prescriber in another time zone."),
            Picture("admin-session", "The admin opens a session and sees no note."),
            Picture("biller-claims", "The biller's list of claims, over all providers."),
            Picture("biller-session", "The biller's view of the same session: claim and money, no note.", (LIGHT,)),
            Picture("biller-refused", "What the biller gets for the address of a note."),
            Picture("auditor-note", "The auditor reads everything and changes nothing."),
            Picture("support-reason", "Support says why before it sees anything."),
            Picture("support-calendar", "Then it sees a calendar and nothing clinical, for two hours."),
            Picture("auditor-settings", "Settings as they look to somebody who may not change them."),
        ),
    ),
)  # fmt: skip

PICTURES = {picture.name: picture for chapter in CHAPTERS for picture in chapter.pictures}


def chosen_files() -> list[str]:
    """The file names of all committed pictures, in order."""
    return [picture.file(look) for picture in PICTURES.values() for look in picture.chosen]


def gallery() -> str:
    """`docs/tour/README.md`: the chosen pictures with their captions, in the order of the work."""
    parts = [
        "# A tour\n",
        "Made by `make tour` from the demo; every name, number and plan in it is invented. "
        "The same command leaves every screen in four looks (desktop and phone, light and dark) in `.build/tour/`.\n",
    ]
    for chapter in CHAPTERS:
        parts.append(f"## {chapter.title}\n\n{chapter.text}\n")
        for picture in chapter.pictures:
            for look in picture.chosen:
                words = f"{picture.caption} ({look.words})" if look.words else picture.caption
                width = ' width="390"' if look in (PHONE, PHONE_DARK) else ""
                shown = f'<img src="{picture.file(look)}" alt="{picture.caption}"{width}>'
                parts.append(f"{shown}\n\n*{words}*\n")
    return "\n".join(parts)
