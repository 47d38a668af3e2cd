"""The log lines and files of a case, in addition to its verdict."""

from typing import TYPE_CHECKING, Final, NamedTuple

from onetest_ci.model import BAD, Attempt, Case

if TYPE_CHECKING:
    # `inspect` makes no bundle.
    from onetest_ci.bundle.records import Result, StoredCase, StoredFile

ERROR: Final = "ERROR"
WARN: Final = "WARN"
INFO: Final = "INFO"


class Log(NamedTuple):
    """One log line of a case.

    Attributes:
        level: as the Receiver names it (docs/onetest-api.md#logs).
        message: full text.
        file: attached to the line.
    """

    level: str
    message: str
    file: "StoredFile | None" = None


def logs_of(result: "Result") -> list[Log]:
    """Return the log lines of a case: the failure of each attempt, the output, and the files.

    A case that passed at once has only its files. Its output is in the report, which is uploaded as a whole.
    """
    case = result.stored.case
    logs = [
        Log(WARN, f"Attempt {number} {attempt.status}: {failure_text(attempt)}".rstrip(": "))
        for number, attempt in enumerate(result.attempts, 1)
    ]
    if case.status in BAD:
        logs.append(Log(ERROR, failure_text(case) or case.status))
        logs.extend(_outputs(case))
    for one in (*result.earlier, result.stored):
        logs.extend(Log(INFO, file.name, file) for file in one.files)
    return logs


def count_logs(stored: "StoredCase") -> int:
    """Return how many log lines ``logs_of`` returns for a case that repeats no other, without its texts."""
    case = stored.case
    of_failure = 1 + len(_outputs(case)) if case.status in BAD else 0
    return len(case.attempts) + of_failure + len(stored.files)


def _outputs(case: Case) -> list[Log]:
    outputs = (INFO, case.system_out), (WARN, case.system_err)
    return [Log(level, text) for level, text in outputs if text and not text.isspace()]


def failure_text(verdict: Case | Attempt) -> str:
    """Return type, message and stack trace as one text, without repetition."""
    headline = short_failure(verdict)
    details = verdict.details.strip()
    if not details or not headline:
        return headline or details
    # Most tools begin the stack trace with the message.
    return details if verdict.message and verdict.message.strip() in details else f"{headline}\n{details}"


def short_failure(verdict: Case | Attempt) -> str:
    """Return type and message in one text."""
    kind, message = verdict.kind.strip(), verdict.message.strip()
    if kind and message and not message.startswith(kind):
        return f"{kind}: {message}"
    return message or kind
