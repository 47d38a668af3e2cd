"""Gates through the installed command: the exit code, and the verdict's sentence in each output."""

from pathlib import Path
from typing import Final

import pytest

from support.running import FLAKY, GREEN, RED, ended, writing

REPORTS: Final = {
    "a.xml": GREEN,
    "b.xml": RED,
    "c.xml": FLAKY,
    "d.xml": "<testsuite name='s'><testcase classname='c' name='off'><skipped/></testcase></testsuite>",
}
# Three tests ran: one failed, two passed, one of these is flaky. One was skipped.
ROWS: Final = {
    "any": (("--fail-on", "any"), "1 of 4 tests failed (--fail-on any)."),
    "new": (
        ("--fail-on", "new"),
        "1 of 4 tests failed; without a usable baseline each failure counts as new (--fail-on new).",
    ),
    "failures": (("--max-failures", "0"), "1 test failed; at most 0 may (--max-failures)."),
    "tests": (("--min-tests", "4"), "3 tests ran; at least 4 must (--min-tests)."),
    "rate": (
        ("--min-pass-rate", "66.6667"),
        "66.6666 % of 3 tests passed; at least 66.6667 % must (--min-pass-rate).",
    ),
    "flaky": (("--max-flaky", "0"), "1 test was flaky; at most 0 may be (--max-flaky)."),
}
PASSES: Final = {
    "never": ("--fail-on", "never"),
    "failures": ("--max-failures", "1"),
    "tests": ("--min-tests", "3"),
    "rate": ("--min-pass-rate", "66.6666"),
    "flaky": ("--max-flaky", "1"),
}


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    (tmp_path / "out").mkdir()
    for name, text in REPORTS.items():
        (tmp_path / "out" / name).write_text(text, encoding="utf-8")
    return tmp_path


def on_github(shop: Path) -> dict[str, str]:
    return {
        "GITHUB_ACTIONS": "true",
        "GITHUB_OUTPUT": str(shop / "outputs"),
        "GITHUB_STEP_SUMMARY": str(shop / "steps.md"),
    }


def output(shop: Path, name: str) -> str:
    """Return an output of the action."""
    lines = (shop / "outputs").read_text(encoding="utf-8").splitlines()
    at = next(number for number, line in enumerate(lines) if line.startswith(f"{name}<<"))
    end = lines.index(lines[at].partition("<<")[2], at + 1)
    return "\n".join(lines[at + 1 : end])


@pytest.mark.parametrize("name", ROWS)
def test_a_gate_that_fails_explains_itself_everywhere(name: str, shop: Path) -> None:
    flags, sentence = ROWS[name]
    done = ended(shop, "report", "out", *flags, env=on_github(shop))
    assert done.code == 1
    assert f"Gate         failed: {sentence}" in done.stdout
    (verdict,) = done.outcome["gate"]["verdicts"]
    assert (verdict["passed"], verdict["text"]) == (False, sentence)
    assert not done.outcome["gate"]["passed"]
    option = flags[0] if flags[0] != "--fail-on" else " ".join(flags)
    text = sentence.replace(f" ({option}).", ".").replace("%", "%25")
    assert f"::error title=onetest-ci%3A {option}::{text}" in done.stdout
    summary = (shop / "steps.md").read_text(encoding="utf-8")
    assert sentence.partition(" (")[0] in summary.replace("\\", "")
    assert output(shop, "gate") == "failed"


@pytest.mark.parametrize("name", PASSES)
def test_a_gate_that_passes(name: str, shop: Path) -> None:
    done = ended(shop, "report", "out", *PASSES[name], env=on_github(shop))
    assert done.code == 0
    verdicts = [verdict["passed"] for verdict in done.outcome["gate"]["verdicts"]]
    assert verdicts == ([] if name == "never" else [True])
    assert output(shop, "gate") == ("" if name == "never" else "passed")


