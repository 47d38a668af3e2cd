"""The comments of one pull request on GitHub, or of one merge request on GitLab."""

from collections.abc import Callable
from typing import Any, Final, NamedTuple, Protocol

from onetest_ci.comments.client import Client, CommentError

MAX_PAGES: Final = 30
"""Maximum pages of comments that are read, of 100 comments each."""
_PAGE: Final = 100

GITHUB_BOT: Final = "github-actions[bot]"
"""The author of comments that are made with a workflow's own token."""


class Comment(NamedTuple):
    """A comment.

    Attributes:
        id: its number; of two comments the older one has the lower number.
        author: its author's login on GitHub, and its author's number on GitLab.
        body: its text.
    """

    id: int
    author: str
    body: str


class Comments(Protocol):
    """The comments of one pull or merge request."""

    def author(self) -> str:
        """Return the author of comments that are made with the token."""

    def all(self) -> list[Comment]:
        """Return all comments.

        Raises:
            CommentError: the host refuses, or there are too many.
        """

    def create(self, body: str) -> Comment:
        """Write a comment.

        Raises:
            CommentError: the host refuses.
        """

    def read(self, number: int) -> Comment:
        """Return a comment.

        Raises:
            CommentError: the host refuses; its status is 404 if the comment is deleted.
        """

    def update(self, number: int, body: str) -> None:
        """Replace the text of a comment; errors are those of ``read``."""

    def delete(self, number: int) -> None:
        """Delete a comment; errors are those of ``read``."""


class GitHub:
    """A pull request's comments (GitHub: "REST API endpoints for issue comments").

    Args:
        client: for the API.
        repository: ``owner/name``.
        number: of the pull request.
        graphql: address of the GraphQL API, which names the token's owner; empty if it is unknown.
    """

    def __init__(self, client: Client, repository: str, number: str, graphql: str = "") -> None:
        self._client = client
        self._of_issue = f"/repos/{repository}/issues/{number}/comments"
        self._of_repository = f"/repos/{repository}/issues/comments"
        self._graphql = client.graphql_address(graphql)
        self._author = ""

    def author(self) -> str:
        """Return the login of the token's owner.

        A workflow's own token cannot read ``/user``. If the GraphQL API does not name the owner either, it is
        the bot of GitHub Actions. A comment that was just made names its author for certain.
        """
        self._author = self._author or self._viewer() or GITHUB_BOT
        return self._author

    def _viewer(self) -> str:
        if not self._graphql:
            return ""
        try:
            document = self._client.send("POST", self._graphql, {"query": "query { viewer { login } }"})
            login = document["data"]["viewer"]["login"]
        except (CommentError, KeyError, TypeError):
            return ""
        return login if isinstance(login, str) else ""

    def all(self) -> list[Comment]:
        """As ``Comments``."""
        return _pages(
            lambda page: self._client.get(self._of_issue, {"per_page": _PAGE, "page": page}), _of_github
        )

    def create(self, body: str) -> Comment:
        """As ``Comments``."""
        made = _of_github(self._client.send("POST", self._of_issue, {"body": body}))
        self._author = made.author or self._author
        return made

    def read(self, number: int) -> Comment:
        """As ``Comments``."""
        return _of_github(self._client.get(f"{self._of_repository}/{number}"))

    def update(self, number: int, body: str) -> None:
        """As ``Comments``."""
        self._client.send("PATCH", f"{self._of_repository}/{number}", {"body": body})

    def delete(self, number: int) -> None:
        """As ``Comments``."""
        self._client.send("DELETE", f"{self._of_repository}/{number}")


class GitLab:
    """A merge request's comments (GitLab: "Notes API").

    Args:
        client: for the API.
        project: number of the project.
        number: of the merge request in the project.
    """

    def __init__(self, client: Client, project: str, number: str) -> None:
        self._client = client
        self._notes = f"/projects/{project}/merge_requests/{number}/notes"
        self._author = ""

    def author(self) -> str:
        """Return the number of the token's owner. The token of a project has a bot as its owner."""
        if not self._author:
            user = self._client.get("/user")
            self._author = _number_text(user.get("id")) if isinstance(user, dict) else ""
        return self._author

    def all(self) -> list[Comment]:
        """As ``Comments``."""
        query: dict[str, str | int] = {"sort": "asc", "order_by": "created_at", "per_page": _PAGE}
        return _pages(lambda page: self._client.get(self._notes, {**query, "page": page}), _of_gitlab)

    def create(self, body: str) -> Comment:
        """As ``Comments``."""
        return _of_gitlab(self._client.send("POST", self._notes, {"body": body}))

    def read(self, number: int) -> Comment:
        """As ``Comments``."""
        return _of_gitlab(self._client.get(f"{self._notes}/{number}"))

    def update(self, number: int, body: str) -> None:
        """As ``Comments``."""
        self._client.send("PUT", f"{self._notes}/{number}", {"body": body})

    def delete(self, number: int) -> None:
        """As ``Comments``."""
        self._client.send("DELETE", f"{self._notes}/{number}")


def _pages(page_of: Callable[[int], Any], parse: Callable[[Any], Comment]) -> list[Comment]:
    found: list[Comment] = []
    for page in range(1, MAX_PAGES + 1):
        entries = page_of(page)
        if not isinstance(entries, list):
            raise _unexpected()
        found += map(parse, entries)
        if len(entries) < _PAGE:
            return found
    raise CommentError(
        "comment-too-many",
        f"the pull or merge request has more than {MAX_PAGES * _PAGE:,} comments, so ours is not looked for",
        "Switch the comment off for it.",
    )


def _of_github(entry: Any) -> Comment:
    user = entry.get("user") if isinstance(entry, dict) else None
    return _comment(entry, user.get("login") if isinstance(user, dict) else "")


def _of_gitlab(entry: Any) -> Comment:
    author = entry.get("author") if isinstance(entry, dict) else None
    return _comment(entry, _number_text(author.get("id")) if isinstance(author, dict) else "")


def _comment(entry: Any, author: object) -> Comment:
    number = entry.get("id") if isinstance(entry, dict) else None
    if not isinstance(number, int) or isinstance(number, bool):
        raise _unexpected()
    body = entry.get("body")
    return Comment(number, author if isinstance(author, str) else "", body if isinstance(body, str) else "")


def _number_text(value: object) -> str:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def _unexpected() -> CommentError:
    return CommentError(
        "comment-unexpected",
        "The API of the CI host returned JSON that does not describe comments.",
        "Check its address, and that no proxy changes responses.",
    )
