"""The reader reads what is meant, reports what is odd and refuses only what it cannot read with certainty."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attest.x12 import envelope, wire
from attest.x12.envelope import GroupToWrite, TransactionToWrite
from tests.x12.examples import CHILD_CLAIM, ENVELOPE, OWN_CLAIM, text_of

FILE = text_of(OWN_CLAIM, CHILD_CLAIM)
TA1 = (
    "ISA*00*          *00*          *ZZ*CLEARING       *ZZ*HARBORLANE     *261112*0905*^*00501*000000009*0*T*:~"
    "TA1*000000042*261112*0905*A*000~IEA*0*000000009~"
)


def codes(text: str) -> list[str]:
    return [finding.code for finding in wire.read(text).findings]


def elements(text: str) -> list[tuple[str, ...]]:
    return [
        segment.elements for interchange in wire.read(text).interchanges for segment in interchange.segments
    ]


def test_a_file_as_we_write_it_is_read_without_a_remark() -> None:
    document = wire.read(FILE)
    assert document.findings == ()
    ((interchange, group, transaction),) = document.transactions()
    assert interchange.delimiters == wire.Delimiters("*", ":", "^", "~")
    assert group.header.get(8) == transaction.guide == "005010X222A1"
    assert (transaction.kind, transaction.control_number) == ("837", "0001")
    assert [segment.no for segment in interchange.segments] == list(range(1, FILE.count("~") + 1))


def test_elements_are_counted_as_in_the_guides_and_absent_ones_are_empty() -> None:
    claim = next(
        segment
        for _, _, t in wire.read(FILE).transactions()
        for segment in t.segments
        if segment.tag == "CLM"
    )
    assert claim.get(2) == "175.5"
    assert claim.get(3) == claim.get(99) == ""
    assert claim.parts(5, ":") == ["10", "B", "1"]
    assert claim.parts(3, ":") == []
    assert claim.parts(5, "") == ["10:B:1"]


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("line feeds behind terminators", FILE.replace("~", "~\n"), []),
        ("CRLF behind terminators", FILE.replace("~", "~\r\n"), []),
        ("terminator is a line feed", FILE.replace("~", "\n"), []),
        ("terminator is a carriage return and a line feed", FILE.replace("~", "\r\n"), []),
        ("terminator is a backslash", FILE.replace("~", "\\"), []),
        ("terminator is an exclamation mark", FILE.replace("~", "!"), []),
        ("terminator is an underscore", FILE.replace("~", "_"), []),
        ("blank lines at the end", FILE + "\n\n", []),
        ("blanks before segments", FILE.replace("~", "~\n  "), ["blank-before-segment"]),
        ("no terminator at the end", FILE[:-1], ["no-final-terminator"]),
        ("a byte order mark", "\ufeff" + FILE, ["byte-order-mark"]),
        ("a byte order mark decoded as Latin-1", "ï»¿" + FILE, ["byte-order-mark"]),
        ("an empty segment", FILE.replace("~HL*1", "~~HL*1"), ["empty-segment"]),
        ("wrapped after 80 characters", re.sub("(.{80})", "\\1\n", FILE[106:]), ["line-break"]),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 60 else "",
)
def test_odd_files_are_read_as_they_were_meant(name: str, text: str, expected: list[str]) -> None:
    if not text.lstrip("\ufeffï»¿").startswith("ISA"):
        text = FILE[:106] + text
    assert codes(text) == expected
    read = elements(text)
    assert [e[:16] for e in read[1:]] == [e[:16] for e in elements(FILE)[1:]]


def isa(
    *, sender: str = "HARBORLANE     ", repetition: str = "^", version: str = "00501", component: str = ":"
) -> str:
    return (
        f"ISA*00*          *00*          *ZZ*{sender}*ZZ*CLEARING       *261112*0905*{repetition}*{version}"
        f"*000000042*0*T*{component}~"
    )


def with_isa(header: str) -> str:
    return header + FILE[106:]


@pytest.mark.parametrize("length", [76, 104, 105, 107])
def test_an_isa_of_the_wrong_length_is_read_by_its_separators(length: int) -> None:
    sender = {76: "H", 104: "HARBORLANE   ", 105: "HARBORLANE    ", 107: "HARBORLANE      "}[length]
    header = isa(sender=sender)
    if length == 76:
        header = re.sub(" +", "", header)
    document = wire.read(with_isa(header))
    assert [finding.code for finding in document.findings] == ["isa-length"]
    assert document.interchanges[0].delimiters.segment == "~"
    assert document.interchanges[0].segments[1].tag == "GS"


@pytest.mark.parametrize(
    ("repetition", "version", "read", "expected"),
    [
        ("^", "00501", "^", []),
        ("U", "00501", "", []),
        ("U", "00401", "", []),
        ("^", "00401", "", []),
        ("|", "00501", "|", []),
        ("`", "00501", "`", []),
        (":", "00501", "", ["repetition-separator"]),
    ],
)
def test_isa11_is_a_repetition_separator_only_where_it_can_be_one(
    repetition: str, version: str, read: str, expected: list[str]
) -> None:
    text = with_isa(isa(repetition=repetition, version=version))
    assert wire.read(text).interchanges[0].delimiters.repetition == read
    assert codes(text) == expected


def test_composites_written_with_another_character_than_isa16_says_are_read_by_what_was_written() -> None:
    document = wire.read(with_isa(isa(component=">")))
    assert document.interchanges[0].delimiters.component == ":"
    assert [finding.code for finding in document.findings] == ["component-separator"]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("SE*55*0001", "SE*54*0001", "segment-count"),
        ("SE*55*0001", "SE*x*0001", "segment-count"),
        ("SE*55*0001", "SE*55*0002", "transaction-number-mismatch"),
        ("GE*1*7", "GE*2*7", "transaction-count"),
        ("GE*1*7", "GE*1*8", "group-number-mismatch"),
        ("IEA*1*000000042", "IEA*2*000000042", "group-count"),
        ("IEA*1*000000042", "IEA*1*000000041", "interchange-number-mismatch"),
        ("SE*55*0001~", "", "missing-se"),
        ("GE*1*7~", "", "missing-ge"),
        ("~IEA*1*000000042", "", "missing-iea"),
        ("IEA*1*000000042~", "IEA*1*000000042~NTE*ADD*X~", "after-interchange"),
        ("~GE*1*7", "~NTE*ADD*X~GE*1*7", "stray-segment"),
        ("GS*HC*HARBORLANE*CLEARING*20261112*0905*7*X*005010X222A1~", "", "missing-gs"),
        ("~PAT*19", "~Pat*19", "segment-id"),
        ("~PAT*19", "~*19", "segment-id"),
    ],
)
def test_wrong_counts_numbers_and_trailers_are_reported_never_passed_over(
    old: str, new: str, code: str
) -> None:
    assert FILE.count(old) == 1
    assert codes(FILE.replace(old, new)) == [code]


def test_several_interchanges_may_each_have_separators_of_their_own() -> None:
    other = TA1.replace("*", "|").replace("~", "\n")
    document = wire.read(FILE + "\n" + other)
    assert [interchange.delimiters.element for interchange in document.interchanges] == ["*", "|"]
    assert [segment.get(4) for segment in document.interchanges[1].acknowledgments] == ["A"]
    assert document.interchanges[1].segments[0].no == FILE.count("~") + 1
    assert document.findings == ()


def test_control_numbers_used_twice_are_reported() -> None:
    assert codes(FILE + FILE) == ["duplicate-interchange-number"]
    groups = FILE[FILE.index("GS*") : FILE.index("IEA*")]
    assert codes(FILE.replace("~IEA*1", f"~{groups}IEA*2")) == ["duplicate-group-number"]
    sets = FILE[FILE.index("ST*837") : FILE.index("GE*")]
    assert codes(FILE.replace("~GE*1", f"~{sets}GE*2")) == ["duplicate-transaction-number"]


def test_an_acknowledgment_without_groups_is_complete() -> None:
    assert codes(TA1) == []
    assert codes(TA1.replace("IEA*0", "IEA*1")) == ["group-count"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   \n",
        "hello",
        FILE[106:],
        FILE[:60],
        "ISA",
        "ISA*",
        "ISA~00~",
        FILE[:104],
        FILE.replace(":~GS", "a~GS"),
        FILE.replace(":~GS", ":GS"),
        FILE.replace("*00501*", "*005*"),
    ],
)
def test_what_cannot_be_read_with_certainty_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(wire.NotX12, match="ISA"):
        wire.read(text)


@pytest.mark.parametrize(
    ("version", "base"),
    [
        ("005010X222A1", "005010X222"),
        ("005010X222A2", "005010X222"),
        ("005010X222", "005010X222"),
        ("005010X231A1", "005010X231"),
        ("5010", ""),
        ("", ""),
    ],
)
def test_guides_are_matched_without_their_addenda(version: str, base: str) -> None:
    assert wire.base_guide(version) == base


def test_bytes_of_any_kind_become_text() -> None:
    assert wire.decode("Núñez".encode()) == "Núñez"
    assert wire.decode("Núñez".encode("latin-1")) == "Núñez"
    assert wire.decode(b"\xef\xbb\xbfISA").startswith("\ufeff")


data = st.text("ABCdef 0123'()-./&,", min_size=1, max_size=12).map(str.strip).filter(bool)
composites = st.lists(data, min_size=2, max_size=4)
tags = st.sampled_from(("NM1", "REF", "SV1", "DTP", "CAS", "N3"))
bodies = st.lists(st.tuples(tags, st.lists(st.one_of(data, composites), min_size=1, max_size=6)), max_size=8)


@given(st.lists(bodies, min_size=1, max_size=3))
def test_what_is_written_is_read_back_the_same(sets: list[list[tuple[str, list[str | list[str]]]]]) -> None:
    written = [[envelope.segment(tag, *values) for tag, values in body] for body in sets]
    group = GroupToWrite(
        functional_id="HC",
        version="005010X222A1",
        control_number=3,
        transactions=[
            TransactionToWrite(kind="837", control_number=n, segments=body, guide="005010X222A1")
            for n, body in enumerate(written, 1)
        ],
    )
    document = wire.read(envelope.write(ENVELOPE, [group]))
    assert document.findings == ()
    read = [transaction.segments[1:-1] for _, _, transaction in document.transactions()]
    expected = [
        [
            (tag, *(value if isinstance(value, str) else ":".join(value) for value in values))
            for tag, values in body
        ]
        for body in sets
    ]
    assert [[segment.elements for segment in body] for body in read] == expected


@given(st.text("ISA*~:^GSTE0123 \n\r", max_size=300), st.integers(0, len(FILE)), st.integers(0, 60))
def test_no_damage_to_a_file_makes_the_reader_fail_in_any_other_way(junk: str, at: int, cut: int) -> None:
    try:
        document = wire.read(FILE[:at] + junk + FILE[at + cut :])
    except wire.NotX12:
        return
    numbers = [segment.no for interchange in document.interchanges for segment in interchange.segments]
    assert numbers == list(range(1, len(numbers) + 1))
