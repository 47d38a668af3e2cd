"""The Receiver's JUnit import: one document in one call (docs/onetest-api.md#junit-import).

Sources disagree about the path, so there are several candidates. The next one is requested only after a
response that proves that nothing was imported, and never after a time-out or a server error: an import cannot
be undone.
"""

from pathlib import Path
from typing import Any, Final, NamedTuple

from onetest_ci.errors import ServiceError
from onetest_ci.limits import cut
from onetest_ci.links import web_link
from onetest_ci.onetest.client.http import Http, Part
from onetest_ci.onetest.client.responses import proves_absence
from onetest_ci.onetest.files import check_size, upload_name
from onetest_ci.onetest.ids import usable_id

_CALL: Final = "receiver.import_junit"
_STATUS: Final = 64
_OTHER_HANDLER: Final = frozenset({415, 422})
"""The path may belong to a handler for stored files; one such response leads to the next path."""


class ImportResult(NamedTuple):
    """The response to an import, which the service then processes for a while.

    Attributes:
        job_id: the import job's; empty if the response does not contain it, like the next three.
        launch_id: the id of the launch that the import makes.
        launch_url: that launch's address.
        status: the job's.
        path_used: the path that worked, which configuration can pin.
    """

    job_id: str
    launch_id: str
    launch_url: str
    status: str
    path_used: str


class JUnitImport:
    """Imports into one product, and remembers the path that works.

    Args:
        http: makes the calls.
        product_id: the product's UUID.
    """

    def __init__(self, http: Http, product_id: str) -> None:
        self._http = http
        self._values = {"product_id": product_id}
        self._found: int | None = None

    def import_junit(self, path: Path, filename: str) -> ImportResult:
        """Upload one JUnit document, streamed.

        Args:
            path: the document, at most 10 MB.
            filename: the document's name for the service.

        Raises:
            ServiceError: ``too-large`` and ``unreadable-file`` before anything is sent; as ``Http.send``.
        """
        check_size(path)
        paths = self._http.paths(_CALL, **self._values)
        part = Part("file", path, "application/xml", upload_name(filename))
        if self._found is not None:
            return self._upload(self._found, part, paths)
        failures: list[ServiceError] = []
        for candidate in range(len(paths)):
            try:
                return self._upload(candidate, part, paths)
            except ServiceError as error:
                if not _next_path_may_exist(error, failures):
                    raise
                failures.append(error)
        # An error about the upload is of more use than one about a path that does not exist.
        raise next((error for error in failures if error.status in _OTHER_HANDLER), failures[0])

    def _upload(self, candidate: int, part: Part, paths: list[str]) -> ImportResult:
        body = self._http.send(_CALL, values=self._values, candidate=candidate, multipart=[part]).body
        self._found = candidate
        return _result(body, paths[candidate])


def _next_path_may_exist(error: ServiceError, failures: list[ServiceError]) -> bool:
    if error.status in _OTHER_HANDLER:
        return not any(earlier.status in _OTHER_HANDLER for earlier in failures)
    return proves_absence(error)


def _result(body: Any, path_used: str) -> ImportResult:
    """Find the result's fields, at the top or below ``job`` or ``data``.

    All of them are assumed (docs/onetest-api.md#response-of-the-import).
    """
    top = body if isinstance(body, dict) else {}
    places = [top, *(top[key] for key in ("job", "data") if isinstance(top.get(key), dict))]

    def field(*names: str) -> str:
        found = (place.get(name) for place in places for name in names)
        return next((str(value) for value in found if isinstance(value, str | int) and value), "")

    return ImportResult(
        job_id=usable_id(field("job_id", "id")),
        launch_id=usable_id(field("launch_id", "launch_uuid")),
        launch_url=web_link(field("launch_url", "link", "url")),
        status=cut(field("status"), _STATUS),
        path_used=path_used,
    )
