"""A bundle from somebody who has no secrets: what it may say of itself."""

from dataclasses import replace
from typing import Final
from uuid import UUID, uuid5

from onetest_ci.bundle.format import DELIVERY, DELIVERY_COUNT, Bundle
from onetest_ci.errors import bundle_not_written
from onetest_ci.onetest.limits import ATTRIBUTES, LAUNCH_NAME

_MARK: Final = ("untrusted", "true")
_SUFFIX: Final = " (untrusted)"


def distrusted(bundle: Bundle) -> Bundle:
    """The same results in a launch that is marked, and linked to nothing that the bundle chose.

    A fork's pull request could otherwise put green results on a release's build, make environments and builds
    of any name, or, by the launch's UUID, add tests to another launch: so that UUID follows from the one it
    names. Its own marks go, so that it cannot speak for itself.
    """
    manifest = bundle.manifest
    told = [pair for pair in manifest.attributes if pair[0] != _MARK[0]]
    marked = replace(
        manifest,
        # An import carries no attributes; and its history is not that of the launches of this name.
        launch_name=f"{manifest.launch_name[: LAUNCH_NAME - len(_SUFFIX)]}{_SUFFIX}",
        launch_uuid=str(uuid5(UUID(manifest.launch_uuid), "untrusted")),
        attributes=(_MARK, *told)[:ATTRIBUTES],
        environment="",
        environment_url="",
        build_version="",
    )
    return replace(bundle, manifest=marked)


def forget_delivery(bundle: Bundle) -> None:
    """Remove the delivery log with all that it contains: ids, links, acknowledged steps.

    Raises:
        BundleError: the log cannot be removed.
    """
    try:
        # The count without its log would be damage.
        (bundle.directory / DELIVERY_COUNT).unlink(missing_ok=True)
        (bundle.directory / DELIVERY).unlink(missing_ok=True)
    except OSError as problem:
        raise bundle_not_written(bundle.directory, problem) from None
