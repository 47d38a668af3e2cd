"""The pages on test runners agree with the reports that the runners wrote, and leave out no runner or format.

Below the heading of each section stands a comment: ``produced`` names the directories of tests/data/produced
that it describes, ``report`` reports that show what the section claims, ``format`` the formats. A section
without such directories has ``documentation`` with its source.
"""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from onetest_ci.reports import find, read_reports
from onetest_ci.reports.formats.table import FORMATS
from support.snippets import DOCS, Block, blocks, blocks_of, slug

RUNNERS = DOCS / "how-to" / "runners"
ORDER = (
    "python",
    "javascript",
    "java-and-kotlin",
    "dotnet",
    "go",
    "ruby",
    "php",
    "rust",
    "c-and-cpp",
    "other",
)
DATA = Path(__file__).parents[1] / "data"
PRODUCED = DATA / "produced"
WITHOUT_COMMAND = "Jest and Mocha as TRX or NUnit"
"""A section that leads to other sections."""


class Section(NamedTuple):
    """A section on a runner: where it is, and what the comment below its heading holds."""

    heading: str
    place: str
    fields: dict[str, list[str]]
    text: str

    def of(self, field: str) -> list[str]:
        return self.fields.get(field, [])


class Row(NamedTuple):
    """A row of the table of all runners."""

    name: str
    place: str
    formats: str
    written_by: str
    version: str


def sections() -> list[Section]:
    found = []
    for page in ORDER:
        text = (RUNNERS / f"{page}.md").read_text(encoding="utf-8")
        parts = re.split(r"^##+ (.+)$", text, flags=re.MULTILINE)[1:]
        found += [
            Section(heading, f"{page}.md#{slug(heading)}", fields(body), body)
            for heading, body in zip(parts[::2], parts[1::2], strict=True)
        ]
    return found


def fields(text: str) -> dict[str, list[str]]:
    """Return the fields of the comment that a section begins with."""
    comment = re.match(r"\s*<!-- (.+?) -->", text)
    pairs = [pair.split(": ", 1) for pair in comment[1].split("; ")] if comment else []
    return {name: values.split() for name, values in pairs}


def rows() -> list[Row]:
    text = (RUNNERS / "index.md").read_text(encoding="utf-8")
    found = re.findall(r"^\| \[(.+?)\]\((.+?)\) \| (.+?) \| (.+?) \| .*?\| (.+?) \|$", text, re.MULTILINE)
    return [Row(*cells) for cells in found]


@cache
def expected(directory: str) -> list[dict[str, Any]]:
    """Return what is expected of each report of a directory."""
    text = (PRODUCED / directory / "expected.json").read_text(encoding="utf-8")
    return list(json.loads(text).values())


def references(section: Section) -> set[str]:
    """Return the references of the tests in the reports of a section, and of all tools in code_refs.tsv."""
    lines = (DATA / "code_refs.tsv").read_text(encoding="utf-8").splitlines()[1:]
    reports = [report for directory in section.of("produced") for report in expected(directory)]
    cases = [case for report in reports for case in report.get("cases", ())]
    return {case[2] for case in cases} | {cell for line in lines for cell in line.split("\t")[6:]}


def tools(section: Section) -> str:
    """Return the names and versions of the programs that wrote the reports of a section."""
    texts = [(PRODUCED / name / "how.sh").read_text(encoding="utf-8") for name in section.of("produced")]
    texts += [report["tool"] for directory in section.of("produced") for report in expected(directory)]
    return "\n".join(texts).replace("==", " ").replace("@", " ")


SECTIONS = sections()
WITH_REPORTS = [section for section in SECTIONS if section.of("report")]


def test_each_section_has_its_fields() -> None:
    for section in SECTIONS:
        wanted = {"produced", "report"} if section.of("produced") else {"documentation"}
        assert section.fields.keys() == wanted | {"format"}, section.place


def test_each_directory_of_reports_is_in_a_section() -> None:
    present = {path.parent.name for path in PRODUCED.glob("*/expected.json")}
    assert {name for section in SECTIONS for name in section.of("produced")} == present


