"""The CI hosts as a table: a new host is a new row.

Hosts that need a module of their own have their row there.
"""

from typing import Final

from onetest_ci.ci import github, gitlab, host_adjustments, jenkins, teamcity
from onetest_ci.ci.host import Environ, Host
from onetest_ci.ci.variable_references import BRACKETS, DOUBLE_BRACES, PARENTHESES, PERCENT, SHELL

# By the project's id, since a name may contain spaces.
_AZURE_RUN: Final = "{SYSTEM_COLLECTIONURI}{SYSTEM_TEAMPROJECTID}/_build/results?buildId={BUILD_BUILDID}"
_APPVEYOR_RUN: Final = (
    "{APPVEYOR_URL}/project/{APPVEYOR_ACCOUNT_NAME}/{APPVEYOR_PROJECT_SLUG}/builds/{APPVEYOR_BUILD_ID}"
)

AZURE: Final = Host(
    key="azure",
    name="Azure Pipelines",
    documentation=("https://learn.microsoft.com/azure/devops/pipelines/build/variables",),
    marks=(frozenset({"TF_BUILD"}),),
    fields={
        "run_id": ("BUILD_BUILDID",),
        "workflow": ("BUILD_DEFINITIONNAME",),
        "job": ("SYSTEM_JOBDISPLAYNAME", "AGENT_JOBNAME"),
        "build_number": ("BUILD_BUILDNUMBER",),
        "branch": ("SYSTEM_PULLREQUEST_SOURCEBRANCH", "BUILD_SOURCEBRANCH"),
        "commit": ("SYSTEM_PULLREQUEST_SOURCECOMMITID", "BUILD_SOURCEVERSION"),
        "merge_commit": ("BUILD_SOURCEVERSION",),
        # The first for repositories on GitHub, where the second is an id that people do not see.
        "pull_request": ("SYSTEM_PULLREQUEST_PULLREQUESTNUMBER", "SYSTEM_PULLREQUEST_PULLREQUESTID"),
        "repository": ("BUILD_REPOSITORY_NAME",),
        "repository_url": ("BUILD_REPOSITORY_URI",),
        "run_url": (_AZURE_RUN,),
        "job_url": (_AZURE_RUN + "&view=logs&j={SYSTEM_JOBID}",),
        "actor": ("BUILD_REQUESTEDFOR",),
        "workspace": ("BUILD_SOURCESDIRECTORY",),
        "temp_dir": ("AGENT_TEMPDIRECTORY",),
        "debug": ("SYSTEM_DEBUG",),
    },
    url_variables=(
        "SYSTEM_COLLECTIONURI",
        "SYSTEM_PULLREQUEST_SOURCEREPOSITORYURI",
        "SYSTEM_TEAMFOUNDATIONCOLLECTIONURI",
    ),
    references=f"{PARENTHESES}|{BRACKETS}",
    adjust=host_adjustments.azure,
)

CIRCLECI: Final = Host(
    key="circleci",
    name="CircleCI",
    documentation=("https://circleci.com/docs/reference/variables/",),
    marks=(frozenset({"CIRCLECI"}),),
    fields={
        "run_id": ("CIRCLE_WORKFLOW_ID",),
        "job": ("CIRCLE_JOB",),
        "build_number": ("CIRCLE_BUILD_NUM",),
        "branch": ("CIRCLE_BRANCH",),
        "tag": ("CIRCLE_TAG",),
        "commit": ("CIRCLE_SHA1",),
        # The first of forks only; a list of several is not a number, see host_adjustments.circleci.
        "pull_request": ("CIRCLE_PR_NUMBER", "CIRCLE_PULL_REQUESTS", "CIRCLE_PULL_REQUEST"),
        "repository": ("{CIRCLE_PROJECT_USERNAME}/{CIRCLE_PROJECT_REPONAME}",),
        "repository_url": ("CIRCLE_REPOSITORY_URL",),
        "run_url": ("https://app.circleci.com/pipelines/workflows/{CIRCLE_WORKFLOW_ID}",),
        "job_url": ("CIRCLE_BUILD_URL",),
        "actor": ("CIRCLE_USERNAME",),
        "workspace": ("CIRCLE_WORKING_DIRECTORY",),
    },
    adjust=host_adjustments.circleci,
)

