"""The directory for delivery logs of untrusted bundles, which their authors cannot write."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from onetest_ci.bundle.bundle import Bundle
from onetest_ci.bundle.lock import locked
from onetest_ci.ci.context import CIContext
from onetest_ci.errors import UsageProblem
from onetest_ci.ownership import set_workspace_owner

_NAME: Final = "onetest-ci"
_LOCK: Final = "lock"


def run_of(context: CIContext, product_id: str) -> tuple[str, ...]:
    """Return what tells the run that an untrusted bundle belongs to from others.

    On GitHub that is the run that ``workflow_run`` names: its address has repository, id and attempt.
    Elsewhere it is this run, whatever its attempt, so that a further attempt goes on.
    """
    if context.tested_run_url:
        return ("tested", context.tested_run_url, product_id)
    return ("pushing", context.host, context.repository, context.run_id, product_id)


@contextmanager
def state_of(bundle: Bundle, chosen: Path | None, context: CIContext) -> Iterator[Path]:
    """Make the directory for the delivery log of an untrusted bundle, and hold it.

    Args:
        bundle: with the launch's UUID that the bundle has no influence on; it names the directory.
        chosen: what the user set, absolute; None for the default.
        context: the run.

    Raises:
        UsageProblem: ``bad-state``.
        BundleError: another process is pushing the same bundle.
    """
    state = chosen or _default(context)
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
        # The step that caches it may be another user's.
        set_workspace_owner(directory, state)


def _default(context: CIContext) -> Path:
    if context.temp_dir is not None and os.access(context.temp_dir, os.W_OK):
        return context.temp_dir / f"{_NAME}-state"
    # XDG Base Directory Specification; "Known folders" of Windows.
    base = os.environ.get("LOCALAPPDATA" if os.name == "nt" else "XDG_STATE_HOME", "")
    if not os.path.isabs(base):  # noqa: PTH117 - the empty text is no path
        base = os.path.expanduser("~/.local/state")  # noqa: PTH111 - as above
    return Path(base) / _NAME
