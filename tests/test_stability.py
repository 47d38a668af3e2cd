"""The page on stability names the versions that the code writes and reads."""

import re
from pathlib import Path
from typing import Final

import yaml

from onetest_ci.bundle import manifest_digest
from onetest_ci.emulator import tables
from onetest_ci.error_codes import ERROR_CODES
from onetest_ci.results import saved
from onetest_ci.settings import options

ROOT: Final = Path(__file__).parents[1]
PAGE: Final = (ROOT / "docs" / "reference" / "stability.md").read_text(encoding="utf-8")


def test_the_versions_of_files() -> None:
    rows = re.findall(r"^\| (bundle|saved results|database).*? \| (\d+) \| (\d+) \|", PAGE, re.MULTILINE)
    written = {"bundle": manifest_digest.SCHEMA, "saved results": saved.SCHEMA, "database": tables.VERSION}
    assert {name: int(number) for name, number, _ in rows} == written
    # The readers accept one schema, the one that is written.
    assert all(number == read for _, number, read in rows)


def test_the_error_codes_exist() -> None:
    named = set(re.findall(r"error `([a-z-]+)`(?: or `([a-z-]+)`)?", PAGE))
    assert named == {("newer-bundle", "older-bundle"), ("damaged-results", "")}
    assert {"newer-bundle", "older-bundle", "damaged-results", "broken-xml"} <= set(ERROR_CODES)
    assert "`broken-xml`" in PAGE


def test_nothing_is_deprecated() -> None:
    """When a setting is deprecated, the page names it in place of this sentence."""
    deprecated = [name for name, option in options().items() if "deprecated" in option.help.lower()]
    assert ("Nothing is deprecated at present." in PAGE) == (not deprecated)


def test_the_release_page_names_what_the_workflow_uses() -> None:
    page = (ROOT / "docs" / "project" / "releasing.md").read_text(encoding="utf-8")
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "release.yml").read_text(encoding="utf-8"))
    jobs = workflow["jobs"]
    assert re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE) == list(jobs)
    environments = {job["environment"] for job in jobs.values() if "environment" in job}
    assert environments == {"release"}
    used = {
        step["uses"].partition("@")[0] for job in jobs.values() for step in job["steps"] if "uses" in step
    }
    owners = {name.partition("/")[0] for name in used} - {"actions"}
    assert all(f"`{owner}/" in page for owner in owners), owners
    # The workflow needs no secret; a new one is a step for the person who prepares releases.
    assert "secrets." not in (ROOT / ".github" / "workflows" / "release.yml").read_text(encoding="utf-8")