BITBUCKET: Final = Host(
    key="bitbucket",
    name="Bitbucket Pipelines",
    documentation=("https://support.atlassian.com/bitbucket-cloud/docs/variables-and-secrets/",),
    marks=(frozenset({"BITBUCKET_BUILD_NUMBER"}),),
    fields={
        "run_id": ("BITBUCKET_PIPELINE_UUID",),
        "build_number": ("BITBUCKET_BUILD_NUMBER",),
        "branch": ("BITBUCKET_BRANCH",),
        "tag": ("BITBUCKET_TAG",),
        "commit": ("BITBUCKET_COMMIT",),
        "pull_request": ("BITBUCKET_PR_ID",),
        "repository": ("BITBUCKET_REPO_FULL_NAME",),
        "repository_url": ("BITBUCKET_GIT_HTTP_ORIGIN",),
        "run_url": ("{BITBUCKET_GIT_HTTP_ORIGIN}/pipelines/results/{BITBUCKET_BUILD_NUMBER}",),
        "workspace": ("BITBUCKET_CLONE_DIR",),
    },
    adjust=host_adjustments.bitbucket,
)

BUILDKITE: Final = Host(
    key="buildkite",
    name="Buildkite",
    documentation=("https://buildkite.com/docs/pipelines/configure/environment-variables",),
    marks=(frozenset({"BUILDKITE"}),),
    fields={
        "run_id": ("BUILDKITE_BUILD_ID",),
        "workflow": ("BUILDKITE_PIPELINE_NAME", "BUILDKITE_PIPELINE_SLUG"),
        "job": ("BUILDKITE_LABEL", "BUILDKITE_STEP_KEY"),
        "build_number": ("BUILDKITE_BUILD_NUMBER",),
        "branch": ("BUILDKITE_BRANCH",),
        "tag": ("BUILDKITE_TAG",),
        "commit": ("BUILDKITE_COMMIT",),
        "pull_request": ("BUILDKITE_PULL_REQUEST",),
        "repository_url": ("BUILDKITE_REPO",),
        "run_url": ("BUILDKITE_BUILD_URL",),
        "job_url": ("{BUILDKITE_BUILD_URL}#{BUILDKITE_JOB_ID}",),
        "actor": ("BUILDKITE_BUILD_CREATOR", "BUILDKITE_BUILD_AUTHOR"),
        "workspace": ("BUILDKITE_BUILD_CHECKOUT_PATH",),
    },
    url_variables=("BUILDKITE_PULL_REQUEST_REPO",),
    adjust=host_adjustments.buildkite,
)

WOODPECKER: Final = Host(
    key="woodpecker",
    name="Woodpecker",
    documentation=("https://woodpecker-ci.org/docs/usage/environment",),
    marks=(frozenset({"CI=woodpecker"}), frozenset({"CI_SYSTEM_NAME=woodpecker"})),
    fields={
        "run_id": ("{CI_REPO}#{CI_PIPELINE_NUMBER}",),
        "workflow": ("CI_WORKFLOW_NAME",),
        "job": ("CI_STEP_NAME",),
        "build_number": ("CI_PIPELINE_NUMBER",),
        "branch": ("CI_COMMIT_SOURCE_BRANCH", "CI_COMMIT_BRANCH"),
        "tag": ("CI_COMMIT_TAG",),
        "commit": ("CI_COMMIT_SHA",),
        "pull_request": ("CI_COMMIT_PULL_REQUEST",),
        "repository": ("CI_REPO",),
        "repository_url": ("CI_REPO_URL", "CI_REPO_CLONE_URL"),
        "run_url": ("CI_PIPELINE_URL",),
        "job_url": ("CI_STEP_URL",),
        "actor": ("CI_PIPELINE_AUTHOR", "CI_COMMIT_AUTHOR"),
        "workspace": ("CI_WORKSPACE",),
    },
    url_variables=(
        "CI_FORGE_URL",
        "CI_SYSTEM_URL",
    ),
    adjust=host_adjustments.drop_branch_of_tag,
)

DRONE: Final = Host(
    key="drone",
    name="Drone",
    documentation=("https://docs.drone.io/pipeline/environment/reference/",),
    marks=(frozenset({"DRONE"}),),
    fields={
        "run_id": ("{DRONE_REPO}#{DRONE_BUILD_NUMBER}",),
        "workflow": ("DRONE_STAGE_NAME",),
        "job": ("DRONE_STEP_NAME",),
        "build_number": ("DRONE_BUILD_NUMBER",),
        "branch": ("DRONE_SOURCE_BRANCH", "DRONE_BRANCH"),
        "tag": ("DRONE_TAG",),
        "commit": ("DRONE_COMMIT_SHA", "DRONE_COMMIT"),
        "pull_request": ("DRONE_PULL_REQUEST",),
        "repository": ("DRONE_REPO",),
        "repository_url": ("DRONE_REPO_LINK", "DRONE_GIT_HTTP_URL"),
        "run_url": ("DRONE_BUILD_LINK",),
        "actor": ("DRONE_COMMIT_AUTHOR",),
        "workspace": ("DRONE_WORKSPACE",),
    },
    url_variables=("DRONE_REMOTE_URL",),
    adjust=host_adjustments.drop_branch_of_tag,
)

