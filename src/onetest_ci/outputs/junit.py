"""Write all results as one JUnit document, for other tools.

junitparser writes it. Its import takes 0.12 s, so this module is imported only for ``--junit``.
"""

from pathlib import Path

import junitparser

from onetest_ci.bundle.bundle import Bundle
from onetest_ci.bundle.logs import failure_text
from onetest_ci.model import ERROR, FAILED, SKIPPED, Case, Suite
from onetest_ci.text.characters import replace_non_xml

_RESULTS = {FAILED: junitparser.Failure, ERROR: junitparser.Error, SKIPPED: junitparser.Skipped}


def write_junit(path: Path, bundle: Bundle) -> None:
    """Write the document. A case with several attempts is in it once, with its final verdict."""
    names: dict[int | None, str] = {None: "tests"}
    cases: dict[int | None, list[junitparser.TestCase]] = {}
    for item in bundle.results():
        if isinstance(item, Suite):
            names[item.ordinal] = item.name
        else:
            cases.setdefault(item.stored.case.suite, []).append(_case(item.stored.case))
    document = junitparser.JUnitXml()
    for ordinal, members in cases.items():
        suite = junitparser.TestSuite(replace_non_xml(names[ordinal]))
        suite.add_testcases(members)
        document.add_testsuite(suite)
    document.update_statistics()  # type: ignore[no-untyped-call]
    path.parent.mkdir(parents=True, exist_ok=True)
    # Not pretty-printed, since that writer loses line breaks in attributes.
    document.write(str(path))


def _case(case: Case) -> junitparser.TestCase:
    written = junitparser.TestCase(
        replace_non_xml(case.name), replace_non_xml(case.classname) or None, case.seconds
    )
    if case.status in _RESULTS:
        verdict = _RESULTS[case.status](
            replace_non_xml(case.message) or None, replace_non_xml(case.kind) or None
        )
        verdict.text = replace_non_xml(case.details if case.status == SKIPPED else failure_text(case))
        written.result = [verdict]
    if case.system_out:
        written.system_out = replace_non_xml(case.system_out)
    if case.system_err:
        written.system_err = replace_non_xml(case.system_err)
    return written
