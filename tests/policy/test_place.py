"""Place of service and modifiers follow the payer's row, never a literal in the logic."""

from datetime import date

import pytest

from attest.policy.payer import PayerRule
from attest.policy.place import Modality, Setting, modifiers, place_of_service

VIDEO, AUDIO, IN_PERSON = Modality.VIDEO, Modality.AUDIO_ONLY, Modality.IN_PERSON
SINCE = date(2026, 1, 1)
USUAL = PayerRule(SINCE)
NO_AUDIO = PayerRule(SINCE, audio_modifier=None)
ALWAYS_02 = PayerRule(SINCE, telehealth_pos_home="02", video_modifier="", audio_modifier="")


@pytest.mark.parametrize(
    ("modality", "at_home", "rule", "pos", "modifier"),
    [
        pytest.param(VIDEO, True, USUAL, "10", ("95",), id="video at home"),
        pytest.param(VIDEO, False, USUAL, "02", ("95",), id="video elsewhere"),
        pytest.param(AUDIO, True, USUAL, "10", ("93",), id="phone at home"),
        pytest.param(AUDIO, False, USUAL, "02", ("93",), id="phone elsewhere"),
        pytest.param(VIDEO, True, ALWAYS_02, "02", (), id="a payer that wants 02 and no modifier"),
        pytest.param(AUDIO, True, ALWAYS_02, "02", (), id="the same by phone"),
        pytest.param(VIDEO, True, None, "10", ("95",), id="no payer's row: the usual"),
    ],
)
def test_telehealth_follows_the_payers_row(
    modality: Modality, at_home: bool, rule: PayerRule | None, pos: str, modifier: tuple[str, ...]
) -> None:
    found = place_of_service(Setting(modality, client_at_home=at_home, client_state="NY"), rule)
    assert (found.pos, found.modifiers, found.paid) == (pos, modifier, True)
    assert pos in found.reason


@pytest.mark.parametrize("pos", ["11", "12", "53"])
def test_in_person_follows_the_location(pos: str) -> None:
    found = place_of_service(Setting(IN_PERSON, location_pos=pos, location_state="NY"), NO_AUDIO)
    assert (found.pos, found.modifiers, found.paid) == (pos, (), True)


def test_audio_only_that_a_payer_does_not_pay_is_said() -> None:
    found = place_of_service(Setting(AUDIO, client_at_home=True, client_state="NY"), NO_AUDIO)
    assert not found.paid
    assert found.reason == "Audio only, client at home: this plan does not pay for it"
    assert place_of_service(Setting(VIDEO, client_at_home=True, client_state="NY"), NO_AUDIO).paid


@pytest.mark.parametrize(
    ("setting", "reason"),
    [
        (Setting(VIDEO, client_state="NY"), "Say whether the client was at home"),
        (Setting(IN_PERSON), "Choose the location"),
        (Setting(IN_PERSON, location_pos=""), "Choose the location"),
    ],
)
def test_a_missing_fact_is_asked_instead_of_guessed(setting: Setting, reason: str) -> None:
    found = place_of_service(setting, USUAL)
    assert found.pos is None
    assert found.reason.startswith(reason)


@pytest.mark.parametrize(
    ("setting", "state"),
    [
        (Setting(VIDEO, client_state="CT", location_state="NY"), "CT"),
        (Setting(IN_PERSON, client_state="CT", location_state="NY"), "NY"),
        (Setting(VIDEO), None),
    ],
)
def test_the_licence_that_counts_is_that_of_where_the_client_is(setting: Setting, state: str | None) -> None:
    assert setting.state == state


def test_modifiers_keep_their_order_and_drop_repetitions() -> None:
    assert modifiers(licence=["HO"], telehealth=["95"], informational=["HJ", ""]) == ("HO", "95", "HJ")
    assert modifiers(licence=["95"], telehealth=["95"]) == ("95",)
    with pytest.raises(ValueError, match="at most 4"):
        modifiers(licence=["U1", "U2", "U3"], telehealth=["95"], informational=["HJ"])
