"""JUnit's hot loop has its own code for rules that all other formats have from the ``Recorder``.

One table of cases goes through both, and through the reader that only counts.
"""

from collections.abc import Mapping
from io import BytesIO
from types import MappingProxyType
from typing import Any, Final, NamedTuple
from xml.sax.saxutils import quoteattr

import pytest

from onetest_ci.model import ERROR, FAILED, PASSED, SKIPPED, Case
from onetest_ci.reports.counts import Counts
from onetest_ci.reports.engine.limits import MOST_OTHERS, MOST_PROPERTIES
from onetest_ci.reports.engine.reading import Reading
from onetest_ci.reports.engine.recorder import Recorder
from onetest_ci.reports.engine.values import duration
from onetest_ci.reports.formats import junit

LIMIT: Final = 200
ELEMENTS: Final = {FAILED: "failure", ERROR: "error", SKIPPED: "skipped"}


class Row(NamedTuple):
    """One case: the attributes of JUnit's element, its status, and the texts inside."""

    attributes: Mapping[str, str] = MappingProxyType({})
    status: str = PASSED
    message: str = ""
    kind: str = ""
    details: str = ""
    output: str = ""
    properties: tuple[tuple[str, str], ...] = ()

    def as_element(self) -> str:
        inside = ""
        if self.properties:
            pairs = (f'<property name="{name}" value="{value}"/>' for name, value in self.properties)
            inside += f"<properties>{''.join(pairs)}</properties>"
        if self.status != PASSED:
            attributes = {"message": self.message, "type": self.kind}
            inside += element(ELEMENTS[self.status], attributes, self.details)
        if self.output:
            inside += element("system-out", {}, self.output)
        return element("testcase", self.attributes, inside)

    def record(self, recorder: Recorder, retry_key: str = "") -> None:
        recorder.case(
            self.attributes.get("name", ""),
            classname=self.attributes.get("classname", ""),
            file=self.attributes.get("file", ""),
            seconds=duration(self.attributes.get("time", "")),
            status=self.status,
            message=self.message,
            kind=self.kind,
            details=self.details,
            system_out=self.output,
            properties=self.properties,
            retry_key=retry_key,
        )


def element(tag: str, attributes: Mapping[str, str], inside: str) -> str:
    written = "".join(f" {name}={quoteattr(value)}" for name, value in attributes.items() if value)
    return f"<{tag}{written}>{inside}</{tag}>"


def of_junit(rows: list[Row], reading: Reading) -> tuple[list[Any], Counts]:
    document = f"<testsuite>{''.join(row.as_element() for row in rows)}</testsuite>"
    counts = Counts()
    records: list[Any] = []
    for some in junit.read(BytesIO(document.encode()), reading):
        counts.add_all(some)
        records += some
    return [record for record in records if isinstance(record, Case)], counts


def of_recorder(rows: list[Row], reading: Reading, *, retried: bool) -> tuple[list[Case], Counts, int]:
    recorder = Recorder(reading)
    recorder.open_suite("")
    for row in rows:
        row.record(recorder, row.attributes["name"] if retried else "")
    counts = Counts()
    counts.add_all(recorder.records)
    return [record for record in recorder.records if isinstance(record, Case)], counts, recorder.bad


NAMED: Final = {"name": "a", "classname": "C"}
LONG: Final = "x" * (LIMIT + 1)
CASES: Final = {
    "plain": Row(NAMED),
    "class-as-name": Row({"classname": "C"}),
    "no-name": Row({"file": "a.py"}, SKIPPED, "not here"),
    **{f"time={time}": Row({**NAMED, "time": time}) for time in ("0", "1.5", "1,234.5", "PT2S", "1:02")},
    **{f"time={time}": Row({**NAMED, "time": time}) for time in ("-1", "inf", "nan", "1e12", "soon", " ")},
    "message": Row(NAMED, FAILED, "7 is not 8", "AssertionError", "a.py:1"),
    "error": Row(NAMED, ERROR, "gone", "OSError", "a.py:1"),
    "details-only": Row(NAMED, FAILED, details="\n  7 is not 8\n  a.py:1\n"),
    "blank-details": Row(NAMED, FAILED, details=" \n "),
    "skip": Row(NAMED, SKIPPED, "not here", "", "on this host"),
    "long-texts": Row(NAMED, FAILED, LONG, LONG, LONG, LONG),
    "output": Row(NAMED, output="adds 1"),
    "attachment": Row(NAMED, FAILED, output="[[ATTACHMENT|a.png]] [[ATTACHMENT|b.png]] [[ATTACHMENT|a.png]]"),
    "many-attachments": Row(
        NAMED, output="".join(f"[[ATTACHMENT|{n}]]" for n in range(MOST_OTHERS + 1)) + "\n"
    ),
    "properties": Row(NAMED, properties=(("owner", "team"), ("owner", ""), ("long", LONG))),
    "many-properties": Row(NAMED, properties=(("p", ""),) * (MOST_PROPERTIES + 1)),
}


@pytest.mark.parametrize("row", CASES.values(), ids=CASES)
def test_a_case_has_the_same_record_in_the_hot_loop_and_in_the_recorder(row: Row) -> None:
    limit = 10 * MOST_OTHERS * 20 if row is CASES["many-attachments"] else LIMIT
    readings = Reading("a", limit), Reading("a", limit), Reading("a", limit, counting=True)
    cases, counts = of_junit([row], readings[0])
    recorded, recorded_counts, _ = of_recorder([row], readings[1], retried=False)
    _, only_counted = of_junit([row], readings[2])

    assert cases == recorded
    assert counts == recorded_counts == only_counted
    kinds = [{notice.kind for notice in reading.notices} - {"time"} for reading in readings]
    assert kinds[0] == kinds[1]


@pytest.mark.parametrize(
    "statuses",
    [
        (FAILED, PASSED),
        (ERROR, PASSED),
        (FAILED, FAILED),
        (FAILED, ERROR, PASSED, PASSED),
        (FAILED, SKIPPED, PASSED),
        (FAILED, PASSED, FAILED, PASSED),
        (PASSED, FAILED),
        (SKIPPED, FAILED, SKIPPED),
    ],
    ids=",".join,
)
def test_the_attempts_of_a_test_are_the_same_in_the_hot_loop_and_in_the_recorder(
    statuses: tuple[str, ...],
) -> None:
    rows = [Row({"name": "other"}), *(Row({"name": "a"}, status) for status in statuses)]
    cases, counts = of_junit(rows, Reading("a"))
    recorded, recorded_counts, bad = of_recorder(rows, Reading("a"), retried=True)
    _, only_counted = of_junit(rows, Reading("a", counting=True))

    assert [case.retry_of for case in cases] == [case.retry_of for case in recorded]
    assert counts == recorded_counts == only_counted
    assert bad == counts.failures + counts.errors
