"""The notes on OneTest's API: their tables, and the references to their sections."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from onetest_ci.emulator.receiver.junit_import import NAMED_PATHS
from onetest_ci.onetest.endpoints import DOCUMENTED, ENDPOINTS
from support.api_table import DOCUMENT, REPORTPORTAL, anchors, document, served, shape

ROOT = Path(__file__).parents[1]
PAGE = DOCUMENT.read_text(encoding="utf-8")
ANCHORS = anchors(PAGE)
# Several sections stand together as "docs/onetest-api.md#logs, #errors", perhaps on two lines of a comment.
REFERENCE = re.compile(r"onetest-api\.md((?:#[\w-]+)(?:,\s+(?:#\s+)?#[\w-]+)*)")
TABLE_ROW = re.compile(
    r"^\| (?:`(?P<name>[a-z_.]+)` \| )?`(?P<method>[A-Z]+) (?P<path>/\S+)` \| (?P<label>\w+)"
)


def texts() -> Iterator[tuple[Path, str]]:
    """Yield the programs and documents that were written for this project."""
    folders = ("src", "tests", "tools", "benchmarks", "examples")
    for folder, suffix in (*((folder, "py") for folder in folders), ("docs", "md")):
        for path in sorted((ROOT / folder).rglob(f"*.{suffix}")):
            if (ROOT / "tests" / "data") not in path.parents:
                yield path, path.read_text(encoding="utf-8")
    for path in sorted(ROOT.glob("*.md")):
        yield path, path.read_text(encoding="utf-8")


def rows() -> Iterator[tuple[str, str, str, str]]:
    """Yield endpoint (or nothing), method, path and label of each row of the page's tables of endpoints."""
    for line in PAGE.splitlines():
        if row := TABLE_ROW.match(line):
            yield row["name"] or "", row["method"], row["path"], row["label"]


def test_the_tables_of_endpoints_are_up_to_date() -> None:
    assert document() == PAGE  # else: make api-notes


def test_the_page_lists_every_endpoint_of_the_client() -> None:
    assert [row for row in rows() if row[0]] == [
        (each.name, each.method, template, each.label_of(template))
        for each in ENDPOINTS.values()
        for template in each.templates
    ]


def test_the_page_lists_every_request_that_is_not_assumed() -> None:
    listed = {shape(method, path) for _, method, path, label in rows() if label in {DOCUMENTED, REPORTPORTAL}}
    assert listed == {shape(*request) for request, assumed in served().items() if not assumed}


def test_the_emulator_serves_every_endpoint_and_marks_it_as_the_page_does() -> None:
    marks = {shape(*request): assumed for request, assumed in served().items()}
    for _, method, path, label in rows():
        assert marks[shape(method, path)] is (label not in {DOCUMENTED, REPORTPORTAL}), path


def test_the_paths_of_the_import_have_the_letters_of_the_page() -> None:
    section = PAGE.partition("\n### Paths of the import\n")[2].partition("\n### ")[0]
    letters = dict(re.findall(r"^\| ([A-Z]) \| `(\S+)`", section, re.MULTILINE))
    assert {letter.lower(): path for letter, path in letters.items()} == NAMED_PATHS


@pytest.mark.parametrize("name", ENDPOINTS)
def test_the_section_of_an_endpoint_exists(name: str) -> None:
    assert ENDPOINTS[name].source in ANCHORS


def test_every_reference_to_the_page_resolves() -> None:
    found = [(path, anchor) for path, text in texts() for anchor in references(text)]
    assert [(path, anchor) for path, anchor in found if anchor not in ANCHORS] == []


def test_links_within_the_page_resolve() -> None:
    links = set(re.findall(r"\]\((#[^)]+)\)", PAGE))
    assert len(links) > len(ENDPOINTS) // 2
    assert links <= set(ANCHORS)
    files = set(re.findall(r"\]\(([\w./-]+\.md)\)", PAGE))
    assert all((DOCUMENT.parent / file).is_file() for file in files)


def test_every_source_of_a_fact_has_an_address() -> None:
    used = set(re.findall(r"\[((?:S|T|RP)\d+)\](?!:)", PAGE))
    addresses = dict(re.findall(r"^\[(\w+)\]: (https://github\.com/\S+/\S+)$", PAGE, re.MULTILINE))
    assert used == set(addresses)


def references(text: str) -> list[str]:
    """Return the anchors of the page that a text names."""
    return re.findall(r"#[\w-]+", " ".join(REFERENCE.findall(text)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(docs/onetest-api.md#logs).", ["#logs"]),
        ("# (docs/onetest-api.md#logs,\n    # #errors)", ["#logs", "#errors"]),
        ("docs/onetest-api.md#logs, #errors; #1", ["#logs", "#errors"]),
        ("docs/onetest-api.md", []),
    ],
)
def test_references_are_recognised(text: str, expected: list[str]) -> None:
    assert references(text) == expected


def test_anchors_follow_githubs_rule() -> None:
    markdown = "# A, b & c_d\n## Logs\n```\n# no heading\n```\n## Logs\n## Logs of a launch\n## Logs\n"
    assert list(anchors(markdown)) == ["#a-b--c_d", "#logs", "#logs-1", "#logs-of-a-launch", "#logs-2"]


def test_no_text_names_a_section_of_a_document_that_is_not_here() -> None:
    section_sign = "\u00a7"
    assert [path for path, text in texts() if section_sign in text] == []
