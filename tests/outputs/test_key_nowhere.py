"""The API key: in the Authorization header and in GitHub's mask, and nowhere else."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.onetest import LocalOneTest
from support.project import Project
from support.proxy import HTML, Answer, Fault, HangUp

FAULTS: dict[str, Fault | None] = {
    "success": None,
    "hang-up": HangUp(),
    "500": Answer(500),
    "401": Answer(401),
    "403": Answer(403),
    "404": Answer(404),
    "429": Answer(429, b'{"detail": "coins"}'),
    "html": Answer(200, HTML, "text/html"),
    "garbage": Answer(200, b"\x00\xff"),
    "redirect": Answer(302, b""),
}


def forms(key: str) -> list[bytes]:
    """The key and a part of it, as Markdown would escape it, and its base64 text at any offset."""
    encoded = [base64.b64encode(b"\0" * shift + key.encode()).decode()[4:-4] for shift in range(3)]
    bearer = base64.b64encode(f"Bearer {key}".encode()).decode()[12:-4]
    # What a cut leaves of it is as telling.
    parts = [key, key[:12], key[-12:], key.replace("_", "\\_"), *encoded, bearer]
    return [part.encode() for part in parts]


def report_with(key: str) -> str:
    """Every text that a report carries holds the key, also where one is cut."""
    names = [f"{'n' * cut}{key}" for cut in (0, 185, 290, 485, 495, 985, 1000)]
    cases = "".join(
        f"<testcase classname='{name}' name='{name}' file='{name}'><properties><property name='{key}'"
        f" value='{key}'/></properties><failure message='{'m' * 445}{key}' type='{key}'>{key}</failure>"
        f"<system-out>{key} {base64.b64encode(key.encode()).decode()}</system-out></testcase>"
        for name in names
    )
    return f"<testsuite name='{key}'>{cases}</testsuite>"


def written(place: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(place.rglob("*")):
        if path.is_file():
            yield str(path), path.read_bytes()


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_the_key_is_nowhere(
    onetest: LocalOneTest, project: Project, tmp_path: Path, fault: Fault | None
) -> None:
    key = onetest.api_key
    output = tmp_path / "given"
    output.mkdir()
    github = {
        "GITHUB_ACTIONS": "true",
        "GITHUB_OUTPUT": str(output / "output"),
        "GITHUB_STEP_SUMMARY": str(output / "step-summary"),
        "GITHUB_WORKFLOW": f"flow {key}",
    }
    project.write("out/a.xml", report_with(key))
    project.write("logs/app.log", f"curl -H 'Authorization: Bearer {key}'")
    for number, options in enumerate(
        [("--mode", "launch"), ("--mode", "import"), ("--mode", "launch", "--launch-name", f"run {key}")]
    ):
        if fault:
            project.proxy.answer("/api/", fault)
        done = project.report(
            *options,
            *("--debug", "--bundle", output / f"bundle-{number}", "--artifacts", "logs/**"),
            *("--summary", output / f"summary-{number}.md", "--junit", output / f"junit-{number}.xml"),
            *("--build-version", "1", "--environment", "e"),
            env=github if number == 0 else {},
        )
        (output / f"outcome-{number}.json").write_text(json.dumps(done.outcome), encoding="utf-8")
        stdout = done.stdout.removeprefix(f"::add-mask::{key}\n") if number == 0 else done.stdout
        (output / f"stdout-{number}").write_text(stdout, encoding="utf-8")
        (output / f"stderr-{number}").write_text(done.stderr, encoding="utf-8")
        assert fault or done.status == "delivered"
        assert (output / f"bundle-{number}" / "items.jsonl").stat().st_size > 5000
    received = [("a request", one.without_authorization()) for one in project.proxy.requests]
    leaks = [
        (place, form)
        for place, content in [*written(output), *received]
        for form in forms(key)
        if form in content
    ]
    assert leaks == []
    assert all(one.headers["Authorization"] == f"Bearer {key}" for one in project.proxy.requests)
