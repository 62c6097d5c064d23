"""A practice orders, hides, copies and changes templates; what payers ask for stays, and notes keep their version."""

import re
from copy import deepcopy
from html import unescape
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client as Browser
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from attest.calendar.models import Session
from attest.core.models import AuditEvent
from attest.notes.actions import (
    arrange_templates,
    change_template,
    copy_template,
    hide_template,
    install_templates,
    start_draft,
)
from attest.notes.actions.own_templates import must_stay, refuse_lost_facts
from attest.notes.choosing import offers_for
from attest.notes.definition import BadDefinition, Definition, Purpose, shipped
from attest.notes.models import NoteTemplate
from attest.notes.problems import TemplateRefused
from attest.notes.queries import current_templates, template_by_key
from attest.notes.template_form import pressed, sections_of
from tests.factories import Made, browser_of, make_practice, make_session
from tests.notes.conftest import COMPLETE, drafted, signed

pytestmark = pytest.mark.django_db


def soap(made: Made) -> NoteTemplate:
    template = template_by_key(made.organization.pk, "soap")
    assert template is not None
    return template


def copied(made: Made, name: str = "Our SOAP") -> NoteTemplate:
    return copy_template(template=soap(made), name=name, by=made.by)


def field(data: dict[str, Any], key: str) -> dict[str, Any]:
    return next(item for section in data["sections"] for item in section["fields"] if item["key"] == key)


def without(data: dict[str, Any], key: str) -> dict[str, Any]:
    data = deepcopy(data)
    for section in data["sections"]:
        section["fields"] = [item for item in section["fields"] if item["key"] != key]
    return data


def test_a_copy_is_the_practices_own_and_the_original_stays(made: Made) -> None:
    with made.inside():
        copy = copied(made)
        assert (copy.key, copy.version, copy.own, copy.based_on) == ("own_1", 1, True, "soap")
        assert copy.parsed.sections == soap(made).parsed.sections
        assert copied(made, "Another").key == "own_2"
        with pytest.raises(TemplateRefused, match="called “our soap” already"):
            copied(made, "our soap")
        with pytest.raises(TemplateRefused, match="comes with the product"):
            change_template(template=soap(made), definition=soap(made).definition, by=made.by)
        assert AuditEvent.objects.filter(kind="note_template.copied").count() == 2


def test_a_change_is_a_new_version_and_a_draft_keeps_the_one_it_was_begun_in(
    made: Made, session: Session
) -> None:
    with made.inside():
        copy = copied(made)
        draft = start_draft(session=session, template=copy, by_member=made.clinician)
        data = deepcopy(copy.definition)
        field(data, "focus")["label"] = "In the client's words"
        data["sections"][0]["fields"].append({"key": "own_1", "label": "Homework done?", "kind": "text"})
        newer = change_template(template=copy, definition=data, by=made.by)
        assert (newer.key, newer.version, newer.own) == ("own_1", 2, True)
        assert change_template(template=newer, definition=data, by=made.by) == newer
        draft.refresh_from_db()
        assert draft.template == copy
        assert template_by_key(made.organization.pk, "own_1") == newer
        with pytest.raises(TemplateRefused, match="Somebody changed"):
            change_template(template=copy, definition=data | {"about": "Else."}, by=made.by)
        assert install_templates(made.organization, by=made.by) == []


def test_a_version_never_changes(made: Made) -> None:
    with made.inside():
        copied(made)
        with pytest.raises(DatabaseError), transaction.atomic():
            NoteTemplate.objects.update(name="Other")


@pytest.mark.parametrize(
    "key", ["risk", "risk_detail", "attendees", "mental_status", "interventions", "plan"]
)
def test_what_a_payer_or_the_law_asks_for_stays(made: Made, key: str) -> None:
    with made.inside():
        copy = copied(made)
        with pytest.raises(TemplateRefused, match="stays: a payer or the law"):
            change_template(template=copy, definition=without(copy.definition, key), by=made.by)
        optional = deepcopy(copy.definition)
        field(optional, key).pop("required", None)
        field(optional, key).pop("required_when", None)
        with pytest.raises(TemplateRefused, match="stays needed"):
            change_template(template=copy, definition=optional, by=made.by)


def test_what_is_optional_can_go_or_be_asked_for(made: Made) -> None:
    with made.inside():
        copy = copied(made)
        data = without(copy.definition, "measures")
        field(data, "observations")["required"] = True
        newer = change_template(template=copy, definition=data, by=made.by)
        assert "measures" not in newer.parsed.by_key()
        assert newer.parsed.by_key()["observations"].required


