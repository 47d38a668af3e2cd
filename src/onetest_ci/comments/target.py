"""Which pull or merge request gets the comment, and through which API; or why none does."""

import re
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from onetest_ci.ci.context import CIContext
from onetest_ci.comments.client import Access, Client, is_safe_address, is_token
from onetest_ci.comments.hosts import Comments, GitHub, GitLab
from onetest_ci.redaction import Secret

GITHUB_PERMISSION: Final = (
    "Set ONETEST_GITHUB_TOKEN to ${{ github.token }} in the step's `env`, and give the job the permission "
    "`pull-requests: write`."
)
GITLAB_PERMISSION: Final = (
    "Set ONETEST_GITLAB_TOKEN, as a masked CI/CD variable, to a project access token with the scope `api` "
    "and the role Reporter or higher. A job's own token cannot comment."
)
_REPOSITORY: Final = r"[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9._-]+"
_NUMBER: Final = r"[1-9][0-9]{0,17}"


class Target(NamedTuple):
    """Where the comment goes.

    Attributes:
        access: the API.
        comments: returns the comments of the pull or merge request.
    """

    access: Access
    comments: Callable[[Client], Comments]


class NoTarget(NamedTuple):
    """Why there is no comment.

    Attributes:
        reason: for people.
        is_warning: whether a person can and should change it.
    """

    reason: str
    is_warning: bool = False


class Tokens(NamedTuple):
    """The tokens that the settings hold.

    Attributes:
        github: for GitHub's API.
        gitlab: for GitLab's API.
    """

    github: Secret | None
    gitlab: Secret | None


def target_of(context: CIContext, environ: Mapping[str, str], tokens: Tokens) -> Target | NoTarget:
    """Return where the comment goes, or why there is none.

    Args:
        context: of the run.
        environ: the host's variables; they name its API.
        tokens: from the settings.
    """
    if kind := context.outsiders_run:
        return NoTarget(f"this is a {kind}, whose results anybody can choose")
    if context.host == "github":
        return _github(context, environ, tokens.github)
    if context.host == "gitlab":
        return _gitlab(environ, tokens.gitlab)
    return NoTarget("it is written on GitHub Actions and GitLab CI only")


def _github(context: CIContext, environ: Mapping[str, str], token: Secret | None) -> Target | NoTarget:
    number, repository = context.pull_request, environ.get("GITHUB_REPOSITORY", "")
    if not re.fullmatch(_NUMBER, number) or not re.fullmatch(_REPOSITORY, repository):
        return NoTarget("this run is not of a pull request")
    checked = _checked(token, "ONETEST_GITHUB_TOKEN", environ, "GITHUB_API_URL", GITHUB_PERMISSION)
    if isinstance(checked, NoTarget):
        return checked
    token, api = checked
    headers = (
        ("Authorization", f"Bearer {token.reveal()}"),
        ("Accept", "application/vnd.github+json"),
        ("X-GitHub-Api-Version", "2022-11-28"),
    )
    access = Access("GitHub", api, headers, GITHUB_PERMISSION)
    graphql = environ.get("GITHUB_GRAPHQL_URL", "")
    return Target(access, lambda client: GitHub(client, repository, number, graphql))


def _gitlab(environ: Mapping[str, str], token: Secret | None) -> Target | NoTarget:
    number = environ.get("CI_MERGE_REQUEST_IID", "")
    # They differ where a member runs the pipeline of a fork's merge request in the parent project.
    project = environ.get("CI_MERGE_REQUEST_PROJECT_ID") or environ.get("CI_PROJECT_ID", "")
    if not re.fullmatch(_NUMBER, number) or not re.fullmatch(_NUMBER, project):
        return NoTarget("this pipeline is not of a merge request")
    checked = _checked(token, "ONETEST_GITLAB_TOKEN", environ, "CI_API_V4_URL", GITLAB_PERMISSION)
    if isinstance(checked, NoTarget):
        return checked
    token, api = checked
    headers = (("PRIVATE-TOKEN", token.reveal()), ("Accept", "application/json"))
    access = Access("GitLab", api, headers, GITLAB_PERMISSION)
    return Target(access, lambda client: GitLab(client, project, number))


def _checked(
    token: Secret | None, variable: str, environ: Mapping[str, str], api_variable: str, permission: str
) -> tuple[Secret, str] | NoTarget:
    """Return the token and the API's address, or why one of them cannot be used."""
    if token is None:
        return NoTarget(f"{variable} is not set. {permission}", is_warning=True)
    if not is_token(token):
        return NoTarget(
            f"{variable} is not a token: it contains spaces or letters of other kinds", is_warning=True
        )
    api = environ.get(api_variable, "").rstrip("/")
    if not is_safe_address(api):
        return NoTarget(f"{api_variable} is not an https address, so the token is not sent", is_warning=True)
    return token, api
