"""The command line: ``onetest-ci COMMAND``.

One module per command, imported when that command runs, so that ``--help`` and ``inspect`` stay quick.
"""

import atexit
import os
import signal
import sys
from contextlib import suppress
from typing import Final, Never

from onetest_ci.late_imports import uncollected

_LARGEST_CODE: Final = 2**31 - 1


def main() -> Never:
    """Run the command line and end the process with a code of ``ExitCode``."""
    try:
        # Inside, so that a signal during the imports ends the run without a traceback too.
        with uncollected():
            from onetest_ci.cli.app import run  # noqa: PLC0415

        code = run()
    except KeyboardInterrupt:
        code = 128 + signal.SIGINT
    for late in (signal.SIGINT, signal.SIGTERM):
        # A signal while the process ends would print a traceback.
        signal.signal(late, signal.SIG_IGN)
    _end(code)


def _end(code: int) -> Never:
    """End the process without taking the interpreter and its libraries apart.

    A thread whose work is done may still be on its way out, through a library that is taken apart meanwhile:
    OpenSSL crashes then, and the exit code would be that of the crash. The system frees all memory at once.
    """
    # Measurements of coverage and such.
    atexit._run_exitfuncs()  # noqa: SLF001 - os._exit leaves them out
    for stream in (sys.stdout, sys.stderr):
        # What is printed was flushed before, and whether that failed is part of the exit code.
        with suppress(AttributeError, OSError, ValueError):
            stream.flush()
    # A code of Windows may be larger than the call takes; sys.exit ends with -1 then.
    os._exit(code if code <= _LARGEST_CODE else -1)
