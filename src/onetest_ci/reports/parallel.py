"""Reads all files that were found: one after the other, or on several processors where that pays."""

import os
import signal
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from onetest_ci.reports.duplicate_runs import bounded, may_be_of_several_formats, with_warnings
from onetest_ci.reports.find import FoundFiles
from onetest_ci.reports.folders import Part, grouped, read_part
from onetest_ci.reports.progress import ReadProgress, Shown
from onetest_ci.reports.read import AS_THEY_ARE, Begun, ReadOptions, Sink
from onetest_ci.reports.results import ReportSet

PAYS_FROM: Final = 16 * 1024 * 1024
"""Bytes of reports. A processor reads 50 MB a second; starting the others takes a tenth of a second."""

BYTES_A_FILE: Final = 4096
"""The cost of opening a file, as bytes read."""

MOST_WORKERS: Final = 8
"""Each takes 15 MiB. With more of them, the disk limits the speed."""

BATCH: Final = 2 * 1024 * 1024
"""Bytes of a batch: enough to be worth sending, and few enough to keep all workers busy."""

_ENDING: Final = {getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)}
_Batch = tuple[int, int]
# In a worker: the files and options, set when it starts.
_work: tuple[Sequence[Part], ReadOptions] = ((), AS_THEY_ARE)


def read_reports(
    found: FoundFiles,
    sink: Sink | None = None,
    options: ReadOptions = AS_THEY_ARE,
    begun: Begun | None = None,
    shown: Shown | None = None,
) -> ReportSet:
    """Read all files in order. Errors in them are returned, never raised.

    Args:
        found: from ``find``.
        sink: receives each record. None only counts, on several processors where that pays. With a sink one
            process reads all: sending a record from another process takes as long as reading it.
        options: how to read them.
        begun: called for each report before it is read; with a sink only.
        shown: shows how far reading has come, if it takes long.
    """
    parts = grouped(found.files, options)
    options = options._replace(named=not options.format and may_be_of_several_formats(parts))
    progress = ReadProgress(parts, shown) if shown else None
    sets: Iterator[ReportSet]
    if sink is None and len(parts) > 1 and (workers := _workers()) > 1 and (batches := _batches(parts)):
        sets = _in_parallel(parts, options, batches, workers, progress)
    else:
        sets = _in_turn(parts, sink, options, begun, progress)
    read = ReportSet.of(bounded(sets), skipped=found.skipped, left_out=found.left_out, errors=found.unmatched)
    if progress:
        progress.end()
    return with_warnings(read)


def _in_turn(
    parts: Iterable[Part],
    sink: Sink | None,
    options: ReadOptions,
    begun: Begun | None,
    progress: ReadProgress | None,
) -> Iterator[ReportSet]:
    for part in parts:
        yield read_part(part, sink, options, begun, progress.step if progress else None)
        if progress:
            progress.finish()


def _workers() -> int:
    """Return how many processors this process may use."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(allowed, MOST_WORKERS)


def _batches(files: Sequence[Part]) -> list[_Batch]:
    """Split the files into (start, stop) batches. Empty if one process is enough."""
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
    files: Sequence[Part],
    options: ReadOptions,
    batches: list[_Batch],
    workers: int,
    progress: ReadProgress | None,
) -> Iterator[ReportSet]:
    import multiprocessing  # noqa: PLC0415 - most runs do without
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415
    from concurrent.futures.process import BrokenProcessPool  # noqa: PLC0415

    # A fork shares the list of files. Elsewhere a fork is not safe, and each worker gets a copy.
    context = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
    done = 0
    try:
        executor = ProcessPoolExecutor(workers, context, initializer=_begin, initargs=(files, options))
    except (OSError, ImportError):
        # Semaphores cannot be made: /dev/shm is missing or read-only.
        yield from _in_turn(files, None, options, None, progress)
        return
    with _quiet_threads(), executor as pool:
        try:
            with _signals_held():
                # All workers start here; a signal finds them ready for it.
                parts = pool.map(_read_batch, batches)
            for (_, end), part in zip(batches, parts, strict=True):
                yield part
                if progress:
                    progress.finish(end - done)
                done = end
        except BrokenProcessPool:
            # A worker was killed, usually for lack of memory: go on without workers.
            pass
        except BaseException:
            for worker in multiprocessing.active_children():
                worker.terminate()
            raise
    yield from _in_turn(files[done:], None, options, None, progress)


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
    """Hold back the signals that end the command. Workers that start now accept them once they are ready."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin(files: Sequence[Part], options: ReadOptions) -> None:
    """Prepare a worker: only the parent handles interrupts, and no worker outlives it."""
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
