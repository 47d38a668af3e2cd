"""Brings about what a command meets while it starts a thread.

Python loads this by its name when PYTHONPATH leads here. THREAD is the name of the thread that it acts on.
WHEN is ``before`` or ``after``: the process gets a SIGTERM before the system starts that thread, or after.
``never``: the system allows no more threads.
"""

import os
import signal
import threading
from typing import Any

_name, _when = os.environ["THREAD"], os.environ["WHEN"]
_start = threading._start_new_thread  # type: ignore[attr-defined]  # noqa: SLF001 - as low as Python goes


def _started(run: Any, *args: Any) -> Any:
    if run.__self__.name != _name:
        return _start(run, *args)
    if _when == "never":
        raise RuntimeError("can't start new thread")
    if _when == "before":
        os.kill(os.getpid(), signal.SIGTERM)
    ident = _start(run, *args)
    if _when == "after":
        os.kill(os.getpid(), signal.SIGTERM)
    return ident


threading._start_new_thread = _started  # type: ignore[attr-defined]  # noqa: SLF001 - as above
