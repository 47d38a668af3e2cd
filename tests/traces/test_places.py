"""Failures of real runners are shown at the lines where they belong, through the installed command."""

import csv
import shutil
from collections import defaultdict
from pathlib import Path

import pytest

from support import github_runner
from support.command import run

DATA = Path(__file__).parents[1] / "data"
PLACES = DATA / "places"


def table() -> dict[tuple[str, str], dict[str, str]]:
    """Return the place of each failed test, by its suite and report."""
    reports: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    with (PLACES / "expected.tsv").open(encoding="utf-8", newline="") as file:
        for tool, report, test, place in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            reports[tool, report][test] = place
    return reports


TABLE = table()


def checkout(tool: str, report: str, root: Path) -> Path:
    """Return a checkout with the suite of a tool and its report, at another place than that of the run."""
    added = (PLACES / tool).is_dir()
    source = PLACES / tool if added else DATA / "produced" / tool
    shutil.copytree(source / "suite", root)
    found = source / ("" if added else "reports") / report
    shutil.copy(found, root / "onetest-report.xml")
    return root


@pytest.mark.parametrize(("tool", "report"), TABLE, ids="/".join)
def test_github_shows_each_failure_at_its_line(tool: str, report: str, tmp_path: Path) -> None:
    root = checkout(tool, report, tmp_path / "shop")
    done = run("report", "--dry-run", "onetest-report.xml", cwd=root, env={"GITHUB_ACTIONS": "true"})
    assert done.returncode == 0, done.stderr
    shown = {
        command.properties["title"].removeprefix("Failed: "): ":".join(
            filter(None, (command.properties.get("file"), command.properties.get("line")))
        )
        for command in github_runner.commands(done.stdout)
        if command.name == "error"
    }
    assert shown == TABLE[tool, report]
    for place in filter(None, shown.values()):
        file, _, line = place.partition(":")
        assert len((root / file).read_text(encoding="utf-8").splitlines()) >= int(line or 0)


@pytest.mark.parametrize(("tool", "report"), [("pytest", "xunit2.xml"), ("jest", "report.xml")])
def test_azure_shows_each_failure_at_its_line(tool: str, report: str, tmp_path: Path) -> None:
    root = checkout(tool, report, tmp_path / "shop")
    done = run("report", "--dry-run", "onetest-report.xml", cwd=root, env={"TF_BUILD": "True"})
    issues = [line for line in done.stdout.splitlines() if line.startswith("##vso[task.logissue type=error")]
    assert len(issues) == len(TABLE[tool, report])
    for place in TABLE[tool, report].values():
        file, _, line = place.partition(":")
        fields = f";sourcepath={file}" + (f";linenumber={line}]" if line else "]")
        assert any(fields in issue for issue in issues), place


def test_azure_shows_errors_outside_of_tests_as_issues_of_the_step(tmp_path: Path) -> None:
    env = {"TF_BUILD": "True"}
    cases = "".join(f"<testcase name='t{number}'><failure/></testcase>" for number in range(12))
    (tmp_path / "r.xml").write_text(f"<testsuite name='s'>{cases}</testsuite>", encoding="utf-8")
    done = run("report", "--dry-run", "r.xml", "no.xml", "--min-tests", "99", cwd=tmp_path, env=env)
    issues = [line for line in done.stdout.splitlines() if line.startswith("##vso[task.logissue type=error")]
    assert issues[0].startswith("##vso[task.logissue type=error]onetest-ci: file-not-found%0AThe path no.xml")
    assert issues[1].startswith("##vso[task.logissue type=error]onetest-ci: --min-tests%0A12 tests ran")
    # The agent keeps ten of a step, with these and that of the gates.
    assert (len(issues), issues[-1].partition("]")[2][:30]) == (10, "onetest-ci: 6 more tests faile")
    done = run("report", "--dry-run", "r.xml", "--min-tests", "x", cwd=tmp_path, env=env)
    assert done.returncode == 2
    assert "##vso[task.logissue type=error]onetest-ci: bad-option%0A--min-tests: 'x'" in done.stderr


def test_the_table_has_ten_languages() -> None:
    endings = {
        Path(place.partition(":")[0]).suffix for tests in TABLE.values() for place in tests.values() if place
    }
    assert endings >= {
        *(".py", ".js", ".ts", ".java", ".kt", ".cs", ".go", ".rb", ".php", ".rs", ".c", ".cc", ".cpp")
    }


def test_without_annotations(tmp_path: Path) -> None:
    root = checkout("jest", "report.xml", tmp_path / "shop")
    done = run(
        *("report", "--dry-run", "--no-annotate", "onetest-report.xml"),
        cwd=root,
        env={"GITHUB_ACTIONS": "true"},
    )
    assert [one for one in github_runner.commands(done.stdout) if one.name == "error"] == []


FIXTURE = """@pytest.fixture
    def database():
>       return connect("{")
               ^^^^^^^^^^^^

tests/conftest.py:2:\x20
_ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _\x20

text = '{'

    def connect(text):
>       return json.loads(text)

tests/conftest.py:4:\x20
_ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _\x20
/usr/lib/python3.13/json/__init__.py:346: in loads
    return _default_decoder.decode(s)
_ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _\x20

self = &lt;json.decoder.JSONDecoder object at 0x7f&gt;, s = '{'

    def raw_decode(self, s, idx=0):
LIBRARY>           obj, end = self.scan_once(s, idx)
E           json.decoder.JSONDecodeError: Expecting property name

/usr/lib/python3.13/json/decoder.py:353: JSONDecodeError"""


def test_a_failed_fixture_is_shown_with_its_own_frames_and_its_error(tmp_path: Path) -> None:
    """pytest prints the source of a library above its place, which is longer than what is shown."""
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "conftest.py").write_text("1\n2\n3\n4\n", encoding="utf-8")
    trace = FIXTURE.replace("LIBRARY", "        a docstring\n" * 80)
    (tmp_path / "r.xml").write_text(
        f"<testsuite name='pytest'><testcase classname='tests.test_shop' name='test_sells'>"
        f"<error message='failed on setup'>{trace}</error></testcase></testsuite>",
        encoding="utf-8",
    )
    done = run("report", "--dry-run", "r.xml", "--summary", "s.md", cwd=tmp_path)
    summary = (tmp_path / "s.md").read_text(encoding="utf-8")
    assert done.returncode == 0, done.stderr
    for line in (
        'return connect("{")',
        "return json.loads(text)",
        "E           json.decoder.JSONDecodeError",
    ):
        assert line in summary
    assert not any(line in summary for line in ("raw_decode", "a docstring", "/usr/lib"))
