"""Variables for the jobs after this one, as GitLab reads them: no quotes, no line breaks."""

from pathlib import Path

from onetest_ci.outputs.files import write_dotenv
from onetest_ci.outputs.github import OUTPUTS
from support.onetest import LocalOneTest
from support.project import Project

SUITE = "<testsuite name='s'><testcase classname='c' name='t'/></testsuite>"


def test_a_report_leaves_its_ids(onetest: LocalOneTest, project: Project) -> None:
    project.write("out/a.xml", SUITE)
    done = project.report("--dotenv", "made/ids.env")
    assert done.code == 0, done.stderr
    lines = (project.path / "made" / "ids.env").read_text(encoding="utf-8").splitlines()
    told = dict(line.split("=", 1) for line in lines)
    assert list(told) == [f"ONETEST_{name.upper().replace('-', '_')}" for name in OUTPUTS]
    assert told["ONETEST_LAUNCH_ID"] == done.launch_id
    assert (told["ONETEST_TESTS"], told["ONETEST_UPLOAD_STATUS"]) == ("1", "delivered")
    assert onetest.api_key not in "".join(lines)


def test_a_value_adds_no_variable_and_does_not_burst_the_file(tmp_path: Path) -> None:
    place = tmp_path / "ids.env"
    write_dotenv(place, {"launch-url": "x\nPATH=y", "bundle-path": "a" * 300, "tests": "1"})
    assert place.read_text() == "ONETEST_LAUNCH_URL=\nONETEST_BUNDLE_PATH=\nONETEST_TESTS=1\n"
