"""The examples of all hosts keep an undelivered bundle, also when the reporting step failed."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from support.snippets import blocks

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples" / "workflows"
README = (ROOT / "README.md").read_text(encoding="utf-8")
REPORTS = re.compile(r"onetest-ci report|report-action(?:@v|/composite@v|/report@|:1\b)")


def document(text: str) -> Any:
    # The examples contain no tags such as GitLab's !reference. A component's header is a separate document.
    return list(yaml.safe_load_all(text))[-1]


def github(steps: list[dict[str, Any]]) -> None:
    """Check that the upload follows the report, always runs, and has the directory of the report."""
    report = next(at for at, step in enumerate(steps) if "onetest/report-action" in step.get("uses", ""))
    name = steps[report]["id"]
    keep = next(step for step in steps[report + 1 :] if "upload-artifact" in step.get("uses", ""))
    assert keep["if"].startswith(f"always() && steps.{name}.outputs.bundle-path != ''")
    assert keep["with"]["path"] == f"${{{{ steps.{name}.outputs.bundle-path }}}}"
    # The action needs a different name for each job and leg. The second workflow must find the name.
    assert keep["with"]["name"] == "onetest-bundle-${{ github.job }}-${{ strategy.job-index }}"


def github_workflow(text: str) -> None:
    github(document(text)["jobs"]["test"]["steps"])


def github_push(text: str) -> None:
    """Check that it pushes an artifact of another run, which stays there."""
    (job,) = document(text)["jobs"].values()
    assert "download-artifact" in job["steps"][0]["uses"]


def gitlab(text: str) -> None:
    (job,) = [
        job
        for job in document(text).values()
        if isinstance(job, dict) and REPORTS.search(str(job.get("script")))
    ]
    assert job["artifacts"]["when"] == "always"
    assert "onetest-bundle-*/" in job["artifacts"]["paths"]


def gitlab_component(text: str) -> None:
    assert "onetest/report-action/report@1" in text


def azure(text: str) -> None:
    report, keep = document(text)["steps"][-2:]
    # The variable is set for all exit codes of the report. The step then ends with that code.
    script = report["bash"]
    assert script.index("|| code=$?") < script.index("task.setvariable variable=KEPT_BUNDLE")
    assert script.rstrip().endswith('exit "$code"')
    assert keep["publish"] == "$(KEPT_BUNDLE)"
    assert keep["condition"].startswith("and(always(), ")


def circleci(text: str) -> None:
    # A failed step would keep the workspace, and so the reports, from being saved.
    *_, tests, _, persist, end = document(text)["jobs"]["test"]["steps"]
    assert '|| echo "$?" >reports/exit-code' in tests["run"]
    assert persist["persist_to_workspace"]["paths"] == ["reports"]
    assert end["run"].startswith('exit "$(cat reports/exit-code')
    job = document(text)["jobs"]["report"]
    run, keep = job["steps"][-2:]
    assert REPORTS.search(run["run"])
    assert keep["store_artifacts"]["path"] == job["environment"]["ONETEST_BUNDLE"]
    assert keep["store_artifacts"]["when"] == "always"


def bitbucket(text: str) -> None:
    (step,) = [one["step"] for one in document(text)["pipelines"]["default"]]
    (keep,) = step["artifacts"]["upload"]
    assert keep["capture-on"] == "always"
    assert keep["paths"] == ["onetest-bundle-*/**"]


def buildkite(text: str) -> None:
    step = document(text)["steps"][-1]
    assert step["artifact_paths"] == "onetest-bundle-*/**/*"


def plugins(text: str) -> None:
    """Check that the saving step follows, with the same conditions."""
    report, keep = document(text)["steps"][-2:]
    assert REPORTS.search(report["image"])
    assert keep["settings"]["source"] == "onetest-bundle-*/**/*"
    assert keep["when"] == report["when"]
    assert "failure" in str(keep["when"])


def tekton(text: str) -> None:
    (step,) = document(text)["spec"]["steps"]
    (bundle,) = [one["value"] for one in step["env"] if one["name"] == "ONETEST_BUNDLE"]
    assert bundle.startswith("$(workspaces.bundles.path)/")
    assert "bundles" in [one["name"] for one in document(text)["spec"]["workspaces"]]


def teamcity(text: str) -> None:
    """Check the artifact's path; TeamCity publishes artifacts of failed builds by default."""
    assert 'artifactRules = "onetest-bundle-*/** => ."' in text
    assert "publishArtifacts" not in text
    report = text[text.index('name = "Report to OneTest"') :]
    assert "ExecutionMode.RUN_ON_FAILURE" in report


