"""Sentences for the demo's invented notes, put together differently for every session."""

from collections.abc import Sequence
from random import Random
from typing import Any

from attest.notes.definition import Definition, Values

_FOCUS = (
    "Came in after a hard week: {trouble}. Says the worst moments were {when}.",
    "Wanted to talk about {trouble}. It has been on the client's mind {when}.",
    "Reports that {trouble}, mostly {when}, and feels worn out by it.",
    "Opened with {trouble}. Noticed it most {when}, less on days with a walk outside.",
)
_TROUBLE = (
    "worry about being let go at work",
    "waking at four and lying awake",
    "an argument with a sister that never cooled off",
    "panic on the way to the supermarket",
    "feeling numb around the children",
    "putting off three letters from the landlord",
    "replaying the accident at night",
    "checking the stove again and again",
    "pulling away from friends",
    "skipping lunch and then eating late at night",
    "snapping at colleagues",
    "grief coming up at the anniversary",
)
_WHEN = (
    "on Sunday evening",
    "before the team meeting",
    "in the early morning",
    "after phone calls with family",
    "in crowded places",
    "when the house goes quiet",
    "twice since the last session",
    "on most workdays",
)
_FUNCTION = (
    "Missed one day of work; kept the other appointments.",
    "Sleeps about five and a half hours; tired by noon.",
    "Avoids the highway, which makes the commute an hour longer.",
    "Has not answered messages from two friends for a week.",
    "Cooks again on most days; laundry still piles up.",
    "Concentration breaks off after ten minutes of reading.",
)
_DID = (
    "Cognitive restructuring: wrote down the thought, the evidence for and against it, and a fairer sentence.",
    "Graded exposure: planned the next two steps of the ladder and rehearsed the first in the room.",
    "Behavioral activation: chose three small activities and put them into the week's calendar.",
    "Paced breathing and grounding through the five senses, practiced until the tension dropped.",
    "Interpersonal work: role-played the talk with the sister, with and without interruption.",
    "Sleep restriction explained and a fixed rising time agreed on.",
    "Worked through one memory in imaginal exposure, fifteen minutes, then talked it through.",
)
_RESPONSE = (
    "Doubtful at first, then found the fairer sentence without help.",
    "Stayed with it although it was uncomfortable; said it got easier.",
    "Laughed at one point and noticed that the chest felt lighter.",
    "Needed a pause, then went on; wants to try it at home.",
    "Tension went from 7 to 4 by the client's own count.",
    "Asked good questions and wrote the steps down.",
)
_GOAL = (
    "Goal 1, fewer panic attacks: two this week, five a month ago.",
    "Goal 2, back to full working hours: now at four days.",
    "Goal 1, sleeping through: three of seven nights, one more than last time.",
    "Goal 3, time with friends: one visit, the first since summer.",
    "Goal 2, driving alone: took the county road twice.",
    "Goal 1, lower the PHQ-9 below 10: 11 today.",
)
_NEED = (
    "Symptoms still limit work and rest, and they ease while we practice: weekly treatment remains needed.",
    "Avoidance keeps the anxiety going; without guided exposure it is likely to widen again.",
    "Mood has lifted but is not steady yet; stopping now risks a relapse.",
)
_PLAN = (
    "Thought record on three days. Next session in a week.",
    "Step 3 of the ladder twice before we meet again.",
    "Walk after lunch, four days of seven. Look at the sleep diary next time.",
    "Write the letter to the sister, not to be sent. Same time next week.",
    "Practice the breathing morning and evening. Continue weekly.",
)
_MEASURES = (
    "PHQ-9: 11 (last 13).",
    "GAD-7: 9 (last 12).",
    "PHQ-9: 8 (last 11), item 9: 0.",
    "",
    "GAD-7: 12 (last 12).",
    "",
)
_SEEN = (
    "Spoke quickly at first, slower after twenty minutes.",
    "Came on time, dressed for work.",
    "",
    "Eye contact steady; hands restless.",
)
_MIND = (
    ["oriented", "mood_anxious", "affect_full", "thought_clear"],
    ["oriented", "mood_low", "affect_narrow", "thought_clear", "insight_good"],
    ["oriented", "mood_even", "affect_full", "thought_clear", "insight_good"],
    ["oriented", "mood_anxious", "tearful", "thought_clear"],
)
_RISK = (
    "Passing thoughts of not wanting to wake up, no plan, no means, no intent. Children and work protect. "
    "Safety plan read together and kept."
)