TRAVIS: Final = Host(
    key="travis",
    name="Travis CI",
    documentation=("https://docs.travis-ci.com/user/environment-variables/",),
    marks=(frozenset({"TRAVIS"}),),
    fields={
        "run_id": ("TRAVIS_BUILD_ID",),
        "job": ("TRAVIS_JOB_NAME",),
        "build_number": ("TRAVIS_BUILD_NUMBER",),
        "branch": ("TRAVIS_PULL_REQUEST_BRANCH", "TRAVIS_BRANCH"),
        "tag": ("TRAVIS_TAG",),
        "commit": ("TRAVIS_PULL_REQUEST_SHA", "TRAVIS_COMMIT"),
        "merge_commit": ("TRAVIS_COMMIT",),
        "pull_request": ("TRAVIS_PULL_REQUEST",),
        "repository": ("TRAVIS_REPO_SLUG",),
        "run_url": ("TRAVIS_BUILD_WEB_URL",),
        "job_url": ("TRAVIS_JOB_WEB_URL",),
        "workspace": ("TRAVIS_BUILD_DIR",),
    },
    adjust=host_adjustments.travis,
)

APPVEYOR: Final = Host(
    key="appveyor",
    name="AppVeyor",
    documentation=("https://www.appveyor.com/docs/environment-variables/",),
    marks=(frozenset({"APPVEYOR"}),),
    fields={
        "run_id": ("APPVEYOR_BUILD_ID",),
        "workflow": ("APPVEYOR_PROJECT_NAME",),
        "job": ("APPVEYOR_JOB_NAME",),
        "build_number": ("APPVEYOR_BUILD_NUMBER",),
        "branch": ("APPVEYOR_PULL_REQUEST_HEAD_REPO_BRANCH", "APPVEYOR_REPO_BRANCH"),
        "tag": ("APPVEYOR_REPO_TAG_NAME",),
        "commit": ("APPVEYOR_PULL_REQUEST_HEAD_COMMIT", "APPVEYOR_REPO_COMMIT"),
        "pull_request": ("APPVEYOR_PULL_REQUEST_NUMBER",),
        "repository": ("APPVEYOR_REPO_NAME",),
        "run_url": (_APPVEYOR_RUN,),
        "job_url": (_APPVEYOR_RUN + "/job/{APPVEYOR_JOB_ID}",),
        "actor": ("APPVEYOR_REPO_COMMIT_AUTHOR",),
        "workspace": ("APPVEYOR_BUILD_FOLDER",),
    },
    url_variables=(
        "APPVEYOR_API_URL",
        "APPVEYOR_URL",
    ),
    references=f"{PARENTHESES}|{PERCENT}|{SHELL}",
    adjust=host_adjustments.appveyor,
)

BITRISE: Final = Host(
    key="bitrise",
    name="Bitrise",
    documentation=("https://docs.bitrise.io/en/bitrise-ci/references/available-environment-variables.html",),
    marks=(frozenset({"BITRISE_IO"}), frozenset({"BITRISE_BUILD_SLUG"})),
    fields={
        "run_id": ("BITRISE_BUILD_SLUG",),
        "workflow": ("BITRISE_TRIGGERED_WORKFLOW_TITLE", "BITRISE_TRIGGERED_WORKFLOW_ID"),
        "build_number": ("BITRISE_BUILD_NUMBER",),
        "branch": ("BITRISE_GIT_BRANCH",),
        "tag": ("BITRISE_GIT_TAG",),
        # The second is the commit that was checked out: of a pull request a trial merge, by default.
        "commit": ("BITRISE_GIT_COMMIT", "GIT_CLONE_COMMIT_HASH"),
        "merge_commit": ("GIT_CLONE_COMMIT_HASH",),
        "pull_request": ("BITRISE_PULL_REQUEST",),
        "repository": ("{BITRISEIO_GIT_REPOSITORY_OWNER}/{BITRISEIO_GIT_REPOSITORY_SLUG}",),
        "repository_url": ("GIT_REPOSITORY_URL",),
        "run_url": ("BITRISE_BUILD_URL",),
        "actor": ("GIT_CLONE_COMMIT_AUTHOR_NAME",),
        "workspace": ("BITRISE_SOURCE_DIR",),
    },
    url_variables=("BITRISE_APP_URL",),
    adjust=host_adjustments.drop_branch_of_tag,
)