def test_each_format_is_in_a_section() -> None:
    named = {name for section in SECTIONS for name in section.of("format")}
    assert named == {one.name for one in FORMATS}


@pytest.mark.parametrize("section", WITH_REPORTS, ids=lambda section: section.place)
def test_the_reports_are_of_the_formats(section: Section) -> None:
    named = [name.split("/") for name in section.of("report")]
    assert {directory for directory, _ in named} <= set(section.of("produced"))
    files = read_reports(
        find([f"{directory}/reports/{report}" for directory, report in named], root=PRODUCED)
    ).files
    assert len(files) >= len(named)
    assert {file.format for file in files} <= set(section.of("format"))


def test_each_section_has_a_command_and_a_reference_of_its_reports() -> None:
    for section in SECTIONS:
        commands = [block.text for block in blocks(section.text, section.place) if block.language == "sh"]
        if section.heading == WITHOUT_COMMAND:
            continue
        assert any("onetest-ci run " in text for text in commands), section.place
        links = re.search(r"\*\*Links to test cases:\*\*\s.*?`(.+?)`", section.text, re.DOTALL)
        if section.of("produced"):
            assert links, section.place
            assert links[1] in references(section), section.place


def test_the_table_has_a_row_for_each_section() -> None:
    assert [(row.name, row.place) for row in rows()] == [
        (section.heading, section.place) for section in SECTIONS
    ]


def test_a_row_agrees_with_its_section() -> None:
    names = {one.title: one.name for one in FORMATS}
    for row, section in zip(rows(), SECTIONS, strict=True):
        assert {names[title] for title in row.formats.split(", ")} <= set(section.of("format")), row
        options = re.findall(r"`(-[\w-]+)", row.written_by)
        assert [option for option in options if option not in section.text] == [], row
        if row.version == "documentation":
            assert section.of("documentation"), row
        else:
            assert row.version in tools(section), row


# Options of commands in the pages that are not in the record of their run, and why they are right.
UNRECORDED = {
    "--batch-mode": "Maven's name for -B",
    "--clean-alluredir": "the record begins with an empty directory",
    "--continue": "Gradle, Maven: tests behind a failed project",
    "--fail-at-end": "tests behind a failed module",
    "--junitxml": "pytest's other name for --junit-xml",
    "--logger": "Boost.Test: --log_format, --log_level and --log_sink in one",
    "--output-on-failure": "CTest prints more",
    "--recurse": "the record names the directory",
    "--recursive": "the record names the directory",
    "--rerun": "Gradle 7.6; the record begins without results",
    "--single-run": "Karma: in the record's configuration",
    "--test-output-size-passed": "CTest keeps more output",
}


def recorded(block: Block) -> str:
    """Return the directory whose record has the run of a command; empty without one."""
    found = re.fullmatch(r"run by tests/produced, ([\w-]+)", block.untested)
    return found[1] if found and block.language == "sh" else ""


def options(command: str) -> set[str]:
    """Return the long options of a test runner that ``onetest-ci run`` starts."""
    lines = re.sub(r"\\\n\s*", " ", command).splitlines()
    runs = [line.partition(" -- ")[2] for line in lines if line.startswith("onetest-ci ")]
    return {option for run in runs for option in re.findall(r"(?<![\w-])--[a-z][\w-]*", run)}


def test_the_options_of_a_command_are_those_of_its_record() -> None:
    unknown = {}
    unrecorded = set()
    for block in (block for page in RUNNERS.glob("*.md") for block in blocks_of(page) if recorded(block)):
        directory = PRODUCED / recorded(block)
        configured = [file for file in (directory / "suite").rglob("*") if file.suffix in {".js", ".json"}]
        files = [directory / "how.sh", *configured]
        text = "\n".join(file.read_text(encoding="utf-8") for file in files)
        others = {option for option in options(block.text) if option not in text}
        unrecorded |= others
        if others - UNRECORDED.keys():
            unknown[block.place] = others - UNRECORDED.keys()
    assert unknown == {}
    assert unrecorded == UNRECORDED.keys()
