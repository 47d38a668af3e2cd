"""The directory for delivery logs of untrusted bundles, which their authors cannot write."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from onetest_ci.bundle.bundle import Bundle
from onetest_ci.bundle.lock import locked
from onetest_ci.errors import UsageProblem
from onetest_ci.ownership import set_workspace_owner

_NAME: Final = "onetest-ci"
_LOCK: Final = "lock"


@contextmanager
def locked_state_directory(bundle: Bundle, chosen: Path | None, temp_dir: Path | None) -> Iterator[Path]:
    """Make the directory for the delivery log of an untrusted bundle, and lock it.

    Args:
        bundle: sanitized. The directory is named by its launch's UUID.
        chosen: the absolute path that the user set. None for the default.
        temp_dir: CI's own temporary directory, the default if it is writable.

    Raises:
        UsageProblem: ``bad-state``.
        BundleError: another process is pushing the same bundle.
    """
    state = chosen or default_state_directory(temp_dir)
    directory = state / bundle.manifest.launch_uuid
    try:
        inside = state.resolve().is_relative_to(bundle.directory.resolve())
        if not inside:
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            (directory / _LOCK).touch()
    except (OSError, RuntimeError) as problem:
        raise UsageProblem(
            "bad-state",
            f"The state directory {state} cannot be used: {getattr(problem, 'strerror', '') or problem}.",
            "Set --state (ONETEST_STATE) to a directory that can be written, and keep it between pushes.",
        ) from None
    if inside:
        raise UsageProblem(
            "bad-state",
            f"The state directory {state} is inside of the bundle, whose author could have written it.",
            "Set --state (ONETEST_STATE) to another directory.",
        )
    try:
        with locked(directory, _LOCK):
            yield directory
    finally:
        # The step that caches the directory may run as another user.
        set_workspace_owner(directory, state)


def default_state_directory(temp_dir: Path | None) -> Path:
    """Return the directory for what later runs continue: CI's temporary one if writable, else the user's."""
    if temp_dir is not None and os.access(temp_dir, os.W_OK):
        return temp_dir / f"{_NAME}-state"
    # XDG Base Directory Specification; "Known folders" of Windows.
    base = os.environ.get("LOCALAPPDATA" if os.name == "nt" else "XDG_STATE_HOME", "")
    if not os.path.isabs(base):  # noqa: PTH117 - a Path would turn the empty text into "."
        base = os.path.expanduser("~/.local/state")  # noqa: PTH111 - see above
    return Path(base) / _NAME
