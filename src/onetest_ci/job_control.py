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
_TAKEN: Final = _FOR_GROUP | _FOR_COMMAND | {signal.SIGCHLD, signal.SIGCONT}
# Without a handler some systems drop a blocked signal of this kind.
_IGNORED_BY_DEFAULT: Final = (signal.SIGCHLD, signal.SIGCONT, signal.SIGWINCH)
_FOR_TERMINAL: Final = frozenset({signal.SIGTTIN, signal.SIGTTOU})
# Python ignores these two, which the command must not inherit.
_IGNORED_BY_PYTHON: Final = (signal.SIGPIPE, signal.SIGXFSZ)


class JobEnd(NamedTuple):
    """How a command ended.

    Attributes:
        code: its exit code; if a signal ended it, the signal's number below zero.
        stopped_by: the first signal that asked this process to stop meanwhile.
    """

    code: int
    stopped_by: int | None


def run_job(command: tuple[str, ...], environ: Mapping[str, str]) -> JobEnd:
    """Run a command to its end.

    Raises:
        OSError: it cannot be started.
    """
    with _signals_blocked() as (taken, before), _terminal() as terminal:
        # Files that the caller left open stay open for the command, as make's job server needs it.
        group = os.posix_spawnp(
            command[0], command, environ, setpgroup=0, setsigmask=before, setsigdef=_IGNORED_BY_PYTHON
        )
        job = _Job(group, terminal)
        status = job.wait(taken)
        return JobEnd(os.waitstatus_to_exitcode(status), job.stopped_by or _pending(taken & _STOPPING))


def _pending(signals: frozenset[int]) -> int | None:
    """Take a signal that came after the command had ended: it asks to stop as one that came before."""
    return next((signal.sigwait({number}) for number in signal.sigpending() & signals), None)


@contextmanager
def _signals_blocked() -> Iterator[tuple[frozenset[int], set[int]]]:
    """Block the signals that are passed on; yields them, and the mask that was there before."""
    handlers = {
        number: signal.signal(number, _do_nothing) or signal.SIG_DFL for number in _IGNORED_BY_DEFAULT
    }
    # What a parent ignores, as nohup does with SIGHUP, the command ignores too.
    taken = frozenset(number for number in _TAKEN if signal.getsignal(number) != signal.SIG_IGN)
    before = signal.pthread_sigmask(signal.SIG_BLOCK, taken | _FOR_TERMINAL)
    try:
        yield taken, before
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        for number, handler in handlers.items():
            signal.signal(number, handler)


def _do_nothing(number: int, frame: object) -> None:
    del number, frame


@dataclass(slots=True)
class _Terminal:
    """The controlling terminal, lent to the command while this process's job is in the foreground.

    Attributes:
        descriptor: of the terminal.
        lent: whether the command has it.
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
        """Pass on the signals until the command ends; returns its status, as ``os.waitpid`` does."""
        self._lend_terminal()
        while True:
            number = signal.sigwait(signals)
            if number == signal.SIGCHLD:
                pid, status = os.waitpid(self.group, os.WNOHANG | os.WUNTRACED)
                if pid and not os.WIFSTOPPED(status):
                    return status
                if pid and self.terminal is not None:
                    self._suspend(self.terminal, os.WSTOPSIG(status))
            elif number == signal.SIGCONT:
                self._resume()
            else:
                self._pass_on(number)

    def _pass_on(self, number: int) -> None:
        self._send(number, os.killpg if number in _FOR_GROUP else os.kill)
        if number in _STOPPING:
            self.stopped_by = self.stopped_by or number
            # A command that is stopped cannot end.
            self._send(signal.SIGCONT, os.killpg)

    def _send(self, number: int, send: Callable[[int, int], None]) -> None:
        # A command of another user, as by sudo, gets only what its terminal sends.
        with suppress(ProcessLookupError, PermissionError):
            send(self.group, number)

    def _suspend(self, terminal: _Terminal, number: int) -> None:
        """Stop along with the command, so that the shell which started this process gets its terminal."""
        wants_terminal = number in _FOR_TERMINAL
        if wants_terminal and terminal.lent:
            # The command was quicker than its way into the foreground.
            self._send(signal.SIGCONT, os.killpg)
            return
        terminal.take_back()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTSTP})
        os.kill(0, signal.SIGTSTP)
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTSTP})
        # The system stops no job that no shell could continue.
        if signal.SIGCONT not in signal.sigpending() and not wants_terminal:
            self._resume()

    def _resume(self) -> None:
        self._lend_terminal()
        self._send(signal.SIGCONT, os.killpg)

    def _lend_terminal(self) -> None:
        if self.terminal is not None:
            self.terminal.lend(self.group)
