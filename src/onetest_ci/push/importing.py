"""Import mode: JUnit documents, one call each (contract §8)."""

from typing import Final

from onetest_ci.bundle.file_store import safe_name
from onetest_ci.errors import ServiceError, Unreachable
from onetest_ci.onetest.junit_import import JUnitImport
from onetest_ci.push.delivery import DeliveredLaunch, Shipment
from onetest_ci.push.import_documents import write_documents

_NEVER_SENT: Final = frozenset({"no-server", "name-not-resolved", "tls-error", "proxy-error"})


def import_results(shipment: Shipment, junit_import: JUnitImport) -> None:
    """Upload the bundle's results; a document that was acknowledged is not sent again.

    Raises:
        ServiceError: a document was not taken. It is not repeated, since the import may have happened.
        BundleError: the bundle is damaged, or there is no room for the documents.
    """
    bundle, log, delivery = shipment
    documents, trim = write_documents(bundle, bundle.directory / "import")
    if trim.said:
        delivery.warnings.append(f"To fit into 10 MB a document, {trim.said}; the reports hold it.")
    if len(documents) > 1:
        delivery.warnings.append(
            f"The results are split into {len(documents)} documents of at most 10 MB; "
            "OneTest makes a launch of each."
        )
    for number, document in enumerate(documents, 1):
        step = f"import/{number}"
        if not log.done(step):
            name = _filename(bundle.manifest.launch_name, number, len(documents))
            try:
                answer = junit_import.import_junit(document.path, name)
            except ServiceError as error:
                if _may_have_happened(error):
                    error.hint = (
                        f"OneTest may have imported {name} all the same. Look there for that launch before "
                        "the bundle is pushed again, which imports it anew."
                    )
                raise
            log.record(step, id=answer.launch_id, url=answer.launch_url)
        done = log.get(step)
        delivery.launches.append(DeliveredLaunch(done["id"], done["url"]))
        delivery.sent += document.cases


def _may_have_happened(error: ServiceError) -> bool:
    if isinstance(error, Unreachable):
        return error.code not in _NEVER_SENT
    return error.status >= 500  # noqa: PLR2004 - the server's own errors


def _filename(launch_name: str, number: int, count: int) -> str:
    """The document's name, all that tells an imported launch from another (contract §8.4)."""
    part = f"-{number}-of-{count}" if count > 1 else ""
    return safe_name(f"{launch_name[:200]}{part}.xml")