def jenkins(text: str) -> None:
    """The step archives the bundle before it fails the build (test_jenkins_step)."""
    assert "onetestReport" in text
    assert "archiveBundle: false" not in text


def jenkins_by_hand(text: str) -> None:
    """Check that the exit code is returned, so that later steps run."""
    assert "returnStatus: true" in text
    assert text.index("onetest-ci report") < text.index("archiveArtifacts") < text.index("unstable(")
    assert "onetest-bundle-*/**" in text


def any_jenkins(text: str) -> None:
    (jenkins if "onetestReport" in text else jenkins_by_hand)(text)


CHECKS: dict[str, Callable[[str], None]] = {
    "Jenkinsfile": jenkins,
    "Jenkinsfile.scripted": jenkins,
    "azure-pipelines.yml": azure,
    "bitbucket-pipelines.yml": bitbucket,
    "buildkite.yml": buildkite,
    "circleci.yml": circleci,
    "drone.yml": plugins,
    "github-baseline.yml": github_workflow,
    "github-fork-push.yml": github_push,
    "github.yml": github_workflow,
    "gitlab-ci.yml": gitlab,
    "gitlab-component.yml": gitlab_component,
    "teamcity-settings.kts": teamcity,
    "tekton.yml": tekton,
    "woodpecker.yml": plugins,
}


def test_every_example_has_a_check() -> None:
    assert sorted(CHECKS) == sorted(place.name for place in EXAMPLES.iterdir())


@pytest.mark.parametrize("name", CHECKS)
def test_the_example_keeps_the_bundle(name: str) -> None:
    text = (EXAMPLES / name).read_text(encoding="utf-8")
    CHECKS[name](text)
    # The check fails without the lines that keep the bundle.
    without = re.sub(r"(?i).*(onetest-bundle|bundle-path|KEPT_BUNDLE|ONETEST_BUNDLE|archive).*\n", "", text)
    if name not in {"gitlab-component.yml", "github-fork-push.yml", "Jenkinsfile", "Jenkinsfile.scripted"}:
        with pytest.raises(
            (AssertionError, LookupError, StopIteration, TypeError, ValueError, yaml.YAMLError)
        ):
            CHECKS[name](without)


def test_the_component_keeps_the_bundle() -> None:
    gitlab((ROOT / "templates" / "report" / "template.yml").read_text(encoding="utf-8").replace("$[[", "$(("))


def snippets() -> Iterator[tuple[str, str]]:
    """Return the code blocks of the README and of guides that report, with their language.

    The other guides show the examples, and blocks that are equal to examples are left out.
    """
    guides = (ROOT / "docs" / "how-to" / "ci" / f"{host}.md" for host in ("github", "gitlab", "jenkins"))
    sections = [
        guide.read_text(encoding="utf-8").partition("## Report the results\n")[2].partition("\n## ")[0]
        for guide in guides
    ]
    for text in [README, *sections]:
        for block in blocks(text, "page"):
            if "from" not in block.marks and (REPORTS.search(block.text) or "onetestReport" in block.text):
                yield block.language, block.text


def test_every_snippet_keeps_the_bundle() -> None:
    seen = []
    for language, text in snippets():
        if language == "groovy":
            any_jenkins(text)
        elif language == "yaml" and "component:" in text:
            gitlab_component(text)
        elif language == "yaml" and "jobs:" in text:
            github_workflow(text)
        elif language == "yaml":
            github(document(text))
        else:
            # Commands for a shell run on the reader's own machine.
            assert language == "sh", text
        seen.append(language)
    assert seen.count("yaml") >= 4
    assert seen.count("groovy") >= 2
