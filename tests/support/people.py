"""Variables of CI hosts that hold what people wrote, who may not be trusted: titles, messages, branches."""

from typing import Final

TEXTS: Final = {
    "gitlab": (
        "CI_COMMIT_AUTHOR",
        "CI_COMMIT_BRANCH",
        "CI_COMMIT_DESCRIPTION",
        "CI_COMMIT_MESSAGE",
        "CI_COMMIT_REF_NAME",
        "CI_COMMIT_TAG_MESSAGE",
        "CI_COMMIT_TITLE",
        "CI_MERGE_REQUEST_DESCRIPTION",
        "CI_MERGE_REQUEST_LABELS",
        "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME",
        "CI_MERGE_REQUEST_TITLE",
        "CI_RELEASE_DESCRIPTION",
        "GITLAB_USER_NAME",
    ),
    "jenkins": (
        "BRANCH_NAME",
        "BUILD_USER",
        "CHANGE_AUTHOR_DISPLAY_NAME",
        "CHANGE_BRANCH",
        "CHANGE_TITLE",
        "GIT_AUTHOR_NAME",
        "GIT_BRANCH",
        "GIT_COMMITTER_NAME",
        "GIT_LOCAL_BRANCH",
        "JOB_NAME",
        "TAG_NAME",
    ),
    "github": ("GITHUB_ACTOR", "GITHUB_HEAD_REF", "GITHUB_REF_NAME", "GITHUB_WORKFLOW"),
    "azure": (
        "BUILD_REQUESTEDFOR",
        "BUILD_SOURCEBRANCHNAME",
        "BUILD_SOURCEVERSIONMESSAGE",
        "SYSTEM_PULLREQUEST_SOURCEBRANCH",
    ),
    "circleci": ("CIRCLE_BRANCH", "CIRCLE_TAG", "CIRCLE_USERNAME"),
    "bitbucket": ("BITBUCKET_BRANCH", "BITBUCKET_TAG"),
    "buildkite": ("BUILDKITE_BRANCH", "BUILDKITE_BUILD_CREATOR", "BUILDKITE_MESSAGE"),
    "woodpecker": ("CI_COMMIT_MESSAGE", "CI_COMMIT_SOURCE_BRANCH", "CI_PIPELINE_AUTHOR"),
    "drone": ("DRONE_COMMIT_MESSAGE", "DRONE_PULL_REQUEST_TITLE", "DRONE_SOURCE_BRANCH"),
    "travis": ("TRAVIS_BRANCH", "TRAVIS_COMMIT_MESSAGE", "TRAVIS_PULL_REQUEST_BRANCH"),
    "appveyor": ("APPVEYOR_PULL_REQUEST_TITLE", "APPVEYOR_REPO_BRANCH", "APPVEYOR_REPO_COMMIT_MESSAGE"),
    "bitrise": ("BITRISE_GIT_BRANCH", "BITRISE_GIT_MESSAGE", "GIT_CLONE_COMMIT_MESSAGE_SUBJECT"),
    "codebuild": ("CODEBUILD_WEBHOOK_HEAD_REF",),
    "codefresh": ("CF_BRANCH", "CF_COMMIT_MESSAGE", "CF_PULL_REQUEST_TITLE"),
    "teamcity": ("TEAMCITY_BUILDCONF_NAME",),
    "tekton": ("TEKTON_PIPELINE",),
}

MARKS: Final = {
    "gitlab": {"GITLAB_CI": "true"},
    "jenkins": {"JENKINS_URL": "http://jenkins.example/"},
    "github": {"GITHUB_ACTIONS": "true"},
    "azure": {"TF_BUILD": "True"},
    "circleci": {"CIRCLECI": "true"},
    "bitbucket": {"BITBUCKET_BUILD_NUMBER": "7"},
    "buildkite": {"BUILDKITE": "true"},
    "woodpecker": {"CI": "woodpecker"},
    "drone": {"DRONE": "true"},
    "travis": {"TRAVIS": "true"},
    "appveyor": {"APPVEYOR": "True"},
    "bitrise": {"BITRISE_IO": "true"},
    "codebuild": {"CODEBUILD_BUILD_ARN": "arn"},
    "codefresh": {"CF_BUILD_ID": "7"},
    "teamcity": {"TEAMCITY_VERSION": "2026.1"},
    "tekton": {"TEKTON_TASKRUN": "task"},
}


def says(host: str, text: str) -> dict[str, str]:
    """The environment of a host where people wrote the same text everywhere."""
    return MARKS[host] | dict.fromkeys(TEXTS[host], text)
