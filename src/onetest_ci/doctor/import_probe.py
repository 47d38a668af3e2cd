"""Which path of the JUnit import exists (docs/onetest-api.md#paths-of-the-import).

The request is a form without its file, which an import has to refuse as incomplete. It is sent only if the
user asks for it, since a server that is not strict might act on it.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from onetest_ci.doctor.asking import Asked, Asker, Verdict
from onetest_ci.doctor.finding import Area, Finding, Sign, note, warning
from onetest_ci.doctor.records import FoundPath
from onetest_ci.onetest.client.responses import proves_absence

IMPORT: Final = "receiver.import_junit"

_BOUNDARY: Final = "onetest-ci-probe"
_EMPTY_FORM: Final = f"--{_BOUNDARY}--\r\n".encode()
_FORM_TYPE: Final = f"multipart/form-data; boundary={_BOUNDARY}"
_INCOMPLETE: Final = frozenset({400, 411, 422})
_UNSUPPORTED: Final = 415


def ask_import(asker: Asker) -> None:
    """Send the incomplete import to the possible paths until one exists or a response is final."""
    for number in range(len(asker.templates(IMPORT))):
        asked = asker.post_incomplete(IMPORT, number, _EMPTY_FORM, _FORM_TYPE)
        if asked is None or not _next_path_may_exist(asked):
            return


def imports(asked: Sequence[Asked]) -> Iterator[Finding]:
    """Yield what the requests to the paths of the import show."""
    for one in asked:
        if one.endpoint.name == IMPORT:
            yield _finding(one)


def _finding(asked: Asked) -> Finding:
    status = asked.probed.status
    if asked.probed.error is None:
        return warning(
            Area.PATHS,
            "import-probe-accepted",
            f"{asked.label} accepted an import without a file (status {status}), so something may have been "
            "created.",
            "Look into OneTest for a launch or an import of this minute, and report this response.",
        )
    if refused_as_incomplete(asked):
        return Finding(
            area=Area.PATHS,
            code="import-path",
            sign=Sign.OK,
            text=f"{asked.label} exists: it refused an import without a file (status {status}).",
            hint=import_path(asked).option,
        )
    if _next_path_may_exist(asked):
        return note(Area.PATHS, "import-path-missing", f"{asked.label} is not the import (status {status}).")
    return note(
        Area.PATHS,
        "import-path-unclear",
        f"Whether {asked.label} is the import is not known: {asked.verdict.value} (status {status}).",
    )


def import_path(asked: Asked) -> FoundPath:
    """Return the path of a request to the import."""
    return FoundPath(IMPORT, asked.template)


def refused_as_incomplete(asked: Asked) -> bool:
    """Return whether a response proves that an import is at the path, and that the key is accepted there.

    A web page with such a status proves nothing: it may come from a proxy.
    """
    is_import = asked.endpoint.name == IMPORT and asked.verdict is Verdict.ACCEPTED
    return is_import and asked.probed.status in _INCOMPLETE


def _next_path_may_exist(asked: Asked) -> bool:
    error = asked.probed.error
    return error is not None and (proves_absence(error) or error.status == _UNSUPPORTED)
