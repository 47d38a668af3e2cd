"""Remove the claims of an untrusted bundle: one from a run without secrets."""

import json
from collections.abc import Sequence
from typing import Final
from uuid import UUID, uuid5

from msgspec.structs import replace

from onetest_ci.bundle.bundle import Bundle
from onetest_ci.limits import ATTRIBUTES, LAUNCH_NAME

_MARK: Final = ("untrusted", "true")
_SUFFIX: Final = " (untrusted)"
_NAMESPACE: Final = UUID("0d3b6c52-61f7-4a55-8b43-2f1f0f2f9b6e")
"""Namespace of the UUIDs of launches of untrusted bundles."""


def sanitize(bundle: Bundle, run: Sequence[str]) -> Bundle:
    """Return the bundle with a launch that is marked as untrusted, and without build and environment.

    Otherwise a fork's pull request could put green results on a release's build, or make environments and
    builds of any name. By the launch's UUID it could add tests to another launch or keep its results out. So
    the UUID is derived from the run and the bundle's digest: a further push of the bundle finds its launch
    again, and no other bundle has the same one. The bundle's own mark of this name is removed.

    Args:
        bundle: opened and verified.
        run: identifies the bundle's run. Nothing in the bundle may influence it.
    """
    manifest = bundle.manifest
    attributes = [pair for pair in manifest.attributes if pair[0] != _MARK[0]]
    marked = replace(
        manifest,
        # An import has no attributes, and must not join the history of the launches of the original name.
        launch_name=f"{manifest.launch_name[: LAUNCH_NAME - len(_SUFFIX)]}{_SUFFIX}",
        launch_uuid=str(uuid5(_NAMESPACE, json.dumps([*run, bundle.digest]))),
        attributes=(_MARK, *attributes)[:ATTRIBUTES],
        environment="",
        environment_url="",
        build_version="",
    )
    return bundle._replace(manifest=marked)
