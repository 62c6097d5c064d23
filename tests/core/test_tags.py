"""The small pieces of every page say money, times, deadlines and states as people read them."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import engines
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from attest.core.templatetags.icons import icon, shapes
from attest.core.templatetags.money import money_text
from attest.core.templatetags.people import initials, shown_name
from attest.core.templatetags.times import deadline_text, range_text, span_text, zone_letters
from attest.policy.chips import CHIPS, Tone

NEW_YORK, LOS_ANGELES, PHOENIX = "America/New_York", "America/Los_Angeles", "America/Phoenix"
HONOLULU = "Pacific/Honolulu"
ZONES = [NEW_YORK, "America/Chicago", "America/Denver", PHOENIX, LOS_ANGELES, "America/Anchorage", HONOLULU]
NOW = datetime(2026, 11, 24, 11, 50, tzinfo=UTC)  # 6:50 AM in New York
CSS = Path(__file__).parents[2] / "frontend" / "src" / "css"


def draw(source: str, **context: Any) -> str:
    return engines["django"].from_string(source).render({"now": NOW, **context})


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", "", html).split())


# -- amounts --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cents", "said"),
    [
        (0, "$0.00"),
        (5, "$0.05"),
        (123450, "$1,234.50"),
        (-2500, "-$25.00"),
        (-5, "-$0.05"),
        (100000000, "$1,000,000.00"),
    ],
)
def test_cents_read_as_dollars(cents: int, said: str) -> None:
    assert money_text(cents) == said
    assert words(draw("{% money cents %}", cents=cents)) == said


@given(st.integers(-(10**12), 10**12))
def test_no_cent_is_lost_in_words(cents: int) -> None:
    said = money_text(cents)
    assert int(said.replace("$", "").replace(",", "").replace(".", "")) == cents


def test_an_estimate_is_always_called_one() -> None:
    assert words(draw("{% money 2500 estimate=True %}")) == "$25.00 (estimate)"


def test_no_amount_is_a_dash_and_not_zero() -> None:
    assert words(draw("{% money cents %}", cents=None)) == "—"


# -- deadlines ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("span", "said"),
    [
        (timedelta(seconds=20), "less than a minute"),
        (timedelta(minutes=40), "40 min"),
        (timedelta(hours=5, minutes=20), "5 h 20 min"),
        (timedelta(hours=6, minutes=20), "6 h"),
        (timedelta(hours=23, minutes=59), "23 h"),
        (timedelta(days=1), "1 day"),
        (timedelta(days=1, hours=10), "1 day 10 h"),
        (timedelta(days=2, hours=15, minutes=30), "2 days 15 h"),
        (timedelta(days=12, hours=3), "12 days"),
    ],
)
def test_time_left_has_at_most_two_units(span: timedelta, said: str) -> None:
    assert span_text(span) == span_text(-span) == said


@given(st.timedeltas(timedelta(0), timedelta(days=400)))
def test_time_left_is_never_overstated(span: timedelta) -> None:
    units = {"day": 86400, "days": 86400, "h": 3600, "min": 60}
    said = sum(int(n) * units[unit] for n, unit in re.findall(r"(\d+) (days?|h|min)\b", span_text(span)))
    assert said <= span.total_seconds()


def test_a_deadline_is_relative_and_absolute_together() -> None:
    due = datetime(2026, 11, 25, 21, 50, tzinfo=UTC)
    assert deadline_text(due, NEW_YORK, NOW) == ("in 1 day 10 h", "Wed 11/25, 4:50 PM ET")
    assert deadline_text(due, LOS_ANGELES, NOW) == ("in 1 day 10 h", "Wed 11/25, 1:50 PM PT")


def test_hours_left_are_elapsed_hours_over_the_night_the_clocks_change() -> None:
    now = datetime(2026, 10, 31, 23, 0, tzinfo=ZoneInfo(NEW_YORK))
    due = datetime(2026, 11, 1, 3, 0, tzinfo=ZoneInfo(NEW_YORK))
    assert deadline_text(due, NEW_YORK, now)[0] == "in 5 h"


def test_another_year_is_named() -> None:
    due = datetime(2027, 1, 4, 17, 0, tzinfo=UTC)
    assert deadline_text(due, NEW_YORK, NOW)[1] == "Mon 1/4/2027, 12:00 PM ET"


@pytest.mark.parametrize(
    ("left", "total", "css", "said"),
    [
        (timedelta(hours=18, minutes=1), timedelta(hours=72), 'class="deadline"', "in 18 h"),
        (timedelta(hours=18), timedelta(hours=72), 'class="deadline is-soon"', "in 18 h"),
        (timedelta(0), timedelta(hours=72), 'class="deadline is-soon"', "in less than a minute"),
        (timedelta(hours=-5), timedelta(hours=72), 'class="deadline is-past"', "5 h ago"),
        (timedelta(hours=18), timedelta(hours=48), 'class="deadline"', "in 18 h"),
    ],
)
def test_amber_under_a_quarter_left_and_red_when_past(
    left: timedelta, total: timedelta, css: str, said: str
) -> None:
    due = NOW + left
    html = draw("{% deadline due zone since=since %}", due=due, zone=NEW_YORK, since=due - total)
    assert css in html
    assert words(html).startswith(said)


def test_a_deadline_carries_its_instant_for_machines() -> None:
    html = draw("{% deadline due zone %}", due=datetime(2026, 11, 25, 21, 50, tzinfo=UTC), zone=NEW_YORK)
    assert 'datetime="2026-11-25T21:50:00+00:00"' in html


# -- times of day ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("instant", "zone", "letters"),
    [
        (datetime(2026, 11, 24, 15, tzinfo=UTC), NEW_YORK, "ET"),
        (datetime(2026, 7, 24, 15, tzinfo=UTC), NEW_YORK, "ET"),
        (datetime(2026, 11, 1, 5, 40, tzinfo=UTC), NEW_YORK, "EDT"),
        (datetime(2026, 11, 1, 6, 40, tzinfo=UTC), NEW_YORK, "EST"),
        (datetime(2026, 7, 24, 15, tzinfo=UTC), PHOENIX, "MST"),
        (datetime(2026, 7, 24, 15, tzinfo=UTC), "America/Denver", "MT"),
        (datetime(2026, 7, 24, 15, tzinfo=UTC), HONOLULU, "HST"),
        (datetime(2026, 7, 24, 15, tzinfo=UTC), "America/Anchorage", "AKT"),
    ],
)
def test_zone_letters_are_those_people_use(instant: datetime, zone: str, letters: str) -> None:
    assert zone_letters(instant, zone) == letters


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)), st.sampled_from(ZONES)
)
def test_every_instant_has_letters_that_are_no_offset(instant: datetime, zone: str) -> None:
    assert re.fullmatch(r"[A-Z]{2,4}", zone_letters(instant, zone))


def test_letters_appear_only_when_the_viewer_lives_by_another_clock() -> None:
    at = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
    source = "{% local_time at there %}"
    assert words(draw(source, at=at, there=NEW_YORK, zone=NEW_YORK)) == "10:00 AM"
    assert words(draw(source, at=at, there=LOS_ANGELES, zone=NEW_YORK)) == "7:00 AM PT"
    assert words(draw(source, at=at, there=NEW_YORK)) == "10:00 AM ET"


def test_arizona_and_denver_agree_in_winter_and_differ_in_summer() -> None:
    source = "{% local_time at there %}"
    winter, summer = (datetime(2026, month, 24, 17, 0, tzinfo=UTC) for month in (1, 7))
    assert words(draw(source, at=winter, there="America/Denver", zone=PHOENIX)) == "10:00 AM"
    assert words(draw(source, at=summer, there="America/Denver", zone=PHOENIX)) == "11:00 AM MT"


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        ((9, 0), (9, 53), "9:00 – 9:53 AM"),
        ((11, 30), (12, 15), "11:30 AM – 12:15 PM"),
        ((12, 0), (12, 53), "12:00 – 12:53 PM"),
        ((0, 5), (0, 50), "12:05 – 12:50 AM"),
    ],
)
def test_a_range_says_the_half_of_the_day_once(
    start: tuple[int, int], end: tuple[int, int], said: str
) -> None:
    assert range_text(datetime(2026, 11, 24, *start), datetime(2026, 11, 24, *end)) == said


def test_a_range_over_midnight_names_both_halves() -> None:
    assert range_text(datetime(2026, 11, 24, 23, 40), datetime(2026, 11, 25, 23, 10)) == (
        "11:40 PM – 11:10 PM"
    )


def test_a_range_over_the_change_of_clocks_names_both_clocks() -> None:
    html = draw(
        "{% local_range start end there %}",
        start=datetime(2026, 11, 1, 4, 40, tzinfo=UTC),
        end=datetime(2026, 11, 1, 6, 35, tzinfo=UTC),
        there=NEW_YORK,
        zone=NEW_YORK,
    )
    assert words(html) == "12:40 AM EDT – 1:35 AM EST"


def test_the_date_is_the_local_one() -> None:
    late = datetime(2026, 11, 25, 4, 30, tzinfo=UTC)
    assert words(draw("{% local_date at there %}", at=late, there=NEW_YORK)) == "11/24/2026"
    assert words(draw("{% local_day at there %}", at=late, there=NEW_YORK)) == "Tue, Nov 24, 2026"
    assert words(draw("{% local_moment at there %}", at=late, there=NEW_YORK, zone=NEW_YORK)) == (
        "11/24/2026, 11:30 PM"
    )


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="needs a time zone"):
        draw("{% local_time at there %}", at=datetime(2026, 11, 24, 9, 0), there=NEW_YORK)


# -- chips, icons, names --------------------------------------------------------------------------------


def test_every_state_has_a_chip_with_word_icon_and_colour() -> None:
    for state, chip in CHIPS.items():
        html = draw("{% chip state %}", state=state.value)
        assert words(html) == chip.word
        assert f"tone-{chip.tone.value}" in html
        assert "<svg" in html


def test_every_tone_has_its_colours_in_both_themes() -> None:
    css = (CSS / "themes.css").read_text()
    for tone in Tone:
        assert f".tone-{tone.value}" in css
    for name in re.findall(r"--line: var\((--[a-z]+-line)\)", css):
        assert css.count(f"{name}:") == 2


def test_an_icon_that_is_not_drawn_is_an_error_and_not_a_hole() -> None:
    with pytest.raises(LookupError):
        icon("no-such-icon")


def test_icons_are_plain_shapes_without_script_or_style() -> None:
    for name, inside in shapes().items():
        assert re.fullmatch(r"(<(path|circle|rect) [^<>]*/>)+", inside), name
        assert "style" not in inside


def test_a_client_is_called_by_the_preferred_name_and_by_initials_in_private() -> None:
    client = SimpleNamespace(
        legal_first_name="Luisa", legal_last_name="Herrera", preferred_name="Luis", pronouns="he/him"
    )
    assert shown_name(client) == "Luis Herrera"
    assert words(draw("{% person client %}", client=client, private=True)) == "L. H."
    assert words(draw("{% person client pronouns=True %}", client=client)) == "Luis Herrera (he/him)"


def test_a_name_is_never_taken_for_markup() -> None:
    client = SimpleNamespace(legal_first_name="<b>", legal_last_name="O'Neil", preferred_name="", pronouns="")
    assert "<b>" not in draw("{% person client %}", client=client)


def test_the_letters_on_the_disc_leave_credentials_out() -> None:
    assert initials("Morgan Reyes, LCSW") == "MR"
    assert initials("Cher") == "C"
    assert initials("") == ""


# -- forms and pages ------------------------------------------------------------------------------------


class Visit(forms.Form):
    name = forms.CharField(help_text="As on the insurance card.")
    place = forms.ChoiceField(choices=[("o", "Office"), ("t", "Telehealth")], widget=forms.RadioSelect)
    note = forms.CharField(required=False)
    affirmed = forms.BooleanField(label="These are the actual times")


def test_every_error_stands_beside_its_field_and_is_linked_from_the_top() -> None:
    form = Visit({})
    html = draw("{% error_summary form %}{% for bound in form %}{% field bound %}{% endfor %}", form=form)
    ids = set(re.findall(r'\bid="([^"]+)"', html))
    assert words(html).startswith("3 things to mend")
    for target in re.findall(r'<a href="#([^"]+)"', html):
        assert target in ids
    for described in re.findall(r'aria-describedby="([^"]+)"', html):
        assert set(described.split()) <= ids
    assert html.count('class="error"') == 3


def test_a_form_without_errors_has_no_summary() -> None:
    assert draw("{% error_summary form %}", form=Visit()) == ""


def test_what_may_be_left_empty_says_so() -> None:
    assert "(optional)" in words(draw("{% field form.note %}", form=Visit()))
    assert "(optional)" not in words(draw("{% field form.name %}", form=Visit()))


def test_every_control_has_a_label_of_its_own() -> None:
    html = draw("{% for bound in form %}{% field bound %}{% endfor %}", form=Visit())
    controls = set(re.findall(r'<input[^>]* id="([^"]+)"', html))
    assert controls <= set(re.findall(r'<label for="([^"]+)"', html))


def test_turning_the_page_keeps_the_filter() -> None:
    request = RequestFactory().get("/claims/", {"state": "denied", "page": "2"})
    page = Paginator(range(60), 25).page(2)
    html = engines["django"].from_string('{% pages page "claims" %}').render({"page": page}, request)
    assert words(html).startswith("26–50 of 60 claims")
    assert 'href="?state=denied&amp;page=1"' in html
    assert 'href="?state=denied&amp;page=3"' in html


def test_one_page_needs_no_turning() -> None:
    request = RequestFactory().get("/claims/")
    page = Paginator(range(3), 25).page(1)
    assert not engines["django"].from_string("{% pages page %}").render({"page": page}, request).strip()


def test_a_roadblock_says_who_acts_and_where_to_fix_it() -> None:
    block = SimpleNamespace(
        code="no_payment_method",
        sentence="No payment method is on file.",
        owner="client",
        severity="blocks",
    )
    html = draw('{% roadblock block "/fix/" "/what/" %}', block=block)
    assert "No payment method is on file." in html
    assert "Who acts: Client" in html
    assert 'href="/fix/"' in html and 'href="/what/"' in html
    assert "tone-lost" in html
