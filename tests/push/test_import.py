"""Import mode: the documents that are sent, read by a third-party reader."""

import re
from pathlib import Path

import junitparser

from support.onetest import LocalOneTest
from support.project import Project
from support.proxy import Answer, Fault, Request

LIMIT = 10_000_000


def documents(project: Project) -> list[bytes]:
    """What was uploaded, without the form around it."""
    uploads = [one for one in project.proxy.requests if "/import/" in one.path]
    found = [re.search(rb"<\?xml.*</testsuites>\n", one.body, re.DOTALL) for one in uploads]
    return [match[0] for match in found if match]


def test_a_document_holds_the_results_and_spells_code_refs(onetest: LocalOneTest, project: Project) -> None:
    project.write(
        "out/a.xml",
        """<testsuites><testsuite name='s &lt;1&gt;'>
        <testcase classname='tests.test_a.TestA' file='tests/test_a.py' name='test_method' time='1.5'/>
        <testcase classname='tests.test_a' file='tests/test_a.py' name='test_function'>
          <failure message='a "quoted"&#10;line' type='AssertionError'>trace &lt;here&gt; ]]&gt;</failure>
          <system-out>out</system-out><system-err>err</system-err></testcase>
        <testcase classname='tests.test_a.TestA' file='tests/test_a.py' name='test_m[1-x]'/>
        <testcase classname='com.acme.Outer$Inner' name='valid'><error message='boom'/></testcase>
        <testcase classname='c' name='later'><skipped message='why not'/></testcase>
        <testcase classname='c' name='again'><failure/></testcase><testcase classname='c' name='again'/>
        </testsuite></testsuites>""",
    )
    done = project.report("--mode", "import")
    (document,) = documents(project)
    assert b"<!DOCTYPE" not in document
    (suite,) = junitparser.JUnitXml.fromstring(document)
    assert suite.name == "s <1>"
    read = {case.name: case for case in suite}
    assert len(read) == 6
    failure = read["test_function"].result[0]
    assert isinstance(failure, junitparser.Failure)
    assert failure.message == 'a "quoted"\nline'
    assert failure.text.endswith("trace <here> ]]>")
    assert (read["test_function"].system_out, read["test_function"].system_err) == ("out", "err")
    assert isinstance(read["valid"].result[0], junitparser.Error)
    assert read["later"].result[0].message == "why not"
    assert read["again"].result == []
    assert read["test_method"].time == 1.5

    cases = onetest.cases(done.launch_id)
    assert {case["code_ref"]: case["status"] for case in cases} == {
        "tests/test_a.py:TestA.test_method": "passed",
        # A function of a module has no dot to be split at, a parameter is not part of a reference.
        "tests.test_a.test_function": "failed",
        "tests.test_a.TestA.test_m[1-x]": "passed",
        "com.acme.Outer.Inner.valid": "failed",
        "c.later": "skipped",
        "c.again": "passed",
    }


def suite_of(cases: int, output: int, trace: int, name: str = "t") -> str:
    """Every tenth test fails, all print; texts that zip badly enough and need escapes."""
    rows = []
    for number in range(cases):
        failure = (
            f"<failure message='m{number}'>{'trace &lt; '[: max(trace, 9)] * (trace // 9)}</failure>"
            if number % 10 == 0
            else ""
        )
        printed = f"<system-out>{'x' * output}</system-out>" if output else ""
        rows.append(f"<testcase classname='c.C' name='{name}{number}'>{failure}{printed}</testcase>")
    return f"<testsuite name='big'>{''.join(rows)}</testsuite>"


def test_too_much_output_is_left_out_to_stay_one_document(onetest: LocalOneTest, project: Project) -> None:
    project.write("out/a.xml", suite_of(cases=300, output=60_000, trace=60))
    done = project.report("--mode", "import")
    (document,) = documents(project)
    assert len(document) <= LIMIT
    assert "output of passed tests was left out" in " ".join(done.outcome["warnings"])
    assert document.count(b"<system-out>") == 30
    assert len(onetest.cases(done.launch_id)) == 300


def test_what_does_not_fit_is_split_and_what_is_missing_is_pushed(
    onetest: LocalOneTest, project: Project
) -> None:
    project.write("out/a.xml", suite_of(cases=30_000, output=0, trace=60, name="n" * 400))

    def rule(request: Request) -> Fault | None:
        return Answer(500) if b"-2-of-2.xml" in request.body else None

    project.proxy.rule = rule
    failed = project.report("--mode", "import", "--launch-name", "Night ly/1")
    assert (failed.status, failed.error) == ("partial", "server-error")
    first = failed.delivery["cases_sent"]
    assert 0 < first < 30_000
    project.proxy.rule = None
    unsure = project.push(failed.bundle)
    assert (unsure.code, unsure.error) == (4, "unanswered-import")
    done = project.push(failed.bundle, "--unanswered-import", "repeat")
    assert (done.status, done.delivery["cases_sent"]) == ("delivered", 30_000)
    uploads = documents(project)
    assert len(uploads) == 3
    assert uploads[1] == uploads[2]
    assert all(len(upload) <= LIMIT for upload in uploads)
    ids = [one["id"] for one in done.delivery["launches"]]
    assert [onetest.launch(launch_id)["statistics"]["total"] for launch_id in ids] == [
        first,
        30_000 - first,
    ]
    assert "split into 2 documents" in " ".join(done.outcome["warnings"])


def test_the_bundle_of_an_import_is_gone_after_it(project: Project, tmp_path: Path) -> None:
    project.write("out/a.xml", suite_of(cases=3, output=3, trace=9))
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    project.report("--mode", "import", env={"TMPDIR": str(temporary)})
    assert list(temporary.iterdir()) == []