_OTHER: dict[str, tuple[str, ...]] = {
    "current_episode": (
        "Began eight months ago after a move; worse in the last six weeks, better on days with company.",
        "Since the spring, slowly at first; now on most days, strongest in the morning.",
    ),
    "prior_treatment": (
        "Counseling at college for a year, which helped; no stay in a hospital.",
        "None before. Tried an app for three months.",
    ),
    "medical_history": (
        "Seasonal allergies; sees a physician once a year.",
        "Migraine twice a month; no surgery.",
    ),
    "medications": (
        "Sertraline 50 mg each morning, taken as agreed; dry mouth at first, gone now.",
        "None besides ibuprofen now and then, asked today.",
        "Lamotrigine 100 mg twice a day, missed one dose this week; no rash.",
    ),
    "substances": (
        "Two glasses of wine on weekends; never smoked; no other drugs, asked one by one.",
        "Quit smoking four years ago; coffee, three cups; no alcohol since last year.",
    ),
    "family_history": (
        "Mother treated for depression. No suicide among relatives that the client knows of.",
    ),
    "social_history": (
        "Lives with a partner and a cat; works in an office; few friends nearby since the move.",
        "Shares a flat; studies part-time; calls a brother every Sunday.",
    ),
    "strengths": ("Keeps going to work; patient; a sister who can be called at any hour.",),
    "risk_history": ("Asked: no attempt, no self-harm, no violence, at any time.",),
    "diagnosis_evidence": (
        "Worry on more days than not for eight months, hard to stop, with poor sleep, tension and tiredness.",
        "Low mood and loss of interest for most of the day since spring, with sleep and appetite changed.",
    ),
    "capacity": ("Names what should be different and is willing to practice between sessions.",),
    "consent": ("Confidentiality and its limits, fees, cancellations and telehealth explained; agreed.",),
    "relation_to_dx": ("The quarrels set off the client’s symptoms; calmer talks at home lower them.",),
    "interaction": (
        "He explained at length, she fell silent; after a pause both could say one thing they had understood.",
        "Began with reproaches; by the end each had repeated the other’s request in their own words.",
    ),
    "precipitant": (
        "Lost the job this morning; the partner called because the client said that nothing matters.",
    ),
    "urgency": ("Thoughts of dying since noon, alone at home until the evening.",),
    "crisis_history": ("One crisis four years ago, then helped by a week at the sister’s.",),
    "mobilised": (
        "Sister called with consent at 2:20 PM, comes tonight and stays; crisis line number saved.",
    ),
    "safety_plan": (
        "Signs, three things that help, sister and crisis line; pills handed to the sister. Copy given.",
    ),
    "disposition_detail": ("Calmer, no intent now, not alone tonight; next session tomorrow.",),
    "em_assessment": (
        "Mood steadier on the present dose, sleep still short; weighed a change, decided to wait.",
    ),
    "prescriptions": ("Lamotrigine continued, 30 days, one refill; rash and missed doses talked through.",),
    "outreach": ("Called at ten past, left a message; wrote through the agreed address an hour later.",),
    "missed_risk": ("No danger known; last week’s session gave no reason to worry.",),
    "contact_about": (
        "The physician’s office asked for the date of the last visit; told with release.",
        "The school counselor reported two absent days and asked how to help; agreed on a quiet room.",
    ),
    "release": ("Release of information signed by the client, on file.",),
}
"""What stands in the fields that only some templates have."""
_CHOSEN = {
    "disposition": "home_with", "em_basis": "decision", "notice": "none", "fee_decision": "waived",
    "contact_with": "care", "contact_how": "phone",
}  # fmt: skip


def note_content(
    random: Random,
    definition: Definition,
    *,
    telehealth: bool = False,
    attendees: Sequence[str] = ("client",),
    goals: Sequence[str] = (),
    first_part: bool = False,
) -> Values:
    """What stands in a note of this template, different each time; `first_part` stops half-way, as a draft would.

    `goals` are those of the plan in force: some of them are tapped instead of progress being chosen.
    """
    at_risk = random.random() < 0.08
    said: dict[str, Any] = {
        "attendees": list(attendees),
        "focus": random.choice(_FOCUS).format(trouble=random.choice(_TROUBLE), when=random.choice(_WHEN)),
        "function": random.choice(_FUNCTION),
        "mental_status": random.choice(_MIND),
        "risk": "present" if at_risk else "denied",
        "risk_detail": _RISK if at_risk or definition.key == "crisis" else "",
    }
    if first_part:
        return {key: value for key, value in said.items() if key in definition.by_key()}
    tapped = {goal: random.choice(_STATES) for goal in goals if random.random() < 0.7}
    said |= {
        "observations": random.choice(_SEEN),
        "measures": random.choice(_MEASURES),
        "interventions": random.choice(_DID),
        "response": random.choice(_RESPONSE),
        "goal_progress": [f"{state}: {goal}" for goal, state in tapped.items()],
        "progress": "" if tapped else random.choice(_STATES),
        "progress_detail": random.choice(_GOAL),
        "necessity": random.choice(_NEED),
        "plan": random.choice(_PLAN),
        **{key: random.choice(words) for key, words in _OTHER.items()},
        **_CHOSEN,
    }
    if telehealth:
        said |= {
            "telehealth": ["identity", "location", "consent", "privacy"],
            "client_location": "At home, the address on file.",
            "others_present": "Nobody; door closed.",
            "emergency_plan": "Sister, number on file; the county crisis line.",
        }
    return {key: value for key, value in said.items() if key in definition.by_key()}


_STATES = ("progressed", "progressed", "unchanged", "regressed")
