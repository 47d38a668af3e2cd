"""Interface stub; the body follows."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from onetest_ci.onetest.http import Http


class Environment(NamedTuple):
    """Where a build is deployed and tested."""

    id: str
    name: str
    is_default: bool = False


class Build(NamedTuple):
    """What was tested."""

    id: str
    version: str


class Release(NamedTuple):
    """A release or a sprint."""

    id: str
    name: str
    status: str


class Membership:
    """Environments, releases, sprints, builds and deployments of one product."""

    def __init__(self, http: Http, product_id: str, *, warn: Callable[[str], None] | None = None) -> None:
        raise NotImplementedError

    def environments(self) -> list[Environment]:
        """List them."""
        raise NotImplementedError

    def create_environment(self, name: str, endpoint_url: str) -> Environment:
        """Create one."""
        raise NotImplementedError

    def find_or_create_environment(self, name: str, endpoint_url: str | None = None) -> Environment:
        """Find by name, else create when there is a URL."""
        raise NotImplementedError

    def releases(self, status: str | None = None) -> list[Release]:
        """List them."""
        raise NotImplementedError

    def sprints(self, release_id: str) -> list[Release]:
        """List them."""
        raise NotImplementedError

    def builds(
        self, *, sprint_id: str | None = None, release_id: str | None = None, version: str | None = None
    ) -> list[Build]:
        """List them."""
        raise NotImplementedError

    def create_build(
        self,
        version: str,
        *,
        sprint_id: str | None = None,
        release_id: str | None = None,
        git_sha: str = "",
        metadata: Mapping[str, str] | None = None,
    ) -> Build:
        """Create one."""
        raise NotImplementedError

    def find_or_create_build(
        self, version: str, git_sha: str = "", metadata: Mapping[str, str] | None = None
    ) -> Build:
        """Under the active sprint, else the active release."""
        raise NotImplementedError

    def record_deployment(self, environment_id: str, build_id: str) -> None:
        """Record that the build is deployed there."""
        raise NotImplementedError
