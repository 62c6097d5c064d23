"""Sentences for the demo's invented notes, put together differently for every session."""

from random import Random
from typing import Any

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


def note_content(
    random: Random, *, telehealth: bool, attendees: list[str], first_part: str = ""
) -> dict[str, Any]:
    """The fields of a note in SOAP or DAP, different each time; `first_part` stops half-way, as a draft would."""
    at_risk = random.random() < 0.08
    focus = random.choice(_FOCUS).format(trouble=random.choice(_TROUBLE), when=random.choice(_WHEN))
    content: dict[str, Any] = {
        "attendees": attendees,
        "focus": focus,
        "function": random.choice(_FUNCTION),
        "mental_status": random.choice(_MIND),
        "risk": "present" if at_risk else "denied",
        "risk_detail": _RISK if at_risk else "",
    }
    if first_part:
        return content
    return content | {
        "observations": random.choice(_SEEN),
        "measures": random.choice(_MEASURES),
        "interventions": random.choice(_DID),
        "response": random.choice(_RESPONSE),
        "progress": random.choice(["progressed", "progressed", "unchanged", "regressed"]),
        "progress_detail": random.choice(_GOAL),
        "necessity": random.choice(_NEED),
        "plan": random.choice(_PLAN),
        "telehealth": ["identity", "location", "consent", "privacy"] if telehealth else [],
    }
