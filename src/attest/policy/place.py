"""Where a session took place, and the place of service and modifiers that a claim carries for it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from .payer import PayerRule


class Modality(StrEnum):
    IN_PERSON = "in_person"
    VIDEO = "video"
    AUDIO_ONLY = "audio_only"

    @property
    def is_telehealth(self) -> bool:
        return self is not Modality.IN_PERSON


@dataclass(frozen=True, slots=True)
class Setting:
    """How and where a session is held. States are two letters, upper case.

    `client_at_home` and `client_state` belong to telehealth, `location_pos` (two digits) and
    `location_state` to a session in person. None or empty: not known.
    """

    modality: Modality
    client_at_home: bool | None = None
    client_state: str | None = None
    location_pos: str | None = None
    location_state: str | None = None

    @property
    def state(self) -> str | None:
        """The state the client is in during the session: where the provider needs a licence."""
        return self.client_state if self.modality.is_telehealth else self.location_state


MODIFIERS_MOST = 4
"""A claim line has room for four modifiers."""

PLAIN_RULE = PayerRule(effective_from=date.min)
"""What applies without a payer's own row: the usual telehealth values, for self-pay records too."""


@dataclass(frozen=True, slots=True)
class PlaceOfService:
    """`pos` is None while a fact is missing; `reason` says in words where it comes from, or what is
    missing. `paid` is False when the payer does not pay for this modality."""

    pos: str | None
    modifiers: tuple[str, ...]
    paid: bool
    reason: str


def place_of_service(setting: Setting, rule: PayerRule | None) -> PlaceOfService:
    """In person, the location's own place of service. By telehealth, what the payer's row in force says
    for a client at home or elsewhere, with its modifier for video or audio only."""
    if not setting.modality.is_telehealth:
        if not setting.location_pos:
            return PlaceOfService(None, (), True, "Choose the location: it says the place of service.")
        return PlaceOfService(
            setting.location_pos, (), True, f"In person → place of service {setting.location_pos}"
        )
    row = rule or PLAIN_RULE
    audio = setting.modality is Modality.AUDIO_ONLY
    modifier = row.audio_modifier if audio else row.video_modifier
    how = "Audio only" if audio else "Video"
    if setting.client_at_home is None:
        return PlaceOfService(
            None,
            (),
            modifier is not None,
            "Say whether the client was at home: it decides the place of service.",
        )
    pos = row.telehealth_pos_home if setting.client_at_home else row.telehealth_pos_other
    where = "at home" if setting.client_at_home else "not at home"
    if modifier is None:
        return PlaceOfService(pos, (), False, f"{how}, client {where}: this plan does not pay for it")
    words = f"{how}, client {where} → place of service {pos}"
    words += f", modifier {modifier}" if modifier else ", no modifier"
    return PlaceOfService(pos, (modifier,) if modifier else (), True, words)


def modifiers(
    *, licence: Iterable[str] = (), telehealth: Iterable[str] = (), informational: Iterable[str] = ()
) -> tuple[str, ...]:
    """Modifiers of a line in the order payers read them: pricing and licence, telehealth, informational.

    Empty ones and repetitions drop out. Raises ValueError for more than four.
    """
    ordered = tuple(dict.fromkeys(m for m in (*licence, *telehealth, *informational) if m))
    if len(ordered) > MODIFIERS_MOST:
        raise ValueError(f"A line carries at most {MODIFIERS_MOST} modifiers, these are {len(ordered)}.")
    return ordered
