"""Compare a bundle with its manifest before any part of it is sent."""

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
"""Differences that an error names."""
_OWN_FOLDERS: Final = (ATTACHMENTS, ARTIFACTS)
_COUNTED: Final = {"passed": PASSED, "failures": FAILED, "errors": ERROR, "skipped": SKIPPED}
"""The manifest's counts, with the verdict that each counts."""


def verify(bundle: Bundle) -> None:
    """Read the whole bundle and compare it with its manifest.

    Memory does not grow with the files. This detects damage and not intent: the author of an untrusted bundle
    can write a manifest that matches.

    Raises:
        BundleError: a file is missing, has another size or content, or is not listed; or the numbers of items
            differ.
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


def _refuse(bundle: Bundle, differences: Iterator[str]) -> None:
    """Raise an error that names the first differences, if there are any."""
    shown: list[str] = []
    more = 0
    for difference in differences:
        if len(shown) < _SHOWN:
            shown.append(difference)
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
    """Yield a text for each file that is missing, has another size, or is not listed."""
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
    # Other files are never opened. In these folders they mean that two bundles were mixed.
    for place in found:
        if place not in listed and place.startswith(tuple(f"{folder}/" for folder in _OWN_FOLDERS)):
            yield f"{place} is not listed in {MANIFEST}"
    yield from _unlisted(bundle.manifest.artifacts, listed)


def _changed(bundle: Bundle) -> Iterator[str]:
    """Yield a text for each file whose content differs."""
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
    """Yield a text for each verdict whose number of items differs, and each file that is not listed."""
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
            yield f"{ITEMS} contains {tests}, and {totals[name]:,} are expected"


def _unlisted(files: Iterable[StoredFile], listed: dict[str, FileDigest]) -> Iterator[str]:
    """Yield a text for each stored file that the manifest does not list with its size."""
    for file in files:
        digest = listed.get(file.file)
        if digest is None or digest.size != file.size:
            yield f"{file.file} is not listed in {MANIFEST} with {file.size:,} bytes"
