"""Output for a GitHub runner: step outputs, the step summary, masks and annotations."""

import secrets
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Final, NamedTuple

from onetest_ci.errors import OnetestError
from onetest_ci.outcome import Outcome, UploadStatus
from onetest_ci.redaction import Secret
from onetest_ci.text.escape import (
    WorkflowCommand,
    escape_command_data,
    escape_command_property,
    indented_line,
    one_line,
)
from onetest_ci.traces.place import Place

OUTPUTS: Final = {
    "launch-id": "UUID of the launch; empty if OneTest returned none.",
    "launch-url": "Address of the launch in OneTest; empty if OneTest returned none.",
    "build-id": "UUID of the build; empty if none was set up.",
    "environment-id": "UUID of the environment; empty if none was set up.",
    "tests": "Number of tests.",
    "passed": "Number of tests that passed.",
    "failed": "Number of tests that failed, errors included.",
    "skipped": "Number of tests that were skipped.",
    "flaky": "Number of tests that passed after a failed attempt.",
    "new-failures": "Number of failed tests that did not fail in the baseline; empty without one.",
    "fixed": "Number of tests that passed and failed in the baseline; empty without one.",
    "api-calls": "Number of API calls.",
    "upload-status": "One of delivered, partial, refused, failed, skipped.",
    "bundle-path": "Directory of the bundle, if it was kept.",
    "quarantined": "Number of failed tests in quarantine; empty if the results cannot be read.",
    "gate": "One of passed, failed; empty if no gate is set.",
}
"""The action's outputs and what each holds."""


class Message(NamedTuple):
    """What the log of a CI host shows of the run as a whole.

    Attributes:
        level: ``error`` or ``warning``.
        title: one line.
        text: may have several lines.
    """

    level: str
    title: str
    text: str


_IN_CONTAINER: Final = PurePosixPath("/github/workspace")


def outputs(outcome: Outcome) -> dict[str, str]:
    """Return the action's outputs. ``failed`` counts errors too; an unknown value is empty."""
    delivery, totals = outcome.delivery, outcome.manifest.totals
    results = outcome.results if outcome.results and outcome.results.compared else None
    return {
        "launch-id": delivery.launch_id,
        "launch-url": delivery.launch_url,
        "build-id": delivery.build_id,
        "environment-id": delivery.environment_id,
        "tests": str(totals["tests"]),
        "passed": str(totals["passed"]),
        "failed": str(totals["failures"] + totals["errors"]),
        "skipped": str(totals["skipped"]),
        "flaky": str(totals["flaky"]),
        "new-failures": str(results.new_failures.total) if results else "",
        "fixed": str(results.fixed.total) if results else "",
        "api-calls": str(delivery.total_calls),
        "upload-status": delivery.status.value,
        "bundle-path": path_for_other_steps(outcome.bundle_path) if outcome.bundle_path else "",
        "quarantined": str(outcome.results.quarantined.total) if outcome.results else "",
        "gate": outcome.gate.word,
    }


def path_for_other_steps(path: Path) -> str:
    """Return a path that the job's other steps can use, outside of the container too.

    The workspace has another path there. Steps start in it, so a path relative to it is valid for all of them
    (actions/runner, ContainerInfo.cs).
    """
    return str(path.relative_to(_IN_CONTAINER)) if path.is_relative_to(_IN_CONTAINER) else str(path)


def write_outputs(path: Path, values: Mapping[str, str]) -> None:
    """Append to GITHUB_OUTPUT in its heredoc form (actions/runner, FileCommandManager.cs).

    The delimiter is random, so that no value can contain it and add outputs of its own.
    """
    text = []
    for name, value in values.items():
        delimiter = f"onetest_{secrets.token_hex(16)}"
        text.append(f"{name}<<{delimiter}\n{value}\n{delimiter}\n")
    _append(path, "".join(text))


def write_step_summary(path: Path, markdown: str) -> None:
    """Append to GITHUB_STEP_SUMMARY."""
    _append(path, markdown)


def _append(path: Path, text: str) -> None:
    with path.open("a", encoding="utf-8", errors="replace", newline="\n") as file:
        file.write(text)


def masks(keys: Iterable[Secret | None]) -> list[WorkflowCommand]:
    """Return commands that let the runner hide the keys from here on."""
    return [WorkflowCommand(f"::add-mask::{escape_command_data(key.reveal())}") for key in keys if key]


def annotations(outcome: Outcome) -> list[WorkflowCommand]:
    """Return commands that annotate the run's page with errors of set-up, upload and gate, and with notes."""
    commands = [annotation(*one) for one in run_messages(outcome)]
    if outcome.notes:
        commands.append(annotation("notice", "onetest-ci", "\n".join(outcome.notes)))
    return commands


def run_messages(outcome: Outcome) -> Iterator[Message]:
    """Yield the errors of set-up, upload and gate."""
    delivery = outcome.delivery
    yield from map(error_message, outcome.problems)
    if delivery.error:
        yield error_message(delivery.error, f"onetest-ci: upload {delivery.status.value}")
    elif delivery.status is UploadStatus.PARTIAL:
        text = f"OneTest did not accept {len(delivery.lost)} items; the summary lists them."
        yield Message("warning", "onetest-ci: upload partial", text)
    for verdict in outcome.gate.failed:
        yield Message("error", f"onetest-ci: {verdict.option}", f"{verdict.text}.")


def annotation(level: str, title: str, text: str, place: Place | None = None) -> WorkflowCommand:
    """Return an annotation, at a place if there is one. GitHub cuts its message at 4096 characters."""
    lines = "\n".join(indented_line(part, 2000) for part in text.splitlines())
    at = ""
    if place:
        at = f"file={escape_command_property(place.file)},"
        at += f"line={place.line}," if place.line else ""
    properties = f"{at}title={escape_command_property(one_line(title))}"
    return WorkflowCommand(f"::{level} {properties}::{escape_command_data(lines[:4000])}")


def error_annotation(error: OnetestError, title: str = "") -> WorkflowCommand:
    """Return the annotation of an error."""
    return annotation(*error_message(error, title))


def error_message(error: OnetestError, title: str = "") -> Message:
    """Return the message and then the hint of an error. The title is its code by default."""
    return Message("error", title or f"onetest-ci: {error.code}", f"{error.message}\n{error.hint}".rstrip())
