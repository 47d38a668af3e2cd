"""A bundle from somebody who has no secrets: what it may say of itself."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Final
from uuid import UUID, uuid5

from onetest_ci.bundle.bundle import Bundle
from onetest_ci.onetest.limits import ATTRIBUTES, LAUNCH_NAME

_MARK: Final = ("untrusted", "true")
_SUFFIX: Final = " (untrusted)"
_NAMESPACE: Final = UUID("0d3b6c52-61f7-4a55-8b43-2f1f0f2f9b6e")
"""Of launches of untrusted bundles."""


def sanitize(bundle: Bundle, run: Sequence[str]) -> Bundle:
    """The same results in a launch that is marked, and linked to nothing that the bundle chose.

    A fork's pull request could otherwise put green results on a release's build, make environments and builds
    of any name, or, by the launch's UUID, add tests to another launch or keep its results out. So that UUID
    follows from the run and the bundle's digest: a further push of the bundle finds its launch again, and no
    other bundle has the same one. Its own marks go, so that it cannot speak for itself.

    Args:
        bundle: as it was opened and verified.
        run: what tells the bundle's run from others. Nothing in the bundle may influence it.
    """
    manifest = bundle.manifest
    told = [pair for pair in manifest.attributes if pair[0] != _MARK[0]]
    marked = replace(
        manifest,
        # An import carries no attributes; and its history is not that of the launches of this name.
        launch_name=f"{manifest.launch_name[: LAUNCH_NAME - len(_SUFFIX)]}{_SUFFIX}",
        launch_uuid=str(uuid5(_NAMESPACE, json.dumps([*run, bundle.digest]))),
        attributes=(_MARK, *told)[:ATTRIBUTES],
        environment="",
        environment_url="",
        build_version="",
    )
    return replace(bundle, manifest=marked)
