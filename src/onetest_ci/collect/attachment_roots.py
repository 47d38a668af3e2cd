"""Which directories attachments may come from besides the workspace: those of the reports themselves."""

from collections.abc import Iterable
from pathlib import Path

from onetest_ci.bundle.file_store import FileStore
from onetest_ci.reports import FoundFile, ReadOptions, holds_report


class AttachmentRoots:
    """Opens the directories of reports to attachments.

    A file that is not a report opens nothing, and neither does a directory that a search reached through a
    link.

    Args:
        store: takes the attachments; it holds the workspace and the current directory already.
    """

    def __init__(self, store: FileStore) -> None:
        self._store = store
        self._closed: dict[tuple[Path, str], Path | None] = {}
        self._open: set[tuple[Path, str]] = set()

    def add_all(self, files: Iterable[FoundFile], options: ReadOptions) -> None:
        """Open the directory of each report, so that the order of the reports does not matter.

        Only files outside of the open directories are looked into, and of each directory until one of them is
        a report. A format that the user pinned says nothing about a file: see ``add``.
        """
        for file in files:
            if self._folder(file) is not None and holds_report(file, options):
                self.add(file)

    def add(self, file: FoundFile) -> None:
        """Open the directory of a file that results were read from."""
        folder = self._folder(file)
        if folder is not None:
            self._store.allow(folder)
            self._open.add(_key(file))

    def _folder(self, file: FoundFile) -> Path | None:
        """Return the directory of a file, unless it is open already or must not be opened."""
        key = _key(file)
        if key in self._open:
            return None
        if key not in self._closed:
            folder = file.own_folder()
            if folder is not None and self._store.allows(folder):
                self._open.add(key)
                return None
            self._closed[key] = folder
        return self._closed[key]


def _key(file: FoundFile) -> tuple[Path, str]:
    return file.path.parent, file.searched
