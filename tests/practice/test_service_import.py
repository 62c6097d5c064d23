"""Importing the service catalogue: every wrong line is named, and then nothing is saved."""

import csv
import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from attest.policy.catalogue import ServiceKind
from attest.practice import actions
from attest.practice.actions.services import Imported
from attest.practice.models import ServiceCode
from attest.practice.queries import catalogue
from tests.factories import SERVICES_CSV, Made, make_practice

pytestmark = pytest.mark.django_db

HEADER = "code,label,kind,minutes_from,minutes_to,addon_to,prescriber_only"


@pytest.fixture
def made() -> Made:
    return make_practice()


def load(made: Made, text: str) -> Imported:
    with made.inside():
        return actions.import_services(organization_id=made.organization.pk, text=text, by=made.by)


def problems(made: Made, *lines: str, header: str = HEADER) -> list[tuple[int, str]]:
    with made.inside():
        before = list(ServiceCode.objects.order_by("code").values())
        with pytest.raises(actions.ImportRefused) as refusal:
            text = "\n".join([header, *lines])
            actions.import_services(organization_id=made.organization.pk, text=text, by=made.by)
        assert list(ServiceCode.objects.order_by("code").values()) == before
    return [(problem.line, problem.sentence) for problem in refusal.value.problems]


def test_rows_are_added_or_changed_by_their_code_and_others_stay(made: Made) -> None:
    done = load(made, f"{HEADER}\n90837,My hour,psychotherapy,53,,,no\n98000,New,other,,,,no\n")
    assert (done.added, done.changed) == (1, 1)
    with made.inside():
        rows = {row.code: row.label for row in catalogue(made.organization.pk)}
    assert rows["90837"] == "My hour" and rows["98000"] == "New" and rows["90834"] == "Therapy 45"


def test_the_usual_table_reads_as_the_rules_need_it(made: Made) -> None:
    load(made, SERVICES_CSV)
    with made.inside():
        rows = {row.code: row for row in catalogue(made.organization.pk)}
    assert (rows["90834"].minutes_from, rows["90834"].minutes_to) == (38, 52)
    assert rows["90840"].units_for(105) == 2 and rows["90840"].units_a_day is None
    assert not rows["90791"].timed and rows["90837"].timed
    assert rows["90792"].prescriber_only and not rows["90791"].prescriber_only
    assert rows["90785"].is_addon


def test_the_short_table_knows_which_kinds_minutes_do_not_decide(made: Made) -> None:
    load(made, f"{HEADER}\n90791,Evaluation,diagnostic_evaluation,16,90,,no\n90832,T,psychotherapy,16,37,,no")
    with made.inside():
        rows = {row.code: row for row in catalogue(made.organization.pk)}
    assert not rows["90791"].timed and rows["90832"].timed


def test_every_wrong_line_is_named_with_its_number_and_a_sentence(made: Made) -> None:
    found = problems(
        made,
        "90837,Hour,psychotherapy,53,,,no",
        "9083,Short code,psychotherapy,,,,no",
        "",
        "90834,,psychotherapy,38,52,,no",
        "90832,Half,therapy,16,37,,no",
        "90847,Family,family_with_client,50,26,,no",
        "90846,Family,family_without_client,many,,,perhaps",
        "90837,Again,psychotherapy,53,,,no",
        "90785,Complex,interactive_complexity,,,emm,no",
        "90853,Group,group",
    )
    assert [line for line, _ in found] == [3, 5, 6, 7, 8, 8, 9, 10, 11]
    sentences = [sentence for _, sentence in found]
    assert sentences[0] == "A code has five characters."
    assert sentences[1] == "Label is needed."
    assert sentences[2].startswith("“therapy” is not a kind of service. The kinds are: crisis,")
    assert sentences[3] == "minutes_to (26) is below minutes_from (50)."
    assert "“many” in minutes_from is not a whole number" in sentences[4]
    assert sentences[5] == "“perhaps” in prescriber_only is neither yes nor no."
    assert sentences[6] == "90837 is on line 2 already."
    assert "nothing can be added to it" in sentences[7]
    assert sentences[8] == "This line has 3 columns, the header has 7."


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "holds no services"),
        (HEADER, "holds no services"),
        ("code,label\n90837,Hour", "The column “kind” is missing."),
        ("code,label,kind,price\n90837,Hour,other,5", "The column “price” is not known."),
        ("code,label,kind,kind\n90837,Hour,other,other", "The column “kind” is there twice."),
        (f'{HEADER}\n90837,"Hour,psychotherapy,53,,,no', "quotation marks"),
        (f"{HEADER}\n90837,Hour,psychotherapy", "This line has 3 columns, the header has 7."),
        ("PK\0\3binary", "not a text file"),
    ],
)
def test_a_table_that_cannot_be_read_is_refused_with_a_reason(made: Made, text: str, sentence: str) -> None:
    with made.inside(), pytest.raises(actions.ImportRefused) as refusal:
        actions.import_services(organization_id=made.organization.pk, text=text, by=made.by)
    assert sentence in refusal.value.problems[0].sentence


codes = st.from_regex(r"[A-Z0-9]{5}", fullmatch=True)
rows = st.fixed_dictionaries(
    {
        "code": codes,
        "label": st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=60),
        "kind": st.sampled_from([kind.value for kind in ServiceKind]),
        "minutes_from": st.one_of(st.just(""), st.integers(1, 60).map(str)),
        "minutes_to": st.one_of(st.just(""), st.integers(60, 1440).map(str)),
        "addon_to": st.lists(st.sampled_from([k.value for k in ServiceKind]), max_size=3).map(" ".join),
        "prescriber_only": st.sampled_from(["yes", "no", "", "Y", "0"]),
    }
)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(table=st.lists(rows, min_size=1, max_size=8, unique_by=lambda row: row["code"]))
def test_every_well_formed_table_is_taken_as_it_stands(made: Made, table: list[dict[str, str]]) -> None:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(table[0]))
    writer.writeheader()
    writer.writerows(table)
    load(made, out.getvalue())
    with made.inside():
        known = {row.code: row for row in catalogue(made.organization.pk)}
    for row in table:
        assert known[row["code"]].label == row["label"].strip()
        assert str(known[row["code"]].minutes_from or "") == row["minutes_from"]
        assert set(known[row["code"]].addon_to or ()) == set(row["addon_to"].split())


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(text=st.text(max_size=200))
def test_no_text_whatever_breaks_the_import(made: Made, text: str) -> None:
    with made.inside(), pytest.raises(actions.ImportRefused) as refusal:
        actions.import_services(organization_id=made.organization.pk, text=text, by=made.by)
    assert all(problem.sentence and problem.line >= 0 for problem in refusal.value.problems)