def test_the_file_and_the_environment_set_gates_that_all_have_to_pass(shop: Path) -> None:
    (shop / ".onetest.yml").write_text("max-flaky: 0\nmin-tests: 3\n", encoding="utf-8")
    done = ended(shop, "report", "out", env={"ONETEST_MAX_FAILURES": "1"})
    words = {verdict["option"]: verdict["passed"] for verdict in done.outcome["gate"]["verdicts"]}
    assert words == {"--max-failures": True, "--min-tests": True, "--max-flaky": False}
    assert done.code == 1


@pytest.mark.parametrize(
    ("flags", "files"),
    [
        (("--max-failures", "9"), {"e.xml": GREEN[:-12]}),
        (("--min-tests", "1"), {"e.xml": GREEN[:-12]}),
        (("--max-flaky", "9"), {}),
    ],
)
def test_reports_that_cannot_be_read_pass_no_gate(
    flags: tuple[str, ...], files: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "out").mkdir()
    for name, text in files.items():
        (tmp_path / "out" / name).write_text(text, encoding="utf-8")
    done = ended(tmp_path, "report", "out", *flags)
    assert done.code == 3
    assert not done.outcome["gate"]["passed"]
    assert "The tests cannot be judged: not all reports could be read" in done.outcome["gate"]["why"]


def test_the_case_of_the_test_command_is_not_a_test_that_ran(shop: Path) -> None:
    for name in REPORTS:
        (shop / "out" / name).unlink()
    done = ended(shop, "run", "out", "--min-tests", "2", "--", *writing(GREEN, 3))
    assert (done.code, done.outcome["gate"]["why"]) == (3, "1 test ran; at least 2 must")


def test_with_a_baseline_only_new_failures_fail(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    report = tmp_path / "out" / "r.xml"
    flags = ("--fail-on", "new", "--baseline", "base.gz")
    report.write_text(RED, encoding="utf-8")
    assert ended(tmp_path, "report", "out", "--save-results", "base.gz").code == 0
    done = ended(tmp_path, "report", "out", *flags)
    text = "0 new failures (1 failed before)"
    assert (done.code, done.outcome["gate"]["verdicts"][0]["text"]) == (0, f"{text} (--fail-on new).")
    second = "<testcase classname='c' name='good'><failure/></testcase></testsuite>"
    report.write_text(RED.replace("</testsuite>", second), encoding="utf-8")
    done = ended(tmp_path, "report", "out", *flags)
    assert (done.code, done.outcome["gate"]["why"]) == (
        1,
        "1 new failure (1 failed before)",
    )
    (tmp_path / "base.gz").write_bytes(b"damaged")
    done = ended(tmp_path, "report", "out", *flags)
    assert (done.code, "without a usable baseline" in done.outcome["gate"]["why"]) == (1, True)


EMPTY: Final = ("fail-on", "max-failures", "min-tests", "min-pass-rate", "max-flaky", "test-exit-code")


def test_an_empty_gate_is_an_error_where_a_person_wrote_it(tmp_path: Path) -> None:
    (tmp_path / "r.xml").write_text(GREEN, encoding="utf-8")
    for name in EMPTY:
        for text in ("", " "):
            done = ended(tmp_path, "report", "r.xml", f"--{name}", text)
            assert (done.code, f"--{name}: '{text}' from the command line is not allowed" in done.stderr) == (
                2,
                True,
            )
    # CI hosts pass inputs that are not set as empty texts.
    variables = {f"ONETEST_{name.upper().replace('-', '_')}": "" for name in EMPTY}
    inputs = {f"INPUT_{name.upper()}": "" for name in EMPTY}
    assert ended(tmp_path, "report", "r.xml", env={"GITHUB_ACTIONS": "true", **variables, **inputs}).code == 0
    # It does not remove a gate of a lower source.
    (tmp_path / ".onetest.yml").write_text("min-tests: 9\n", encoding="utf-8")
    assert ended(tmp_path, "report", "r.xml", env=variables).code == 1
