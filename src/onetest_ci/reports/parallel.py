"""Reads all files that were found: one after the other, or on several processors where that pays."""

import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Final

from onetest_ci.reports.duplicate_runs import bounded, may_be_of_several_formats, with_warnings
from onetest_ci.reports.find import FoundFiles
from onetest_ci.reports.folders import Part, grouped, read_part
from onetest_ci.reports.read import AS_THEY_ARE, Begun, ReadOptions, Sink
from onetest_ci.reports.results import ReportSet

PAYS_FROM: Final = 16 * 1024 * 1024
"""Bytes of reports: a processor reads 50 MB a second, and to start the others takes a tenth of one."""

BYTES_A_FILE: Final = 4096
"""What it costs to open a file, as bytes read."""

MOST_WORKERS: Final = 8
"""Each takes 15 MiB, and with more the disk is what is waited for."""

BATCH: Final = 2 * 1024 * 1024
"""Bytes that a worker gets at a time: worth the way to it, and little enough to keep all busy."""

_ENDING: Final = {getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)}
_Batch = tuple[int, int]
# In a worker: what is read, set when it starts.
_work: tuple[Sequence[Part], ReadOptions] = ((), AS_THEY_ARE)


def read_reports(
    found: FoundFiles,
    sink: Sink | None = None,
    options: ReadOptions = AS_THEY_ARE,
    begun: Begun | None = None,
) -> ReportSet:
    """Read all files in order; nothing is raised for what is in them.

    Args:
        found: from ``find``.
        sink: takes each record. None only counts, on several processors where that pays; records stay here,
            since to bring one from another process takes as long as to read it.
        options: how.
        begun: told of each report, before it is read; with a sink only.
    """
    parts = grouped(found.files, options)
    options = replace(options, named=not options.format and may_be_of_several_formats(parts))
    sets: Iterator[ReportSet]
    if sink is None and len(parts) > 1 and (workers := _workers()) > 1 and (batches := _batches(parts)):
        sets = _in_parallel(parts, options, batches, workers)
    else:
        sets = (read_part(part, sink, options, begun) for part in parts)
    read = ReportSet.of(bounded(sets), skipped=found.skipped, left_out=found.left_out, errors=found.unmatched)
    return with_warnings(read)


def _workers() -> int:
    """Processors that this process may use."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(allowed, MOST_WORKERS)


def _batches(files: Sequence[Part]) -> list[_Batch]:
    """The files in portions, as first and behind the last of each; none when one processor does as well."""
    batches = []
    start = size = total = 0
    for index, file in enumerate(files, 1):
        try:
            size += BYTES_A_FILE + file.path.stat().st_size
        except OSError:
            size += BYTES_A_FILE
        if size >= BATCH or index == len(files):
            batches.append((start, index))
            total += size
            start, size = index, 0
    return batches if total >= PAYS_FROM and len(batches) > 1 else []


def _in_parallel(
    files: Sequence[Part], options: ReadOptions, batches: list[_Batch], workers: int
) -> Iterator[ReportSet]:
    import multiprocessing  # noqa: PLC0415 - most runs do without
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415
    from concurrent.futures.process import BrokenProcessPool  # noqa: PLC0415

    # A fork has what is read at once; elsewhere it is not safe, and each worker gets its copy.
    context = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
    done = 0
    try:
        executor = ProcessPoolExecutor(workers, context, initializer=_begin, initargs=(files, options))
    except (OSError, ImportError):
        # There is no place for semaphores: /dev/shm is missing or read-only.
        yield from (read_part(file, options=options) for file in files)
        return
    with _quiet_threads(), executor as pool:
        try:
            with _signals_held():
                # All workers start here; a signal finds them ready for it.
                parts = pool.map(_read_batch, batches)
            for (_, end), part in zip(batches, parts, strict=True):
                yield part
                done = end
        except BrokenProcessPool:
            # A worker was killed, by want of memory as a rule: go on without them.
            pass
        except BaseException:
            for worker in multiprocessing.active_children():
                worker.terminate()
            raise
    for file in files[done:]:
        yield read_part(file, options=options)


@contextmanager
def _quiet_threads() -> Iterator[None]:
    """Keep the pool's own threads from printing errors of workers that are gone. The pool raises them too."""
    import threading  # noqa: PLC0415 - most runs do without

    before = threading.excepthook
    threading.excepthook = lambda _: None
    try:
        yield
    finally:
        threading.excepthook = before


@contextmanager
def _signals_held() -> Iterator[None]:
    """What ends the command waits; workers that start meanwhile let it in when they have begun."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin(files: Sequence[Part], options: ReadOptions) -> None:
    """In a worker: take the work; the parent alone answers to signals, and no worker outlives it."""
    import threading  # noqa: PLC0415 - in a worker only
    from multiprocessing import parent_process  # noqa: PLC0415

    global _work  # noqa: PLW0603 - a pool's worker has no other place
    _work = files, options
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for ending in _ENDING - {signal.SIGINT}:
        signal.signal(ending, signal.SIG_DFL)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_leave_after, args=(parent.join,), daemon=True).start()


def _leave_after(wait: Callable[[], None]) -> None:
    wait()
    os._exit(1)


def _read_batch(batch: _Batch) -> ReportSet:
    files, options = _work
    return ReportSet.of(read_part(file, options=options) for file in files[slice(*batch)])
