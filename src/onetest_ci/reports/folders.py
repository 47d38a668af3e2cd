"""Reports that are directories. Allure writes a file for each run of a test; its directory is one report."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import Final, NamedTuple

from onetest_ci.errors import ReportError
from onetest_ci.reports.case_names import CaseNames
from onetest_ci.reports.counts import Counts
from onetest_ci.reports.detection import is_blank, read_head
from onetest_ci.reports.engine.head import FileHints, Head
from onetest_ci.reports.engine.reading import Reading, untallied
from onetest_ci.reports.find import FoundFile
from onetest_ci.reports.read import AS_THEY_ARE, Begun, ReadOptions, Sink, Step, read_file
from onetest_ci.reports.results import FileReport, ReportSet, Source
from onetest_ci.safe_open import FileIdentity, open_regular

ALLURE: Final = "allure"

_NAME: Final = "-result.json"
"""End of the names that Allure itself reads in its directory. The content decides whether a file is one."""

_CUT: Final = "cut"
"""A file that a killed run leaves. Beside results, it is one of them."""
_BESIDE: Final = ("-container.json", "-globals.json")


class FoundFolder(NamedTuple):
    """A directory that is one report.

    Attributes:
        files: its results, in the order in which they were found. If there is none, because a fixture failed
            before any test began, the files of fixtures and errors.
    """

    files: tuple[FoundFile, ...]

    @property
    def path(self) -> Path:
        """The directory."""
        return self.files[0].path.parent

    @property
    def results(self) -> list[Path]:
        """The files of tests; may be empty."""
        return [file.path for file in self.files if file.path.name.endswith(_NAME)]

    @property
    def display(self) -> str:
        """The directory, as the user knows it."""
        return str(PurePosixPath(self.files[0].display).parent)


Part = FoundFile | FoundFolder
"""A file, or a directory that is one report."""


def read_part(
    part: Part,
    sink: Sink | None = None,
    options: ReadOptions = AS_THEY_ARE,
    begun: Begun | None = None,
    step: Step | None = None,
) -> ReportSet:
    """Read a file or a directory. Errors in it are returned, never raised."""
    read = read_folder if isinstance(part, FoundFolder) else read_file
    return read(part, sink, options, begun, step)  # type: ignore[arg-type]  # each its own


def grouped(files: Sequence[FoundFile], options: ReadOptions) -> list[Part]:
    """Return the files in their order. Those of one Allure directory are a folder, in the place of the first.

    A lone result stays a file if no container or globals file is beside it.
    """
    if options.format not in {"", ALLURE}:
        return list(files)
    folders = _of_results(files)
    folders |= _without_results(files, folders)
    folders = {path: inside for path, inside in folders.items() if len(inside) > 1 or _has_more(path)}
    if not folders:
        return list(files)
    members = {file.path for results in folders.values() for file in results}
    parts: list[Part] = []
    for file in files:
        if file.path not in members:
            parts.append(file)
        elif folder := folders.pop(file.path.parent, None):
            parts.append(FoundFolder(tuple(folder)))
    return parts


def _of_results(files: Sequence[FoundFile]) -> dict[Path, list[FoundFile]]:
    """Return the results by their directory. One at least in each is not cut off."""
    folders: dict[Path, list[FoundFile]] = defaultdict(list)
    certain = set()
    for file in _readable(files, _NAME):
        found = _look(file)
        if found and (kind := _kind(found[0])):
            folders[file.path.parent].append(file._replace(identity=found[1]))
            if kind == ALLURE:
                certain.add(file.path.parent)
    return {path: results for path, results in folders.items() if path in certain}


def _without_results(files: Sequence[FoundFile], others: Collection[Path]) -> dict[Path, list[FoundFile]]:
    """Return the files of fixtures and errors in directories without results, if a fixture failed there."""
    folders: dict[Path, list[FoundFile]] = defaultdict(list)
    for file in _readable(files, *_BESIDE):
        if file.path.parent not in others:
            folders[file.path.parent].append(file)
    if not folders:
        return {}
    from onetest_ci.reports.formats.allure.folder import read_folder  # noqa: PLC0415 - as below

    return {
        path: beside
        for path, beside in folders.items()
        if any(True for _ in read_folder(path, (), Reading(str(path))))
    }


def _readable(files: Sequence[FoundFile], *endings: str) -> Iterator[FoundFile]:
    for file in files:
        if file.display.endswith(endings) and file.error is None and file.stale is None:
            yield file


def read_folder(
    folder: FoundFolder,
    sink: Sink | None,
    options: ReadOptions,
    begun: Begun | None,
    step: Step | None = None,
) -> ReportSet:
    """Read a directory, pass its records to ``sink``, and return its one report."""
    # Only who has such a directory needs its reader.
    from onetest_ci.reports.formats.allure import folder as allure_folder  # noqa: PLC0415

    display = folder.display
    reading = Reading(display, options.text_limit)
    counts, names = Counts(), CaseNames()
    place = folder.files[0]._replace(display=display, explicit=False)
    if begun is not None:
        for file in folder.files:
            if (identity := file.identity or _json_file(file)) is not None:
                begun(file, Source(file.path, identity))
    for records in allure_folder.read_folder(folder.path, _stepping(folder.results, step), reading):
        counts.add_all(records)
        if options.named:
            names.add(untallied(records))
        if sink is not None:
            sink(place, untallied(records))
    return ReportSet(
        (
            FileReport(
                display,
                ALLURE,
                counts,
                reading.truncated,
                reading.notices,
                reading.error,
                names=frozenset(names.numbers),
            ),
        )
    )


def _stepping(files: Sequence[Path], step: Step | None) -> Iterator[Path]:
    """Yield files that are read one after the other."""
    for number, file in enumerate(files):
        if step is not None:
            step(number / len(files))
        yield file


def _json_file(file: FoundFile) -> FileIdentity | None:
    """Return which file of fixtures or errors this is. None if it is not JSON any more."""
    found = _look(file)
    return found[1] if found and found[0].json is not None else None


def _has_more(folder: Path) -> bool:
    """Return whether a directory has files of fixtures or of errors outside of tests."""
    return any(next(folder.glob(f"*{name}"), None) is not None for name in _BESIDE)


def _look(file: FoundFile) -> tuple[Head, FileIdentity] | None:
    """Return the beginning of a file, and which file it is. None if it cannot be read."""
    try:
        with open_regular(file.path) as stream:
            identity = FileIdentity.of_open(stream)
            return read_head(stream, FileHints.of(file.display, named=file.explicit)), identity
    except (OSError, ReportError):
        return None


def _kind(head: Head) -> str:
    """Return whether a file is a result, or breaks off before it shows that. Empty for other files."""
    if head.json is None:
        return _CUT if is_blank(head.data) else ""
    if head.json.format == ALLURE:
        return ALLURE
    return _CUT if head.json.cut else ""
