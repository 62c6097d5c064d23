"""A practice may tighten the numbers of its policy, and only where that makes sense."""

import pytest

from attest.policy.record import DEFAULT_POLICY, LIMITS, Policy, PolicyRefused


@pytest.mark.parametrize(
    ("number", "default"),
    [
        ("confirm_days", 30),
        ("edit_hours", 48),
        ("sign_hours", 72),
        ("sign_hours_strict", 48),
        ("billing_hour", 9),
        ("reauth_hours", 12),
        ("early_release_days", 5),
    ],
)
def test_the_defaults_are_the_published_ones(number: str, default: int) -> None:
    assert getattr(DEFAULT_POLICY, number) == default


@pytest.mark.parametrize("number", sorted(LIMITS))
def test_every_default_sits_at_its_looser_end(number: str) -> None:
    limit = LIMITS[number]
    assert getattr(DEFAULT_POLICY, number) in (limit.lowest, limit.highest)


@pytest.mark.parametrize(
    "tighter",
    [
        pytest.param({"confirm_days": 14}, id="confirm within two weeks"),
        pytest.param({"edit_hours": "24"}, id="edit for a day, given as text"),
        pytest.param({"sign_hours": 48, "sign_hours_strict": 24}, id="sign sooner"),
        pytest.param({"billing_hour": 10}, id="bill later in the day"),
        pytest.param({"reauth_hours": 0}, id="prove identity at every signature"),
        pytest.param({"early_release_days": 10}, id="leave more filing time"),
    ],
)
def test_tightening_is_taken(tighter: dict[str, object]) -> None:
    policy = Policy.from_numbers(tighter)
    for name, value in tighter.items():
        assert getattr(policy, name) == int(str(value))


@pytest.mark.parametrize(
    ("loose", "words"),
    [
        pytest.param({"confirm_days": 31}, "31 is outside 1 to 30", id="31 days to confirm"),
        pytest.param({"edit_hours": 49}, "49 is outside 1 to 48", id="49 hours to edit"),
        pytest.param({"sign_hours": 73}, "73 is outside 1 to 72", id="73 hours to sign"),
        pytest.param({"sign_hours_strict": 49}, "49 is outside 1 to 48", id="49 hours for Medicare"),
        pytest.param({"billing_hour": 8}, "8 is outside 9 to 20", id="billing at 8 AM"),
        pytest.param({"reauth_hours": 13}, "13 is outside 0 to 12", id="13 hours without proof"),
        pytest.param({"early_release_days": 4}, "4 is outside 5 to 30", id="less filing time"),
        pytest.param({"confirm_days": "soon"}, "a whole number is needed", id="words"),
        pytest.param({"confirm_days": -1}, "-1 is outside 1 to 30", id="negative"),
        pytest.param({"confirm_days": 14.5}, "a whole number is needed", id="a fraction"),
        pytest.param({"confirm_days": True}, "a whole number is needed", id="true"),
        pytest.param({"confirm_weeks": 2}, "no rule called confirm_weeks", id="an unknown rule"),
        pytest.param({"sign_hours": 24}, "cannot be more than the 24 hours", id="Medicare later than all"),
        pytest.param(
            {"filing_alert_percent_first": 50, "filing_alert_percent_second": 50},
            "must come after",
            id="two alerts at once",
        ),
    ],
)
def test_anything_looser_or_senseless_is_refused_with_a_sentence(
    loose: dict[str, object], words: str
) -> None:
    with pytest.raises(PolicyRefused, match=words):
        Policy.from_numbers(loose)


def test_every_refused_number_is_named_at_once() -> None:
    with pytest.raises(PolicyRefused) as refused:
        Policy.from_numbers({"confirm_days": 99, "edit_hours": "x", "colour": 1})
    assert set(refused.value.sentences) == {"confirm_days", "edit_hours", "colour"}
