"""What a command meets that no server can bring about: a name server that fails, a wall clock that jumps.

Python loads this by its name when PYTHONPATH leads here. FAULTS_HOST is a name that leads to loopback. Files
in the directory that FAULTS_SWITCHES names turn things on while the command runs: ``no-names``, and ``clock``
with the seconds to jump.
"""

import os
import socket
import time
from pathlib import Path
from typing import Any

_host = os.environ["FAULTS_HOST"]
_switches = Path(os.environ["FAULTS_SWITCHES"])
_getaddrinfo = socket.getaddrinfo
_time, _time_ns = time.time, time.time_ns


def _resolve(host: Any, *args: Any, **options: Any) -> Any:
    if host in {_host, _host.encode()}:
        if (_switches / "no-names").exists():
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        host = "127.0.0.1"
    return _getaddrinfo(host, *args, **options)


def _jump() -> int:
    clock = _switches / "clock"
    return int(clock.read_text()) if clock.exists() else 0


socket.getaddrinfo = _resolve
time.time = lambda: _time() + _jump()
time.time_ns = lambda: _time_ns() + _jump() * 1_000_000_000
