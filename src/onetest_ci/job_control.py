"""Run a command as a shell runs a job in the foreground (POSIX only).

The command gets a process group of its own. A signal that this process receives goes to that group once, even
if the sender meant all processes of a job. In a terminal that group is the foreground job, so that Ctrl-C and
Ctrl-Z reach the command alone; a command that stops takes this process along, and both continue together.
"""

import os
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Final, NamedTuple

_STOPPING: Final = frozenset({signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT})
_FOR_GROUP: Final = _STOPPING | {signal.SIGTSTP}
_FOR_COMMAND: Final = frozenset({signal.SIGUSR1, signal.SIGUSR2, signal.SIGWINCH})
_PASSED_ON: Final = _FOR_GROUP | _FOR_COMMAND | {signal.SIGCHLD, signal.SIGCONT}
# Without a handler, some systems drop these signals while they are blocked.
_IGNORED_BY_DEFAULT: Final = (signal.SIGCHLD, signal.SIGCONT, signal.SIGWINCH)
_FOR_TERMINAL: Final = frozenset({signal.SIGTTIN, signal.SIGTTOU})
# Python ignores these two; the command must not inherit that.
_IGNORED_BY_PYTHON: Final = (signal.SIGPIPE, signal.SIGXFSZ)


class JobEnd(NamedTuple):
    """How a command ended.

    Attributes:
        code: its exit code; the negative number of the signal that ended it, if one did.
        stopped_by: the first signal that asked this process to stop while the command ran.
    """

    code: int
    stopped_by: int | None


def run_job(command: tuple[str, ...], environ: Mapping[str, str]) -> JobEnd:
    """Run a command to its end.

    Raises:
        OSError: it cannot be started.
    """
    with _handlers_set(), _signals_blocked() as (passed_on, before), _terminal() as terminal:
        # Files that the caller left open stay open for the command: make's job server needs this.
        group = os.posix_spawnp(
            command[0], command, environ, setpgroup=0, setsigmask=before, setsigdef=_IGNORED_BY_PYTHON
        )
        job = _Job(group, terminal)
        status = job.wait(passed_on)
        stopped_by = job.stopped_by or _take_pending(passed_on & _STOPPING)
        return JobEnd(os.waitstatus_to_exitcode(status), stopped_by)


def _take_pending(signals: frozenset[int]) -> int | None:
    """Return a signal that arrived after the command had ended; it asks to stop like an earlier one."""
    return next((signal.sigwait({number}) for number in signal.sigpending() & signals), None)


@contextmanager
def _handlers_set() -> Iterator[None]:
    """Give a handler to the signals that have none by default; restores the former ones."""
    replaced: dict[int, signal._HANDLER] = {}
    try:
        for number in _IGNORED_BY_DEFAULT:
            replaced[number] = signal.signal(number, _do_nothing) or signal.SIG_DFL
        yield
    finally:
        for one, handler in replaced.items():
            signal.signal(one, handler)


@contextmanager
def _signals_blocked() -> Iterator[tuple[frozenset[int], set[int]]]:
    """Block the signals that are passed on; yields them, and the former mask, which it restores."""
    # The command ignores the signals that the parent ignores, as nohup does with SIGHUP.
    passed_on = frozenset(number for number in _PASSED_ON if signal.getsignal(number) != signal.SIG_IGN)
    before = signal.pthread_sigmask(signal.SIG_BLOCK, passed_on | _FOR_TERMINAL)
    try:
        yield passed_on, before
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _unblocked(number: int) -> Iterator[None]:
    """Unblock a signal; restores the mask."""
    before = signal.pthread_sigmask(signal.SIG_UNBLOCK, {number})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _do_nothing(number: int, frame: object) -> None:
    del number, frame


@dataclass(slots=True)
class _Terminal:
    """The controlling terminal, which the command gets while this process's job is in the foreground.

    Attributes:
        descriptor: of the terminal.
        lent: whether the command has the terminal.
    """

    descriptor: int
    lent: bool = False

    def lend(self, group: int) -> None:
        """Make this process group the foreground job in place of the one of this process."""
        with suppress(OSError):
            if os.tcgetpgrp(self.descriptor) == os.getpgrp():
                os.tcsetpgrp(self.descriptor, group)
                self.lent = True

    def take_back(self) -> None:
        """Make the job of this process the foreground job again."""
        if self.lent:
            self.lent = False
            with suppress(OSError):
                os.tcsetpgrp(self.descriptor, os.getpgrp())


@contextmanager
def _terminal() -> Iterator[_Terminal | None]:
    """Open the terminal of this process; yields None if it has none."""
    try:
        descriptor = os.open("/dev/tty", os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        yield None
        return
    terminal = _Terminal(descriptor)
    try:
        yield terminal
    finally:
        terminal.take_back()
        os.close(descriptor)


@dataclass(slots=True)
class _Job:
    """The command while it runs.

    Attributes:
        group: its process id, which is that of its process group too.
        terminal: the terminal that it borrows.
        stopped_by: the first signal that asked to stop.
    """

    group: int
    terminal: _Terminal | None
    stopped_by: int | None = field(default=None, init=False)

    def wait(self, signals: frozenset[int]) -> int:
        """Pass on the signals until the command ends; return its status, as ``os.waitpid`` does."""
        self._lend_terminal()
        while True:
            number = signal.sigwait(signals)
            if number == signal.SIGCHLD:
                status = self._status()
                if status is not None:
                    return status
            elif number == signal.SIGCONT:
                self._resume()
            else:
                self._pass_on(number)

    def _status(self) -> int | None:
        """Return the status of the command if it has ended; if it has stopped, stop too."""
        pid, status = os.waitpid(self.group, os.WNOHANG | os.WUNTRACED)
        if pid and not os.WIFSTOPPED(status):
            return status
        if pid and self.terminal is not None:
            self._suspend(self.terminal, os.WSTOPSIG(status))
        return None

    def _pass_on(self, number: int) -> None:
        self._send(number, os.killpg if number in _FOR_GROUP else os.kill)
        if number in _STOPPING:
            self.stopped_by = self.stopped_by or number
            # A command that is stopped cannot end.
            self._send(signal.SIGCONT, os.killpg)

    def _send(self, number: int, send: Callable[[int, int], None]) -> None:
        # A command of another user, as by sudo, receives only the signals of its terminal.
        with suppress(ProcessLookupError, PermissionError):
            send(self.group, number)

    def _suspend(self, terminal: _Terminal, number: int) -> None:
        """Stop together with the command, so that the shell that started this process gets its terminal."""
        wants_terminal = number in _FOR_TERMINAL
        if wants_terminal and terminal.lent:
            # The command used the terminal before its group was in the foreground.
            self._send(signal.SIGCONT, os.killpg)
            return
        terminal.take_back()
        with _unblocked(signal.SIGTSTP):
            os.kill(0, signal.SIGTSTP)
        # The system does not stop a job that no shell could continue.
        if signal.SIGCONT not in signal.sigpending() and not wants_terminal:
            self._resume()

    def _resume(self) -> None:
        self._lend_terminal()
        self._send(signal.SIGCONT, os.killpg)

    def _lend_terminal(self) -> None:
        if self.terminal is not None:
            self.terminal.lend(self.group)
