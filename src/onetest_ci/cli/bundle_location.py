"""The directory of a run's bundle: during delivery, and afterwards if something is left to deliver."""

import os
import shlex
import shutil
import tempfile
from pathlib import Path
from typing import Final, NamedTuple
from uuid import uuid4

from onetest_ci.bundle.bundle import (
    ARTIFACTS,
    ATTACHMENTS,
    DELIVERY,
    DELIVERY_COUNT,
    MANIFEST,
    digest_of_bundle,
    is_bundle,
)
from onetest_ci.bundle.delivery_log import DeliveryLog
from onetest_ci.bundle.items import ITEMS
from onetest_ci.bundle.steps import Kind, Step
from onetest_ci.ci.context import CIContext
from onetest_ci.errors import BundleError, no_temporary_directory
from onetest_ci.ownership import set_workspace_owner

IMAGE: Final = "ONETEST_IMAGE"
"""Environment variable that contains the image's own name."""

_OWN_NAMES: Final = frozenset(
    {MANIFEST, f"{MANIFEST}.new", ITEMS, DELIVERY, DELIVERY_COUNT, ATTACHMENTS, ARTIFACTS, "import"}
)


class BundleLocation(NamedTuple):
    """The directory of one run's bundle.

    Attributes:
        directory: where the bundle is written.
        chosen: whether the user named it. Then it is never removed.
        workspace: where a bundle that was not delivered is kept.
    """

    directory: Path
    chosen: bool
    workspace: Path

    def keep(self) -> Path:
        """Keep the bundle, in the workspace if possible. Return its directory."""
        if self.chosen or self.directory.parent == self.workspace:
            return self.directory
        target = self.workspace / self.directory.name
        try:
            shutil.move(self.directory, target)
            set_workspace_owner(target, self.workspace)
        except OSError:
            # The workspace is read-only or full, so the bundle stays complete where it is.
            shutil.rmtree(target, ignore_errors=True)
            return self.directory
        return target

    def discard(self) -> Path | None:
        """Remove the bundle unless the user named its directory. Return the directory if it is kept."""
        if self.chosen:
            return self.directory
        shutil.rmtree(self.directory, ignore_errors=True)
        return None


def location_for_report(chosen: Path | None, context: CIContext, cwd: Path) -> BundleLocation:
    """Return the location for a bundle that is removed after delivery: in a temporary directory by default.

    If the chosen directory contains an undelivered bundle, the new one goes beside it.

    Raises:
        BundleError: the chosen directory contains other files, or there is no temporary directory.
    """
    workspace = context.workspace or cwd
    if chosen is not None:
        directory = cwd / chosen
        if _is_undelivered(directory):
            directory = directory.with_name(f"{directory.name}-{uuid4().hex[:8]}")
        return BundleLocation(_free(directory, context), chosen=True, workspace=workspace)
    return BundleLocation(_temporary(context) / _new_name(), chosen=False, workspace=workspace)


def _temporary(context: CIContext) -> Path:
    """Return CI's own temporary directory if it can be written, else the system's.

    Raises:
        BundleError: ``no-temporary-directory``.
    """
    if context.temp_dir is not None and os.access(context.temp_dir, os.W_OK):
        return context.temp_dir
    try:
        return Path(tempfile.gettempdir())
    except OSError:
        of_ci = f"{context.temp_dir} of {context.host_name}, " if context.temp_dir else ""
        raise no_temporary_directory(
            f"none of {of_ci}TMPDIR, /tmp, /var/tmp and the current directory",
            "--bundle (ONETEST_BUNDLE) to one for the bundle",
        ) from None


def location_for_collect(chosen: Path | None, context: CIContext, cwd: Path) -> BundleLocation:
    """Return the location for a bundle that is kept.

    Raises:
        BundleError: the chosen directory contains other files.
    """
    directory = _free(cwd / chosen, context) if chosen is not None else cwd / _new_name()
    return BundleLocation(directory, chosen=True, workspace=cwd)


def _new_name() -> str:
    return f"onetest-bundle-{uuid4().hex[:12]}"


