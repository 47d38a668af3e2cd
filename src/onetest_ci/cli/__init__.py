"""The command line: ``onetest-ci COMMAND``.

One module per command, imported when that command runs, so that ``--help`` and ``inspect`` stay quick.
"""

import gc
import signal
import sys
from typing import Never

from onetest_ci.late_imports import uncollected


def main() -> Never:
    """Run the command line and exit with a code of ``ExitCode``."""
    try:
        # Inside, so that a signal during the imports ends the run without a traceback too.
        with uncollected():
            from onetest_ci.cli.app import run  # noqa: PLC0415

        code = run()
    except KeyboardInterrupt:
        code = 128 + signal.SIGINT
    for late in (signal.SIGINT, signal.SIGTERM):
        # A signal while the interpreter ends would print a traceback.
        signal.signal(late, signal.SIG_IGN)
    # The end of the process frees all memory at once.
    gc.freeze()
    sys.exit(code)