@pytest.mark.parametrize(
    ("key", "change", "sentence"),
    [
        ("mental_status", {"options": [{"key": "normal", "label": "All normal"}]}, "keeps its answers"),
        ("focus", {"kind": "choice", "options": [{"key": "a", "label": "A"}]}, "keeps its answers"),
        ("observations", {"prefill": "last_note.observations"}, "keeps its answers"),
        ("observations", {"key": "shadow"}, "does not belong"),
        ("observations", {"key": "own_5", "risk": True}, "text or choices"),
        ("observations", {"kind": "mood"}, "not a whole template yet"),
    ],
)
def test_a_field_of_the_original_keeps_its_meaning(
    made: Made, key: str, change: dict[str, Any], sentence: str
) -> None:
    with made.inside():
        copy = copied(made)
        data = deepcopy(copy.definition)
        field(data, key).update(change)
        with pytest.raises(TemplateRefused, match=sentence):
            change_template(template=copy, definition=data, by=made.by)


def test_a_copy_stays_the_kind_of_note_it_is(made: Made) -> None:
    with made.inside():
        contact = template_by_key(made.organization.pk, "contact")
        assert contact is not None
        copy = copy_template(template=contact, name="Calls", by=made.by)
        with pytest.raises(TemplateRefused, match="What kind of note"):
            change_template(template=copy, definition=copy.definition | {"billable": True}, by=made.by)


def test_the_practices_order_and_what_it_hides_hold_wherever_templates_are_offered(
    made: Made, session: Session
) -> None:
    with made.inside():
        arrange_templates(organization_id=made.organization.pk, keys=["girp", "dap"], by=made.by)
        assert [one.key for one in current_templates(made.organization.pk)][:3] == ["girp", "dap", "soap"]
        dap = template_by_key(made.organization.pk, "dap")
        assert dap is not None
        hide_template(template=dap, hidden=True, by=made.by)
        assert "dap" not in [one.key for one in current_templates(made.organization.pk)]
        assert "dap" not in [offer.template.key for offer in offers_for(session)]
        assert "dap" in [one.key for one in current_templates(made.organization.pk, with_hidden=True)]
        assert install_templates(made.organization, by=made.by) == []
        hide_template(template=dap, hidden=False, by=made.by)
        assert [one.key for one in current_templates(made.organization.pk)][:2] == ["girp", "dap"]


def test_one_template_for_sessions_always_stays_visible(made: Made) -> None:
    with made.inside():
        with pytest.raises(TemplateRefused, match="has to stay"):
            for template in current_templates(made.organization.pk):
                hide_template(template=template, hidden=True, by=made.by)
        kept = [one.parsed.purpose for one in current_templates(made.organization.pk)]
        assert kept.count(Purpose.PROGRESS) == 1


def test_another_practice_has_its_own_templates_alone(made: Made) -> None:
    other = make_practice()
    with made.inside():
        copied(made)
    with other.inside():
        assert not NoteTemplate.objects.filter(own=True).exists()
    page = browser_of(other.admin).get(reverse("notes:template", args=[other.slug, "own_1"]))
    assert page.status_code == 404


# -- what is offered ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "em", "chip", "key", "why"),
    [
        ("individual", False, "scheduled", "soap", "for individual"),
        ("intake", False, "scheduled", "intake", "for intake"),
        ("crisis", False, "scheduled", "crisis", "for crisis"),
        ("group", False, "scheduled", "group", "for group"),
        ("family", False, "scheduled", "family", "for couple or family"),
        ("medication", False, "scheduled", "em_therapy", "for medication management"),
        ("individual", True, "scheduled", "em_therapy", "for an E/M code"),
        ("individual", False, "no_show", "missed", "for a session that was not held"),
    ],
)
def test_the_template_made_for_the_session_is_suggested(
    made: Made, kind: str, em: bool, chip: str, key: str, why: str
) -> None:
    session = make_session(made.client, kind=kind, chip=chip)
    with made.inside():
        first, *others = offers_for(session, em=em)
        assert (first.template.key, first.suggested, first.why) == (key, True, why)
        assert not any(offer.suggested for offer in others)
        assert "contact" not in [offer.template.key for offer in others]


def test_the_one_used_last_for_this_client_goes_before_the_practices_first(
    made: Made, session: Session
) -> None:
    later = make_session(made.client)
    crisis = make_session(made.client, kind="crisis")
    with made.inside():
        signed(made, drafted(made, session, template="birp"))
        first = offers_for(later)[0]
        assert (first.template.key, first.why) == ("birp", "as last time")
        assert offers_for(crisis)[0].template.key == "crisis"


def test_nothing_that_is_not_billable_is_offered_where_a_session_is_confirmed(
    made: Made, session: Session
) -> None:
    with made.inside():
        assert all(offer.template.parsed.billable for offer in offers_for(session, billable=True))


# -- the pages -----------------------------------------------------------------------------------------------


def url(made: Made, name: str, *ids: str) -> str:
    return reverse(f"notes:{name}", args=[made.slug, *ids])


def form_of(page: Any) -> dict[str, Any]:
    """Every field of the form as a browser without scripts would send it, in order."""
    html = page.content.decode()
    html = html[html.index('<form method="post" class="stack"') :]
    sent: dict[str, list[str]] = {}
    pattern = r'<input type="(hidden|text|checkbox)"([^>]*)>|<textarea([^>]*)>\n?([^<]*)</textarea>'
    for kind, rest, area, words in re.findall(pattern, html):
        name = re.search(r'name="([^"]*)"', rest or area)
        value = re.search(r'value="([^"]*)"', rest)
        if name is None or name[1] == "csrfmiddlewaretoken" or (kind == "checkbox" and "checked" not in rest):
            continue
        sent.setdefault(name[1], []).append(unescape(words if area else value[1] if value else "on"))
    return sent


