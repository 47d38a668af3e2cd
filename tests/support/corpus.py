"""Real reports of public projects with an independent oracle; no part of this repository."""

import os
from pathlib import Path

CORPUS = Path(os.environ.get("ONETEST_CORPUS") or Path(__file__).parents[3] / "shared" / "corpus")
ORACLE = CORPUS / "oracle.json"

JUNIT_FAMILY = frozenset(
    {
        "behave",
        "ctest-junit",
        "go-junit-report",
        "gtest",
        "java-like",
        "jest-junit",
        "junit-generic",
        "minitest",
        "mocha/cypress",
        "phpunit",
        "pytest",
        "surefire/gradle/ant",
    }
)
"""The oracle's formats that are JUnit XML."""
