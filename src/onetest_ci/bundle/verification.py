"""Checks a bundle against its manifest before anything of it is sent."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from onetest_ci.bundle.bundle import ARTIFACTS, ATTACHMENTS, FETCH_AGAIN, MANIFEST, Bundle
from onetest_ci.bundle.digests import digest_of
from onetest_ci.bundle.directory_scan import sizes_below
from onetest_ci.bundle.items import ITEMS
from onetest_ci.bundle.records import FileDigest, Result, StoredFile
from onetest_ci.errors import BundleError
from onetest_ci.model import ERROR, FAILED, PASSED, SKIPPED

_SHOWN: Final = 10
"""Misfits that an error names."""
_OWN_FOLDERS: Final = (ATTACHMENTS, ARTIFACTS)
_COUNTED: Final = {"passed": PASSED, "failures": FAILED, "errors": ERROR, "skipped": SKIPPED}
"""The manifest's counts, and the verdict that each is of."""


def verify(bundle: Bundle) -> None:
    """Read the whole bundle and compare it with its manifest.

    Memory does not grow with the files. The bundle may be a stranger's, who can write a manifest that fits:
    this finds damage and not intent.

    Raises:
        BundleError: a file is missing, has another size or other content, or is not listed; the items are not
            those that were counted.
    """
    verify_sizes(bundle)
    _refuse(bundle, _changed(bundle))
    _refuse(bundle, _miscounted(bundle))


def verify_sizes(bundle: Bundle) -> None:
    """Compare the names and sizes of the files with the manifest, without reading them.

    Raises:
        BundleError: a file is missing, has another size, or is not listed.
    """
    _refuse(bundle, _misplaced(bundle))


def _refuse(bundle: Bundle, misfits: Iterator[str]) -> None:
    """Raise an error that names the first misfits, if there are any."""
    shown: list[str] = []
    more = 0
    for misfit in misfits:
        if len(shown) < _SHOWN:
            shown.append(misfit)
        else:
            more += 1
    if shown:
        rest = f"; and {more:,} more" if more else ""
        raise BundleError(
            "bad-bundle",
            f"{bundle.directory} is not the bundle that was collected, and nothing was sent: "
            f"{'; '.join(shown)}{rest}",
            FETCH_AGAIN,
        )


def _misplaced(bundle: Bundle) -> Iterator[str]:
    """Name the files that are missing, have another size, or are not listed."""
    listed = {file.file: file for file in bundle.manifest.files}
    found = sizes_below(bundle.directory)
    if ITEMS not in listed:
        yield f"{ITEMS} is not listed in {MANIFEST}"
    if len(listed) < len(bundle.manifest.files):
        yield f"{MANIFEST} lists a file twice"
    for place, file in listed.items():
        size = found.get(place)
        if size is None:
            yield f"{place} is missing, and {file.size:,} bytes are expected"
        elif size != file.size:
            yield f"{place} has {size:,} bytes, and {file.size:,} are expected"
    # Other files are never opened. In these folders they are the sign of two bundles in one directory.
    for place in found:
        if place not in listed and place.startswith(tuple(f"{folder}/" for folder in _OWN_FOLDERS)):
            yield f"{place} is not listed in {MANIFEST}"
    yield from _unlisted(bundle.manifest.artifacts, listed)


def _changed(bundle: Bundle) -> Iterator[str]:
    """Name the files whose content is another than the one that is listed."""
    directory = bundle.directory.resolve()
    for file in bundle.manifest.files:
        try:
            found = digest_of(directory, file.file)
        except OSError as problem:
            yield f"{file.file} cannot be read ({problem.strerror or problem})"
            continue
        if found != file:
            yield f"{file.file} has the SHA-256 {found.sha256}, and {file.sha256} is expected"


def _miscounted(bundle: Bundle) -> Iterator[str]:
    """Name the verdicts that are not as often among the items as counted, and files that are not listed."""
    listed = {file.file: file for file in bundle.manifest.files}
    found: Counter[str] = Counter()
    for item in bundle.results():
        if isinstance(item, Result):
            found[item.stored.case.status] += 1
            for stored in (*item.earlier, item.stored):
                if stored.files:
                    yield from _unlisted(stored.files, listed)
    totals = bundle.manifest.totals
    for name, verdict in _COUNTED.items():
        if found[verdict] != totals[name]:
            tests = f"{found[verdict]:,} tests with the verdict {verdict}"
            yield f"{ITEMS} holds {tests}, and {totals[name]:,} are expected"


def _unlisted(files: Iterable[StoredFile], listed: dict[str, FileDigest]) -> Iterator[str]:
    """Name the stored files that the manifest does not list with their size."""
    for file in files:
        digest = listed.get(file.file)
        if digest is None or digest.size != file.size:
            yield f"{file.file} is not listed in {MANIFEST} with {file.size:,} bytes"
