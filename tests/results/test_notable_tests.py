"""Most tests are not read a second time, and people see the same."""

import random
from pathlib import Path

import pytest

from onetest_ci.bundle.bundle import Bundle
from onetest_ci.results import bundle_tests
from onetest_ci.results.summarize import summarize
from support.command import run

TIMED = "<testcase classname='c{0}' name='n' time='{1}'"
PLAIN = (
    f"{TIMED}/>",
    f"{TIMED}/>",
    "<testcase classname='c{0}' name='n'/>",
    f"{TIMED}><failure message='&quot;passed&quot;'>at x</failure></testcase>",
    f"{TIMED}><skipped message='why'/></testcase>",
    f"{TIMED}><flakyFailure message='once'/></testcase>",
)
KINDS = (
    *PLAIN,
    f"{TIMED}/>{TIMED}><failure/></testcase>",
    f"{TIMED}><failure/></testcase>{TIMED}/>".replace("time='", "time='9", 1),
)


def test_people_see_the_same_as_of_all_tests(tmp_path: Path) -> None:
    chosen = random.Random(7)  # noqa: S311 - so that a failure can be repeated
    cases = "".join(chosen.choice(KINDS).format(number, chosen.randrange(99) / 10) for number in range(400))
    (tmp_path / "r.xml").write_text(f"<testsuite name='s'>{cases}</testsuite>", encoding="utf-8")
    assert run("collect", "--bundle", "b", "r.xml", cwd=tmp_path).returncode == 0
    bundle = Bundle.open(tmp_path / "b")
    all_tests, few = summarize(bundle_tests.tests_of(bundle)), summarize(bundle_tests.notable_tests(bundle))
    shown = min(len(listed.tests) for listed in (few.new_failures, few.flaky, few.skipped, few.slowest))
    assert shown == len(few.slowest.tests) == 10
    assert few._replace(slowest=few.slowest._replace(total=all_tests.slowest.total)) == all_tests
    kept = 5
    first = summarize(bundle_tests.notable_tests(bundle, kept), kept=kept).with_totals(bundle.manifest.totals)
    expected = summarize(bundle_tests.tests_of(bundle), kept=kept)
    assert first._replace(slowest=few.slowest) == expected._replace(slowest=few.slowest)
    assert first.slowest.tests == expected.slowest.tests
    assert first.new_failures.total > kept < first.skipped.total
    assert len(list(bundle_tests.notable_tests(bundle, kept))) < len(list(bundle_tests.notable_tests(bundle)))
    assert len(list(bundle_tests.notable_tests(bundle))) < len(list(bundle_tests.tests_of(bundle)))


@pytest.mark.parametrize("repeats", [False, True])
def test_a_run_that_reads_few_of_its_tests_shows_the_same_as_one_that_reads_all(
    tmp_path: Path, repeats: bool
) -> None:
    chosen = random.Random(11)  # noqa: S311 - so that a failure can be repeated
    for file in range(2):
        suites = "".join(
            f"<testsuite name='s{suite}'>"
            + "".join(
                chosen.choice(KINDS if repeats else PLAIN).format(
                    f"{file}{suite}_{number}", chosen.randrange(99) / 10
                )
                for number in range(60)
            )
            + "</testsuite>"
            for suite in range(4)
        )
        (tmp_path / f"{file}.xml").write_text(f"<testsuites>{suites}</testsuites>", encoding="utf-8")
    few = run("report", "--dry-run", "0.xml", "1.xml", cwd=tmp_path)
    # Saved results contain all tests.
    all_tests = run("report", "--dry-run", "--save-results", "s.gz", "0.xml", "1.xml", cwd=tmp_path)
    assert few.returncode == all_tests.returncode == 0
    assert few.stdout == all_tests.stdout
    assert few.stdout.count("  x ") == 20
    assert all(title in few.stdout for title in ("Flaky tests (", "Skipped tests (", "Slowest tests (3)"))