CODEBUILD: Final = Host(
    key="codebuild",
    name="AWS CodeBuild",
    documentation=("https://docs.aws.amazon.com/codebuild/latest/userguide/build-env-ref-env-vars.html",),
    marks=(frozenset({"CODEBUILD_BUILD_ARN"}),),
    fields={
        "run_id": ("CODEBUILD_BUILD_ID",),
        "job": ("CODEBUILD_BATCH_BUILD_IDENTIFIER",),
        "build_number": ("CODEBUILD_BUILD_NUMBER",),
        "branch": ("CODEBUILD_WEBHOOK_HEAD_REF",),
        # The first after a squash on Bitbucket, where the pull request's own commit no longer exists.
        "commit": (
            "CODEBUILD_WEBHOOK_MERGE_COMMIT",
            "CODEBUILD_RESOLVED_SOURCE_VERSION",
            "CODEBUILD_SOURCE_VERSION",
        ),
        "pull_request": ("CODEBUILD_WEBHOOK_TRIGGER",),
        "repository_url": ("CODEBUILD_SOURCE_REPO_URL",),
        "run_url": (
            "CODEBUILD_PUBLIC_BUILD_URL",
            "https://{AWS_REGION}.console.aws.amazon.com/codebuild/home?region={AWS_REGION}#/builds/{CODEBUILD_BUILD_ID}/view/new",
        ),
        "workspace": ("CODEBUILD_SRC_DIR",),
    },
    adjust=host_adjustments.codebuild,
)

CODEFRESH: Final = Host(
    key="codefresh",
    name="Codefresh",
    documentation=("https://codefresh.io/docs/docs/pipelines/variables/",),
    marks=(frozenset({"CF_BUILD_ID"}),),
    fields={
        "run_id": ("CF_BUILD_ID",),
        "workflow": ("CF_PIPELINE_NAME",),
        "job": ("CF_STEP_NAME",),
        "branch": ("CF_BRANCH",),
        "tag": ("CF_RELEASE_TAG",),
        "commit": ("CF_REVISION",),
        "pull_request": ("CF_PULL_REQUEST_NUMBER",),
        "repository": ("{CF_REPO_OWNER}/{CF_REPO_NAME}",),
        "run_url": ("CF_BUILD_URL",),
        "actor": ("CF_BUILD_INITIATOR",),
    },
    url_variables=("CF_COMMIT_URL",),
    references=f"{DOUBLE_BRACES}|{SHELL}",
    adjust=host_adjustments.codefresh,
)

# Tekton itself sets no variables; the Task of this example sets them.
TEKTON: Final = Host(
    key="tekton",
    name="Tekton",
    documentation=("examples/workflows/tekton.yml",),
    marks=(frozenset({"TEKTON_TASKRUN"}),),
    fields={
        "run_id": ("TEKTON_PIPELINERUN_UID", "TEKTON_TASKRUN_UID"),
        "workflow": ("TEKTON_PIPELINE", "TEKTON_TASK"),
        "job": ("TEKTON_TASK", "TEKTON_TASKRUN"),
        "build_number": ("TEKTON_PIPELINERUN", "TEKTON_TASKRUN"),
        "workspace": ("TEKTON_WORKSPACE",),
    },
    references=PARENTHESES,
)

# The first whose marks are set counts. Hosts whose mark is set for one job stand before those whose mark may
# belong to the machine: agents and all that they start have JENKINS_URL or TEAMCITY_VERSION in their
# environment. The runner of another host may run on CodeBuild or Tekton.
HOSTS: Final = (
    github.HOST,
    gitlab.HOST,
    AZURE,
    CIRCLECI,
    BITBUCKET,
    BUILDKITE,
    WOODPECKER,
    DRONE,
    TRAVIS,
    APPVEYOR,
    BITRISE,
    CODEFRESH,
    CODEBUILD,
    TEKTON,
    teamcity.HOST,
    jenkins.HOST,
)


def find_host(environ: Environ, named: str = "") -> Host | None:
    """Return the host of this job; None outside CI.

    Args:
        environ: the process's variables.
        named: the key of the host; if it is not empty, the variables do not count.
    """
    if named:
        return next((host for host in HOSTS if host.key == named), None)
    return next((host for host in HOSTS if host.is_here(environ)), None)


def is_unreplaced(text: str, host_key: str) -> bool:
    """Return whether a value is nothing but a reference that the host did not replace."""
    host = find_host({}, host_key) if host_key else None
    return host is not None and host.is_unreplaced(text)
