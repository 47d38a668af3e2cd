"""Attachments of reports: how they are named, where they are looked for, and what does not travel."""

from pathlib import Path

import pytest

from support.collected import Collected

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))


def case(*said: str, name: str = "t", properties: str = "", inner: str = "") -> str:
    out = "\n".join(said)
    return (
        f'<testcase classname="c" name="{name}"><properties>{properties}</properties>{inner}'
        f"<system-out>{out}</system-out></testcase>"
    )


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A checkout with some files, in a folder whose name has a space and brackets."""
    place = tmp_path / "nightly job [1]"
    for name in ("a.txt", "b c.txt", "test_x[1]", "tiefer/größe [2].txt", "100%25.txt"):
        (place / "out" / name).parent.mkdir(parents=True, exist_ok=True)
        (place / "out" / name).write_text(name, encoding="utf-8")
    (place / "out" / "a.png").write_bytes(PNG)
    return place


def collected(shop: Path, *cases: str) -> Collected:
    (shop / "out" / "r.xml").write_text(f'<testsuite name="s">{"".join(cases)}</testsuite>', encoding="utf-8")
    return Collected(shop, "out/r.xml")


def contents(found: Collected) -> list[str]:
    return [(found.place / file).read_text(encoding="utf-8") for _, file in found.places]


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("[[ATTACHMENT|a.txt]]", ["a.txt"]),
        (
            "see [[ATTACHMENT|a.txt]], [[ATTACHMENT|b c.txt]] and [[ATTACHMENT| a.txt ]].",
            ["a.txt", "b c.txt"],
        ),
        ("[[ATTACHMENT|test_x[1]]]", ["test_x[1]"]),
        ("[[ATTACHMENT|tiefer/größe [2].txt]]", ["tiefer/größe [2].txt"]),
        ("[[ATTACHMENT|tiefer\\größe [2].txt]]", ["tiefer/größe [2].txt"]),
        ("[[ATTACHMENT|./tiefer/../a.txt]]", ["a.txt"]),
        ("[[ATTACHMENT|out/a.txt]]", ["a.txt"]),
        ("[[ATTACHMENT|CHECKOUT/out/a.txt]]", ["a.txt"]),
        ("[[ATTACHMENT|file://CHECKOUT/out/b c.txt]]", ["b c.txt"]),
        ("[[ATTACHMENT|file://CHECKOUT/out/b%20c.txt]]", ["b c.txt"]),
        ("[[ATTACHMENT|FILE://localhostCHECKOUT/out/a.txt]]", ["a.txt"]),
        ("[[ATTACHMENT|file://CHECKOUT/out/100%25.txt]]", ["100%25.txt"]),
        ("[[ATTACHMENT|file://out/a.txt]]", ["a.txt"]),
        ("[[ATTACHMENT]] [[ATTACHMENT|]] [[ATTACHMENT|a.txt] ] [[attachment|a.txt]]", []),
        ("[[ATTACHMENT|a.txt\n]]", []),
    ],
)
def test_marks(shop: Path, said: str, wanted: list[str]) -> None:
    found = collected(shop, case(said.replace("CHECKOUT", str(shop))))
    assert contents(found) == wanted
    assert found.warnings == []


@pytest.mark.parametrize(
    "name",
    [
        *("attachment", "attachments", "Attachment", "testrail_attachment", "testrail_attachments"),
        *("attachment1", "attachment_2", "attachment-3", "attachment[4]", "attachments.5", "attachment 6"),
        *("attachment.log", "attachment:screenshot", "qase.attachment", "onetest_attachment_2"),
    ],
)
def test_properties_that_name_attachments(shop: Path, name: str) -> None:
    found = collected(shop, case(properties=f'<property name="{name}" value="a.txt"/>'))
    assert contents(found) == ["a.txt"]


@pytest.mark.parametrize("name", ["attachment_type", "attachments_count", "has attachment", "attachmentless"])
def test_properties_that_only_speak_of_attachments(shop: Path, name: str) -> None:
    found = collected(shop, case(properties=f'<property name="{name}" value="a.txt"/>'))
    assert (found.files, found.warnings) == ([], [])


def test_several_in_one_property(shop: Path) -> None:
    lines = "<property name='attachments'>a.txt\n  b c.txt\n</property>"
    marks = "<property name='attachment' value='[[ATTACHMENT|out/a.png]] [[ATTACHMENT|test_x[1]]]'/>"
    found = collected(shop, case(properties=lines), case(properties=marks, name="u"))
    assert [name for name, _ in found.files] == ["a.txt", "b c.txt", "a.png", "test_x[1]"]


def test_a_file_that_is_named_in_many_ways_is_there_once_a_test(shop: Path) -> None:
    named = ("a.txt", "./a.txt", "out/a.txt", f"{shop}/out/a.txt", f"file://{shop}/out/a.txt")
    marks = [f"[[ATTACHMENT|{path}]]" for path in named]
    properties = '<property name="attachment" value="a.txt"/>'
    inner = "<system-err>[[ATTACHMENT|a.txt]]</system-err><system-out>[[ATTACHMENT|a.png]]</system-out>"
    first = case(*marks, properties=properties, inner=inner)
    found = collected(shop, first, case(*marks, name="u"))
    assert [name for name, _ in found.files] == ["a.txt", "a.png", "a.txt"]
    assert found.names("attachments") == sorted({Path(file).name for _, file in found.places})
    assert len(found.names("attachments")) == 2


def test_one_warning_a_miss_however_many_tests_name_it(shop: Path) -> None:
    gone, other = "[[ATTACHMENT|gone.png]]", "[[ATTACHMENT|gone too.png]]"
    found = collected(shop, *(case(gone, name=f"t{n}") for n in range(5)), case(gone, other, name="u"))
    assert found.warnings == [
        "Attachment 'gone.png' of out/r.xml: no such file.",
        "Attachment 'gone too.png' of out/r.xml: no such file.",
    ]


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("https://example.com/a.png", "it is an address, and nothing is fetched"),
        ("s3://bucket/a.png", "it is an address, and nothing is fetched"),
        ("C:\\build\\out\\a.txt", "no such file"),
        ("file:///C:/build/out/a.txt", "no such file"),
        ("\\\\server\\share\\a.txt", "no such file"),
        ("file:///etc/hostname", "it lies outside the workspace"),
        ("../../../../../../../../etc/hostname", "it lies outside the workspace"),
    ],
)
def test_what_is_not_taken(shop: Path, path: str, reason: str) -> None:
    found = collected(shop, case(f"[[ATTACHMENT|{path}]]"))
    assert found.files == []
    assert found.warnings == [f"Attachment {path!r} of out/r.xml: {reason}."]


def test_the_type_follows_from_the_content(shop: Path) -> None:
    (shop / "out" / "shot.txt").write_bytes(PNG)
    (shop / "out" / "page.png").write_text("<html>", encoding="utf-8")
    found = collected(
        shop, case("[[ATTACHMENT|shot.txt]]", "[[ATTACHMENT|page.png]]", "[[ATTACHMENT|a.txt]]")
    )
    assert found.files == [("shot.txt", "image/png"), ("page.png", "text/plain"), ("a.txt", "text/plain")]


def test_the_whole_file_system_is_not_a_workspace(shop: Path, tmp_path: Path) -> None:
    report = shop / "out" / "r.xml"
    report.write_text(
        f"<testsuite>{case('[[ATTACHMENT|/etc/hostname]]', '[[ATTACHMENT|a.txt]]')}</testsuite>"
    )
    found = Collected(Path(shop.anchor), str(report), "--bundle", str(tmp_path / "bundle"))
    assert [name for name, _ in found.files] == ["a.txt"]
    assert ["it lies outside" in warning for warning in found.warnings] == [True]
