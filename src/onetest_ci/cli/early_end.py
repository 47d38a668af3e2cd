"""Show on GitHub and Azure that a run ended before it had an outcome: annotation, outputs and summary."""

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

from onetest_ci.ci.host_table import find_host
from onetest_ci.cli.output import echo_command
from onetest_ci.errors import OnetestError
from onetest_ci.exit_codes import ExitCode
from onetest_ci.outcome import UploadStatus
from onetest_ci.outputs import github
from onetest_ci.text.escape import escape_markdown

_WITH_OUTPUTS: Final = frozenset({"report", "push", "run"})
_WITHOUT_A_STEP: Final = frozenset({"emulator"})


def show_on_host(error: OnetestError, redact: Callable[[str], str]) -> None:
    """Annotate the run's page. Commands that deliver write their outputs and a summary too.

    The counts stay empty, since nothing was counted. A file that cannot be written is skipped, since the
    error is on standard error already.
    """
    command = next((word for word in sys.argv[1:] if not word.startswith("-")), "")
    host = find_host(os.environ, os.environ.get("ONETEST_CI", "").lower())
    if host is None or host.key not in {"github", "azure"} or command in _WITHOUT_A_STEP:
        return
    error = error.redacted(redact)
    if host.key == "azure":
        from onetest_ci.outputs.annotations import azure_issue  # noqa: PLC0415 - for this host only

        echo_command(azure_issue(error), err=True)
        return
    echo_command(github.error_annotation(error), err=True)
    if command not in _WITH_OUTPUTS:
        return
    refused = error.exit_code == ExitCode.USAGE
    status = UploadStatus.REFUSED if refused else UploadStatus.FAILED
    values = dict.fromkeys(github.OUTPUTS, "") | {"upload-status": status.value}
    summary = f"### ❌ onetest-ci: {error.code}\n\n{escape_markdown(error.message, 2000)}\n"
    if error.hint:
        summary += f"\n> {escape_markdown(error.hint, 2000)}\n"
    _append("GITHUB_OUTPUT", lambda path: github.write_outputs(path, values))
    _append("GITHUB_STEP_SUMMARY", lambda path: github.write_step_summary(path, summary))


def _append(variable: str, write: Callable[[Path], None]) -> None:
    """Write to the file that a variable of the runner names."""
    path = os.environ.get(variable)
    if path:
        with suppress(OSError):
            write(Path(path))
