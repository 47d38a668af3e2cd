"""One small report of each native format, out of those that tools wrote or that follow a schema."""

from pathlib import Path
from typing import Final

DATA: Final = Path(__file__).parents[1] / "data"

SAMPLES: Final = {
    "trx": "written/trx/reports/report.trx",
    "xunit.net": "written/xunitnet/reports/v2.xml",
    "nunit3": "written/nunit3/reports/report.xml",
    "nunit2": "written/nunit2/reports/report.xml",
    "testng": "produced/testng-xml/reports/testng-results.xml",
    "robot": "produced/robot-output/reports/first.xml",
    "ctest": "produced/ctest-xml/reports/packed.xml",
    "boost.test": "produced/boost-xml/reports/log.xml",
    "cunit": "produced/cunit-xml/reports/cart-Results.xml",
    "qtest": "produced/qtest-xml/reports/report.xml",
    "check": "produced/check-xml/reports/report.xml",
    "cppunit": "produced/cppunit-xml/reports/report.xml",
    "unittest++": "produced/unittestpp-xml/reports/report.xml",
    "catch2": "produced/catch2-xml/reports/report.xml",
    "doctest": "produced/doctest-xml/reports/report.xml",
    "sonarqube": "produced/sonarqube-vitest/reports/report.xml",
    "go": "produced/go-json/reports/report.json",
    "dart": "written/dart/reports/report.jsonl",
    "bazel": "produced/bazel-json/reports/report.json",
    "libtest": "produced/cargo-test-json/reports/lib.json",
    "pytest-reportlog": "produced/pytest-reportlog/reports/again.jsonl",
    "playwright": "produced/playwright-json/reports/report.json",
    "ginkgo": "produced/ginkgo-json/reports/hooks.json",
    "ctrf": "produced/playwright-json/reports/ctrf.json",
    "newman": "produced/newman-json/reports/report.json",
    "xcresult": "written/xcresult/reports/report.json",
    "cucumber": "produced/cucumber-json/reports/report.json",
    "cucumber-messages": "produced/cucumber-messages/reports/report.ndjson",
    "mocha": "produced/mocha-json/reports/report.json",
    "mochawesome": "produced/mochawesome/reports/report.json",
    "testcafe": "produced/testcafe/reports/report.json",
    "karma": "produced/karma-json/reports/report.json",
    "rspec": "produced/rspec-json/reports/report.json",
    "pytest-json-report": "produced/pytest-json-report/reports/report.json",
    "jest": "produced/jest-json/reports/report.json",
    "googletest": "produced/gtest-json/reports/new.json",
    "exunit": "produced/exunit/reports/report.txt",
    "tap": "produced/tap-stream/reports/node.tap",
}

XML: Final = tuple(name for name, path in SAMPLES.items() if path.endswith((".xml", ".trx")))
JSON: Final = (
    "playwright",
    "ginkgo",
    "ctrf",
    "newman",
    "xcresult",
    "cucumber",
    "mocha",
    "mochawesome",
    "testcafe",
    "karma",
    "rspec",
    "pytest-json-report",
    "jest",
    "googletest",
)
LINES: Final = (
    "go",
    "dart",
    "bazel",
    "libtest",
    "cucumber-messages",
    "pytest-reportlog",
    "exunit",
    "tap",
)
TEXT: Final = ("exunit", "tap")
"""Formats of ``LINES`` whose lines are not JSON."""


def sample(report_format: str) -> bytes:
    return (DATA / SAMPLES[report_format]).read_bytes()
