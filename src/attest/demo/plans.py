"""The demo's treatment plans: most clients have one, some are due for review, a few are missing."""

from datetime import date
from random import Random

from attest.clients.models import Client
from attest.core import clock
from attest.notes import actions as notes
from attest.notes.client_notes import header_without_session
from attest.notes.definition import Values
from attest.notes.header import header_digest
from attest.notes.models import NoteVersion
from attest.notes.queries import content_digest, template_by_key
from attest.practice.organization import Member

_GOALS = (
    ("Sleep through the night", "Five of seven nights by the sleep diary", "Rises at the same time each day",
     "Sleep restriction, worry time"),
    ("Go to work on all days", "No day missed for a month", "Starts with the hardest task", "Behavioral activation"),
    ("See friends again", "One visit a week", "Writes to one friend each Sunday", "Interpersonal work"),
    ("Use the highway", "Twice a week without turning back", "One step of the ladder a week", "Graded exposure"),
    ("Lower the PHQ-9 below 10", "PHQ-9 every fourth session", "Walks after lunch", "Cognitive restructuring"),
    ("Speak up in meetings", "One sentence in each meeting", "Notes the sentence beforehand", "Role play"),
    ("Eat three meals", "Six of seven days by the record", "Plans the week on Sunday", "Meal support, CBT-E"),
)  # fmt: skip
_PROBLEMS = (
    "Worries for hours a day, sleeps five hours, avoids calls and the highway.",
    "Has withdrawn from friends and hobbies; gets up late; cries on most days.",
    "Startles at noise, dreams of the accident, no longer drives alone.",
)


def has_plan(number: int) -> bool:
    """Whether the client of this number in the cast has a treatment plan at all."""
    return number % 8 != 7


def review_in(number: int) -> str:
    """When that client's plan is looked at again: some soon enough to be due or overdue by now."""
    return ("days_90", "days_60", "days_90", "days_30", "days_180")[number % 5]


def plan_content(random: Random, number: int, on: date) -> Values:
    """What stands in a treatment plan, different for each client."""
    goals = random.sample(_GOALS, 2 + number % 2)
    return {
        "diagnosis_evidence": "Symptoms on most days for over half a year, with work and sleep impaired; see intake.",
        "problem": random.choice(_PROBLEMS),
        "strengths": "Reliable, curious, a sister close by.",
        "plan_risk": "No danger known today; knows the crisis line.",
        "plan_goals": [
            cell
            for goal, measure, step, method in goals
            for cell in (goal, measure, step, method, "weekly, six months", "open")
        ],
        "therapy_type": "Individual psychotherapy, cognitive behavioral",
        "session_length": "50 to 55 minutes",
        "session_frequency": "Once a week",
        "duration": "Six months",
        "review_in": review_in(number),
        "agreement": "signed" if number % 3 else "verbal",
        "agreed_on": on.isoformat(),
    }


def write_about(
    client: Client, member: Member, key: str, values: Values, *, review: bool = False
) -> NoteVersion:
    """Write and sign a note about the client without a session; `review` begins with the plan in force."""
    template = template_by_key(client.organization_id, key)
    assert template is not None
    note = notes.start_client_note(client=client, template=template, by_member=member, review=review)
    note = notes.save_draft(note_id=note.pk, values=values, revision=note.revision, by_member=member)
    return notes.sign_client_note(
        note_id=note.pk,
        seen_digest=content_digest(note),
        seen_header=header_digest(header_without_session(note)),
        by_member=member,
        proof_at=clock.real_now(),
    )
