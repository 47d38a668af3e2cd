"""Import mode: JUnit documents, one call each (docs/onetest-api.md#junit-import).

An import has no id that would make a repeat safe, so each is noted before it is sent: one whose answer never
came, also because the process was killed, is not sent again unless a person says what became of it.
"""

import threading
from pathlib import Path
from typing import Final

from onetest_ci.bundle.delivery_log import DeliveryLog
from onetest_ci.bundle.file_store import safe_name
from onetest_ci.errors import BundleError, ServiceError, Unreachable
from onetest_ci.onetest.junit_import import JUnitImport
from onetest_ci.push.context import DeliveredLaunch, PushContext
from onetest_ci.push.import_documents import write_documents
from onetest_ci.push.ordered_pool import Cancelled

_REPEAT: Final = "--unanswered-import repeat"
_ARRIVED: Final = "--unanswered-import arrived"
_NEVER_SENT: Final = frozenset({"no-server", "name-not-resolved", "tls-error", "proxy-error", "service-down"})


def import_results(
    context: PushContext, junit_import: JUnitImport, stopping: threading.Event, unanswered: str
) -> None:
    """Upload the bundle's results; a document that was acknowledged is not sent again.

    Args:
        context: what to send.
        junit_import: where to.
        stopping: no further document is sent once it is set.
        unanswered: what to do about a document that an earlier push sent without learning what became of it:
            ``refuse``, ``repeat`` it, or take it as ``arrived``.

    Raises:
        ServiceError: a document was not taken. It is not repeated, since the import may have happened.
        BundleError: ``unanswered-import``; the bundle is damaged; there is no room for the documents.
        Cancelled: the run was asked to stop.
    """
    bundle, log, delivery = context
    documents, trim = write_documents(bundle, bundle.directory / "import")
    if trim.said:
        delivery.warn("trimmed", f"To fit into 10 MB a document, {trim.said}; the reports hold it.")
    if len(documents) > 1:
        delivery.warn(
            "split",
            f"The results are split into {len(documents)} documents of at most 10 MB; "
            "OneTest makes a launch of each.",
        )
    for number, document in enumerate(documents, 1):
        step = f"import/{number}"
        name = _filename(bundle.manifest.launch_name, number, len(documents))
        if not log.done(step):
            if stopping.is_set():
                raise Cancelled
            if log.get(f"import-sent/{number}").get("open") and unanswered != "repeat":
                _settle_unanswered(log, step, name, unanswered)
            else:
                _import(log, number, junit_import, document.path, name)
        done = log.get(step)
        delivery.launches.append(DeliveredLaunch(done["id"], done["url"]))
        delivery.sent += document.cases


def _import(log: DeliveryLog, number: int, junit_import: JUnitImport, path: Path, name: str) -> None:
    log.record(f"import-sent/{number}", open=True)
    try:
        answer = junit_import.import_junit(path, name)
    except ServiceError as error:
        if _may_have_happened(error):
            error.hint = (
                f"OneTest may have imported {name} all the same. Look there for that launch, then push the "
                f"bundle with {_REPEAT} if it is not there, else with {_ARRIVED}."
            )
        else:
            log.record(f"import-sent/{number}", open=False)
        raise
    log.record(f"import/{number}", id=answer.launch_id, url=answer.launch_url)


def _settle_unanswered(log: DeliveryLog, step: str, name: str, unanswered: str) -> None:
    if unanswered == "arrived":
        log.record(step, id="", url="")
        return
    raise BundleError(
        "unanswered-import",
        f"An earlier push sent {name} and did not learn what became of it; a repeat may double it.",
        f"Look in OneTest for that launch; push with {_REPEAT} if it is not there, else with {_ARRIVED}.",
    )


def _may_have_happened(error: ServiceError) -> bool:
    if isinstance(error, Unreachable):
        return error.code not in _NEVER_SENT
    return error.status >= 500  # noqa: PLR2004 - the server's own errors


def _filename(launch_name: str, number: int, count: int) -> str:
    """The document's name, all that tells an imported launch from another.

    See docs/onetest-api.md#documents-over-10-mb.
    """
    part = f"-{number}-of-{count}" if count > 1 else ""
    return safe_name(f"{launch_name[:200]}{part}.xml")
