"""Copy the attachments that reports name; they may lie in the workspace and beside the reports."""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final

from onetest_ci.bundle.file_store import FileStore, NotStored
from onetest_ci.bundle.records import StoredFile
from onetest_ci.ci.path_map import OUT_OF_REACH
from onetest_ci.collect.checkout_names import CheckoutNames
from onetest_ci.model import Attachment
from onetest_ci.notices import Notice
from onetest_ci.reports import FoundFile, ReadOptions, holds_report

_PATH_SHOWN: Final = 300


class AttachmentRoots:
    """Allows attachments from the directories of reports.

    A file that is not a report allows nothing. Nor does a directory that a search reached through a link.

    Args:
        store: the bundle's attachments; it allows the workspace and the current directory already.
    """

    def __init__(self, store: FileStore) -> None:
        self._store = store
        self._candidates: dict[tuple[Path, str], Path | None] = {}
        self._allowed: set[tuple[Path, str]] = set()

    def add_all(self, files: Iterable[FoundFile], options: ReadOptions) -> None:
        """Allow the directory of each report, so that the order of the reports does not matter.

        Only files outside of the allowed directories are opened, in each directory until one of them is a
        report. With a format that the user chose, a file counts only once it was read: see ``add``.
        """
        for file in files:
            if self._folder(file) is not None and holds_report(file, options):
                self.add(file)

    def add(self, file: FoundFile) -> None:
        """Allow the directory of a file that results were read from."""
        folder = self._folder(file)
        if folder is not None:
            self._store.allow(folder)
            self._allowed.add(_key(file))

    def _folder(self, file: FoundFile) -> Path | None:
        """Return the directory of a file, unless it is allowed already or must not be."""
        key = _key(file)
        if key in self._allowed:
            return None
        if key not in self._candidates:
            folder = file.own_folder()
            if folder is not None and self._store.allows(folder):
                self._allowed.add(key)
                return None
            self._candidates[key] = folder
        return self._candidates[key]


def _key(file: FoundFile) -> tuple[Path, str]:
    """Return a file's directory and the start of its search: only a search may go through a link."""
    return file.path.parent, file.searched


class AttachmentCopier:
    """Copies the attachments of tests into the bundle; each that cannot be copied becomes a notice.

    Args:
        store: the bundle's attachments.
        names: of the checkout.
        is_out_of_reach: whether a path of the machine that ran the tests can never be read on this one.
        notify: receives the notices.
    """

    def __init__(
        self,
        store: FileStore,
        names: CheckoutNames,
        *,
        is_out_of_reach: Callable[[str], bool],
        notify: Callable[[Notice], None],
    ) -> None:
        self._store = store
        self._names = names
        self._is_out_of_reach = is_out_of_reach
        self._notify = notify
        self._missed: set[int] = set()
        self._bases = lru_cache(maxsize=16)(self._bases_beside)

    def copy(self, attachments: Sequence[Attachment], report: FoundFile) -> tuple[StoredFile, ...]:
        """Copy the attachments of one test; a file that is named twice is copied once."""
        bases = self._bases(report.path)
        stored: dict[tuple[str, str], StoredFile] = {}
        for attachment in attachments:
            try:
                file = self._copy(attachment, bases)
            except NotStored as reason:
                self._notify_once(attachment, report.display, reason)
            else:
                stored[file.name, file.file] = file
        return tuple(stored.values())

    def _bases_beside(self, report: Path) -> tuple[str, ...]:
        """Return the directories that the paths in a report may start from, each once."""
        return tuple(dict.fromkeys(map(str, (report.parent, *self._names.bases))))

    def _copy(self, attachment: Attachment, bases: tuple[str, ...]) -> StoredFile:
        redact = self._names.redact
        if attachment.content is not None:
            return self._store.add_content(attachment.content, redact(attachment.name))
        found = self._store.find(attachment.path, bases, self._names.translate)
        return self._store.add(found, redact(attachment.name or found.name))

    def _notify_once(self, attachment: Attachment, report: str, reason: NotStored) -> None:
        """Add a notice, once for all tests of a report that name the same file."""
        named = attachment.path or attachment.name
        missed = hash((report, named))
        if missed in self._missed:
            return
        self._missed.add(missed)
        why = OUT_OF_REACH if self._is_out_of_reach(attachment.path) else reason
        shown = self._names.redact(named)[:_PATH_SHOWN]
        self._notify(Notice("attachment", f"Attachment {shown!r} of {report}: {why}.", shown))
