"""Writes the JUnit report that the benchmarks read and send.

Suites of 200 cases, 5 % failures with a stack trace of 2 KB, 5 % skips, output and properties on every tenth
case: 100,000 cases are about 30 MB.
"""

from pathlib import Path

SUITE = 200
TRACE = "\n".join(
    f'  File "/home/runner/app/src/area_{i}/module.py", line {i * 7}, in call_{i}\n    return self.call({i})'
    for i in range(18)
)
PROPERTIES = '<properties><property name="owner" value="team"/><property name="id" value="C1"/></properties>'
FAILURE = f'<failure message="assert 1 == 2" type="AssertionError"><![CDATA[{TRACE}]]></failure>'
SKIPPED = '<skipped message="not on this platform"/>'
OUTPUT = f"<system-out>{'INFO step ok; value &lt;a&gt; &amp; b; ' * 6}</system-out>"
SHOT = "<system-out>[[ATTACHMENT|shots/{}.png]]</system-out>"
INSIDE = {3: PROPERTIES, 7: FAILURE + SHOT, 9: SKIPPED, 13: PROPERTIES, 15: OUTPUT, 16: OUTPUT}
"""The elements inside a case, by its number modulo 20."""


def write(path: Path, tests: int) -> None:
    """Write a report of ``tests`` tests."""
    with path.open("w") as file:
        file.write("<testsuites>\n")
        for first in range(0, tests, SUITE):
            suite = f"tests.area_{first % 16}.test_module_{first // SUITE}"
            file.write(f'<testsuite name="{suite}" timestamp="2026-11-01T10:00:00">\n')
            for number in range(first, min(first + SUITE, tests)):
                file.write(case(number, suite))
            file.write("</testsuite>\n")
        file.write("</testsuites>\n")


def case(number: int, suite: str) -> str:
    """Return one case of the mix."""
    inside = INSIDE.get(number % 20, "").replace("{}", str(number))
    return (
        f'<testcase classname="{suite}.TestCase" name="test_returns_empty_{number}" '
        f'file="{suite.replace(".", "/")}.py" line="{number % 900}" time="{number % 1000 / 1000}">'
        f"{inside}</testcase>\n"
    )


def write_single(folder: Path, files: int) -> None:
    """Write a number of reports of one test each, in directories of 1,000."""
    for number in range(files):
        directory = folder / str(number // 1000)
        if number % 1000 == 0:
            directory.mkdir(parents=True)
        suite = f"tests.area_{number % 16}.test_module_{number // SUITE}"
        (directory / f"TEST-{number}.xml").write_text(
            f'<testsuite name="{suite}" timestamp="2026-11-01T10:00:00">\n{case(number, suite)}</testsuite>\n'
        )
