"""The CI hosts as a table: a new host is a new row.

A field takes the first of its variables that is set; one with ``{...}`` is a template, which counts only when
all its variables are set. Each row names its source.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from onetest_ci.ci import clean, github, gitlab, jenkins

Environ = Mapping[str, str]
Fields = dict[str, str]


def _nothing(_told: Fields, _environ: Environ) -> Fields:
    return {}


@dataclass(frozen=True, slots=True)
class Provider:
    """One CI host.

    Attributes:
        key: short name, as attributes and outputs carry it.
        name: the name for people.
        marks: sets of variables; the host is this one when all of any set are set.
        fields: field of ``CIContext`` to where its value is found, best first.
        adjust: what a table cannot say: gets the fields and the environment, returns those that change.
    """

    key: str
    name: str
    marks: tuple[frozenset[str], ...]
    fields: Mapping[str, tuple[str, ...]]
    adjust: Callable[[Fields, Environ], Fields] = _nothing

    def is_here(self, environ: Environ) -> bool:
        """Whether the environment is that of a job of this host."""
        return any(all(_is_on(environ.get(name, "")) for name in marks) for marks in self.marks)

    def tell(self, environ: Environ) -> Fields:
        """The fields that the environment gives, cleaned, without empty ones."""
        told = {
            field: value
            for field, sources in self.fields.items()
            if (value := _first(field, sources, environ))
        }
        adjusted = {field: cleaned(field, value) for field, value in self.adjust(told, environ).items()}
        return {field: value for field, value in (told | adjusted).items() if value}


# https://docs.github.com/en/actions/reference/workflows-and-actions/variables
GITHUB: Final = Provider(
    key="github",
    name="GitHub Actions",
    marks=(frozenset({"GITHUB_ACTIONS"}),),
    fields={
        "run_id": ("GITHUB_RUN_ID",),
        "run_attempt": ("GITHUB_RUN_ATTEMPT",),
        "workflow": ("GITHUB_WORKFLOW",),
        "job": ("GITHUB_JOB",),
        "build_number": ("GITHUB_RUN_NUMBER",),
        "branch": ("GITHUB_HEAD_REF", "GITHUB_REF_NAME"),
        "commit": ("GITHUB_SHA",),
        "repository": ("GITHUB_REPOSITORY",),
        "repository_url": ("{GITHUB_SERVER_URL}/{GITHUB_REPOSITORY}",),
        "run_url": (
            "{GITHUB_SERVER_URL}/{GITHUB_REPOSITORY}/actions/runs/{GITHUB_RUN_ID}/attempts/{GITHUB_RUN_ATTEMPT}",
            "{GITHUB_SERVER_URL}/{GITHUB_REPOSITORY}/actions/runs/{GITHUB_RUN_ID}",
        ),
        "actor": ("GITHUB_ACTOR",),
        "workspace": ("GITHUB_WORKSPACE",),
        "temp_dir": ("RUNNER_TEMP",),
    },
    adjust=github.adjust,
)

# https://docs.gitlab.com/ci/variables/predefined_variables/
GITLAB: Final = Provider(
    key="gitlab",
    name="GitLab CI",
    marks=(frozenset({"GITLAB_CI"}),),
    fields={
        "run_id": ("CI_PIPELINE_ID",),
        "workflow": ("CI_PIPELINE_NAME",),
        "job": ("CI_JOB_NAME",),
        "build_number": ("CI_PIPELINE_IID",),
        "branch": ("CI_MERGE_REQUEST_SOURCE_BRANCH_NAME", "CI_COMMIT_BRANCH", "CI_COMMIT_REF_NAME"),
        "tag": ("CI_COMMIT_TAG",),
        # The first is set in merged-results pipelines only, where the second is a merge commit.
        "commit": ("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA", "CI_COMMIT_SHA"),
        "pull_request": ("CI_MERGE_REQUEST_IID",),
        "repository": ("CI_PROJECT_PATH",),
        "repository_url": ("CI_PROJECT_URL", "CI_REPOSITORY_URL"),
        "run_url": ("CI_PIPELINE_URL",),
        "job_url": ("CI_JOB_URL",),
        "actor": ("GITLAB_USER_LOGIN",),
        "workspace": ("CI_PROJECT_DIR",),
    },
    adjust=gitlab.adjust,
)

# /env-vars.html of any Jenkins, the git plugin's documentation, BUILD_USER_ID: the build user vars plugin
JENKINS: Final = Provider(
    key="jenkins",
    name="Jenkins",
    # JENKINS_URL is unset where the administrator configured no URL.
    marks=(frozenset({"JENKINS_URL"}), frozenset({"JENKINS_HOME", "BUILD_TAG"})),
    fields={
        "run_id": ("BUILD_TAG", "{JOB_NAME}-{BUILD_NUMBER}"),
        "workflow": ("JOB_NAME",),
        "job": ("STAGE_NAME",),
        "build_number": ("BUILD_NUMBER",),
        "branch": ("CHANGE_BRANCH", "BRANCH_NAME", "GIT_LOCAL_BRANCH", "GIT_BRANCH"),
        "tag": ("TAG_NAME",),
        "commit": ("GIT_COMMIT",),
        "pull_request": ("CHANGE_ID",),
        "repository_url": ("GIT_URL", "GIT_URL_1"),
        "run_url": ("BUILD_URL", "RUN_DISPLAY_URL"),
        "actor": ("BUILD_USER_ID", "CHANGE_AUTHOR"),
        "workspace": ("WORKSPACE",),
        "temp_dir": ("WORKSPACE_TMP",),
    },
    adjust=jenkins.adjust,
)

# The first that is here wins. Hosts whose mark is set for one job stand before those whose mark may belong to
# the machine: JENKINS_URL stands in the environment of agents and of all that they start.
PROVIDERS: Final = (GITHUB, GITLAB, JENKINS)

_CLEANERS: Final[Mapping[str, Callable[[str], str]]] = {
    "branch": clean.branch,
    "commit": clean.commit_id,
    "job_url": clean.web_url,
    "repository_url": clean.repository_url,
    "run_url": clean.web_url,
    "temp_dir": str,  # a shortened path would be another path
    "workspace": str,
}
_VARIABLE: Final = re.compile(r"\{(\w+)\}")


def cleaned(field: str, value: str) -> str:
    """A field's value without what it must not hold; empty when nothing usable is left."""
    return _CLEANERS.get(field, clean.text)(value)


def provider_of(environ: Environ) -> Provider | None:
    """The host whose job this is, None outside CI."""
    return next((provider for provider in PROVIDERS if provider.is_here(environ)), None)


def _is_on(value: str) -> bool:
    return value.strip().lower() not in {"", "0", "false"}


def _first(field: str, sources: tuple[str, ...], environ: Environ) -> str:
    values = (cleaned(field, _value(source, environ)) for source in sources)
    return next(filter(None, values), "")


def _value(source: str, environ: Environ) -> str:
    names = _VARIABLE.findall(source)
    if not names:
        return environ.get(source, "")
    if not all(environ.get(name) for name in names):
        return ""
    return _VARIABLE.sub(lambda found: environ[found[1]], source)
