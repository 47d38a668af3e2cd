"""Which of the assumed paths exist, and the options that pin them.

A GET of a path that only accepts a POST shows whether the path exists, and cannot create anything.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from onetest_ci.doctor.asking import Asked, Asker, Verdict
from onetest_ci.doctor.finding import Area, Finding, Sign, note, warning
from onetest_ci.doctor.import_probe import IMPORT
from onetest_ci.doctor.records import FoundPath
from onetest_ci.onetest.endpoints import ASSUMED, ENDPOINTS
from onetest_ci.onetest.ids import usable_id
from onetest_ci.onetest.listing import entries_of

_EXISTS: Final = frozenset({Verdict.ACCEPTED, Verdict.EXISTS})
_BUCKET: Final = "onetest-ci"
_KEY: Final = "test-runs/none"


def ask_paths(asker: Asker) -> None:
    """Request the assumed paths, as far as ids for them are known."""
    environments = _asked(asker, "membership.environments")
    if environments and environments[-1].verdict in _EXISTS | {Verdict.MISSING}:
        _ask_membership(asker, _first_id(environments[-1], "environments"))
    buckets = _asked(asker, "artifacts.create_bucket")
    if buckets and buckets[-1].verdict in _EXISTS:
        asker.get("artifacts.put_object", bucket=_BUCKET, key=_KEY)


def _ask_membership(asker: Asker, environment_id: str) -> None:
    releases = asker.get("membership.releases")
    release_id = _first_id(releases, "releases") if releases else ""
    first = 0
    if release_id:
        first = _ask_each(asker, "membership.sprints", first, release_id=release_id)
        sprints = _asked(asker, "membership.sprints")
        sprint_id = _first_id(sprints[-1], "sprints") if sprints else ""
        first = _ask_each(asker, "membership.release_builds", first, release_id=release_id)
        if sprint_id:
            first = _ask_each(asker, "membership.sprint_builds", first, sprint_id=sprint_id)
    first = _ask_each(asker, "membership.find_or_create_build", first)
    if environment_id:
        _ask_each(asker, "membership.record_deployment", first, environment_id=environment_id)


def _ask_each(asker: Asker, name: str, first: int, **values: str) -> int:
    """Request the possible paths of a call until one exists; return its number, else ``first``."""
    numbers = range(len(asker.templates(name)))
    for number in sorted(numbers, key=lambda one: one != first):
        asked = asker.get(name, number, **values)
        if asked is None or asked.verdict is not Verdict.MISSING:
            return number
    return first


def _asked(asker: Asker, name: str) -> list[Asked]:
    return [one for one in asker.asked if one.endpoint.name == name]


def found_paths(asked: Sequence[Asked]) -> tuple[FoundPath, ...]:
    """Return the paths that exist and are not documented, for each call that has the path.

    The paths of the import are left out: a response to it has another meaning.
    """
    found = []
    for one in asked:
        endpoint = ENDPOINTS.get(one.endpoint.name)
        if endpoint is None or endpoint.name == IMPORT or one.verdict not in _EXISTS:
            continue
        if endpoint.label == ASSUMED or one.template not in endpoint.templates:
            same_path = (other for other in ENDPOINTS.values() if other.templates == endpoint.templates)
            found += [FoundPath(other.name, one.template) for other in same_path]
    return tuple(dict.fromkeys(found))


def paths(asked: Sequence[Asked], found: Sequence[FoundPath], left_out: int) -> Iterator[Finding]:
    """Yield a finding for each path that exists, and for each call without one.

    Args:
        asked: all requests.
        found: what ``found_paths`` returned.
        left_out: number of requests that ``--max-api-calls`` did not allow.
    """
    for one in found:
        text = f"The path of {one.name} exists. To pin it:"
        yield Finding(area=Area.PATHS, code="path-exists", sign=Sign.OK, text=text, hint=one.option)
    names = {one.name for one in found}
    missing: dict[str, list[str]] = {}
    for each in asked:
        if each.verdict is Verdict.MISSING and each.endpoint.name in ENDPOINTS:
            missing.setdefault(each.endpoint.name, []).append(each.template)
    for name, templates in missing.items():
        if name not in names and ENDPOINTS[name].label == ASSUMED:
            yield warning(
                Area.PATHS,
                "path-missing",
                f"No path of {name} exists: {', '.join(templates)}",
                f"If your OneTest has another path for it, set --endpoint {name}=PATH.",
            )
    for each in asked:
        if each.verdict is Verdict.UNCLEAR:
            yield note(
                Area.PATHS,
                "path-unclear",
                f"Whether the path of {each.endpoint.name} exists is not known, since the response to a GET "
                f"may be that of another path: {each.template}",
            )
    if left_out:
        yield note(
            Area.PATHS,
            "calls-used",
            "Further requests were not made, since --max-api-calls was reached.",
            "Allow more with --max-api-calls.",
        )


def _first_id(asked: Asked, plural: str) -> str:
    """Return the id of the first entry of a list that the client can read. Empty without one."""
    entries = entries_of(asked.probed.body, plural)
    return usable_id(entries[0].get("id")) if entries and isinstance(entries[0], dict) else ""
