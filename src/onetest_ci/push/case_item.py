"""The fields of a case in the Receiver's words (docs/onetest-api.md#start-an-item, #finish-an-item)."""

from pathlib import PurePosixPath

from onetest_ci.bundle.logs import short_failure
from onetest_ci.bundle.records import Result
from onetest_ci.code_ref import parameters as names
from onetest_ci.limits import ITEM_NAME
from onetest_ci.model import BAD, PASSED, SKIPPED, Case
from onetest_ci.onetest.receiver import NOT_ISSUE, TO_INVESTIGATE, Issue


def name_of(case: Case) -> str:
    """Return the name of a case, never blank."""
    return case.name.strip() or "(unnamed test)"


def status_of(case: Case) -> str:
    """Return the status of a case. The Receiver has no status for an error."""
    return "failed" if case.status in BAD else case.status


def issue_of(case: Case) -> Issue | None:
    """Return why a case did not pass. A skipped case needs no investigation."""
    if case.status in BAD:
        return Issue(TO_INVESTIGATE, short_failure(case) or case.details[:2000])
    if case.status == SKIPPED:
        return Issue(NOT_ISSUE, case.message or case.details[:2000])
    return None


def attributes_of(result: Result) -> list[tuple[str, str]]:
    """Return attributes on attempts, then the case's own properties. The service keeps the first 256."""
    attributes = [("flaky", "true")] if result.flaky else []
    if count := len(result.attempts):
        attributes.append(("attempts", str(count + 1)))
    return attributes + [(key, value) for key, value in result.stored.case.properties if key and value]


def parameters_of(case: Case) -> list[tuple[str, str]]:
    """Return the parameters of a test. Its siblings with other parameters have the same code_ref.

    See docs/onetest-api.md#spelling-of-code_ref.
    """
    parameters = names.parameters_of(case.name, PurePosixPath(case.file).suffix.lower(), case.method)
    return [("parameters", parameters)] if parameters else []


def description_of(case: Case) -> str:
    """Return the whole name if the Receiver cuts it, then the location unless the case passed."""
    where = case.file if case.line is None else f"{case.file}:{case.line}"
    full_name = case.name if len(case.name) > ITEM_NAME else ""
    return "\n".join(
        text for text in (full_name, where if case.file and case.status != PASSED else "") if text
    )