def push_command(directory: Path, context: CIContext) -> str:
    """Return the command that delivers a bundle, quoted for the user's shell.

    Inside of the image that is ``docker run``: nothing is installed on the machine. The paths of a container
    action are translated to those of the machine. In other containers they are unknown, so there the command
    is for the directory that contains the bundle.
    """
    image = os.environ.get(IMAGE)
    if not image:
        return f"onetest-ci push {_quoted(str(directory))}"
    real = context.on_the_machine(directory)
    place = (
        shlex.quote(f"{real}:/bundle")
        if real != directory
        else f'"$PWD"/{shlex.quote(f"{directory.name}:/bundle")}'
    )
    keys = " ".join(f"--env {name}" for name in ("ONETEST_API_KEY", "ONETEST_PRODUCT_ID", "ONETEST_BASE_URL"))
    return f"docker run --rm {keys} --volume {place} {shlex.quote(image)} push /bundle"


def push_hint(directory: Path, context: CIContext) -> str:
    """Return a text on where results are kept, and how to save and deliver them."""
    real = context.on_the_machine(directory)
    command = push_command(directory, context)
    text = f"The results are kept in {real}."
    if context.host:
        text += " Save that directory, for example as an artifact, if the machine goes with the job."
    if "$PWD" in command:
        text += f" Run this in the directory that contains {directory.name}."
    return f"{text} Deliver them with: {command}"


def kept_hint(location: BundleLocation, kept: Path, context: CIContext) -> str:
    """Return a text on where a run's results are kept, and why they are in a temporary directory if so.

    Args:
        location: of the bundle.
        kept: the directory that ``keep`` returned.
        context: the CI run.
    """
    hint = push_hint(kept, context)
    if location.chosen or kept.parent == location.workspace:
        return hint
    workspace = context.on_the_machine(location.workspace)
    return (
        f"The bundle cannot be moved to {workspace}, so it stays in a temporary directory. Next time set "
        "--bundle (ONETEST_BUNDLE) to a directory that can be written and that stays. In a container, mount "
        f"one: `docker run --volume DIRECTORY:DIRECTORY`. {hint}"
    )


def repeat_hint(directory: Path, context: CIContext) -> str:
    """Return a text on how to continue after a push. In the image the path on the machine is unknown."""
    if os.environ.get(IMAGE):
        return "The bundle is kept. The same command sends the rest."
    return push_hint(directory, context)


def _quoted(text: str) -> str:
    """Quote an argument for the machine's shell."""
    if os.name != "nt":
        return shlex.quote(text)
    import subprocess  # noqa: PLC0415 - only Windows needs it

    return subprocess.list2cmdline([text])


def _free(directory: Path, context: CIContext) -> Path:
    """Return the directory without a bundle that is of no more use. Other files are never removed."""
    try:
        names = {entry.name for entry in directory.iterdir()}
    except FileNotFoundError:
        return directory
    except OSError as problem:
        raise BundleError(
            "bundle-not-written",
            f"--bundle {directory}: {problem.strerror}.",
            "Name a directory to write to.",
        ) from None
    if not names:
        return directory
    if ITEMS not in names or not names <= _OWN_NAMES:
        raise BundleError(
            "bundle-exists", f"--bundle {directory} contains other files.", "Name another directory."
        )
    # A bundle without a manifest is incomplete: a run was killed, and its reports are still there.
    if _is_undelivered(directory):
        raise BundleError(
            "bundle-exists",
            f"--bundle {directory} contains a bundle that is not delivered yet.",
            f"Deliver it with: {push_command(directory, context)}",
        )
    shutil.rmtree(directory)
    return directory


def _is_undelivered(directory: Path) -> bool:
    """Return whether a directory contains a bundle that was not delivered completely, by its log."""
    if not is_bundle(directory):
        return False
    try:
        return not DeliveryLog(directory, digest_of_bundle(directory)).done(Step(Kind.DELIVERED))
    except BundleError:
        # It is unknown what was delivered, so the bundle must not be removed.
        return True
