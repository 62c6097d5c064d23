"""The policy record: every number these rules use, its default, and how far a practice may tighten it."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from types import MappingProxyType


class PolicyRefused(ValueError):
    """One or more numbers of a policy record are outside what a practice may choose.

    `sentences` maps the name of each refused number to a sentence a person can act on.
    """

    def __init__(self, sentences: Mapping[str, str]) -> None:
        super().__init__(" ".join(sentences.values()))
        self.sentences: Mapping[str, str] = MappingProxyType(dict(sentences))


@dataclass(frozen=True, slots=True)
class Limit:
    """How far one number may move: both ends are allowed. The looser end is always the default."""

    label: str
    lowest: int
    highest: int
    choice: bool = False
    """1 is yes, 0 is no."""


LIMITS: Mapping[str, Limit] = MappingProxyType(
    {
        "confirm_days": Limit("Days to confirm a session", 1, 30),
        "edit_hours": Limit("Hours to modify a confirmed session", 1, 48),
        "sign_hours": Limit("Hours to sign a note", 1, 72),
        "sign_hours_strict": Limit("Hours to sign a note for Medicare or Medicaid", 1, 48),
        "billing_hour": Limit("Hour of the day from which a client is billed", 9, 20),
        "reauth_hours": Limit("Hours until a signature asks for proof of identity again", 0, 12),
        "early_release_days": Limit("Days of filing time below which a claim leaves early", 5, 30),
        "verification_valid_days": Limit("Days a plan verification counts", 1, 30),
        "receipt_days": Limit("Days assumed between sending a claim and its receipt", 1, 10),
        "usual_session_minutes": Limit("Minutes above which a session is unusually long", 60, 90),
        "longest_session_hours": Limit("Hours above which actual times are refused", 2, 24),
        "evaluation_again_days": Limit("Days within which a second diagnostic evaluation warns", 180, 365),
        "same_times_in_a_row": Limit("Sessions in a row with equal minutes before a warning", 2, 5),
        "due_soon_percent": Limit("Percent of a window left from which it is due soon", 25, 75),
        "filing_alert_percent_first": Limit("Percent of filing time used at the first alert", 10, 50),
        "filing_alert_percent_second": Limit("Percent of filing time used at the second alert", 20, 75),
        "filing_alert_percent_last": Limit("Percent of filing time used at the last alert", 30, 90),
        "idle_minutes": Limit("Minutes without use until the screen is locked", 2, 15),
        "recovery_hours": Limit("Hours to wait before a lost second step is taken off a login", 24, 168),
        "emergency_minutes": Limit("Minutes a chart stays open in an emergency", 15, 60),
        "support_minutes": Limit("Minutes the practice stays open for support", 15, 120),
        "support_approval": Limit("Support comes in only after an admin has allowed it", 0, 1, choice=True),
        "open_charts": Limit("Every provider may read every chart of the practice", 0, 1, choice=True),
    }
)


@dataclass(frozen=True, slots=True)
class Policy:
    """The numbers of one practice. Each default is the loosest value allowed; a practice may only tighten.

    Only `open_charts` loosens: whether a provider reads more than their own clients is for the practice to say.

    Raises PolicyRefused with a sentence for every number that is not allowed, all at once.
    """

    confirm_days: int = 30
    """Confirming is allowed while the local date is at most this many days after the date of service."""
    edit_hours: int = 48
    """Elapsed hours after confirming in which the details can be modified."""
    sign_hours: int = 72
    """Elapsed hours after the actual stop in which a note is signed on time."""
    sign_hours_strict: int = 48
    """The same when any coverage belongs to Medicare or Medicaid, fee-for-service or managed."""
    billing_hour: int = 9
    """Local hour, on the day after confirming, from which the client may be charged."""
    reauth_hours: int = 12
    """A signature asks again for proof of identity older than this; 0 asks every time."""
    early_release_days: int = 5
    """With fewer days of filing time left, the edit window no longer holds the claim."""
    verification_valid_days: int = 30
    """A plan verified at most this many days before the date of service counts as verified."""
    receipt_days: int = 1
    """Filing limits are measured at receipt: a claim is assumed to arrive this many days after it leaves."""
    usual_session_minutes: int = 90
    """Above this, a service without an upper limit of its own warns."""
    longest_session_hours: int = 24
    """Actual times further apart than this are refused as a slip of the date."""
    evaluation_again_days: int = 180
    """A diagnostic evaluation fewer than this many days after the last one warns."""
    same_times_in_a_row: int = 5
    """This many sessions in a row with the very same minutes warn."""
    due_soon_percent: int = 25
    """A window is due soon when at most this share of it is left."""
    filing_alert_percent_first: int = 50
    filing_alert_percent_second: int = 75
    filing_alert_percent_last: int = 90
    idle_minutes: int = 15
    """Minutes without use after which the screen is locked and the login asks again who it is."""
    recovery_hours: int = 24
    """Hours between a person's confirming that their second factor is lost and its being taken off their login."""
    emergency_minutes: int = 60
    """Minutes for which a chart that is not one's own stays open in an emergency."""
    support_minutes: int = 120
    """Minutes for which a support agent's reason opens the practice."""
    support_approval: int = 0
    """1: a support agent's reason opens nothing until an admin of the practice has allowed it."""
    open_charts: int = 0
    """1: a provider reads the charts of colleagues' clients too. The one number that loosens, on purpose."""

    def __post_init__(self) -> None:
        refused = {f.name: s for f in fields(self) if (s := _refusal(f.name, getattr(self, f.name)))}
        if not refused and self.sign_hours_strict > self.sign_hours:
            refused["sign_hours_strict"] = (
                f"{LIMITS['sign_hours_strict'].label} cannot be more than the {self.sign_hours} hours "
                "of everybody else."
            )
        alerts = self.filing_alert_percents
        if not refused and not alerts[0] < alerts[1] < alerts[2]:
            refused["filing_alert_percent_second"] = "Each filing alert must come after the one before it."
        if refused:
            raise PolicyRefused(refused)

    @property
    def filing_alert_percents(self) -> tuple[int, int, int]:
        """Shares of the filing time used, in percent, at which somebody is told."""
        return (
            self.filing_alert_percent_first,
            self.filing_alert_percent_second,
            self.filing_alert_percent_last,
        )

    @classmethod
    def from_numbers(cls, numbers: Mapping[str, object]) -> "Policy":
        """A policy from stored or typed numbers; those left out keep their default.

        Accepts whole numbers and their text ("48"). Raises PolicyRefused for unknown names, anything
        that is not a whole number, and values looser than the default, naming every one of them.
        """
        known = {f.name for f in fields(cls)}
        refused = {name: f"There is no rule called {name}." for name in numbers if name not in known}
        taken: dict[str, int] = {}
        for name, value in numbers.items():
            if name in refused:
                continue
            number = _whole(value)
            sentence = f"{LIMITS[name].label}: a whole number is needed." if number is None else None
            if number is not None:
                taken[name] = number
                sentence = _refusal(name, number)
            if sentence:
                refused[name] = sentence
        if refused:
            raise PolicyRefused(refused)
        return cls(**taken)


LONGEST_NUMBER = 18
"""Digits of a typed number; a longer one is none that anybody meant."""


def _whole(value: object) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, str) and value.strip().isascii() and value.strip().isdecimal():
        return int(value.strip()) if len(value.strip()) <= LONGEST_NUMBER else None
    return None


def _refusal(name: str, value: int) -> str | None:
    limit = LIMITS[name]
    if limit.lowest <= value <= limit.highest:
        return None
    if limit.choice:
        return f"{limit.label}: answer yes or no."
    return f"{limit.label}: {value} is outside {limit.lowest} to {limit.highest}."


DEFAULT_POLICY = Policy()
