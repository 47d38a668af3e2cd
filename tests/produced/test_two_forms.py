"""A producer's own report and its JUnit report have the same tests, verdicts and references."""

import json
from pathlib import Path

import pytest

from support.command import run

PRODUCED = Path(__file__).parents[1] / "data" / "produced"

# The report, its JUnit form, and the tests that the JUnit form lacks, each for a reason of its producer.
FORMS = [
    # Ignored tests are counters only; the formatter panics over the message of the other one.
    ("cargo-test-json/reports/lib.json", "cargo-test-json/reports/lib.xml", {"cart.ignored", "cart.panics"}),
    # Ignored tests are left out.
    (
        "nextest-json/reports/report.json",
        "nextest-json/reports/junit.xml",
        {"shop.cart.ignored", "shop.ignored.later"},
    ),
]


def verdicts_in(report: str, place: Path) -> dict[str, tuple[str, int]]:
    """Return the verdict and the number of earlier attempts of each test by its reference."""
    bundle = place / Path(report).name
    done = run("collect", "--allow-empty", "--bundle", bundle, PRODUCED / report, cwd=place)
    assert done.returncode == 0, done.stderr
    rows = map(json.loads, (bundle / "items.jsonl").read_text(encoding="utf-8").splitlines())
    cases = [row["case"] for row in rows if "case" in row]
    found = {
        case["code_ref"]: (case.get("status", "passed"), len(case.get("attempts", ()))) for case in cases
    }
    assert len(found) == len(cases)
    return found


@pytest.mark.parametrize(("own", "junit", "lacking"), FORMS, ids=[own for own, _, _ in FORMS])
def test_the_two_forms_are_equal(own: str, junit: str, lacking: set[str], tmp_path: Path) -> None:
    ours, theirs = verdicts_in(own, tmp_path), verdicts_in(junit, tmp_path)
    assert ours.keys() - theirs.keys() == lacking
    assert {name: ours[name] for name in theirs} == theirs
