"""Failed tests as annotations at their lines, for the hosts whose logs have commands for that.

GitHub's runner keeps ten errors and ten warnings of a step, and so does the agent of Azure Pipelines
(``_maxIssueCount`` in ExecutionContext.cs of both).

Only commands of a log are used. Nothing is written for other hosts:

- TeamCity: a test that a service message reports as failed counts as a test of the build, and the condition
  "at least one test failed" fails the build (https://www.jetbrains.com/help/teamcity/service-messages.html,
  https://www.jetbrains.com/help/teamcity/build-failure-conditions.html).
- Buildkite: annotations are made by ``buildkite-agent annotate`` or an API
  (https://buildkite.com/docs/pipelines/configure/annotations).
- AppVeyor: messages are made by ``appveyor AddMessage`` or an API
  (https://www.appveyor.com/docs/build-worker-api/).
- Bitbucket Pipelines: annotations belong to a report of Code Insights, made by an API
  (https://support.atlassian.com/bitbucket-cloud/docs/code-insights/).
- GitLab: merge requests show the tests of a JUnit document
  (https://docs.gitlab.com/ci/testing/unit_test_reports/).
"""

from collections.abc import Iterable
from typing import Final, NamedTuple

from onetest_ci.errors import OnetestError
from onetest_ci.model import ERROR
from onetest_ci.outcome import Outcome
from onetest_ci.outputs.github import annotation, error_message, run_messages
from onetest_ci.results.run_results import RunResults, ShownTest
from onetest_ci.text.escape import WorkflowCommand, escape_azure, indented_line, one_line
from onetest_ci.text.plural import plural
from onetest_ci.traces.place import Place

MOST: Final = 10
"""Annotations of one level that a host shows of a step."""
_LONGEST: Final = 4000
_LONGEST_PATH: Final = 1000


class Note(NamedTuple):
    """What an annotation shows.

    Attributes:
        level: ``error`` or ``warning``.
        title: one line.
        text: may have several lines.
        place: where to show it. None shows it with the run.
    """

    level: str
    title: str
    text: str
    place: Place | None = None


def github(outcome: Outcome, before: Iterable[WorkflowCommand]) -> list[WorkflowCommand]:
    """Return the commands that annotate failed tests on GitHub.

    Args:
        outcome: of the run, without secrets.
        before: the commands of this step that are printed first. They use up the limit.
    """
    before = list(before)
    return [
        annotation(note.level, note.title, note.text, safe_place(note.place))
        for level in ("error", "warning")
        for note in _notes(outcome, level, sum(one.startswith(f"::{level} ") for one in before))
    ]


def azure(outcome: Outcome, before: Iterable[WorkflowCommand] = ()) -> list[WorkflowCommand]:
    """Return the commands that show failed tests as issues of the step ("Logging commands")."""
    before = list(before)
    used = {level: sum(f"type={level}" in one for one in before) for level in ("error", "warning")}
    return [_issue(note) for level in used for note in _notes(outcome, level, used[level])]


def azure_run(outcome: Outcome, failed: Iterable[OnetestError]) -> list[WorkflowCommand]:
    """Return the commands that show errors of set-up, upload, gate and files as issues of the step."""
    messages = [*run_messages(outcome), *map(error_message, failed)]
    return [_issue(Note(*message)) for message in messages]


def azure_issue(error: OnetestError) -> WorkflowCommand:
    """Return the command that shows an error as an issue of the step."""
    return _issue(Note(*error_message(error)))


def safe_place(place: Place | None) -> Place | None:
    """Return the place if its path is plain text, in which no host finds a command."""
    return place if place and one_line(place.file, _LONGEST_PATH) == place.file else None


def _issue(note: Note) -> WorkflowCommand:
    place = safe_place(note.place)
    fields = [f"type={note.level}"]
    if place:
        fields.append(f"sourcepath={escape_azure(place.file)}")
        if place.line:
            fields.append(f"linenumber={place.line}")
    lines = [note.title, *note.text.splitlines()]
    text = "\n".join(indented_line(line, 2000) for line in lines)[:_LONGEST]
    return WorkflowCommand(f"##vso[task.logissue {';'.join(fields)}]{escape_azure(text)}")


def _notes(outcome: Outcome, level: str, used: int) -> list[Note]:
    """Return the annotations of one level, the worst first; the last one counts those that have no room."""
    results = outcome.results
    if results is None:
        return []
    tests, total = _failed(results) if level == "error" else _quarantined(results)
    room = max(0, MOST - used)
    if total <= room:
        return [_note(level, test) for test in tests]
    shown = [_note(level, test) for test in tests[: max(0, room - 1)]]
    rest = total - len(shown)
    what = "failed" if level == "error" else "failed in quarantine"
    others = f"{plural(rest, 'more test') if shown else plural(rest, 'test')} {what}"
    more = Note(level, f"onetest-ci: {others}", f"{others}. The summary of the run lists them.")
    return [*shown, more][:room]


def _failed(results: RunResults) -> tuple[list[ShownTest], int]:
    """Return the failed tests that are not in quarantine, and how many there are."""
    lists = (results.new_failures, results.still_failing)
    tests = [test for one in lists for test in sorted(one.tests, key=lambda test: test.status != ERROR)]
    return tests, sum(one.total for one in lists)


def _quarantined(results: RunResults) -> tuple[list[ShownTest], int]:
    return list(results.quarantined.tests), results.quarantined.total


def _note(level: str, test: ShownTest) -> Note:
    kind = "Failed" if level == "error" else "Failed in quarantine"
    message = test.message.strip()
    # People see the first lines alone, and a trace of pytest begins with the source of the test.
    parts = [test.trace] if test.trace.lstrip().startswith(message) else [message, test.trace]
    text = "\n".join(part.strip("\n") for part in (*parts, str(test.quarantine)) if part.strip())
    return Note(level, f"{kind}: {test.full_name}", text or "The report contains no message.", test.place)
