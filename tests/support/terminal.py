"""A terminal of its own for a command: keys are pressed, and what it prints is read."""

import os
import pty
import select
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Self

_GIVE_UP = 120
"""Seconds without output after which a test fails that would wait for ever."""


class Terminal:
    """Runs a command as the leader of a session whose controlling terminal this is.

    Args:
        command: the program and its arguments.
        cwd: where it starts.
        env: its environment.
    """

    def __init__(self, *command: str, cwd: Path, env: Mapping[str, str]) -> None:
        self._ours, self._theirs = pty.openpty()
        # The first terminal that the leader of a session opens becomes the controlling one.
        opened = 'terminal=$1; shift; exec "$@" <"$terminal" >"$terminal" 2>&1'
        self.process = subprocess.Popen(
            ["sh", "-c", opened, "sh", os.ttyname(self._theirs), *command],
            cwd=cwd,
            env=dict(env),
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._waiting = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._ours)
        os.close(self._theirs)

    def press(self, keys: bytes) -> None:
        os.write(self._ours, keys)

    def read_until(self, text: bytes) -> str:
        """What was printed, up to and with this text."""
        while text not in self._waiting:
            readable, _, _ = select.select([self._ours], [], [], _GIVE_UP)
            assert readable, (text, self._waiting)
            self._waiting += os.read(self._ours, 4096)
        found, _, self._waiting = self._waiting.partition(text)
        return (found + text).decode(errors="replace")
