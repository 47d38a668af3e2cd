"""Import mode: JUnit documents, one call each (contract §8)."""

from onetest_ci.file_store import safe_name
from onetest_ci.import_documents import write_documents
from onetest_ci.onetest.junit_import import JUnitImport
from onetest_ci.push.delivery import DeliveredLaunch, Shipment


def import_results(shipment: Shipment, junit_import: JUnitImport) -> None:
    """Upload the bundle's results; a document that was acknowledged is not sent again.

    Raises:
        ServiceError: a document was not taken. It is not repeated, since the import may have happened.
    """
    bundle, log, delivery = shipment
    paths, trim = write_documents(bundle, bundle.directory / "import")
    if trim.said:
        delivery.warnings.append(f"To fit into 10 MB a document, {trim.said}; the reports hold it.")
    if len(paths) > 1:
        delivery.warnings.append(
            f"The results are split into {len(paths)} documents of at most 10 MB; "
            "OneTest makes a launch of each."
        )
    for number, path in enumerate(paths, 1):
        step = f"import/{number}"
        if not log.done(step):
            filename = _filename(bundle.manifest.launch_name, number, len(paths))
            answer = junit_import.import_junit(path, filename)
            log.record(step, id=answer.launch_id, url=answer.launch_url)
        done = log.get(step)
        delivery.launches.append(DeliveredLaunch(done["id"], done["url"]))
    delivery.sent = delivery.total


def _filename(launch_name: str, number: int, count: int) -> str:
    """The document's name, all that tells an imported launch from another (contract §8.4)."""
    part = f"-{number}-of-{count}" if count > 1 else ""
    return safe_name(f"{launch_name[:200]}{part}.xml")
