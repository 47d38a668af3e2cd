"""Store the files that the user names besides reports."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from onetest_ci.bundle.bundle import ARTIFACTS
from onetest_ci.bundle.file_store import FileStore, NotStored, OfVersionControl
from onetest_ci.bundle.records import FileDigest, StoredFile
from onetest_ci.collect.found_files import find_outside_bundles
from onetest_ci.notices import Notice
from onetest_ci.redaction import Redactor
from onetest_ci.reports import FoundFiles
from onetest_ci.reports.excluded_directories import VERSION_CONTROL
from onetest_ci.settings.collection import CollectSettings

_NUMBERED_NAME: Final = 240


class StoredArtifacts(NamedTuple):
    """The files that were stored, their digests, and notices of files that were not."""

    files: tuple[StoredFile, ...] = ()
    digests: tuple[FileDigest, ...] = ()
    notices: tuple[Notice, ...] = ()


def store_artifacts(
    settings: CollectSettings,
    redact: Redactor,
    bundle: Path,
    *,
    bases: tuple[Path, ...],
    cwd: Path,
    taken: set[str],
) -> StoredArtifacts:
    """Copy the artifacts into a bundle.

    Args:
        settings: name the artifacts.
        redact: covers the run's secrets.
        bundle: the bundle's directory.
        bases: directories that artifacts may lie in.
        cwd: the directory that relative paths start from.
        taken: names of other artifacts of the bundle.
    """
    if not settings.artifacts:
        return StoredArtifacts()
    found = find_outside_bundles(settings.artifacts, bundle, cwd)
    store = _store(settings, redact, bundle, bases)
    names = set(taken)
    stored: list[StoredFile] = []
    notices = list(_search_notices(found))
    refused: list[str] = []
    for file in found.files:
        try:
            one = store.add(store.find(str(file.path), (cwd,)), redact(file.display))
        except OfVersionControl:
            refused.append(file.display)
        except NotStored as reason:
            notices.append(Notice("artifact", f"Artifact {file.display}: {reason}.", file.display))
        else:
            name = _free_name(one.name, names)
            names.add(name)
            stored.append(one._replace(name=name))
    if refused:
        notices.append(
            Notice(
                "artifacts-of-version-control",
                "--artifacts: files of version control are left out, since .onetest.yml names them: "
                f"{len(refused):,}, such as {refused[0]}. Name them in the CI configuration.",
            )
        )
    return StoredArtifacts(tuple(stored), tuple(store.digests), tuple(notices))


def _store(settings: CollectSettings, redact: Redactor, bundle: Path, bases: tuple[Path, ...]) -> FileStore:
    """Return the store of artifacts.

    A person may name files of version control; a file that comes with the code under test may not.
    """
    root = settings.root_of("artifacts")
    if root is None:
        return FileStore(bundle, ARTIFACTS, bases, redact)
    return FileStore(bundle, ARTIFACTS, (root,), redact, closed=VERSION_CONTROL)


def _search_notices(found: FoundFiles) -> Iterator[Notice]:
    for problem in found.unmatched:
        yield Notice("no-artifacts", f"--artifacts: {problem.message}")
    if found.left_out:
        yield Notice(
            "artifacts-left-out",
            "--artifacts: directories of version control, virtual environments or installed packages are "
            f"not searched: {found.left_out:,}. Name one to search it.",
        )


def _free_name(name: str, taken: set[str]) -> str:
    """Return the name, numbered if another file has it already."""
    numbered = (f"{number}_{name[-_NUMBERED_NAME:]}" for number in range(2, len(taken) + 3))
    return next(free for free in (name, *numbered) if free not in taken)
