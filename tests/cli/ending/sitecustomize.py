"""Lets the process crash while it is taken apart, as a library of an earlier thread may.

Python loads this by its name when PYTHONPATH leads here. AT_EXIT names a file that a function of Python's
``atexit`` writes.
"""

import atexit
import ctypes
import os
from pathlib import Path

_c = ctypes.CDLL(None)
_c.__cxa_atexit(_c.abort, None, None)  # noqa: SLF001 - the only name of the C library for it


class _Torn:
    """Crashes when the interpreter empties its modules."""

    def __init__(self) -> None:
        self._abort = _c.abort

    def __del__(self) -> None:
        self._abort()


torn = _Torn()
if path := os.environ.get("AT_EXIT"):
    atexit.register(Path(path).write_text, "at exit")
