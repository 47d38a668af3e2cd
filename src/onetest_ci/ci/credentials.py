"""Credentials in the URLs that CI hosts and proxies keep in the environment.

``CI_REPOSITORY_URL`` contains the job's token, ``HTTPS_PROXY`` often a password. A test that prints its
environment would carry them into its report, and from there to OneTest.

Only variables that a host or a tool documents to hold a URL are read, and only if the whole value is one URL.
Other variables hold text that anybody may write, such as a commit's message. A URL in it is no credential of
this run, and its "password" may be any word of a report.
"""

import re
from collections.abc import Mapping
from typing import Final, NamedTuple
from urllib.parse import unquote

from onetest_ci.redaction import SHORTEST, Secret

ADDRESSES: Final = {
    "https://docs.gitlab.com/ci/variables/predefined_variables/": (
        "CI_API_GRAPHQL_URL CI_API_V4_URL CI_JOB_URL CI_MERGE_REQUEST_PROJECT_URL "
        "CI_MERGE_REQUEST_SOURCE_PROJECT_URL CI_PIPELINE_URL CI_PROJECT_URL CI_REPOSITORY_URL CI_SERVER_URL"
    ),
    "https://docs.github.com/en/actions/reference/workflows-and-actions/variables": (
        "GITHUB_API_URL GITHUB_GRAPHQL_URL GITHUB_SERVER_URL"
    ),
    "https://www.jenkins.io/doc/book/pipeline/jenkinsfile/#using-environment-variables": (
        "BUILD_URL HUDSON_URL JENKINS_URL JOB_URL"
    ),
    "https://plugins.jenkins.io/git/#plugin-content-environment-variables": "GIT_URL GIT_URL_[0-9]+",
    "https://learn.microsoft.com/azure/devops/pipelines/build/variables": (
        "BUILD_REPOSITORY_URI SYSTEM_COLLECTIONURI SYSTEM_PULLREQUEST_SOURCEREPOSITORYURI "
        "SYSTEM_TEAMFOUNDATIONCOLLECTIONURI"
    ),
    "https://circleci.com/docs/reference/variables/": "CIRCLE_BUILD_URL CIRCLE_REPOSITORY_URL",
    "https://support.atlassian.com/bitbucket-cloud/docs/variables-and-secrets/": "BITBUCKET_GIT_HTTP_ORIGIN",
    "https://buildkite.com/docs/pipelines/configure/environment-variables": (
        "BUILDKITE_BUILD_URL BUILDKITE_PULL_REQUEST_REPO BUILDKITE_REPO"
    ),
    "https://woodpecker-ci.org/docs/usage/environment": (
        "CI_FORGE_URL CI_PIPELINE_URL CI_REPO_CLONE_URL CI_REPO_URL CI_STEP_URL CI_SYSTEM_URL"
    ),
    "https://docs.drone.io/pipeline/environment/reference/": (
        "DRONE_BUILD_LINK DRONE_GIT_HTTP_URL DRONE_REMOTE_URL DRONE_REPO_LINK"
    ),
    "https://docs.travis-ci.com/user/environment-variables/": "TRAVIS_BUILD_WEB_URL TRAVIS_JOB_WEB_URL",
    "https://www.appveyor.com/docs/environment-variables/": "APPVEYOR_API_URL APPVEYOR_URL",
    "https://docs.bitrise.io/en/bitrise-ci/references/available-environment-variables.html": (
        "BITRISE_APP_URL BITRISE_BUILD_URL GIT_REPOSITORY_URL"
    ),
    "https://docs.aws.amazon.com/codebuild/latest/userguide/build-env-ref-env-vars.html": (
        "CODEBUILD_PUBLIC_BUILD_URL CODEBUILD_SOURCE_REPO_URL"
    ),
    "https://codefresh.io/docs/docs/pipelines/variables/": "CF_BUILD_URL CF_COMMIT_URL",
    "README.md, section Settings": "ONETEST_CI_JOB_URL ONETEST_CI_REPOSITORY_URL ONETEST_CI_RUN_URL",
    "https://pip.pypa.io/en/stable/topics/configuration/#environment-variables": "PIP_INDEX_URL",
    "https://docs.astral.sh/uv/reference/environment/": "UV_DEFAULT_INDEX UV_INDEX_URL",
    "https://docs.npmjs.com/cli/using-npm/config#registry": "npm_config_registry NPM_CONFIG_REGISTRY",
}
"""Variables that hold a URL, by the page that says so. A name is a regular expression."""

