"""The Membership service: environments, releases, sprints, builds and deployments.

OneTest publishes the entities but no path, so all calls are assumed (docs/onetest-api.md#membership).
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from onetest_ci.errors import NotOneTest, ServiceError
from onetest_ci.limits import BUILD_VERSION, ENVIRONMENT_NAME, GIT_SHA, clean, cut
from onetest_ci.onetest.client.http import Http
from onetest_ci.onetest.client.responses import proves_absence
from onetest_ci.onetest.ids import usable_id
from onetest_ci.onetest.listing import list_all

_ACTIVE: Final = "active"
_CONFLICT: Final = 409
_NOT_FOUND: Final = 404


class Environment(NamedTuple):
    """A place where a build is deployed and tested."""

    id: str
    name: str
    is_default: bool = False


class Release(NamedTuple):
    """A release, which builds belong to."""

    id: str
    name: str
    status: str


class Sprint(NamedTuple):
    """A part of a release. New builds belong to the active sprint, if there is one."""

    id: str
    name: str
    status: str


class Build(NamedTuple):
    """A version that is tested."""

    id: str
    version: str


class Membership:
    """Environments, releases, sprints, builds and deployments of one product.

    Every method raises ``ServiceError`` as ``Http.send`` does.

    Args:
        http: makes the calls.
        product_id: the product's UUID.
        warn: called with a warning for people.
    """

    def __init__(self, http: Http, product_id: str, *, warn: Callable[[str], None] | None = None) -> None:
        self._http = http
        self._values = {"product_id": product_id}
        self._warn = warn or (lambda _: None)

    def environments(self) -> list[Environment]:
        """Return all environments, oldest first."""
        found = self._list("membership.environments", "environments")
        return [_environment(entry) for entry in found]

    def create_environment(self, name: str, endpoint_url: str) -> Environment:
        """Create an environment. It is never the default one: a product has at most one of those.

        Args:
            name: up to 255 characters.
            endpoint_url: its address, which OneTest requires.
        """
        body = {"name": cut(name, ENVIRONMENT_NAME), "endpoint_url": clean(endpoint_url)}
        return _environment(self._created("membership.create_environment", {}, body), name)

    def find_or_create_environment(self, name: str, endpoint_url: str | None = None) -> Environment:
        """Return the environment of that name; create it if there is none and its URL is set.

        Names are matched exactly, then without regard to case. They are not unique: of several, the default
        one is used, else the oldest, with a warning.

        Raises:
            ServiceError: ``no-environment``, if there is none and no URL to create it with.
        """
        found = self._environment_named(name)
        if found is not None:
            return found
        if not endpoint_url:
            raise ServiceError(
                "no-environment",
                f"OneTest has no environment named {name!r}",
                "Set its address with --environment-url to create it, or create it in OneTest.",
            )
        try:
            return self.create_environment(name, endpoint_url)
        except ServiceError as error:
            # Another job may have created it meanwhile.
            found = self._environment_named(name) if error.status == _CONFLICT else None
            if found is None:
                raise
            return found

    def releases(self, status: str | None = None) -> list[Release]:
        """Return all releases, or those of one status, oldest first."""
        query = {"status": status} if status else None
        found = self._list("membership.releases", "releases", query=query)
        every = [Release(_id(entry), _text(entry, "name"), _text(entry, "status")) for entry in found]
        # The server may ignore the parameter.
        return [release for release in every if status in {None, release.status}]

    def sprints(self, release_id: str) -> list[Sprint]:
        """Return the sprints of a release, oldest first."""
        found = self._list("membership.sprints", "sprints", {"release_id": release_id})
        return [Sprint(_id(entry), _text(entry, "name"), _text(entry, "status")) for entry in found]

    def builds(
        self, *, sprint_id: str | None = None, release_id: str | None = None, version: str | None = None
    ) -> list[Build]:
        """Return the builds of a sprint, else of a release, oldest first; of one version if it is set."""
        name, parent = _parent("builds", sprint_id, release_id)
        query = {"version": version} if version else None
        found = self._list(f"membership.{name}", "builds", parent, query)
        every = [Build(_id(entry), _text(entry, "version")) for entry in found]
        return [build for build in every if version in {None, build.version}]

    def create_build(
        self,
        version: str,
        *,
        sprint_id: str | None = None,
        release_id: str | None = None,
        git_sha: str = "",
        metadata: Mapping[str, str] | None = None,
    ) -> Build:
        """Create a build under a sprint, else under a release.

        Args:
            version: up to 255 characters.
            sprint_id: the parent.
            release_id: the parent if there is no sprint.
            git_sha: the commit; one of more than 40 characters (SHA-256) is sent as metadata
                (docs/onetest-api.md#paths-of-membership).
            metadata: facts about the build from CI.
        """
        name, parent = _parent("build", sprint_id, release_id)
        created = self._created(f"membership.create_{name}", parent, _build_body(version, git_sha, metadata))
        return Build(_id(created), _text(created, "version") or version)

    def find_or_create_build(
        self, version: str, git_sha: str = "", metadata: Mapping[str, str] | None = None
    ) -> Build:
        """Find or create the build of that version in the newest active sprint, else in the newest release.

        Without a find-or-create call, the builds are listed and one is created.

        Args:
            version: up to 255 characters; a longer one is truncated, alike in every job.
            git_sha: as for ``create_build``.
            metadata: as for ``create_build``.

        Raises:
            ServiceError: ``no-active-release``, since a build needs a release.
        """
        version = cut(version, BUILD_VERSION)
        release = self._active_release()
        sprint = next((each for each in reversed(self.sprints(release.id)) if each.status == _ACTIVE), None)
        sprint_id, release_id = (sprint.id, None) if sprint else (None, release.id)
        parent = {"sprint_id": sprint_id} if sprint_id else {"release_id": release.id}
        body = _build_body(version, git_sha, metadata) | parent
        try:
            made = self._created("membership.find_or_create_build", {}, body)
        except ServiceError as error:
            if not _is_missing(error):
                raise
        else:
            return Build(_id(made), _text(made, "version") or version)
        return self._listed_or_created_build(
            version, sprint_id=sprint_id, release_id=release_id, git_sha=git_sha, metadata=metadata
        )

    def record_deployment(self, environment_id: str, build_id: str) -> None:
        """Record that a build is deployed to an environment."""
        values = self._values | {"environment_id": environment_id}
        self._http.send("membership.record_deployment", values=values, json={"build_id": build_id})

    def _environment_named(self, name: str) -> Environment | None:
        every = self.environments()
        name = cut(name, ENVIRONMENT_NAME)
        matches = [each for each in every if each.name == name]
        matches = matches or [each for each in every if each.name.casefold() == name.casefold()]
        if not matches:
            return None
        chosen = next((each for each in matches if each.is_default), matches[0])
        if len(matches) > 1:
            which = "the default one" if chosen.is_default else "the oldest"
            self._warn(
                f"OneTest has {len(matches)} environments named {name!r}; {which} is used ({chosen.id})"
            )
        return chosen

    def _active_release(self) -> Release:
        active = self.releases(_ACTIVE)
        if not active:
            raise ServiceError(
                "no-active-release",
                "the product has no active release, and a build needs one",
                "Create a release in OneTest and set it active.",
            )
        if len(active) > 1:
            self._warn(f"OneTest has {len(active)} active releases; the newest is used ({active[-1].name})")
        return active[-1]

    def _listed_or_created_build(
        self,
        version: str,
        *,
        sprint_id: str | None,
        release_id: str | None,
        git_sha: str,
        metadata: Mapping[str, str] | None,
    ) -> Build:
        """Return the oldest build of that version, creating one if there is none.

        The builds are listed again afterwards, so that jobs that create at once choose the same one.
        """
        found = self.builds(sprint_id=sprint_id, release_id=release_id, version=version)
        if found:
            return found[0]
        created = None
        try:
            created = self.create_build(
                version, sprint_id=sprint_id, release_id=release_id, git_sha=git_sha, metadata=metadata
            )
        except ServiceError as error:
            if error.status != _CONFLICT:
                raise
        found = self.builds(sprint_id=sprint_id, release_id=release_id, version=version)
        if found:
            return found[0]
        if created is None:
            raise ServiceError("conflict", f"OneTest has a build {version!r} already but does not list it")
        return created

    def _list(
        self,
        name: str,
        plural: str,
        parent: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
    ) -> list[dict[str, Any]]:
        entries = list(list_all(self._http, name, plural, self._values | dict(parent or {}), query))
        if not all(map(_id, entries)):
            raise NotOneTest(
                "bad-json", f"{self._http.address} responded to {name} with an entry without a usable id"
            )
        # The sort is stable: entries without a date keep the server's order.
        return sorted(entries, key=lambda entry: _text(entry, "created_at"))

    def _created(self, name: str, parent: Mapping[str, str], body: Mapping[str, Any]) -> dict[str, Any]:
        created = self._http.send(name, values=self._values | dict(parent), json=body).body
        if isinstance(created, dict) and isinstance(created.get("data"), dict):
            created = created["data"]
        if not isinstance(created, dict) or not _id(created):
            raise NotOneTest("bad-json", f"{self._http.address} responded to {name} without a usable id")
        return created


def _is_missing(error: ServiceError) -> bool:
    """Return whether the service does not have this call. False if it refuses the call or fails."""
    return proves_absence(error) or (type(error) is ServiceError and error.status == _NOT_FOUND)


def _parent(what: str, sprint_id: str | None, release_id: str | None) -> tuple[str, dict[str, str]]:
    if sprint_id:
        return f"sprint_{what}", {"sprint_id": sprint_id}
    return f"release_{what}", {"release_id": release_id or ""}


def _build_body(version: str, git_sha: str, metadata: Mapping[str, str] | None) -> dict[str, Any]:
    body: dict[str, Any] = {"version": cut(version, BUILD_VERSION)}
    extra = {clean(key): clean(value) for key, value in (metadata or {}).items()}
    if len(git_sha) > GIT_SHA:
        extra["git_sha"] = git_sha
    elif git_sha:
        body["git_sha"] = git_sha
    return body | ({"metadata": extra} if extra else {})


def _environment(entry: Mapping[str, Any], name: str = "") -> Environment:
    return Environment(_id(entry), _text(entry, "name") or name, entry.get("is_default") is True)


def _id(entry: Mapping[str, Any]) -> str:
    return usable_id(entry.get("id"))


def _text(entry: Mapping[str, Any], key: str) -> str:
    value = entry.get(key)
    # Truncated like the texts that it is compared with.
    return cut(value, ENVIRONMENT_NAME) if isinstance(value, str) else ""
