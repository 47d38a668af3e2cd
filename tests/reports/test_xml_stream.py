"""What any XML report goes through: breaks, hostile documents, encodings, repairs."""

import codecs
from collections.abc import Callable
from typing import Any

import pytest

Read = Callable[..., Any]

DOCUMENT = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<!-- c --><testsuites><testsuite name="s">'
    '<testcase name="one" time="1"><failure message="m&amp;m"><![CDATA[t]]></failure></testcase>'
    '<testcase name="zwei ö"/></testsuite></testsuites>\n'
).encode()


def test_cut_at_every_byte_the_complete_cases_stay(read: Read) -> None:
    whole = read(DOCUMENT).cases
    ends = [DOCUMENT.index(b"</testcase>") + len(b"</testcase>"), DOCUMENT.index(b"/></testsuite>") + 2]

    for length in range(len(DOCUMENT) - len(b"</testsuites>\n")):
        result = read(DOCUMENT[:length])

        assert result.cases == whole[: sum(end <= length for end in ends)]
        assert result.reading.error is not None
        assert result.reading.error.code == "broken-xml"
        assert result.reading.truncated


@pytest.mark.parametrize("junk", [b"<more/>", b"\nSegmentation <fault>", b"</testsuites>"])
def test_markup_after_the_document_keeps_all_cases(read: Read, junk: bytes) -> None:
    result = read(DOCUMENT + junk)

    assert len(result.cases) == 2
    assert result.reading.error.code == "broken-xml"
    assert "line 3, column " in result.reading.error.message or b"fault" in junk


@pytest.mark.parametrize("junk", [b"Segmentation fault", b"\0\0\0", b"\xff\xfe", b"x" * 1_000_000])
def test_text_after_the_document_is_left_out_with_a_warning(read: Read, junk: bytes) -> None:
    result = read(DOCUMENT + junk)

    assert len(result.cases) == 2
    assert result.reading.error is None
    assert "text after the document was left out" in result.reading.warnings


@pytest.mark.parametrize("junk", [b"> app@1.0.0 test\n> jest\n", b"\x1b[32mok\x1b[0m\n", b"x" * 60_000])
@pytest.mark.parametrize("start", [0, DOCUMENT.index(b"<testsuites>")])
def test_text_before_the_document_is_left_out_with_a_warning(read: Read, junk: bytes, start: int) -> None:
    result = read(junk + DOCUMENT[start:])

    assert len(result.cases) == 2
    assert result.reading.error is None
    assert result.reading.warnings == ("text before the document was left out",)


@pytest.mark.parametrize("junk", [b"\n", b"  \r\n\t", codecs.BOM_UTF8])
def test_space_before_the_declaration_does_no_harm(read: Read, junk: bytes) -> None:
    result = read(junk + DOCUMENT)

    assert len(result.cases) == 2
    assert result.reading.error is None


LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE testsuite [
<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">]>
<testsuite><testcase name="&d;"/></testsuite>"""


@pytest.mark.parametrize(
    "document",
    [
        LAUGHS,
        b'<!DOCTYPE t [<!ENTITY a "' + b"x" * 100_000 + b'">]><testsuite name="' + b"&a;" * 1000 + b'"/>',
        b'<!DOCTYPE t [<!ENTITY a SYSTEM "file:///etc/passwd">]><testsuite><testcase>&a;</testcase></testsuite>',
        b'<!DOCTYPE t [<!ENTITY % a SYSTEM "http://127.0.0.1:9/x"> %a;]><testsuite/>',
        b'<!DOCTYPE t SYSTEM "x.dtd"><testsuite><testcase name="a">&undefined;</testcase></testsuite>',
        b"<!DOCTYPE t [<!ELEMENT t ANY>]><testsuite/>",
    ],
    ids=["billion laughs", "quadratic", "file", "URL", "undefined", "internal subset"],
)
def test_entities_refuse_the_file(read: Read, document: bytes) -> None:
    result = read(document)

    assert result.cases == []
    assert result.reading.error.code == "xml-entities"


def test_an_undefined_entity_without_a_document_type_breaks_the_file(read: Read) -> None:
    result = read(b'<testsuite><testcase name="a"/><testcase name="b">&nbsp;</testcase></testsuite>')

    assert [case.name for case in result.cases] == ["a"]
    assert result.reading.error.code == "broken-xml"


@pytest.mark.parametrize(
    "doctype",
    [b'<!DOCTYPE t SYSTEM "http://127.0.0.1:9/x.dtd">', b'<!DOCTYPE t PUBLIC "-//x" "file:///etc/passwd">'],
)
def test_a_document_type_elsewhere_is_ignored_and_not_fetched(read: Read, doctype: bytes) -> None:
    result = read(doctype + b'<testsuite><testcase name="a"/></testsuite>')

    assert result.case.name == "a"
    assert result.reading.error is None


@pytest.mark.parametrize("tag", [b"a", b"testsuite", b"testcase", b"properties", b"system-out", b"failure"])
def test_a_hundred_thousand_levels_are_refused(read: Read, tag: bytes) -> None:
    result = read(b'<testsuite><testcase name="a"/>' + b"<%s>" % tag * 100_000)

    assert [case.name for case in result.cases] == ["a"]
    assert result.reading.error.code == "too-deep"


def test_an_attribute_of_ten_megabytes_is_cut(read: Read) -> None:
    document = (
        b'<testsuite><testcase name="a"><failure message="'
        + b"x" * 10_000_000
        + b'"/></testcase></testsuite>'
    )
    result = read(document)

    assert result.reading.error is None
    assert len(result.case.message) < 70_000


def test_a_tag_that_never_ends_is_refused(read: Read) -> None:
    result = read(b'<testsuite><testcase name="a"/><testcase name="' + b"x" * 40_000_000)

    assert [case.name for case in result.cases] == ["a"]
    assert result.reading.error.code == "oversized-xml"


def test_endless_new_names_are_refused(read: Read) -> None:
    names = b"".join(b"<n%d/>" % number for number in range(100_000))
    result = read(b'<testsuite><testcase name="a"/>' + names + b"</testsuite>")

    assert [case.name for case in result.cases] == ["a"]
    assert result.reading.error.code == "too-many-names"


TEXT = '<testsuite name="s"><testcase name="grün"><failure message="日本語"/></testcase></testsuite>'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "shift_jis", "euc-jp"])
def test_encodings_that_are_declared_or_marked(read: Read, encoding: str) -> None:
    text = TEXT if encoding in {"utf-8", "utf-8-sig", "utf-16", "gb18030"} else TEXT.replace("ü", "u")
    declared = encoding.removesuffix("-sig")
    result = read(f'<?xml version="1.0" encoding="{declared}"?>{text}'.encode(encoding))

    assert result.case.name == ("grün" if "ü" in text else "grun")
    assert result.case.message == "日本語"
    assert result.reading.warnings == ()


@pytest.mark.parametrize("encoding", ["iso-8859-1", "windows-1252", "iso-8859-15", "cp850", "macroman"])
def test_eight_bit_encodings(read: Read, encoding: str) -> None:
    document = f'<?xml version="1.0" encoding="{encoding}"?><testsuite><testcase name="grün"/></testsuite>'
    result = read(document.encode(encoding))

    assert result.case.name == "grün"
    assert result.reading.warnings == ()


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark(read: Read, encoding: str) -> None:
    assert read(f'<?xml version="1.0"?>{TEXT}'.encode(encoding)).case.name == "grün"


@pytest.mark.parametrize(
    ("declared", "actual"),
    [("utf-8", "cp1252"), ("utf-16", "utf-8"), ("klingon", "utf-8"), ("zip", "utf-8")],
)
def test_a_wrong_declaration_is_survived_with_a_warning(read: Read, declared: str, actual: str) -> None:
    document = f'<?xml version="1.0" encoding="{declared}"?><testsuite><testcase name="grün"/></testsuite>'
    result = read(document.encode(actual))

    assert result.case.name == "grün"
    assert result.reading.error is None
    assert len(result.reading.warnings) == 1


def test_more_than_ascii_needs_no_warning(read: Read) -> None:
    result = read('<?xml version="1.0" encoding="ascii"?><testsuite><testcase name="grün"/></testsuite>')

    assert result.case.name == "grün"
    assert result.reading.warnings == ()


def test_bytes_that_are_no_utf_8_are_read_as_windows_1252(read: Read) -> None:
    result = read(b'<testsuite><testcase name="gr\xfcn \xc3\xbc"/></testsuite>')

    assert result.case.name == "grün ü"
    assert result.reading.warnings == (
        "the file holds bytes that are not UTF-8; they are read as Windows-1252",
    )


@pytest.mark.parametrize("character", [b"\x1b", b"&#27;", b"&#x1b;", b"&#x1B;"])
def test_control_characters_are_made_visible(read: Read, character: bytes) -> None:
    padding = b'<testcase name="p"/>' * 20_000
    document = (
        b"<testsuite>" + padding + b'<testcase name="a"><failure>red %s[31m</failure></testcase></testsuite>'
    )
    result = read(document % character)

    assert len(result.cases) == 20_001
    assert [case.ordinal for case in result.cases] == list(range(20_001))
    assert result.cases[-1].details == "red ␛[31m"
    assert result.reading.warnings == (
        "the file holds characters that XML does not allow; they are shown as symbols",
    )


@pytest.mark.parametrize("offset", range(8))
def test_a_reference_across_the_pieces_of_a_file_is_repaired(read: Read, offset: int) -> None:
    head = b'<testsuite><testcase name="'
    for edge in (1024, 1024 + 128 * 1024):
        name = b"x" * (edge - len(head) - offset) + b"&#x1b;y&#x41;"
        result = read(head + name + b'"/></testsuite>')

        assert result.case.name == name.decode().replace("&#x1b;", "␛").replace("&#x41;", "A")


@pytest.mark.parametrize("reference", [b"&#xFFFE;", b"&#xD800;", b"&#x110000;", b"&#99999999;", b"&#0;"])
def test_references_to_characters_that_do_not_exist(read: Read, reference: bytes) -> None:
    assert read(b'<testsuite><testcase name="%s"/></testsuite>' % reference).case.name in {"\ufffd", "␀"}


SECTION = "the file holds ]]> where no CDATA section ends; it is kept as text"


@pytest.mark.parametrize("offset", range(-3, 14))
def test_a_bare_end_of_a_section_is_text_wherever_the_pieces_of_a_file_end(read: Read, offset: int) -> None:
    head = b'<testsuite><testcase name="a"><failure>'
    for edge in (65_536, 2 * 65_536):
        padding = b"x" * (edge - len(head) - offset)
        said = b"bare ]]> <![CDATA[in]]]><![CDATA[two]]> bare ]]]>"
        result = read(head + padding + said + b"</failure></testcase></testsuite>")

        assert result.reading.error is None
        assert result.case.details.endswith("xbare ]]> in]two bare ]]]>"), offset
        assert result.reading.warnings[-1] == SECTION


def test_text_like_the_end_of_a_section_stays(read: Read) -> None:
    said = b"<system-out><![CDATA[&#65; ]]]]><![CDATA[>]]></system-out>"
    case = b'<!-- ]]> --><testcase name="a ]]> b">%s</testcase>' % said
    result = read(b"<testsuite>" + case + b'<testcase name="b">]]></testcase></testsuite>')

    assert [case.name for case in result.cases] == ["a ]]> b", "b"]
    assert result.cases[0].system_out == "&#65; ]]>"
    assert result.reading.warnings == (SECTION,)


def test_a_file_that_repair_cannot_cure_keeps_the_records_before_the_fault(read: Read) -> None:
    result = read(
        b'<testsuite><testcase name="a"/><testcase name="\x01b"/><testcase time="<<x>>"/></testsuite>'
    )

    assert [case.name for case in result.cases] == ["a", "␁b"]
    assert result.reading.error.code == "broken-xml"