PROXIES: Final = {
    "https://curl.se/docs/manpage.html#ENVIRONMENT": "(?:ALL|FTPS?|HTTPS?|WSS?)_PROXY",
    "https://docs.npmjs.com/cli/using-npm/config#https-proxy": "NPM_CONFIG_(?:HTTPS?_)?PROXY",
    "https://pip.pypa.io/en/stable/topics/configuration/#environment-variables": "PIP_PROXY",
    "https://yarnpkg.com/configuration/yarnrc#httpProxy": "YARN_HTTPS?_PROXY",
    "https://doc.rust-lang.org/cargo/reference/config.html#httpproxy": "CARGO_HTTP_PROXY",
}
"""Variables that hold the URL of a proxy, likewise. Capital and small letters are the same."""


def _any_of(table: Mapping[str, str], flags: int = 0) -> re.Pattern[str]:
    return re.compile("|".join(name for names in table.values() for name in names.split()), flags)


_ADDRESS: Final = _any_of(ADDRESSES)
_PROXY: Final = _any_of(PROXIES, re.IGNORECASE)
# White space, quotes and angle brackets end a URL (RFC 3986, appendix C). A password may contain an @, since
# clients look for the last one. For a proxy, curl and others take a missing scheme for http.
_LOGIN: Final = r"(?P<user>[^\s/?#:@\"<>\\]*)(?::(?P<password>[^\s/?#\"<>\\]*))?@"
_REST: Final = r"[^\s/?#@\"<>\\]+(?:[/?#][^\s\"<>]*)?"
_WEB_URL: Final = re.compile(rf"https?://{_LOGIN}{_REST}", re.IGNORECASE)
_PROXY_URL: Final = re.compile(rf"(?:(?:https?|socks(?:4a?|5h?)?)://)?{_LOGIN}{_REST}", re.IGNORECASE)

_SHORTEST_TOKEN: Final = 16
# What GitHub takes in the password's place when a token stands as the user.
_NO_PASSWORD: Final = frozenset({"", "x-oauth-basic"})


class UrlCredentials(NamedTuple):
    """Credentials in URLs.

    Attributes:
        secrets: passwords and tokens that are long enough to be a secret wherever they are.
        logins: what stands before the ``@`` where the password is shorter, or where a user may be a token.
    """

    secrets: tuple[Secret, ...] = ()
    logins: tuple[Secret, ...] = ()


def credentials_in_urls(environ: Mapping[str, str]) -> UrlCredentials:
    """Return the credentials in the URLs of CI hosts and proxies, as they stand and percent-decoded."""
    secrets: set[str] = set()
    logins: set[str] = set()
    for name, value in environ.items():
        url = _url(name, value.strip()) if "@" in value else None
        if url is None:
            continue
        user, password = url["user"], url["password"] or ""
        if password in _NO_PASSWORD:
            if len(user) >= _SHORTEST_TOKEN:
                # A name of that length has rarely a digit in it, and a token rarely none.
                is_token = password or re.search("[0-9]", user)
                (secrets if is_token else logins).add(user if is_token else f"//{user}")
        elif len(unquote(password)) >= SHORTEST:
            secrets |= {password, unquote(password)}
        else:
            login = f"{user or '//'}:{password}"
            logins |= {login, unquote(login)}
    return UrlCredentials(tuple(map(Secret, sorted(secrets))), tuple(map(Secret, sorted(logins))))


def _url(name: str, value: str) -> re.Match[str] | None:
    """Return the URL with a login that a variable holds."""
    if _ADDRESS.fullmatch(name):
        return _WEB_URL.fullmatch(value)
    return _PROXY_URL.fullmatch(value) if _PROXY.fullmatch(name) else None
