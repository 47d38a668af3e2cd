"""Import mode: JUnit documents, one call each (docs/onetest-api.md#junit-import).

An import has no ID that would make a second one safe, so each is recorded before it is sent. If its response
is unknown, also because the process was killed, it is not sent again until a person decides.
"""

import threading
from pathlib import Path
from typing import Final

from onetest_ci.bundle.delivery_log import DeliveryLog
from onetest_ci.bundle.file_store import safe_name
from onetest_ci.bundle.steps import Kind, Step
from onetest_ci.errors import BundleError, ServiceError, Unreachable
from onetest_ci.onetest.junit_import import JUnitImport
from onetest_ci.outcome import DeliveredLaunch
from onetest_ci.push.context import PushContext
from onetest_ci.push.import_documents import write_documents
from onetest_ci.push.ordered_pool import Cancelled

_REPEAT: Final = "--unanswered-import repeat"
_ARRIVED: Final = "--unanswered-import arrived"
_NEVER_SENT: Final = frozenset({"no-server", "name-not-resolved", "tls-error", "proxy-error", "service-down"})


def import_results(
    context: PushContext, junit_import: JUnitImport, stopping: threading.Event, unanswered: str
) -> None:
    """Upload the bundle's results. An acknowledged document is not sent again.

    Args:
        context: the bundle, its log and its delivery.
        junit_import: the service.
        stopping: no further document is sent once it is set.
        unanswered: what to do with a document that an earlier push sent without getting a response:
            ``refuse``, ``repeat``, or take it as ``arrived``.

    Raises:
        ServiceError: a document was refused. It is not sent again, since the import may have happened.
        BundleError: ``unanswered-import``; the bundle is damaged; there is no room for the documents.
        Cancelled: the run was asked to stop.
    """
    bundle, log, delivery = context.bundle, context.log, context.delivery
    documents, trim = write_documents(bundle, bundle.directory / "import")
    if trim.loss:
        delivery.warn("trimmed", f"To fit into 10 MB a document, {trim.loss}; the reports hold it.")
    if len(documents) > 1:
        delivery.warn(
            "split",
            f"The results are split into {len(documents)} documents of at most 10 MB; "
            "OneTest makes a launch of each.",
        )
    for number, document in enumerate(documents, 1):
        step = Step(Kind.IMPORT, number)
        name = _filename(bundle.manifest.launch_name, number, len(documents))
        if not log.done(step):
            if stopping.is_set():
                raise Cancelled
            if log.get(Step(Kind.IMPORT_SENT, number)).get("open") and unanswered != "repeat":
                _resolve_unanswered(log, step, name, unanswered)
            else:
                _import(log, number, junit_import, document.path, name)
        done = log.get(step)
        delivery.launches.append(DeliveredLaunch(done["id"], done["url"]))
        delivery.sent += document.cases


def _import(log: DeliveryLog, number: int, junit_import: JUnitImport, path: Path, name: str) -> None:
    sent = Step(Kind.IMPORT_SENT, number)
    log.record(sent, open=True)
    try:
        answer = junit_import.import_junit(path, name)
    except ServiceError as error:
        if _may_have_happened(error):
            error.hint = (
                f"OneTest may have imported {name} all the same. Look there for that launch, then push the "
                f"bundle with {_REPEAT} if it is not there, else with {_ARRIVED}."
            )
        else:
            log.record(sent, open=False)
        raise
    log.record(Step(Kind.IMPORT, number), id=answer.launch_id, url=answer.launch_url)


def _resolve_unanswered(log: DeliveryLog, step: Step, name: str, unanswered: str) -> None:
    if unanswered == "arrived":
        log.record(step, id="", url="")
        return
    raise BundleError(
        "unanswered-import",
        f"An earlier push sent {name} and got no response. Sending it again may double its results.",
        f"Look in OneTest for that launch; push with {_REPEAT} if it is not there, else with {_ARRIVED}.",
    )


def _may_have_happened(error: ServiceError) -> bool:
    if isinstance(error, Unreachable):
        return error.code not in _NEVER_SENT
    return error.status >= 500  # noqa: PLR2004 - the server's own errors


def _filename(launch_name: str, number: int, count: int) -> str:
    """Return the document's name, by which people recognise the imported launch.

    See docs/onetest-api.md#documents-over-10-mb.
    """
    part = f"-{number}-of-{count}" if count > 1 else ""
    return safe_name(f"{launch_name[:200]}{part}.xml")