def test_an_admin_copies_changes_and_saves_without_any_script(made: Made) -> None:
    browser = browser_of(made.admin)
    page = browser.post(url(made, "template_copy", "soap"), {"name": "Evening SOAP"}, follow=True)
    assert "“Evening SOAP” is yours to change." in page.content.decode()
    page = browser.post(url(made, "template_edit", "own_1"), form_of(page) | {"press": "choice:s:plan"})
    assert page.status_code == 200
    sent = form_of(page) | {
        "label-f-own_1": "Homework",
        "options-f-own_1": "Done\nPartly\nNot done",
        "required-f-own_1": "on",
        "label-f-focus": "In their words",
    }
    page = browser.post(url(made, "template_edit", "own_1"), sent | {"press": "up:f:own_1"})
    page = browser.post(url(made, "template_edit", "own_1"), form_of(page), follow=True)
    assert "Saved as version 2." in page.content.decode()
    with made.inside():
        newest = template_by_key(made.organization.pk, "own_1")
        assert newest is not None
        own = newest.parsed.by_key()["own_1"]
        assert [option.label for option in own.options] == ["Done", "Partly", "Not done"]
        assert own.required
        assert newest.parsed.by_key()["focus"].label == "In their words"
        plan = next(section for section in newest.parsed.sections if section.key == "plan")
        assert [item.key for item in plan.fields] == ["own_1", "plan"]


def test_a_form_that_cannot_be_saved_keeps_what_was_typed(made: Made) -> None:
    browser = browser_of(made.admin)
    page = browser.post(url(made, "template_copy", "soap"), {"name": "Ours"}, follow=True)
    page = browser.post(url(made, "template_edit", "own_1"), form_of(page) | {"press": "choice:s:plan"})
    page = browser.post(url(made, "template_edit", "own_1"), form_of(page) | {"label-f-own_1": "Kept words"})
    assert page.status_code == 422
    assert "Kept words" in page.content.decode()


def test_the_unchanged_form_makes_no_version(made: Made) -> None:
    browser = browser_of(made.admin)
    for data in shipped():
        browser.post(url(made, "template_copy", data["key"]), {"name": f"Our {data['name']}"})
    with made.inside():
        own = [one for one in current_templates(made.organization.pk) if one.own]
    assert len(own) == len(shipped())
    for template in own:
        page = browser.get(url(made, "template_edit", template.key))
        page = browser.post(url(made, "template_edit", template.key), form_of(page), follow=True)
        assert "Nothing was changed." in page.content.decode(), template.name


@pytest.mark.parametrize("who", ["clinician", "admin"])
def test_everybody_looks_and_only_admins_change(made: Made, who: str) -> None:
    browser: Browser = browser_of(getattr(made, who))
    listed = browser.get(url(made, "templates")).content.decode()
    assert "E/M with psychotherapy" in listed
    assert ("Move SOAP down" in listed) is (who == "admin")
    assert browser.get(url(made, "template", "group")).status_code == 200
    changes = browser.post(url(made, "templates_arrange"), {"press": "down:soap"})
    assert changes.status_code == (303 if who == "admin" else 403)
    with made.inside():
        first = current_templates(made.organization.pk)[0].key
        assert first == ("dap" if who == "admin" else "soap")


@given(
    presses=st.lists(
        st.tuples(
            st.sampled_from(["up", "down", "remove", "text", "choice"]),
            st.sampled_from(
                ["f:focus", "f:risk", "f:measures", "f:own_1", "s:plan", "s:telehealth", "s:nowhere", ""]
            ),
        ),
        max_size=12,
    )
)
def test_whatever_is_pressed_the_form_can_show_it_and_nothing_that_stays_is_lost_by_moving(
    presses: list[tuple[str, str]],
) -> None:
    data = next(one for one in shipped() if one["key"] == "soap")
    original = Definition.parse(data)
    for act, place in presses:
        data = pressed(data, f"{act}:{place}")
        assert all(part.fields for part in sections_of(data, original))
    removed = {place.removeprefix("f:") for act, place in presses if act == "remove"}
    kept = {item["key"] for section in data["sections"] for item in section["fields"]}
    assert {item.key for item in original.fields if must_stay(item)} - kept <= removed
    try:
        refuse_lost_facts(Definition.parse(data), original)
    except (BadDefinition, TemplateRefused):
        assert removed or any(act == "choice" for act, _ in presses)


def test_a_note_in_an_own_template_is_signed_like_any_other(made: Made, session: Session) -> None:
    with made.inside():
        copied(made)
        version = signed(made, drafted(made, session, template="own_1"))
        assert version.content["focus"] == COMPLETE["focus"]
