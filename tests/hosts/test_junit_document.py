"""The document of all results goes where the host shows tests."""

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]


def test_the_component_publishes_the_document_and_its_files() -> None:
    text = (ROOT / "templates" / "report" / "template.yml").read_text(encoding="utf-8")
    (job,) = list(yaml.safe_load_all(text.replace("$[[", "$((")))[-1].values()
    written = Path(job["variables"]["ONETEST_JUNIT"])
    assert job["artifacts"]["reports"]["junit"] == str(written)
    # GitLab takes the file of a test from the artifacts of the job that has the document.
    assert f"{written.stem}-files/" in job["artifacts"]["paths"]
    assert job["artifacts"]["when"] == "always"


@pytest.mark.parametrize("name", ["Jenkinsfile", "Jenkinsfile.scripted"])
def test_jenkins_shows_the_document(name: str) -> None:
    text = (ROOT / "examples" / "workflows" / name).read_text(encoding="utf-8")
    written = re.search(r"junit: '([^']+)'", text)
    shown = re.search(r"junit testResults: '([^']+)'", text)
    assert written
    assert shown
    assert written[1] == shown[1]
    assert written.start() < shown.start()
